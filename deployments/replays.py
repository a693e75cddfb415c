"""The commands `audit replay` and `policy diff`: past decisions made again.

Rules: they change nothing. `audit replay` ends with 0 only if all that was asked for says the same
again; `policy diff` only if no past decision would change. What differs is shown field by field,
and what cannot be made again is named. Their JSON is an interface (see docs/interface.md).
"""

from __future__ import annotations

import json as codec
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from cyclopts import Parameter
from rich.markup import escape

from data.home import named_home
from data.policies import read_pack
from deployments.app import STAGE_NAMES, HomeOption, JsonOption, _
from deployments.exits import CLOSED, DONE
from deployments.gates import finding_json
from deployments.read import stage_named
from deployments.replay_texts import (
    CHANGE,
    CONTENT,
    DAY,
    ENTRY,
    FIELDS,
    FINDINGS,
    KIND,
    MARK,
    NEW,
    NOTHING,
    OLD,
    STAGE,
    SUBJECT,
    UNSIGNED,
    VERDICT,
    erased_json,
    erased_text,
    shown,
    some,
)
from deployments.show import Answer, Line, Part, Table
from schemas.authority import At, Panel
from schemas.entries import KINDS
from schemas.findings import Finding
from schemas.names import UNIT
from schemas.policy import Pack
from schemas.reports import check_title, finding_reason
from schemas.text import Text, plural, stated
from schemas.vocabulary import OUTCOME_LABELS, Body, Level, Organ, Stage
from tasks.replay import Replay, Replayed, replay
from tasks.replaying.comparison import Difference, FindingChange, Verdict
from tasks.replaying.packs import PackChange
from tasks.replaying.whatif import Changed, NotEvaluated, WhatIf, what_if

# audit replay


