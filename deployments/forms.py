"""The command `forms`: cadre approval forms as a workbook of persons, candidates and kin.

Rules: it changes nothing on record; what it writes holds people's data, as the registers do, and is
for its user alone; a file that stands is never written over, and no form is left out silently.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from data.blobs import check_absent, write_durably
from data.home import named_home
from deployments.app import HomeOption, JsonOption, _, wrong_usage
from deployments.exits import DONE
from deployments.show import Answer
from schemas.text import Refusal, Text, language

SUFFIXES = (".lrmx", ".lrm")


def forms(
    book: Annotated[Path, Parameter(help=_("要写的 XLSX 文件", "the XLSX file to write"))],
    files: Annotated[
        tuple[Path, ...],
        Parameter(
            negative="",
            help=_(
                "审批表（.lrmx、.lrm），或放审批表的文件夹",
                "forms (.lrmx, .lrm), or folders of them",
            ),
        ),
    ],
    /,
    *,
    place: Annotated[
        str, Parameter(help=_("拟任单位的行政区划代码", "code of the jurisdiction of the posts"))
    ],
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Write a workbook with what forms say filled in, and the rest to fill in."""
    from tasks.asklists.record import Record
    from tasks.forms.laying import doubts_of, laid_out
    from tasks.forms.reading import read_form
    from tasks.gate.snapshot import open_snapshot
    from tasks.intake.raw import load
    from tasks.intake.refusal import Refused, shown, together
    from tasks.intake.template import sheets_bytes

    check_absent(book)
    found, problems = [], []
    for path in _every(files):
        try:
            found.append(read_form(load(path)))
        except Refused as refused:
            problems.append(refused)
    if problems:
        raise together(problems)
    record = Record(open_snapshot(named_home(home).of_this_release(), "cycle").facts)
    if record.row("jurisdictions", place) is None:
        raise Refusal(Text(f"没有行政区 {place}", f"there is no jurisdiction {place}"))
    sheets = laid_out(record, found, place, language())
    write_durably(book, sheets_bytes(sheets, language()))
    cells = sum(len(line.wanted) for lines in sheets.values() for line in lines)
    kin = len(sheets.get("kin", ()))
    doubts = [(shown(one.source), said.render()) for one in found for said in doubts_of(one)]
    value = {"file": str(book), "forms": len(found), "kin": kin, "cells": cells,
            "doubts": [{"file": file, "doubt": said} for file, said in doubts]}  # fmt: skip
    line = _(
        f"已写入 {book}：{len(found)}份审批表，可能的亲属关系{kin}项，{cells}个单元格待填；"
        "填好后用 termgate submit 报送",
        f"wrote {book}: forms: {len(found)}, possible kin: {kin}, cells to fill in: {cells}; then "
        "hand it in with `termgate submit`",
    )
    lines = [line, *(_(f"{file}：{said}", f"{file}: {said}") for file, said in doubts)]
    return Answer(value, lines, DONE).give(json=json)


def _every(files: tuple[Path, ...]) -> list[Path]:
    """The forms among files and folders, each once.

    Raises:
        Refusal: there is none.
    """
    found: dict[Path, None] = {}
    for file in files:
        inside = sorted(file.iterdir()) if file.is_dir() else [file]
        chosen = [one for one in inside if not file.is_dir() or one.suffix.lower() in SUFFIXES]
        found |= dict.fromkeys(chosen)
    if not found:
        raise wrong_usage("没有审批表（.lrmx、.lrm）", "there is no form (.lrmx, .lrm)")
    return list(found)
