"""Facts of one row that must agree with each other.

Rules: a unit is named after its jurisdiction and body, townships have no CPPCC and provinces no
units; a city stands under its province where that is on record, a county under a city or directly
under a province, a township under a county or directly under a city; a municipality (直辖市) is a
province, as its code says; a post begins with its unit; nobody is their own kin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from schemas.text import Text
from schemas.vocabulary import Body, Level
from tasks.intake import reasons
from tasks.intake.cells import Value
from tasks.intake.characters import Problem, problem

Found = Iterator[tuple[str, Problem]]

DIGITS = {Level.PROVINCE: 6, Level.CITY: 6, Level.COUNTY: 6, Level.TOWNSHIP: 9}
PARENTS = {
    Level.PROVINCE: (),
    Level.CITY: (Level.PROVINCE,),
    Level.COUNTY: (Level.CITY, Level.PROVINCE),
    Level.TOWNSHIP: (Level.COUNTY, Level.CITY),
}
# The end of a province's code, and of no other's (GB/T 2260).
OF_A_PROVINCE = "0000"


def disagreements(
    register: str, row: Mapping[str, Value], level_of: Callable[[str], str | None]
) -> Found:
    """Column and problem for each fact of a row that does not agree with the others."""
    if register == "jurisdictions":
        yield from _jurisdiction(row, level_of)
    elif register == "units":
        yield from _unit(row)
        if level_of(str(row["jurisdiction"])) == Level.PROVINCE:
            yield "jurisdiction", problem(reasons.PROVINCE_UNIT)
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
    elif code.endswith(OF_A_PROVINCE) != (level == Level.PROVINCE):
        yield "level", problem(reasons.PROVINCE_CODE)
    allowed = PARENTS[level]
    if parent is None:
        if level not in (Level.PROVINCE, Level.CITY):
            yield "parent", problem(reasons.NO_PARENT, level=level.label)
        return
    if not allowed:
        yield "parent", problem(reasons.PROVINCE_PARENT)
        return
    above = level_of(str(parent))
    if above is not None and above not in allowed:
        yield (
            "parent",
            problem(
                reasons.WRONG_PARENT,
                level=level.label,
                expected=Text(
                    "或".join(one.label.zh for one in allowed),
                    " or ".join(one.label.en for one in allowed),
                ),
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
