"""The command `policy diff`: what another policy pack would have decided, and what differs in it.

Rules: it changes nothing, and ends with 0 only if no past decision would change. What differs is
shown entry by entry, and what cannot be decided again is named. Its JSON is an interface (see
docs/interface.md).
"""

from __future__ import annotations

import json as codec
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from cyclopts import Parameter
from rich.markup import escape

from data.home import named_home
from data.policies import read_pack
from deployments.app import HomeOption, JsonOption, _
from deployments.exits import CLOSED, DONE
from deployments.gates import finding_json
from deployments.replay_texts import (
    CHANGE,
    CONTENT,
    DAY,
    ENTRY,
    FINDINGS,
    MARK,
    NEW,
    OLD,
    STAGE,
    SUBJECT,
    UNSIGNED,
    erased_json,
    erased_text,
    shown,
    some,
)
from deployments.show import Answer, Line, Part, Table
from schemas.authority import At, Panel
from schemas.findings import Finding
from schemas.names import UNIT
from schemas.policy import Pack
from schemas.reports import check_title, finding_reason
from schemas.subjects import finding_shown
from schemas.text import Text, comma_separated, plural, stated
from schemas.vocabulary import OUTCOME_LABELS, Body, Level, Organ
from tasks.replaying.packs import PackChange
from tasks.replaying.whatif import Changed, NotEvaluated, WhatIf, what_if


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
        found = what_if(opened, *packs, progress)
    code = DONE if found.nothing else CLOSED
    return Answer(_what_if_json(found), _what_if_parts(found), code).give(json=json)


def _pack_json(pack: Pack) -> dict[str, Any]:
    return {"pack": pack.name, "version": pack.version, "digest": pack.digest}


def _what_if_json(found: WhatIf) -> dict[str, Any]:
    return {
        "old": _pack_json(found.old),
        "new": _pack_json(found.new),
        "changes": changes_json(found.changes),
        "decisions": found.decisions,
        "closes": [_changed_json(one) for one in found.closes],
        "opens": [_changed_json(one) for one in found.opens],
        "not_evaluated": [
            {
                "seq": one.seq,
                "unit": one.unit,
                "stage": one.stage.value,
                "erased": [erased_json(each) for each in one.erased],
            }
            for one in found.not_evaluated
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


def _what_if_parts(found: WhatIf) -> Iterator[Part]:
    for pack, label in ((found.old, OLD), (found.new, NEW)):
        name = f"{pack.name} {pack.version} ({pack.digest[:12]})"
        yield escape(stated(label.render(), f"{name} {pack.title.render()}"))
    yield from changes_parts(found.changes)
    yield from _changed(found.closes, _("通过 → 不通过", "open → closed"))
    yield from _changed(found.opens, _("不通过 → 通过", "closed → open"))
    yield from _not_evaluated(found.not_evaluated)
    unsigned = sum(one.unsigned for one in found.opens)
    line = _(
        f"以往{found.decisions}个决定：{len(found.closes)}个由通过变为不通过，"
        f"{len(found.opens)}个由不通过变为通过（其中{unsigned}个届时须经签字）",
        f"{plural(found.decisions, 'past decision')}: {len(found.closes)} open → closed, "
        f"{len(found.opens)} closed → open ({unsigned} of them would have needed signatures)",
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
    words += [comma_separated(Level(one).label for one in value.get("levels", ())).render()]
    words += [comma_separated(Body(one).label for one in value.get("bodies", ())).render()]
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
    return stated(f"{check_title(one.check)} {finding_shown(one)}", finding_reason(one))


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
