"""What validation said of a hand-off, where it left a stage and where it was received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.decisions import Decision
from schemas.findings import Finding
from schemas.handoffs import HANDOFFS, handoff_code
from schemas.names import REASON, SUBJECT, UNIT
from schemas.reports import finding_reason
from schemas.text import Text, plural
from schemas.vocabulary import Stage, Status
from tasks.gate.snapshot import Snapshot
from tasks.handoff.frames import handoff_frame
from tasks.procedure import Slate
from tasks.publishing.markdown import Page, page, table
from tasks.publishing.pages import SHOWN_ROWS
from tasks.recording.handing_on import Received

Failing = Sequence[tuple[str, Finding]]


def _suite(stage: Stage) -> str:
    """The expectations that a hand-off is held against."""
    handoff = HANDOFFS[stage]
    headings = [
        Text("要求", "expectation"),
        Text("列", "column"),
        Text("含义", "what fails it"),
    ]
    rows = [
        [f"`{one.code}`", one.column.render(), one.meaning.render()] for one in handoff.expectations
    ]
    count = Text(f"### 校验要求（{len(rows)}项）", f"### Expectations ({len(rows)})").render()
    return f"{count}\n\n{table([[one.render() for one in headings], *rows])}"


def _failures(failing: Failing) -> str:
    headings = [UNIT.render(), SUBJECT.render(), REASON.render()]
    rows = [[unit, one.subject, finding_reason(one)] for unit, one in failing[:SHOWN_ROWS]]
    return table([headings, *rows])


def _said(
    title: Text, rows: int, units: int, failing: Failing, changed: Sequence[str]
) -> list[str]:
    held = len({unit for unit, _ in failing} | set(changed))
    counts = Text(
        f"校验{rows}行，{units}个单位：{units - held}个合格，{held}个不合格",
        f"{plural(rows, 'row')} of {plural(units, 'unit')} validated; passed: {units - held}, not "
        f"passed: {held}",
    )
    parts = [f"### {title.render()}", counts.render()]
    if failing:
        parts.append(_failures(failing))
    if changed:
        parts.append(
            Text(
                f"与记录不一致：{', '.join(changed)}",
                f"not the hand-off on record: {', '.join(changed)}",
            ).render()
        )
    return parts


def _page(stage: Stage, said: list[str], scope: str, on: str) -> Page:
    title = HANDOFFS[stage].title
    head = Text(
        f"## 交接：{title.zh}\n\n范围 {scope}，核查日期 {on}",
        f"## Hand-off: {title.en}\n\nscope {scope}, looked at on {on}",
    ).render()
    return page(
        f"handoff-{stage.value}",
        [head, *said, _suite(stage)],
        Text(f"{stage.label.zh}环节交接校验", f"validation of what {stage.label.en} hands on"),
    )


def _leaving(stage: Stage, snapshot: Snapshot, decisions: Mapping[str, Decision]) -> list[str]:
    """Of the units whose checks hold: what validation said of what the stage hands on."""
    code = handoff_code(stage)
    found = {
        unit: [one for one in decision.findings if one.check == code]
        for unit, decision in decisions.items()
    }
    leaving = [unit for unit, findings in found.items() if findings]
    failing = [
        (unit, one) for unit in leaving for one in found[unit] if one.status is not Status.PASS
    ]
    rows = len(handoff_frame(stage, snapshot.facts.within(leaving))) if leaving else 0
    return _said(Text("交出时", "Where it leaves"), rows, len(leaving), failing, ())


def _arriving(received: Received) -> list[str]:
    return _said(
        Text("接收时", "Where it is received"),
        received.rows,
        received.arriving,
        received.failing,
        received.changed,
    )


def handoff_pages(slate: Slate, decisions: Mapping[str, Decision]) -> list[Page]:
    """The page of what the stage hands on, and of what it received from the stage before."""
    scope, on = slate.scope, slate.snapshot.on.isoformat()
    pages = []
    if slate.earlier:
        one = slate.earlier[-1]
        before = one.received.stage
        said = [*_leaving(before, one.snapshot, one.decisions), *_arriving(one.received)]
        pages.append(_page(before, said, scope, on))
    if decisions:
        said = _leaving(slate.stage, slate.snapshot, decisions)
        pages.append(_page(slate.stage, said, scope, on))
    return pages
