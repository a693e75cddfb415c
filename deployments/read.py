"""The reading commands: status and policy show.

Rules: they load neither Prefect nor pandas nor Great Expectations, change nothing, and show a gate
as open only where the ledger proves it. Their JSON is an interface (see docs/interface.md).
"""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.blobs import BlobError, BlobStore
from data.engines import LedgerFault
from data.home import Home, named_home
from data.ledger import Ledger, LedgerBroken
from data.status import UnitStatus, statuses
from deployments.exits import CLOSED, DONE
from deployments.show import as_json, console, legend, sign, table
from schemas.names import CHECK, NAME, UNIT, stage_headings
from schemas.text import Refusal, Text
from schemas.vocabulary import STAGES, Body, Level, Stage

if TYPE_CHECKING:
    from schemas.authority import Panel, Requirement
    from schemas.policy import Pack, PackCheck


def home_at(path: Path | None) -> Home:
    """The opened home that the option, `TERMGATE_HOME` or the working folder names."""
    return named_home(path).opened()


def is_closed_ledger(error: Exception) -> bool:
    """Whether an error says that the record itself does not hold, so that nothing is open."""
    return isinstance(error, LedgerBroken | LedgerFault | BlobError | sqlite3.DatabaseError)


def _unit_json(one: UnitStatus) -> dict[str, Any]:
    return {
        "unit": one.unit,
        "jurisdiction": one.jurisdiction,
        "name": one.name,
        "level": one.level,
        "body": one.body,
        "stages": one.stages,
        "waived": list(one.waived),
        "unsupported": [asdict(lost) for lost in one.unsupported],
    }


def _unsupported_lines(units: list[UnitStatus]) -> list[str]:
    """What was handed on by a gate that is closed now: whoever works on it must know."""
    lines = []
    for one in units:
        for lost in one.unsupported:
            label = Stage(lost.stage).label
            text = Text(
                f"{one.unit} {label.zh}：第{lost.handed_on}条交接所依据的第{lost.decision}条决定"
                f"已不成立，见第{lost.closed}条",
                f"{one.unit} {label.en}: hand-off {lost.handed_on} was made on decision "
                f"{lost.decision}, which no longer stands, see entry {lost.closed}",
            )
            lines.append(text.render())
    return lines


def status(home: Home, scope: str, *, json: bool) -> int:
    """Show where every unit in scope stands; 0 only if every gate of every unit is open."""
    units = statuses(Ledger(home.ledger), scope)
    if json:
        as_json([_unit_json(one) for one in units])
    else:
        headings = [UNIT.render(), NAME.render(), *stage_headings()]
        rows = [
            [
                one.unit,
                one.name,
                *(
                    sign(outcome) + "*" * (name in one.waived)
                    for name, outcome in one.stages.items()
                ),
            ]
            for one in units
        ]
        console().print(table(headings, rows))
        console().print(legend())
        if any(one.waived for one in units):
            console().print(Text("* 含例外审批", "* rests on a waiver").render())
        for line in _unsupported_lines(units):
            console().print(line, style="yellow", soft_wrap=True)
        console().print(summary(units))
    return DONE if all(one.done for one in units) else CLOSED


def summary(units: list[UnitStatus]) -> str:
    """How many units are through all gates."""
    done = sum(one.done for one in units)
    return Text(
        f"{len(units)}个单位，{done}个全部通过，{len(units) - done}个进行中",
        f"{done} of {len(units)} units through all gates, {len(units) - done} under way",
    ).render()


def stage_named(name: str) -> Stage:
    """The stage of that name; any other is refused."""
    if name not in set(STAGES):
        names = ", ".join(STAGES)
        raise Refusal(
            Text(f"{name}：没有这个环节；可用 {names}", f"{name}: no such stage; use {names}")
        )
    return Stage(name)


def _check_json(stage: Stage, one: PackCheck) -> dict[str, Any]:
    return {
        "check": one.rule.code,
        "stage": stage.value,
        "title": one.rule.title.render(),
        "basis": one.rule.basis.render(),
        "parameters": one.parameters.model_dump(mode="json"),
        "unsettled": list(one.unsettled),
        "note": one.note.render() if one.note else None,
        "absolute": one.rule.absolute,
        "provider": one.rule.provider.value,
        "reads": {read.register: read.reach.value for read in one.rule.reads},
        "reasons": {code: text.render() for code, text in one.rule.reasons.items()},
        "waiver": {**_panel_json(one.waiver), "days": one.waiver.days} if one.waiver else None,
    }


