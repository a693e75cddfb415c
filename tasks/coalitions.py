"""Who could open a gate together, from nothing: the smallest set of people, by exhaustive search.

Rules: asked is one gate, whose earlier gates stand open, of a unit of one level and body. People
are real officers of organs of the unit's place or of the uppermost above it, with keys in force.
They do only what the pack lets their organs do: deliver every register that the gate looks at, have
who is who confirmed by another organ, sign (nobody signs what they delivered), and adopt another
pack; and they may invent officers: deliver a row, have it confirmed, and vouch for its key, which
takes two organs that the pack names and nobody who delivered the row. Invented officers cost
nothing once they can be made, and do the same again. From nothing there is no refusal: over one the
same people are needed, and officers of two organs who lift it, which opens no gate by itself. Not
asked is about evidence that holds by itself, on which those sign whom the pack asks, and about kin.
Organs that may do the same are tried as one, with as many of them as people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, combinations_with_replacement

from schemas.authority import KINDS_OF_UNIT, VOUCHING_ORGANS, WHO_IS_WHO, Requirement
from schemas.pack_files import ADOPTERS
from schemas.policy import Pack
from schemas.registers import behind
from schemas.rules.base import registers_of
from schemas.vocabulary import STAGES, Body, Level, Organ, Stage
from tasks.handoff.frames import READS

# What is needed of any gate: that there are the unit, its place, and officers.
ALWAYS = ("jurisdictions", "units", "officers")
# Of a coalition of one organ so many people are enough to try: no gate asks for as many.
MANY = 4
MOST = 6


@dataclass(frozen=True, order=True)
class Person:
    """An officer of an organ, at the unit's own place or at the uppermost above it."""

    organ: Organ
    above: bool


# The unit's place and the uppermost above it, by whether it is above.
_AT = ("own", "above")
EVERYBODY = tuple(Person(organ, above) for organ in Organ for above in (False, True))


@dataclass(frozen=True)
class Coalition:
    """People who open a gate, under the pack itself or by adopting another one."""

    people: tuple[Person, ...]
    adopting: bool

    @property
    def organs(self) -> int:
        """Of how many organs they are."""
        return len({one.organ for one in self.people})


@dataclass(frozen=True)
class Opening:
    """The smallest coalition that opens a gate under the pack itself, and by another pack.

    `alone` is an organ whose officers open it with nobody else, if there is one.
    """

    stage: Stage
    level: Level
    body: Body
    by_pack: Coalition | None
    by_adoption: Coalition | None
    alone: Organ | None


def coalitions(pack: Pack) -> Iterator[Opening]:
    """Every gate of a pack, and who opens it."""
    for stage in STAGES:
        for level, body in KINDS_OF_UNIT:
            yield Gate(pack, stage, level, body).opening


