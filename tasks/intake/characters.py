"""What a cell's text may hold, and the one usual form of a text that is written in another.

Rules: no line breaks, control or invisible characters; no space in front or behind and no space
but the plain one; no full-width digits or letters, and no other characters that only look like the
usual ones; nothing that a spreadsheet would run as a formula. In ids, numbers, dates and terms no
full-width signs and no long dashes either. `usual_form` mends what has one reading: blanks around a
text, guards against a spreadsheet's own reading, widths, and the characters that GB 18030 kept
among the private ones until Unicode had them. What stands inside a text is never left out, but for
the blanks by which a name of two characters is made as wide as one of three.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.text import Text, comma_separated
from tasks.intake import readings, reasons
from tasks.intake.refusal import shown

FORMULA_STARTS = ("=", "+", "-", "@")

_LINE_BREAK = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_TO_PLAIN_DASH = {ord(dash): "-" for dash in _DASHES}
# Full-width digits and letters, and the radicals that copying from a PDF leaves behind.
_LOOKALIKE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u2f00-\u2fd5]")
_LOOKALIKE_STRUCTURED = re.compile(f"[\uff01-\uff5e\u2f00-\u2fd5{_DASHES}]")
_HAN = "[\u3400-\u9fff\U00020000-\U0003ffff]"
_PADDED = re.compile(f"({_HAN})[ \xa0\u3000]+({_HAN})")
_SUSPECT = re.compile(r"^[ =+\-@]| $|\ufffd|^. +.$|" + _LOOKALIKE.pattern)


# GB 18030's own places for characters (Table A.1, and the changes of GB 18030-2022): private → now.
_PRIVATE = "".join(map(chr, (
    *range(0xE78D, 0xE797), 0xE7C7, 0xE816, 0xE817, 0xE818, 0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE831,
    0xE832, 0xE83B, 0xE843, 0xE854, 0xE855, 0xE864,
)))  # fmt: skip
_ASSIGNED = "".join(map(chr, (
    0xFE10, 0xFE12, 0xFE11, *range(0xFE13, 0xFE1A), 0x1E3F, 0x20087, 0x20089, 0x200CC, 0x9FB4,
    0x9FB5, 0x9FB6, 0x9FB7, 0x215D7, 0x9FB8, 0x2298F, 0x9FB9, 0x9FBA, 0x241FE, 0x9FBB,
)))  # fmt: skip
_GB18030 = str.maketrans(_PRIVATE, _ASSIGNED)
# What typists, web pages and exports leave around a text.
AROUND = " \t\r\n\v\f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\u200b\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_GUARD = re.compile(r'="((?:[^"]|"")*)"')


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell's value is not taken."""

    reason: Text
    arguments: Mapping[str, object] = field(default_factory=dict)


def problem(reason: Text, **arguments: object) -> Problem:
    """A problem with its arguments."""
    return Problem(reason, arguments)


def several(*readings: str | Text) -> Problem:
    """What may be read in several ways."""
    return problem(reasons.TWO_READINGS, readings=comma_separated(readings))


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
    if text.startswith(" ") or text.endswith(" ") or _PADDED.fullmatch(text):
        return problem(reasons.ODD_SPACE, codepoint="U+0020")
    usual = _usual_characters(text, structured=structured)
    if usual != text:
        return problem(reasons.LOOKALIKE, suggestion=shown(usual))
    if text.startswith(FORMULA_STARTS):
        return problem(reasons.FORMULA_TEXT, start=text[0])
    return None


def _usual_characters(text: str, *, structured: bool) -> str:
    alike = _LOOKALIKE_STRUCTURED if structured else _LOOKALIKE
    usual = alike.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return unicodedata.normalize("NFC", usual.translate(_TO_PLAIN_DASH) if structured else usual)


def usual_form(text: str, *, structured: bool) -> tuple[str, Text]:
    """A text in its one usual form, and what was mended; equal texts where nothing was.

    It may still have problems: what stands inside it is left as it is.
    """
    steps = (
        (readings.GUARD, _unguarded),
        (readings.APOSTROPHE, lambda one: one.removeprefix("'") if structured else one),
        (readings.BLANKS, lambda one: one.strip(AROUND)),
        (readings.PADDED, _unpadded),
        (readings.PRIVATE_CODES, lambda one: one.translate(_GB18030)),
        (readings.WIDTHS, lambda one: _usual_characters(one, structured=structured)),
    )
    mended: list[Text] = []
    for how, step in steps:
        usual = step(text)
        if usual != text:
            mended.append(how)
            text = usual
    return text, comma_separated(mended)


def _unpadded(text: str) -> str:
    padded = _PADDED.fullmatch(text)
    return padded[1] + padded[2] if padded else text


def _unguarded(text: str) -> str:
    guard = _GUARD.fullmatch(text)
    return guard[1].replace('""', '"') if guard else text
