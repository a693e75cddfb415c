"""Canonical bytes and digests: what is hashed is RFC 8785 JSON, by SHA-256.

Rules: the same content gives the same bytes everywhere, so a digest speaks of content and not of
a file format; every digest scheme has a name with a version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import rfc8785

ROW_SCHEME = "termgate-row-1"
EVIDENCE_SCHEME = "termgate-evidence-1"
HANDOFF_SCHEME = "termgate-hand-off-1"


def canonical(value: Any) -> bytes:
    """RFC 8785 JSON of `value` (text, whole numbers, true/false/null, lists, objects)."""
    return rfc8785.dumps(value)


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def row_digest(register: str, row: Mapping[str, object]) -> str:
    """The digest of a register's row: its scheme, its register and its values by column."""
    values = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }
    return digest(canonical([ROW_SCHEME, register, values]))


def evidence_digest(unit: str, rows: Iterable[tuple[str, list[str]]]) -> str:
    """The digest of what a gate reads for `unit`: (register, row digests) in any order."""
    content = sorted((register, sorted(digests)) for register, digests in rows if digests)
    return digest(canonical([EVIDENCE_SCHEME, unit, [list(pair) for pair in content]]))
