"""A small book in which inspection and election find nothing wrong, and ways to change it.

City, two counties and a township; the second county must never matter to the first. What the
focus unit has more than the others: a post with two seats, a report with its case, a breach.
"""

from collections.abc import Callable, Iterable
from datetime import date

Row = dict[str, object]
Book = dict[str, list[Row]]
Change = Callable[[Book], Book]

TODAY = date(2016, 11, 30)
CITY, COUNTY, OTHER, TOWNSHIP = "640300", "640302", "640321", "640302001"
UNITS = {
    "640300-congress": "chair",
    "640302-congress": "chair",
    "640302-government": "head",
    "640302-cppcc": "chair",
    "640302001-congress": "chair",
    "640321-congress": "chair",
    "640321-government": "head",
}
UNIT = "640302-government"
DEPUTIES = "640302-government-deputy-head"
MEMBERS, PRESENT, VALID = 180, 172, 170
COUNTERS = ("first", "second")


def day(text: str) -> date:
    """A day of 2016, such as "10-11", or any other in full."""
    return date.fromisoformat(text if len(text) > 5 else f"2016-{text}")


def _fits(row: Row, where: Row) -> bool:
    return all(row.get(name) == value for name, value in where.items())


def add(register: str, **row: object) -> Change:
    """One more row."""
    return lambda book: book | {register: [*book.get(register, []), dict(row)]}


def drop(register: str, **where: object) -> Change:
    """Without the rows that are `where`; there must be such a row."""

    def change(book: Book) -> Book:
        rest = [row for row in book[register] if not _fits(row, where)]
        assert len(rest) < len(book[register]), f"{register} has no such row"
        return book | {register: rest}

    return change


def put(register: str, where: Row, **values: object) -> Change:
    """With `values` in the rows that are `where`; there must be such a row."""

    def change(book: Book) -> Book:
        assert any(_fits(row, where) for row in book[register]), f"{register} has no such row"
        rows = [row | values if _fits(row, where) else row for row in book[register]]
        return book | {register: rows}

    return change


def emptied(registers: Iterable[str]) -> Change:
    """Without any row of `registers`."""
    return lambda book: book | {register: [] for register in registers}


def a_candidate(candidate: str, unit: str, post: str, **more: object) -> Row:
    """A candidate who is eligible; `p-<candidate>` is the person."""
    return {
        "candidate": candidate,
        "unit": unit,
        "post": f"{unit}-{post}",
        "person": f"p-{candidate}",
        "status": "proposed",
        "birth_date": date(1968, 3, 12),
        "ethnicity": "汉族",
        "home_division": "640100",
        "assembly_member": True,
        "incompatible_office": False,
        "will_resign": False,
        "rank": "county-deputy",
        "education": "bachelor",
        "years_worked": 25,
        "years_grassroots": 6,
        "years_in_rank": 4,
        "promoted": True,
        "terms_in_post": 0,
        "years_at_level": 5,
        "headed_organ_months": 24,
        "inspected_unit": True,
    } | more


def counted(post: str, number: int, candidate: str, votes: int, **more: object) -> Change:
    """Both counts of one candidate: `votes` in favour, all others of the valid papers against."""

    def change(book: Book) -> Book:
        for role in ("first", "second"):
            row: Row = {
                "unit": post[: post.index("-", post.index("-") + 1)],
                "post": post,
                "round": number,
                "candidate": candidate,
                "role": role,
                "officer": f"o-{role}",
                "in_favour": votes,
                "against": VALID - votes,
                "abstained": 0,
            }
            book = add("tallies", **(row | more))(book)
        return book

    return change


def balloted(post: str, number: int, kind: str, seats: int, **more: object) -> Change:
    """The papers of one vote, all accounted for."""
    row: Row = {
        "unit": post[: post.index("-", post.index("-") + 1)],
        "post": post,
        "round": number,
        "kind": kind,
        "seats": seats,
        "issued": PRESENT,
        "returned": 171,
        "not_returned": 1,
        "valid": VALID,
        "void": 1,
    }
    return add("ballots", **(row | more))


