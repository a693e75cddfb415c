"""Every kind of file that holds sheets, and what is no spreadsheet named as what it is."""

import io
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tasks.intake import raw
from tasks.intake import readings as how
from tasks.intake import reasons as r
from tasks.intake.delivery import Delivery
from tasks.intake.reading import read_register
from tasks.intake.refusal import Refused
from tests.intake.files import F, csv_text, edited, workbook

FORMATS = Path(__file__).parent / "formats"
DAY = date(2016, 9, 28)
HEADINGS: list[Any] = ["人员编号", "签订日期"]


def read(path: Path) -> Delivery:
    return read_register("pledges", path)


def made(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def reasons_of(delivery: Delivery) -> list[tuple[int, object]]:
    return [(x.row, x.reason) for x in delivery.rejections]


def hows(delivery: Delivery) -> list[tuple[int, object]]:
    return [(x.row, x.how) for x in delivery.readings]


# XLS and ET (`formats/` was written with xlwt: no program that reads them is asked what is in them)


def test_an_old_workbook() -> None:
    delivery = read(FORMATS / "pledges.xls")
    assert delivery.row_numbers == [3, 4, 5, 6]
    assert [tuple(row.values()) for row in delivery.rows] == [
        ("p-1", DAY),
        ("p-2", date(2016, 9, 29)),
        ("p-3", date(2016, 9, 30)),
        ("p-4", DAY),
    ]
    # Its reader gives a formula's last value and nothing for an error.
    assert reasons_of(delivery) == [(7, r.FORMULA), (8, r.ERROR_CELL)]
    assert delivery.rejections[1].value == "#REF!"
    assert (6, how.HIDDEN_ROWS) in hows(delivery)
    assert hows(delivery)[:2] == [(0, how.LEFT_OUT_SHEET), (0, how.LEFT_OUT_SHEET)]


def test_a_table_that_stands_apart_keeps_its_row_numbers(tmp_path: Path) -> None:
    """Readers leave out what is empty in front; formulas and errors must stand where they are."""
    empty = row("<table:table-cell/>", given=' table:number-rows-repeated="3"')
    front = "<table:table-cell/>" * 2
    document = table(
        empty,
        row(front, *map(text, HEADINGS)),
        row(front, text("p-1"), day("2016-09-28")),
        row(front, text("p-2"), day("2016-09-28", "of:=TODAY()")),
    )
    sheet = [[], [], [], ["", "", *HEADINGS], ["", "", "p-1", DAY], ["", "", "p-2", F("=X", 1)]]
    for path in (
        FORMATS / "offset.xls",
        ods(tmp_path / "a.ods", document),
        workbook(tmp_path / "a.xlsx", {"承诺书": sheet}),
    ):
        delivery = read(path)
        assert dict(zip(delivery.row_numbers, delivery.rows, strict=True)) == {
            5: {"person": "p-1", "signed_on": DAY}
        }
        assert {x.row for x in delivery.rejections} <= {6, 7}
        assert {x.column for x in delivery.rejections} == {"签订日期"}


def test_a_workbook_of_wps_that_counts_from_1904() -> None:
    (rejection,) = read(FORMATS / "since-1904.et").rejections
    assert rejection.reason is r.SERIAL_DATE
    assert rejection.arguments == {"suggestion": "2016-09-28"}


def test_other_workbooks_that_count_from_1904(tmp_path: Path) -> None:
    """LibreOffice keeps the first day of a workbook, and so does the XML of Excel 2003."""
    number = '<table:table-cell office:value-type="float" office:value="41179"/>'
    rows = table(HEAD, row(text("p-1"), number))
    settings = (
        '<table:calculation-settings><table:null-date table:date-value="{}"/>'
        "</table:calculation-settings>"
    )
    older = XML.replace("20160928", "41179").replace(
        "<Worksheet", "<x:ExcelWorkbook><x:Date1904/></x:ExcelWorkbook><Worksheet", 1
    )
    for path, suggestion in (
        (ods(tmp_path / "a.ods", settings.format("1904-01-01") + rows), "2016-09-28"),
        (ods(tmp_path / "b.ods", settings.format("1899-12-30") + rows), "2012-09-27"),
        (made(tmp_path / "a.xls", older), "2016-09-28"),
    ):
        rejection = read(path).rejections[-1]
        assert rejection.reason is r.SERIAL_DATE
        assert rejection.arguments == {"suggestion": suggestion}


@pytest.mark.parametrize("at", [30, 48, 76, 512, 1024, 4096, 5000])
def test_a_damaged_old_workbook_is_refused_or_read_as_it_is(tmp_path: Path, at: int) -> None:
    content = bytearray((FORMATS / "pledges.xls").read_bytes())
    content[at : at + 4] = b"\xee\xee\xee\xee"
    whole = read(FORMATS / "pledges.xls").rows
    found: Sequence[object] = []
    with suppress(Refused):
        found = read(made(tmp_path / "a.xls", bytes(content))).rows
    assert all(row in whole for row in found)


# ODS


def ods(path: Path, tables: str, styles: str = "") -> Path:
    content = (
        '<?xml version="1.0"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return path


def text(value: str, **more: str) -> str:
    given = "".join(f' table:{name.replace("_", "-")}="{x}"' for name, x in more.items())
    return (
        f'<table:table-cell office:value-type="string"{given}><text:p>{value}</text:p>'
        "</table:table-cell>"
    )


def day(value: str, formula: str = "") -> str:
    given = f' table:formula="{formula}"' if formula else ""
    return (
        f'<table:table-cell office:value-type="date" office:date-value="{value}"{given}>'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def row(*cells: str, given: str = "") -> str:
    return f"<table:table-row{given}>{''.join(cells)}</table:table-row>"


def table(*rows: str, name: str = "承诺书", style: str = "") -> str:
    given = f' table:style-name="{style}"' if style else ""
    return f'<table:table table:name="{name}"{given}>{"".join(rows)}</table:table>'


HEAD = row(*map(text, HEADINGS))


def test_an_opendocument_workbook(tmp_path: Path) -> None:
    hidden = (
        '<style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    title = row(text("承诺书签订情况", number_columns_spanned="2"))
    path = ods(
        tmp_path / "a.ods",
        table(
            title,
            HEAD,
            row(text("p-1"), day("2016-09-28")),
            row(text("p-2"), day("2016-09-28"), given=' table:visibility="filter"'),
            row(text("p-3"), day("2016-09-28", "of:=TODAY()")),
            row("<table:table-cell/>", given=' table:number-rows-repeated="1048000"'),
        )
        + table(row(text("x")), name="旧稿", style="ta2"),
        hidden,
    )
    delivery = read(path)
    assert [tuple(one.values()) for one in delivery.rows] == [("p-1", DAY), ("p-2", DAY)]
    assert delivery.row_numbers == [3, 4]
    assert reasons_of(delivery) == [(5, r.FORMULA)]
    assert hows(delivery) == [
        (0, how.LEFT_OUT_SHEET),
        (1, how.TITLE_ROW),
        (4, how.HIDDEN_ROWS),
    ]


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        (table(HEAD, row(text("p", number_columns_repeated="16384"),
                         given=' table:number-rows-repeated="1048576"')), r.TOO_MANY_CELLS),
        (table(HEAD, row(day("2016-09-28", "x"), given=' table:number-rows-repeated="90000"')),
         r.DAMAGED),
        (table(HEAD, row(f"<table:table-cell>{table(HEAD)}</table:table-cell>")), r.DAMAGED),
        (table(HEAD) + "<oops>", r.DAMAGED),
    ],
    ids=["repeated without end", "a formula without end", "a table inside", "broken XML"],
)  # fmt: skip
def test_an_opendocument_workbook_that_is_refused(
    tmp_path: Path, tables: str, reason: object
) -> None:
    with pytest.raises(Refused) as caught:
        read(ods(tmp_path / "a.ods", tables))
    assert caught.value.reason is reason


# HTML and the XML of Excel 2003


def test_an_html_table_with_merged_cells_hidden_rows_and_entities(tmp_path: Path) -> None:
    content = """<!DOCTYPE html><html><head><meta charset="gb2312"><style>td {color: red}</style>
    </head><body><table><tr><td colspan=2>签订情况</td></tr>
    <tr><th>人员<br>编号</th><th>签订日期</th></tr>
    <tr><td>p-1</td><td>2016-09-28</td></tr><tr style="DISPLAY:none"><td>p&#45;2</td>
    <td> 2016年9月28日 </td></tr><tr><td rowspan=2>p-3</td><td>2016-09-28</td></tr>
    <tr><td>2016-09-29</td></tr></table></body></html>"""
    delivery = read(made(tmp_path / "a.xls", content.encode("gb18030")))
    assert [tuple(one.values()) for one in delivery.rows] == [("p-1", DAY), ("p-2", DAY)]
    # Two rows of one key: what the merged cell means there cannot be told.
    assert reasons_of(delivery) == [(5, r.MERGED_CELLS), (6, r.MERGED_CELLS)]
    assert (4, how.HIDDEN_ROWS) in hows(delivery)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<html><p>没有表格</p></html>", r.NO_TABLE),
        ("<table><tr><td><table></table></td></tr></table>", r.DAMAGED),
        ("<table><tr><td rowspan=9999999 colspan=9999>x</td></tr></table>", r.DAMAGED),
        ("<table><tr><td rowspan=x>x</td></tr></table>", r.DAMAGED),
    ],
)
def test_a_page_that_is_refused(tmp_path: Path, content: str, reason: object) -> None:
    with pytest.raises(Refused) as caught:
        read(made(tmp_path / "a.xls", content))
    assert caught.value.reason is reason


XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel"><Worksheet ss:Name="承诺书"><Table>
 <Row><Cell><Data ss:Type="String">人员编号</Data></Cell><Cell ss:Index="3">
 <Data ss:Type="String">签订日期</Data></Cell></Row>
 <Row ss:Index="4" ss:Hidden="1"><Cell><Data ss:Type="String">p-1</Data></Cell><Cell ss:Index="3">
 <Data ss:Type="DateTime">2016-09-28T00:00:00.000</Data></Cell></Row>
 <Row><Cell><Data ss:Type="String">p-2</Data></Cell><Cell ss:Index="3" ss:Formula="=TODAY()">
 <Data ss:Type="DateTime">2016-09-28T00:00:00.000</Data></Cell></Row>
 <Row><Cell><Data ss:Type="String">p-3</Data></Cell><Cell ss:Index="3">
 <Data ss:Type="Error">#REF!</Data></Cell></Row>
 <Row><Cell><Data ss:Type="String">p-4</Data></Cell><Cell ss:Index="3">
 <Data ss:Type="Number">20160928</Data></Cell></Row></Table></Worksheet>
 <Worksheet ss:Name="旧稿"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>
 <x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>
"""


def test_the_xml_of_excel_2003(tmp_path: Path) -> None:
    delivery = read(made(tmp_path / "a.xls", XML))
    assert [tuple(one.values()) for one in delivery.rows] == [("p-1", DAY), ("p-4", DAY)]
    assert delivery.row_numbers == [4, 7]
    assert reasons_of(delivery) == [(5, r.FORMULA), (6, r.ERROR_CELL)]
    assert (4, how.HIDDEN_ROWS) in hows(delivery)


def test_empty_rows_that_stand_as_one_in_the_xml_of_excel_2003(tmp_path: Path) -> None:
    """Whoever is told of a row finds it by its number."""
    several = XML.replace('<Row ss:Index="4"', '<Row ss:Span="2"/><Row')
    assert read(made(tmp_path / "a.xls", several)).row_numbers == [5, 8]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</Workbook>", ""),
        ('ss:Index="4"', 'ss:Index="1"'),
        ("Number", "Money"),
        ('<?xml version="1.0"?>', '<!DOCTYPE x [<!ENTITY a "b">]>'),
        ("旧稿", "承诺书"),
    ],
)
def test_broken_xml_of_excel_2003_is_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(Refused) as caught:
        read(made(tmp_path / "a.xls", XML.replace(old, new, 1)))
    assert caught.value.reason in (r.DAMAGED, r.NO_TABLE)


# What is no spreadsheet


def packed(*names: str, mimetype: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
        if mimetype:
            archive.writestr("mimetype", mimetype)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
OTHERS: dict[str, tuple[bytes, str]] = {
    "a PDF": (b"%PDF-1.7\n", "a PDF"),
    "JSON": (b'{"person": "p-1"}', "a JSON file"),
    "a list in JSON": (b'\xef\xbb\xbf[{"person": "p-1"}]', "a JSON file"),
    "Word": (packed("word/document.xml"), "a Word document"),
    "old Word": (OLE + "WordDocument".encode("utf-16-le"), "a Word document"),
    "slides": (packed("ppt/presentation.xml"), "a presentation"),
    "a binary workbook": (packed("xl/workbook.bin"), "a binary workbook (.xlsb)"),
    "OFD": (packed("OFD.xml"), "an OFD document"),
    "ODT": (packed(mimetype="application/vnd.oasis.opendocument.text"), "an OpenDocument text"),
    "an archive": (packed("a.xlsx"), "an archive"),
    "a RAR": (b"Rar!\x1a\x07\x01\x00", "an archive"),
    "a 7z": (b"7z\xbc\xaf\x27\x1c", "an archive"),
    "an image": (b"\x89PNG\r\n\x1a\n", "an image"),
    "a photo": (b"\xff\xd8\xff\xe0", "an image"),
    "RTF": (b"{\\rtf1}", "an RTF document"),
    "a database": (b"SQLite format 3\0", "a database"),
    "a calendar": (b"BEGIN:VCALENDAR\r\n", "a calendar"),
    "other XML": (b"<?xml version='1.0'?><x/>", "an XML file"),
    "a cadre form": (b"<?xml version='1.0'?><Person><XingMing>x</XingMing></Person>",
                     "a cadre approval form"),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".xls"])
def test_what_is_no_spreadsheet_is_named_as_what_it_is(
    tmp_path: Path, name: str, suffix: str
) -> None:
    content, kind = OTHERS[name]
    with pytest.raises(Refused) as caught:
        read(made(tmp_path / f"a{suffix}", content))
    assert caught.value.reason is r.NOT_A_SPREADSHEET
    assert f"is {kind}" in caught.value.render("en")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_a_cadre_form_of_the_older_version_is_named_as_what_it_is(
    tmp_path: Path, encoding: str
) -> None:
    """It is text that has no other mark than its name and its first sign; a CSV has neither."""
    path = made(tmp_path / "张三.LRM", '"张三","男","196805"\r\n'.encode(encoding))
    with pytest.raises(Refused) as caught:
        read(path)
    assert caught.value.reason is r.NOT_A_SPREADSHEET
    assert "termgate forms" in caught.value.render("zh")
    assert read(made(tmp_path / "b.lrm", "人员编号,签订日期\np-1,2016-09-28\n")).accepted == 1


def test_a_workbook_of_another_name_is_one(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"承诺书": [HEADINGS, ["p-1", DAY]]})
    assert read(path.rename(tmp_path / "a.csv")).accepted == 1
    assert read(made(tmp_path / "b.xls", (FORMATS / "pledges.xls").read_bytes())).accepted == 4


# XLSX


@pytest.mark.parametrize("error", ["#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#GETTING_DATA"])
def test_every_kind_of_error_is_named_by_its_cell(tmp_path: Path, error: str) -> None:
    rows = [HEADINGS, ["p-1", F("=X", "#REF!")], ["p-2", DAY], [error, DAY]]
    path = workbook(tmp_path / "a.xlsx", {"承诺书": rows})
    part = "xl/worksheets/sheet1.xml"
    edited(path, part, b"<f>X</f><v>#REF!</v>", f"<v>{error}</v>".encode())
    delivery = read(path)
    assert reasons_of(delivery) == [(2, r.ERROR_CELL), (4, r.BAD_ID)]
    assert [x.value for x in delivery.rejections] == [error, error]
    assert delivery.row_numbers == [3]


def test_hidden_rows_are_read_and_counted(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"承诺书": [HEADINGS, ["p-1", DAY], ["p-2", DAY]]})
    edited(path, "xl/worksheets/sheet1.xml", b'<row r="3"', b'<row r="3" hidden="1"')
    delivery = read(path)
    assert delivery.accepted == 2
    assert [(x.row, x.value, x.how) for x in delivery.readings] == [(3, "1", how.HIDDEN_ROWS)]


def merged(path: Path, *ranges: str) -> Path:
    cells = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
    part = "xl/worksheets/sheet1.xml"
    return edited(
        path, part, b"</sheetData>", f"</sheetData><mergeCells>{cells}</mergeCells>".encode()
    )


def test_merged_cells_of_a_key_mean_the_same_below(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["谈话批次", "人员编号"],
        ["t-1", "p-1"],
        ["", "p-2"],
        ["", "p-3"],
        ["t-2", "p-1"],
        ["", "p-2"],
    ]
    path = merged(workbook(tmp_path / "a.xlsx", {"谈话人员": rows}), "A2:A4", "A5:A6")
    delivery = read_register("talk_participants", path)
    assert [tuple(row.values()) for row in delivery.rows] == [
        ("t-1", "p-1"), ("t-1", "p-2"), ("t-1", "p-3"), ("t-2", "p-1"), ("t-2", "p-2"),
    ]  # fmt: skip
    assert [(x.row, x.read_as, x.how) for x in delivery.readings] == [
        (3, "t-1", how.MERGED_BELOW),
        (4, "t-1", how.MERGED_BELOW),
        (6, "t-2", how.MERGED_BELOW),
    ]


def test_other_merged_cells_are_rejected_row_by_row(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [
            "人选编号",
            "审核项目",
            "审核机关",
            "征求日期",
            "答复日期",
            "审核结果",
            "原因",
            "结果文号",
        ],
        ["c-1", "档案必审", "组织部", DAY, DAY, "未发现影响", "", "一号"],
        ["c-1", "举报必查", "", DAY, DAY, "未发现影响", "", "二号"],
        ["c-2", "举报必查", "纪委", DAY, DAY, "未发现影响", "", "三号"],
        ["c-3", "举报必查", "纪委", DAY, DAY, "未发现影响", "", ""],
    ]
    path = merged(workbook(tmp_path / "a.xlsx", {"六项审核": rows}), "C2:C3", "G5:H5")
    delivery = read_register("reviews", path)
    assert delivery.row_numbers == [4]
    assert reasons_of(delivery) == [(row, r.MERGED_CELLS) for row in (2, 3, 5)]
    assert "(C2:C3)" in delivery.rejections[0].render("en")


def test_headings_of_two_rows_with_merged_cells(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["人员编号", "承诺书", ""], ["", "签订日期", "备注"], ["p-1", DAY, ""]]
    path = merged(workbook(tmp_path / "a.xlsx", {"承诺书": rows}), "A1:A2", "B1:C1")
    delivery = read(path)
    assert [tuple(row.values()) for row in delivery.rows] == [("p-1", DAY)]


def test_a_hidden_sheet_that_is_a_register_is_refused(tmp_path: Path) -> None:
    tables: dict[str, list[list[Any]]] = {"填表说明": [["x"]], "承诺书": [HEADINGS, ["p-1", DAY]]}
    path = workbook(tmp_path / "a.xlsx", tables)
    edited(path, "xl/workbook.xml", b'sheetId="2"', b'sheetId="2" state="hidden"')
    with pytest.raises(Refused) as caught:
        read(path)
    assert caught.value.reason is r.HIDDEN_REGISTER


# Whatever may stand around a table


def test_what_stands_around_a_table_is_told_and_no_row_is_lost(tmp_path: Path) -> None:
    lines = [
        ["承诺书签订情况"], [], ["序号", "人员编号", "签订日期", "备注"],
        ["1", "p-1", "2016-09-28", ""], ["2", "", "", ""], ["序号", "人员编号", "签订日期", "备注"],
        ["3", "p-2", "2016-09-28", "补签"], ["", "", "", "以下空白"], ["合计", "2", "", ""],
        ["注：以上截至九月底", "", "", ""],
    ]  # fmt: skip
    delivery = read(made(tmp_path / "a.csv", csv_text(lines)))
    assert delivery.row_numbers == [4, 7]
    assert reasons_of(delivery) == [(9, r.TOTAL_ROW)]
    assert [(x.row, x.how) for x in delivery.readings] == [
        (3, how.LEFT_OUT_COLUMN),
        (3, how.LEFT_OUT_COLUMN),
        (1, how.TITLE_ROW),
        (5, how.NOTHING_OF_OURS),
        (6, how.REPEATED_HEADINGS),
        (8, how.NOTHING_OF_OURS),
        (10, how.FOOTNOTE),
    ]


def test_something_in_a_column_without_heading_is_rejected(tmp_path: Path) -> None:
    lines = [["", "人员编号", "签订日期"], ["", "p-1", "2016-09-28"], ["?", "p-2", "2016-09-28"]]
    delivery = read(made(tmp_path / "a.csv", csv_text(lines)))
    assert delivery.row_numbers == [2]
    assert reasons_of(delivery) == [(3, r.BLANK_HEADING)]


def test_an_old_workbook_of_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "MOST_CELLS", 10)
    with pytest.raises(Refused) as caught:
        read(FORMATS / "pledges.xls")
    assert caught.value.reason is r.TOO_MANY_CELLS


def test_a_columns_own_name_goes_before_an_alias_of_it(tmp_path: Path) -> None:
    lines = [["人员编号", "签订时间", "签订日期"], ["p-1", "上午", "2016-09-28"]]
    delivery = read(made(tmp_path / "a.csv", csv_text(lines)))
    assert [tuple(row.values()) for row in delivery.rows] == [("p-1", DAY)]
    assert [(x.column, x.how) for x in delivery.readings] == [("签订时间", how.LEFT_OUT_COLUMN)]
    lines[0][2] = "签订日 期"
    assert read(made(tmp_path / "a.csv", csv_text(lines))).accepted == 1
    lines[0][2] = "签字日期"
    with pytest.raises(Refused) as caught:
        read(made(tmp_path / "a.csv", csv_text(lines)))
    assert caught.value.reason is r.DUPLICATE_COLUMN
