"""What was found of a gate that waits for signatures, shown to whoever is to sign it.

Rules: as the decision that stands has it: the day, how many subjects each check found how, and
which rows changed since the gate was signed on other evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from data.status import unit_names
from deployments.app import _
from deployments.gates import since_lines
from deployments.show import Columns, Line, Part
from schemas.decisions import found_by_check
from schemas.entries import Decided
from schemas.names import NAME, UNIT
from schemas.reports import check_title
from schemas.text import Text, comma_separated
from schemas.vocabulary import Outcome, Stage, Status

if TYPE_CHECKING:
    from tasks.officers.recording import Recorder
    from tasks.officers.review import Review

EVALUATED_ON = Text("核查日期", "looked at on")
EVIDENCE = Text("依据材料", "evidence")
FOUND = Text("核查结果", "found")


def _words(counted: Mapping[str, int]) -> str:
    statuses = [f"{one.label.render()} {counted[one]}" for one in Status if counted.get(one)]
    return comma_separated(statuses).render()


def totals(entry: Decided) -> str:
    """The same of all checks together, in words."""
    counted: Counter[str] = Counter()
    for by in found_by_check(entry.findings).values():
        counted.update(by)
    return _words(counted)


def review_parts(review: Review) -> Iterator[Part]:
    """What is signed: the day, the outcome, what each check found, the evidence, what changed."""
    entry = review.entry
    checks = found_by_check(entry.findings)
    each = [f"{check_title(check)} {_words(by)}" for check, by in checks.items()]
    found = Text("；", "; ").render().join(each)
    outcome = Outcome(entry.outcome).label.render()
    yield Line(
        _(
            f"{entry.on}核查：{outcome}；依据材料 {entry.evidence[:12]}；{found}",
            f"looked at on {entry.on}: {outcome}; evidence {entry.evidence[:12]}; {found}",
        )
    )
    yield from map(Line, _changed(review))


def _changed(review: Review) -> list[str]:
    """What changed since the gate was signed or refused on other evidence, if it was."""
    return since_lines(review.changes) if review.since else []


def ready_parts(recorder: Recorder, gate: Stage, shown: Mapping[str, Review]) -> Iterator[Part]:
    """What is about to be signed: the gates, with day, findings, evidence and what changed."""
    yield _(
        f"等待您签字的“{gate.label.zh}”关口{len(shown)}个：",
        f"gates of “{gate.label.en}” that wait for you: {len(shown)}",
    )
    names = unit_names(recorder.ledger)
    headings = [one.render() for one in (UNIT, NAME, EVALUATED_ON, FOUND, EVIDENCE)]
    rows = [
        [
            unit,
            names[unit].render(),
            one.entry.on,
            totals(one.entry),
            one.entry.evidence[:12],
        ]
        for unit, one in shown.items()
    ]
    yield Columns([headings, *rows])
    for unit, one in shown.items():
        yield from (Line(f"{unit}: {line}") for line in _changed(one))
