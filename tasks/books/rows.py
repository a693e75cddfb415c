"""The rows of a new book: what follows from places, law, pack and the day of the election.

Rules: ids are made for everything; what the law or the pack settles is filled in, and only what
people know (who, when, which paper) is left open. Of the first place's organisation department one
officer more is there than sign: who delivers a row signs no gate that looks at it. The calendar is
a proposal that keeps the law's bounds, counted from the day on which voters vote: people's
congresses meet within two months of it (地方组织法 art. 14), deputies are confirmed before, and a
CPPCC opens the day before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from schemas.places import UNIT_LEVELS
from schemas.policy import Pack
from schemas.registers import REGISTERS
from schemas.rules.parameters import (
    DeploymentRule,
    DisciplineListRule,
    DocumentsRule,
    DutiesRule,
    LevelsRule,
    NoticeRule,
    Parameters,
    PostsRule,
    SeatsRule,
)
from schemas.vocabulary import (
    CHIEF_POSTS,
    STAGES,
    Body,
    Duty,
    Level,
    Organ,
    PostKind,
    TalkKind,
)
from tasks.books.divisions import Places
from tasks.checks.direct import APPOINTED_BY
from tasks.checks.plan import CARRIED_BY
from tasks.checks.plan_statute import FIXED_BY, TERM_YEARS, lawful_posts
from tasks.intake.cells import Value

# Days before and after the day on which voters vote; those of the 2016 cycle, rounded.
_PLAN, _NOMINATION, _VETTING = -75, -65, -50
_CREDENTIALS = 7
# By level: the session opens and closes. The city's deputies are elected by the counties' sessions.
_SESSION = {Level.TOWNSHIP: (14, 15), Level.COUNTY: (28, 31), Level.CITY: (58, 62)}
_CITY_DEPUTIES, _CITY_CREDENTIALS = 40, 48


@dataclass(slots=True)
class NewRow:
    """A row of a new book: what is known, and the columns that people fill in."""

    cells: dict[str, Value]
    wanted: tuple[str, ...] = ()


@dataclass(slots=True)
class NewBook:
    """The rows of a new book by register, and the officers by place and organ."""

    pack: Pack
    election: date | None
    rows: dict[str, list[NewRow]] = field(default_factory=lambda: {name: [] for name in REGISTERS})
    officers: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, register: str, /, **known: Value) -> None:
        """Add a row: what is not known and may not be empty is to be filled in."""
        columns = REGISTERS[register].columns
        open_ones = tuple(
            spec.name for spec in columns if known.get(spec.name) is None and not spec.nullable
        )
        cells = {spec.name: known.get(spec.name) for spec in columns}
        self.rows[register].append(NewRow(cells, open_ones))

    def parameters(self, code: str) -> Parameters | None:
        """What the pack says of a check; None where it does not have it."""
        entry = self.pack.check(code)
        return entry.parameters if entry else None


def rows_of(places: Places, pack: Pack, election: date | None) -> dict[str, list[NewRow]]:
    """The rows of a book for these places, by register; registers without rows are left out."""
    book = NewBook(pack, election)
    for place in places.every:
        cells = {name: value for name, value in place.items() if value is not None}
        book.add("jurisdictions", **cells)
    for place in places.above:
        _add_above(book, str(place["jurisdiction"]), Level(str(place["level"])))
    for place in places.within:
        _add_place(book, place)
    _add_officer(book, str(places.within[0]["jurisdiction"]), Organ.ORGANISATION)
    above = {str(place["jurisdiction"]) for place in places.every}
    for place in places.within:
        _add_talk(book, place, above)
    return {name: rows for name, rows in book.rows.items() if rows}


def bodies_of(level: Level) -> list[Body]:
    """The bodies of a level: townships have no CPPCC."""
    return [body for body in Body if (level, body) != (Level.TOWNSHIP, Body.CPPCC)]


def _add_place(book: NewBook, place: Mapping[str, Value]) -> None:
    code, level = str(place["jurisdiction"]), Level(str(place["level"]))
    for organ in _organs(book, level):
        _add_officer(book, code, organ)
    _add_secretary(book, code)
    for body in bodies_of(level):
        unit = f"{code}-{body}"
        book.add("units", unit=unit, jurisdiction=code, body=body.value)
        book.add("calendar", unit=unit, term_years=TERM_YEARS, **_days(book, level, body))
        _add_assembly(book, unit, level, body, place["population"])
        _add_committee(book, unit, level, body)
        _add_posts(book, unit, level, body)
        _add_documents(book, unit)
    _add_steps(book, code, level)


# Officers and the roster


def _duties(book: NewBook, level: Level) -> Sequence[Duty]:
    rule = book.parameters("plan.duties")
    listed: Sequence[Duty] = getattr(rule, level.value) if isinstance(rule, DutiesRule) else ()
    return listed


def _organs(book: NewBook, level: Level) -> Iterator[Organ]:
    """The organs that carry a duty of a level, then those that sign there, as often as is asked."""
    needed = Counter({Organ.SECRETARY: 1})
    needed |= Counter({Organ(CARRIED_BY[duty.value]): 1 for duty in _duties(book, level)})
    for stage in STAGES:
        for body in bodies_of(level):
            for panel in book.pack.signers(stage, level, body):
                own = panel.at.value == "own" or (
                    panel.at.value == "own-or-above" and level is not Level.TOWNSHIP
                )
                each = panel.number if len(panel.organs) == 1 else 1
                needed |= Counter(dict.fromkeys(panel.organs, each)) if own else Counter()
    for organ in Organ:
        yield from [organ] * needed[organ]


def _add_officer(book: NewBook, code: str, organ: Organ) -> None:
    number = 1 + sum(row.cells["jurisdiction"] == code for row in book.rows["officers"])
    officer = f"o-{code}-{number:02d}"
    book.officers.setdefault((code, organ.value), officer)
    # The secretary is the first of the place's roster.
    person = f"p-{code}-0001" if organ is Organ.SECRETARY else f"p-{code}-o{number:02d}"
    book.add("officers", officer=officer, person=person, organ=organ.value, jurisdiction=code)


def _add_secretary(book: NewBook, code: str) -> None:
    """The one who owes a responsibility talk, to the secretary one level up (源文 约谈)."""
    book.add(
        "roster",
        person=f"p-{code}-0001",
        jurisdiction=code,
        must_pledge=True,
        must_talk=True,
        responsibility_talk=True,
    )


def _add_above(book: NewBook, code: str, level: Level) -> None:
    """Of a place that only stands above: its secretary, and who signs for those below."""
    _add_officer(book, code, Organ.SECRETARY)
    below = [one for one in UNIT_LEVELS if one is not level]
    wanted: Counter[Organ] = Counter()
    for stage in STAGES:
        for one in below:
            for body in bodies_of(one):
                for panel in book.pack.signers(stage, one, body):
                    if panel.at.value == "above":
                        wanted |= Counter(dict.fromkeys(panel.organs, panel.number))
    for organ in Organ:
        for _ in range(wanted[organ]):
            _add_officer(book, code, organ)


def _add_talk(book: NewBook, place: Mapping[str, Value], known: set[str]) -> None:
    """The secretary one level up talks with the secretary of a place, with all of them at once."""
    code, above = str(place["jurisdiction"]), str(place["parent"])
    if above not in known:
        return
    talk = f"t-{above}-01"
    if not any(row.cells["talk"] == talk for row in book.rows["talks"]):
        officer = book.officers[above, Organ.SECRETARY.value]
        kind = TalkKind.RESPONSIBILITY.value
        book.add("talks", talk=talk, jurisdiction=above, kind=kind, officer=officer)
    book.add("talk_participants", talk=talk, person=f"p-{code}-0001")


# Steps, duties, papers


def _add_steps(book: NewBook, code: str, level: Level) -> None:
    deployment, notice = book.parameters("plan.deployment"), book.parameters("plan.notice")
    if isinstance(deployment, DeploymentRule):
        for kind in getattr(deployment, level.value):
            book.add("measures", jurisdiction=code, kind=kind.value)
    if isinstance(notice, NoticeRule):
        for stage in notice.stages:
            book.add("notice_clauses", jurisdiction=code, stage=stage.value, **_repeated(book))
    for duty in _duties(book, level):
        officer = book.officers[code, CARRIED_BY[duty.value]]
        book.add("duties", jurisdiction=code, duty=duty.value, officer=officer)


def _repeated(book: NewBook) -> dict[str, str]:
    """The prohibitions that a notice of this term change repeats, where the pack knows one list."""
    rule = book.parameters("plan.discipline-list")
    lists = rule.lists if isinstance(rule, DisciplineListRule) else ()
    return {"discipline_list": lists[0].value} if len(lists) == 1 else {}


def _add_documents(book: NewBook, unit: str) -> None:
    rule = book.parameters("plan.documents")
    if isinstance(rule, DocumentsRule):
        for kind, issuer in zip(rule.kinds, rule.issuers, strict=True):
            book.add("documents", unit=unit, kind=kind.value, issued_by=issuer.value)


# What the law settles


def _add_assembly(book: NewBook, unit: str, level: Level, body: Body, population: Value) -> None:
    """Deputies by the law's formula (选举法 art. 12); members of a CPPCC are its own matter."""
    rule = book.parameters("plan.seats")
    if body is Body.GOVERNMENT:
        return
    if body is Body.CPPCC:
        book.add("assemblies", unit=unit, fixed_by=Organ.CPPCC_STANDING_COMMITTEE.value)
        return
    members: int | None = None
    if isinstance(rule, SeatsRule) and isinstance(population, int):
        base, per, cap = (getattr(rule, f"{level}_{name}") for name in ("base", "per", "cap"))
        members = min(base + population // per, cap)
    book.add("assemblies", unit=unit, members=members, fixed_by=FIXED_BY[level.value])
    # The number of the paper by which it was reported may be empty, and is asked for.
    book.rows["assemblies"][-1].wanted += ("filing_document",)


def _add_committee(book: NewBook, unit: str, level: Level, body: Body) -> None:
    """The election committee where voters elect the deputies (选举法 art. 10)."""
    rule = book.parameters("plan.election-committee")
    if body is Body.CONGRESS and isinstance(rule, LevelsRule) and level in rule.levels:
        book.add("election_committees", unit=unit, appointed_by=APPOINTED_BY)


def _add_posts(book: NewBook, unit: str, level: Level, body: Body) -> None:
    rule = book.parameters("plan.posts")
    if not isinstance(rule, PostsRule):
        return
    posts = lawful_posts(rule)
    chosen = (posts["body"] == body.value) & (posts["level"] == level.value) & posts["required"]
    organ = FIXED_BY[level.value]
    if body is Body.CPPCC:
        organ = Organ.CPPCC_STANDING_COMMITTEE.value
    for kind in map(PostKind, posts.loc[chosen, "kind"].tolist()):
        book.add(
            "posts",
            post=f"{unit}-{kind}",
            unit=unit,
            kind=kind.value,
            seats=1 if kind in CHIEF_POSTS else None,
            fixed_by=organ,
        )


def _days(book: NewBook, level: Level, body: Body) -> dict[str, Value]:
    """The days of a unit, counted from the day of the election."""
    if book.election is None:
        return {}
    election = book.election

    def after(days: int) -> date:
        return election + timedelta(days=days)

    opens, closes = _SESSION[level]
    earlier = int(body is Body.CPPCC)
    found: dict[str, Value] = {
        "plan_on": after(_PLAN),
        "nomination_on": after(_NOMINATION),
        "vetting_on": after(_VETTING),
        "session_opens_on": after(opens - earlier),
        "session_closes_on": after(closes - earlier),
    }
    if body is Body.CONGRESS:
        city = level is Level.CITY
        found |= {
            "election_day": None if city else election,
            "deputies_elected_on": after(_CITY_DEPUTIES) if city else election,
            "credentials_on": after(_CITY_CREDENTIALS if city else _CREDENTIALS),
        }
    return found
