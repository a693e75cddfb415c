"""A congress that voted in two halls, with the papers and counts of each; the signs of a method.

Rules: every number of a vote is split between the halls so that each hall's own sums hold.
"""

from __future__ import annotations

from tests.generator.base import Row, Rows, whole

# The congress that did, and the one whose method's signs are on record (codes as in the election).
IN_TWO_HALLS = "24204-congress"
WITH_SIGNS = "24103-congress"
HALLS = ("h-1", "h-2")
_SIGNS = (("circle", "in-favour"), ("cross", "against"), ("none", "abstained"))


def add_halls(rows: Rows, unit: str) -> None:
    """The two halls of every vote of the unit."""
    own = [row for row in rows["ballots"] if row["unit"] == unit]
    for ballot in own:
        vote = {name: ballot[name] for name in ("unit", "post", "round")}
        rows["halls"].extend(
            {**vote, "hall": hall, **papers, "scrutineers": None}
            for hall, papers in zip(HALLS, _papers(ballot), strict=True)
        )
        rows["hall_tallies"].extend(
            {**vote, "hall": hall, **marks, **{name: tally[name] for name in ("candidate", "role")}}
            for tally in rows["tallies"]
            if all(tally[name] == vote[name] for name in vote)
            for hall, marks in zip(HALLS, _marks(tally), strict=True)
        )


def add_signs(rows: Rows, unit: str) -> None:
    """What each sign means by the method of the unit's session."""
    rows["signs"].extend({"unit": unit, "sign": sign, "meaning": mark} for sign, mark in _SIGNS)


def _first(number: int) -> int:
    """How many of `number` papers were put in in the first hall."""
    return number * 3 // 5


def _papers(ballot: Row) -> tuple[Row, Row]:
    """Of the first hall all papers came back, and all that came back were valid."""
    first = _first(whole(ballot, "valid"))
    one: Row = {"issued": first, "returned": first, "not_returned": 0, "valid": first, "void": 0}
    other: Row = {name: whole(ballot, name) - whole(one, name) for name in one}
    return {"kind": "hall", **one}, {"kind": "hall", **other}


def _marks(tally: Row) -> tuple[Row, Row]:
    number = sum(whole(tally, name) for name in ("in_favour", "against", "abstained"))
    papers = _first(number)
    favour, against = (whole(tally, name) * papers // number for name in ("in_favour", "against"))
    abstained = min(whole(tally, "abstained"), papers - favour - against)
    one: Row = {
        "in_favour": papers - against - abstained,
        "against": against,
        "abstained": abstained,
    }
    other: Row = {name: whole(tally, name) - whole(one, name) for name in one}
    return {**one, "unclear": None}, {**other, "unclear": None}
