"""What the modules of the generator share: rows, places, dates, the size of a cycle.

Rules: every place draws from a random stream of its own, so that one place's rows do not depend
on how many others there are; a row says every column of its register, the empty ones too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

Cell = str | int | bool | date | None
Row = dict[str, Cell]
Rows = dict[str, list[Row]]

REFERENCE_SEED = 2016
REFERENCE_ON = date(2016, 12, 31)
YEAR = 2016
MOST_CITIES = 1000


@dataclass(frozen=True, slots=True)
class Size:
    """How large a cycle is.

    Without `candidates_per_unit` the posts are those of the law and a cycle passes every check of
    the pack (the city's own session is yet to come). With it the standing committees, deputy heads
    and vice chairs grow until every unit has about that many candidates, at least the lawful
    slate: such a cycle passes every check of vetting, nomination, inspection and election, and
    only `plan.posts` says that the bodies have grown too large.
    """

    cities: int = 1
    candidates_per_unit: int | None = None
    seed: int = REFERENCE_SEED

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be made."""
        if not 1 <= self.cities <= MOST_CITIES:
            raise ValueError(f"cities must be 1 to {MOST_CITIES}, not {self.cities}")
        if self.candidates_per_unit is not None and self.candidates_per_unit < 1:
            raise ValueError("candidates per unit must be at least 1")


@dataclass(frozen=True, slots=True)
class Timetable:
    """The days of one unit's term change, from plan to vote."""

    plan: date
    nomination: date
    vetting: date
    deputies: date | None
    credentials: date | None
    opens: date
    closes: date
    held: bool


@dataclass
class Place:
    """A jurisdiction while its rows are being made."""

    code: str
    name: str
    level: str
    parent: Place | None
    number: int
    population: int
    founding_ethnicity: str | None
    random: Random
    children: list[Place] = field(default_factory=list)
    officers: dict[str, str] = field(default_factory=dict)
    people: list[Row] = field(default_factory=list)
    candidates: list[Row] = field(default_factory=list)
    timetables: dict[str, Timetable] = field(default_factory=dict)
    papers: int = 0
    staff: int = 0

    @property
    def bodies(self) -> tuple[str, ...]:
        """The bodies that the place has; townships have no CPPCC."""
        both = ("congress", "government")
        return both if self.level == "township" else (*both, "cppcc")

    @property
    def county(self) -> Place:
        """The county of a township; any other place is its own."""
        return self.parent if self.level == "township" and self.parent else self

    @property
    def city(self) -> Place:
        """The city that the place belongs to."""
        return self.parent.city if self.parent else self

    def paper(self, sort: str) -> str:
        """The next document number of the place."""
        self.papers += 1
        return f"{self.name[:2]}{sort}〔{YEAR}〕{self.papers}号"


def whole(row: Row, column: str) -> int:
    """A whole number of a row."""
    value = row[column]
    if not isinstance(value, int):
        raise TypeError(f"{column} is no whole number")
    return value


def chance(random: Random, percent: int) -> bool:
    """True in so many of a hundred cases."""
    return random.randrange(100) < percent


def table() -> Rows:
    """Rows per register, empty at first."""
    return defaultdict(list)


def days(start: date, number: int) -> date:
    """The day `number` days after `start`."""
    return start + timedelta(days=number)


def between(random: Random, first: date, last: date) -> date:
    """A day from `first` to `last`, both included."""
    return first + timedelta(days=random.randint(0, (last - first).days))
