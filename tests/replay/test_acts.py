"""Acts that a replay judges again, and cannot read; those it names are in `tests.forgeries`."""

from __future__ import annotations

from pathlib import Path

from tasks.replaying.acts import judged
from tasks.replaying.comparison import Verdict
from tasks.replaying.past import chronicle_of
from tests.authority.scene import case_of, meeting
from tests.support import cycle


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    case = case_of("short", tmp_path / "home")
    case.deliver("measures", meeting(1))
    entry = cycle.entries(case.home, "submitted")[-1]
    (case.home.blobs / entry["blob"][:2] / entry["blob"][2:]).unlink()
    found = [one for one in judged(chronicle_of(case.home)) if one.verdict is not Verdict.SAME]
    # Whoever delivered afterwards would be looked for on the registers, which are read as they are.
    assert [(one.seq, one.verdict) for one in found] == [(entry["seq"] - 1, Verdict.ERASED)]
