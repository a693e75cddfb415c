"""The command `gate show`: a decision, and everything that a signer must see.

Rules: it loads neither Prefect nor pandas nor Great Expectations and changes nothing; a gate is
shown as open only where the ledger proves it; what is waived is always shown, with who signed the
waiver, why and until when; a signature that does not count is shown with the reason. Its JSON is an
interface (see docs/interface.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from data.acts import Gate
from data.blobs import BlobError, BlobStore
from data.forecasts import Forecast
from data.history import COUNTS, UNUSED, VOID, History, history_of_gates
from data.home import Home, named_home
from data.ledger import Ledger
from data.policies import Authorities, InForce
from data.status import decision, statuses
from deployments.app import HomeOption, JsonOption, StageArgument, UnitArgument, _, stage_named
from deployments.changed_rows import Rows, RowsOf, raised_json, raised_lines
from deployments.exits import CLOSED, DONE
from deployments.scopes import unit_named
from deployments.show import Answer, Line, Part, outcome
from schemas.authority import Requirement
from schemas.decisions import unpacked
from schemas.entries import KINDS, Decided, GateAct, Ruled, Waived, Withdrawn
from schemas.findings import Finding
from schemas.names import officer_name
from schemas.refusals import ACT_FAULTS
from schemas.reports import check_title, finding_reason, is_sign_off, provider_of
from schemas.subjects import finding_name, subject_shown
from schemas.text import Text, comma_separated, plural, stated
from schemas.vocabulary import NOT_REACHED, STAGES, Outcome, Stage, Status
from schemas.words import CAUSES, HISTORICAL, TRIAL, VERDICTS, named, organ_name

if TYPE_CHECKING:
    from tasks.changes import Change

_COPIED = ("unit", "stage", "outcome", "on", "policy", "evidence", "seq", "position", "decision",
           "signers", "sign_offs", "waivers", "since", "reopened", "code", "run", "at")  # fmt: skip
_SHOWN = ("fail", "missing", "not_yet", "waived")
# Whether an act counts; null where the next launch decides.
_COUNTING = {COUNTS: True, VOID: False, UNUSED: False}


def gate_show(
    unit: UnitArgument,
    stage: StageArgument,
    /,
    *,
    every: Annotated[
        bool, Parameter(name="--all", negative="", help=_("合格的也显示", "show passes too"))
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Show the decision of one gate; with `every`, what passed too. 0 only if it is open."""
    opened = named_home(home).opened()
    shown = gate_json(opened, unit_named(Ledger(opened.ledger), unit), stage_named(stage).value)
    stands = shown["outcome"] == Outcome.OPEN and shown["held_by"] is None
    code = DONE if stands and not shown["objections"] else CLOSED
    return Answer(shown, _parts(shown, every=every), code).give(json=json)


def gate_json(
    home: Home,
    unit: str,
    stage: str,
    history: History | None = None,
    rows: Rows | None = None,
) -> dict[str, Any]:
    """A gate: its decision and findings, what officers did about it, what holds it, its forecast.

    `history` is all that the ledger says, where that is known already; `rows` knows which changed.

    Raises:
        UnknownPlace: there is no such unit.
        LedgerBroken: what is on record is not what its entry says.
    """
    ledger = Ledger(home.ledger)
    history, rows = history or history_of_gates(ledger, "unit = ?", unit), rows or RowsOf(home)
    now, first = statuses(ledger, unit)[0], ledger.opened()
    objected = [history.objections.raised[seq] for seq in now.objected]
    ahead, entry = now.forecasts.get(stage), decision(ledger, unit, stage)
    on = date.fromisoformat(history.latest)
    rules = InForce(BlobStore(home.blobs), history.packs, on).named(entry.policy if entry else "")
    required = rules.sign_offs[Stage(stage)]
    found = [] if entry is None else unpacked(entry.findings)
    return _decision_json(unit, stage, entry) | {
        "findings": [finding_json(one, required) for one in found],
        "bases": _bases(rules, required, [*found, *(ahead.closing if ahead else ())]),
        "held_by": _held_by(now.stages, stage),
        "acts": _acts_json(home, history, (unit, stage), rows),
        "undermined": history.undermining((unit, stage)),
        "concluded": now.concluded or None,
        "objections": list(now.objected),
        "raised": {str(seq): raised_json(each) for seq, each in rows.raised(objected).items()},
        "historical": first.historical,
        "trial": first.trial,
        "forecast": _forecast_json(ahead) if ahead else None,
    }


