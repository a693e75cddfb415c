"""Histories: whatever officers, deliverers, clocks and crashes do, only gates that hold hand on."""

from __future__ import annotations

from hypothesis import Phase, settings

from tests.histories.machine import Histories

TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=2,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
)
