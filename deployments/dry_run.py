"""`submit --dry-run`: what a delivery would do, shown before it is on record.

Rules: nothing is written; every gate that would close, every signature that would no longer count
and the rows that are why are named, by their keys. The exit code is that of what would follow: 2
where rows would be rejected, 3 where a gate would close, an objection be raised or a signature be
void, else 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployments.app import _
from deployments.exits import BAD_INPUT, CLOSED, DONE
from deployments.show import Answer, Line, Part
from deployments.warnings import before_barring
from schemas.names import officer_name
from schemas.refusals import ACT_FAULTS
from schemas.reports import check_title, finding_reason
from schemas.subjects import finding_shown
from schemas.text import Text, comma_separated, plural
from schemas.vocabulary import OUTCOME_LABELS, Organ

if TYPE_CHECKING:
    from tasks.consequences import Bar, Consequence, Lost

# So many gates, and of each so many findings, are named in words; programs get all.
SHOWN_GATES = 20
SHOWN_FINDINGS = 3


@dataclass(frozen=True)
class Barred:
    """The gates that who delivers could no longer sign, and the names of units."""

    gates: Sequence[Bar]
    names: Mapping[str, Text]


def answer(
    receipts: Answer, found: Sequence[Consequence], barred: Barred, *, waits: bool
) -> Answer:
    """What is printed of a delivery that was only tried: what would be taken, and what follows."""
    from tasks.consequences import consequences_json

    value = {
        "dry_run": True,
        "registers": [
            {
                "register": register,
                **{name: taken[name] for name in ("accepted", "rejected", "readings")},
            }
            for register, taken in receipts.value.items()
        ],
        "waits": waits,
        "barred": [
            {"unit": one.unit, "stage": one.stage.value, "last": one.last} for one in barred.gates
        ],
        **consequences_json(found),
    }
    undone = CLOSED if any(one.undoes for one in found) else DONE
    code = BAD_INPUT if receipts.code == BAD_INPUT else undone
    lost = before_barring(barred.names, barred.gates)
    return Answer(value, (*_parts(receipts, found, waits=waits), *map(Line, lost)), code)


def _parts(receipts: Answer, found: Sequence[Consequence], *, waits: bool) -> Iterator[Part]:
    yield _("试报：没有写入任何内容", "dry run: nothing was written")
    yield from receipts.parts
    yield from map(Line, consequence_lines(found, waits=waits))


def consequence_lines(found: Sequence[Consequence], *, waits: bool = False) -> Iterator[str]:
    """What follows from a delivery, a line for each thing: gates that would close, and why."""
    for line, below in consequence_groups(found, waits=waits):
        yield line
        yield from (f"  {one}" for one in below)


def consequence_groups(
    found: Sequence[Consequence], *, waits: bool
) -> Iterator[tuple[str, Sequence[str]]]:
    """The same, gate by gate: a line, and what stands below it."""
    if waits:
        yield (
            _(
                "整份报送先由另一机关确认，确认之后：",
                "another organ has to confirm it as a whole; once it is confirmed:",
            ),
            (),
        )
    closes, void = sum(one.closes for one in found), sum(len(one.lost) for one in found)
    yield (
        _(
            f"涉及{len(found)}个已有决定的关口，其中{closes}个将暂停；{void}个签字将无效",
            f"decided gates touched: {len(found)}; would close: {closes}; signatures that would be "
            f"void: {void}",
        ),
        (),
    )
    if objects := sum(one.objects for one in found):
        raised = plural(objects, "objection")
        yield (
            _(
                f"对已完成的单位将提出{objects}项异议，不暂停任何关口",
                f"{raised} to concluded units would be raised, and close no gate",
            ),
            (),
        )
    hit = [one for one in found if one.undoes] or list(found)
    for one in hit[:SHOWN_GATES]:
        yield _head(one), list(_below(one))
    if len(hit) > SHOWN_GATES:
        more = len(hit) - SHOWN_GATES
        yield (
            _(
                f"另有{more}个关口（--json 全部显示）",
                f"{plural(more, 'more gate')} (--json shows them all)",
            ),
            (),
        )


def _head(one: Consequence) -> str:
    before, after = (OUTCOME_LABELS[outcome.value] for outcome in (one.before, one.after))
    return _(
        f"{one.unit} {one.stage.label.zh}：{before.zh} → {after.zh}",
        f"{one.unit} {one.stage.label.en}: {before.en} → {after.en}",
    )


def _below(one: Consequence) -> Iterator[str]:
    """Why: rows that changed, findings, signatures, later gates."""
    from tasks.changes import change_lines

    yield from (line.render() for line in change_lines(one.changes))
    for finding in one.findings[:SHOWN_FINDINGS]:
        yield f"{check_title(finding.check)}: {finding_shown(finding)}: {finding_reason(finding)}"
    if len(one.findings) > SHOWN_FINDINGS:
        more = len(one.findings) - SHOWN_FINDINGS
        yield _(f"另有{more}项检查结果", plural(more, "more finding"))
    yield from (_void(lost).render() for lost in one.lost)
    if one.held:
        held = comma_separated(stage.label for stage in one.held)
        yield _(
            f"其后已通过的关口随之无效：{held.zh}",
            f"open gates after it count no more: {held.en}",
        )


def _void(lost: Lost) -> Text:
    why, organ = ACT_FAULTS[lost.code], Organ(lost.organ).label
    zh, en = (officer_name(lost.officer, organ, lost.jurisdiction, lang) for lang in ("zh", "en"))
    return Text(
        f"记录第{lost.seq}号，{zh} 的签字将无效：{why.zh}",
        f"entry {lost.seq}, the signature of the {en} would be void: {why.en}",
    )
