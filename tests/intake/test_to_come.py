"""What is said to have happened on a day that has not come is rejected; a plan is not."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from data.days import DayRefused
from schemas.registers import REGISTERS
from schemas.vocabulary import Stage
from tasks.gate.snapshot import open_snapshot
from tasks.intake.sets import check_set
from tests.generator.base import Row
from tests.support import cycle
from tests.support.cycle import delivery
from tests.support.stages import run_stage

ON, DAY = cycle.ON, timedelta(days=1)
# Days that are set before they come: what the calendar plans, how long a notice or a sanction runs,
# from when a measure takes effect, until when a relative holds an office.
AHEAD = {
    ("calendar", "plan_on"), ("calendar", "nomination_on"), ("calendar", "vetting_on"),
    ("calendar", "election_day"), ("calendar", "deputies_elected_on"),
    ("calendar", "credentials_on"), ("calendar", "session_opens_on"),
    ("calendar", "session_closes_on"), ("public_notices", "closed_on"), ("sanctions", "ends_on"),
    ("sessions", "voted_on"), ("violations", "effective_on"), ("kin_offices", "leaves_on"),
}  # fmt: skip
DATES = {
    (name, spec.name)
    for name, register in REGISTERS.items()
    for spec in register.columns
    if spec.kind is date
}


def row_of(register: str) -> Row:
    """A row of the register, all of whose days have come."""
    rows = cycle.small_rows().get(register) or [
        {spec.name: spec.column.example for spec in REGISTERS[register].columns}
    ]
    return dict(rows[0])


@pytest.mark.parametrize(("register", "column"), sorted(DATES))
def test_a_day_to_come_is_rejected_where_something_happened_on_it(
    register: str, column: str
) -> None:
    """On the day itself it is taken; of several columns each is named."""
    for day, wrong in ((ON, False), (ON + DAY, (register, column) not in AHEAD)):
        row = {name: None if value is None else value for name, value in row_of(register).items()}
        for name, other in DATES:
            if name == register:
                row[other] = ON if row.get(other) else None
        row[column] = day
        found = check_set({register: delivery(register, [row])}, on=ON)[register]
        named = [one for one in found.rejections if str(ON) in one.render()]
        assert [one.column for one in named] == [column] * wrong
        assert (found.accepted == 0) or not wrong


def test_a_report_of_2099_is_a_bad_cell_with_row_column_value_and_what_to_do(
    tmp_path: Path,
) -> None:
    home = cycle.small_home(tmp_path / "home")
    report = {**row_of("reports"), "report": "r-2099", "received_on": date(2099, 1, 1),
              "accepted_on": None, "closed_on": None}  # fmt: skip
    good = {**report, "report": "r-2016", "received_on": ON}
    receipt = cycle.deliver(home, "reports", [report, good])
    assert (receipt.accepted, receipt.rejected) == (1, 1)
    said = receipt.first or ""
    assert all(part in said for part in ("2099-01-01", str(ON), "received_on", "mend"))
    assert receipt.quarantine


def test_no_day_can_be_chosen_that_leaves_out_a_report_on_record(tmp_path: Path) -> None:
    """A report of 10 January on record was passed over by deciding as of 31 December."""
    home, late = cycle.small_home(tmp_path / "home"), date(2017, 1, 10)
    report = {**row_of("reports"), "report": "r-late", "received_on": late, "accepted_on": None,
              "closed_on": None}  # fmt: skip
    assert cycle.deliver(home, "reports", [report]).rejected == 1
    assert cycle.deliver(home, "reports", [report], day=late).accepted == 1
    for on in (ON, late - DAY):
        with pytest.raises(DayRefused, match="do not go back"):
            run_stage(home, Stage.INSPECTION, "cycle", on)
    assert open_snapshot(home, "cycle").on == late


def test_a_book_is_held_to_the_day_on_which_the_cycle_begins(tmp_path: Path) -> None:
    rows = cycle.small_rows()
    first, *_, last = sorted(date.fromisoformat(str(row["held_on"])) for row in rows["talks"])
    early = last - DAY
    assert first <= early
    with pytest.raises(ValueError, match="has not come"):
        cycle.open_home(tmp_path / "home", rows, historical=early)
