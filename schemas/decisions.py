"""Decisions: what a gate said about a unit, on which evidence, under which rules.

Rules: a gate is `open` only if its findings hold one pass at least, and nothing but passes, what
does not apply, and waived findings; anything failed makes it `blocked`; everything else, what
lies ahead too, is `waiting`. The same decision on the same evidence under the same policy is one
decision.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sized
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import orjson

from schemas.canonical import canonical, digest
from schemas.findings import Finding, Findings
from schemas.vocabulary import Outcome, Stage, Status

# What somebody can answer for now; a day that has not come is waited for.
WANTING = frozenset({Status.FAIL, Status.MISSING})
CLOSING = WANTING | {Status.NOT_YET}
SILENT_OK = frozenset({Status.PASS, Status.NOT_APPLICABLE, Status.WAIVED})


def closing_of(findings: Findings) -> list[Finding]:
    """The findings that keep a gate closed, as they came."""
    return list(findings.having(CLOSING))


def outcome_of(findings: Iterable[Finding], required: Iterable[str]) -> Outcome:
    """What the findings make of a gate that needs the checks `required`.

    A required check without any finding keeps the gate closed, as do findings without one pass.
    """
    seen = Findings.of(findings)
    said = seen.statuses
    needed = set(required)
    if said - SILENT_OK - CLOSING or Status.FAIL in said:
        return Outcome.BLOCKED
    if not needed or needed - seen.checks:
        return Outcome.WAITING
    if said & CLOSING or Status.PASS not in said:
        return Outcome.WAITING
    return Outcome.OPEN


def sign_off_code(stage: Stage) -> str:
    """The code under which a gate's sign-offs stand among its findings."""
    return f"{stage.value}.sign-off"


def closing_checks(findings: Mapping[str, Iterable[str]]) -> set[str]:
    """The checks that keep a gate closed, of findings as a ledger entry has them."""
    return {check for check, statuses in findings.items() if not CLOSING.isdisjoint(statuses)}


def found_by_check(findings: Mapping[str, Mapping[str, Sized]]) -> dict[str, dict[str, int]]:
    """Check → status → of how many subjects, of findings as a ledger entry has them."""
    return {
        check: {status: len(items) for status, items in by.items()}
        for check, by in findings.items()
    }


def same_but_for_signatures(
    one: Mapping[str, object], other: Mapping[str, object], stage: Stage
) -> bool:
    """Whether the same was found by each check, whoever signed meanwhile."""
    return all(one.get(code) == other.get(code) for code in {*one, *other} - {sign_off_code(stage)})


def waits_for_signatures(closing: Collection[str], stage: Stage) -> bool:
    """Whether signatures are what keeps a gate closed, and nothing else."""
    return set(closing) == {sign_off_code(stage)}


# Nothing of it is written otherwise than it stands, or comes before the quote that ends an id.
_PLAIN = re.compile(r'[^\x00-"\\]+')


def _in_order(entry: Any) -> bytes:
    """What ids, counts and terms are sorted by: their canonical bytes."""
    return orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)


def _sorted(entries: list[Any]) -> list[Any]:
    """Entries in the order of their canonical bytes; ids alone are in that order as they stand."""
    if set(map(type, entries)) == {str} and _PLAIN.fullmatch("".join(entries)):
        return sorted(entries)
    return sorted(entries, key=_in_order)


def packed(findings: Iterable[Finding]) -> dict[str, dict[str, list[Any]]]:
    """Findings as they stand in the ledger: check → status → subjects (with reason, if any)."""
    parts = Findings.of(findings)
    grouped: dict[str, dict[str, list[Any]]] = {}
    for group in parts.alike:
        entries = grouped.setdefault(group.check, {}).setdefault(group.status.value, [])
        entries += (
            [[subject, group.reason, group.arguments] for subject in group.subjects]
            if group.reason
            else group.subjects
        )
    for one in parts.others:
        entries = grouped.setdefault(one.check, {}).setdefault(one.status.value, [])
        entries.append([one.subject, one.reason, one.arguments] if one.reason else one.subject)
    return {
        check: {status: _sorted(entries) for status, entries in sorted(statuses.items())}
        for check, statuses in sorted(grouped.items())
    }


def unpacked(findings: Mapping[str, Mapping[str, list[Any]]]) -> list[Finding]:
    """The findings of a ledger entry, what closes the gate first."""
    order = [
        Status.FAIL, Status.MISSING, Status.NOT_YET, Status.WAIVED, Status.PASS,
        Status.NOT_APPLICABLE,
    ]  # fmt: skip
    found: list[Finding] = []
    for check, statuses in findings.items():
        for status, entries in statuses.items():
            for entry in entries:
                if isinstance(entry, str):
                    found.append(Finding(check, entry, Status(status)))
                else:
                    found.append(Finding(check, entry[0], Status(status), entry[1], entry[2]))
    return sorted(found, key=lambda one: (order.index(one.status), one.check, one.subject))


class Carried(NamedTuple):
    """Which submissions brought which rows, by digest, after somebody had signed."""

    submissions: tuple[int, ...]
    rows: tuple[str, ...]

    def as_json(self) -> dict[str, list[Any]]:
        """As it stands in an entry."""
        return {"submissions": list(self.submissions), "rows": list(self.rows)}


@dataclass(frozen=True)
class Decision:
    """A gate's answer for one unit.

    `policy` and `evidence` are digests; `position` is the last submission or act that was looked
    at; `signers` are the officers whose sign-off counts, `sign_offs` and `waivers` the entries of
    what counts, `void` the entries of what does not (with the code why), `carried` what was added
    since acts that count all the same; sign-offs up to the entry `since` do not count, because the
    gate was closed then after it had stood open; `barred` are the officers whom the gate asks for
    and who may not sign it, with the code why.
    """

    unit: str
    stage: Stage
    outcome: Outcome
    on: date
    policy: str
    evidence: str
    position: int
    findings: Findings
    signers: tuple[str, ...] = ()
    sign_offs: tuple[int, ...] = ()
    waivers: tuple[int, ...] = ()
    void: Mapping[int, str] = field(default_factory=dict)
    carried: Mapping[int, Carried] = field(default_factory=dict)
    since: int = 0
    barred: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def packed_findings(self) -> dict[str, dict[str, list[Any]]]:
        """The findings as they stand in the ledger."""
        return packed(self.findings)

    @cached_property
    def closing(self) -> dict[str, dict[str, list[Any]]]:
        """What keeps the gate closed, as it stands in the ledger."""
        return packed(closing_of(self.findings))

    def objection(self, handed_on: int) -> str:
        """The digest of an objection: what would close which gate, and which hand-off it is to."""
        said = [self.unit, self.stage.value, self.outcome.value, self.policy, self.evidence]
        return digest(canonical([*said, self.closing, handed_on]))

    @cached_property
    def key(self) -> str:
        """The idempotency key: everything that the answer consists of, and nothing else."""
        return digest(
            canonical(
                [
                    self.unit,
                    self.stage.value,
                    self.outcome.value,
                    self.policy,
                    self.evidence,
                    self.packed_findings,
                    list(self.signers),
                    list(self.sign_offs),
                    dict(self.barred),
                ]
            )
        )
