"""The command `audit replay`: past decisions made again, and acts judged again.

Rules: it changes nothing, and ends with 0 only if all that was asked for says the same again. What
differs is shown field by field, and what cannot be made again is named. Its JSON is an interface
(see docs/interface.md).
"""

from __future__ import annotations

import json as codec
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from cyclopts import Parameter
from rich.markup import escape

from data.home import named_home
from data.ledger import Ledger
from deployments.app import STAGE_NAMES, HomeOption, JsonOption, _, stage_named
from deployments.exits import CLOSED, DONE
from deployments.replay_texts import (
    CONTENT,
    ENTRY,
    FIELDS,
    KIND,
    NOTHING,
    STAGE,
    VERDICT,
    erased_json,
    erased_text,
    shown,
    some,
)
from deployments.scopes import unit_named
from deployments.show import Answer, Line, Part, Table
from schemas.entries import KINDS
from schemas.findings import Finding
from schemas.names import UNIT
from schemas.refusals import ACT_FAULTS
from schemas.reports import check_title
from schemas.text import Text, plural, stated
from schemas.vocabulary import OUTCOME_LABELS, Stage
from tasks.replay import Replay, Replayed, replay
from tasks.replaying.acts import Judged
from tasks.replaying.comparison import Difference, FindingChange, Verdict


