"""What is on record in the evening of each day of the reference cycle, mends included."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from schemas.facts import Facts, facts_of
from schemas.registers import REGISTERS
from schemas.tables import Tables, frame_of
from tests.generator import Row, Rows
from tests.generator.deliveries import Key, key_of
from tests.generator.faults.fault import lived
from tests.support import reference


@cache
def days() -> dict[date, Rows]:
    """What comes on each day."""
    return lived(reference.clean(), reference.listed())


def rows_of(come: Rows) -> Iterator[tuple[Key, Row]]:
    """The rows of all registers by their keys."""
    return ((key_of(name, row), row) for name, table in come.items() for row in table)


@cache
def on_record() -> dict[date, dict[Key, Row]]:
    """The rows on record in the evening of each day."""
    found: dict[date, dict[Key, Row]] = {}
    state: dict[Key, Row] = {}
    for day, come in days().items():
        state = {**state, **dict(rows_of(come))}
        for fault in reference.listed():
            for row in fault.mend if fault.mended == day else ():
                key = key_of(fault.register, row)
                if fault.withdraw:
                    del state[key]
                else:
                    state[key] = row
        found[day] = state
    return found


@cache
def facts_on(day: date) -> Facts:
    """The facts of all units in the evening of a day."""
    rows: Rows = {name: [] for name in REGISTERS}
    for (name, _), row in on_record()[day].items():
        rows[name].append(row)
    return facts_of(Tables(lambda name, _: frame_of(name, rows[name])), day)
