"""Canonical bytes and digests: what is hashed is RFC 8785 JSON, by SHA-256.

Rules: the same content gives the same bytes everywhere, so a digest speaks of content and not of
a file format; every digest scheme has a name with a version. orjson writes only what it writes as
RFC 8785 says: text, whole numbers, true/false/null, lists and objects, of exactly these types;
whatever it would order, round or accept otherwise is written, or refused, by `rfc8785`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

import orjson
import rfc8785

ROW_SCHEME = "termgate-row-1"
CELLS_SCHEME = "termgate-cells-1"
EVIDENCE_SCHEME = "termgate-evidence-2"
# How deliveries, confirmations and keys stand on record.
RECORD_SCHEME = "termgate-record-2"
HANDOFF_SCHEME = "termgate-hand-off-1"

_SCALARS = frozenset({str, int, bool, type(None)})
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
# No value of ours is nested as deep.
_DEEPEST = 16


def _same_order(names: Iterable[str]) -> bool:
    """Whether sorting by code points is sorting by UTF-16: below the surrogates it is."""
    together = "".join(names)
    return together.isascii() or max(together) < "\ud800"


def _plain(values: Iterable[Any], depth: int = _DEEPEST) -> bool:
    """Whether orjson either writes each of `values` as RFC 8785 says, or refuses it.

    What is inside is looked at together by its kind: in few steps, however much it is.

    Raises:
        TypeError: an object's name is no text.
    """
    inner = {*map(type, values)} - _SCALARS
    for kind in inner:
        found: list[Any] = [one for one in values if type(one) is kind]
        if kind is dict:
            if not _same_order(chain.from_iterable(found)):
                return False
            found = [one.values() for one in found]
        elif kind is not list and kind is not tuple:
            return False
        if not depth or not _plain([*chain.from_iterable(found)], depth - 1):
            return False
    return True


def canonical(value: Any) -> bytes:
    """RFC 8785 JSON of `value` (text, whole numbers, true/false/null, lists, objects).

    Raises:
        rfc8785.CanonicalizationError: `value` holds something else, a whole number of more than 53
            bits, or text that is no Unicode.
    """
    try:
        if type(value) in _SCALARS or _plain([value]):
            return orjson.dumps(value, option=_OPTIONS)
    except TypeError:
        # Refused by orjson: `rfc8785` says why, or takes what only it can take.
        return rfc8785.dumps(value)
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


def cells_digests(
    register: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> list[str]:
    """For each row the digest of its cells in `columns`: text, numbers, yes/no, nothing; no days.

    Raises:
        TypeError: a cell is something else, or a whole number of more than 53 bits.
    """
    head = canonical([CELLS_SCHEME, register, list(columns)])[:-1] + b","
    return [digest(b"%b%b]" % (head, orjson.dumps(row, option=_OPTIONS))) for row in rows]


def evidence_digest(unit: str, rows: Iterable[tuple[str, list[str]]]) -> str:
    """The digest of what a gate reads for `unit`: (which rows, their digests) in any order."""
    content = sorted((name, sorted(digests)) for name, digests in rows if digests)
    return digest(canonical([EVIDENCE_SCHEME, unit, [list(pair) for pair in content]]))
