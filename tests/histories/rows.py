"""The smallest cycle that all five gates of the real policy pack open for: a township's two bodies.

Rules: the places above the township keep their officers, talks and teams, and have no units of
their own. Histories change rows only at `SLOTS`: each is one key of a register with the rows (or
none) that may stand there; the first is what the cycle is opened with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from schemas.registers import REGISTERS
from tests.generator import Row, Rows
from tests.generator.base import Cell
from tests.support import cycle, reference

CITY, COUNTY, TOWNSHIP = "640300", "640302", "640302100"
PLACES = (TOWNSHIP, COUNTY, CITY)  # its own first
CONGRESS, GOVERNMENT = f"{TOWNSHIP}-congress", f"{TOWNSHIP}-government"
UNITS = (CONGRESS, GOVERNMENT)
SCOPES = ("cycle", COUNTY, TOWNSHIP, CONGRESS, GOVERNMENT)


def in_scope(scope: str) -> list[str]:
    """The units that a scope means."""
    return [scope] if scope in UNITS else list(UNITS)


Key = tuple[Cell, ...]


@dataclass(frozen=True)
class Slot:
    """A key of a register, and what may stand there; `None` is no row."""

    name: str
    register: str
    key: Key
    variants: tuple[Row | None, ...]


def key_of(register: str, row: Row) -> Key:
    """The key of a row."""
    return tuple(row[column] for column in REGISTERS[register].key)


def _refers(register: str, row: Row, keys: Mapping[str, set[object]]) -> bool:
    return all(
        row[column] is None or target == register or row[column] in keys[target]
        for column, target in REGISTERS[register].references.items()
    )


@cache
def small() -> Rows:
    """The rows that the cycle is opened with."""
    rows = cycle.only(reference.clean(), PLACES)
    persons = {row["person"] for row in rows["officers"]}
    kept: Rows = {}
    keys: dict[str, set[object]] = {}
    for name, register in REGISTERS.items():
        kept[name] = [
            row
            for row in rows[name]
            if row.get("unit", CONGRESS) in UNITS
            and (name != "roster" or row["jurisdiction"] == TOWNSHIP or row["person"] in persons)
            and _refers(name, row, keys)
        ]
        keys[name] = {row[register.key[0]] for row in kept[name]}
    return kept


def _one(register: str, **match: object) -> Row:
    return next(
        row for row in small()[register] if all(row[name] == value for name, value in match.items())
    )


def _slot(name: str, register: str, base: Row, *edits: Mapping[str, object] | None) -> Slot:
    """A slot whose rows are `base` and its edits."""
    others = tuple(None if edit is None else {**base, **edit} for edit in edits)
    return Slot(name, register, key_of(register, base), (base, *others))  # type: ignore[arg-type]


def _new(name: str, register: str, *rows: Row) -> Slot:
    """A slot where nothing stands at first."""
    return Slot(name, register, key_of(register, rows[0]), (None, *rows))


def _officer(officer: str, *edits: Mapping[str, object] | None) -> Slot:
    return _slot(officer, "officers", _one("officers", officer=officer), *edits)


def _as_listed(person: str) -> Mapping[str, object]:
    """An officer's person and name, as the roster has them."""
    return {"person": person, "name": _one("roster", person=person)["name"]}


CANDIDATE = "p-640302100-0004"  # of the government
COUNTY_SECRETARY = "p-640302-0057"
REPORT: Row = {
    "report": "r-640302100-01",
    "unit": CONGRESS,
    "candidate": None,
    "channel": "web",
    "received_on": date(2016, 10, 21),
    "clear_leads": True,
    "concrete": True,
    "real_name": True,
    "accepted_on": date(2016, 10, 22),
    "closed_on": None,
}
CASE: Row = {
    "case": "a-640302100-01",
    "unit": CONGRESS,
    "report": "r-640302100-01",
    "organ": "discipline-commission",
    "opened_on": date(2016, 10, 22),
    "closed_on": date(2016, 11, 1),
    "outcome": "unfounded",
    "joint": True,
}
KIN: Row = {
    "jurisdiction": COUNTY,
    "person": COUNTY_SECRETARY,
    "kin": CANDIDATE,
    "kinship": "in-law",
}


@cache
def slots() -> dict[str, Slot]:
    """Every slot by its name."""
    place = {"jurisdiction": TOWNSHIP}
    archive = _one("reviews", candidate="c-640302100-0001", item="archive")
    found = (
        _slot(
            "measure", "measures", _one("measures", kind="committee-meeting", **place),
            {"held_on": date(2016, 8, 20)}, None,
        ),
        _slot("screening", "screenings", _one("screenings", **place), None, {"attendance": 60}),
        _slot(
            "activity", "activities", _one("activities", activity="one-quiz", **place),
            None, {"done_on": date(2016, 9, 18)},
        ),
        _slot("publicity", "publicity", _one("publicity", **place), None),
        _slot("visit", "visits", _one("visits", **place), None),
        _slot("pledge", "pledges", _one("pledges", person=CANDIDATE), None),
        _slot("archive", "reviews", archive, None),
        _slot("vote", "committee_votes", _one("committee_votes", unit=GOVERNMENT),
              {"in_favour": 1}, {"in_favour": 7}),
        _slot("session", "sessions", _one("sessions", unit=GOVERNMENT), None),
        _slot("returned", "returns", _one("returns", register_name="reports", **place),
              {"entries": 1}),
        _slot("place", "jurisdictions", _one("jurisdictions", **place), {"name": "新名镇"}),
        _new("report", "reports", REPORT, {**REPORT, "closed_on": date(2016, 11, 1)}),
        _new("case", "cases", CASE),
        _new("kin", "kin", KIN),
        # Additions that change no finding.
        _new("cards", "card_lots", {**_one("card_lots", **place), "lot": "k-640302100-09"}),
        _new("meeting", "measures",
             _one("measures", kind="committee-meeting", **place) | {"kind": "secretaries-meeting"}),
        _officer("o-640302-01", _as_listed(CANDIDATE), {"jurisdiction": CITY}),
        _officer("o-640302-02", {"organ": "united-front"}, {"person": "p-640302-o07"}, None),
        _officer("o-640302-55", None, {"jurisdiction": TOWNSHIP}),
        _officer("o-640302100-52", {"person": "p-640302100-o07"}, {"organ": "presidium"}, None),
        _officer("o-640300-03", {"person": "p-640302-o51"}, {"person": "p-640302100-o51"}, None),
    )  # fmt: skip
    return {one.name: one for one in found}
