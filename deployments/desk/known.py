"""What a desk knows of its cycle: worked out from the record, once for each last entry.

Rules: whatever is asked after something was recorded is worked out anew; nothing here is believed
when an act is judged.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from data.acts import Gate, Key, Keyring
from data.history import History
from data.home import Home
from data.ledger import Ledger
from data.memory import Memory
from data.status import unit_names
from data.verified import Verified, verified
from schemas.entries import GateAct, Objected, Proposed, Waived, Withdrawn
from schemas.text import Language, Text, language
from schemas.vocabulary import Stage
from tasks.officers.pending import PendingSignatures

if TYPE_CHECKING:
    from tasks.asklists.lists import AskList
    from tasks.changes import Change, Raising, Versions
    from tasks.deadlines import Deadline
    from tasks.export.columns import Row
    from tasks.gate.approvals import Authority
    from tasks.gate.snapshot import Snapshot
    from tasks.officers.asking import Judge

BUNDLE = "bundle"
# What the history is exported as, and how the name of its file ends.
EXPORTS = {"html": ".html", "xlsx": ".xlsx", "sqlite": ".sqlite", BUNDLE: ".bundle"}

# Of so many objections it is remembered what raised them, of so many acts what changed since.
REMEMBERED = 64

Found = TypeVar("Found")


@dataclass
class _Answer:
    """What is asked for by several threads, and worked out by one of them."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    known: bool = False
    found: Any = None


