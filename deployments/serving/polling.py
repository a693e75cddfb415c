"""A look at the ledger, taken where everything is loaded: what is new, and what is due.

Rules: the ledger is verified first, and nothing is announced or launched of one that does not
verify; what passes between the processes is plain data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.acts import Gate
from data.home import current_home
from data.ledger import Ledger
from tasks.announcing import events_of
from tasks.due import Launch, due_gates, launches_of, root_of
from tasks.gate.snapshot import Snapshot, snapshot_at, verified_here
from tasks.intake.inbox_folder import inbox_of, take_inbox
from tasks.intake.inbox_strays import set_aside
from tasks.places import Places


@dataclass(frozen=True)
class Wanted:
    """A launch, the jurisdiction on top of it, and its gates."""

    launch: Launch
    root: str

    @property
    def gates(self) -> tuple[Gate, ...]:
        """The gates that are to be decided."""
        return tuple((unit, self.launch.stage.value) for unit in self.launch.units)


@dataclass(frozen=True)
class View:
    """What a look found, up to the entry `head`; events as Prefect takes them."""

    head: int
    events: list[dict[str, Any]]
    wanted: list[Wanted]
    settled: tuple[Gate, ...]


def poll(*, announced: int, seen: Mapping[Gate, int], quiet: int, new_day: bool) -> View:
    """Look at the ledger of the current home; `announced` is the last entry that was announced.

    Raises:
        LedgerBroken: it does not verify.
    """
    home = current_home()
    ledger = Ledger(home.ledger)
    known = verified_here(home)
    history = known.history

    def facts() -> Snapshot:
        return snapshot_at(home, ledger, history, "cycle", history.reached.day())

    units = [unit for (unit,) in ledger.query("SELECT unit FROM units")]
    found = due_gates(history, units, facts, seen, quiet=quiet, new_day=new_day)
    places = Places(ledger)
    return View(
        history.seq,
        [
            event.model_dump(mode="json")
            for event in events_of(history.cycle, known.entries(ledger, announced))
        ],
        [Wanted(one, root_of(places, one.units[0])) for one in launches_of(places, found.due)],
        found.settled,
    )


def take() -> list[str]:
    """Take what waits in the inbox of the current home; returns what was set aside."""
    home = current_home()
    aside = set_aside(inbox_of(home))
    take_inbox(home)
    return aside
