"""A county's congress of 2016, day by day: which rows are on record at the end of a day.

Rules: the days and what happened on them are those of the table beside this file; a row is there
from the day of the last thing that it tells of, and what is told later (an answer, an end) is empty
until then. What has no day of its own is delivered on a day that is named here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache

from data.policies import pack_bytes
from schemas.policy import Pack, parse_pack
from schemas.registers import REGISTERS
from tests.law.base import COUNTED, Base, Cell, Row, Rows, Setting, rows_of_base
from tests.timeline.voters import DELIVERED, of_the_voters, told_of_voters

OPENS = date(2016, 12, 20)
FIRST = date(2016, 8, 5)
SETTING = Setting(
    "cn-2016",
    "county",
    "congress",
    date(2017, 6, 30),
    (("vice-chair", 5), ("member", 24)),
    members=240,
    present=230,
    population=600_000,
    opens=OPENS,
)
UNIT = SETTING.unit
VICE, MEMBER = f"{UNIT}-vice-chair", f"{UNIT}-member"


def on(month: int, day: int, year: int = 2016) -> date:
    """A day of the cycle."""
    return date(year, month, day)


@cache
def pack() -> Pack:
    """The pack of 2016, with the place's own gap between visits: one in each month."""
    plain = pack_bytes("cn-2016").decode()
    assert plain.count("gap_days = 30") == 1
    return parse_pack(plain.replace("gap_days = 30", "gap_days = 36").encode(), "county.toml")


# Register → the day of rows that have none of their own.
_DELIVERED = {
    "assemblies": on(9, 2),
    "calendar": on(9, 5),
    "posts": on(9, 5),
    "candidates": on(9, 20),
    "assessments": on(10, 26),
    "credentials": on(12, 6),
    "differentials": on(12, 21),
    "deputies": on(12, 8),
    "ballot_staff": on(12, 23),
    "talk_participants": FIRST,
    **DELIVERED,
}
_MEASURES = {
    "superior-deployment": on(8, 5),
    "secretaries-meeting": on(8, 10),
    "committee-meeting": on(8, 11),
    "conduct-meeting": on(8, 16),
    "notice": on(8, 18),
}
_DOCUMENTS = {
    "work-plan": on(9, 3),
    "personnel-plan": on(9, 4),
    "superior-approval": on(9, 5),
    "recommendation-talks": on(9, 13),
    "recommendation-meeting": on(9, 14),
    "recommendation-report": on(9, 19),
    "consultation": on(11, 7),
    "credentials-report": on(12, 5),
    "credentials-confirmed": on(12, 6),
    "recommendation-letter": on(12, 16),
}
_NOTICES = {
    "voter-roll": on(10, 24),
    "deputies-preliminary": on(10, 31),
    "deputies-final": on(11, 7),
    "deputies-elected": on(12, 8),
}
_REVIEWS = {
    "archive": on(10, 21),
    "declaration": on(10, 19),
    "organs-heard": on(10, 24),
    "reports": on(10, 26),
    "inspection": on(10, 27),
    # The audits ended before the examination did; their reports came in on 10-28.
    "audit": on(10, 14),
}
_AUDITS_IN = on(10, 28)
# The special inspection reports when it gives its feedback.
_FEEDBACK = on(11, 2)
_VISITS = (on(9, 28), on(10, 25), on(11, 29))
# A day that a row tells later → what it tells with it.
_LATER: dict[str, dict[str, tuple[str, ...]]] = {
    "reviews": {"answered_on": ("result", "reason", "document")},
    "examinations": {"ended_on": ()},
    "problems": {
        "rectified_on": ("rectified_by",),
        "verified_on": ("verified_by",),
    },
    "reports": {"closed_on": ()},
    "cases": {"closed_on": ("outcome",)},
    "inspections": {"ended_on": ()},
    "roll_questions": {"decided_on": ()},
}
# Reports: candidate, received, settled.
_REPORTS = (
    ("c-vice-chair-3", on(11, 9), on(11, 14)),
    ("c-member-7", on(12, 8), on(12, 12)),
    ("c-vice-chair-2", on(12, 22), on(12, 23)),
    ("c-member-2", on(12, 27), on(1, 10, 2017)),
)


@cache
def everything() -> Rows:
    """All rows of the cycle, as they stand in the end."""
    base = Base(SETTING)
    base.rows.update({name: [dict(row) for row in rows] for name, rows in _plain().items()})
    _of_the_plan(base)
    of_the_voters(base)
    _of_the_candidates(base)
    _of_the_inspection(base)
    _of_the_session(base)
    return {name: base.rows.get(name, []) for name in REGISTERS}


def _plain() -> Rows:
    return rows_of_base(SETTING)


