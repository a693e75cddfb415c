"""Verifying a home as a whole: the record itself, and every decision made again.

Rules: what the record shows is verified first; only where it holds are decisions replayed, and the
first that does not replay to the same answer is the fault. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence

from data.home import Home
from data.ledger import Ledger
from data.verify import Fault, verify
from schemas.entries import Checkpointed, HandedOn
from tasks.replay import replay
from tasks.replaying.comparison import Verdict
from tasks.replaying.past import Progress, silent

REPLAY = "replay"


def verify_and_replay(
    home: Home, checkpoints: Sequence[bytes] = (), progress: Progress = silent
) -> tuple[int, Fault | None]:
    """How many entries hold, and the first fault; `checkpoints` are those that somebody kept.

    `progress` is told how many decisions were replayed, and of how many.
    """
    held, fault = verify(home, blobs=True, checkpoints=checkpoints, acts=True)
    if fault:
        return held, fault
    for one in sorted(replay(home, every=True, progress=progress).every, key=lambda one: one.seq):
        if one.verdict not in (Verdict.SAME, Verdict.CRASH):
            return one.seq - 1, Fault(one.seq, REPLAY)
    return held, None


def uncovered(ledger: Ledger) -> int:
    """How many hand-offs no checkpoint on record covers: no receipt can be given for them."""
    entries = list(ledger.entries())
    largest = max((one.size for one in entries if isinstance(one, Checkpointed)), default=0)
    return sum(isinstance(one, HandedOn) for one in entries[largest:])
