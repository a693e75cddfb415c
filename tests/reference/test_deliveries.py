"""The days of the cycle: each brings what is known by then, and together they bring the book."""

from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from schemas.registers import REGISTERS
from tests.generator import Row
from tests.generator.book import shown
from tests.generator.deliveries import DELIVERED, DELIVERED_BY, Key, deliveries, key_of
from tests.generator.faults.fault import deliverers, known_with
from tests.reference.record import days, facts_on, on_record, rows_of
from tests.support import reference
from tests.support.tree import ROOT

DAYS = ROOT / "data" / "reference" / "days"
FAULTS = reference.listed()


def test_it_begins_in_august_and_ends_in_january() -> None:
    assert len(DELIVERED) >= 12
    assert list(DELIVERED) == sorted(set(DELIVERED))
    assert (DELIVERED[0] < date(2016, 9, 1), DELIVERED[-1] > date(2016, 12, 31)) == (True, True)


def test_all_days_together_bring_the_rows_of_the_book() -> None:
    brought: dict[Key, Row] = {}
    for come in days().values():
        brought |= dict(rows_of(come))
    assert brought == dict(rows_of(reference.with_faults()))


def test_without_a_fault_they_bring_the_clean_cycle() -> None:
    brought: dict[Key, Row] = {}
    for come in deliveries(reference.clean(), known_with(reference.clean(), ())).values():
        brought |= dict(rows_of(come))
    assert brought == dict(rows_of(reference.clean()))


def test_after_all_mends_the_record_is_the_mended_cycle() -> None:
    assert on_record()[DELIVERED[-1]] == dict(rows_of(reference.after_mends()))


def test_nothing_claims_a_day_that_has_not_come() -> None:
    later = [
        (day, name, spec.name)
        for day, come in days().items()
        for name, table in come.items()
        for spec in REGISTERS[name].columns
        if spec.kind is date and spec.happened
        for row in table
        if isinstance(value := row[spec.name], date) and value > day
    ]
    assert later == []


def test_what_a_row_refers_to_is_there_by_then() -> None:
    known: dict[str, set[object]] = {name: set() for name in REGISTERS}
    lacking = []
    for day, come in days().items():
        for name, table in come.items():
            known[name] |= {row[REGISTERS[name].key[0]] for row in table}
        for name, table in come.items():
            for column, target in REGISTERS[name].references.items():
                pointed = {row[column] for row in table} - known[target] - {None}
                lacking += [(day, name, column)] * bool(pointed)
    assert lacking == []


def test_what_is_not_known_yet_stands_empty_until_it_is() -> None:
    """The report about the city's government: received on 12-28, settled on 12-31."""
    told = [
        (day, row["closed_on"])
        for day, come in days().items()
        for row in come.get("reports", ())
        if row["unit"] == "640300-government" and row["received_on"] == date(2016, 12, 28)
    ]
    assert told == [(date(2016, 12, 30), None), (date(2017, 1, 3), date(2016, 12, 31))]


def test_whoever_was_struck_off_stood_as_proposed_before() -> None:
    excluded = next(
        row["candidate"] for row in reference.clean()["candidates"] if row["status"] == "excluded"
    )
    told = [
        row["status"]
        for come in days().values()
        for row in come.get("candidates", ())
        if row["candidate"] == excluded
    ]
    assert told == ["proposed", "excluded"]


def test_a_mend_comes_later_and_claims_no_day_to_come() -> None:
    for fault in FAULTS:
        assert {fault.shows, fault.mended} <= set(DELIVERED)
        assert fault.shows < fault.mended, fault.id
        said = [
            value
            for row in fault.mend
            for name, value in row.items()
            if isinstance(value, date) and REGISTERS[fault.register].column[name].happened
        ]
        assert max(said, default=fault.mended) <= fault.mended, fault.id


def test_what_was_mended_does_not_come_again() -> None:
    for fault in FAULTS:
        keys = {key_of(fault.register, row) for row in fault.mend}
        after = [
            day
            for day, come in days().items()
            if day > fault.mended
            and any(key_of(fault.register, row) in keys for row in come.get(fault.register, ()))
        ]
        assert after == [], fault.id


@pytest.mark.parametrize("day", DELIVERED, ids=str)
def test_faults_show_on_their_day_and_are_gone_when_mended(day: date) -> None:
    """Each gives its finding on the evening of its day, and no more on that of its mend."""
    seen = facts_on(day)
    for check in reference.checks():
        mine = [one for one in FAULTS if one.check == check.rule.code]
        shown_now = [one for one in mine if one.shows == day]
        gone = [one for one in mine if one.mended == day]
        if not shown_now and not gone:
            continue
        units = {unit for one in (*shown_now, *gone) for unit in one.units}
        found = reference.closed(check, seen.within(units))
        for one in shown_now:
            told = {found.get((one.check, unit, one.subject)) for unit in one.units}
            assert told == {(one.status, one.reason)}, one.id
        for one in gone:
            assert all((one.check, unit, one.subject) not in found for unit in one.units), one.id


def test_there_is_a_workbook_for_each_day_that_brings_rows() -> None:
    kept = sorted(path.stem for path in DAYS.glob("*.xlsx"))
    assert kept == [str(day) for day, come in days().items() if come]


@pytest.mark.parametrize("path", sorted(DAYS.glob("*.xlsx")), ids=lambda path: path.stem)
def test_a_workbook_is_as_made(path: Path) -> None:
    book = CalamineWorkbook.from_path(path)
    come = days()[date.fromisoformat(path.stem)]
    assert book.sheet_names == [REGISTERS[name].title.zh for name in REGISTERS if name in come]
    for name, table in come.items():
        columns = REGISTERS[name].columns
        cells = book.get_sheet_by_name(REGISTERS[name].title.zh).to_python(skip_empty_area=False)
        read = [[*row, *[""] * (len(columns) - len(row))] for row in cells[1:]]
        made = [[_cell(shown(spec, row[spec.name])) for spec in columns] for row in table]
        assert read == made, name


def _cell(value: str | int | date | None) -> str | float | date:
    """A value as the reader gives it back."""
    if value is None:
        return ""
    return float(value) if isinstance(value, int) else value


def test_who_delivers_signs_nothing() -> None:
    from data.policies import read_pack
    from tests.generator import signers

    rows = reference.clean()
    delivering = deliverers(FAULTS)
    chosen = signers(read_pack(reference.PACK), rows, delivering)
    assert DELIVERED_BY in delivering
    assert delivering.isdisjoint(chosen)
    # Who signs is known on the first day, before there are candidates.
    early = {**rows, "candidates": [], "kin": []}
    assert signers(read_pack(reference.PACK), early, delivering) == chosen
