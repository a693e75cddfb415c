"""What a run leaves in Prefect's UI: how far it is, and what it decided, with links to the desk.

Rules: an artifact holds ids, terms, counts and names of places, never people's data, and says what
one run decided: how gates stand is shown by the desk, which the links lead to. It follows from the
decisions; editing or deleting it changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from prefect.artifacts import (
    acreate_markdown_artifact,
    acreate_progress_artifact,
    aupdate_progress_artifact,
)

from data.status import marks_of, unit_names
from schemas.decisions import CLOSING, Decision
from schemas.findings import Finding
from schemas.handoffs import HANDOFFS, handoff_code
from schemas.names import NAME, PROVIDER, REASON, SIGNS, SUBJECT, UNIT
from schemas.reports import check_title, finding_reason, provider_of
from schemas.subjects import finding_shown
from schemas.text import Text, plural
from schemas.vocabulary import OUTCOME_LABELS, Outcome, Stage, Status
from tasks.handoff.frames import handoff_frame
from tasks.linking import at_desk
from tasks.procedure import Slate
from tasks.recording.handing_on import Received
from tasks.running import WATCHING, in_run

SHOWN_ROWS = 400
MOVE_SECONDS = 1.0
REST = Text("其余见办理台", "the rest is at the desk")
OUTCOME = Text("决定", "decision")

Failing = Sequence[tuple[str, Finding]]


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first row is its heading."""
    lines = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    lines.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def decided_key(stage: str) -> str:
    """The key of what runs of a stage decided."""
    return f"decided-{stage}"


def decided_page(slate: Slate, decisions: Mapping[str, Decision], run: str | None) -> str:
    """What a run decided, in Markdown: each gate, what keeps it closed, and the hand-offs."""
    ledger, stage = slate.snapshot.ledger, slate.stage
    names = unit_names(ledger)
    opened = sum(one.outcome is Outcome.OPEN for one in decisions.values())
    day = slate.snapshot.on
    head = Text(
        f"{stage.label.zh}，范围 {slate.scope}，核查日期 {day}："
        f"{len(decisions)}个单位中{opened}个通过",
        f"{stage.label.en} of {slate.scope}, looked at on {day}: "
        f"{opened} of {plural(len(decisions), 'unit')} open",
    )
    live = Text("现状见办理台", "how it stands now: the desk").render()
    rows = [
        [
            at_desk(unit, f"/gate/{unit}/{stage.value}"),
            names[unit].render(),
            f"{SIGNS[one.outcome]} {OUTCOME_LABELS[one.outcome].render()}",
        ]
        for unit, one in decisions.items()
    ]
    parts = [
        marks_of(ledger),
        head.render(),
        at_desk(live, f"/stages/{run}" if run else "/board"),
        table([[text.render() for text in (UNIT, NAME, OUTCOME)], *rows[:SHOWN_ROWS]]),
        *_missing(decisions, names),
        *_validated(slate, decisions),
    ]
    return "\n\n".join(filter(None, parts))


def _missing(decisions: Mapping[str, Decision], names: Mapping[str, Text]) -> Iterable[str]:
    """What keeps each closed gate closed, and who can supply it: a section for each gate."""
    shown = 0
    for unit, one in decisions.items():
        # A list, since a table on these pages cuts off what is long: the reason.
        lines = [f"- {_missing_line(each)}" for each in one.findings if each.status in CLOSING]
        if lines and shown >= SHOWN_ROWS:
            yield at_desk(REST.render(), "/board")
            return
        if lines:
            yield f"### {SIGNS[one.outcome]} {names[unit].render()} {unit}"
            yield "\n".join(lines[: SHOWN_ROWS - shown])
            shown += len(lines)


# Hand-offs


def _validated(slate: Slate, decisions: Mapping[str, Decision]) -> list[str]:
    """What validation said of what the stage received, and of what it hands on."""
    received = [_arriving(one.received) for one in slate.earlier[-1:]]
    return [*received, _leaving(slate, decisions)]


