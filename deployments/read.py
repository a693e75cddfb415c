"""The reading commands: status, gate show, policy show, audit log, audit verify.

Rules: they load neither Prefect nor pandas nor Great Expectations, change nothing, and show a gate
as open only where the ledger proves it. Their JSON is an interface (see docs/interface.md).
"""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.blobs import BlobError, BlobStore
from data.home import Home, named_home
from data.ledger import Entry, Ledger, LedgerBroken
from data.status import UnitStatus, UnknownPlace, decision, statuses, unit_names
from data.verify import verify
from deployments.exits import CLOSED, DONE
from deployments.show import as_json, console, legend, outcome, sign, table
from schemas.decisions import unpacked
from schemas.names import CHECK, NAME, UNIT, stage_headings
from schemas.text import Refusal, Text
from schemas.vocabulary import NOT_REACHED, STAGES, Outcome, Stage, Status

if TYPE_CHECKING:
    from schemas.policy import Pack, PackCheck


def home_at(path: Path | None) -> Home:
    """The opened home that the option, `TERMGATE_HOME` or the working folder names."""
    return named_home(path).opened()


def is_closed_ledger(error: Exception) -> bool:
    """Whether an error says that the record itself does not hold, so that nothing is open."""
    return isinstance(error, LedgerBroken | BlobError | sqlite3.DatabaseError)


def _unit_json(one: UnitStatus) -> dict[str, Any]:
    return {
        "unit": one.unit,
        "jurisdiction": one.jurisdiction,
        "name": one.name,
        "level": one.level,
        "body": one.body,
        "stages": one.stages,
    }


def status(home: Home, scope: str, *, json: bool) -> int:
    """Show where every unit in scope stands; 0 only if every gate of every unit is open."""
    units = statuses(Ledger(home.ledger), scope)
    if json:
        as_json([_unit_json(one) for one in units])
    else:
        headings = [UNIT.render(), NAME.render(), *stage_headings()]
        rows = [[one.unit, one.name, *map(sign, one.stages.values())] for one in units]
        console().print(table(headings, rows))
        console().print(legend())
        console().print(summary(units))
    return DONE if all(one.done for one in units) else CLOSED


def summary(units: list[UnitStatus]) -> str:
    """How many units are through all gates."""
    done = sum(one.done for one in units)
    return Text(
        f"{len(units)}个单位，{done}个全部通过，{len(units) - done}个进行中",
        f"{done} of {len(units)} units through all gates, {len(units) - done} under way",
    ).render()


def _decision_json(unit: str, stage: str, entry: Entry | None) -> dict[str, Any]:
    from schemas.reports import finding_reason

    names = ("unit", "stage", "outcome", "on", "policy", "evidence", "seq", "position",
             "decision", "signers", "code", "run", "at")  # fmt: skip
    if entry is None:
        known = {"unit": unit, "stage": stage, "outcome": NOT_REACHED, "signers": []}
        return {**dict.fromkeys(names), **known, "findings": []}
    findings = [
        {
            "check": one.check,
            "subject": one.subject,
            "status": one.status.value,
            "reason": finding_reason(one),
            "code": one.reason,
            "arguments": one.arguments,
        }
        for one in unpacked(entry["findings"])
    ]
    return {**{name: entry[name] for name in names}, "findings": findings}


def _stage(name: str) -> Stage:
    if name not in set(STAGES):
        names = ", ".join(STAGES)
        raise Refusal(
            Text(f"{name}：没有这个环节；可用 {names}", f"{name}: no such stage; use {names}")
        )
    return Stage(name)


def gate_show(home: Home, unit: str, stage: str, *, json: bool, every: bool) -> int:
    """Show the decision of one gate; with `every`, what passed too. 0 only if it is open."""
    ledger = Ledger(home.ledger)
    entry = decision(ledger, unit, _stage(stage).value)
    shown = _decision_json(unit, stage, entry)
    shown["held_by"] = _held_by(ledger, unit, stage)
    if json:
        as_json(shown)
    else:
        _print_gate(shown, every=every)
    stands = shown["outcome"] == Outcome.OPEN and shown["held_by"] is None
    return DONE if stands else CLOSED


def _held_by(ledger: Ledger, unit: str, stage: str) -> str | None:
    """The first earlier stage whose gate is not open, so that this one does not count."""
    before = STAGES[: STAGES.index(Stage(stage))]
    stages = statuses(ledger, unit)[0].stages
    return next((one.value for one in before if stages[one.value] != Outcome.OPEN), None)


