"""The writing commands: init, submit, template.

Rules: what became of every row is told: accepted and rejected counts, the quarantine file, and the
first reason; any rejected row ends with exit code 2, though what was accepted stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from data.home import named_home
from deployments.app import HomeOption, JsonOption, _
from deployments.exits import BAD_INPUT, DONE
from deployments.show import Answer, Part, Table, show
from schemas.registers import REGISTERS
from schemas.text import Refusal, Text, language
from tasks.intake import accept
from tasks.intake.accept import Receipt


def init(
    *,
    policy: Annotated[str, Parameter(help=_("规则包编号或 TOML 文件", "pack id or TOML file"))],
    book: Annotated[
        Path, Parameter(help=_("工作簿（XLSX）或 CSV 文件夹", "workbook (XLSX) or folder of CSV"))
    ],
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Open a cycle; `accepted`, `rejected` and `quarantine` per register."""
    return _receipts(accept.open_cycle(named_home(home), policy, book)).give(json=json)


def submit(
    register: Annotated[str, Parameter(help=_("台账", "register"))],
    file: Annotated[Path, Parameter(help=_("XLSX 或 CSV 文件", "XLSX or CSV file"))],
    /,
    *,
    by: Annotated[str, Parameter(help=_("经办人编号", "id of the officer who delivers it"))],
    withdraw: Annotated[
        bool,
        Parameter(
            negative="",
            help=_("文件只列主键，撤回这些行", "the file lists keys only: withdraw those rows"),
        ),
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Take a submission to one register."""
    opened = named_home(home).opened()
    receipt = accept.submit(opened, register, file, by, withdraw=withdraw)
    return _receipts([receipt]).give(json=json)


def _receipts(receipts: Sequence[Receipt]) -> Answer:
    value = {
        one.register: {
            "accepted": one.accepted,
            "rejected": one.rejected,
            "quarantine": str(one.quarantine) if one.quarantine else None,
        }
        for one in receipts
    }
    code = BAD_INPUT if any(one.rejected for one in receipts) else DONE
    return Answer(value, _parts(receipts), code)


def _parts(receipts: Sequence[Receipt]) -> Iterator[Part]:
    names = [_("台账", "register"), _("接收", "accepted"), _("退回", "rejected"),
             _("退回清单", "quarantine")]  # fmt: skip
    rows = [
        [
            REGISTERS[one.register].title.render(),
            str(one.accepted),
            str(one.rejected),
            str(one.quarantine or ""),
        ]
        for one in receipts
    ]
    yield Table(names, rows)
    for one in receipts:
        if one.first:
            yield f"[red]{REGISTERS[one.register].title.render()}[/]: {one.first}"


def template(
    file: Annotated[Path, Parameter(help=_("要写的 XLSX 文件", "the XLSX file to write"))],
    /,
    *,
    register: Annotated[
        tuple[str, ...],
        Parameter(
            negative="", help=_("只要这些台账（可重复）", "only these registers (may be repeated)")
        ),
    ] = (),
) -> int:
    """Write an empty workbook; a file that stands is never written over."""
    from tasks.intake.template import write_template

    if file.exists():
        raise Refusal(
            Text(
                f"{file.name}：文件已存在，不予覆盖；换一个文件名",
                f"{file.name}: exists and is not written over; choose another name",
            )
        )
    write_template(file, language(), register or None)
    show([_(f"已写入 {file}", f"wrote {file}")])
    return DONE
