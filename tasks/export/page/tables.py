"""The rows of the report's tables, for its templates.

Rules: every row names its ledger entries; what stands in `tasks.export.rows` already is shown from
there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas import words
from schemas.decisions import CLOSING, unpacked
from schemas.entries import Decided, GateAct, Objected, Refused, Signed, Submitted, Waived
from schemas.text import Text
from schemas.vocabulary import STAGES
from tasks.export.columns import Row
from tasks.export.history import Record
from tasks.export.holders import keys
from tasks.export.page.figures import number, unfounded
from tasks.export.rows import attempts, objections, refusals, rulings, withdrawals

SHOWN_FINDINGS = 8
_WITH_KEYS = (Signed, Refused, Waived)

Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Closing:
    """What closes a gate: check, subject and reason of the first findings, and how many more."""

    shown: list[tuple[Text, str, Text]]
    more: int


def closing_of(one: Decided | Objected) -> Closing:
    """What closes a gate by a decision, or would by an objection."""
    found = [finding for finding in unpacked(one.findings) if finding.status in CLOSING]
    first = [
        (
            words.check_name(one.check),
            one.subject,
            words.reason_name(one.check, one.reason, one.arguments),
        )
        for one in found[:SHOWN_FINDINGS]
    ]
    return Closing(first, len(found) - len(first))


# What needs to be looked at


def closed_again(record: Record) -> Iterator[Shown]:
    """Gates that stood open and were closed."""
    for one in record.of_kind(Decided):
        if one.reopened:
            of = one.reopened.of
            handed = [hand.seq for hand in record.handed.get(one.gate, []) if hand.decision == of]
            yield {
                "entry": one,
                "opened": record.entries[of - 1],
                "handed": handed,
                "state": record.gates(one.unit)[one.stage].state,
            }


def without_ground(record: Record) -> Iterator[Shown]:
    """Hand-offs whose gate does not stand on their decision any more."""
    for row in unfounded(record):
        now = record.gates(str(row["unit"]))[str(row["stage"])]
        yield {**row, "now": now, "held": words.stage_name(now.held_by) if now.held_by else None}


def objected(record: Record) -> Iterator[Shown]:
    """Objections to concluded units, with the rulings on them."""
    ruled: dict[int, list[Row]] = {}
    for row in rulings(record):
        ruled.setdefault(number(row, "of"), []).append(row)
    for row, one in zip(objections(record), record.of_kind(Objected), strict=True):
        yield {**row, "closing": closing_of(one), "ruled": ruled.get(one.seq, [])}


def taken_back(record: Record) -> list[Shown]:
    """Refusals and withdrawals, in the order of the ledger."""
    found: list[Shown] = [{**row, "what": Refused.label} for row in refusals(record)]
    for row in withdrawals(record):
        what = Text(f"撤回记录第{row['of']}号", f"takes back {row['of']}")
        found.append({**row, "what": what, "state_name": None})
    return sorted(found, key=number)


# Decisions


def current(record: Record) -> Iterator[Shown]:
    """The decision that stands for every gate."""
    for name in record.units:
        for step in STAGES:
            one = record.current((name, step.value))
            if one is not None:
                acts = record.history.acts.of(*one.gate)
                yield {
                    "entry": one,
                    "state": record.gates(name)[step.value].state,
                    "signed": [act for act in acts if act.seq in one.sign_offs],
                    "closing": closing_of(one),
                }


# Who, and what else is on record


def officers(record: Record) -> Iterator[Shown]:
    """Officers with their keys, what they signed with each, and every entry that names them."""
    named_in: dict[str, list[int]] = {}
    for one in record.entries:
        for officer in sorted(one.officers):
            named_in.setdefault(officer, []).append(one.seq)
    held: dict[str, list[Row]] = {}
    for key in keys(record):
        held.setdefault(str(key["officer"]), []).append(key)
    acts: dict[tuple[str, type[GateAct]], list[int]] = {}
    for act in record.of_kind(GateAct):
        acts.setdefault((act.key, type(act)), []).append(act.seq)
    for officer, every in sorted(named_in.items()):
        for key in held.get(officer, []):
            done = [acts.get((str(key["key"]), kind), []) for kind in _WITH_KEYS]
            ended = [number(key, name) for name in ("replaced", "revoked") if number(key, name)]
            yield {"officer": officer, "key": key, "ended": ended, "done": done, "every": every}
        if officer not in held:
            yield {"officer": officer, "key": None, "every": every}


def attempted(record: Record) -> Iterator[Shown]:
    """Refused attempts, by code."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in attempts(record):
        groups.setdefault((str(row["code"]), str(row["act"])), []).append(row)
    for _, found in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        who = sorted({str(row["officer"]) for row in found if row["officer"]})
        yield {**found[0], "officers": who, "seqs": [number(row) for row in found]}


def submitted(record: Record) -> Iterator[Shown]:
    """Deliveries, by register."""
    groups: dict[str, list[Submitted]] = {}
    for one in record.of_kind(Submitted):
        groups.setdefault(one.register, []).append(one)
    for register, found in sorted(groups.items(), key=lambda pair: pair[1][0].seq):
        yield {
            "register": words.register_name(register),
            "accepted": sum(one.accepted for one in found),
            "rejected": sum(one.rejected for one in found),
            "maps": sorted({one.mapping for one in found if one.mapping}),
            "seqs": [one.seq for one in found],
        }