def _print_gate(shown: dict[str, Any], *, every: bool) -> None:
    from schemas.reports import check_title, provider_of

    to = console()
    to.print(f"[bold]{shown['unit']}[/] {Stage(shown['stage']).label.render()}: "
             f"{outcome(shown['outcome'])}")  # fmt: skip
    if shown["held_by"]:
        held = Stage(shown["held_by"]).label
        note = Text(
            f"前面的关口“{held.zh}”未通过，本决定不算数",
            f"an earlier gate, {held.en}, is not open: this decision does not count",
        )
        to.print(f"[yellow]{note.render()}[/]")
    if shown["seq"] is None:
        to.print(Text("尚未评审", "not decided yet").render())
        return
    facts = Text(
        f"留痕第{shown['seq']}条，{shown['at']}；评审日期 {shown['on']}；"
        f"规则包 {shown['policy'][:12]}；证据 {shown['evidence'][:12]}",
        f"ledger entry {shown['seq']}, {shown['at']}; looked at on {shown['on']}; "
        f"policy {shown['policy'][:12]}; evidence {shown['evidence'][:12]}",
    )
    to.print(facts.render())
    closing = [one for one in shown["findings"] if every or one["status"] in ("fail", "missing")]
    for code in dict.fromkeys(one["check"] for one in closing):
        to.print(f"[bold]{check_title(code)}[/] ({code}) — {provider_of(code)}")
        for one in closing:
            if one["check"] == code:
                label = Status(one["status"]).label.render()
                to.print(f"  {one['subject']}: {label}: {one['reason']}".rstrip(": "), markup=False)
    rest = len(shown["findings"]) - len(closing)
    if rest:
        to.print(Text(f"另有{rest}项合格或不适用（--all 全部显示）",
                      f"{rest} more pass or do not apply (--all shows them)").render())  # fmt: skip


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
    if code and not checks:
        raise Refusal(
            Text(f"{code}：规则包 {pack.name} 没有这项检查", f"{code}: not in pack {pack.name}")
        )
    if json:
        left = [{"rule": rule, "reason": why.render()} for rule, why in pack.left_out]
        whole = {"pack": pack.name, "version": pack.version, "title": pack.title.render(),
                 "digest": pack.digest, "checks": checks, "left_out": left}  # fmt: skip
        as_json(checks[0] if code else whole)
    elif code:
        _print_check(checks[0])
    else:
        console().print(f"[bold]{pack.name} {pack.version}[/] {pack.title.render()}")
        console().print(_pack_table(checks))
    return DONE


def _print_check(shown: dict[str, Any]) -> None:
    to = console()
    to.print(f"[bold]{shown['check']}[/] {shown['title']}")
    lines = [shown["basis"], shown["note"] or ""]
    lines += [
        f"  {name} = {value}{' *' if name in shown['unsettled'] else ''}"
        for name, value in shown["parameters"].items()
    ]
    lines += [f"  {register} ({reach})" for register, reach in shown["reads"].items()]
    lines += [f"  {code}: {text}" for code, text in shown["reasons"].items()]
    for line in filter(None, lines):
        to.print(line, markup=False)


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


def _matches(entry: Entry, unit: str | None, stage: str | None) -> bool:
    units = entry["units"] if entry["kind"] == "handed-on" else ()
    return (unit is None or entry.get("unit") == unit or unit in units) and (
        stage is None or entry.get("stage") == stage
    )


def _since(since: str | None) -> tuple[int, str]:
    """The entry number after which, and the day from which, entries are listed."""
    if not since:
        return 0, ""
    if since.isascii() and since.isdigit():
        return int(since) - 1, ""
    try:
        return 0, date.fromisoformat(since).isoformat()
    except ValueError:
        raise Refusal(
            Text(
                f"--since {since}：填留痕序号或日期，如 120 或 2016-12-31",
                f"--since {since}: give an entry number or a day, such as 120 or 2016-12-31",
            )
        ) from None


def audit_log(
    home: Home, unit: str | None, stage: str | None, since: str | None, *, json: bool
) -> int:
    """List ledger entries; `since` is a sequence number or a date."""
    if stage is not None:
        _stage(stage)
    after, when = _since(since)
    ledger = Ledger(home.ledger)
    entries = [
        entry
        for entry in ledger.entries(after)
        if _matches(entry, unit, stage) and entry["at"] >= when
    ]
    if unit and not entries and unit not in unit_names(ledger):
        raise UnknownPlace(unit)
    if json:
        as_json(entries)
        return DONE
    names = [
        Text("序号", "seq"),
        Text("时间", "time"),
        Text("事项", "kind"),
        Text("内容", "content"),
    ]
    rows = [[str(one["seq"]), one["at"][:19], one["kind"], _content(one)] for one in entries]
    console().print(table([name.render() for name in names], rows))
    return DONE


def _content(entry: Entry) -> str:
    if entry["kind"] == "decided":
        return f"{entry['unit']} {entry['stage']} {outcome(entry['outcome'])}"
    if entry["kind"] == "submitted":
        return Text(
            f"{entry['register']}：接收{entry['accepted']}行，退回{entry['rejected']}行",
            f"{entry['register']}: {entry['accepted']} rows accepted, {entry['rejected']} rejected",
        ).render()
    if entry["kind"] == "handed-on":
        count = len(entry["units"])
        return Text(
            f"{entry['stage']}：交接{count}个单位", f"{entry['stage']}: {count} units"
        ).render()
    if entry["kind"] == "listed":
        return Text(f"共{entry['units']}个单位", f"{entry['units']} units").render()
    return f"{entry.get('pack', '')}"


def audit_verify(home: Home, *, json: bool) -> int:
    """Verify the whole ledger and every blob that it names; 3 where something does not hold."""
    held, fault = verify(home, blobs=True)
    if json:
        named = {"seq": fault.seq, "fault": fault.fault, "text": fault.text()} if fault else None
        as_json({"entries": held, "ok": fault is None, "fault": named})
    elif fault:
        console().print(f"[red]{fault.text()}[/]")
    else:
        console().print(Text(f"{held}条记录全部衔接，数据块完整",
                             f"{held} entries hold, and so do their blobs").render())  # fmt: skip
    return CLOSED if fault else DONE
