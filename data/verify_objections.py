"""Verification of objections and of what rests on them: conclusions, rulings, closings.

Rules: docs/history.md, "Objections". A unit is concluded by the closing entry of its result until a
decision closes one of its gates, which needs an objection to that entry that was granted. Like
`data.verify_acts` it is a second reading of what was written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from data.claims import need, texts
from data.verify_acts import Folded, VerifiedAct
from data.verify_chain import Content
from schemas.vocabulary import Outcome, Stage, Status

RESULT = Stage.RESULT.value
_OPEN, _REJECTED, _GRANTED = "open", "rejected", "granted"
_CLOSING = frozenset({Status.FAIL.value, Status.MISSING.value, Status.NOT_YET.value})
_ANSWER = ("unit", "stage", "outcome", "policy", "evidence", "findings")
# Organs that must agree on reopening a unit.
_ORGANS = 2
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def objection_digest(entry: Content) -> str:
    """The digest by which rulings name an objection."""
    said = [*(entry[name] for name in _ANSWER), entry["handed_on"]]
    return hashlib.sha256(_canonical(said).encode()).hexdigest()


@dataclass
class Objecting:
    """The conclusions, objections and rulings before an entry."""

    folded: Folded
    concluded: dict[str, int] = field(default_factory=dict)
    raised: dict[str, list[Content]] = field(default_factory=dict)
    rulings: dict[int, list[VerifiedAct]] = field(default_factory=dict)

    def state(self, one: Content, seq: int) -> str:
        """How an objection stands before the entry `seq`; empty where it lapsed."""
        organs: set[str] = set()
        for ruling in self.rulings.get(one["seq"], ()):
            key = self.folded.keys.keys[ruling.key]
            if 0 < key.revoked < seq:
                continue
            if ruling.entry["verdict"] == "reject":
                return _REJECTED
            organs.add(key.organ)
            if len(organs) >= _ORGANS:
                return _GRANTED
        return _OPEN if self.concluded.get(one["unit"]) == one["handed_on"] else ""

    def _states(self, unit: str, seq: int) -> Iterator[tuple[Content, str]]:
        return ((one, self.state(one, seq)) for one in self.raised.get(unit, ()))

    def closes(self, entry: Content, seq: int) -> None:
        """A decision that is not open closes no gate of a concluded unit that nobody reopened.

        Raises:
            ActError: it does; so below.
        """
        unit = entry["unit"]
        if entry["outcome"] == Outcome.OPEN.value or unit not in self.concluded:
            return
        stands = self.concluded[unit]
        granted = (one for one, state in self._states(unit, seq) if state == _GRANTED)
        need(any(one["handed_on"] == stands for one in granted))

    def hands_on(self, entry: Content, seq: int) -> None:
        """No result is handed on while an objection to the unit is open."""
        states = (state for _, state in self._states(entry["unit"], seq))
        need(entry["stage"] != RESULT or _OPEN not in states)

    def objects(self, entry: Content, seq: int, moved: int, policy: str) -> None:
        """An objection is to the hand-off by which a unit is concluded, and says a new answer.

        `moved` is the last entry that a decision of the gate rests on, `policy` the pack's digest.
        """
        unit, stage, outcome, named, *_ = texts(
            entry, "unit", "stage", "outcome", "policy", "objection", "evidence", "decision"
        )
        numbers = (entry["handed_on"], entry["position"])
        need(all(type(one) is int for one in numbers), stage in set(Stage), named == policy)
        need(self.concluded[unit] == entry["handed_on"], moved <= entry["position"] < seq)
        statuses = _closing_statuses(entry["findings"])
        failed = Status.FAIL.value in statuses
        expected = Outcome.BLOCKED.value if failed else Outcome.WAITING.value
        need(outcome == expected, objection_digest(entry) == entry["objection"])
        for one, state in self._states(unit, seq):
            same = all(one[name] == entry[name] for name in _ANSWER)
            need(not same or state not in (_OPEN, _REJECTED))

    def rules(self, entry: Content, seq: int) -> None:
        """Only an objection that is open is ruled on."""
        one = self.folded.objections[entry["of"]]
        need(entry["of"] < seq, self.state(one, seq) == _OPEN)

    def take(self, entry: Content, seq: int) -> None:
        """Follow an entry that holds."""
        match entry["kind"]:
            case "handed-on" if entry["stage"] == RESULT:
                self.concluded[entry["unit"]] = seq
            case "decided" if entry["outcome"] != Outcome.OPEN.value:
                self.concluded.pop(entry["unit"], None)
            case "objected":
                self.raised.setdefault(entry["unit"], []).append(entry)
            case "ruled":
                self.rulings.setdefault(entry["of"], []).append(self.folded.acts[seq])


def _closing_statuses(findings: Any) -> set[str]:
    """The statuses of findings, all of which close a gate; at least one."""
    need(isinstance(findings, Mapping))
    found: set[str] = set()
    for by in findings.values():
        need(isinstance(by, Mapping))
        for status, items in by.items():
            need(type(items) is list and bool(items))
            found.add(status)
    need(bool(found), found <= _CLOSING)
    return found