def _dated(base: Base, register: str, column: str, days: dict[str, date], by: str) -> None:
    base.rows[register] = [
        {**row, column: days[str(row[by])]} for row in base.rows[register] if str(row[by]) in days
    ]


def _all(base: Base, register: str, **values: Cell) -> None:
    base.rows[register] = [{**row, **values} for row in base.rows[register]]


def _of_the_plan(base: Base) -> None:
    _dated(base, "measures", "held_on", _MEASURES, "kind")
    _dated(base, "documents", "issued_on", _DOCUMENTS, "kind")
    _dated(base, "notices", "published_on", _NOTICES, "kind")
    _all(base, "notice_clauses", issued_on=on(8, 18))
    _all(base, "duties", assigned_on=on(8, 19))
    talks = {"t-responsibility": on(8, 22), "t-must": on(11, 7)}
    _dated(base, "talks", "held_on", talks, "talk")
    _all(base, "report_channels", live_on=on(8, 25), tested_on=on(8, 30))
    _all(base, "publicity", published_on=on(8, 25))
    _all(base, "screenings", held_on=on(9, 7))
    _all(base, "pledges", signed_on=on(9, 9))
    _all(base, "activities", done_on=on(10, 14))
    _all(base, "card_lots", handed_on=on(9, 12))
    _all(
        base,
        "calendar",
        plan_on=on(9, 5),
        nomination_on=on(9, 7),
        vetting_on=on(10, 10),
        election_day=on(11, 15),
        deputies_elected_on=on(11, 22),
        credentials_on=on(12, 6),
        session_opens_on=OPENS,
        session_closes_on=on(12, 25),
    )


def _of_the_candidates(base: Base) -> None:
    # The party side proposes as many as there are seats (table, 09-20); deputies add the others.
    floor = {f"c-vice-chair-{n}" for n in (6,)} | {f"c-member-{n}" for n in (25, 26, 27, 28)}
    for number in (28,):
        base.candidate(f"c-member-{number}", "member")
        base.person(f"p-member-{number}")
        base.nominated(f"c-member-{number}", "member", "deputies", signers=range(41, 55))
    _all(base, "nominations", nominated_on=on(12, 21))
    base.rows["pledges"] = [{**row, "signed_on": on(9, 9)} for row in base.rows["pledges"]]
    base.rows["candidates"] = [
        {**row, "status": "from-the-floor"} if row["candidate"] in floor else row
        for row in base.rows["candidates"]
    ]
    about = ("reviews", "assessments", "examinations", "integrity_opinions", "public_notices")
    for register in about:
        base.rows[register] = [row for row in base.rows[register] if row["candidate"] not in floor]
    base.rows["reviews"] = [
        {**row, "asked_on": on(10, 11), "answered_on": _REVIEWS[str(row["item"])]}
        for row in base.rows["reviews"]
    ]
    _all(base, "examinations", started_on=on(10, 10), ended_on=on(10, 14))
    _all(base, "integrity_opinions", signed_on=on(11, 1))
    _all(base, "public_notices", opened_on=on(11, 4), closed_on=on(11, 11))
    _all(base, "committee_votes", present=10, in_favour=9, decided_on=on(11, 3))


def _of_the_inspection(base: Base) -> None:
    visit = base.rows["visits"][0]
    base.rows["visits"] = [{**visit, "visited_on": day} for day in _VISITS]
    _all(base, "inspections", started_on=on(10, 17), ended_on=on(10, 28))
    for number in (1, 2):
        base.add(
            "problems",
            problem=f"q-{number}",
            jurisdiction=SETTING.place,
            team="g-special",
            found_on=on(11, 2),
            rectified_on=on(11, 30),
            rectified_by="o-county-organisation-department",
            verified_on=on(11, 30),
            verified_by="o-special-1",
        )
    for number, (candidate, received, closed) in enumerate(_REPORTS, start=1):
        base.add(
            "reports",
            report=f"r-{number}",
            unit=UNIT,
            candidate=candidate,
            channel="letter",
            received_on=received,
            clear_leads=True,
            concrete=True,
            real_name=False,
            accepted_on=received,
            closed_on=closed,
        )
        base.add(
            "cases",
            case=f"a-{number}",
            unit=UNIT,
            report=f"r-{number}",
            organ="discipline-commission",
            opened_on=received,
            closed_on=closed,
            outcome="unfounded",
            joint=True,
        )
        base.add(
            "case_handlers",
            case=f"a-{number}",
            officer="o-county-discipline-commission",
            interested=False,
        )


