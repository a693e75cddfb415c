"""The page of a gate, as an officer sees it: in the order in which a person asks.

Rules: ids, states and counts are for everybody; rows, and the texts of reasons, for those whom
`tasks.officers.seeing` names. What cannot be done now is shown with the reason that taking it would
give (`tasks.officers.asking`), in the place of its button. Nothing here changes anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from data.acts import Key
from data.blobs import BlobStore
from data.receipts import refusal
from deployments.desk import views
from deployments.desk.known import Known
from deployments.gates import reason_text, undermined_line
from schemas.deadlines import DeadlineKind
from schemas.decisions import CLOSING, WANTING
from schemas.entries import GateAct, Objected, Refused, Signed, Waived
from schemas.reports import check_title, is_sign_off, provider_organ
from schemas.rules.base import Reach
from schemas.text import Text, plural
from schemas.vocabulary import Outcome, Stage, Status
from tasks.deadlines import Deadline
from tasks.officers.seeing import VisibleChange, reads_reason, visible_changes

# By when what a gate lacks must be there: before what follows it, as the plan sets the day.
_FOLLOWING = {
    Stage.PLAN: DeadlineKind.NOMINATION_STARTS,
    Stage.NOMINATION: DeadlineKind.VETTING_STARTS,
    Stage.VETTING: DeadlineKind.SESSION_OPENS,
    Stage.INSPECTION: DeadlineKind.SESSION_OPENS,
    Stage.SLATE: DeadlineKind.SESSION_OPENS,
}


@dataclass(frozen=True)
class Due:
    """By which day something must be there, for what, and whether that day has passed."""

    day: date
    what: Text
    over: bool


@dataclass(frozen=True)
class Wrong:
    """What a check found wrong, or waived: its basis in law, who can mend it, and by when.

    `officers` have a key of the organ that supplies it, the nearest first; `by` is the day of what
    follows the gate, `due` has the subjects with a day of their own. `waiver` says why this officer
    cannot waive it now, and is None where nobody may.
    """

    found: views.Found
    basis: str
    officers: Sequence[str]
    by: Due | None
    due: Mapping[str, Due]
    waiver: str | None


@dataclass(frozen=True)
class Passed:
    """A check that holds, for how many subjects, and to how many it does not apply."""

    check: str
    title: str
    basis: str
    passed: int
    idle: int


class GatePage:
    """A gate as the holder of a key sees it.

    Raises:
        UnknownPlace: there is no such unit.
    """

    def __init__(self, known: Known, mine: Key, unit: str, stage: Stage) -> None:
        self.gate = views.gate(known, unit, stage)
        self.known, self.mine, self.unit, self.stage = known, mine, unit, stage
        self.whole, self.judge = known.facts, known.judge(mine)
        self.places = self.whole.facts.relatives(Reach.ANCESTORS)[unit.partition("-")[0]]
        self.pending = known.pending.gate(unit, stage)
        self.decided = bool(self.gate["seq"]) and not self.gate["forecast"]

    def shown(self) -> dict[str, Any]:
        """All of it, by the names that the template has for it."""
        history = self.known.history
        # Something may have come since the gate was read, or since the history was.
        acts = {one.seq: one for one in history.acts.of(self.unit, self.stage.value)}
        raised = history.objections.raised
        wrong = [self._wrong(one) for one in self.gate["found"]]
        unwaivable: dict[str, list[str]] = {}
        for one in wrong:
            if one.waiver:
                unwaivable.setdefault(one.waiver, []).append(one.found.title)
        return {
            "gate": self.gate,
            "unit": self.unit,
            "stage": self.stage,
            "wrong": wrong,
            "unwaivable": unwaivable,
            "passed": list(self._passed()),
            "undermined": undermined_line(self.gate),
            "receipt": refusal(self.known.ledger, history, self.unit, self.stage.value),
            "gaps": self.pending.gaps() if self.pending else [],
            "may": self._may(),
            "acts": [
                self._act(acts[one["seq"]], one) for one in self.gate["acts"] if one["seq"] in acts
            ],
            "raised": {
                seq: raising_seen(self.known, raised[seq], self.mine)
                for seq in self.gate["objections"]
                if seq in raised
            },
        }

    # What is wrong

    def _wrong(self, found: views.Found) -> Wrong:
        closing = [one["subject"] for one in found.findings if one["status"] in CLOSING]
        due = {subject: self._due_of(found.check, subject) for subject in closing}
        return Wrong(
            found,
            self.gate["bases"].get(found.check, ""),
            self._mending(found.check) if closing else (),
            self._due(lambda one: one.kind is _FOLLOWING.get(self.stage)) if closing else None,
            {subject: day for subject, day in due.items() if day},
            self._waiver(found),
        )

    def _mending(self, check: str) -> Sequence[str]:
        """Officers who can mend what a check finds wrong, those of the nearest place first."""
        if is_sign_off(check):
            gaps = self.pending.gaps() if self.pending else ()
            return list(dict.fromkeys(one for gap in gaps for one in gap.able))
        organ = provider_organ(check)
        near = [
            key
            for key in self.known.keys.keys.values()
            if key.current and key.organ == organ and key.jurisdiction in self.places
        ]
        near.sort(key=lambda key: (self.places.index(key.jurisdiction), key.officer))
        return [key.officer for key in near]

    @cached_property
    def _deadlines(self) -> list[Deadline]:
        """Those of the unit and of its place."""
        own = (self.unit, self.places[0])
        return [one for one in self.known.deadlines if one.place in own]

    def _due(self, wanted: Callable[[Deadline], bool]) -> Due | None:
        """The first deadline of this unit and its place that is `wanted`."""
        found = (one for one in self._deadlines if wanted(one))
        return next((Due(one.due, one.kind.label, one.due < self.whole.on) for one in found), None)

    def _due_of(self, check: str, subject: str) -> Due | None:
        """The deadline of what a check finds wrong of a subject, where it has one of its own."""
        names = {subject, f"{self.unit}/{subject}", f"{check}/{subject}"} - {self.unit}
        return self._due(lambda one: one.stage is self.stage and one.subject in names)

    def _waiver(self, found: views.Found) -> str | None:
        """Why this officer cannot waive what a check finds wrong; None where nobody is offered."""
        entry = self.whole.pack.check(found.check)
        wanting = [one for one in found.findings if one["status"] in WANTING]
        if not (self.decided and entry and entry.waiver and wanting):
            return None
        return self.judge.waive((self.unit, found.check, wanting[0]["subject"]))

    def _passed(self) -> Iterator[Passed]:
        """The checks that hold, in the order of the findings."""
        found: dict[str, Counter[str]] = {}
        for one in self.gate["findings"]:
            found.setdefault(one["check"], Counter())[one["status"]] += 1
        for check, counted in found.items():
            if counted.keys() <= {Status.PASS, Status.NOT_APPLICABLE}:
                passed, idle = counted[Status.PASS], counted[Status.NOT_APPLICABLE]
                yield Passed(
                    check, check_title(check), self.gate["bases"].get(check, ""), passed, idle
                )

    # What was signed, and what this officer may do

    def _may(self) -> dict[str, str]:
        """Why this officer cannot sign, or refuse: codes, empty where they can; none once open."""
        if not self.decided or self.gate["outcome"] == Outcome.OPEN:
            return {}
        gate = self.unit, self.stage
        return {"sign": self.judge.sign(*gate), "refuse": self.judge.refuse(*gate)}

    def _act(self, act: GateAct, shown: dict[str, Any]) -> dict[str, Any]:
        stale = shown["changes"] is not None
        return {
            **shown,
            "text": said_to(self.known, act, self.mine),
            "may": self._about(act) if self.decided and shown["counts"] is not False else {},
            "changes": visible_changes(self.whole, self.stage, self.known.since(act), self.mine)
            if stale
            else [],
        }

    def _about(self, act: GateAct) -> dict[str, str]:
        """What there is to do about an act, and why this officer cannot."""
        match act:
            case Signed() | Refused() | Waived() if act.officer == self.mine.officer:
                return {"withdraw": self.judge.withdraw(act.seq)}
            case Waived():
                return {"join-waiver": self.judge.join_waiver(act.seq)}
            case Refused():
                return {"lift": self.judge.lift(act.seq)}
        return {}


@dataclass(frozen=True)
class RaisedBy:
    """A row that raised an objection, with its cells for who sees them, and its delivery."""

    seen: VisibleChange
    seq: int
    officer: str


def raising_seen(known: Known, one: Objected, mine: Key) -> list[RaisedBy]:
    """The rows that raised an objection, as the holder of a key sees them."""
    versions, rows = known.raising(one)
    seen = visible_changes(known.facts, Stage(one.stage), versions, mine)
    cells = {each.change: each for each in seen}
    return [RaisedBy(cells[row.change], row.delivery.seq, row.delivery.officer) for row in rows]


def said_to(known: Known, act: GateAct, mine: Key) -> Text | str | None:
    """What an officer wrote as a reason, in quotes; to who does not read it, that they did."""
    name = act.said.reason
    if not name:
        return None
    text = reason_text(BlobStore(known.home.blobs), name)
    if text is None:
        return Text(
            f"（写明了原因，原文已不在；摘要 {name[:12]}）",
            f"(a reason was given, whose text is gone; digest {name[:12]})",
        )
    if reads_reason(known.facts, act, mine):
        return f"“{text}”"
    return Text(
        f"（写明了原因，{len(text)}字，您不能查看；摘要 {name[:12]}）",
        f"(a reason was given, of {plural(len(text), 'character')}, which you may not read; "
        f"digest {name[:12]})",
    )
