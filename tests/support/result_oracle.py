"""What a result report must say of a unit, worked out from its rows alone, without its code.

Rules: written from domain §10 and the statutes (地方组织法 art. 14, 25; 选举法 art. 43, 44), over
rows as they were delivered; numbers are compared cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

Row = Mapping[str, Any]
Rows = Mapping[str, list[Any]]

PAPERS = ("printed", "unused", "spoiled", "issued", "returned", "not_returned", "valid", "void")
MARKS = ("in_favour", "against", "abstained", "unclear")


def of_unit(rows: Rows, register: str, unit: str) -> list[Any]:
    """The unit's own rows of a register."""
    return [row for row in rows.get(register, []) if row["unit"] == unit]


def all_members(rows: Rows, unit: str) -> int:
    """How many deputies or members elect: one number for a congress and its government."""
    place, body = unit.split("-")
    assembly = unit if body == "cppcc" else f"{place}-congress"
    (row,) = of_unit(rows, "credentials", assembly)
    return int(row["members"])


def quorum(rows: Rows, unit: str) -> int:
    """The fewest people whose number suffices, found by counting up."""
    (session,) = of_unit(rows, "sessions", unit)
    everybody = all_members(rows, unit)
    for people in range(everybody + 1):
        left = people * session["quorum_denominator"]
        right = everybody * session["quorum_numerator"]
        if left > right or (left == right and session["quorum_inclusive"]):
            return people
    return everybody + 1


def majority(rows: Rows, unit: str) -> int:
    """The fewest votes that are more than half of all."""
    everybody = all_members(rows, unit)
    return next(votes for votes in range(everybody + 2) if votes + votes > everybody)


def held_votes(rows: Rows, unit: str) -> list[Any]:
    """The votes in their order."""
    return sorted(of_unit(rows, "ballots", unit), key=lambda row: (row["post"], row["round"]))


def present_at(rows: Rows, vote: Row) -> int:
    """Who attended a vote, by its own number or the session's."""
    (session,) = of_unit(rows, "sessions", vote["unit"])
    own = vote["present"]
    return int(session["present"] if own is None else own)


def day_of(rows: Rows, vote: Row) -> date:
    """The day of a vote, its own or the session's."""
    (session,) = of_unit(rows, "sessions", vote["unit"])
    own = vote["voted_on"]
    found = session["voted_on"] if own is None else own
    assert isinstance(found, date)
    return found


def paper_numbers(rows: Rows, vote: Row) -> list[int]:
    """The cells of a vote's papers: those present, the quorum, and what was recorded of papers."""
    counted = [vote[name] for name in PAPERS if vote.get(name) is not None]
    return [present_at(rows, vote), quorum(rows, vote["unit"]), *map(int, counted)]


def count_lines(rows: Rows, vote: Row) -> Iterator[tuple[str, list[int]]]:
    """Candidate and the first count's marks with their sum, in no order."""
    for row in of_unit(rows, "tallies", vote["unit"]):
        if (row["post"], row["round"], row["role"]) == (vote["post"], vote["round"], "first"):
            marks = [int(row[name] or 0) for name in MARKS]
            yield row["candidate"], [*marks, sum(marks)]


def elected(rows: Rows, unit: str, post: str) -> list[str]:
    """The candidates declared elected to a post."""
    return sorted(
        row["candidate"]
        for row in of_unit(rows, "results", unit)
        if row["post"] == post and row["elected"]
    )
