"""Every bound of intake, from both sides: what lies on it is taken, what lies beyond is not."""

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

from schemas.columns import (
    JURISDICTION_PATTERN,
    Column,
    JurisdictionCode,
    Row,
    Whole,
    columns_of,
    count,
)
from schemas.registers import REGISTERS
from schemas.text import Text
from tasks.intake import package, raw
from tasks.intake import reasons as r
from tasks.intake.cells import Cell, CellReader, delivered_text
from tasks.intake.characters import Problem
from tasks.intake.delivery import Delivery
from tasks.intake.reading import read_register
from tasks.intake.refusal import Refused, shown
from tasks.intake.sets import check_set
from tests.intake.files import (
    csv_file,
    csv_table,
    csv_text,
    edited,
    good_row,
    good_rows,
    sheet_table,
    workbook,
)

SHEET = "xl/worksheets/sheet1.xml"


def bounds_of(*names: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Register, column and its JSON Schema, of the columns whose schema has all of `names`."""
    for register in REGISTERS.values():
        for column, found in register.model.model_json_schema()["properties"].items():
            for one in found.get("anyOf", [found]):
                if set(names) <= set(one):
                    yield register.name, column, one


def reader_of(register: str, column: str, *, typed: bool) -> CellReader:
    return CellReader(REGISTERS[register].column[column], typed=typed)


def refused(path: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        read_register("candidates", path)
    return caught.value


# Cells

NUMBERS = [
    pytest.param(register, column, found["minimum"], found["maximum"], id=f"{register}.{column}")
    for register, column, found in bounds_of("minimum", "maximum")
]


class Sparse(Row):
    """A row whose columns may be empty, with bounds inside the union."""

    copies: Annotated[Whole | None, count("份数", "copies", 1)] = None
    code: Annotated[JurisdictionCode | None, Column("代码", "code", "", "", "640302")] = None
    round: Annotated[Annotated[int, Field(ge=1, le=9)] | None, count("轮次", "round", 1)] = None


def test_a_column_that_may_be_empty_keeps_its_bounds() -> None:
    specs = {spec.name: spec for spec in columns_of(Sparse)}
    bounds = {name: (one.nullable, one.minimum, one.maximum) for name, one in specs.items()}
    assert bounds == {
        "copies": (True, 0, 100_000_000),
        "code": (True, None, None),
        "round": (True, 1, 9),
    }
    assert specs["code"].pattern == JURISDICTION_PATTERN
    assert specs["code"].column.zh == "代码"
    reader = CellReader(specs["round"], typed=False)
    assert reader.read("") is None
    assert reader.read("9") == 9
    for text, reason in (("0", r.TOO_SMALL), ("10", r.TOO_BIG)):
        found = reader.read(text)
        assert isinstance(found, Problem)
        assert found.reason is reason


LENGTHS = [
    pytest.param(register, column, found["maxLength"], id=f"{register}.{column}")
    for register, column, found in bounds_of("maxLength")
]


def test_bounded_columns_are_those_that_the_registers_document() -> None:
    assert {tuple(param.values[2:]) for param in NUMBERS} == {(0, 100_000_000), (1, 9)}
    assert {param.values[2] for param in LENGTHS} == {20, 40, 60, 200}


@pytest.mark.parametrize("typed", [False, True], ids=["csv", "workbook"])
@pytest.mark.parametrize(("register", "column", "low", "high"), NUMBERS)
def test_a_number_on_its_bound(
    register: str, column: str, low: int, high: int, typed: bool
) -> None:
    reader = reader_of(register, column, typed=typed)

    def read(number: int) -> Any:
        cell: Cell = float(number) if typed else str(number)
        return reader.read(cell)

    assert [read(number) for number in (low, high)] == [low, high]
    assert read(low - 1) == Problem(r.TOO_SMALL, {"minimum": low})
    assert read(high + 1) == Problem(r.TOO_BIG, {"maximum": high})


@pytest.mark.parametrize(("register", "column", "longest"), LENGTHS)
def test_a_text_of_the_greatest_length(
    tmp_path: Path, register: str, column: str, longest: int
) -> None:
    rows = [good_row(register, **{column: "字" * length}) for length in (longest, longest + 1)]
    delivery = read_register(register, csv_file(tmp_path / "a.csv", rows, register))
    assert [row[column] for row in delivery.rows] == ["字" * longest]
    (rejection,) = delivery.rejections
    assert (rejection.row, rejection.reason) == (3, r.TOO_LONG)
    assert rejection.arguments == {"maximum": longest}


def test_an_id_of_the_greatest_length() -> None:
    reader = reader_of("candidates", "candidate", typed=False)
    assert reader.read("c" * 64) == "c" * 64
    found = reader.read("c" * 65)
    assert isinstance(found, Problem)
    assert found.reason is r.BAD_ID


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(1899, 12, 31), r.YEAR_RANGE),
        (date(1900, 1, 1), None),
        (date(2099, 12, 31), None),
        (date(2100, 1, 1), r.YEAR_RANGE),
    ],
)
@pytest.mark.parametrize("typed", [False, True], ids=["csv", "workbook"])
def test_the_first_and_the_last_day(day: date, reason: Text | None, typed: bool) -> None:
    read = reader_of("nominations", "nominated_on", typed=typed).read(day if typed else str(day))
    assert (read.reason if isinstance(read, Problem) else None) is reason
    if reason is None:
        assert read == day


# Spreadsheets show the number 73050 as 31 December 2099, the last day that is taken; a number of
# four digits is rather a year than a day before 1927.
@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (0, r.NOT_A_DATE),
        (1968, r.NOT_A_DATE),
        (9_999, r.NOT_A_DATE),
        (10_000, r.SERIAL_DATE),
        (73_050, r.SERIAL_DATE),
        (73_051, r.NOT_A_DATE),
    ],
)
@pytest.mark.parametrize("typed", [False, True], ids=["csv", "workbook"])
def test_a_number_that_may_be_a_day(number: int, reason: Text, typed: bool) -> None:
    cell: Cell = float(number) if typed else str(number)
    found = reader_of("nominations", "nominated_on", typed=typed).read(cell)
    assert isinstance(found, Problem)
    assert found.reason is reason
    if number == 73_050:
        assert found.arguments == {"suggestion": "2099-12-31"}


def test_a_number_is_shown_in_full_up_to_fifteen_digits() -> None:
    assert delivered_text(float(10**15 - 1)) == "9" * 15
    assert delivered_text(float(1 - 10**15)) == "-" + "9" * 15
    assert delivered_text(float(10**15)) == "1e+15"


def test_a_value_is_shown_whole_up_to_sixty_characters() -> None:
    assert shown("字" * 60) == "字" * 60
    assert shown("字" * 61) == "字" * 60 + "…"


# Hints


def test_the_first_two_hundred_unknown_terms_of_a_column_get_a_hint() -> None:
    reader = reader_of("candidates", "status", typed=False)
    hints = []
    for number in range(201):
        found = reader.read(f"proposed{number}")
        assert isinstance(found, Problem)
        hints.append(found.arguments["hint"])
    assert [hint != Text("", "") for hint in hints] == [True] * 200 + [False]


def referring(tmp_path: Path, people: list[str]) -> Delivery:
    rows = [good_row("pledges", person=person) for person in people]
    return read_register("pledges", csv_file(tmp_path / "a.csv", rows, "pledges"))


def hints(tmp_path: Path, people: list[str], on_record: list[str]) -> list[bool]:
    """Whether each row that refers to nobody on record gets a hint."""
    delivery = referring(tmp_path, people)
    known = {"roster": on_record}
    found = check_set({"pledges": delivery}, lambda register: known.get(register, ()))["pledges"]
    told = [one for one in found.rejections if one.reason is r.UNKNOWN_REFERENCE]
    assert len(told) == len(people)
    return [one.arguments["hint"] != Text("", "") for one in told]


def test_the_first_twenty_unknown_references_get_a_hint(tmp_path: Path) -> None:
    people = [f"p-640302-{number:04d}" for number in range(21)]
    assert hints(tmp_path, people, ["p-640302-9999"]) == [True] * 20 + [False]


def test_a_hint_is_looked_for_among_five_hundred_names(tmp_path: Path) -> None:
    names = [f"p-640302-{number:04d}" for number in range(1, 502)]
    assert hints(tmp_path, ["p-640302-x"], names[:500]) == [True]
    assert hints(tmp_path, ["p-640302-x"], names) == [False]


# Files


def test_a_file_of_the_greatest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_file(tmp_path / "a.csv", good_rows())
    monkeypatch.setattr(raw, "LARGEST_FILE", path.stat().st_size)
    assert read_register("candidates", path).accepted == 3
    monkeypatch.setattr(raw, "LARGEST_FILE", path.stat().st_size - 1)
    assert refused(path).reason is r.TOO_LARGE


def test_a_cell_of_a_csv_of_the_greatest_length(tmp_path: Path) -> None:
    rows = csv_table(good_rows())
    path = tmp_path / "a.csv"
    rows[2][0] = "c" * 131_072
    path.write_bytes(csv_text(rows).encode())
    assert read_register("candidates", path).accepted == 2
    rows[2][0] += "c"
    path.write_bytes(csv_text(rows).encode())
    assert refused(path).reason is r.FIELD_TOO_LONG


# Workbooks


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return workbook(tmp_path / "a.xlsx", {"人选": sheet_table(good_rows())})


def with_parts(path: Path, number: int) -> Path:
    """The workbook with so many parts."""
    with zipfile.ZipFile(path, "a") as archive:
        for extra in range(number - len(archive.namelist())):
            archive.writestr(f"xl/media/{number}-{extra}", b"")
        assert len(archive.namelist()) == number
    return path


def test_a_workbook_of_as_many_parts_as_may_be(book: Path) -> None:
    assert read_register("candidates", with_parts(book, 2_000)).accepted == 3
    assert refused(with_parts(book, 2_001)).reason is r.UNPACKS_TOO_LARGE


def test_a_workbook_that_unpacks_to_the_greatest_size(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(book) as archive:
        size = sum(len(archive.read(name)) for name in archive.namelist())
    monkeypatch.setattr(package, "LARGEST_UNPACKED", size)
    assert read_register("candidates", book).accepted == 3
    monkeypatch.setattr(package, "LARGEST_UNPACKED", size - 1)
    assert refused(book).reason is r.UNPACKS_TOO_LARGE


def test_a_sheet_of_as_many_cells_as_may_be(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = 4 * len(REGISTERS["candidates"].columns)
    monkeypatch.setattr(raw, "MOST_CELLS", cells)
    assert read_register("candidates", book).accepted == 3
    monkeypatch.setattr(raw, "MOST_CELLS", cells - 1)
    found = refused(book)
    assert found.reason is r.TOO_MANY_CELLS
    assert found.arguments["row"] == 4


def test_a_sheet_of_as_much_text_as_may_be(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(book) as archive:
        cells = archive.read(SHEET).count(b't="s"')
    longest = max(
        len(cell) for row in sheet_table(good_rows()) for cell in row if isinstance(cell, str)
    )
    monkeypatch.setattr(package, "MOST_TEXT", cells * longest)
    assert read_register("candidates", book).accepted == 3
    monkeypatch.setattr(package, "MOST_TEXT", cells * longest - 1)
    assert refused(book).reason is r.UNPACKS_TOO_LARGE


@pytest.mark.parametrize(
    ("last", "reason"), [(1_048_576, r.TOO_MANY_CELLS), (1_048_577, r.DAMAGED)]
)
def test_a_formula_down_to_the_last_row_of_a_sheet(book: Path, last: int, reason: Text) -> None:
    formula = f'<c r="P2"><f t="array" ref="P2:P{last}">B2</f>'.encode()
    edited(book, SHEET, b'<c r="P2">', formula)
    assert refused(book).reason is reason
