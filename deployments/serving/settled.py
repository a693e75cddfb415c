"""Loaded last in the process that is copied for each run: what is loaded stays shared."""

from __future__ import annotations

from deployments.serving.warm import settle

settle()
