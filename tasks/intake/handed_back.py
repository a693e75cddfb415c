"""The files that tell people what became of a delivery: rejected rows, and how cells were read.

Rules: they are named after the entry with which the delivery began, and are on disk before it. The
workbook is in the language in which it was signed, else in the reader's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from data.blobs import write_durably
from data.home import Home
from schemas.canonical import digest
from schemas.text import LANGUAGES, language
from tasks.intake.delivery import Delivery
from tasks.intake.kinds import QUARANTINE_SUFFIX
from tasks.intake.readings import write_readings

# The number of the entry in the name of a workbook that came back.
_NUMBER = re.compile(r"^(?:[0-9]{6}-)+")


def without_number(name: str) -> str:
    """The stem of a file's name, without the number of the entry after which it came back."""
    return _NUMBER.sub("", Path(name).stem)


def quarantine_of(home: Home, seq: int, name: str) -> Path:
    """Where rejected rows come back: of a file or a register, the first entry being `seq`."""
    return home.quarantine / f"{seq:06d}-{without_number(name)}{QUARANTINE_SUFFIX}"


def quarantined(
    home: Home, seq: int, name: str, deliveries: Iterable[Delivery], signed: Collection[str] = ()
) -> Path | None:
    """One workbook with the rejected rows of `deliveries`; None where there are none."""
    workbook = rejected_rows(deliveries, signed)
    if workbook is None:
        return None
    path = quarantine_of(home, seq, name)
    write_durably(path, workbook)
    return path


def rejected_rows(deliveries: Iterable[Delivery], signed: Collection[str] = ()) -> bytes | None:
    """The workbook with the rejected rows of `deliveries`; None where there are none.

    It is in the reader's language, but where its digest in the other one is among those `signed`.
    """
    rejected = [one for one in deliveries if one.rejections]
    if not rejected:
        return None
    from tasks.intake.quarantine import workbook_of

    own = workbook_of(rejected, language())
    if not signed or digest(own) in signed:
        return own
    made = (workbook_of(rejected, lang) for lang in LANGUAGES)
    return next((one for one in made if digest(one) in signed), own)


def list_readings(home: Home, seq: int, delivery: Delivery) -> Path | None:
    """The list of what was read otherwise, or left out; None where there is nothing to list."""
    if not delivery.readings:
        return None
    path = home.quarantine / f"{seq:06d}-{delivery.register}-readings.csv"
    write_readings(path, delivery.readings)
    return path
