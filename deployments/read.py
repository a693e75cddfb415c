"""The reading commands: status and policy show.

Rules: they load neither Prefect nor pandas nor Great Expectations, change nothing, and show a gate
as open only where the ledger proves it. Their JSON is an interface (see docs/interface.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from data.blobs import BlobStore
from data.home import named_home
from data.ledger import Ledger
from data.status import UnitStatus, marks_of, statuses
from data.waiting import doubtful_officers, number_waiting
from deployments.alarms import alarm
from deployments.app import HomeOption, JsonOption, ScopeOption, _
from deployments.exits import CLOSED, DONE
from deployments.scopes import scope_named
from deployments.show import Answer, Line, Part, Table, legend, sign
from schemas.names import CHECK, NAME, UNIT, stage_headings, unit_name
from schemas.registers import REGISTERS
from schemas.rules.base import Read, merged
from schemas.text import Refusal, Text, comma_separated, plural, stated
from schemas.vocabulary import Body, Level, Organ, Stage

if TYPE_CHECKING:
    from schemas.authority import Deliverers, Panel, Requirement, Rulings, Vouching
    from schemas.policy import Pack, PackCheck


def status(
    *, scope: ScopeOption = "cycle", home: HomeOption = None, json: JsonOption = False
) -> int:
    """Show where every unit in scope stands; 0 only if every gate of every unit is open."""
    ledger = Ledger(named_home(home).opened().ledger)
    units = statuses(ledger, scope_named(ledger, scope))
    code = DONE if all(one.done for one in units) else CLOSED
    parts = (*_board(units, marks_of(ledger)), *_to_confirm(ledger))
    return Answer([_unit_json(one) for one in units], parts, code).give(json=json)


def _to_confirm(ledger: Ledger) -> Iterator[Part]:
    """What waits for officers besides gates: deliveries, and keys that may be somebody else's."""
    if number := number_waiting(ledger):
        yield Line(
            _(
                f"{number}次报送待另一机关确认，见 termgate pending",
                f"{plural(number, 'delivery', 'deliveries')} to be confirmed by another organ, see "
                "`termgate pending`",
            ),
            "yellow",
        )
    yield from alarm(doubtful_officers(ledger))


def _unit_json(one: UnitStatus) -> dict[str, Any]:
    return {
        "unit": one.unit,
        "jurisdiction": one.jurisdiction,
        "name": one.name,
        "level": one.level,
        "body": one.body,
        "stages": one.stages,
        "waived": list(one.waived),
        "forecasts": {stage: ahead.as_json() for stage, ahead in one.forecasts.items()},
        "concluded": one.concluded or None,
        "objections": list(one.objected),
        "unsupported": [asdict(lost) for lost in one.unsupported],
    }


def _board(units: list[UnitStatus], marks: str) -> Iterator[Part]:
    if marks:
        yield Line(marks, "yellow")
    rows = [
        [
            one.unit,
            # In English the id says the body well enough, and the table fits into 80 columns.
            Text(unit_name(one.name, one.body).zh, one.name).render(),
            *(sign(one.shown(name)) + "*" * (name in one.waived) for name in one.stages),
        ]
        for one in units
    ]
    yield Table([UNIT.render(), NAME.render(), *stage_headings()], rows)
    yield legend()
    if any(one.waived for one in units):
        yield _("* 含例外审批", "* rests on a waiver")
    for line in (*_unsupported_lines(units), *_objected_lines(units)):
        yield Line(line, "yellow")
    done = sum(one.done for one in units)
    concluded = sum(bool(one.concluded) for one in units)
    yield _(
        f"{len(units)}个单位，{done}个全部通过，{len(units) - done}个进行中；{concluded}个已完成",
        f"{done} of {plural(len(units), 'unit')} through all gates, {len(units) - done} under way; "
        f"{concluded} concluded",
    )


def _objected_lines(units: list[UnitStatus]) -> Iterator[str]:
    """The concluded units to which somebody is to rule on an objection."""
    for one in units:
        if one.objected:
            name = unit_name(one.name, one.body)
            seqs = comma_separated(map(str, one.objected))
            yield _(
                f"{name.zh}：已完成，异议待裁定（记录第{seqs.zh}号），见 termgate objection list",
                f"{name.en}: concluded; to be ruled on: "
                f"{plural(len(one.objected), 'objection')} ({seqs.en}), "
                "see `termgate objection list`",
            )


