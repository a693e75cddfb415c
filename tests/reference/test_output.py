"""What is committed is what the generator writes."""

import json
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from schemas.registers import REGISTERS
from tests.generator.book import mend_bytes, shown, write_book
from tests.generator.output import side_files
from tests.support import reference
from tests.support.tree import ROOT

COMMITTED = ROOT / "data" / "reference"
LARGEST_BOOK = 1_500_000


@pytest.fixture(scope="module")
def book() -> CalamineWorkbook:
    return CalamineWorkbook.from_path(COMMITTED / "book.xlsx")


def test_the_files_beside_the_book_are_as_made() -> None:
    made = side_files(reference.clean(), reference.listed())
    kept = {
        str(path.relative_to(COMMITTED)): path.read_bytes()
        for pattern in ("mends/*", "*.json", "*.md")
        for path in COMMITTED.glob(pattern)
    }
    assert sorted(kept) == sorted(made), "run python -m tests.generator --out data/reference"
    assert [name for name in made if kept[name] != made[name]] == []


def test_the_book_has_a_sheet_for_each_register(book: CalamineWorkbook) -> None:
    assert book.sheet_names == [register.title.zh for register in REGISTERS.values()]
    assert (COMMITTED / "book.xlsx").stat().st_size < LARGEST_BOOK


@pytest.mark.parametrize("name", REGISTERS)
def test_the_book_is_as_made(book: CalamineWorkbook, name: str) -> None:
    register = REGISTERS[name]
    headings = [spec.column.zh for spec in register.columns]
    assert len(set(headings)) == len(headings)
    cells = book.get_sheet_by_name(register.title.zh).to_python(skip_empty_area=False)
    made = [
        [_cell(shown(spec, row[spec.name])) for spec in register.columns]
        for row in reference.with_faults()[name]
    ]
    # An Excel without the last columns' cells gives shorter rows.
    read = [[*row, *[""] * (len(headings) - len(row))] for row in cells]
    assert read == [headings, *made]


def _cell(value: str | int | date | None) -> str | float | date:
    """A value as the reader gives it back."""
    if value is None:
        return ""
    return float(value) if isinstance(value, int) else value


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    rows = {name: table[:50] for name, table in reference.clean().items()}
    write_book(tmp_path / "one.xlsx", rows)
    write_book(tmp_path / "two.xlsx", rows)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.xlsx") as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}
        assert b"2016-12-31T00:00:00Z" in package.read("docProps/core.xml")


def test_an_empty_register_keeps_its_headings(tmp_path: Path) -> None:
    write_book(tmp_path / "empty.xlsx", {name: [] for name in REGISTERS})
    book = CalamineWorkbook.from_path(tmp_path / "empty.xlsx")
    for register in REGISTERS.values():
        cells = book.get_sheet_by_name(register.title.zh).to_python()
        assert cells == [[spec.column.zh for spec in register.columns]]


def test_a_mend_is_written_as_excel_in_china_reads_it() -> None:
    register = REGISTERS["reports"]
    row = reference.clean()["reports"][0]
    text = mend_bytes(register, [row], row)
    assert text.startswith("\ufeff举报编号,单位,".encode())
    assert text.count(b"\r\n") == 2
    assert ",是,是,是," in text.decode("utf-8-sig")


def test_the_list_of_faults_can_be_read_by_programs() -> None:
    listed = json.loads((COMMITTED / "cycle.json").read_text(encoding="utf-8"))
    assert listed["on"] == "2016-12-31"
    officers = {row["officer"] for row in reference.clean()["officers"]}
    for fault in listed["faults"]:
        assert (COMMITTED / fault["mend"]["file"]).is_file()
        assert fault["mend"]["by"] in officers
        assert fault["explanation"]["zh"]
        assert fault["explanation"]["en"]


def test_the_readme_lists_every_fault() -> None:
    text = (COMMITTED / "README.md").read_text(encoding="utf-8")
    for fault in reference.listed():
        line = next(line for line in text.splitlines() if f"({fault.mend_file})" in line)
        assert fault.check in line
        assert fault.units[0] in line
        assert f"`{fault.subject}`" in line


def test_the_rows_named_are_the_wrong_ones(book: CalamineWorkbook) -> None:
    for fault in reference.listed():
        register = REGISTERS[fault.register]
        cells = book.get_sheet_by_name(register.title.zh).to_python(skip_empty_area=False)
        wrong = [cells[number - 1][: len(register.key)] for number in fault.rows]
        edited = reference.with_faults()[fault.register]
        expected = [
            [_cell(shown(register.columns[at], edited[number - 2][spec.name]))
             for at, spec in enumerate(register.columns[: len(register.key)])]
            for number in fault.rows
        ]  # fmt: skip
        assert wrong == expected
        if fault.rows and not fault.withdraw:
            mends = [[row[column] for column in register.key] for row in fault.mend]
            rows = [[edited[n - 2][column] for column in register.key] for n in fault.rows]
            assert rows == mends


def test_the_command_writes_another_size(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "tests.generator", "--out", str(tmp_path), "--seed", "7")
    done = subprocess.run(
        (*command, "--candidates-per-unit", "8"),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "0 faults" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]
    book = CalamineWorkbook.from_path(tmp_path / "book.xlsx")
    dates = [row[4] for row in book.get_sheet_by_name("承诺书").to_python()[1:] if len(row) > 4]
    assert all(isinstance(cell, date | datetime) for cell in dates)


def test_the_command_refuses_what_cannot_be_made(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "tests.generator", "--out", str(tmp_path), "--cities", "0")
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "cities must be 1 to 1000" in done.stderr
