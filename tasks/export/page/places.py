"""The jurisdictions of a cycle in the order in which a picture shows them.

Rules: a jurisdiction stands under the one above it, sorted by its code; what nothing stands above
comes first; no unit is left out, whatever its parent.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.vocabulary import Body
from tasks.export.history import Record, Unit

ORDER = {body.value: place for place, body in enumerate(Body)}


@dataclass(frozen=True, slots=True)
class Place:
    """A jurisdiction with its units by body; `depth` is 0 at the top."""

    code: str
    name: str
    level: str
    depth: int
    units: dict[str, Unit]


def places_of(record: Record) -> list[Place]:
    """Every jurisdiction that has units."""
    units: dict[str, dict[str, Unit]] = {}
    parents: dict[str, str | None] = {}
    for one in record.units.values():
        units.setdefault(one.jurisdiction, {})[one.body] = one
        parents[one.jurisdiction] = one.parent
    found: list[Place] = []
    seen: set[str] = set()

    def visit(code: str, depth: int) -> None:
        if code in seen:
            return
        seen.add(code)
        own = dict(sorted(units[code].items(), key=lambda pair: ORDER.get(pair[0], len(ORDER))))
        first = next(iter(own.values()))
        found.append(Place(code, first.name or code, first.level, depth, own))
        for below in sorted(one for one, above in parents.items() if above == code):
            visit(below, depth + 1)

    for code in sorted(one for one, above in parents.items() if above not in parents):
        visit(code, 0)
    for code in sorted(parents):
        visit(code, 0)
    return found
