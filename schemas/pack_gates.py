"""What a gate goes by in a pack file: whether another pack asks of it for the same.

Rules: docs/history.md, "Packs". A gate of a stage, for units of a level and a body, goes by the
checks of the stage with their parameters, by who may waive them, by the sign-offs that such units
need, and the plan, which has the calendar, by the pack's days of validity. Texts and marks decide
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from schemas.canonical import canonical, digest
from schemas.pack_formats import Tables
from schemas.vocabulary import Stage

VALIDITY = ("valid_from", "valid_to")
_SIGNED = ("organs", "number", "at")


def _plain(value: Any) -> Any:
    """TOML values as JSON has them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def gate_digest(tables: Tables, stage: str, level: str, body: str) -> str:
    """The digest of what a gate goes by, in the tables of today's format."""
    checks = {
        one["check"]: [one["parameters"], one.get("waiver")] for one in tables["stages"][stage]
    }
    signed = {
        one["name"]: {name: one[name] for name in _SIGNED}
        for one in tables["sign_offs"][stage]
        if level in one["levels"] and body in one["bodies"]
    }
    days = [tables[name] for name in VALIDITY] if stage == Stage.PLAN else []
    return digest(canonical(_plain([checks, signed, days])))
