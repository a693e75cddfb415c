"""What must hold after an interruption, and after the same action is run again."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from data.home import Home
from data.verify import verify
from schemas.refusals import ActRefused
from tests.crash import interrupt
from tests.crash.actions import Action
from tests.crash.interrupt import KILL, Ending, Point
from tests.support import cycle

# An action that was recorded and not acknowledged may be refused the second time.
DONE_BEFORE = {"already-signed", "already-refused", "awaits-voucher"}


@dataclass(frozen=True)
class State:
    """What a home says: entries by kind, outcome of each gate, what was handed on."""

    kinds: tuple[tuple[str, int], ...]
    outcomes: tuple[tuple[tuple[str, str], str], ...]
    handed_on: tuple[tuple[tuple[str, str], str], ...]


def state_of(home: Home) -> State:
    """The state of a home; refused attempts are left out."""
    kinds = Counter(entry["kind"] for entry in cycle.entries(home))
    kinds.pop("attempted", None)
    outcomes = {gate: outcome for gate, (outcome, _) in cycle.decisions(home).items()}
    return State(
        tuple(sorted(kinds.items())),
        tuple(sorted(outcomes.items())),
        tuple(sorted(cycle.handed_on(home).items())),
    )


class Stand:
    """One action with everything to interrupt it many times: homes before and after."""

    def __init__(self, action: Action, folder: Path) -> None:
        self.action = action
        self.folder = folder
        (folder / "before").mkdir(parents=True)
        self.before = action.prepare(folder / "before" / "home")
        self.first = state_of(self.before)
        done = self._copy("done")
        action.do(done)
        self.last = state_of(done)
        traced = self._copy("traced")
        trace = folder / "trace"
        ending = interrupt.run(action, traced, trace, None, KILL)
        if ending.acknowledged is None or state_of(traced) != self.last:
            raise AssertionError(f"{action.name}: not the same when traced: {ending}")
        self.points = interrupt.points(trace, traced)

    def _copy(self, name: str) -> Home:
        target = self.folder / name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.folder / "before", target)
        return Home(target / "home")

    def interrupted(self, point: Point, fault: str = KILL) -> Ending:
        """Interrupt the action at a point and hold everything that must hold after it."""
        home = self._copy("interrupted")
        # Another ledger stood there before, which this process may have verified.
        cycle.forget()
        ending = interrupt.run(self.action, home, self.folder / "trace-of-one", point, fault)
        where = f"{self.action.name} {point} {fault}: {ending}"
        entries, broken = verify(home, blobs=True)
        assert broken is None, f"{where}: {broken} after {entries} entries"
        now = state_of(home)
        if ending.acknowledged is not None:
            assert now == self.last, f"{where}: acknowledged and not done"
        elif self.action.kind:
            assert now in (self.first, self.last), f"{where}: half done"
        if fault != KILL:
            assert not ending.killed, where
            assert ending.acknowledged is not None or ending.told, where
        self._again(home, where, already=now == self.last)
        return ending

    def _again(self, home: Home, where: str, *, already: bool) -> None:
        """The same action again ends where one without a fault ends, and does nothing twice."""
        if self.action.kind == "submitted" and already:
            return
        refused = _refused(self.action, home)
        assert refused is None or (already and refused in DONE_BEFORE), f"{where}: {refused}"
        entries, broken = verify(home, blobs=True)
        assert broken is None, f"{where}, run again: {broken} after {entries} entries"
        if not (already and self.action.kind == "waived"):
            assert state_of(home) == self.last, f"{where}: ends otherwise when run again"


def _refused(action: Action, home: Home) -> str | None:
    """The code with which an action is refused, if it is."""
    try:
        action.do(home)
    except ActRefused as refused:
        return refused.code
    return None
