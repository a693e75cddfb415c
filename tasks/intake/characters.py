"""What a cell's text may hold.

Rules: no line breaks, control or invisible characters; no space in front or behind and no space
but the plain one; no full-width digits or letters, and no other characters that only look like the
usual ones; nothing that a spreadsheet would run as a formula. In ids, numbers, dates and terms no
full-width signs and no long dashes either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.text import Text
from tasks.intake import reasons
from tasks.intake.refusal import shown

FORMULA_STARTS = ("=", "+", "-", "@")

_LINE_BREAK = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_TO_PLAIN_DASH = {ord(dash): "-" for dash in _DASHES}
# Full-width digits and letters, and the radicals that copying from a PDF leaves behind.
_LOOKALIKE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u2f00-\u2fd5]")
_LOOKALIKE_STRUCTURED = re.compile(f"[\uff01-\uff5e\u2f00-\u2fd5{_DASHES}]")
_SUSPECT = re.compile(r"^[ =+\-@]| $|\ufffd|" + _LOOKALIKE.pattern)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell's value is not taken."""

    reason: Text
    arguments: Mapping[str, object] = field(default_factory=dict)


def problem(reason: Text, **arguments: object) -> Problem:
    """A problem with its arguments."""
    return Problem(reason, arguments)


def is_plain(text: str) -> bool:
    """Whether free text is free of all that `text_problem` looks for (a quick answer)."""
    return (
        text.isprintable()
        and not _SUSPECT.search(text)
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
    )


def _character_problem(character: str) -> Problem | None:
    category = unicodedata.category(character)
    code = f"U+{ord(character):04X}"
    # Rare characters of names that are newer than this Python's tables stand in planes 2 and 3.
    rare = category == "Cn" and 0x20000 <= ord(character) <= 0x3FFFD  # noqa: PLR2004
    if character == "\ufffd" or (category in {"Cs", "Co", "Cn"} and not rare):
        return problem(reasons.UNREADABLE_CHARACTER, codepoint=code)
    if category in {"Cc", "Cf"}:
        return problem(reasons.INVISIBLE, codepoint=code)
    if category == "Zs" and character != " ":
        return problem(reasons.ODD_SPACE, codepoint=code)
    return None


def text_problem(text: str, *, structured: bool) -> Problem | None:
    """The first thing that is wrong with a text, or None.

    `structured` is for ids, numbers, dates and terms, where no sign has a full-width form.
    """
    if _LINE_BREAK.search(text):
        return problem(reasons.LINE_BREAK)
    if not text.isprintable() or "\ufffd" in text:
        for found in map(_character_problem, text):
            if found:
                return found
    if text.startswith(" ") or text.endswith(" "):
        return problem(reasons.SPACES)
    alike = _LOOKALIKE_STRUCTURED if structured else _LOOKALIKE
    usual = alike.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    usual = unicodedata.normalize("NFC", usual.translate(_TO_PLAIN_DASH) if structured else usual)
    if usual != text:
        return problem(reasons.LOOKALIKE, suggestion=shown(usual))
    if text.startswith(FORMULA_STARTS):
        return problem(reasons.FORMULA_TEXT, start=text[0])
    return None
