"""Facts of one row that must agree with each other.

Rules: a unit is named after its jurisdiction and body, and townships have no CPPCC; a county stands
under a city and a township under a county; a post begins with its unit; nobody is their own kin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from schemas.vocabulary import Body, Level
from tasks.intake import reasons
from tasks.intake.cells import Value
from tasks.intake.characters import Problem, problem

Found = Iterator[tuple[str, Problem]]

DIGITS = {Level.CITY: 6, Level.COUNTY: 6, Level.TOWNSHIP: 9}
PARENTS = {Level.COUNTY: Level.CITY, Level.TOWNSHIP: Level.COUNTY}


def disagreements(
    register: str, row: Mapping[str, Value], level_of: Callable[[str], str | None]
) -> Found:
    """Column and problem for each fact of a row that does not agree with the others."""
    if register == "jurisdictions":
        yield from _jurisdiction(row, level_of)
    elif register == "units":
        yield from _unit(row)
    elif register == "kin" and row["person"] == row["kin"]:
        yield "kin", problem(reasons.OWN_KIN)
    if "unit" in row and "post" in row and not str(row["post"]).startswith(f"{row['unit']}-"):
        yield "post", problem(reasons.POST_OF_UNIT, unit=row["unit"])


def _jurisdiction(row: Mapping[str, Value], level_of: Callable[[str], str | None]) -> Found:
    level = Level(str(row["level"]))
    code, parent = str(row["jurisdiction"]), row["parent"]
    if len(code) != DIGITS[level]:
        found = problem(reasons.CODE_LENGTH, level=level.label, digits=DIGITS[level])
        yield "jurisdiction", found
    if level == Level.CITY:
        if parent is not None:
            yield "parent", problem(reasons.CITY_PARENT)
        return
    if parent is None:
        yield "parent", problem(reasons.NO_PARENT, level=level.label)
        return
    above = level_of(str(parent))
    if above is not None and above != PARENTS[level]:
        yield (
            "parent",
            problem(
                reasons.WRONG_PARENT,
                level=level.label,
                expected=PARENTS[level].label,
                found=Level(above).label,
            ),
        )


def _unit(row: Mapping[str, Value]) -> Found:
    code, body = str(row["jurisdiction"]), str(row["body"])
    expected = f"{code}-{body}"
    if row["unit"] != expected:
        yield "unit", problem(reasons.UNIT_NAME, expected=expected)
    if body == Body.CPPCC and len(code) == DIGITS[Level.TOWNSHIP]:
        yield "body", problem(reasons.TOWNSHIP_CPPCC)
