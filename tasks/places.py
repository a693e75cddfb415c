"""The jurisdictions of a cycle, as the ledger lists them: what is above and below, and the bodies.

Rules: read from the ledger's list of units alone, so that forms, tags and pages load no facts.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.ledger import Reader
from schemas.names import unit_name
from schemas.vocabulary import Body, Level


@dataclass(frozen=True, slots=True)
class Place:
    """A jurisdiction; `bodies` are those of its own that move through the stages."""

    code: str
    name: str
    level: str
    parent: str | None
    bodies: tuple[str, ...]


class Places:
    """Every jurisdiction that has a unit, by its code and in the order of the codes."""

    def __init__(self, reader: Reader) -> None:
        bodies: dict[str, set[str]] = {}
        rows: dict[str, tuple[str, str, str | None]] = {}
        for code, name, level, body, parent in reader.query(
            "SELECT jurisdiction, name, level, body, parent FROM units ORDER BY jurisdiction"
        ):
            rows[code] = (name, level, parent)
            bodies.setdefault(code, set()).add(body)
        order = [body.value for body in Body]
        self.by_code = {
            code: Place(code, *row, tuple(body for body in order if body in bodies[code]))
            for code, row in rows.items()
        }

    def above(self, code: str) -> tuple[str, ...]:
        """A jurisdiction and those above it, from itself up; empty where there is no such one."""
        found: list[str] = []
        at = code if code in self.by_code else None
        while at and at not in found:
            found.append(at)
            at = self.by_code[at].parent if at in self.by_code else None
        return tuple(found)

    @property
    def topmost(self) -> tuple[str, ...]:
        """The jurisdictions above which none stands."""
        return tuple(one.code for one in self.by_code.values() if one.parent not in self.by_code)

    def acting(self, code: str) -> tuple[str, ...]:
        """The places whose officers act for one: its own and those above, else every topmost."""
        above = self.above(code) or (code,)
        if len(above) > 1:
            return above
        return tuple(dict.fromkeys((code, *self.topmost)))

    def below(self, code: str) -> tuple[str, ...]:
        """A jurisdiction and all below it, sorted."""
        return tuple(sorted(one for one in self.by_code if code in self.above(one)))

    def title(self, code: str) -> str:
        """A jurisdiction's name; a township's stands after its county's."""
        place = self.by_code[code]
        above = self.by_code.get(place.parent) if place.parent else None
        named = above is not None and place.level == Level.TOWNSHIP
        return f"{above.name} {place.name}" if above and named else place.name

    def called(self, place: str) -> str:
        """A jurisdiction, or a unit of one, as people call it; what is not known by its code."""
        code, _, body = place.partition("-")
        if code not in self.by_code:
            return place
        return unit_name(self.title(code), body).render() if body else self.title(code)

    def covered(self, scope: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What a scope is about: its jurisdiction and those above, and the bodies in it.

        The whole cycle is about no jurisdiction of its own; an unknown scope about nothing.
        """
        code, _, body = scope.partition("-")
        if body:
            known = code in self.by_code and body in self.by_code[code].bodies
            return (self.above(code), (body,)) if known else ((), ())
        inside = self.by_code if scope == "cycle" else self.below(code)
        bodies = {body for one in inside for body in self.by_code[one].bodies}
        return self.above(code), tuple(body.value for body in Body if body.value in bodies)
