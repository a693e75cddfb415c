"""What was found of a gate that waits for signatures, told to whoever is to sign it.

Rules: as the decision that stands has it: the day, and how many subjects each check found how.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from data.status import unit_names
from deployments.app import _
from deployments.show import Columns, Part
from schemas.entries import Decided
from schemas.names import NAME, UNIT, unit_name
from schemas.text import Text
from schemas.vocabulary import Outcome, Stage, Status

if TYPE_CHECKING:
    from tasks.officers.recording import Recorder

LOOKED_AT = Text("核查日期", "looked at on")
EVIDENCE = Text("依据材料", "evidence")
FOUND = Text("核查结果", "found")


def found_by_check(entry: Decided) -> dict[str, dict[str, int]]:
    """Check → status → of how many subjects."""
    return {
        check: {status: len(items) for status, items in by.items()}
        for check, by in entry.findings.items()
    }


def _words(counted: Mapping[str, int]) -> str:
    told = [f"{one.label.render()} {counted[one]}" for one in Status if counted.get(one)]
    return Text("、", ", ").render().join(told)


def totals(entry: Decided) -> str:
    """The same of all checks together, in words."""
    counted: Counter[str] = Counter()
    for by in found_by_check(entry).values():
        counted.update(by)
    return _words(counted)


def _decided(recorder: Recorder, unit: str, gate: Stage) -> Decided:
    """The decision that stands for a gate, for which somebody signs."""
    entry = recorder.ledger.entry(recorder.history.standings[unit, gate.value].seq)
    if not isinstance(entry, Decided):
        raise TypeError(entry.kind)
    return entry


def looked_at(recorder: Recorder, unit: str, gate: Stage) -> str:
    """What was signed: the day, the outcome, what each check found, and the evidence."""
    entry = _decided(recorder, unit, gate)
    each = [f"{check} {_words(by)}" for check, by in found_by_check(entry).items()]
    found = Text("；", "; ").render().join(each)
    outcome = Outcome(entry.outcome).label.render()
    return _(
        f"{entry.on}核查：{outcome}；依据材料 {entry.evidence[:12]}；{found}",
        f"looked at on {entry.on}: {outcome}; evidence {entry.evidence[:12]}; {found}",
    )


def ready_parts(recorder: Recorder, gate: Stage, shown: Mapping[str, str]) -> Iterator[Part]:
    """What is about to be signed: the gates, with day, findings and evidence."""
    yield _(
        f"等待您签字的“{gate.label.zh}”关口{len(shown)}个：",
        f"gates of “{gate.label.en}” that wait for you: {len(shown)}",
    )
    names = unit_names(recorder.ledger)
    headings = [one.render() for one in (UNIT, NAME, LOOKED_AT, FOUND, EVIDENCE)]
    rows = [
        [unit, unit_name(*names[unit]), entry.on, totals(entry), evidence[:12]]
        for unit, evidence in shown.items()
        for entry in [_decided(recorder, unit, gate)]
    ]
    yield Columns([headings, *rows])