def _of_the_session(base: Base) -> None:
    _all(
        base,
        "sessions",
        preparatory_on=on(12, 20),
        presidium_on=on(12, 20),
        opened_on=on(12, 21),
        voted_on=on(12, 24),
        method_on=on(12, 21),
    )
    _all(base, "deliberations", opened_on=on(12, 21), closed_on=on(12, 23))
    for kind, more in (("vice-chair", 1), ("member", 3)):
        post = f"{UNIT}-{kind}"
        base.add("differentials", unit=UNIT, post=post, more=more, document="method")
    _all(base, "credentials", members=239)
    base.rows["deputies"] = [
        {**row, "status": "ended", "since": on(12, 18)} if row["deputy"] == "d-240" else row
        for row in base.rows["deputies"]
    ]
    _votes(base)


def _votes(base: Base) -> None:
    """The votes of 12-24 and the further election of 12-25."""
    for register in ("ballots", "tallies", "results"):
        base.rows[register] = []
    for kind, seats in SETTING.openings.items():
        if kind in ("vice-chair", "member"):
            continue
        base.voted(
            kind,
            {f"c-{kind}-{n}": 200 for n in range(1, seats + 1)},
            elected=[f"c-{kind}-{n}" for n in range(1, seats + 1)],
        )
    members = {f"c-member-{n}": 190 if n <= 24 else 20 for n in range(1, 28)}
    base.voted("member", {**members}, elected=[name for name in members if members[name] > 100])
    vice: dict[str, int | list[int]] = {f"c-vice-chair-{n}": 180 for n in range(1, 5)}
    base.voted(
        "vice-chair", {**vice, "c-vice-chair-5": 110, "c-vice-chair-6": 90}, elected=list(vice)
    )
    _all(base, "results", declared_on=on(12, 25))
    base.voted(
        "vice-chair",
        {"c-vice-chair-5": 131, "c-vice-chair-6": 80},
        elected=["c-vice-chair-5"],
        round_=2,
        seats=1,
        present=226,
        issued=226,
        voted_on=on(12, 25),
    )
    base.rows["results"] = [{**row, "declared_on": on(12, 25)} for row in base.rows["results"]]


# A day


def _day_of(register: str, row: Row) -> date:
    """From which day on a row is on record."""
    if register == "reviews" and row["item"] == "audit":
        return on(10, 11)
    if register == "inspections":
        return on(10, 17)
    needed = [
        value
        for name, value in row.items()
        if isinstance(value, date)
        and REGISTERS[register].column[name].happened
        and name not in _LATER.get(register, {})
    ]
    own = _DELIVERED.get(register, FIRST)
    if register in ("candidates", "roster") and _floor(row):
        own = on(12, 21)
    if register in ("ballots", "tallies"):
        own = on(12, 25) if row["round"] == 2 else on(12, 24)
    if register == "signers":
        own = on(12, 21)
    if register == "deputies":
        return own
    if register == "case_handlers":
        # Who handles a case is known with it, on the day of its report.
        return _REPORTS[int(str(row["case"]).removeprefix("a-")) - 1][1]
    if register == "sessions":
        return on(12, 21)
    return max([own, *needed])


def _floor(row: Row) -> bool:
    return row.get("status") == "from-the-floor"


def rows_on(day: date) -> Rows:
    """What is on record at the end of a day."""
    found = {
        name: [
            _told(name, row, day) for row in rows if name != "returns" and _day_of(name, row) <= day
        ]
        for name, rows in everything().items()
    }
    if day >= on(12, 23):
        # One lost the pre-election.
        found["candidates"] = [
            {**row, "status": "lost-pre-election"} if row["candidate"] == "c-member-28" else row
            for row in found["candidates"]
        ]
    found["calendar"] = [
        {**row, "deputies_elected_on": on(11, 22) if day >= on(11, 22) else on(11, 15)}
        for row in found["calendar"]
    ]
    if day < on(12, 18):
        found["credentials"] = [{**row, "members": 240} for row in found["credentials"]]
    found["returns"] = list(_returns(found, day))
    return found


def _told(register: str, row: Row, day: date) -> Row:
    """A row as far as it tells of days that have come."""
    told = told_of_voters(register, row, day)
    for name, with_it in _LATER.get(register, {}).items():
        value = row[name]
        if register == "reviews" and row["item"] == "audit":
            value = _AUDITS_IN
        if register == "inspections":
            value = _FEEDBACK
        if isinstance(value, date) and value > day:
            told |= dict.fromkeys((name, *with_it))
    if register == "deputies" and day < on(12, 18):
        told |= {"status": "in-office", "since": None}
    return told


def _returns(rows: Rows, day: date) -> Iterator[Row]:
    """What the places returned by a day: as many as there are."""
    count = Counter(
        (str(row.get("jurisdiction") or str(row["unit"]).partition("-")[0]), register)
        for register in COUNTED
        for row in rows.get(register, ())
    )
    for row in everything()["returns"]:
        number = count[str(row["jurisdiction"]), str(row["register_name"])]
        yield {**row, "entries": number, "reported_on": max(FIRST, day)}
