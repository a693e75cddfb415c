"""The rows of the small lawful cycle of `tests.support.plan_nomination`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

Row = dict[str, Any]
Rows = dict[str, list[Row]]

PLACES = {
    "640300": ("city", None, 900_000, None),
    "640302": ("county", "640300", 320_000, None),
    "640303": ("county", "640300", 280_000, None),
    "640302001": ("township", "640302", 30_000, None),
    "640303001": ("township", "640303", 15_000, "回族"),
}
MEMBERS = {"city": 270, "county": 190, "township": 50}
ORGANS = {
    "secretary": "secretary", "discipline": "discipline-commission",
    "organisation": "organisation-department", "audit": "audit-office",
}  # fmt: skip
DUTIES = {"first-responsible": "secretary", "leads-first": "discipline", "liaison": "organisation"}
COMMITTEE = {"chair": 1, "vice-chair": 1, "member": 5}
JUSTICE = {"supervision-director": 1, "court-president": 1, "chief-procurator": 1}
POSTS = {
    ("congress", "city"): {**COMMITTEE, "secretary-general": 1, **JUSTICE},
    ("congress", "county"): {**COMMITTEE, **JUSTICE},
    ("congress", "township"): {"chair": 1, "vice-chair": 2},
    ("government", "city"): {"head": 1, "deputy-head": 2},
    ("government", "county"): {"head": 1, "deputy-head": 2},
    ("government", "township"): {"head": 1, "deputy-head": 2},
    ("cppcc", "city"): {**COMMITTEE, "secretary-general": 1},
    ("cppcc", "county"): COMMITTEE,
}
PLENTY = ("vice-chair", "deputy-head", "member")


def _day(month: int, day: int) -> date:
    return date(2016, month, day)


def lawful_rows(activities: Sequence[str]) -> Rows:
    """Everything that plan and nomination ask for, for every place."""
    rows: Rows = {
        name: [] for name in (
            "jurisdictions", "units", "officers", "roster", "posts", "measures", "notice_clauses",
            "duties", "talks", "talk_participants", "calendar", "assemblies", "documents",
            "candidates", "nominations", "signers", "deputies", "deliberations", "pledges",
            "screenings", "activities", "card_lots", "publicity", "notices", "examinations",
            "committee_votes", "sessions", "public_notices",
        )
    }  # fmt: skip
    for place, (level, parent, population, founding) in PLACES.items():
        rows["jurisdictions"].append({
            "jurisdiction": place, "name": place, "level": level, "parent": parent,
            "population": population, "founding_ethnicity": founding,
        })  # fmt: skip
        for name, organ in ORGANS.items():
            officer = {"officer": f"o-{place}-{name}", "name": "x", "organ": organ}
            person = {"person": f"p-{place}-{name}", "jurisdiction": place}
            rows["officers"].append(officer | person)
        _conduct(rows, place, parent, level, activities)
        if level == "county":
            _secretary_talked_to(rows, place)
        bodies = ["congress", "government", *(["cppcc"] if level != "township" else [])]
        for body in bodies:
            _unit(rows, place, body, level)
    return rows


def _conduct(
    rows: Rows, place: str, parent: str | None, level: str, activities: Sequence[str]
) -> None:
    here = {"jurisdiction": place}
    steps = ["superior-deployment", "committee-meeting"]
    if level == "city":
        steps.insert(1, "secretaries-meeting")
    for number, kind in enumerate(steps):
        row = {"kind": kind, "held_on": _day(8, 5 + number), "document": "x"}
        rows["measures"].append(here | row)
    for stage in ("plan", "nomination"):
        clause = {"stage": stage, "issued_on": _day(8, 16), "document": "x"}
        rows["notice_clauses"].append(here | clause | {"discipline_list": "nine-2016"})
    for duty, organ in list(DUTIES.items())[: 3 if level == "city" else 2]:
        row = {"duty": duty, "officer": f"o-{place}-{organ}", "assigned_on": _day(8, 12)}
        rows["duties"].append(here | row)
    above = parent or place
    for kind, home in (("responsibility", above), ("must-talk", place)):
        talk = {"talk": f"t-{place}-{kind}", "kind": kind, "held_on": _day(9, 5)}
        rows["talks"].append(talk | {"jurisdiction": home, "officer": f"o-{home}-secretary"})
    for number in range(3):
        person = f"p-{place}-{number}"
        owes = {"must_pledge": number < 2, "must_talk": number < 2}
        owes["responsibility_talk"] = number == 0
        rows["roster"].append(here | {"person": person, "name": "x"} | owes)
        if number < 2:
            rows["pledges"].append({"person": person, "signed_on": _day(9, 6)})
            rows["talk_participants"].append({"talk": f"t-{place}-must-talk", "person": person})
    rows["talk_participants"].append(
        {"talk": f"t-{place}-responsibility", "person": f"p-{place}-0"}
    )
    for point in ("cycle-meeting", "examiner-training"):
        for film in ("film-a", "film-b"):
            shown = {"held_on": _day(8, 18), "attendance": 20}
            rows["screenings"].append(here | {"key_point": point, "film": film} | shown)
    for activity in activities:
        done = {"activity": activity, "done_on": _day(9, 8), "document": "x"}
        rows["activities"].append(here | done)
    for lot, cards in (("1", 2), ("2", 1)):
        handed = {"lot": f"k-{place}-{lot}", "handed_on": _day(9, 7), "cards": cards}
        rows["card_lots"].append(here | handed)
    for kind in ("hotline", "column"):
        published = {"kind": kind, "medium": "x", "published_on": _day(8, 22)}
        rows["publicity"].append(here | published)


def _secretary_talked_to(rows: Rows, place: str) -> None:
    """The secretary of a county, with whom the city's talked."""
    secretary = {"person": f"p-{place}-secretary"}
    duties = {"must_pledge": False, "must_talk": False, "responsibility_talk": True}
    rows["roster"].append({"jurisdiction": place, "name": "x"} | secretary | duties)
    rows["talk_participants"].append({"talk": f"t-{place}-responsibility"} | secretary)


