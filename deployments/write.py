"""The writing commands: init, submit, template.

Rules: what became of every row is told: accepted and rejected counts, the quarantine file, and the
first reason; any rejected row ends with exit code 2, though what was accepted stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from data.home import named_home
from deployments.exits import BAD_INPUT, DONE
from deployments.read import home_at
from deployments.show import as_json, console, table
from schemas.registers import REGISTERS
from schemas.text import Language, Refusal, Text
from tasks.intake import accept
from tasks.intake.accept import Receipt


def _receipts_json(receipts: Iterable[Receipt]) -> dict[str, dict[str, object]]:
    return {
        one.register: {
            "accepted": one.accepted,
            "rejected": one.rejected,
            "quarantine": str(one.quarantine) if one.quarantine else None,
        }
        for one in receipts
    }


def _print_receipts(receipts: Sequence[Receipt]) -> None:
    names = [Text("台账", "register"), Text("接收", "accepted"), Text("退回", "rejected"),
             Text("退回清单", "quarantine")]  # fmt: skip
    rows = [
        [
            REGISTERS[one.register].title.render(),
            str(one.accepted),
            str(one.rejected),
            str(one.quarantine or ""),
        ]
        for one in receipts
    ]
    console().print(table([name.render() for name in names], rows))
    for one in receipts:
        if one.first:
            console().print(f"[red]{REGISTERS[one.register].title.render()}[/]: {one.first}")


def _told(receipts: Sequence[Receipt], *, json: bool) -> int:
    if json:
        as_json(_receipts_json(receipts))
    else:
        _print_receipts(receipts)
    return BAD_INPUT if any(one.rejected for one in receipts) else DONE


def init(path: Path | None, pack: str, book: Path, *, json: bool) -> int:
    """Open a cycle; `accepted`, `rejected` and `quarantine` per register."""
    return _told(accept.open_cycle(named_home(path), pack, book), json=json)


def submit(
    path: Path | None, register: str, file: Path, officer: str, *, withdraw: bool, json: bool
) -> int:
    """Take a submission to one register."""
    receipt = accept.submit(home_at(path), register, file, officer, withdraw=withdraw)
    return _told([receipt], json=json)


def template(file: Path, registers: Sequence[str], lang: Language) -> int:
    """Write an empty workbook; a file that stands is never written over."""
    from tasks.intake.template import write_template

    if file.exists():
        raise Refusal(
            Text(
                f"{file.name}：文件已存在，不予覆盖；换一个文件名",
                f"{file.name}: exists and is not written over; choose another name",
            )
        )
    write_template(file, lang, registers or None)
    console().print(Text(f"已写入 {file}", f"wrote {file}").render())
    return DONE
