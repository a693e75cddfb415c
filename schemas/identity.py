"""The citizen's identity number (公民身份号码, GB 11643): its form, check digit and birth date.

Rules: six digits of a place, eight of the birth date, three of an order, and a check digit by
ISO 7064 MOD 11-2, in which X is ten. A number is looked at and not kept: whatever repeats what
somebody delivered shows its first six digits alone, but for rows that come back to be mended and
that a map knows by the number.
"""

from __future__ import annotations

import re
from datetime import date

# By its form alone, also inside another text.
IDENTITY = re.compile(
    r"(?<![0-9])([1-9][0-9]{5})(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"[0-9]{3}[0-9Xx](?![0-9])"
)
_DIGITS = "0123456789X"


def masked(text: str) -> str:
    """A text without identity numbers."""
    return IDENTITY.sub(r"\1************", text)


def check_digit(first: str) -> str:
    """The check digit of the first seventeen digits."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first))
    return _DIGITS[(12 - total) % 11]


def birth_of(number: str) -> date | None:
    """The birth date that a number names; None where it is none."""
    if not IDENTITY.fullmatch(number) or check_digit(number[:17]) != number[17].upper():
        return None
    try:
        return date.fromisoformat(number[6:14])
    except ValueError:
        return None