def proposed(post: str, candidate: str, **more: object) -> Change:
    """A candidate for the post; `p-<candidate>` is the person."""
    unit = post[: post.index("-", post.index("-") + 1)]
    kind = post.removeprefix(f"{unit}-")
    return add("candidates", **(a_candidate(candidate, unit, kind) | more))


def declared(post: str, candidate: str, number: int, elected: bool, **more: object) -> Change:
    """What the presidium declared."""
    unit = post[: post.index("-", post.index("-") + 1)]
    row: Row = {
        "unit": unit,
        "post": post,
        "candidate": candidate,
        "round": number,
        "elected": elected,
        "declared_by": "presidium",
        "declared_on": day("11-22"),
    }
    return add("results", **(row | more))


def voted_on(unit: str, kind: str, seats: int, votes: dict[str, int]) -> Change:
    """A post whose first vote elects as many of the candidates (most votes first) as it seats."""
    post = f"{unit}-{kind}"

    def change(book: Book) -> Book:
        row: Row = {"fixed_by": "standing-committee", "document": "1"}
        book = add("posts", post=post, unit=unit, kind=kind, seats=seats, **row)(book)
        book = balloted(post, 1, "first-vote", seats)(book)
        for place, (candidate, number) in enumerate(votes.items()):
            book = proposed(post, candidate)(book)
            book = counted(post, 1, candidate, number)(book)
            book = declared(post, candidate, 1, place < seats)(book)
        return book

    return change


def a_session(unit: str) -> Row:
    """A session that has voted, and its method; a township elects its presidium when it meets."""
    township = len(unit.partition("-")[0]) > 6
    return {
        "unit": unit,
        "preparatory_on": None if township else day("11-19"),
        "presidium_on": day("11-20" if township else "11-19"),
        "opened_on": day("11-20"),
        "voted_on": day("11-22"),
        "present": PRESENT,
        "method_by": "plenary",
        "method_on": day("11-20"),
        "method_document": "1",
        "quorum_numerator": 2,
        "quorum_denominator": 3,
        "quorum_inclusive": True,
        "secret": True,
        "booth": True,
    }


def _of_unit(unit: str, kind: str) -> Iterable[tuple[str, Row]]:
    home, body = unit.split("-")
    yield "units", {"unit": unit, "jurisdiction": home, "body": body}
    yield "sessions", a_session(unit)
    yield (
        "calendar",
        {
            "unit": unit,
            "term_years": 5,
            "plan_on": day("08-20"),
            "nomination_on": day("09-01"),
            "vetting_on": day("09-15"),
            "election_day": day("10-20"),
            # A city's deputies are elected by the congresses of its counties.
            "deputies_elected_on": day("11-20" if home == CITY else "10-20"),
            "credentials_on": day("10-28"),
            "session_opens_on": day("11-20"),
            "session_closes_on": day("11-23"),
        },
    )
    if body != "government":
        row: Row = {"fixed_by": "standing-committee", "filing_document": "1"}
        yield "assemblies", {"unit": unit, "members": 182, **row}
        yield "credentials", {"unit": unit, "members": MEMBERS, "document": "1"}
    confirms = "presidium" if len(home) > 6 else "standing-committee"
    for document, organ, issued in (
        ("credentials-report", "credentials-committee", "10-27"),
        ("credentials-confirmed", confirms, "10-28"),
    ):
        row = {"kind": document, "issued_by": organ, "issued_on": day(issued)}
        yield "documents", {"unit": unit, "document": "1", **row}
    listed = {"kind": "deputies-elected", "published_on": day("10-30"), "document": "1"}
    yield "notices", {"unit": unit, **listed}
    for role in ("scrutineer", "teller"):
        yield "ballot_staff", {"unit": unit, "person": f"p-{unit}-{role}", "role": role}
    for counter in COUNTERS:
        yield "ballot_staff", {"unit": unit, "person": f"p-{counter}", "role": "scrutineer"}


