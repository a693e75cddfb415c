"""Histories: whatever officers, deliverers, clocks and crashes do, only gates that hold hand on."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings

from tests.histories.machine import Histories
from tests.support.marks import of_all

TestHistories = pytest.mark.reduced("a history takes ten seconds")(Histories.TestCase)
TestHistories.settings = settings(
    max_examples=of_all(2, 6),
    stateful_step_count=of_all(10, 20),
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
)
