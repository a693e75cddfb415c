"""The command that writes a unit's result report, to be printed and signed.

Rules: names of people go into the file and nowhere else; what stands is never written over; a unit
without a result that was handed on ends with 3.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from data.blobs import check_absent, write_durably
from data.home import named_home
from data.ledger import Ledger
from deployments.app import HomeOption, JsonOption, UnitArgument, _
from deployments.exits import CLOSED, print_stderr
from deployments.scopes import unit_named
from deployments.show import Answer, Line
from schemas.text import Refusal, Text, language

_HTML, _XLSX = (".html", ".htm"), (".xlsx",)


def result(
    unit: UnitArgument,
    file: Annotated[
        Path,
        Parameter(
            help=_(
                "要写的文件：.html 或 .xlsx（内有姓名）",
                "file to write: .html or .xlsx (has names)",
            )
        ),
    ],
    /,
    *,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Write the result report of a unit: every vote and count, the elected, lines to sign on."""
    suffix = file.suffix.lower()
    if suffix not in (*_HTML, *_XLSX):
        raise Refusal(
            Text(f"{file}：后缀须为 .html 或 .xlsx", f"{file}: its suffix must be .html or .xlsx")
        )
    opened = named_home(home).of_this_release()
    check_absent(file)
    from tasks.results.content import document_of
    from tasks.results.source import NoResult, source_of

    try:
        source = source_of(opened, unit_named(Ledger(opened.ledger), unit))
    except NoResult as none:
        print_stderr(str(none))
        return CLOSED
    document = document_of(source)
    if suffix in _HTML:
        from tasks.results.page import page_bytes as made
    else:
        from tasks.results.sheet import sheet_bytes as made
    write_durably(file, made(document, language()))
    value = {
        "file": str(file),
        "unit": source.handed.unit,
        "handed_on": source.handed.seq,
        "decision": source.decision.seq,
        "digest": source.handed.digest,
        "closed": source.closed or None,
        "objections": list(source.objected),
    }
    line = _(
        f"已写入 {file}：据记录第{source.handed.seq}号交接、第{source.decision.seq}号决定；"
        "内有姓名，请妥善保管",
        f"wrote {file}: of hand-off {source.handed.seq}, on decision {source.decision.seq}; it "
        "holds names",
    )
    return Answer(value, [Line(line)], CLOSED if source.closed or source.objected else 0).give(
        json=json
    )
