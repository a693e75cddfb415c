"""A small book in which vetting finds nothing wrong, and ways to change it.

County, township and city have each a unit under vetting; a second county must never matter to the
first. Changes are functions from book to book, so that a test names only what it changes.
"""

from collections.abc import Callable
from datetime import date

from schemas.vocabulary import ReviewItem

Row = dict[str, object]
Book = dict[str, list[Row]]
Change = Callable[[Book], Book]

TODAY = date(2016, 10, 20)
CITY, COUNTY, OTHER, TOWNSHIP = "640300", "640302", "640321", "640302001"
UNITS = {
    "640300-congress": "chair",
    "640302-government": "head",
    "640302001-government": "head",
    "640321-government": "head",
}
UNIT = "640302-government"
SUBJECT = "640302-head"


def a_candidate(candidate: str, unit: str, post: str, **more: object) -> Row:
    """A candidate whom every review concerns and no rule bars; `p-<candidate>` is the person."""
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


def evidence_about(candidate: str, home: str) -> Book:
    """All that vetting asks for about one candidate, signed by the officers of `home`."""
    return {
        "reviews": [
            {
                "candidate": candidate,
                "item": item.value,
                "organ": "organisation-department",
                "asked_on": date(2016, 9, 22),
                "answered_on": date(2016, 9, 24),
                "result": "clear",
                "document": f"{candidate}-{item.value}",
            }
            for item in ReviewItem
        ],
        "assessments": [
            {
                "candidate": candidate,
                "political_breach": False,
                "low_regard": False,
                "appraisal_last_year": "competent",
                "worst_appraisal": "competent",
                "canvassing": False,
                "spouse_emigrated": False,
                "special_post": False,
                "otherwise_unsuitable": False,
                "decided_by": f"o-{home}-1",
                "document": "1",
            }
        ],
        "examinations": [
            {
                "candidate": candidate,
                "team_size": 2,
                "officer": f"o-{home}-1",
                "started_on": date(2016, 9, 15),
                "ended_on": date(2016, 9, 25),
            }
        ],
        "integrity_opinions": [
            {
                "candidate": candidate,
                "party_secretary": f"o-{home}-1",
                "discipline_secretary": f"o-{home}-2",
                "signed_on": date(2016, 9, 26),
                "favourable": True,
            }
        ],
        "public_notices": [
            {
                "candidate": candidate,
                "exemption": "none",
                "opened_on": date(2016, 9, 28),
                "closed_on": date(2016, 10, 9),
            }
        ],
    }


def good_book() -> Book:
    """A book in which every unit passes every check of vetting."""
    book: Book = {
        "jurisdictions": [
            {
                "jurisdiction": code,
                "name": code,
                "level": level,
                "parent": parent,
                "population": 300000,
            }
            for code, level, parent in (
                (CITY, "city", None),
                (COUNTY, "county", CITY),
                (OTHER, "county", CITY),
                (TOWNSHIP, "township", COUNTY),
            )
        ],
        "units": [],
        "officers": [],
        "returns": [],
    }
    for home in (CITY, COUNTY, OTHER, TOWNSHIP):
        organs = ("secretary", "discipline-commission")
        book["officers"] += [
            {
                "officer": f"o-{home}-{n}",
                "name": "甲",
                "person": f"p-{home}-o{n}",
                "organ": organ,
                "jurisdiction": home,
            }
            for n, organ in enumerate(organs, start=1)
        ]
        book["returns"] += [
            {
                "jurisdiction": home,
                "register_name": register,
                "entries": 0,
                "reported_on": TODAY,
                "document": "1",
            }
            for register in ("kin", "kin_offices", "sanctions", "reports", "violations", "problems")
        ]
    for unit, kind in UNITS.items():
        home, body = unit.split("-")
        book["units"].append({"unit": unit, "jurisdiction": home, "body": body})
        book = add("calendar", **a_calendar(unit))(book)
        book = add("committee_votes", **a_vote(unit))(book)
        book = add("documents", **a_recommendation(unit))(book)
        book = with_candidate(unit, kind)(book)
    return with_candidate(UNIT, "deputy-head")(book)


def a_calendar(unit: str) -> Row:
    return {
        "unit": unit,
        "term_years": 5,
        "plan_on": date(2016, 8, 20),
        "nomination_on": date(2016, 9, 1),
        "vetting_on": date(2016, 9, 15),
        "session_opens_on": date(2016, 11, 20),
        "session_closes_on": date(2016, 11, 23),
    }


def a_recommendation(unit: str) -> Row:
    return {
        "unit": unit,
        "kind": "recommendation-meeting",
        "document": "1",
        "issued_by": "party-committee",
        "issued_on": date(2016, 9, 10),
    }


def a_vote(unit: str) -> Row:
    return {
        "unit": unit,
        "committee_size": 11,
        "present": 8,
        "in_favour": 6,
        "conflicted_present": 0,
        "decided_on": date(2016, 9, 28),
    }


def with_candidate(unit: str, kind: str) -> Change:
    """One more post of the unit, and a candidate `<jurisdiction>-<kind>` for it, all in order."""
    post = {
        "post": f"{unit}-{kind}",
        "unit": unit,
        "kind": kind,
        "seats": 1,
        "fixed_by": "standing-committee",
        "document": "1",
    }
    home = unit.split("-", maxsplit=1)[0]
    return lambda book: another(f"{home}-{kind}", unit, kind)(add("posts", **post)(book))


def another(candidate: str, unit: str, kind: str) -> Change:
    """One more candidate for a post that there is, all in order."""
    home = unit.split("-", maxsplit=1)[0]
    person = {
        "person": f"p-{candidate}",
        "jurisdiction": home,
        "name": "乙",
        "must_pledge": True,
        "must_talk": True,
        "responsibility_talk": False,
    }

    def change(book: Book) -> Book:
        book = add("roster", **person)(book)
        book = add("candidates", **a_candidate(candidate, unit, kind))(book)
        for register, rows in evidence_about(candidate, home).items():
            for row in rows:
                book = add(register, **row)(book)
        return book

    return change


def _fits(row: Row, where: Row) -> bool:
    return all(row.get(name) == value for name, value in where.items())


def add(register: str, **row: object) -> Change:
    """One more row."""
    return lambda book: book | {register: [*book.get(register, []), dict(row)]}


def drop(register: str, **where: object) -> Change:
    """Without the rows that are `where`."""
    return lambda book: (
        book | {register: [row for row in book.get(register, []) if not _fits(row, where)]}
    )


def put(register: str, where: Row, **values: object) -> Change:
    """With `values` in the rows that are `where`; there must be such a row."""

    def change(book: Book) -> Book:
        assert any(_fits(row, where) for row in book[register]), f"{register} has no such row"
        rows = [row | values if _fits(row, where) else row for row in book[register]]
        return book | {register: rows}

    return change


def about(register: str, **values: object) -> Change:
    """With `values` in what `register` says about the candidate in focus."""
    return put(register, {"candidate": SUBJECT}, **values)


def changed(*changes: Change) -> Book:
    """The good book with `changes`."""
    book = good_book()
    for change in changes:
        book = change(book)
    return book
