"""The places of a new book, from a list of divisions (行政区划).

Rules: a list is a table with the columns of the register of jurisdictions, in which populations may
be empty; rows above its headings say of which day it is and where it comes from. Shipped are the
country's down to the counties and that of the invented city of the reference cycle. A list of
somebody's own without the place that is asked for, such as one of its townships, adds to the
country's. Places above the one that is asked for are in the book, without units; a province only
where it stands directly above one that has some.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from schemas.places import UNIT_LEVELS
from schemas.registers import REGISTERS
from schemas.text import Refusal, Text, comma_separated
from schemas.vocabulary import Level
from tasks.intake.delivery import Delivery, RowValues
from tasks.intake.reading import read_register
from tasks.intake.sets import check_set

SHIPPED = Path(__file__).parents[2] / "data" / "divisions"
COUNTRY = SHIPPED / "cn-2023.csv"
_DIVISIONS = replace(REGISTERS["jurisdictions"], rows="structure.Division")


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

    `file` may name a list that is shipped.

    Raises:
        Refused: the file cannot be read.
        NoSuchPlace: rows of it are wrong, or the place is not in it.
    """
    path = _list_named(file) if file else COUNTRY
    delivery = read_register(_DIVISIONS, path)
    own = path == COUNTRY or any(
        place in (row["jurisdiction"], row["name"]) for row in delivery.rows
    )
    country = {} if own else _checked(read_register(_DIVISIONS, COUNTRY), {})
    rows = {**country, **_checked(delivery, country)}
    place = _code_of(place, rows, path.name)
    lineage = {code: _lineage(code, rows) for code in rows}
    chosen = {
        code
        for code, row in rows.items()
        if place in lineage[code] and Level(str(row["level"])) in (levels or UNIT_LEVELS)
    }
    if not chosen:
        named = comma_separated(one.label for one in levels)
        raise NoSuchPlace(
            Text(f"{place} 以下没有{named.zh}", f"there is no {named.en} below {place}")
        )
    over = {one for code in chosen for one in lineage[code]} - chosen
    directly = {rows[code]["parent"] for code in chosen}
    far = {code for code in over - directly if Level(str(rows[code]["level"])) is Level.PROVINCE}
    return Places(
        [_on_its_own(row, far) for code, row in rows.items() if code in over - far],
        [row for code, row in rows.items() if code in chosen],
    )


def _code_of(place: str, rows: Mapping[str, RowValues], name: str) -> str:
    """The code of a place of a list, by code or by the name that it alone has there.

    Raises:
        NoSuchPlace: the list has none that is called so, or several.
    """
    found = [place] if place in rows else [x for x, row in rows.items() if row["name"] == place]
    if not found:
        raise NoSuchPlace(
            Text(
                f"{name}：没有行政区 {place}；用 --divisions 给出含有它的区划表",
                f"{name}: has no jurisdiction {place}; give a list that has it (--divisions)",
            )
        )
    if len(found) > 1:
        every = comma_separated(
            Text(f"{code}（{full}）", f"{code} ({full})")
            for code in found
            for full in ["".join(str(rows[one]["name"]) for one in reversed(_lineage(code, rows)))]
        )
        raise NoSuchPlace(
            Text(
                f"“{place}”有{len(found)}个，请写代码：{every.zh}",
                f"“{place}” is the name of {len(found)}; ask by code: {every.en}",
            )
        )
    return found[0]


def _on_its_own(row: RowValues, left_out: Collection[str]) -> RowValues:
    """A place whose province is not in the book stands under none."""
    return {**row, "parent": None} if row["parent"] in left_out else row


def _list_named(file: Path) -> Path:
    """A list of somebody's own, or the one that is shipped under this name."""
    shipped = SHIPPED / f"{file}.csv"
    return shipped if shipped.is_file() and not file.exists() else file


def _checked(delivery: Delivery, beside: Mapping[str, RowValues]) -> dict[str, RowValues]:
    """Code → row of a list; `beside` are the rows of another to which its own may refer.

    Raises:
        NoSuchPlace: rows of it are wrong.
    """
    levels = {code: str(row["level"]) for code, row in beside.items()}
    checked = check_set({"jurisdictions": delivery}, lambda _: levels, levels.get)["jurisdictions"]
    if checked.rejections:
        first, name = checked.rejections[0], delivery.source
        raise NoSuchPlace(Text(f"{name}：{first.render('zh')}", f"{name}: {first.render('en')}"))
    return {str(row["jurisdiction"]): row for row in checked.rows}


def _lineage(code: str, rows: Mapping[str, RowValues]) -> list[str]:
    """A place and those above it, as far as the list has them."""
    found: list[str] = []
    at: object = code
    while isinstance(at, str) and at in rows and at not in found:
        found.append(at)
        at = rows[at]["parent"]
    return found
