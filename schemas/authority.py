"""Who may vouch, deliver, sign a gate, waive a check or rule: as the policy pack says.

Rules: a requirement names organs and how many of their officers must sign (n of m); where several
organs stand, none counts twice; an officer counts at the unit's own place, above it, or either, as
the requirement says. Nothing has a default and nothing is never enough: a number starts at one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from schemas.places import UNIT_LEVELS
from schemas.text import Text, comma_separated
from schemas.vocabulary import Body, Level, Organ, Term

# The units that can exist, by level and body: townships have no CPPCC.
KINDS_OF_UNIT: tuple[tuple[Level, Body], ...] = tuple(
    kind for kind in product(UNIT_LEVELS, Body) if kind != (Level.TOWNSHIP, Body.CPPCC)
)


class At(Term):
    """Where an officer must be at home: the unit's jurisdiction, one above it, or either."""

    OWN = "own", "本级", "its own level"
    ABOVE = "above", "上级", "a level above"
    OWN_OR_ABOVE = "own-or-above", "本级或上级", "this level or above"

    def admits(self, jurisdiction: str, places: Sequence[str]) -> bool:
        """Whether an officer of that place is there.

        `places` are the jurisdiction in question and those above it, its own first.
        """
        own = jurisdiction == places[0]
        above = jurisdiction in places[1:]
        return (own and self is not At.ABOVE) or (above and self is not At.OWN)


@dataclass(frozen=True)
class Panel:
    """`number` officers from `organs`; with several organs, each counts once at most."""

    organs: tuple[Organ, ...]
    number: int
    at: At

    def admits(self, organ: str, jurisdiction: str, places: Sequence[str]) -> bool:
        """Whether an officer of that organ and place may sit on it.

        `places` are the unit's jurisdiction and those above it, its own first.
        """
        return organ in self.organs and self.at.admits(jurisdiction, places)

    def have(self, signed: Sequence[tuple[str, str]]) -> int:
        """How much of `number` is reached by (officer, organ) pairs that it admits."""
        officers = {officer for officer, _ in signed}
        counted = {organ for _, organ in signed} if len(self.organs) > 1 else officers
        return min(len(counted), len(officers))

    @property
    def text(self) -> Text:
        """Who they are and how many, in words."""
        organs, at = comma_separated(organ.label for organ in self.organs), self.at.label
        zh, en = f"{at.zh}{organs.zh}", f"{organs.en} ({at.en})"
        if len(self.organs) == 1:
            counted = f"1 {en}" if self.number == 1 else f"{en}: {self.number}"
            return Text(f"{zh}{self.number}人", counted)
        if len(self.organs) == self.number:
            return Text(f"{zh}各1人", f"{en}: one each")
        return Text(f"{zh}中{self.number}个机关各1人", f"{en}: {self.number} of these, one each")


@dataclass(frozen=True)
class Requirement(Panel):
    """Who must sign a gate; `name` is the subject of its finding."""

    name: str
    levels: frozenset[Level]
    bodies: frozenset[Body]
    basis: Text

    def stands_for(self, level: Level, body: Body) -> bool:
        """Whether units of that level and body need it."""
        return level in self.levels and body in self.bodies


@dataclass(frozen=True)
class WaiverRule(Panel):
    """Who may waive a check for one subject, and for how many days at most."""

    days: int


@dataclass(frozen=True)
class Vouching:
    """Organs whose officers vouch for the keys of officers of the organs `holders`.

    `at` says where: at the holder's own place, or above it.
    """

    organs: tuple[Organ, ...]
    holders: tuple[Organ, ...]
    at: At
    basis: Text

    @property
    def text(self) -> Text:
        """Whose officers, and where, in words."""
        organs, at = comma_separated(organ.label for organ in self.organs), self.at.label
        return Text(f"{organs.zh}（{at.zh}）", f"{organs.en} ({at.en})")

    def covers(self, organ: str, holder: str) -> bool:
        """Whether officers of an organ vouch for those of the organ `holder` at all."""
        return organ != holder and organ in self.organs and holder in self.holders


class Within(Term):
    """Which rows an officer may deliver, by where they are at home."""

    OWN = "own", "本地", "its own place"
    BELOW = "own-or-below", "本地和下级", "its own place and those below"
    ANYWHERE = "anywhere", "任何地方", "any place"


@dataclass(frozen=True)
class Deliverers:
    """Organs whose officers deliver to registers, for rows at home within some places."""

    organs: tuple[Organ, ...]
    registers: tuple[str, ...]
    within: Within
    basis: Text

    @property
    def text(self) -> Text:
        """Whose officers, and for which places, in words."""
        organs, within = comma_separated(organ.label for organ in self.organs), self.within.label
        return Text(f"{organs.zh}（{within.zh}）", f"{organs.en} ({within.en})")

    def covers(self, organ: str, register: str) -> bool:
        """Whether officers of an organ deliver to a register at all."""
        return organ in self.organs and register in self.registers

    def admits(self, jurisdiction: str, places: Sequence[str]) -> bool:
        """Whether an officer of that place delivers rows at home there.

        `places` are the row's place and those above it, its own first; none if nobody knows.
        """
        if self.within is Within.ANYWHERE:
            return bool(places)
        own = places[:1] if self.within is Within.OWN else places
        return jurisdiction in own


# Who is who: rows of these registers count once an officer of another organ confirmed them.
WHO_IS_WHO = frozenset({"jurisdictions", "units", "officers", "roster", "kin", "deputies"})


# By how many organs an objection is rejected, a concluded unit reopened, and a refusal lifted.
REJECTING, REOPENING, LIFTING = 1, 2, 2
# Whoever signs gates open was vouched for by officers of so many other organs.
VOUCHING_ORGANS = 2


@dataclass(frozen=True)
class Rulings:
    """Who may rule: reject an objection, reopen its unit, or lift a refusal."""

    reject: Panel
    reopen: Panel
    lift: Panel
    basis: Text
    lift_basis: Text

    def panel(self, verdict: str) -> Panel:
        """Who may rule so."""
        return {"reject": self.reject, "reopen": self.reopen, "lift": self.lift}[verdict]