def _leaving(slate: Slate, decisions: Mapping[str, Decision]) -> str:
    """Of the units whose checks hold: what validation said of what the stage hands on."""
    code = handoff_code(slate.stage)
    found = {
        unit: [one for one in decision.findings if one.check == code]
        for unit, decision in decisions.items()
    }
    leaving = [unit for unit, findings in found.items() if findings]
    failing = [(unit, one) for unit in leaving for one in found[unit]
               if one.status is not Status.PASS]  # fmt: skip
    facts = slate.snapshot.facts.within(leaving)
    rows = len(handoff_frame(slate.stage, facts)) if leaving else 0
    heading = Text("交出", "Handed on")
    return _said(heading, slate.stage, rows, len(leaving), failing, ())


def _arriving(one: Received) -> str:
    heading = Text("接收", "Received")
    return _said(heading, one.stage, one.rows, one.arriving, one.failing, one.changed)


def _said(
    heading: Text, stage: Stage, rows: int, units: int, failing: Failing, changed: Sequence[str]
) -> str:
    held, title = len({unit for unit, _ in failing} | set(changed)), HANDOFFS[stage].title
    counts = Text(
        f"### {heading.zh}：{title.zh}\n\n校验{rows}行，{units}个单位：{units - held}个合格，"
        f"{held}个不合格",
        f"### {heading.en}: {title.en}\n\n{plural(rows, 'row')} of {plural(units, 'unit')} "
        f"validated; passed: {units - held}, not passed: {held}",
    )
    parts = [counts.render()]
    if failing:
        headings = [text.render() for text in (UNIT, SUBJECT, REASON)]
        shown = failing[:SHOWN_ROWS]
        parts.append(
            table(
                [
                    headings,
                    *([unit, finding_shown(one), finding_reason(one)] for unit, one in shown),
                ]
            )
        )
    if changed:
        units_changed = ", ".join(changed)
        parts.append(
            Text(
                f"与记录不一致：{units_changed}", f"not the hand-off on record: {units_changed}"
            ).render()
        )
    return "\n\n".join(parts)


# In a run


async def publish(slate: Slate, decisions: Mapping[str, Decision], run: str | None) -> None:
    """Keep what a stage's run decided among its artifacts; without a run there are none."""
    if in_run() and decisions:
        await acreate_markdown_artifact(
            decided_page(slate, decisions, run),
            key=decided_key(slate.stage.value),
            description=Text(
                f"{slate.stage.label.zh}环节本次运行的决定",
                f"what this run of {slate.stage.label.en} decided",
            ).render(),
        )


class Progress:
    """How far a stage is: in a run a bar in the UI, elsewhere shown to whoever watches.

    A bar begins where a stage takes longer than `MOVE_SECONDS`, and is moved no more often: each
    move is a call that waits until the server has taken what the tasks before it reported.
    """

    def __init__(self, stage: Stage, total: int) -> None:
        self._stage = stage
        self._total = total
        self._artifact: UUID | None = None
        self._moved = time.monotonic()

    async def at(self, done: int) -> None:
        """Show that `done` of the units are decided."""
        if not in_run():
            WATCHING.get()(self._stage, done, self._total)
            return
        ended = done == self._total and self._artifact is not None
        if time.monotonic() - self._moved < MOVE_SECONDS and not ended:
            return
        percent = 100.0 * done / self._total
        if self._artifact is None:
            self._artifact = await acreate_progress_artifact(
                progress=percent, key=f"progress-{self._stage.value}"
            )
        else:
            await aupdate_progress_artifact(artifact_id=self._artifact, progress=percent)
        self._moved = time.monotonic()


def _missing_line(finding: Finding) -> str:
    """What of whom keeps a gate closed, why, and who can supply it."""
    subject = f"**{check_title(finding.check)}** {finding_shown(finding)}"
    status, reason = finding.status.label.render(), finding_reason(finding)
    provider = provider_of(finding.check)
    return Text(
        f"{subject}：{status}，{reason}（{PROVIDER.zh}：{provider}）",
        f"{subject} — {status}: {reason} ({PROVIDER.en}: {provider})",
    ).render()
