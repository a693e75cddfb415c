"""The commands about objections: what was objected to concluded units, and rulings on it.

Rules: `list` and `show` load neither Prefect nor Great Expectations, pandas only where there is an
objection, and change nothing; an objection that is open ends them with 3. A ruling alone changes no
gate: after a second organ reopened a unit, its stage, launched again, records what closes the gate.
Their JSON is an interface (see docs/interface.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from data.blobs import BlobStore
from data.home import named_home
from data.ledger import Ledger
from data.objections import GRANTED, REJECT, REOPEN
from data.status import statuses, unit_names
from deployments.app import By, HomeOption, JsonOption, ReasonOption, ScopeOption, _
from deployments.changed_rows import RowsOf, raised_json, raised_lines
from deployments.exits import CLOSED, DONE
from deployments.gates import finding_json, reason_text
from deployments.scopes import scope_named
from deployments.show import Answer, Columns, Line, Part
from schemas.decisions import unpacked
from schemas.names import NAME, UNIT, officer_name
from schemas.refusals import ActRefused
from schemas.reports import check_title
from schemas.subjects import subject_shown
from schemas.text import Text, plural, stated
from schemas.vocabulary import Stage
from schemas.words import OBJECTION_STATES, VERDICTS, fault_name, named, organ_name, reason_name
from tasks.officers.objected import ToRule, objections_on_record

if TYPE_CHECKING:
    from tasks.changes import Raising

SeqArgument = Annotated[
    int, Parameter(help=_("异议的记录号", "number of the objection's ledger entry"))
]
ENTRY = Text("记录", "entry")
STAGE = Text("环节", "stage")
STATE = Text("现状", "state")
WHAT = Text("会使关口暂停的结果", "what would close the gate")


def objection_json(one: ToRule, blobs: BlobStore, raised: Sequence[Raising]) -> dict[str, Any]:
    """An objection, the rows that `raised` it, the rulings on it, and who may still rule how."""
    entry = one.entry
    return {
        "seq": entry.seq,
        "unit": entry.unit,
        "stage": entry.stage,
        "on": entry.on,
        "state": one.settled.state,
        "outcome": entry.outcome,
        "handed_on": entry.handed_on,
        "evidence": entry.evidence,
        "policy": entry.policy,
        "objection": entry.objection,
        "findings": [finding_json(each) for each in unpacked(entry.findings)],
        "rulings": [
            {
                "seq": act.seq,
                "on": act.on,
                "officer": act.officer,
                "organ": act.said.organ,
                "jurisdiction": act.said.jurisdiction,
                "verdict": act.verdict,
                "text": reason_text(blobs, act.said.reason),
                "counts": act.seq not in one.settled.void,
                "void": one.settled.void.get(act.seq, ""),
            }
            for act in one.rulings
        ],
        "raised": raised_json(raised),
        "able": {verdict: list(officers) for verdict, officers in one.able.items()},
    }


def objection_list(
    *,
    scope: ScopeOption = "cycle",
    every: Annotated[
        bool,
        Parameter(name="--all", negative="", help=_("已裁定的也列出", "settled ones too")),
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """List the objections that are open (with `every`, all of them); 3 where one is, else 0."""
    opened = named_home(home).opened()
    ledger = Ledger(opened.ledger)
    units = {one.unit for one in statuses(ledger, scope_named(ledger, scope))}
    found = objections_on_record(opened)
    within = [one for one in found if one.entry.unit in units]
    chosen = [one for one in within if every or one.open]
    blobs = BlobStore(opened.blobs)
    code = CLOSED if any(one.open for one in within) else DONE
    names = unit_names(ledger)
    raised = RowsOf(opened).raised([one.entry for one in chosen])
    value = [objection_json(one, blobs, raised[one.entry.seq]) for one in chosen]
    return Answer(value, _list(chosen, names), code).give(json=json)


def _list(chosen: list[ToRule], names: Mapping[str, Text]) -> Iterator[Part]:
    waiting = sum(one.open for one in chosen)
    yield _(f"{waiting}项异议待裁定", f"{plural(waiting, 'objection')} to be ruled on")
    if chosen:
        headings = [text.render() for text in (ENTRY, UNIT, NAME, STAGE, STATE, WHAT)]
        yield Columns([headings, *(_row(one, names) for one in chosen)])


def _row(one: ToRule, names: Mapping[str, Text]) -> list[str]:
    entry = one.entry
    name = names[entry.unit].render() if entry.unit in names else ""
    closing = unpacked(entry.findings)
    more = f" (+{len(closing) - 1})" if len(closing) > 1 else ""
    why = reason_name(closing[0].check, closing[0].reason, closing[0].arguments).render()
    first = stated(check_title(closing[0].check), why) + more
    state = OBJECTION_STATES[one.settled.state].render()
    return [str(entry.seq), entry.unit, name, Stage(entry.stage).label.render(), state, first]


def objection_show(
    seq: SeqArgument, /, *, home: HomeOption = None, json: JsonOption = False
) -> int:
    """Show one objection, what would close the gate, and every ruling; 3 while it is open."""
    opened = named_home(home).opened()
    found = objections_on_record(opened)
    one = next((one for one in found if one.entry.seq == seq), None)
    if one is None:
        raise ActRefused("no-objection", str(seq))
    raised = RowsOf(opened).raised([one.entry])[seq]
    shown = objection_json(one, BlobStore(opened.blobs), raised)
    return Answer(shown, _parts(shown), CLOSED if one.open else DONE).give(json=json)


def _parts(shown: dict[str, Any]) -> Iterator[Part]:
    stage, state = Stage(shown["stage"]).label, OBJECTION_STATES[shown["state"]]
    yield Line(
        _(
            f"记录第{shown['seq']}号异议（{shown['on']}）：{shown['unit']} {stage.zh}，{state.zh}；"
            f"单位由记录第{shown['handed_on']}号完成",
            f"objection {shown['seq']} of {shown['on']}: {shown['unit']} {stage.en}, {state.en}; "
            f"the unit is concluded by entry {shown['handed_on']}",
        ),
        "bold",
    )
    for one in shown["findings"]:
        subject = subject_shown(one["check"], one["subject"], one["name"])
        yield Line(f"  {stated(check_title(one['check']), subject, one['reason'])}")
    yield from raised_lines(shown["raised"])
    for one in shown["rulings"]:
        verdict = named(VERDICTS, one["verdict"]).render()
        who = officer_name(one["officer"], organ_name(one["organ"]), one["jurisdiction"])
        void = fault_name(one["void"]) if one["void"] else Text("", "")
        note = _(f"（无效：{void.zh}）", f" (does not count: {void.en})") if one["void"] else ""
        yield Line(f"  {one['seq']} {one['on']} {who}: {verdict} “{one['text'] or ''}”{note}")
    for verdict, officers in shown["able"].items():
        if officers:
            yield Line(stated(_may(verdict), ", ".join(officers)))


def _may(verdict: str) -> str:
    said = VERDICTS[verdict]
    return _(f"可以{said.zh}的责任人员", f"who may rule “{said.en}”")


def objection_reject(
    seq: SeqArgument,
    /,
    *,
    by: By,
    reason: ReasonOption,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Reject an objection, with a reason: the unit stays concluded."""
    from deployments.officers import at_recorder, recorded
    from tasks.officers.ruling import rule

    recorder, who = at_recorder(home, by)
    at = rule(recorder, seq, REJECT, who, reason)
    text = _(
        f"{by.officer} 已驳回记录第{seq}号异议，单位仍为已完成",
        f"{by.officer} rejected objection {seq}; the unit stays concluded",
    )
    return recorded(recorder, at, text).give(json=json)


def objection_reopen(
    seq: SeqArgument,
    /,
    *,
    by: By,
    reason: ReasonOption,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Grant an objection, with a reason: the unit is reopened once officers of two organs do."""
    from deployments.officers import at_recorder, recorded, then
    from tasks.officers.ruling import rule

    recorder, who = at_recorder(home, by)
    at = rule(recorder, seq, REOPEN, who, reason)
    recorder.follow()
    history = recorder.history
    one = history.objections.raised[seq]
    granted = history.objections.settled(one, history.acts.keys).state == GRANTED
    text = _(
        f"{by.officer} 同意记录第{seq}号异议，重新启动单位",
        f"{by.officer} granted objection {seq}, to reopen the unit",
    )
    command = f"termgate run {Stage(one.stage).work.value} --scope {one.unit}"
    other = f"termgate objection reopen {seq} --as OFFICER --key FILE --reason TEXT"
    next_step = (
        then(f"再次运行该环节：{command}", f"launch the stage again: {command}")
        if granted
        else then(f"由另一机关的责任人员同意：{other}", f"another organ grants it: {other}")
    )
    return recorded(recorder, at, text, next_step).give(json=json)
