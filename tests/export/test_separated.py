"""The folder of CSV files: whole, harmless in a spreadsheet, and always the same."""

import csv
from pathlib import Path

from tasks.export.history import read_record
from tasks.export.layout import TABLES
from tasks.export.rows import ROWS
from tasks.export.separated import write_folder
from tasks.intake.readings import harmless
from tests.export.ledgers import EVIL, eventful, eventful_record


def test_every_table_is_a_file_with_every_row(tmp_path: Path) -> None:
    record = eventful_record()
    write_folder(record, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{one.name}.csv" for one in TABLES}
    for table in TABLES:
        path = tmp_path / f"{table.name}.csv"
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading, *lines = csv.reader(file)
        assert heading == [name for name, _, _ in table.flat()]
        expected = [
            ["" if cell is None else harmless(str(cell)) for cell in table.values(row)]
            for row in ROWS[table.name](record)
        ]
        assert lines == expected


def test_nothing_can_run_as_a_formula(tmp_path: Path) -> None:
    write_folder(eventful_record(), tmp_path)
    told = (tmp_path / "key_acts.csv").read_text("utf-8-sig")
    assert harmless(EVIL).startswith("'=")
    assert harmless(EVIL).replace('"', '""') in told
    for path in tmp_path.iterdir():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in csv.reader(file):
                assert not [cell for cell in line if cell[:1] in set("=+-@\t\r")]


def test_the_same_ledger_gives_the_same_bytes(tmp_path: Path) -> None:
    write_folder(eventful_record(), tmp_path / "one")
    write_folder(read_record(eventful(tmp_path / "home")), tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
