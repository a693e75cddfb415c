"""The registers of deputies: the published lists, with whoever left office since."""

from __future__ import annotations

from tests.generator.base import Place, Rows, days
from tests.generator.plan import members_of


def add_deputies(rows: Rows, place: Place) -> None:
    """The deputies of a place's congress; one who is in no nomination left where a seat is open."""
    unit, number = f"{place.code}-congress", members_of(place, "congress")
    ids = [f"d-{place.code}-{deputy:04d}" for deputy in range(1, number + 1)]
    held = [row for row in rows["credentials"] if row["unit"] == unit]
    signed = {row["deputy"] for row in rows["signers"]}
    open_seats = number - int(str(held[0]["members"])) if held else 0
    left = [one for one in reversed(ids) if one not in signed][:open_seats]
    ended = days(place.timetables["congress"].opens, -2)
    rows["deputies"].extend(
        {
            "unit": unit,
            "deputy": one,
            "status": "ended" if one in left else "in-office",
            "since": ended if one in left else None,
        }
        for one in ids
    )
