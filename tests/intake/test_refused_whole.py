"""Input that is refused whole: one clear line that names the cause, and nothing taken."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.text import LANGUAGES, Text
from tasks.intake import package, raw
from tasks.intake import reasons as r
from tasks.intake.reading import read_register
from tasks.intake.refusal import Refused
from tests.intake.files import (
    book_tables,
    csv_file,
    csv_table,
    csv_text,
    edited,
    good_rows,
    headings,
    read_book,
    sheet_table,
    workbook,
)

Make = Callable[[Path], Path]
SHEET = "xl/worksheets/sheet1.xml"


def told(refused: Refused, reason: Text, says: str) -> None:
    assert refused.reason is reason
    for lang in LANGUAGES:
        line = refused.render(lang)
        assert line
        assert "\n" not in line
        assert "{" not in line
    assert says in refused.render("en")
    assert str(refused) in {refused.render(lang) for lang in LANGUAGES}


def content(data: bytes, name: str = "人选.csv") -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return make


def table(change: Callable[[list[list[str]]], object]) -> Make:
    """A CSV of candidates, changed."""

    def make(folder: Path) -> Path:
        rows = csv_table(good_rows())
        change(rows)
        return content(csv_text(rows).encode())(folder)

    return make


def doubled(rows: list[list[str]], more: Callable[[list[str]], str]) -> None:
    """One more column."""
    for row in rows:
        row.append(more(row))


def sheets(**tables: list[list[object]]) -> Make:
    return lambda folder: workbook(folder / "a.xlsx", tables)


def candidates() -> list[list[object]]:
    return sheet_table(good_rows())


def with_part(old: bytes, new: bytes, part: str = SHEET) -> Make:
    """A workbook of candidates with something replaced in a part."""
    return lambda folder: edited(
        workbook(folder / "a.xlsx", {"人选": candidates()}), part, old, new
    )


def cut_workbook(folder: Path) -> Path:
    path = workbook(folder / "a.xlsx", {"人选": candidates()})
    path.write_bytes(path.read_bytes()[:-400])
    return path


def flipped_workbook(folder: Path) -> Path:
    path = workbook(folder / "a.xlsx", {"人选": candidates()})
    data = bytearray(path.read_bytes())
    data[data.index(b"xl/worksheets/sheet1.xml") + 60] ^= 0xFF
    path.write_bytes(data)
    return path


def lying_workbook(folder: Path) -> Path:
    """A workbook whose styles say that they are smaller than they are."""
    path = workbook(folder / "a.xlsx", {"人选": candidates()})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/styles.xml"))
    struct.pack_into("<I", data, at + 24, 10)
    path.write_bytes(data)
    return path


def encrypted_zip(folder: Path) -> Path:
    path = workbook(folder / "a.xlsx", {"人选": candidates()})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    return path


def other_zip(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    return folder / "a.xlsx"


UTF8 = csv_text(csv_table(good_rows(30))).encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512

REGISTER_CASES: list[tuple[str, Make, Text, str]] = [
    ("no such file", lambda folder: folder / "none.csv", r.NOT_FOUND, "none.csv: no such"),
    ("a folder", lambda folder: folder, r.IS_FOLDER, "is a folder"),
    ("an empty file", content(b""), r.EMPTY_FILE, "人选.csv: the file is empty"),
    ("nothing but a BOM", content(b"\xef\xbb\xbf"), r.NO_HEADINGS, "has no headings"),
    ("nothing but line breaks", content(b"\r\n\r\n"), r.NO_HEADINGS, "has no headings"),
    ("UTF-16", content(UTF8.decode().encode("utf-16")), r.UTF16, "UTF-16"),
    ("UTF-16 without BOM", content(UTF8.decode().encode("utf-16-le")), r.BINARY, "null bytes"),
    ("Big5", content("人選編號,單位\r\n廠,\x80".encode("big5", "replace") + b"\xff\xff"),
     r.ENCODING, "neither UTF-8 nor GB18030"),
    ("a broken byte in UTF-8", content(UTF8.replace("汉".encode(), b"\xe6\xb1", 1)),
     r.BROKEN_UTF8, "broken at byte"),
    ("a broken byte after a BOM", content(b"\xef\xbb\xbfabc\xff"), r.BROKEN_UTF8, "at byte 7"),
    ("half a character of GB18030",
     content(UTF8.decode().encode("gb18030") + b"\xba"), r.ENCODING, "GB18030"),
    ("a quotation mark left open", content(UTF8 + b'"open'), r.BAD_QUOTES, "quotation mark"),
    ("a quotation mark inside", content(UTF8 + b'"a"b,\r\n'), r.BAD_QUOTES, "row 32"),
    ("an endless cell", content(UTF8 + b"x" * 140_000), r.FIELD_TOO_LONG, "131072"),
    ("tabs", content(UTF8.replace(b",", b"\t")), r.SEPARATOR, "separated by tabs"),
    ("semicolons", content(UTF8.replace(b",", b";")), r.SEPARATOR, "semicolons"),
    ("rows without headings", table(lambda rows: rows.pop(0)), r.NO_HEADINGS, "read: candidate"),
    ("a missing column", table(lambda rows: [row.pop(3) for row in rows]),
     r.MISSING_COLUMN, "the column “person” is missing"),
    ("a misspelt column", table(lambda rows: rows[0].__setitem__(0, "人选遍号")),
     r.MISSING_COLUMN, "“candidate” is missing (the nearest is “人选遍号”)"),
    ("a doubled column", table(lambda rows: doubled(rows, lambda row: row[3])),
     r.DUPLICATE_COLUMN, "D and X"),
    ("a column named twice over", table(lambda rows: rows[0].__setitem__(4, "person")),
     r.DUPLICATE_COLUMN, "D and E"),
    ("a column without its heading", table(lambda rows: rows[0].__setitem__(3, "")),
     r.MISSING_COLUMN, "“person” is missing"),
    ("not a workbook", content(b"hello", "a.xlsx"), r.NOT_A_WORKBOOK, "bears a workbook's name"),
    ("another zip", other_zip, r.NOT_A_SPREADSHEET, "is an archive"),
    ("an empty zip", content(b"PK\x05\x06" + b"\0" * 18, "a.xlsx"), r.NOT_A_SPREADSHEET,
     "is an archive"),
    ("an old workbook that is none", content(OLE, "a.xls"), r.DAMAGED, "damaged"),
    ("a password", content(OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx"),
     r.PASSWORD, "password"),
    ("a zip with a password", encrypted_zip, r.PASSWORD, "password"),
    ("a workbook cut off", cut_workbook, r.DAMAGED, "damaged"),
    ("a workbook with a flipped bit", flipped_workbook, r.DAMAGED, "damaged"),
    ("a workbook that lies about sizes", lying_workbook, r.DAMAGED, "damaged"),
    ("a workbook with broken XML", with_part(b"</row>", b"</raw>"), r.DAMAGED, "damaged"),
    ("a document type", with_part(b"<worksheet", b"<!DOCTYPE x><worksheet"), r.DAMAGED, "damaged"),
    ("a cell in another row", with_part(b'r="A2"', b'r="A7"'), r.DAMAGED, "damaged"),
    ("a row twice", with_part(b'<row r="3"', b'<row r="2"'), r.DAMAGED, "damaged"),
    ("a cell twice", with_part(b'r="B2"', b'r="A2"'), r.DAMAGED, "damaged"),
    ("a cell at the end of the world",
     with_part(b"</row></sheetData>",
               b'</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
     r.TOO_MANY_CELLS, "column XFD"),
    ("a formula over all cells", with_part(
        b'<c r="P2"><v>', b'<c r="P2"><f t="array" ref="A1:XFD1048576">1</f><v>'),
     r.TOO_MANY_CELLS, "column XFD"),
    ("an empty sheet", sheets(人选=[]), r.NO_HEADINGS, "sheet “人选”"),
    ("another register's sheet", sheets(职位=candidates()), r.OTHER_SHEET, "register “posts”"),
    ("no sheet of that name", sheets(甲=[["填表说明"]], 乙=[["代码表"]]), r.NO_SUCH_SHEET,
     "“candidates”"),
    ("two sheets that may be it", sheets(甲=candidates(), 乙=candidates()), r.SHEETS_OF_ONE,
     "“甲”, “乙”"),
    ("the sheet twice", sheets(人选=candidates(), candidates=candidates()),
     r.DUPLICATE_SHEET, "twice"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "reason", "says"), [pytest.param(*case[1:], id=case[0]) for case in REGISTER_CASES]
)
def test_a_submission_is_refused(tmp_path: Path, make: Make, reason: Text, says: str) -> None:
    with pytest.raises(Refused) as caught:
        read_register("candidates", make(tmp_path))
    told(caught.value, reason, says)


def folder_of(**files: bytes) -> Make:
    def make(folder: Path) -> Path:
        for name, data in files.items():
            (folder / name.replace("__", ".")).write_bytes(data)
        return folder

    return make


TABLES = book_tables()
PLACES, UNITS = (csv_text([[str(c or "") for c in row] for row in t]).encode()
                 for t in TABLES.values())  # fmt: skip

BOOK_CASES: list[tuple[str, Make, Text, str]] = [
    ("no such book", lambda folder: folder / "none", r.NOT_FOUND, "none: no such"),
    ("a single CSV", content(UTF8), r.NOT_A_BOOK, "a folder of CSV"),
    ("not a workbook", content(b"hello", "a.xlsx"), r.NOT_A_WORKBOOK, "bears a workbook's name"),
    ("a sheet that is nearly a register",
     sheets(**TABLES, Sheet2=[row[1:] for row in candidates()]), r.UNKNOWN_SHEET,
     "sheet “Sheet2”: looks like the register “candidates”, but it lacks the columns candidate"),
    ("no units", sheets(行政区=TABLES["行政区"]), r.MISSING_SHEET, "“units” is missing"),
    ("no jurisdictions", sheets(单位=TABLES["单位"]), r.MISSING_SHEET, "“jurisdictions”"),
    ("units without rows", sheets(行政区=TABLES["行政区"], 单位=TABLES["单位"][:1]),
     r.NO_ROWS, "“units” has no rows"),
    ("a sheet under two names", sheets(**TABLES, units=TABLES["单位"]),
     r.DUPLICATE_SHEET, "“units” is delivered twice"),
    ("an empty folder", lambda folder: folder, r.MISSING_SHEET, "“jurisdictions” is missing"),
    ("an unknown file", folder_of(行政区__csv=PLACES, 单位__csv=UNITS, 天气__csv=UTF8),
     r.UNKNOWN_FILE, "天气.csv"),
    ("no workbook in the folder", folder_of(行政区__csv=PLACES, 单位__csv=UNITS, 人选__xlsx=b"PK"),
     r.NOT_A_WORKBOOK, "人选.xlsx"),
    ("a broken workbook called CSV", folder_of(行政区__csv=PLACES, 单位__csv=b"PK\x03\x04"),
     r.DAMAGED, "单位.csv"),
    ("a file under two names", folder_of(行政区__csv=PLACES, 单位__csv=UNITS, units__csv=UNITS),
     r.DUPLICATE_SHEET, "twice"),
    ("a file under one name twice",
     folder_of(行政区__csv=PLACES, 单位__csv=UNITS, 单位__CSV=UNITS), r.DUPLICATE_SHEET, "twice"),
    ("a bad file in the folder", folder_of(行政区__csv=PLACES, 单位__csv=b"\xff\xfe"),
     r.UTF16, "单位.csv"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "reason", "says"), [pytest.param(*case[1:], id=case[0]) for case in BOOK_CASES]
)
def test_a_book_is_refused(tmp_path: Path, make: Make, reason: Text, says: str) -> None:
    with pytest.raises(Refused) as caught:
        read_book(make(tmp_path))
    told(caught.value, reason, says)


def test_an_unknown_register_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        read_register("candidate", csv_file(tmp_path / "a.csv", good_rows()))
    told(caught.value, r.UNKNOWN_REGISTER, "nearest is “candidates”")


def test_a_file_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "LARGEST_FILE", 1000)
    with pytest.raises(Refused) as caught:
        read_register("candidates", csv_file(tmp_path / "a.csv", good_rows(10)))
    told(caught.value, r.TOO_LARGE, "larger than")


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"人选": candidates()})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * 4_000_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package, "LARGEST_UNPACKED", 4_000_000)
        with pytest.raises(Refused) as caught:
            read_register("candidates", path)
    told(caught.value, r.UNPACKS_TOO_LARGE, "unpacks to more")
    assert read_register("candidates", path).accepted == 3


def test_one_long_text_in_many_cells_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"人选": candidates()})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package, "MOST_TEXT", 100)
        with pytest.raises(Refused) as caught:
            read_register("candidates", path)
    told(caught.value, r.UNPACKS_TOO_LARGE, "unpacks to more")


def test_what_was_delivered_cannot_break_the_line(tmp_path: Path) -> None:
    rows = csv_table(good_rows())
    rows[0][0] = "人选遍号\x1b"
    (tmp_path / "a.csv").write_bytes(csv_text(rows).encode())
    with pytest.raises(Refused) as caught:
        read_register("candidates", tmp_path / "a.csv")
    line = caught.value.render("zh")
    assert line.isprintable()
    assert len(line) < 250
    assert "人选遍号\\x1b" in line


def test_the_language_is_the_readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused) as caught:
        read_register("candidates", tmp_path / "无.csv")
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    assert str(caught.value) == "无.csv：没有这个文件或文件夹，请检查路径"
    monkeypatch.setenv("TERMGATE_LANG", "en")
    assert str(caught.value) == "无.csv: no such file or folder; check the path"
    assert headings("candidates")[0] == "人选编号"


def test_no_line_shows_an_identity_number(tmp_path: Path) -> None:
    rows = csv_table(good_rows())
    rows[2][3] = rows[3][6] = "64030219680512001X"
    rows[3][6] = "汉族 64030219680512001X，男"
    rows[2][0] = "名 64030219680512001X"
    (tmp_path / "a.csv").write_bytes(csv_text(rows).encode())
    lines = [x.render(lang) for x in read_register("candidates", tmp_path / "a.csv").rejections
             for lang in LANGUAGES]  # fmt: skip
    assert len(lines) >= 4
    assert not [line for line in lines if "19680512" in line]
