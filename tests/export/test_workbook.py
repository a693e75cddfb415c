"""The workbook: nothing in it is live, it is whole, and the same ledger gives the same bytes."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from schemas.text import LANGUAGES, Language, Text
from tasks.export import workbook
from tasks.export.history import read_record
from tasks.export.layout import TABLES
from tasks.export.rows import ROWS
from tasks.export.workbook import workbook_bytes
from tasks.intake.refusal import visible
from tests.export.ledgers import EVIL, eventful, eventful_record


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_holds_every_row_in_the_readers_language(lang: Language) -> None:
    record = eventful_record()
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(record, lang)))
    assert book.sheet_names == [table.title.render(lang=lang) for table in TABLES]
    for table in TABLES:
        heading, *lines = book.get_sheet_by_name(table.title.render(lang=lang)).to_python()
        assert heading == [column.title.render(lang=lang) for column in table.columns]
        rows = list(ROWS[table.name](record))
        assert len(lines) == len(rows)
        for line, row in zip(lines, rows, strict=True):
            for cell, column in zip(line, table.columns, strict=True):
                said = row.get(column.name)
                if isinstance(said, Text):
                    said = said.render(lang=lang)
                if column.kind == "moment":
                    assert str(said or "").replace("T", " ").startswith(str(cell)[:19])
                elif isinstance(said, int):
                    assert cell == said
                else:
                    assert str(cell) == visible(said or "")


def test_no_cell_is_live() -> None:
    content = parts(workbook_bytes(eventful_record(), "zh"))
    assert visible(EVIL).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in (
        content["xl/sharedStrings.xml"].replace("&quot;", '"')
    )
    for name, text in content.items():
        assert not re.search(r"<f[ >]|<hyperlink|externalLink|oleObject|<ddeLink", text), name
        assert "vbaProject" not in name
    formats = content["xl/styles.xml"]
    assert 'numFmtId="49"' in formats  # text stays text when it is edited


def test_headings_are_frozen_and_filter() -> None:
    content = parts(workbook_bytes(eventful_record(), "en"))
    sheets = [text for name, text in content.items() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == len(TABLES)
    for text in sheets:
        assert '<pane ySplit="1" topLeftCell="A2"' in text
        assert "<autoFilter " in text
        assert "<cols>" in text


def test_the_same_ledger_gives_the_same_bytes(tmp_path: Path) -> None:
    first = workbook_bytes(eventful_record(), "zh")
    assert workbook_bytes(read_record(eventful(tmp_path)), "zh") == first
    last = eventful_record().last.at[:19]
    assert f">{last}Z<" in parts(first)["docProps/core.xml"]


def test_a_long_table_goes_on_in_another_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SHEET_ROWS", 31)
    record = eventful_record()
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(record, "en")))
    names = [name for name in book.sheet_names if re.fullmatch(r"entries( \d+)?", name)]
    assert names == ["entries", "entries 2", "entries 3"]
    seqs = [int(float(str(line[0]))) for name in names
            for line in book.get_sheet_by_name(name).to_python()[1:]]  # fmt: skip
    assert seqs == list(range(1, len(record.entries) + 1))


def test_a_text_too_long_for_a_cell_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "CELL_LENGTH", 60)
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(eventful_record(), "en")))
    lines = book.get_sheet_by_name("entries").to_python()
    assert all(len(str(line[-1])) == 60 for line in lines[1:])
    assert str(lines[1][-1]).endswith("… (cut; whole in CSV or SQLite)")