def _held_by(stages: Mapping[str, str], stage: str) -> str | None:
    """The first earlier stage whose gate is not open, so that this one does not count."""
    before = STAGES[: STAGES.index(Stage(stage))]
    return next((one.value for one in before if stages[one.value] != Outcome.OPEN), None)


def _forecast_json(ahead: Forecast) -> dict[str, Any]:
    return {**ahead.as_json(), "findings": [finding_json(one) for one in ahead.closing]}


def _bases(
    rules: Authorities, required: Sequence[Requirement], findings: Sequence[Finding]
) -> dict[str, str]:
    """Check → its basis in law, as the pack has it; of sign-offs those of who must sign."""
    found: dict[str, Text | None] = {one.check: rules.basis(one.check) for one in findings}
    for code in filter(is_sign_off, found):
        asked = {one.subject for one in findings if one.check == code}
        texts = dict.fromkeys(one.basis for one in required if one.name in asked)
        found[code] = Text("；".join(one.zh for one in texts), "; ".join(one.en for one in texts))
    return {code: basis.render() for code, basis in found.items() if basis}


def finding_json(one: Finding, required: Sequence[Requirement] = ()) -> dict[str, Any]:
    """A finding as JSON, its subject and reason in words too; `required` are who must sign."""
    name = finding_name(one, required)
    return {
        "check": one.check,
        "subject": one.subject,
        "name": name.render() if name else "",
        "status": one.status.value,
        "reason": finding_reason(one),
        "code": one.reason,
        "arguments": one.arguments,
    }


def _decision_json(unit: str, stage: str, entry: Decided | None) -> dict[str, Any]:
    if entry is None:
        known = {"unit": unit, "stage": stage, "outcome": NOT_REACHED}
        lists: dict[str, Any] = {"signers": [], "sign_offs": [], "waivers": []}
        return {**dict.fromkeys(_COPIED), **known, **lists}
    fields = entry.as_json()
    return {name: fields[name] for name in _COPIED}


# Acts of officers


def _acts_json(home: Home, history: History, gate: Gate, rows: Rows) -> list[dict[str, Any]]:
    """What officers signed about the gate, oldest first, and whether it counts."""
    acts = history.acts.of(*gate)
    changes = rows.changes(history.on_other_evidence(gate))
    blobs = BlobStore(home.blobs)
    return [
        {**_act_json(act, blobs, history), "changes": _changes_json(changes.get(act.seq))}
        for act in acts
    ]


def _changes_json(changes: Sequence[Change] | None) -> list[dict[str, Any]] | None:
    return None if changes is None else [one.as_json() for one in changes]


def _act_json(act: GateAct, blobs: BlobStore, history: History) -> dict[str, Any]:
    said = act.said
    weight = history.weight(act)
    waived = act if isinstance(act, Waived) else None
    return {
        "seq": act.seq,
        "at": act.at,
        "kind": act.kind,
        "officer": act.officer,
        "organ": said.organ,
        "jurisdiction": said.jurisdiction,
        "evidence": said.evidence,
        "check": waived.check if waived else None,
        "subject": waived.subject if waived else None,
        "until": waived.until if waived else None,
        "of": act.of if isinstance(act, Withdrawn | Ruled) else None,
        "verdict": act.verdict if isinstance(act, Ruled) else None,
        "text": reason_text(blobs, said.reason),
        "counts": _COUNTING.get(weight.state),
        "void": weight.code,
        "reason": ACT_FAULTS[weight.code].render() if weight.code else "",
    }