def _of_jurisdiction(code: str, level: str, parent: str | None) -> Iterable[tuple[str, Row]]:
    place: Row = {"jurisdiction": code}
    yield "jurisdictions", place | {"level": level, "parent": parent, "name": "甲", "population": 1}
    for number in (1, 2, 3):
        organ: Row = {"organ": "organisation-department", "name": "甲"}
        officer: Row = {"officer": f"o-{code}-{number}", "person": f"p-{code}-o{number}"}
        yield "officers", place | officer | organ
    if level == "city":
        for counter in COUNTERS:
            officer = {"officer": f"o-{counter}", "person": f"p-{counter}", "name": "甲"}
            yield "officers", place | officer | {"organ": "scrutineer"}
    for register in ("kin", "kin_offices", "sanctions", "reports", "violations", "problems"):
        entries = 1 if code == COUNTY and register in {"reports", "violations", "problems"} else 0
        row: Row = {"register_name": register, "entries": entries, "document": "1"}
        yield "returns", place | row | {"reported_on": day("10-30")}
    if level != "township":
        for channel in ("phone", "letter", "web", "sms"):
            row = {"live_on": day("08-22"), "tested_on": day("10-12"), "staffed": True}
            yield "report_channels", place | {"channel": channel} | row
    if level != "city":
        items = ("responsibility", "education", "enforcement", "institutions", "reviews")
        checked: Row = dict.fromkeys(items, True)
        for visited in ("09-20", "10-15", "11-10"):
            visit: Row = {"team": "g-roving", "visited_on": day(visited)}
            yield "visits", place | visit | checked
    if level == "county":
        row = {"started_on": day("10-10"), "ended_on": day("10-25"), "watched_teams": True}
        yield "inspections", place | {"team": "g-special"} | row


FOCUS: dict[str, Row] = {
    "problems": {
        "problem": "q-1",
        "jurisdiction": COUNTY,
        "team": "g-roving",
        "found_on": day("09-20"),
        "rectified_on": day("10-20"),
        "rectified_by": "o-640302-1",
        "verified_on": day("10-24"),
        "verified_by": "o-640300-1",
    },
    "reports": {
        "report": "r-1",
        "unit": UNIT,
        "candidate": "c-struck",
        "channel": "phone",
        "received_on": day("10-13"),
        "clear_leads": True,
        "concrete": True,
        "real_name": True,
        "accepted_on": day("10-14"),
        "closed_on": day("10-26"),
    },
    "cases": {
        "case": "a-1",
        "unit": UNIT,
        "report": "r-1",
        "organ": "discipline-commission",
        "opened_on": day("10-14"),
        "closed_on": day("10-26"),
        "outcome": "founded",
        "joint": True,
    },
    "violations": {
        "violation": "v-1",
        "unit": UNIT,
        "candidate": "c-struck",
        "prohibition": 2,
        "officer": "o-640302-2",
        "decided_on": day("10-20"),
        "effect": "excluded",
        "effective_on": day("10-22"),
    },
}


def good_book() -> Book:
    """A book in which every unit passes every check of both stages."""
    book: Book = {}
    rows = [
        *_of_jurisdiction(CITY, "city", None),
        *_of_jurisdiction(COUNTY, "county", CITY),
        *_of_jurisdiction(OTHER, "county", CITY),
        *_of_jurisdiction(TOWNSHIP, "township", COUNTY),
        *(row for unit, kind in UNITS.items() for row in _of_unit(unit, kind)),
        *FOCUS.items(),
    ]
    for kind, member in (("roving", 1), ("special", 2)):
        team: Row = {"team": f"g-{kind}"}
        rows.append(("teams", team | {"jurisdiction": CITY, "kind": kind, "mandate": "1"}))
        rows.append(("team_members", team | {"officer": f"o-{CITY}-{member}"}))
    for register, row in rows:
        book.setdefault(register, []).append(row)
    for number, (unit, kind) in enumerate(UNITS.items(), start=1):
        book = voted_on(unit, kind, 1, {f"c-{number}": 150})(book)
    book = voted_on(UNIT, "deputy-head", 2, {"c-a": 150, "c-b": 120, "c-c": 60})(book)
    return proposed(DEPUTIES, "c-struck", status="excluded")(book)


def changed(*changes: Change) -> Book:
    """The good book with `changes`."""
    book = good_book()
    for change in changes:
        book = change(book)
    return book
