"""The commands `new` and `map`: a book for a place to fill in, and a map of people's own sheets.

Rules: what is not given is asked for where somebody sits at the terminal, and refused otherwise; a
file that stands is never written over; nothing goes on record before `termgate init`.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from data.blobs import check_absent, write_durably
from deployments.app import JsonOption, _, code_named, day_read, day_typed, wrong_usage
from deployments.exits import DONE
from deployments.show import Answer
from schemas.places import UNIT_LEVELS
from schemas.text import Text, language, plural
from schemas.vocabulary import Level

LEVEL = Text("层级", "level")


def new(
    book: Annotated[Path, Parameter(help=_("要写的 XLSX 文件", "the XLSX file to write"))],
    /,
    *,
    place: Annotated[
        str | None, Parameter(help=_("行政区，写代码或名称", "the jurisdiction, by code or name"))
    ] = None,
    level: Annotated[
        tuple[str, ...],
        Parameter(
            negative="",
            help=_(
                "只要这些层级的班子（可重复）；默认该行政区及其以下",
                "only bodies of these levels (may be repeated); default: the place and all below",
            ),
        ),
    ] = (),
    policy: Annotated[
        str | None, Parameter(help=_("规则包编号或 TOML 文件", "pack id or TOML file"))
    ] = None,
    election_day: Annotated[
        date | None,
        Parameter(
            converter=day_typed,
            help=_(
                "选民投票的选举日，各项日期由此推算",
                "the day on which voters vote; the calendar is counted from it",
            ),
        ),
    ] = None,
    divisions: Annotated[
        Path | None,
        Parameter(
            help=_(
                "区划表（列同台账“行政区”，人口可空），或随附的 qingning-2016；默认全国县级以上",
                "list of divisions (columns of the register of jurisdictions, populations may be "
                "empty), or qingning-2016, which is shipped; default: the country's, down to "
                "counties",
            )
        ),
    ] = None,
    json: JsonOption = False,
) -> int:
    """Write a new book."""
    from data.policies import read_pack
    from tasks.books.divisions import places_of
    from tasks.books.writing import write_book

    check_absent(book)
    code = place or _asked("行政区划代码", "code of the jurisdiction", "--place")
    pack = read_pack(policy or _asked("规则包", "policy pack", "--policy"))
    day = election_day or day_read(_asked("选举日", "election day", "--election-day"))
    levels = [Level(code_named(one, LEVEL, UNIT_LEVELS)) for one in level]
    places = places_of(code, levels, divisions)
    cells = write_book(book, places, pack, day, language())
    value = {"file": str(book), "places": len(places.within), "cells": cells}
    line = _(
        f"已写入 {book}：{len(places.within)}个行政区，{cells}个单元格待填；填好后用 termgate init "
        "开始换届",
        f"wrote {book}: places: {len(places.within)}, cells to fill in: {cells}; then open the "
        "cycle with `termgate init`",
    )
    return Answer(value, [line], DONE).give(json=json)


def map_sheets(
    folder: Annotated[
        Path, Parameter(help=_("自有表格所在文件夹", "the folder of people's own sheets"))
    ],
    file: Annotated[
        Path | None,
        Parameter(help=_("要写的对照表，默认 map.toml", "the map to write, default map.toml")),
    ] = None,
    /,
    *,
    json: JsonOption = False,
) -> int:
    """Write the first draft of a map."""
    from tasks.intake.suggesting import draft

    path = file or folder / "map.toml"
    check_absent(path)
    text, sheets = draft(folder, language())
    write_durably(path, text.encode())
    value = {"file": str(path), "sheets": sheets}
    line = _(
        f"已写入 {path}：{sheets}张工作表；核对并补全后，用 termgate init 或 submit 的 --map 使用",
        f"wrote {path}: {plural(sheets, 'sheet')}; look it over and complete it, then use it with "
        "--map of `termgate init` or `submit`",
    )
    return Answer(value, [line], DONE).give(json=json)


def _asked(zh: str, en: str, option: str) -> str:
    """What somebody at the terminal answers.

    Raises:
        Refusal: nobody sits there, or nothing was answered.
    """
    answer = input(_(f"{zh}：", f"{en}: ")).strip() if sys.stdin.isatty() else ""
    if not answer:
        raise wrong_usage(f"缺少{zh}（{option}）", f"the {en} is missing ({option})")
    return answer
