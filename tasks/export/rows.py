"""The rows of the exported tables, as they follow from a record.

Rules: one function for each table of `columns.TABLES`; rows are in the order of the ledger, or of
their ids where a table shows how things are now; the same record gives the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count

from data.acts import Gate
from schemas import words
from schemas.decisions import CLOSING, unpacked
from schemas.entries import (
    Attempted,
    Checkpointed,
    Decided,
    GateAct,
    HandedOn,
    Objected,
    OnGate,
    Refused,
    Ruled,
    Signed,
    Submitted,
    Waived,
    Withdrawn,
)
from schemas.vocabulary import OUTCOME_LABELS, Status
from tasks.export.columns import Row
from tasks.export.history import Record
from tasks.export.holders import key_acts, keys, officers, who_did
from tasks.export.states import act_state

_COUNTED = {
    Status.PASS: "passed",
    Status.FAIL: "failed",
    Status.MISSING: "missing",
    Status.NOT_YET: "not_yet",
    Status.WAIVED: "waived",
    Status.NOT_APPLICABLE: "not_applicable",
}


def listed(numbers: Iterable[int]) -> str:
    """Entry numbers in one cell."""
    return ", ".join(map(str, numbers))


def _head(entry: OnGate) -> Row:
    stage = entry.stage
    return {
        "seq": entry.seq,
        "at": entry.at,
        "unit": entry.unit or None,
        "stage": stage,
        "stage_name": words.stage_name(stage),
    }


def about(record: Record) -> Iterator[Row]:
    """What is exported, and as of when."""
    first, last, latest, pack = record.opened, record.last, record.latest, record.pack
    items: list[tuple[str, str, int]] = [
        ("cycle", record.cycle, 1),
        ("pack", pack.name, pack.seq or 1),
        ("days", "historical" if first.historical else "live", 1),
        ("trial", "yes" if first.trial else "no", 1),
        ("policy", pack.policy, pack.seq or 1),
        ("book", first.book, 1),
        ("opened", first.at, 1),
        ("entries", str(last.seq), last.seq),
        ("last", last.at, last.seq),
        ("head", record.hashes[-1], last.seq),
    ]
    if latest:
        items.append(("day", latest.on, latest.seq))
    for item, value, seq in items:
        yield {"item": item, "item_name": words.ITEMS[item], "value": value, "seq": seq}


def units(record: Record) -> Iterator[Row]:
    """The units of the cycle, and those that were taken from it."""
    for one in record.units.values():
        yield {
            "unit": one.unit,
            "jurisdiction": one.jurisdiction,
            "name": one.name,
            "level": one.level,
            "level_name": words.level_name(one.level),
            "body": one.body,
            "body_name": words.body_name(one.body),
            "parent": one.parent,
            "seq": one.seq or None,
        }


def _ahead(record: Record, gate: Gate) -> Row:
    """The forecast of a gate that is not reached."""
    ahead = record.ahead(gate)
    if ahead is None:
        return {}
    shown, forecast = ahead
    return {
        "forecast": shown,
        "forecast_name": OUTCOME_LABELS[shown],
        "forecast_day": forecast.on,
        "forecast_closing": len(forecast.closing),
    }


def gates(record: Record) -> Iterator[Row]:
    """Every unit and stage, and how its gate counts now."""
    for unit in record.units:
        for stage, now in record.gates(unit).items():
            decided = record.decisions.get((unit, stage), [])
            handed = record.handed.get((unit, stage), [])
            yield {
                "unit": unit,
                "stage": stage,
                "stage_name": words.stage_name(stage),
                "state": now.state,
                "state_name": words.named(words.GATE_STATES, now.state),
                "recorded": now.recorded or None,
                "held_by": now.held_by or None,
                "decisions": len(decided),
                "closed_again": sum(one.reopened is not None for one in decided),
                "hand_off": handed[-1].seq if handed else None,
                **_ahead(record, (unit, stage)),
                "seq": now.seq,
            }


def decisions(record: Record) -> Iterator[Row]:
    """Every decision that was recorded."""
    for entry in record.of_kind(Decided):
        after = record.next_of.get(entry.seq)
        reopened = entry.reopened
        counted = dict.fromkeys(_COUNTED.values(), 0)
        for statuses in entry.findings.values():
            for status, found in statuses.items():
                counted[_COUNTED[Status(status)]] += len(found)
        yield {
            **_head(entry),
            **counted,
            "outcome": entry.outcome,
            "outcome_name": words.named(words.GATE_STATES, entry.outcome),
            "day": entry.on,
            "stands": int(after is None),
            "next": after.seq if after else None,
            "signers": ", ".join(entry.signers),
            "sign_offs": listed(entry.sign_offs),
            "waivers": listed(entry.waivers),
            "reopened_of": reopened.of if reopened else None,
            "causes": ", ".join(reopened.causes) if reopened else None,
            "causes_name": entry.causes,
            **{name: getattr(entry, name) for name in
               ("since", "position", "policy", "evidence", "decision", "code", "run")},
        }  # fmt: skip


def findings(record: Record) -> Iterator[Row]:
    """Every finding of every decision, what closes a gate first."""
    number = count(1)
    for entry in record.of_kind(Decided):
        for one in unpacked(entry.findings):
            yield {
                "number": next(number),
                "seq": entry.seq,
                "unit": entry.unit,
                "stage": entry.stage,
                "check": one.check,
                "check_name": words.check_name(one.check),
                "subject": one.subject,
                "status": one.status.value,
                "status_name": one.status.label,
                "code": one.reason or None,
                "reason": words.reason_name(one.check, one.reason, one.arguments),
                "arguments": words.as_text(one.arguments) if one.arguments else None,
                "provider": words.provider_name(one.check) if one.status in CLOSING else None,
            }


def _signed(record: Record, entry: GateAct) -> Row:
    said = entry.said
    key = record.keys.keys.get(entry.key)
    organ = said.organ or (key.organ if key else "")
    return {
        "officer": entry.officer,
        "organ": organ,
        "organ_name": words.organ_name(organ),
        "jurisdiction": said.jurisdiction or (key.jurisdiction if key else ""),
        "key": entry.key,
        "evidence": said.evidence or None,
        "policy": said.policy or None,
        "said_at": said.time or None,
        "payload": said.payload or None,
        "reason": record.reason(said.reason),
        "reason_digest": said.reason or None,
    }


def _acts(record: Record, kind: type[GateAct]) -> Iterator[Row]:
    for entry in record.of_kind(kind):
        state, name = act_state(record, entry)
        yield {
            **_head(entry),
            **_signed(record, entry),
            "state": state,
            "state_name": name,
            "withdrawn_by": record.withdrawn.get(entry.seq),
        }


def sign_offs(record: Record) -> Iterator[Row]:
    """Every sign-off, and whether it counts."""
    return _acts(record, Signed)


def refusals(record: Record) -> Iterator[Row]:
    """Every refusal, and whether it stands."""
    return _acts(record, Refused)


def waivers(record: Record) -> Iterator[Row]:
    """Every signature under a waiver, and whether it is in force."""
    for row, entry in zip(_acts(record, Waived), record.of_kind(Waived), strict=True):
        yield {
            **row,
            "check": entry.check,
            "check_name": words.check_name(entry.check),
            "subject": entry.subject,
            "until": entry.until,
        }


def withdrawals(record: Record) -> Iterator[Row]:
    """Every act that was taken back."""
    for entry in record.of_kind(Withdrawn):
        signed = _signed(record, entry)
        for name in ("evidence", "policy"):  # it speaks of what it takes back, not of a gate
            del signed[name]
        yield {**_head(entry), **signed, "of": entry.of}


def objections(record: Record) -> Iterator[Row]:
    """Every objection to a concluded unit, and how it stands."""
    for entry in record.of_kind(Objected):
        settled = record.history.objections.settled(entry, record.keys)
        yield {
            **_head(entry),
            "state": settled.state,
            "state_name": words.OBJECTION_STATES[settled.state],
            "rulings": listed(act.seq for act in settled.by),
            "hand_off": entry.handed_on,
            "outcome": entry.outcome,
            "outcome_name": words.named(words.GATE_STATES, entry.outcome),
            "closing": len(unpacked(entry.findings)),
            **{name: getattr(entry, name) for name in
               ("position", "policy", "evidence", "decision", "objection", "code", "run")},
        }  # fmt: skip


def rulings(record: Record) -> Iterator[Row]:
    """Every ruling on an objection or a refusal, and whether it counts."""
    for row, entry in zip(_acts(record, Ruled), record.of_kind(Ruled), strict=True):
        del row["withdrawn_by"]
        verdict = words.named(words.VERDICTS, entry.verdict)
        yield {**row, "of": entry.of, "verdict": entry.verdict, "verdict_name": verdict}


def decision_acts(record: Record) -> Iterator[Row]:
    """Which acts counted for which decision, and which did not, with the reason."""
    for entry in record.of_kind(Decided):
        parts = [(act, "sign-off", "") for act in entry.sign_offs]
        parts += [(act, "waiver", "") for act in entry.waivers]
        parts += [(act, "void", code) for act, code in entry.void.items()]
        for act, part, code in sorted(parts):
            yield {
                "seq": entry.seq,
                "act": act,
                "part": part,
                "part_name": words.PARTS[part],
                "code": code or None,
                "reason": words.fault_name(code) if code else None,
            }


def hand_offs(record: Record) -> Iterator[Row]:
    """Every closing entry of a stage of a unit, and whether its decision stands."""
    for entry in record.of_kind(HandedOn):
        after = record.next_of.get(entry.decision)
        later = record.handed[entry.unit, entry.stage]
        place = later.index(entry)
        yield {
            **_head(entry),
            "decision": entry.decision,
            "stands": int(after is None),
            "ended_by": after.seq if after else None,
            "again": later[place + 1].seq if later[place + 1 :] else None,
            "digest": entry.digest,
            "policy": entry.policy,
            "evidence": entry.evidence,
            "signers": ", ".join(entry.signers),
            "sign_offs": listed(entry.sign_offs),
            "waivers": listed(entry.waivers),
        }


def attempts(record: Record) -> Iterator[Row]:
    """What was tried and refused."""
    for entry in record.of_kind(Attempted):
        yield {
            "seq": entry.seq,
            "at": entry.at,
            "act": entry.act,
            "act_name": words.named(words.ACTS, entry.act),
            "unit": entry.unit or None,
            "stage": entry.stage or None,
            "officer": entry.officer or None,
            "code": entry.code,
            "reason": words.fault_name(entry.code),
        }


def submissions(record: Record) -> Iterator[Row]:
    """Every delivery to a register."""
    for entry in record.of_kind(Submitted):
        names = ("seq", "at", "register", "mode", "accepted", "rejected", "blob", "quarantine",
                 "mapping", "source", "officer")  # fmt: skip
        yield {
            **{name: getattr(entry, name) for name in names},
            "register_name": words.register_name(entry.register),
        }


def checkpoints(record: Record) -> Iterator[Row]:
    """Every checkpoint that organs signed."""
    for entry in record.of_kind(Checkpointed):
        names = ("seq", "at", "size", "root", "note")
        yield {
            **{name: getattr(entry, name) for name in names},
            "signers": ", ".join(entry.signers),
        }


def entries(record: Record) -> Iterator[Row]:
    """Every entry of the ledger."""
    for entry, name in zip(record.entries, record.hashes, strict=True):
        yield {
            "seq": entry.seq,
            "at": entry.at,
            "on": entry.on,
            "kind": entry.kind,
            "kind_name": entry.label,
            "unit": entry.of_unit or None,
            "stage": entry.of_stage or None,
            "outcome": entry.outcome if isinstance(entry, Decided) else None,
            "what": entry.line,
            "hash": name,
        }


ROWS: dict[str, Callable[[Record], Iterator[Row]]] = {
    "about": about,
    "units": units,
    "gates": gates,
    "decisions": decisions,
    "findings": findings,
    "sign_offs": sign_offs,
    "refusals": refusals,
    "waivers": waivers,
    "withdrawals": withdrawals,
    "objections": objections,
    "rulings": rulings,
    "decision_acts": decision_acts,
    "hand_offs": hand_offs,
    "key_acts": key_acts,
    "keys": keys,
    "officers": officers,
    "involved": who_did,
    "attempts": attempts,
    "submissions": submissions,
    "checkpoints": checkpoints,
    "entries": entries,
}
