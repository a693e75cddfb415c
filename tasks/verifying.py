"""Verifying a home beyond its record: decisions and acts again, and what no checkpoint covers.

Rules: only a record that verifies is replayed; the first decision or act that does not replay to
the same answer is the fault. Nothing is written.
"""

from __future__ import annotations

from data.home import Home
from data.ledger import Ledger
from data.verify import Fault
from schemas.entries import Checkpointed, HandedOn
from tasks.replay import replay
from tasks.replaying.comparison import Verdict
from tasks.replaying.past import Progress, silent

REPLAY = "replay"


def replay_fault(home: Home, progress: Progress = silent) -> Fault | None:
    """The first decision or act of a record that holds which does not replay to the same answer.

    Raises:
        OtherRelease: the cycle is one of an earlier release, which cannot be replayed.
    """
    made = replay(home.of_this_release(), every=True, progress=progress)
    odd = [one.seq for one in made.every if one.verdict not in (Verdict.SAME, Verdict.CRASH)]
    odd += [one.seq for one in made.acts if one.verdict is not Verdict.SAME]
    return Fault(min(odd), REPLAY) if odd else None


def uncovered(ledger: Ledger) -> int:
    """How many hand-offs no checkpoint on record covers: no receipt can be given for them."""
    entries = list(ledger.entries())
    largest = max((one.size for one in entries if isinstance(one, Checkpointed)), default=0)
    return sum(isinstance(one, HandedOn) for one in entries[largest:])