def audit_replay(
    *,
    unit: Annotated[str | None, Parameter(help=_("单位编号", "unit id"))] = None,
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
    with shown(Text("正在复核", "replaying")) as progress:
        told = replay(opened, unit, gate, every=every, progress=progress)
    code = DONE if told.agrees else CLOSED
    return Answer(_replay_json(told), _replay_parts(told), code).give(json=json)


def _counts(told: Replay) -> Counter[str]:
    return Counter(one.verdict.value for one in told.every)


def _odd(told: Replay) -> list[Replayed]:
    """What is not simply the same, in the order of the ledger."""
    odd = [one for one in told.every if one.verdict is not Verdict.SAME]
    return sorted(odd, key=lambda one: one.seq)


def _replay_json(told: Replay) -> dict[str, Any]:
    counts = _counts(told)
    return {
        "agrees": told.agrees,
        "decisions": len(told.decisions),
        "hand_ons": len(told.hand_ons),
        "objections": len(told.objections),
        "verdicts": {verdict.value: counts[verdict.value] for verdict in Verdict},
        "code": told.code,
        "other_code": told.other_code,
        "entries": [_entry_json(one) for one in _odd(told)],
    }


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


def _replay_parts(told: Replay) -> Iterator[Part]:
    counts = _counts(told)
    verdicts = [
        f"{verdict.label.render()} {counts[verdict.value]}"
        for verdict in Verdict
        if counts[verdict.value]
    ]
    done = Text(
        f"复核了{len(told.decisions)}个决定和{len(told.hand_ons)}次交接",
        f"replayed {plural(len(told.decisions), 'decision')} and "
        f"{plural(len(told.hand_ons), 'hand-off')}",
    )
    if told.objections:
        more = len(told.objections)
        done = Text(f"{done.zh}，{more}项异议", f"{done.en}, {plural(more, 'objection')}")
    told_of = Text("，", ", ").render().join(verdicts)
    yield Line(stated(done.render(), *filter(None, [told_of])))
    for code, number in sorted(told.other_code.items()):
        other = _(
            f"其中{number}个决定由另一版本的程序作出（{code}，现为 {told.code}）",
            f"{number} of the decisions were made by another version of the program "
            f"({code}; now {told.code})",
        )
        yield Line(other)
    odd = _odd(told)
    if odd:
        headings = (ENTRY, UNIT, STAGE, KIND, VERDICT, CONTENT)
        rows = [_replay_row(one) for one in odd]
        yield Table([text.render() for text in headings], rows)


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


# policy diff


def policy_diff(
    old: Annotated[str, Parameter(help=_("规则包编号或文件", "pack id or file"))],
    new: Annotated[str, Parameter(help=_("另一个规则包", "the other pack"))],
    /,
    *,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Show what a changed pack would have decided over all past decisions of a home."""
    opened = named_home(home).of_this_release()
    packs = (read_pack(old), read_pack(new))
    with shown(Text("正在重新核查", "deciding again")) as progress:
        told = what_if(opened, *packs, progress)
    code = DONE if told.nothing else CLOSED
    return Answer(_what_if_json(told), _what_if_parts(told), code).give(json=json)


def _pack_json(pack: Pack) -> dict[str, Any]:
    return {"pack": pack.name, "version": pack.version, "digest": pack.digest}


def _what_if_json(told: WhatIf) -> dict[str, Any]:
    return {
        "old": _pack_json(told.old),
        "new": _pack_json(told.new),
        "changes": changes_json(told.changes),
        "decisions": told.decisions,
        "closes": [_changed_json(one) for one in told.closes],
        "opens": [_changed_json(one) for one in told.opens],
        "not_evaluated": [
            {
                "seq": one.seq,
                "unit": one.unit,
                "stage": one.stage.value,
                "erased": [erased_json(each) for each in one.erased],
            }
            for one in told.not_evaluated
        ],
    }


def changes_json(changes: Iterable[PackChange]) -> list[dict[str, Any]]:
    """What differs between two packs, for programs."""
    return [
        {
            "kind": one.kind.value,
            "stage": one.stage.value if one.stage else None,
            "subject": one.subject,
            "name": one.name,
            "old": one.old,
            "new": one.new,
        }
        for one in changes
    ]


def _changed_json(one: Changed) -> dict[str, Any]:
    return {
        "seq": one.seq,
        "unit": one.unit,
        "stage": one.stage.value,
        "on": one.on.isoformat(),
        "old": one.old.value,
        "new": one.new.value,
        "unsigned": one.unsigned,
        "findings": [finding_json(each) for each in one.findings],
    }


def _what_if_parts(told: WhatIf) -> Iterator[Part]:
    for pack, label in ((told.old, OLD), (told.new, NEW)):
        name = f"{pack.name} {pack.version} ({pack.digest[:12]})"
        yield escape(stated(label.render(), f"{name} {pack.title.render()}"))
    yield from changes_parts(told.changes)
    yield from _changed(told.closes, _("通过 → 不通过", "open → closed"))
    yield from _changed(told.opens, _("不通过 → 通过", "closed → open"))
    yield from _not_evaluated(told.not_evaluated)
    unsigned = sum(one.unsigned for one in told.opens)
    line = _(
        f"以往{told.decisions}个决定：{len(told.closes)}个由通过变为不通过，"
        f"{len(told.opens)}个由不通过变为通过（其中{unsigned}个届时须经签字）",
        f"{plural(told.decisions, 'past decision')}: {len(told.closes)} open → closed, "
        f"{len(told.opens)} closed → open ({unsigned} of them would have needed signatures)",
    )
    yield Line(line)


def changes_parts(changes: Iterable[PackChange]) -> Iterator[Part]:
    """What differs between two packs, for people."""
    rows = [_pack_row(one) for one in changes]
    if rows:
        headings = (CHANGE, STAGE, SUBJECT, OLD, NEW)
        yield Table([text.render() for text in headings], rows)
    else:
        yield _("两个规则包的要求相同", "both packs ask for the same")


def _pack_row(one: PackChange) -> list[str]:
    subject = f"{one.subject} {one.name}".rstrip()
    return [
        one.kind.label.render(),
        one.stage.label.render() if one.stage else "",
        *(escape(text) for text in (subject, _value(one.old), _value(one.new))),
    ]


def _value(value: Any) -> str:
    """A parameter, or who signs or waives, in words."""
    if not (isinstance(value, dict) and "organs" in value):
        return "" if value is None else codec.dumps(value, ensure_ascii=False)
    organs = tuple(Organ(organ) for organ in value["organs"])
    words = [Panel(organs, value["number"], At(value["at"])).text.render()]
    comma = Text("、", ", ").render()
    words += [comma.join(Level(one).label.render() for one in value.get("levels", ()))]
    words += [comma.join(Body(one).label.render() for one in value.get("bodies", ()))]
    if "days" in value:
        words.append(
            Text(f"最长{value['days']}日", f"{plural(value['days'], 'day')} at most").render()
        )
    return Text("；", "; ").render().join(filter(None, words))


def _changed(changed: Iterable[Changed], title: str) -> Iterator[Table]:
    rows = [
        [
            str(one.seq),
            escape(one.unit),
            one.stage.label.render(),
            one.on.isoformat(),
            f"{OUTCOME_LABELS[one.old].render()} → {OUTCOME_LABELS[one.new].render()}",
            escape("\n".join(some([_closing_text(each) for each in one.findings]))),
            UNSIGNED.render() if one.unsigned else "",
        ]
        for one in changed
    ]
    if rows:
        headings = [text.render() for text in (ENTRY, UNIT, STAGE, DAY, CHANGE, FINDINGS, MARK)]
        yield Table(headings, rows, stated(title, str(len(rows))))


def _closing_text(one: Finding) -> str:
    return stated(f"{check_title(one.check)} {one.subject}", finding_reason(one))


def _not_evaluated(left: Iterable[NotEvaluated]) -> Iterator[Table]:
    rows = [
        [
            str(one.seq),
            escape(one.unit),
            one.stage.label.render(),
            escape("\n".join(map(erased_text, one.erased))),
        ]
        for one in left
    ]
    if rows:
        title = _(
            f"依据材料已删除，未能核查：{len(rows)}", f"not evaluated, evidence erased: {len(rows)}"
        )
        headings = [text.render() for text in (ENTRY, UNIT, STAGE, CONTENT)]
        yield Table(headings, rows, title)
