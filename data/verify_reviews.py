"""Verification of what officers say that they looked at before they signed a gate, or refused to.

Rules: docs/history.md, "What was looked at". A statement says of the decision that it names the
day, the outcome and how many findings there are of which check and status, and those of the
decision that stands when it is recorded are the same, signatures aside; it names the act on other
evidence before it. A replay says how many rows changed since. As all verifiers it reads what
was written, not the typed entries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from data.acts import SIGNED, Gate
from data.claims import need, written
from schemas.encodings import from_base64, strict_object
from schemas.statements import BARE_SIGN_OFF, SIGN_OFF

DECIDED = "decided"
_NAMES = ("decided", "on", "outcome", "findings", "since")
_REGISTER = re.compile(r"[a-z_]{1,64}")
_CHANGES = {"added", "changed", "gone"}
_CLOSING = {"fail", "missing", "not_yet"}
Counts = dict[str, dict[str, int]]


def review_in(entry: Mapping[str, Any], *, reviewed: bool) -> tuple[str, dict[str, object]]:
    """Which of the two sign-offs an entry has, and what its statement says was looked at.

    Once one was `reviewed`, none is silent.

    Raises:
        Exception: of whatever kind: it has none.
    """
    shown = strict_object(from_base64(entry["envelope"]["payload"]))
    if shown["predicateType"] == BARE_SIGN_OFF:
        need(not reviewed)
        return BARE_SIGN_OFF, {}
    return SIGN_OFF, {name: shown["predicate"][name] for name in _NAMES}


@dataclass
class Reviews:
    """The decisions so far, and what was signed or refused of each gate, with its evidence."""

    decided: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    acts: dict[Gate, list[tuple[int, str]]] = field(default_factory=dict)

    def compare(
        self,
        act: Mapping[str, Any],
        said: Mapping[str, Any],
        evidence: str,
        stands: Mapping[str, Any],
    ) -> None:
        """What is `said` of what was looked at is what the decisions say; `stands` is the last.

        Raises:
            Exception: of whatever kind: it is not.
        """
        gate, number = (act["unit"], act["stage"]), said["decided"]
        named, own = self.decided[number], f"{act['stage']}.sign-off"
        need((named["unit"], named["stage"]) == gate, named["evidence"] == evidence)
        found = _counted(named["findings"])
        need(_without(found, own) == _without(_counted(stands["findings"]), own))
        closing = {status for by in _without(found, own).values() for status in by} & _CLOSING
        need(act["kind"] != SIGNED or not closing)
        expected = {
            "decided": number,
            "on": named["on"],
            "outcome": named["outcome"],
            "findings": found,
            "since": self._since(gate, number, evidence, said["since"]),
        }
        # In bytes: true is 1 elsewhere.
        need(written({name: said[name] for name in _NAMES}) == written(expected))

    def _since(self, gate: Gate, number: int, evidence: str, said: Any) -> object:
        before = [one for one in self.acts.get(gate, ()) if one[0] < number and one[1] != evidence]
        if not before:
            return None
        changes = said["changes"]
        need(type(changes) is dict)
        for register, counts in changes.items():
            need(_REGISTER.fullmatch(register), type(counts) is dict and counts)
            need(counts.keys() <= _CHANGES)
            need(*(type(one) is int and one > 0 for one in counts.values()))
        return {"entry": before[-1][0], "changes": changes}


def _counted(findings: Mapping[str, Mapping[str, Any]]) -> Counts:
    """Check → status → how many items a decision has."""
    return {
        check: {status: len(items) for status, items in by.items()}
        for check, by in findings.items()
    }


def _without(found: Counts, check: str) -> Counts:
    return {name: by for name, by in found.items() if name != check}
