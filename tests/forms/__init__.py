"""Cadre approval forms."""
