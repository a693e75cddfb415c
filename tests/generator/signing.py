"""Who signs which gate of the reference cycle: no more officers than the pack asks for.

Rules: nobody signs who delivers evidence, who is a candidate of the unit or kin of one, or who is
the same person as another signer; where the pack leaves the choice, a county's officers sign for
its townships. What is found depends on the pack and the registers alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from schemas.authority import Requirement
from schemas.policy import Pack
from schemas.vocabulary import STAGES, Body, Level, Stage

Tables = Mapping[str, Sequence[Mapping[str, object]]]
Gate = tuple[str, Stage]  # unit, stage

# Whose officers are asked first.
_FIRST = (Level.COUNTY, Level.TOWNSHIP, Level.CITY)


class _Signing:
    """The registers as far as they say who may sign."""

    def __init__(self, tables: Tables, delivering: Collection[str]) -> None:
        self.levels: dict[str, Level] = {}
        self.parents: dict[str, str | None] = {}
        for row in tables["jurisdictions"]:
            place = str(row["jurisdiction"])
            self.levels[place] = Level(str(row["level"]))
            self.parents[place] = str(row["parent"]) if row["parent"] else None
        # (organ, jurisdiction) → officer and person, in the order of their ids.
        self.officers: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for row in sorted(tables["officers"], key=lambda row: str(row["officer"])):
            if row["officer"] not in delivering:
                home = str(row["organ"]), str(row["jurisdiction"])
                self.officers[home].append((str(row["officer"]), str(row["person"])))
        self.barred = _barred(tables)

    def places(self, unit: str) -> list[str]:
        """The unit's jurisdiction and those above it, its own first."""
        place: str | None = unit.partition("-")[0]
        found = []
        while place:
            found.append(place)
            place = self.parents[place]
        return found

    def panel(self, unit: str, required: Requirement, taken: set[str]) -> list[str]:
        """Officers who meet a requirement of a gate; `taken` are the persons who sign it."""
        places = self.places(unit)
        asked = sorted(places, key=lambda place: _FIRST.index(self.levels[place]))
        of_each = required.number if len(required.organs) == 1 else 1
        found: list[str] = []
        for organ in required.organs:
            enough = min(len(found) + of_each, required.number)
            for officer, person in self._asked(required, organ, places, asked):
                if len(found) < enough and person not in taken | self.barred[unit]:
                    taken.add(person)
                    found.append(officer)
        if len(found) < required.number:
            raise LookupError(f"{unit}: nobody is left to sign for {required.name}")
        return found

    def _asked(
        self, required: Requirement, organ: str, places: list[str], asked: list[str]
    ) -> Iterator[tuple[str, str]]:
        for place in asked:
            if required.admits(organ, place, places):
                yield from self.officers[organ, place]


def _barred(tables: Tables) -> dict[str, set[str]]:
    """Unit → its candidates and their kin."""
    kin: dict[str, set[str]] = defaultdict(set)
    for row in tables["kin"]:
        one, other = str(row["person"]), str(row["kin"])
        kin[one].add(other)
        kin[other].add(one)
    barred: dict[str, set[str]] = defaultdict(set)
    for row in tables["candidates"]:
        person = str(row["person"])
        barred[str(row["unit"])] |= {person} | kin[person]
    return barred


def gate_signers(
    pack: Pack, tables: Tables, delivering: Collection[str]
) -> dict[Gate, tuple[str, ...]]:
    """Gate → the officers who sign it, for every gate; `delivering` are officers who never do.

    `tables` are the rows of the registers: jurisdictions, units, officers, candidates and kin.

    Raises:
        LookupError: a gate lacks somebody who may sign it.
    """
    signing = _Signing(tables, delivering)
    found: dict[Gate, tuple[str, ...]] = {}
    for row in tables["units"]:
        unit, body = str(row["unit"]), Body(str(row["body"]))
        level = signing.levels[str(row["jurisdiction"])]
        for stage in STAGES:
            taken: set[str] = set()
            found[unit, stage] = tuple(
                officer
                for required in pack.signers(stage, level, body)
                for officer in signing.panel(unit, required, taken)
            )
    return found


def signers(pack: Pack, tables: Tables, delivering: Collection[str]) -> list[str]:
    """The officers who sign any gate at all, in the order of their ids."""
    gates = gate_signers(pack, tables, delivering).values()
    return sorted({officer for officers in gates for officer in officers})
