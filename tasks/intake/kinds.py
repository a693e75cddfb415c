"""What a file is, by its content and not by its name; and opening those that hold sheets.

Rules: whatever holds no table is named as what it is, so that nobody looks for a damaged workbook
where there is a PDF; a file that is nothing known is a CSV, unless its name says workbook.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable

from schemas.text import Text
from tasks.intake import reasons
from tasks.intake.package import refusing_damage
from tasks.intake.raw import Sheets, Source
from tasks.intake.refusal import Refused

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
SUFFIXES = (".csv", *WORKBOOK_SUFFIXES)
# What rejected rows come back as.
QUARANTINE_SUFFIX = ".xlsx"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SPREADSHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_HEAD = 4096

_SHEETS = Text("表格或网页", "a spreadsheet or a web page")
_DAMAGED = Text("打不开的文件", "a file that cannot be opened")
_WORD = Text(" Word 文档", "a Word document")
_SLIDES = Text("演示文稿", "a presentation")
_ARCHIVE = Text("压缩包", "an archive")
_IMAGE = Text("图片", "an image")
_FORM = Text(
    "干部任免审批表，用 termgate forms 读取",
    "a cadre approval form, which `termgate forms` reads,",
)
# How a file begins → what it is.
_SIGNATURES: tuple[tuple[bytes, Text], ...] = (
    (b"%PDF-", Text(" PDF 文件", "a PDF")),
    (b"{\\rtf", Text(" RTF 文档", "an RTF document")),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"\x89PNG\r\n", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"SQLite format 3\0", Text("数据库", "a database")),
    (b"BEGIN:VCALENDAR", Text("日历", "a calendar")),
    (b"-----BEGIN ", Text("密钥或证书文件", "a key or a certificate")),
    (b"MIME-Version:", Text("单个文件网页或邮件", "a web archive or a mail")),
)
# A part of a packed file → what the file is.
_PACKED: tuple[tuple[str, Text], ...] = (
    ("word/", _WORD),
    ("ppt/", _SLIDES),
    ("xl/workbook.bin", Text("二进制工作簿（.xlsb）", "a binary workbook (.xlsb)")),
    ("OFD.xml", Text(" OFD 版式文件", "an OFD document")),
)
_STREAMS: tuple[tuple[str, Text], ...] = (
    ("WordDocument", _WORD),
    ("PowerPoint Document", _SLIDES),
)


def open_sheets(source: Source) -> Sheets:
    """A file's sheets; a CSV is one sheet.

    Raises:
        Refused: it holds no sheets, has a password, is damaged or too large.
    """
    return _opener(source)(source)


def _opener(source: Source) -> Callable[[Source], Sheets]:
    content = source.content
    if content.startswith(_ZIP):
        return _packed(source)
    if content.startswith(_OLE):
        return _compound(source)
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            raise Refused(reasons.NOT_A_SPREADSHEET, source.place, kind=kind)
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<"):
        return _marked_up(source, head)
    if head.startswith((b"{", b"[")) and _is_json(content):
        raise Refused(
            reasons.NOT_A_SPREADSHEET, source.place, kind=Text(" JSON 文件", "a JSON file")
        )
    if source.name.lower().endswith(WORKBOOK_SUFFIXES):
        raise Refused(reasons.NOT_A_WORKBOOK, source.place)
    if source.name.lower().endswith(".lrm") and head.startswith(b'"'):
        # Otherwise it would be a CSV of one line.
        raise Refused(reasons.NOT_A_SPREADSHEET, source.place, kind=_FORM)
    from tasks.intake.separated import SeparatedFile

    return SeparatedFile


def kind_of(content: bytes) -> Text | None:
    """What a file is, as people call it; nothing where it is text of no known form."""
    from tasks.intake.separated import SeparatedFile

    try:
        opener = _opener(Source("", content))
    except Refused as refused:
        kind = refused.arguments.get("kind")
        return kind if isinstance(kind, Text) else _DAMAGED
    return None if opener is SeparatedFile else _SHEETS


def _packed(source: Source) -> Callable[[Source], Sheets]:
    names: list[str] = []
    mimetype = b""
    with refusing_damage(source.place):
        archive = zipfile.ZipFile(io.BytesIO(source.content))
        names = archive.namelist()
        if "mimetype" in names and archive.getinfo("mimetype").file_size < _HEAD:
            mimetype = archive.read("mimetype").strip()
    if "xl/workbook.xml" in names:
        from tasks.intake.workbook import Workbook

        return Workbook
    if mimetype == _ODS:
        from tasks.intake.opendocument import OpenDocument

        return OpenDocument
    for part, kind in _PACKED:
        if any(name.startswith(part) for name in names):
            raise Refused(reasons.NOT_A_SPREADSHEET, source.place, kind=kind)
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        kind = Text(" OpenDocument 文档", "an OpenDocument text or presentation")
        raise Refused(reasons.NOT_A_SPREADSHEET, source.place, kind=kind)
    raise Refused(reasons.NOT_A_SPREADSHEET, source.place, kind=_ARCHIVE)


def _compound(source: Source) -> Callable[[Source], Sheets]:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in source.content

    if has("EncryptedPackage"):
        raise Refused(reasons.PASSWORD, source.place)
    for stream, kind in _STREAMS:
        if has(stream):
            raise Refused(reasons.NOT_A_SPREADSHEET, source.place, kind=kind)
    from tasks.intake.oldworkbook import OldWorkbook

    return OldWorkbook


def _marked_up(source: Source, head: bytes) -> Callable[[Source], Sheets]:
    from tasks.intake import markup

    if _SPREADSHEET_XML in head and b"<html" not in head.lower():
        return markup.read_spreadsheet_xml
    if re.match(rb"<(!doctype html|html|table|meta|head|style|body|!--)", head, re.IGNORECASE):
        return markup.read_html
    form = b"<XingMing>" in source.content[:_HEAD]
    kind = _FORM if form else Text(" XML 文件", "an XML file")
    raise Refused(reasons.NOT_A_SPREADSHEET, source.place, kind=kind)


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True
