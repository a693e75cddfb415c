"""The watch without Prefect: what is due is decided at once, until nothing is."""

from collections.abc import Mapping
from datetime import date

from data.acts import Gate
from data.history import history_of
from data.home import Home
from data.ledger import Ledger
from data.verify import verified_entries
from tasks.due import DueGates, Launch, due_gates, launches_of
from tasks.gate.snapshot import Snapshot, snapshot_at
from tasks.places import Places
from tests.support import cycle

# A unit passes five gates, and each may be looked at twice.
MOST_ROUNDS = 12


def look(
    home: Home,
    seen: Mapping[Gate, int] | None = None,
    *,
    quiet: int = 0,
    new_day: bool = False,
    on: date = cycle.ON,
) -> DueGates:
    """What is due in a home."""
    entries, fault = verified_entries(home)
    assert fault is None
    ledger = Ledger(home.ledger)
    history = history_of(ledger.cycle(), entries)

    def facts() -> Snapshot:
        return snapshot_at(home, ledger, history, "cycle", on)

    units = [unit for (unit,) in ledger.query("SELECT unit FROM units")]
    return due_gates(history, units, facts, seen or {}, quiet=quiet, new_day=new_day)


def launches(home: Home, looked: DueGates) -> list[Launch]:
    """What would be launched."""
    return launches_of(Places(Ledger(home.ledger)), looked.due)


def due(home: Home) -> dict[Gate, str]:
    """Gate → why it is due, for a watch that remembers nothing."""
    return {(one.unit, one.stage.value): one.cause for one in look(home).due}


def head(home: Home) -> int:
    """The number of the last entry."""
    return int(Ledger(home.ledger).query("SELECT seq FROM head")[0][0])


def settle(home: Home, *, quiet: int = 0, new_day: bool = False) -> list[Launch]:
    """Launch what is due until nothing is; returns every launch in its order."""
    seen: dict[Gate, int] = {}
    done: list[Launch] = []
    for _ in range(MOST_ROUNDS):
        at = head(home)
        found = look(home, seen, quiet=quiet, new_day=new_day)
        seen |= dict.fromkeys(found.settled, at)
        wanted = launches(home, found)
        if not wanted:
            return done
        for one in wanted:
            cycle.launch(home, one.stage.value, one.scope)
            seen |= {(unit, one.stage.value): at for unit in one.units}
        done += wanted
    raise AssertionError(f"still due after {MOST_ROUNDS} rounds: {done[-1]}")