class Gate:
    """A gate, and what people can do about it; `required` are those who sign it."""

    def __init__(self, pack: Pack, stage: Stage, level: Level, body: Body) -> None:
        self.pack = pack
        self.stage, self.level, self.body = stage, level, body
        self.required = pack.signers(stage, level, body)
        reads = [read for one in pack.checks[stage] for read in one.reads]
        self.registers = behind([*registers_of([*reads, *READS[stage]]), *ALWAYS])

    # What somebody may do

    def _places(self) -> tuple[bool, ...]:
        """Whether people are above; nothing stands above a city."""
        return (False,) if self.level is Level.CITY else (False, True)

    def topmost(self, one: Person) -> bool:
        """Whether nothing stands above where somebody is."""
        return one.above or self.level is Level.CITY

    def signs(self, one: Person, required: Requirement) -> bool:
        """Whether a requirement admits somebody."""
        return required.admits(one.organ, _AT[one.above], _AT)

    def delivers(self, one: Person, register: str, *, above: bool = False) -> bool:
        """Whether somebody may deliver rows of the unit's place, or of that `above`."""
        return (register, above) in self._delivering[one]

    def vouches(self, one: Person, new: Person) -> bool:
        """Whether somebody may vouch for the key of another."""
        return new in self._vouching[one]

    # Each of thousands of groups asks the same of the pack: it is asked once of every person.

    @cached_property
    def _delivering(self) -> Mapping[Person, frozenset[tuple[str, bool]]]:
        """Person → registers to which they deliver rows of the unit's place, or of that above."""
        return {
            one: frozenset(
                (register, above)
                for rule in self.pack.deliverers
                for register in self.registers
                for above in (False, True)
                if rule.covers(one.organ, register) and rule.admits(_AT[one.above], _AT[above:])
            )
            for one in EVERYBODY
        }

    @cached_property
    def _vouching(self) -> Mapping[Person, frozenset[Person]]:
        """Person → those for whose keys they vouch."""
        return {
            one: frozenset(
                new
                for rule in self.pack.vouching
                for new in EVERYBODY
                if rule.covers(one.organ, new.organ)
                and rule.at.admits(_AT[one.above], _AT[new.above :])
            )
            for one in EVERYBODY
        }

    # Together

    def invented(self, people: Collection[Person]) -> set[Person]:
        """The officers whom people can invent: real and invented ones, until none is new."""
        found: set[Person] = set()
        places = self._places()
        able = any(self.delivers(one, "officers", above=at) for one in people for at in places)
        if not able or len(people) <= VOUCHING_ORGANS:
            # The first is delivered by somebody, and vouched for by others.
            return found
        every = [Person(organ, above) for organ in Organ for above in places]
        while new := {
            one for one in every if one not in found and self._invents(one, people, found)
        }:
            found |= new
        return found

    def _invents(self, new: Person, people: Collection[Person], made: Collection[Person]) -> bool:
        every = {*people, *made}
        delivering = [one for one in every if self.delivers(one, "officers", above=new.above)]
        vouching = [one for one in every if self.vouches(one, new)]
        if not delivering or len({one.organ for one in vouching}) < VOUCHING_ORGANS:
            return False
        have = Counter(people)
        for deliverer in delivering:
            # Invented people are as many as are needed; of real ones who delivered is busy.
            busy = deliverer not in made and have[deliverer] == 1
            near = {one.organ for one in vouching if not (busy and one == deliverer)}
            confirmed = any(one.organ is not deliverer.organ for one in every)
            if confirmed and len(near) >= VOUCHING_ORGANS:
                return True
        return False

    def opens(self, people: Collection[Person]) -> bool:
        """Whether people open the gate under the pack itself."""
        made = self.invented(people)
        listed = list(people)
        every = {*people, *made}
        if not self._signed(listed, made) or not self._delivered(every, every):
            # What all of them cannot do, no part of them can.
            return False
        for number in range(len(listed) + 1):
            for chosen in combinations(range(len(listed)), number):
                signing = [*(listed[place] for place in chosen)]
                rest = {*made, *(one for at, one in enumerate(listed) if at not in chosen)}
                if self._signed(signing, made) and self._delivered(rest, every):
                    return True
        return False

    def _signed(self, signing: Iterable[Person], made: Collection[Person]) -> bool:
        people = list(signing)
        for required in self.required:
            mine = [one for one in people if self.signs(one, required)]
            invented = {one.organ for one in made if self.signs(one, required)}
            if len(required.organs) == 1:
                enough = bool(invented) or len(mine) >= required.number
            else:
                enough = len({*invented, *(one.organ for one in mine)}) >= required.number
            if not enough:
                return False
        return True

    def _delivered(self, people: Collection[Person], every: Collection[Person]) -> bool:
        """Whether people who do not sign deliver all, and somebody else confirms who is who."""
        for register in self.registers:
            able = [one for one in people if self.delivers(one, register)]
            if register in WHO_IS_WHO:
                able = [a for a in able if any(one.organ is not a.organ for one in every)]
            if not able:
                return False
        return True

    def adopts(self, people: Collection[Person]) -> bool:
        """Whether people adopt another pack, under which one delivers and another signs."""
        named = {one.organ for one in people if self.topmost(one)}
        return len(named & {*self.pack.adopters}) >= ADOPTERS

    # The search

    @cached_property
    def _kinds(self) -> Mapping[tuple[object, ...], list[Organ]]:
        """Organs by what they may do about the gate."""
        found: dict[tuple[object, ...], list[Organ]] = {}
        every = [Person(organ, above) for organ in Organ for above in self._places()]
        for organ in Organ:
            abilities: list[object] = [organ in self.pack.adopters]
            for above in self._places():
                one = Person(organ, above)
                # Several organs of one requirement count once each, so they are told apart.
                abilities += [organ for required in self.required if self.signs(one, required)]
                abilities += [
                    (name, above, at)
                    for name in sorted({*self.registers, "officers"})
                    for at in self._places()
                    if self.delivers(one, name, above=at)
                ]
                # Whoever vouches for some organs is told from who does not, and so are these.
                abilities += [new for new in every if self.vouches(one, new)]
            found.setdefault(tuple(abilities), []).append(organ)
        return found

    def _groups(self, size: int) -> Iterator[tuple[Person, ...]]:
        organs = sorted(chain.from_iterable(some[:size] for some in self._kinds.values()))
        people = [Person(organ, above) for organ in organs for above in self._places()]
        return combinations_with_replacement(people, size)

    def _smallest(self, *, adopting: bool) -> Coalition | None:
        opens = self.adopts if adopting else self.opens
        for size in range(1, MOST + 1):
            for people in self._groups(size):
                if opens(people):
                    return Coalition(people, adopting)
        return None

    @property
    def opening(self) -> Opening:
        """Who opens the gate."""
        alone = None
        for organ in Organ:
            people = [Person(organ, above) for above in self._places() for _ in range(MANY)]
            if self.opens(people) or self.adopts(people):
                alone = organ
        by_adoption = self._smallest(adopting=True) if len(self.pack.adopters) >= ADOPTERS else None
        by_pack = self._smallest(adopting=False)
        return Opening(self.stage, self.level, self.body, by_pack, by_adoption, alone)