def _panel_json(panel: Panel) -> dict[str, Any]:
    return {
        "organs": [organ.value for organ in panel.organs],
        "number": panel.number,
        "at": panel.at.value,
        "text": panel.text.render(),
    }


def _sign_off_json(stage: Stage, one: Requirement) -> dict[str, Any]:
    return {
        "stage": stage.value,
        "name": one.name,
        **_panel_json(one),
        "levels": [level.value for level in Level if level in one.levels],
        "bodies": [body.value for body in Body if body in one.bodies],
        "basis": one.basis.render(),
    }


def _pack(path: Path | None, name: str | None) -> Pack:
    from data.policies import pack_of, read_pack

    if name:
        return read_pack(name)
    home = home_at(path)
    return pack_of(Ledger(home.ledger), BlobStore(home.blobs))


def policy_show(path: Path | None, name: str | None, code: str | None, *, json: bool) -> int:
    """Show the pack of a cycle (or the pack `name`), or one check of it."""
    pack = _pack(path, name)
    checks = [
        _check_json(stage, one)
        for stage, entries in pack.checks.items()
        for one in entries
        if code in (None, one.rule.code)
    ]
    sign_offs = [
        _sign_off_json(stage, one) for stage, every in pack.sign_offs.items() for one in every
    ]
    if code and not checks:
        raise Refusal(
            Text(f"{code}：规则包 {pack.name} 没有这项检查", f"{code}: not in pack {pack.name}")
        )
    if json:
        left = [{"rule": rule, "reason": why.render()} for rule, why in pack.left_out]
        whole = {"pack": pack.name, "version": pack.version, "title": pack.title.render(),
                 "digest": pack.digest, "checks": checks, "sign_offs": sign_offs,
                 "left_out": left}  # fmt: skip
        as_json(checks[0] if code else whole)
    elif code:
        _print_check(checks[0])
    else:
        console().print(f"[bold]{pack.name} {pack.version}[/] {pack.title.render()}")
        console().print(_pack_table(checks))
        console().print(_sign_off_table(sign_offs))
    return DONE


def _print_check(shown: dict[str, Any]) -> None:
    to = console()
    to.print(f"[bold]{shown['check']}[/] {shown['title']}")
    lines = [shown["basis"], shown["note"] or "", _waiver_line(shown)]
    lines += [
        f"  {name} = {value}{' *' if name in shown['unsettled'] else ''}"
        for name, value in shown["parameters"].items()
    ]
    lines += [f"  {register} ({reach})" for register, reach in shown["reads"].items()]
    lines += [f"  {code}: {text}" for code, text in shown["reasons"].items()]
    for line in filter(None, lines):
        to.print(line, markup=False)


def _waiver_line(shown: dict[str, Any]) -> str:
    waiver = shown["waiver"]
    if waiver is None:
        if shown["absolute"]:
            return Text("法律不允许例外审批", "the law allows no waiver").render()
        return Text("规则包不允许例外审批", "the pack allows no waiver").render()
    return Text(
        f"可以例外审批：{waiver['text']}签字，最长{waiver['days']}天",
        f"may be waived by {waiver['text']}, for {waiver['days']} days at most",
    ).render()


def _sign_off_table(sign_offs: list[dict[str, Any]]) -> Any:
    headings = [Text("环节", "stage"), Text("会签", "sign-off"), Text("由谁签", "who signs"),
                Text("适用", "of which units")]  # fmt: skip
    rows = [
        [
            Stage(one["stage"]).label.render(),
            one["name"],
            one["text"],
            ", ".join([*(Level(level).label.render() for level in one["levels"]),
                       *(Body(body).label.render() for body in one["bodies"])]),
        ]
        for one in sign_offs
    ]  # fmt: skip
    return table([text.render() for text in headings], rows)


def _pack_table(checks: list[dict[str, Any]]) -> Any:
    headings = [CHECK.render(), Text("名称", "title").render(), Text("参数", "parameters").render()]
    rows = [
        [
            one["check"],
            one["title"],
            ", ".join(
                f"{name}={value}{' *' if name in one['unsettled'] else ''}"
                for name, value in one["parameters"].items()
            ),
        ]
        for one in checks
    ]
    return table(headings, rows, Text("* 尚无定论，由各地确定", "* not settled, local").render())