def reason_text(blobs: BlobStore, name: str) -> str | None:
    """The text of a reason; null where none was given or its blob was erased."""
    if not name:
        return None
    try:
        return blobs.get(name).decode()
    except BlobError:
        return None


# In a terminal


def _parts(shown: dict[str, Any], *, every: bool) -> Iterator[Part]:
    gate = f"[bold]{shown['unit']}[/] {Stage(shown['stage']).label.render()}"
    yield stated(gate, outcome(shown["outcome"]))
    for mark, text in (("trial", TRIAL), ("historical", HISTORICAL)):
        if shown[mark]:
            yield Line(text.render(), "yellow")
    if shown["held_by"]:
        held = Stage(shown["held_by"]).label
        note = _(
            f"前面的关口“{held.zh}”未通过，本决定无效",
            f"an earlier gate, {held.en}, is not open: this decision does not count",
        )
        yield f"[yellow]{note}[/]"
    if shown["concluded"]:
        yield Line(
            _(
                f"单位已完成（记录第{shown['concluded']}号）",
                f"the unit is concluded (ledger entry {shown['concluded']})",
            )
        )
    if line := undermined_line(shown):
        yield Line(line.render(), "yellow")
    for seq in shown["objections"]:
        note = _(
            f"异议待裁定：记录第{seq}号，见 termgate objection show {seq}",
            f"objection {seq} is to be ruled on: see `termgate objection show {seq}`",
        )
        yield Line(note, "yellow")
        yield from raised_lines(shown["raised"][str(seq)])
    if shown["forecast"]:
        yield from _forecast(shown["forecast"], shown["bases"], every=every)
    if shown["seq"] is None:
        yield _("尚未核查", "not decided yet")
        return
    yield _(
        f"记录第{shown['seq']}号，{shown['at']}；核查日期 {shown['on']}；"
        f"规则包 {shown['policy'][:12]}；依据材料 {shown['evidence'][:12]}",
        f"ledger entry {shown['seq']}, {shown['at']}; looked at on {shown['on']}; "
        f"policy {shown['policy'][:12]}; evidence {shown['evidence'][:12]}",
    )
    if shown["reopened"]:
        yield f"[yellow]{_closed_again(shown['reopened'])}[/]"
    yield from _findings(shown["findings"], shown["bases"], every=every)
    for act in shown["acts"]:
        yield Line(_act_line(act))
        if act["changes"] is not None:
            yield from (Line(f"    {line}") for line in since_lines(_rows(act["changes"])))


def undermined_line(shown: dict[str, Any]) -> Text | None:
    """That a gate stands open on what counts no more, and what the next run will do about it."""
    acts = [one for one in shown["acts"] if one["seq"] in shown["undermined"]]
    if not acts:
        return None
    every = comma_separated(_undermining(one) for one in acts)
    then = (
        Text("再次运行后将提出异议", "the next run objects to it")
        if shown["concluded"]
        else Text("再次运行后将暂停", "the next run closes it")
    )
    return Text(
        f"上次核查之后有变动：{every.zh}；{then.zh}，其余签字足够的除外",
        f"since it was last decided: {every.en}; {then.en}, unless what else was signed is enough",
    )


def _undermining(act: dict[str, Any]) -> Text:
    """An act that says otherwise by now than the decision."""
    kind = KINDS[act["kind"]].label
    why = ACT_FAULTS[act["void"]] if act["void"] else Text("", "")
    return Text(
        f"{kind.zh}（记录第{act['seq']}号{'，' if why.zh else ''}{why.zh}）",
        f"{kind.en} (entry {act['seq']}{': ' if why.en else ''}{why.en})",
    )