def audit_replay(
    *,
    unit: Annotated[str | None, Parameter(help=_("单位编号或名称", "id or name of a unit"))] = None,
    stage: Annotated[str | None, Parameter(help=STAGE_NAMES)] = None,
    every: Annotated[
        bool,
        Parameter(
            name="--all",
            negative="",
            help=_("全部决定，不只是现行的", "every decision, not only those that stand"),
        ),
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Replay the decisions that stand, or every one, of a unit and a stage where given."""
    opened = named_home(home).of_this_release()
    gate = stage_named(stage) if stage else None
    unit = unit_named(Ledger(opened.ledger), unit) if unit else None
    with shown(Text("正在复核", "replaying")) as progress:
        replayed = replay(opened, unit, gate, every=every, progress=progress)
    code = DONE if replayed.agrees else CLOSED
    return Answer(_replay_json(replayed), _replay_parts(replayed), code).give(json=json)


def _counts(replayed: Replay) -> Counter[str]:
    return Counter(one.verdict.value for one in replayed.every)


def _odd(replayed: Replay) -> list[Replayed]:
    """What is not simply the same, in the order of the ledger."""
    odd = [one for one in replayed.every if one.verdict is not Verdict.SAME]
    return sorted(odd, key=lambda one: one.seq)


def _replay_json(replayed: Replay) -> dict[str, Any]:
    counts = _counts(replayed)
    return {
        "agrees": replayed.agrees,
        "decisions": len(replayed.decisions),
        "hand_ons": len(replayed.hand_ons),
        "objections": len(replayed.objections),
        "acts": len(replayed.acts),
        "verdicts": {verdict.value: counts[verdict.value] for verdict in Verdict},
        "code": replayed.code,
        "other_code": replayed.other_code,
        "entries": [_entry_json(one) for one in _odd(replayed)],
        "unjustified": [_act_json(one) for one in replayed.acts if one.verdict is not Verdict.SAME],
    }


def _act_json(one: Judged) -> dict[str, Any]:
    return {"seq": one.seq, "kind": one.kind, "verdict": one.verdict.value, "code": one.code}


def _entry_json(one: Replayed) -> dict[str, Any]:
    return {
        "seq": one.seq,
        "kind": one.kind,
        "unit": one.unit,
        "stage": one.stage,
        "decision": one.decision,
        "verdict": one.verdict.value,
        "code": one.code,
        "differences": [_difference_json(each) for each in one.differences],
        "erased": [erased_json(each) for each in one.erased],
    }


def _difference_json(one: Difference) -> dict[str, Any]:
    if one.name != "findings":
        return {"field": one.name, "recorded": one.recorded, "now": one.now, "findings": []}
    changes = [
        {
            "check": change.check,
            "subject": change.subject,
            "recorded": _finding_json(change.recorded),
            "now": _finding_json(change.now),
        }
        for change in one.findings
    ]
    return {"field": one.name, "recorded": None, "now": None, "findings": changes}


def _finding_json(one: Finding | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"status": one.status.value, "code": one.reason, "arguments": dict(one.arguments)}


def _replay_parts(replayed: Replay) -> Iterator[Part]:
    counts = _counts(replayed)
    verdicts = [
        f"{verdict.label.render()} {counts[verdict.value]}"
        for verdict in Verdict
        if counts[verdict.value]
    ]
    done = Text(
        f"复核了{len(replayed.decisions)}个决定和{len(replayed.hand_ons)}次交接",
        f"replayed {plural(len(replayed.decisions), 'decision')} and "
        f"{plural(len(replayed.hand_ons), 'hand-off')}",
    )
    if replayed.objections:
        more = len(replayed.objections)
        done = Text(f"{done.zh}，{more}项异议", f"{done.en}, {plural(more, 'objection')}")
    counted = Text("，", ", ").render().join(verdicts)
    yield Line(stated(done.render(), *filter(None, [counted])))
    for code, number in sorted(replayed.other_code.items()):
        other = _(
            f"其中{number}个决定由另一版本的程序作出（{code}，现为 {replayed.code}）",
            f"{number} of the decisions were made by another version of the program "
            f"({code}; now {replayed.code})",
        )
        yield Line(other)
    yield from map(Line, _act_lines(replayed.acts))
    odd = _odd(replayed)
    if odd:
        headings = (ENTRY, UNIT, STAGE, KIND, VERDICT, CONTENT)
        rows = [_replay_row(one) for one in odd]
        yield Table([text.render() for text in headings], rows)


def _act_lines(acts: Sequence[Judged]) -> Iterator[str]:
    odd = [one for one in acts if one.verdict is not Verdict.SAME]
    if acts and not odd:
        number = len(acts)
        yield _(
            f"复核了责任人员的{number}项办理：当时都可以办理",
            f"acts of officers judged again: {number}; each could be done as things stood then",
        )
    for one in odd:
        why, kind = ACT_FAULTS.get(one.code, one.verdict.label).render(), KINDS[one.kind].label
        yield _(
            f"记录第{one.seq}号（{kind.zh}）当时不能办理：{why}",
            f"entry {one.seq} ({kind.en}) could not be done then: {why}",
        )


def _replay_row(one: Replayed) -> list[str]:
    kind = KINDS[one.kind].label
    lines = [line for each in one.differences for line in _difference_lines(each)]
    lines += map(erased_text, one.erased)
    return [
        str(one.seq),
        escape(one.unit),
        _stage_text(one.stage),
        kind.render(),
        one.verdict.label.render(),
        escape("\n".join(lines)),
    ]


def _stage_text(name: str) -> str:
    return Stage(name).label.render() if name in set(Stage) else escape(name)


def _difference_lines(one: Difference) -> list[str]:
    if one.name == "findings" and one.findings:
        return some([_change_text(change) for change in one.findings])
    name = FIELDS[one.name].render() if one.name in FIELDS else one.name
    return [stated(name, f"{_short(one.recorded)} → {_short(one.now)}")]


def _change_text(one: FindingChange) -> str:
    was, now = _status(one.recorded), _status(one.now)
    return stated(f"{check_title(one.check)} {one.subject}", f"{was} → {now}")


def _status(one: Finding | None) -> str:
    if one is None:
        return NOTHING.render()
    label = one.status.label.render()
    return f"{label} ({one.reason})" if one.reason else label


def _short(value: Any) -> str:
    """A value of an entry on one line, digests cut."""
    if value is None:
        return NOTHING.render()
    if isinstance(value, str):
        if value in OUTCOME_LABELS:
            return OUTCOME_LABELS[value].render()
        return value[:12]
    return codec.dumps(value, ensure_ascii=False)