class Known:
    """The record of a home as it stands, and what follows from it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.ledger = Ledger(home.ledger)
        self._verified: Verified | None = None
        self._following = threading.Lock()
        self.exporting: dict[tuple[str, Language], tuple[Text, int, int]] = {}
        self._answers: tuple[object, dict[Hashable, _Answer]] = (None, {})
        self._facts: tuple[object, Snapshot | None] = (None, None)
        self._since: Memory[tuple[int, str, str], Versions] = Memory(REMEMBERED)
        self._raised: Memory[int, tuple[Versions, Sequence[Raising]]] = Memory(REMEMBERED)

    def head(self) -> int:
        """The number of the last entry."""
        return self._head()[0]

    def _head(self) -> tuple[int, str]:
        rows = self.ledger.query("SELECT seq, hash FROM head")
        return (int(rows[0][0]), str(rows[0][1])) if rows else (0, "")

    def _once(self, asked: Hashable, answer: Callable[[], Found]) -> Found:
        head = self._head()
        # Requests are answered in threads of their own: each looks at one pair.
        known = self._answers
        if known[0] != head:
            self._answers = known = (head, {})
        held = known[1].setdefault(asked, _Answer())
        # Every open page asks at once when something was recorded.
        with held.lock:
            if not held.known:
                held.found, held.known = answer(), True
        found: Found = held.found
        return found

    @property
    def history(self) -> History:
        """All that the ledger says: verified whole when it is first asked for, then followed."""
        return self._once("history", self._followed)

    def _followed(self) -> History:
        with self._following, self.ledger.reading() as reader:
            if self._verified is None:
                self._verified = verified(self.home)
            last = len(self._verified.names)
            # The last that was followed is there, and what it was.
            self._verified.entries(reader, last - 1)
            self._verified.follow(reader)
            return self._verified.history.copy()

    @property
    def keys(self) -> Keyring:
        """Every key on record."""
        return self.history.acts.keys

    @property
    def names(self) -> Mapping[str, Text]:
        """What people call the units."""
        return self._once("names", lambda: unit_names(self.ledger))

    @property
    def waiting(self) -> Mapping[int, Proposed]:
        """The deliveries that wait for a confirmation, by their entries."""
        return self.history.waiting

    @property
    def pending(self) -> PendingSignatures:
        """The gates that wait for signatures."""
        history = self.history

        def made() -> PendingSignatures:
            found = PendingSignatures(self.home, history)
            # Worked out while the record is as it was read.
            _ = found.gates
            return found

        return self._once("pending", made)

    @property
    def facts(self) -> Snapshot:
        """The facts of the whole cycle, on the day of what is done now; needs pandas."""
        from tasks.gate.snapshot import snapshot_at

        def made() -> Snapshot:
            history, (of, last) = self.history, self._facts
            rests_on = (len(history.deliveries), history.packs.held[-1].seq, day)
            # What was read of the registers is that of the same deliveries.
            found = (
                replace(last, history=history)
                if last and of == rests_on
                else snapshot_at(self.home, self.ledger, history, "cycle", day)
            )
            self._facts = rests_on, found
            return found

        day = self.ledger.day()
        return self._once(("facts", day), made)

    def _authority(self, facts: Snapshot, unit: str, stage: Stage) -> Authority:
        """What is said about a unit's gate; for all that wait it is worked out at once."""
        from tasks.gate.approvals import Authority

        many = {one.unit.unit for one in self.pending.gates if one.stage is stage}
        units = frozenset(many if unit in many else {unit})
        # Something may be recorded while somebody asks: each answer is kept for its own moment.
        asked = ("authority", facts.history.seq, facts.on, stage, units)
        return self._once(asked, lambda: Authority(facts.within(set(units)), stage))

    def judge(self, mine: Key) -> Judge:
        """What the officer of a key may do now, and why not; needs pandas."""
        from tasks.officers.asking import Judge

        facts = self.facts
        asked = ("judge", facts.history.seq, facts.on, mine)
        return self._once(asked, lambda: Judge(facts, mine, partial(self._authority, facts)))

    @property
    def unready(self) -> Mapping[Gate, str]:
        """Each gate that waits → why nobody can sign it now, or nothing; needs pandas."""
        from tasks.officers.gates import unready

        facts = self.facts

        def made() -> dict[Gate, str]:
            waiting: dict[Stage, list[str]] = {}
            for one in self.pending.gates:
                waiting.setdefault(one.stage, []).append(one.unit.unit)
            found: dict[Gate, str] = {}
            for stage, units in waiting.items():
                authority = self._authority(facts, units[0], stage)
                found |= {(unit, stage.value): unready(authority, unit) for unit in units}
            return found

        return self._once(("unready", facts.history.seq, facts.on), made)

    def since(self, act: GateAct) -> Versions:
        """A gate's evidence when somebody signed about it, and now; needs pandas."""
        from tasks.changes import since

        facts = self.facts
        asked = act.seq, facts.content, facts.pack.digest
        found = self._since.get(asked)
        if found is None:
            found = since(facts, act)
            self._since.keep(asked, found)
        return found

    def changes(self, acts: Sequence[GateAct]) -> dict[int, list[Change]]:
        """Entry of an act about a gate → what changed of its evidence since."""
        return {act.seq: self.since(act).changes for act in acts}

    def raising(self, one: Objected) -> tuple[Versions, Sequence[Raising]]:
        """What raised an objection, which is what it was for good; needs pandas."""
        from tasks.changes import raising

        found = self._raised.get(one.seq)
        if found is None:
            facts = self.facts
            found = raising(facts, one)
            # What raised one that came since the facts were read is among what they lack.
            if one.seq <= facts.history.seq:
                self._raised.keep(one.seq, found)
        return found

    def raised(self, objections: Sequence[Objected]) -> dict[int, Sequence[Raising]]:
        """Entry of an objection → the rows that raised it."""
        return {one.seq: self.raising(one)[1] for one in objections}

    @property
    def waivers(self) -> Sequence[Row]:
        """The signatures under waivers that are in force; needs pandas."""
        from tasks.export.history import acts_on_record
        from tasks.export.rows import waivers

        history = self.history

        def made() -> list[Row]:
            record = acts_on_record(self.home, history, Waived.kind, Withdrawn.kind)
            return [row for row in waivers(record) if row["state"] == "counts"]

        return self._once("waivers", made)

    def export(self, kind: str) -> bytes:
        """The history in a format, in the reader's language, without the texts of reasons.

        How far it is stands in `exporting` while it is made.

        Raises:
            LedgerBroken: the ledger does not hold.
        """
        from data.bundle import bundle_bytes
        from tasks.export import content_of
        from tasks.export.history import read_record

        asked = kind, language()

        def report(what: Text, done: int, of: int) -> None:
            self.exporting[asked] = what, done, of

        def made() -> bytes:
            if kind == BUNDLE:
                return bundle_bytes(self.home)[0]
            try:
                record = read_record(self.home, reasons=False, progress=report)
                return content_of(record, kind, language(), report)
            finally:
                self.exporting.pop(asked, None)

        return self._once(("export", kind, language()), made)

    def lists(self, place: str) -> Sequence[AskList]:
        """What is asked for in a place and below, by county and organ."""
        from tasks.asklists.lists import ask_lists
        from tasks.gate.snapshot import scoped_units

        facts = self.facts

        def made() -> list[AskList]:
            return ask_lists(facts.within(scoped_units(facts.facts, place)), (), ())

        return self._once(("lists", facts.on, place), made)

    @property
    def deadlines(self) -> Sequence[Deadline]:
        """What must be done by a day and is not yet."""
        from tasks.deadlines import deadlines

        facts = self.facts
        return self._once(("deadlines", facts.on), lambda: deadlines(facts))
