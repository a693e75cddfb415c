"""The history that one process verified, gone on with in its own memory.

Rules: what is gone on from was verified here, in this process, and nobody's word for it counts; a
process that begins verifies everything. The hash of every entry is kept: each time the ledger is
opened again all bytes are hashed and compared with what was verified, and only what follows is
read and followed. An entry that is another one by now is a fault for as long as the process lives,
however well the ledger verifies with it; so is one that is gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from data.acts import KEY_KINDS
from data.history import History
from data.home import Home
from data.ledger import GENESIS, Ledger, LedgerBroken, Reader, checked_entry
from data.verify_acts import Folded
from data.verify_chain import UNREADABLE, Chain, Content, Fault, head_fault, no_collecting
from data.verify_days import Days, day_fault
from data.verify_state import State, state_fault
from schemas.entries import Entry, EntryError, entry_of
from schemas.text import Unanswered

Rows = Sequence[tuple[int, str, bytes]]

# So many entries are read before they are followed and let go of: decisions are long, and all of
# them at once are far more than what is known of them in the end.
TOGETHER = 256


def typed(contents: Sequence[Content]) -> tuple[list[Entry], Fault | None]:
    """The entries that were written, up to the first that this version does not write."""
    entries: list[Entry] = []
    for content in contents:
        try:
            entries.append(entry_of(content))
        except EntryError:
            return entries, Fault(content["seq"], "form")
    return entries, None


class Verified:
    """The entries of a ledger that were verified: their hashes, and what follows from them."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.state = State()
        self.keys = Folded("")
        self.history = History()

    def copy(self) -> Verified:
        """The same, to be followed on its own."""
        made = Verified()
        made.names = list(self.names)
        made.state, made.keys = self.state.copy(), self.keys.copy()
        made.history = self.history.copy()
        return made

    @property
    def last(self) -> str:
        """The hash that the next entry must name."""
        return self.names[-1] if self.names else GENESIS

    def take(self, rows: Rows) -> Fault | None:
        """Verify the chain of the rows that follow, and follow them; if it breaks, none of them."""
        chain = Chain(after=(len(self.names), self.last))
        fault = next((fault for row in rows if (fault := chain.take(*row))), None)
        entries, odd = typed(chain.entries)
        reached = self.history.reached
        days = Days(reached.historical, reached.on)
        fault = fault or odd or day_fault(chain.entries, days)
        if fault is None:
            self.names += [name for _, name, _ in rows]
            for entry, content in zip(entries, chain.entries, strict=True):
                self._follow(entry, content)
        return fault

    def _follow(self, entry: Entry, content: Content) -> None:
        if not self.history.cycle:
            self.history.cycle = self.names[0]
            self.keys = Folded(self.names[0])
        self.state.take(entry)
        self.keys.follow(content, entry.seq, KEY_KINDS)
        if self.keys.fault is None:
            self.history.take(entry)

    def follow(self, reader: Reader) -> None:
        """Verify and follow what was recorded since.

        Raises:
            LedgerBroken: it does not go on from here, or an act on a key does not hold.
        """
        rows = reader.query(
            "SELECT seq, hash, body FROM entries WHERE seq > ? ORDER BY seq", len(self.names)
        )
        fault = self.take(rows) or self.keys.fault or self.keys.unfinished
        if fault:
            raise LedgerBroken(fault.seq, fault.fault)

    def entries(self, reader: Reader, since: int, until: int | None = None) -> list[Entry]:
        """The entries after `since` (up to `until`), as they were verified.

        Raises:
            LedgerBroken: one of them is another by now, or gone.
        """
        last = len(self.names) if until is None else until
        rows = reader.query(
            "SELECT seq, body FROM entries WHERE seq > ? AND seq <= ? ORDER BY seq", since, last
        )
        found = [checked_entry(seq, self.names[seq - 1], bytes(body)) for seq, body in rows]
        if len(found) != max(last - since, 0):
            raise LedgerBroken(since + 1, "removed")
        return found

    def first_other(self, rows: Rows) -> int:
        """The number of the first entry that is not the one that was verified, 0 for none."""
        for seq, (name, row) in enumerate(zip(self.names, rows, strict=False), start=1):
            if row[:2] != (seq, name) or hashlib.sha256(row[2]).hexdigest() != name:
                return seq
        return len(rows) + 1 if len(rows) < len(self.names) else 0


def verified(home: Home, known: Verified | None = None) -> Verified:
    """Everything that a ledger says, verified: chain, state, who has which key, who delivered.

    Args:
        home: the home.
        known: what this process verified of it before; it stays as it is.

    Raises:
        LedgerBroken: something does not hold, or is not what was verified before.
    """
    try:
        # One moment for all of it: what is written meanwhile is no fault.
        with no_collecting(), Ledger(home.ledger).reading() as reader:
            found, fault = _gone_on(reader, known)
    except Unanswered:
        # Nobody looked, so nobody found fault; it holds no more than what fails.
        raise
    except Exception:
        # Whatever a verifier stumbles over is a fault: one that throws can be silenced.
        found, fault = Verified(), UNREADABLE
    if fault:
        raise LedgerBroken(fault.seq, fault.fault)
    return found


def _gone_on(reader: Reader, known: Verified | None) -> tuple[Verified, Fault | None]:
    heads = reader.query("SELECT seq, hash FROM head")
    rows = reader.query("SELECT seq, hash, body FROM entries ORDER BY seq")
    # Another cycle in the same place is not known here.
    if known is None or not rows or rows[0][1] != known.names[0]:
        known = Verified()
    other = known.first_other(rows)
    # Where one is another, or does not follow, the whole says best what is wrong.
    found = Verified() if other else known.copy()
    fresh = range(len(found.names), len(rows), TOGETHER)
    broken = any(found.take(rows[first : first + TOGETHER]) for first in fresh)
    found = Verified() if broken else found
    fault = (
        (found.take(rows) if broken else None)
        or head_fault(heads[0] if heads else None, len(found.names), found.last)
        or state_fault(reader, found.state)
        or found.keys.fault
        or found.keys.unfinished
    )
    if fault is None and other:
        fault = Fault(other, "changed" if other <= len(rows) else "removed")
    return found, fault
