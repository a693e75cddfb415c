"""What the page's script shows on demand, as JSON: every entry, every decision with its findings.

Rules: texts stand in both languages and once each; compressed with nothing of the machine or the
moment in it; what is embedded is base64, so that no text can end the element it stands in.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from schemas import words
from schemas.decisions import unpacked
from schemas.entries import Decided
from schemas.names import unit_name
from schemas.text import Text
from schemas.vocabulary import STAGES, Status
from tasks.export.columns import Cell
from tasks.export.history import Record
from tasks.export.holders import key_acts
from tasks.export.rows import refusals, rulings, sign_offs, waivers, withdrawals

GZIP = 31  # zlib's window with a gzip heading, which names neither a file nor a time


class _Texts:
    """Texts by number, each once."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], int] = {}

    def __call__(self, text: Text) -> int:
        """The number of a text."""
        return self.known.setdefault((text.zh, text.en), len(self.known))

    def all(self) -> list[list[str]]:
        """Every text in both languages."""
        return [list(pair) for pair in self.known]


def facts(record: Record) -> dict[str, Any]:
    """All that the script needs."""
    texts = _Texts()
    checks: dict[str, list[int]] = {}
    lists: dict[str, int] = {}
    return {
        "units": {
            one.unit: [texts(unit_name(one.name, one.body)), one.jurisdiction]
            for one in record.units.values()
        },
        "now": {
            unit: {stage: one.state for stage, one in record.gates(unit).items()}
            for unit in record.units
        },
        "decisions": {
            one.seq: {
                **_decision(record, one, texts),
                "found": _found(one, texts, checks, lists),
            }
            for one in record.of_kind(Decided)
        },
        "acts": _acts(record, texts),
        "entries": [
            [
                one.at, texts(one.label), one.kind,
                one.of_unit, one.of_stage, texts(one.line), name,
            ]
            for one, name in zip(record.entries, record.hashes, strict=True)
        ],
        "stages": {stage.value: texts(stage.label) for stage in STAGES},
        "states": {state: texts(text) for state, text in words.GATE_STATES.items()},
        "statuses": {status.value: texts(status.label) for status in Status},
        "checks": checks,
        "faults": {
            code: texts(words.fault_name(code))
            for one in record.of_kind(Decided)
            for code in one.void.values()
        },
        "lists": [json.loads(shown) for shown in lists],
        "texts": texts.all(),
    }  # fmt: skip


def _found(
    one: Decided, texts: _Texts, checks: dict[str, list[int]], lists: dict[str, int]
) -> dict[str, dict[str, int]]:
    """Status → check → number of the list of what it found: decisions of a gate share most."""
    found: dict[str, dict[str, list[Any]]] = {}
    for finding in unpacked(one.findings):
        check = finding.check
        if check not in checks:
            named = words.check_name(check), words.provider_name(check)
            checks[check] = [texts(text) for text in named]
        reason = words.reason_name(check, finding.reason, finding.arguments)
        shown = [finding.subject, texts(reason)] if finding.reason else finding.subject
        found.setdefault(finding.status.value, {}).setdefault(check, []).append(shown)
    return {
        status: {
            check: lists.setdefault(json.dumps(shown), len(lists))
            for check, shown in by_check.items()
        }
        for status, by_check in found.items()
    }


def _decision(record: Record, one: Decided, texts: _Texts) -> dict[str, Any]:
    after = record.next_of.get(one.seq)
    handed = [hand.seq for hand in record.handed.get(one.gate, []) if hand.decision == one.seq]
    return {
        "outcome": one.outcome,
        "day": one.on,
        "position": one.position,
        "policy": one.policy,
        "evidence": one.evidence,
        "decision": one.decision,
        "code": one.code,
        "run": one.run,
        "signOffs": one.sign_offs,
        "waivers": one.waivers,
        "void": one.void,
        "closes": one.reopened.of if one.reopened else 0,
        "causes": texts(one.causes),
        "next": after.seq if after else 0,
        "handed": handed,
    }


def _acts(record: Record, texts: _Texts) -> dict[int, dict[str, Any]]:
    names = ("officer", "reason", "check", "subject", "until")
    kept: dict[int, dict[str, Any]] = {}
    for rows in (sign_offs, refusals, waivers, withdrawals, rulings, key_acts):
        for row in rows(record):
            shown = {name: row[name] for name in names if row.get(name)}
            for name in ("organ_name", "state_name"):
                if row.get(name):
                    shown[name] = _number(texts, row[name])
            kept[int(str(row["seq"]))] = shown
    return dict(sorted(kept.items()))


def _number(texts: _Texts, cell: Cell) -> int:
    return texts(cell if isinstance(cell, Text) else Text(str(cell), str(cell)))


def packed(content: dict[str, Any]) -> str:
    """The JSON, compressed, as base64."""
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    press = zlib.compressobj(9, zlib.DEFLATED, GZIP)
    return base64.b64encode(press.compress(plain) + press.flush()).decode("ascii")
