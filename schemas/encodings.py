"""Texts that have one reading only: base64 and JSON as a verifier takes them.

Rules: base64 is the one text that its bytes encode to. Strict JSON is valid UTF-8 without a byte
order mark, names nothing twice in an object, has whole numbers only, of at most 53 bits, no half
of a surrogate pair, and nests at most 64 deep: whoever reads it by whatever library reads the same.
What a fast reader takes is taken only if nothing in it is in doubt; all else goes to a reader that
looks at every pair and number, and that one's answer is the answer.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any, NoReturn

import orjson

DEEPEST = 64
LARGEST = 2**53 - 1
_DIGITS = len(str(LARGEST)) + 1


class EncodingError(ValueError):
    """A text that is not what it should be; it is not quoted."""


def to_base64(content: bytes) -> str:
    """Base64 with padding."""
    return base64.b64encode(content).decode("ascii")


def from_base64(text: str) -> bytes:
    """The bytes of a base64 text.

    Raises:
        EncodingError: it is not exactly what `to_base64` gives.
    """
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise EncodingError("base64") from error
    if to_base64(content) != text:
        raise EncodingError("base64")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise EncodingError("name twice")
    return found


def _whole(text: str) -> int:
    if len(text) > _DIGITS or abs(number := int(text)) > LARGEST:
        raise EncodingError("number")
    return number


def _no_number(_: str) -> NoReturn:
    raise EncodingError("number")


_decode = json.JSONDecoder(
    object_pairs_hook=_once, parse_int=_whole, parse_float=_no_number, parse_constant=_no_number
).decode


def _too_deep(value: Any, left: int = DEEPEST) -> bool:
    if isinstance(value, dict):
        return left == 0 or any(_too_deep(one, left - 1) for one in value.values())
    if isinstance(value, list):
        return left == 0 or any(_too_deep(one, left - 1) for one in value)
    return False


def _undoubted(found: dict[str, Any], quotes: int) -> bool:
    """Whether all that is in `found` is strict, read from a text without escapes.

    Such a text has two quotation marks for each string. A name that stood twice has left one out,
    so then there are more marks than strings that were read.
    """
    strings, depth = 0, 0
    level: list[Any] = [found]
    while level:
        depth += 1
        if depth > DEEPEST:
            return False
        below: list[Any] = []
        for one in level:
            values: Iterable[Any] = one
            if type(one) is dict:
                strings += len(one)
                values = one.values()
            for value in values:
                kind = type(value)
                if kind is str:
                    strings += 1
                elif kind is list or kind is dict:
                    below.append(value)
                elif kind is float or (kind is int and not -LARGEST <= value <= LARGEST):
                    return False
        level = below
    return strings * 2 == quotes


def _quickly(content: bytes) -> dict[str, Any] | None:
    """The object in `content` where the fast reader leaves no doubt that it is strict."""
    if b"\\" in content:
        return None
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    return found if type(found) is dict and _undoubted(found, content.count(b'"')) else None


def strict_object(content: bytes) -> dict[str, Any]:
    """The JSON object in `content`.

    Raises:
        EncodingError: it is no strict JSON, or no object.
    """
    found = _quickly(content)
    return _looked_through(content) if found is None else found


def _looked_through(content: bytes) -> dict[str, Any]:
    """As `strict_object`, by the reader that looks at every pair and number."""
    try:
        found = _decode(content.decode("utf-8"))
        if b"\\u" in content:
            # Half of a pair has no UTF-8.
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise EncodingError("json") from error
    if not isinstance(found, dict):
        raise EncodingError("no object")
    # Most texts have too few brackets to be looked at.
    if content.count(b"{") + content.count(b"[") > DEEPEST and _too_deep(found):
        raise EncodingError("depth")
    return found