def _unsupported_lines(units: list[UnitStatus]) -> Iterator[str]:
    """What was handed on by a gate that is closed now: whoever works on it must know."""
    for one in units:
        for lost in one.unsupported:
            name, label = unit_name(one.name, one.body), Stage(lost.stage).label
            yield _(
                f"{name.zh} {label.zh}："
                f"记录第{lost.handed_on}号交接所依据的记录第{lost.decision}号决定已不成立，"
                f"见记录第{lost.closed}号",
                f"{name.en} {label.en}: hand-off {lost.handed_on} was made on decision "
                f"{lost.decision}, which no longer stands, see entry {lost.closed}",
            )


def _read_json(one: Read) -> dict[str, Any]:
    return {"rows": one.form, "columns": list(one.columns)}


def _check_json(stage: Stage, one: PackCheck) -> dict[str, Any]:
    return {
        "check": one.rule.code,
        "stage": stage.value,
        "title": one.rule.title.render(),
        "basis": one.basis.render(),
        "parameters": one.parameters.model_dump(mode="json"),
        "unsettled": list(one.unsettled),
        "note": one.note.render() if one.note else None,
        "absolute": one.rule.absolute,
        "provider": one.rule.provider.value,
        "reads": [_read_json(read) for read in merged(one.reads)],
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


def _rulings_json(one: Rulings) -> dict[str, Any]:
    return {
        "reject": _panel_json(one.reject),
        "reopen": _panel_json(one.reopen),
        "basis": one.basis.render(),
    }


def _refusals_json(one: Rulings) -> dict[str, Any]:
    return {"lift": _panel_json(one.lift), "basis": one.lift_basis.render()}


def _deliveries_json(one: Deliverers) -> dict[str, Any]:
    return {
        "organs": [organ.value for organ in one.organs],
        "registers": list(one.registers),
        "within": one.within.value,
        "text": one.text.render(),
        "basis": one.basis.render(),
    }


def _deliveries_line(one: Deliverers) -> str:
    """Who delivers to which registers."""
    whole = len(one.registers) == len(REGISTERS)
    named = comma_separated(REGISTERS[name].title for name in one.registers)
    what = Text("全部台账", "every register") if whole else named
    return _(f"报送：{what.zh}由{one.text.zh}", f"delivered by {one.text.en}: {what.en}")


def _vouching_line(one: Vouching) -> str:
    """Who vouches for whose keys."""
    whole = len(one.holders) == len(Organ)
    named = comma_separated(organ.label for organ in one.holders)
    whose = Text("全部机关", "every organ") if whole else named
    return _(
        f"核验确认密钥：{whose.zh}的由其他机关中的{one.text.zh}",
        f"keys of officers of {whose.en} are vouched for by others of {one.text.en}",
    )


def _rulings_lines(rulings: Rulings) -> Iterator[str]:
    """Who rules on objections, and on refusals."""
    shown = {**_rulings_json(rulings), **_refusals_json(rulings)}
    yield _(
        f"对异议的裁定：驳回由{shown['reject']['text']}，重新启动由{shown['reopen']['text']}",
        f"objections are rejected by {shown['reject']['text']}; a concluded unit is reopened by "
        f"{shown['reopen']['text']}",
    )
    yield _(
        f"拒签由本人撤回，或由{shown['lift']['text']}解除",
        f"a refusal is withdrawn by its officer, or lifted by {shown['lift']['text']}",
    )


def _adoption_line(pack: Pack) -> str:
    """Who adopts another pack."""
    if not pack.adopters:
        return _("换届中不得更换规则包", "no other pack can be adopted in an open cycle")
    organs = comma_separated(organ.label for organ in pack.adopters)
    return _(
        f"更换规则包由最上级地方的{organs.zh}中两个机关签字",
        "another pack is adopted by two of these organs, at a place above which none stands: "
        f"{organs.en}",
    )


def _vouching_json(one: Vouching) -> dict[str, Any]:
    return {
        "organs": [organ.value for organ in one.organs],
        "holders": [organ.value for organ in one.holders],
        "at": one.at.value,
        "text": one.text.render(),
        "basis": one.basis.render(),
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


def policy_show(
    code: Annotated[str | None, Parameter(help=_("检查编号", "code of a check"))] = None,
    /,
    *,
    pack: Annotated[
        str | None,
        Parameter(
            name="--policy",
            help=_("规则包编号或文件，默认本次换届所用", "pack id or file (default: the cycle's)"),
        ),
    ] = None,
    who_can_open: Annotated[
        bool,
        Parameter(
            negative="",
            help=_(
                "每个关口最少几人合力可使其通过",
                "of each gate, how few people open it together",
            ),
        ),
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Show the pack of a cycle (or the pack that is named), or one check of it."""
    from data.policies import in_force, read_pack

    if pack:
        chosen = read_pack(pack)
    else:
        opened = named_home(home).opened()
        chosen = in_force(Ledger(opened.ledger), BlobStore(opened.blobs)).pack
    if who_can_open:
        from deployments.coalitions import answer

        return answer(chosen).give(json=json)
    checks = [
        _check_json(stage, one)
        for stage, entries in chosen.checks.items()
        for one in entries
        if code in (None, one.rule.code)
    ]
    if code and not checks:
        raise Refusal(
            Text(f"{code}：规则包 {chosen.name} 没有这项检查", f"{code}: not in pack {chosen.name}")
        )
    if code:
        return Answer(checks[0], _check_parts(checks[0])).give(json=json)
    sign_offs = [
        _sign_off_json(stage, one) for stage, every in chosen.sign_offs.items() for one in every
    ]
    whole = {
        "pack": chosen.name,
        "version": chosen.version,
        "title": chosen.title.render(),
        "digest": chosen.digest,
        "checks": checks,
        "sign_offs": sign_offs,
        "objections": _rulings_json(chosen.rulings),
        "refusals": _refusals_json(chosen.rulings),
        "adoption": [organ.value for organ in chosen.adopters],
        "deliveries": [_deliveries_json(one) for one in chosen.deliverers],
        "vouching": [_vouching_json(one) for one in chosen.vouching],
        "left_out": [{"rule": rule, "reason": why.render()} for rule, why in chosen.left_out],
    }
    parts: list[Part] = [
        f"[bold]{chosen.name} {chosen.version}[/] {chosen.title.render()}",
        _pack_table(checks),
        _sign_off_table(sign_offs),
        *map(Line, _rulings_lines(chosen.rulings)),
        Line(_adoption_line(chosen)),
        *(Line(_vouching_line(one)) for one in chosen.vouching),
        *(Line(_deliveries_line(one)) for one in chosen.deliverers),
    ]
    return Answer(whole, parts).give(json=json)


def _check_parts(shown: dict[str, Any]) -> Iterator[Part]:
    from rich.markup import escape

    yield f"[bold]{shown['check']}[/] {shown['title']}"
    lines = [shown["basis"], shown["note"] or "", _waiver_line(shown)]
    lines += [
        f"  {name} = {value}{' *' if name in shown['unsettled'] else ''}"
        for name, value in shown["parameters"].items()
    ]
    lines += [f"  {stated(one['rows'], ', '.join(one['columns']))}" for one in shown["reads"]]
    lines += [f"  {stated(code, text)}" for code, text in shown["reasons"].items()]
    yield from map(escape, filter(None, lines))


def _waiver_line(shown: dict[str, Any]) -> str:
    waiver = shown["waiver"]
    if waiver is None:
        if shown["absolute"]:
            return _("法律不允许例外审批", "the law allows no waiver")
        return _("规则包不允许例外审批", "the pack allows no waiver")
    return _(
        f"可以例外审批：{waiver['text']}签字，最长{waiver['days']}天",
        f"may be waived by {waiver['text']}, for {plural(waiver['days'], 'day')} at most",
    )


def _sign_off_table(sign_offs: list[dict[str, Any]]) -> Table:
    headings = [_("环节", "stage"), _("会签", "sign-off"), _("由谁签", "who signs"),
                _("适用", "of which units")]  # fmt: skip
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
    return Table(headings, rows)


def _pack_table(checks: list[dict[str, Any]]) -> Table:
    headings = [CHECK.render(), _("名称", "title"), _("参数", "parameters")]
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
    return Table(headings, rows, _("* 尚无定论，由各地确定", "* not settled, local"))
