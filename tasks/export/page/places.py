"""The jurisdictions of a cycle in the order in which they are shown.

Rules: a jurisdiction stands under the one above it, sorted by its code; what nothing stands above
comes first; no unit is left out, whatever its parent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from data.status import UnitStatus
from schemas.vocabulary import Body
from tasks.export.history import Unit

ORDER = {body.value: place for place, body in enumerate(Body)}


@dataclass(frozen=True, slots=True)
class Place:
    """A jurisdiction with its units by body; `depth` is 0 at the top."""

    code: str
    name: str
    depth: int
    units: dict[str, str]


def places_of(every: Iterable[Unit | UnitStatus]) -> list[Place]:
    """Every jurisdiction that has units."""
    units: dict[str, dict[str, str]] = {}
    names: dict[str, str] = {}
    parents: dict[str, str | None] = {}
    for one in every:
        units.setdefault(one.jurisdiction, {})[one.body] = one.unit
        parents[one.jurisdiction] = one.parent
        names[one.jurisdiction] = one.name or one.jurisdiction
    found: list[Place] = []
    seen: set[str] = set()

    def visit(code: str, depth: int) -> None:
        if code in seen:
            return
        seen.add(code)
        own = sorted(units[code].items(), key=lambda pair: ORDER.get(pair[0], len(ORDER)))
        found.append(Place(code, names[code], depth, dict(own)))
        for below in sorted(one for one, above in parents.items() if above == code):
            visit(below, depth + 1)

    for code in sorted(one for one, above in parents.items() if above not in parents):
        visit(code, 0)
    for code in sorted(parents):
        visit(code, 0)
    return found
