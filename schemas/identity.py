"""The citizen's identity number (公民身份号码, GB 11643): its form, check digit and birth date.

Rules: six digits of a place, eight of the birth date, three of an order, and a check digit by
ISO 7064 MOD 11-2, in which X is ten (`python-stdnum`). A number is looked at and not kept: whatever
repeats what somebody delivered shows its first six digits alone, but for the person's own rows that
come back to be mended, in the columns from which numbers are read.
"""

from __future__ import annotations

import re
from datetime import date

# By its form alone, also inside another text.
IDENTITY = re.compile(
    r"(?<![0-9])([1-9][0-9]{5})(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"[0-9]{3}[0-9Xx](?![0-9])"
)


def masked(text: str) -> str:
    """A text without identity numbers."""
    return IDENTITY.sub(r"\1************", text)


def birth_of(number: str) -> date | None:
    """The birth date that a number names; None where it is none.

    Whether the place had its code when the person was born (`ric.validate`) is not asked: numbers
    were given out from 1984 on, with the codes of those years.
    """
    # Loaded where there is a number: it takes longer than all else of a quick command.
    from stdnum.cn import ric
    from stdnum.exceptions import InvalidComponent

    if not IDENTITY.fullmatch(number) or number[-1].upper() != ric.calc_check_digit(number):
        return None
    try:
        return ric.get_birth_date(number)
    except InvalidComponent:
        return None