def _forecast(ahead: dict[str, Any], bases: Mapping[str, str], *, every: bool) -> Iterator[Part]:
    """What the gate would say, marked as no decision."""
    number = ahead["closing"]
    state = (
        Text("目前应有的材料齐全", "all that can be asked for by now is there")
        if ahead["complete"]
        else Text(f"还缺或有误{number}项", f"{plural(number, 'finding')} would close it")
    )
    yield Line(
        _(
            f"预评（不是决定，不能签字）：{state.zh}；{ahead['on']}，截至记录第{ahead['position']}号",
            f"forecast (no decision, nobody signs it): {state.en}; on {ahead['on']}, as of ledger "
            f"entry {ahead['position']}",
        ),
        "dim",
    )
    yield from _findings(ahead["findings"], bases, every=every)


def _closed_again(reopened: dict[str, Any]) -> str:
    """That a gate stood open and was closed, and why."""
    causes = comma_separated(named(CAUSES, code) for code in reopened["causes"])
    return _(
        f"曾经通过（记录第{reopened['of']}号），现已暂停：{causes.zh}",
        f"it stood open (ledger entry {reopened['of']}) and is closed again: {causes.en}",
    )


def _findings(
    findings: list[dict[str, Any]], bases: Mapping[str, str], *, every: bool
) -> Iterator[Part]:
    from rich.markup import escape

    closing = [one for one in findings if every or one["status"] in _SHOWN]
    for code in dict.fromkeys(one["check"] for one in closing):
        title, provider = check_title(code), provider_of(code)
        yield _(
            f"[bold]{title}[/]（{code}）——{provider}", f"[bold]{title}[/] ({code}) — {provider}"
        )
        if code in bases:
            yield Line(_(f"  依据：{bases[code]}", f"  basis: {bases[code]}"), "dim")
        for one in closing:
            if one["check"] == code:
                label = Status(one["status"]).label.render()
                said = [
                    part
                    for part in (
                        subject_shown(code, one["subject"], one["name"]),
                        label,
                        one["reason"],
                    )
                    if part
                ]
                yield escape(f"  {stated(*said)}")
    rest = len(findings) - len(closing)
    if rest:
        yield _(
            f"另有{rest}项合格或不适用（--all 全部显示）",
            f"{rest} more: passed or not applicable (--all shows them)",
        )


def _rows(changes: Sequence[dict[str, str]]) -> list[Change]:
    from tasks.changes import Change

    return [Change(one["register"], one["change"], one["key"]) for one in changes]


def since_lines(changes: Sequence[Change]) -> list[str]:
    """What changed since a signature on other evidence, in words."""
    from tasks.changes import change_lines_since

    return [
        Text(f"会签之后：{line.zh}", f"since it was signed: {line.en}").render()
        for line in change_lines_since(changes)
    ]


def _act_line(act: dict[str, Any]) -> str:
    """One line for what an officer did about the gate."""
    kind, organ = KINDS[act["kind"]].label, organ_name(act["organ"])
    effect = {
        True: Text("有效", "counts"),
        False: Text(f"无效：{act['reason']}", f"does not count: {act['reason']}"),
        None: Text("核查之后签的，再次运行时计入", "came after it; the next launch looks at it"),
    }[act["counts"]]
    what = (
        [check_title(act["check"]), subject_shown(act["check"], act["subject"])]
        if act["check"]
        else []
    )
    what += [named(VERDICTS, act["verdict"]).render()] if act["verdict"] else []
    until = Text(f"至{act['until']}", f"until {act['until']}") if act["until"] else Text("", "")
    of = Text(f"记录第{act['of']}号", f"of entry {act['of']}") if act["of"] else Text("", "")
    quoted = Text(f"“{act['text']}”", f"“{act['text']}”") if act["text"] else Text("", "")
    seq = Text(f"记录第{act['seq']}号", f"entry {act['seq']}")
    parts = [seq.render(), kind.render(), of.render(), *what, until.render()]
    parts += [officer_name(act["officer"], organ, act["jurisdiction"]), quoted.render()]
    parts.append(effect.render())
    return "  " + " ".join(filter(None, parts))
