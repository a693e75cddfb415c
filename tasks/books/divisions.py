"""The places of a new book, from a list of divisions (行政区划).

Rules: a list is a table with the columns of the register of jurisdictions; rows above its headings
say of which day it is and where it comes from. The one that is shipped is that of the invented city
of the reference cycle. Places above the one that is asked for are in the book, without units.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.text import Refusal, Text
from schemas.vocabulary import Level
from tasks.intake.delivery import RowValues
from tasks.intake.reading import read_register
from tasks.intake.sets import check_set

SHIPPED = Path(__file__).parents[2] / "data" / "divisions" / "qingning-2016.csv"


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a book: `within` have units, `above` stand over them; the highest first."""

    above: Sequence[RowValues]
    within: Sequence[RowValues]

    @property
    def every(self) -> Sequence[RowValues]:
        """All of them."""
        return [*self.above, *self.within]


class NoSuchPlace(Refusal):
    """A place that a list of divisions does not have, or a list that cannot be used."""


def places_of(place: str, levels: Collection[Level], file: Path | None = None) -> Places:
    """A place with all below it, of some `levels` (none: every level), from a list of divisions.

    Raises:
        Refused: the file cannot be read.
        NoSuchPlace: rows of it are wrong, or the place is not in it.
    """
    path = file or SHIPPED
    delivery = check_set({"jurisdictions": read_register("jurisdictions", path)})["jurisdictions"]
    if delivery.rejections:
        raise NoSuchPlace(
            Text(
                f"{path.name}：{delivery.rejections[0].render('zh')}",
                f"{path.name}: {delivery.rejections[0].render('en')}",
            )
        )
    rows = {str(row["jurisdiction"]): row for row in delivery.rows}
    if place not in rows:
        raise NoSuchPlace(
            Text(
                f"{path.name}：没有行政区 {place}；用 --divisions 给出含有它的区划表",
                f"{path.name}: has no jurisdiction {place}; give a list that has it (--divisions)",
            )
        )
    lineage = {code: _lineage(code, rows) for code in rows}
    chosen = {
        code
        for code, row in rows.items()
        if place in lineage[code] and (not levels or Level(str(row["level"])) in levels)
    }
    if not chosen:
        named = Text("、".join(x.label.zh for x in levels), ", ".join(x.label.en for x in levels))
        raise NoSuchPlace(
            Text(f"{place} 以下没有{named.zh}", f"there is no {named.en} below {place}")
        )
    over = {one for code in chosen for one in lineage[code]} - chosen
    return Places(
        [row for code, row in rows.items() if code in over],
        [row for code, row in rows.items() if code in chosen],
    )


def _lineage(code: str, rows: Mapping[str, RowValues]) -> list[str]:
    """A place and those above it, as far as the list has them."""
    found: list[str] = []
    at: object = code
    while isinstance(at, str) and at in rows and at not in found:
        found.append(at)
        at = rows[at]["parent"]
    return found