def _unit(rows: Rows, place: str, body: str, level: str) -> None:
    unit = f"{place}-{body}"
    here = {"unit": unit}
    province = "province-standing-committee"
    rows["units"].append(here | {"jurisdiction": place, "body": body})
    if body == "congress":
        rows["deputies"] += [
            here | {"deputy": f"d-{place}-{number}", "status": "in-office"} for number in range(3)
        ]
    city = level == "city"
    opens, closes = (_day(12, 20), _day(12, 23)) if city else (_day(11, 20), _day(11, 23))
    elected, credentials = (_day(11, 24), _day(12, 1)) if city else (_day(10, 20), _day(10, 28))
    deputies = {"deputies_elected_on": elected, "credentials_on": credentials}
    deputies |= {} if city else {"election_day": elected}
    rows["calendar"].append(
        here | (deputies if body == "congress" else {}) | {
            "term_years": 5, "plan_on": _day(8, 20), "nomination_on": _day(9, 1),
            "vetting_on": _day(9, 15), "session_opens_on": opens, "session_closes_on": closes,
        }
    )  # fmt: skip
    if body == "congress":
        fixed_by = "county-standing-committee" if level == "township" else province
        rows["assemblies"].append(
            here | {"members": MEMBERS[level], "fixed_by": fixed_by, "filing_document": "x"}
        )
    _papers(rows, unit, body, level)
    rows["sessions"].append(here | {"presidium_on": _day(11, 18), "opened_on": opens})
    for kind, seats in POSTS[body, level].items():
        post = here | {"post": f"{unit}-{kind}"}
        rows["posts"].append(
            post | {"kind": kind, "seats": seats, "fixed_by": province, "document": "x"}
        )
        more = 1 if body != "cppcc" and kind in PLENTY else 0
        for number in range(seats + more):
            _candidate(rows, post, place, f"{kind}-{number}", joint=number == seats)


def _candidate(rows: Rows, post: Row, place: str, name: str, *, joint: bool) -> None:
    cppcc = post["unit"].endswith("cppcc")
    channel = "consultation" if cppcc else "deputies" if joint else "presidium"
    candidate, nomination = f"c-{post['unit']}-{name}", f"n-{post['unit']}-{name}"
    rows["candidates"].append(
        post | {
            "candidate": candidate, "person": f"p-{place}-0", "status": "proposed",
            "birth_date": date(1968, 3, 12), "ethnicity": "回族", "home_division": "640100",
            "assembly_member": True, "incompatible_office": False, "will_resign": False,
            "rank": "county-deputy", "education": "bachelor", "years_worked": 25,
            "years_grassroots": 6, "years_in_rank": 4, "promoted": True, "terms_in_post": 0,
            "years_at_level": 5, "headed_organ_months": 0, "inspected_unit": False,
        }
    )  # fmt: skip
    rows["nominations"].append(
        post | {
            "nomination": nomination, "candidate": candidate, "channel": channel,
            "nominated_on": _day(11, 18),
        }
    )  # fmt: skip
    if joint:
        signing = [f"d-{place}-{number}" for number in range(3)]
        rows["signers"] += [{"nomination": nomination, "deputy": one} for one in signing]


def _papers(rows: Rows, unit: str, body: str, level: str) -> None:
    papers: list[tuple[str, date, str]] = [
        ("work-plan", _day(8, 19), "party-committee"),
        ("superior-approval", _day(8, 20), "superior-committee"),
        ("recommendation-talks", _day(9, 2), "organisation-department"),
        ("reference-list", _day(9, 3), "superior-committee"),
        ("recommendation-meeting", _day(9, 4), "organisation-department"),
        ("recommendation-report", _day(9, 5), "organisation-department"),
        ("consultation", _day(9, 10), "united-front"),
    ]
    if body == "cppcc":
        papers.append(("membership-agreed", _day(10, 1), "cppcc-chairmen"))
        papers.append(("membership-decided", _day(10, 5), "cppcc-standing-committee"))
        lists = {"membership": _day(10, 8)}
    else:
        papers.append(("recommendation-letter", _day(9, 12), "party-committee"))
        lists = {
            "voter-roll": _day(9, 30), "deputies-preliminary": _day(10, 5),
            "deputies-final": _day(10, 13),
        }  # fmt: skip
    for kind, issued_on, organ in papers:
        paper = {"kind": kind, "document": "x", "issued_by": organ, "issued_on": issued_on}
        rows["documents"].append({"unit": unit} | paper)
    if body == "cppcc" or (body == "congress" and level != "city"):
        rows["notices"] += [
            {"unit": unit, "kind": kind, "published_on": day, "document": "x"}
            for kind, day in lists.items()
        ]
    if body != "cppcc" and level != "township":
        session = {"opened_on": _day(11, 18), "closed_on": _day(11, 19)}
        rows["deliberations"].append({"unit": unit} | session)
