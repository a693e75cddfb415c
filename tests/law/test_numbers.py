"""Every numeric rule against an oracle, over all numbers around its bounds.

Rules: an oracle is written from the article in plain whole numbers, by reading the statute and not
the check; each number is a place, a post or a person of its own in one cycle, so that thousands
are put before the check at once. Clocks are compared so in `test_clocks.py`; quorum, majorities,
ties and further elections in `tests/checks/test_election_numbers.py`, working days in
`tests/test_workdays.py`.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from schemas.vocabulary import CHIEF_POSTS
from tests.law.base import PACKS
from tests.law.numbers import OPENS, VETTING, judged, later, of_each, people, places

# 选举法 art. 12: base, one more for so many people, at most so many


def most_deputies(pack: str, level: str, people: int) -> int:
    old = pack == "cn-2016"
    if level == "city":
        return min(650, 240 + people // 25_000)
    if level == "county":
        return min(450, (120 if old else 140) + people // 5_000)
    return min(160, (40 if old else 45) + people // 1_500)


def base_of(pack: str, level: str) -> int:
    bases = {"city": 240, "county": 120, "township": 40}
    return {**bases, **({} if pack == "cn-2016" else {"county": 140, "township": 45})}[level]


# Below it there may be fewer than the base.
VICE_POSTS = {"vice-chair", "deputy-head"}
SMALL = {"city": 0, "county": 50_000, "township": 2_000}
STEP = {"city": 25_000, "county": 5_000, "township": 1_500}
FAR = {"city": 10_600_000, "county": 1_700_000, "township": 260_000}


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("level", list(SMALL))
def test_numbers_of_deputies(level: str, pack: str) -> None:
    bounds = {0, SMALL[level], *range(0, FAR[level], STEP[level])}
    people = sorted({max(0, one + by) for one in bounds for by in (-1, 0, 1)})
    by = (-1, 0, 1)
    cases = [
        (population, members)
        for population in people
        for members in sorted(
            {most_deputies(pack, level, population) + one for one in by}
            | {base_of(pack, level) + one for one in by}
        )
    ]
    rows = places(level, [population for population, _ in cases])
    fixed = {"city": "province", "county": "province", "township": "county"}[level]
    rows["assemblies"] = [
        {"unit": unit["unit"], "members": members,
         "fixed_by": f"{fixed}-standing-committee", "filing_document": "某人大备〔2016〕1号"}
        for unit, (_, members) in zip(rows["units"], cases, strict=True)
    ]  # fmt: skip
    found = judged("plan.seats", pack, rows)
    for unit, (population, members) in zip(rows["units"], cases, strict=True):
        status, reason = found[str(unit["unit"])]
        lawful = members <= most_deputies(pack, level, population) and (
            members >= base_of(pack, level) or population < SMALL[level]
        )
        assert (status == "pass") == lawful, (population, members, reason)


# 地方组织法 art. 47 (2015: 41): a standing committee's size


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("level", ["city", "county"])
def test_sizes_of_standing_committees(level: str, pack: str) -> None:
    small, usual, large, many = {
        ("city", "cn-2016"): (19, 41, 51, 8_000_000),
        ("city", "cn-2026"): (29, 51, 61, 8_000_000),
        ("county", "cn-2016"): (15, 35, 45, 1_000_000),
        ("county", "cn-2026"): (15, 35, 45, 1_000_000),
    }[level, pack]
    cases = list(product((many - 1, many, many + 1), range(small - 3, large + 4)))
    rows = places(level, [people for people, _ in cases])
    rows["posts"] = []
    for unit, (_, size) in zip(rows["units"], cases, strict=True):
        chiefs = ["chair", "court-president", "chief-procurator"]
        chiefs += ["secretary-general"] if level == "city" else []
        chiefs += ["supervision-director"] if pack == "cn-2026" else []
        vice = 3
        seats = {**dict.fromkeys(chiefs, 1), "vice-chair": vice}
        seats["member"] = size - vice - 1 - (level == "city")
        rows["posts"] += [
            {"post": f"{unit['unit']}-{kind}", "unit": unit["unit"], "kind": kind,
             "seats": number, "fixed_by": "province-standing-committee"}
            for kind, number in seats.items()
        ]  # fmt: skip
    found = judged("plan.posts", pack, rows)
    for unit, (population, size) in zip(rows["units"], cases, strict=True):
        most = large if population > many else usual
        status, reason = found[str(unit["unit"])]
        assert (status == "pass") == (small <= size <= most), (population, size, reason)


# 地方组织法 art. 27 (2015: 22); a CPPCC has one candidate for a seat


def candidates_allowed(body: str, kind: str, seats: int) -> set[int]:
    if body == "cppcc":
        return {seats}
    if kind in CHIEF_POSTS:
        return {seats, seats + 1}
    if kind in VICE_POSTS:
        return {seats + more for more in (1, 2, 3)}
    return {seats + more for more in range(seats + 1) if seats <= 10 * more and 5 * more <= seats}


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(
    ("body", "kind", "seats"),
    [("congress", "chair", range(1, 2)), ("congress", "vice-chair", range(1, 8)),
     ("congress", "member", range(1, 31)), ("government", "deputy-head", range(1, 8)),
     ("cppcc", "member", range(1, 16))],
)  # fmt: skip
def test_numbers_of_candidates(body: str, kind: str, seats: range, pack: str) -> None:
    cases = [(number, more + number) for number in seats for more in range(-1, number // 5 + 6)]
    rows = places("county", [300_000] * len(cases), body)
    rows |= {"posts": [], "candidates": []}
    for unit, (number, standing) in zip(rows["units"], cases, strict=True):
        post = f"{unit['unit']}-{kind}"
        rows["posts"].append({"post": post, "unit": unit["unit"], "kind": kind, "seats": number})
        rows["candidates"] += [
            {"candidate": f"{post}-{one}", "unit": unit["unit"], "post": post,
             "person": f"p-{post}-{one}", "status": "proposed"}
            for one in range(standing)
        ]  # fmt: skip
    found = judged(".differential", pack, rows)
    for unit, (number, standing) in zip(rows["units"], cases, strict=True):
        status, reason = found[f"{unit['unit']}-{kind}"]
        lawful = standing in candidates_allowed(body, kind, number)
        assert (status == "pass") == lawful, (number, standing, reason)


# 地方组织法 art. 26 (2015: 21): 20 deputies at city level, 10 below
# 代表法 art. 61 (2015: 48): who is suspended does not act


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(("level", "least"), [("city", 20), ("county", 10), ("township", 10)])
def test_how_many_deputies_nominate(level: str, least: int, pack: str) -> None:
    cases = list(product(range(2 * least), (0, 1, 3)))
    rows = places(level, [300_000] * len(cases))
    rows |= {"posts": [], "candidates": [], "nominations": [], "signers": [], "deputies": []}
    for row, (signing, suspended) in zip(rows["units"], cases, strict=True):
        unit = str(row["unit"])
        post, candidate = f"{unit}-chair", f"c-{unit}"
        rows["posts"].append({"post": post, "unit": unit, "kind": "chair", "seats": 1})
        rows["candidates"].append(
            {"candidate": candidate, "unit": unit, "post": post, "person": f"p-{unit}",
             "status": "from-the-floor"}
        )  # fmt: skip
        rows["nominations"].append(
            {"nomination": f"n-{unit}", "unit": unit, "post": post, "candidate": candidate,
             "channel": "deputies", "nominated_on": OPENS[pack]}
        )  # fmt: skip
        for one in range(signing + suspended):
            acts = one < signing
            rows["signers"].append({"nomination": f"n-{unit}", "deputy": f"d-{unit}-{one}"})
            rows["deputies"].append(
                {"unit": unit, "deputy": f"d-{unit}-{one}",
                 "status": "in-office" if acts else "suspended",
                 "since": None if acts else date(2016, 1, 4)}
            )  # fmt: skip
    found = judged(".channel", pack, rows)
    for row, (signing, suspended) in zip(rows["units"], cases, strict=True):
        status, reason = found[f"c-{row['unit']}"]
        assert (status == "pass") == (signing >= least), (signing, suspended, reason)


# 条例 art. 37, 38: two thirds of the members present, more than half of them in favour


@pytest.mark.parametrize("pack", PACKS)
def test_majorities_of_committees(pack: str) -> None:
    cases = [
        (size, present, yes)
        for size in range(1, 14)
        for present in range(size + 2)
        for yes in range(size + 2)
    ]
    rows = places("county", [300_000] * len(cases), "government")
    rows |= {"candidates": [], "examinations": [], "committee_votes": []}
    for unit, (size, present, yes) in zip(rows["units"], cases, strict=True):
        candidate = f"c-{unit['unit']}"
        rows["candidates"].append(
            {"candidate": candidate, "unit": unit["unit"], "post": f"{unit['unit']}-head",
             "person": f"p-{unit['unit']}", "status": "proposed"}
        )  # fmt: skip
        rows["examinations"].append(
            {"candidate": candidate, "team_size": 2, "started_on": date(2016, 9, 1),
             "ended_on": date(2016, 9, 10)}
        )  # fmt: skip
        rows["committee_votes"].append(
            {"unit": unit["unit"], "committee_size": size, "present": present, "in_favour": yes,
             "conflicted_present": 0, "decided_on": date(2016, 9, 20)}
        )  # fmt: skip
    found = judged("vetting.committee", pack, rows)
    for unit, (size, present, yes) in zip(rows["units"], cases, strict=True):
        lawful = yes <= present <= size and 3 * present >= 2 * size and 2 * yes > size
        passed = {status for subject, (status, _) in found.items()
                  if subject.removeprefix("c-") == unit["unit"]}  # fmt: skip
        assert (passed == {"pass"}) == lawful, (size, present, yes, found[str(unit["unit"])])


# 地方组织法 art. 20 (2015: 16): the first session within two months


@pytest.mark.parametrize("pack", PACKS)
def test_two_months_to_the_first_session(pack: str) -> None:
    elected = [OPENS[pack] - timedelta(days=days) for days in range(20, 90)]
    rows = places("county", [300_000] * len(elected))
    rows["calendar"] = [
        {"unit": unit["unit"], "term_years": 5, "plan_on": day - timedelta(days=90),
         "nomination_on": day - timedelta(days=80), "vetting_on": day - timedelta(days=70),
         "election_day": day, "deputies_elected_on": day, "credentials_on": day,
         "session_opens_on": OPENS[pack], "session_closes_on": OPENS[pack]}
        for unit, day in zip(rows["units"], elected, strict=True)
    ]  # fmt: skip
    found = judged("plan.calendar", pack, rows)
    opens = OPENS[pack]
    # The 20th (22nd) of December is within two months of the same day of October and later.
    earliest = date(opens.year, opens.month - 2, opens.day)
    for unit, day in zip(rows["units"], elected, strict=True):
        status, reason = found[str(unit["unit"])]
        assert (status == "pass") == (day >= earliest), (day, reason)


# 选举法 art. 28, 32 (2015: 27, 31): 20, 15 and 7 days before election day


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(
    ("kind", "days"), [("voter-roll", 20), ("deputies-preliminary", 15), ("deputies-final", 7)]
)
def test_days_before_election_day(kind: str, days: int, pack: str) -> None:
    election = OPENS[pack] - timedelta(days=40)
    usual = {"voter-roll": 30, "deputies-preliminary": 25, "deputies-final": 12}
    before = range(days + 12)
    rows = places("county", [300_000] * len(before))
    rows["calendar"] = [
        {"unit": unit["unit"], "term_years": 5, "plan_on": date(2016, 8, 1),
         "nomination_on": date(2016, 8, 2), "vetting_on": date(2016, 8, 3),
         "election_day": election, "deputies_elected_on": election, "credentials_on": election,
         "session_opens_on": OPENS[pack], "session_closes_on": OPENS[pack]}
        for unit in rows["units"]
    ]  # fmt: skip
    rows["notices"] = [
        {"unit": unit["unit"], "kind": name,
         "published_on": election - timedelta(days={**usual, kind: early}[name])}
        for unit, early in zip(rows["units"], before, strict=True)
        for name in usual
    ]  # fmt: skip
    found = judged("nomination.lists", pack, rows)
    for unit, early in zip(rows["units"], before, strict=True):
        status, reason = found[f"{unit['unit']}/{kind}"]
        assert (status == "pass") == (early >= days), (early, reason)


# 源文 换届纪律宣传卡: so many for each hundred people who must pledge, a part of a card is a card


@pytest.mark.parametrize("percent", [67, 100, 150])
def test_cards_for_everybody_who_must_pledge(percent: int) -> None:
    cases = list(product(range(1, 7), range(1, 10)))
    rows = places("county", [300_000] * len(cases)) | {"roster": [], "card_lots": []}
    for unit, (obliged, cards) in zip(rows["units"], cases, strict=True):
        here = {"jurisdiction": unit["jurisdiction"]}
        rows["card_lots"].append(here | {"lot": "1", "cards": cards, "handed_on": OPENS["cn-2016"]})
        rows["roster"] += [
            here | {"person": f"p-{unit['unit']}-{one}", "must_pledge": True}
            for one in range(obliged)
        ]
    found = judged("nomination.cards", "cn-2016", rows, percent=percent)
    for unit, (obliged, cards) in zip(rows["units"], cases, strict=True):
        status, reason = found[str(unit["jurisdiction"])]
        assert (status == "pass") == (100 * cards >= percent * obliged), (obliged, cards, reason)


# 选举法 art. 4 (2015: 3): eighteen years on the day of the vote


@pytest.mark.parametrize("pack", PACKS)
def test_eighteen_on_the_day_of_the_vote(pack: str) -> None:
    vote = OPENS[pack] + timedelta(days=2)
    born = [date(vote.year - 18, vote.month, vote.day) + timedelta(days=by)
            for by in range(-400, 401)]  # fmt: skip
    rows = people(pack, len(born))
    days = of_each(rows, "birth_date", born)
    found = judged(".eligibility", pack, rows)
    for candidate, day in days.items():
        status, reason = found[candidate]
        assert (status == "pass") == (later(day, 18 * 12) <= vote), (day, reason)


@pytest.mark.parametrize("pack", PACKS)
def test_eighteen_where_only_the_month_of_birth_is_known(pack: str) -> None:
    """Every day of the month is of age, or none is; else it depends on the day and closes."""
    vote = OPENS[pack] + timedelta(days=2)
    months = [f"{vote.year - 18 + (by // 12)}-{by % 12 + 1:02d}" for by in range(-14, 14)]
    rows = people(pack, len(months))
    born = of_each(rows, "birth_date", months)
    found = judged(".eligibility", pack, rows)
    seen = set()
    for candidate, month in born.items():
        year, number = map(int, month.split("-"))
        days = [date(year, number, day + 1) for day in range(monthrange(year, number)[1])]
        of_age = {later(day, 18 * 12) <= vote for day in days}
        status, reason = found[candidate]
        expected = {(True,): "pass", (False,): "fail", (False, True): "missing"}
        assert status == expected[tuple(sorted(of_age))], (month, reason)
        seen.add(status)
    assert seen == {"pass", "fail", "missing"}


# 政务处分法 art. 8, 行政机关公务员处分条例 art. 7: 6, 12, 18, 24 months


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(
    ("kind", "months"),
    [("warning", 6), ("demerit", 12), ("serious-demerit", 18), ("demotion", 24), ("removal", 24)],
)
def test_how_long_a_sanction_bars(kind: str, months: int, pack: str) -> None:
    vetting = OPENS[pack] - timedelta(days=VETTING)
    decided = [later(vetting, -months) + timedelta(days=by) for by in range(-40, 41)]
    rows = people(pack, len(decided))
    rows["sanctions"] = [
        {"sanction": f"s-{row['unit']}", "jurisdiction": str(row["unit"]).partition("-")[0],
         "person": row["person"], "kind": kind, "decided_on": day}
        for row, day in zip(rows["candidates"], decided, strict=True)
    ]  # fmt: skip
    rows["returns"] = [
        {"jurisdiction": one["jurisdiction"], "register_name": "sanctions", "entries": 1,
         "reported_on": OPENS[pack]}
        for one in rows["sanctions"]
    ]  # fmt: skip
    found = judged("vetting.sanctions", pack, rows)
    for row, day in zip(rows["candidates"], decided, strict=True):
        status, reason = found[str(row["candidate"])]
        assert (status == "pass") == (later(day, months) <= vetting), (day, reason)


# 条例 2014 art. 8: 5 years of work, 2 at the grass roots, 2 as vice before chief, 3 as chief before
# vice a level up; 任期规定 art. 6, 7: two terms in a post, 15 years at a level


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(
    ("column", "rank", "kind", "lawful"),
    [
        ("years_worked", "county-deputy", "head", lambda years: years >= 5),
        ("years_grassroots", "county-deputy", "head", lambda years: years >= 2),
        ("years_in_rank", "county-deputy", "head", lambda years: years >= 2),
        ("years_in_rank", "township", "deputy-head", lambda years: years >= 3),
        ("terms_in_post", "county-deputy", "head", lambda terms: terms < 2),
        ("years_at_level", "county-deputy", "head", lambda years: years < 15),
    ],
)
def test_years_that_a_promotion_needs(
    column: str, rank: str, kind: str, lawful: Any, pack: str
) -> None:
    rows = people(pack, 30, kind=kind, rank=rank)
    numbers = of_each(rows, column, range(30))
    found = judged("vetting.qualification", pack, rows)
    for candidate, years in numbers.items():
        status, reason = found[candidate]
        assert (status == "pass") == lawful(years), (years, reason)


# 条例 art. 33: two members or more


@pytest.mark.parametrize("pack", PACKS)
def test_members_of_an_examination_team(pack: str) -> None:
    rows = people(pack, 8)
    rows["officers"] = [{"officer": "o-city", "jurisdiction": "640300", "name": "某人",
                         "organ": "organisation-department", "person": "p-other"}]  # fmt: skip
    rows["examinations"] = [
        {"candidate": row["candidate"], "team_size": size, "leader": "o-city",
         "started_on": OPENS[pack] - timedelta(days=80),
         "ended_on": OPENS[pack] - timedelta(days=70)}
        for size, row in enumerate(rows["candidates"])
    ]  # fmt: skip
    units = dict.fromkeys(str(row["unit"]) for row in rows["candidates"])
    rows["documents"] = [
        {"unit": unit, "kind": "recommendation-meeting", "document": "x",
         "issued_by": "party-committee", "issued_on": OPENS[pack] - timedelta(days=95)}
        for unit in units
    ]  # fmt: skip
    found = judged("vetting.examination", pack, rows)
    for size, row in enumerate(rows["candidates"]):
        status, reason = found[str(row["candidate"])]
        assert (status == "pass") == (size >= 2), (size, reason)


# 地方组织法 art. 26 (2015: 21): nobody nominates more than there are seats


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("channel", ["presidium", "deputies"])
def test_nobody_nominates_more_than_there_are_seats(channel: str, pack: str) -> None:
    cases = [(seats, named) for seats in range(1, 7) for named in range(1, 10)]
    rows = places("county", [300_000] * len(cases), "government")
    rows |= {"posts": [], "candidates": [], "nominations": [], "signers": [], "sessions": []}
    for unit, (seats, named) in zip(rows["units"], cases, strict=True):
        post = f"{unit['unit']}-deputy-head"
        rows["posts"].append(
            {"post": post, "unit": unit["unit"], "kind": "deputy-head", "seats": seats}
        )
        for one in range(named):
            nomination = f"n-{post}-{one}"
            rows["candidates"].append(
                {"candidate": f"c-{post}-{one}", "unit": unit["unit"], "post": post,
                 "person": f"p-{post}-{one}", "status": "proposed"}
            )  # fmt: skip
            rows["nominations"].append(
                {"nomination": nomination, "unit": unit["unit"], "post": post,
                 "candidate": f"c-{post}-{one}", "channel": channel, "nominated_on": OPENS[pack]}
            )  # fmt: skip
            rows["signers"].append({"nomination": nomination, "deputy": "d-1"})
    found = judged(".caps", pack, rows)
    for unit, (seats, named) in zip(rows["units"], cases, strict=True):
        status, reason = found[f"{unit['unit']}-deputy-head"]
        assert (status == "pass") == (named <= seats), (seats, named, reason)


# 地方组织法 art. 27 (2015: 22): two days from county level on


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("level", ["city", "county", "township"])
def test_days_of_nominations_and_discussion(level: str, pack: str) -> None:
    opens = OPENS[pack]
    days = range(1, 9)
    rows = places(level, [300_000] * len(days))
    rows["deliberations"] = [
        {"unit": unit["unit"], "opened_on": opens, "closed_on": opens + timedelta(days=long - 1)}
        for unit, long in zip(rows["units"], days, strict=True)
    ]
    rows["sessions"] = [
        {"unit": unit["unit"], "opened_on": opens, "presidium_on": opens,
         "voted_on": opens + timedelta(days=20)}
        for unit in rows["units"]
    ]  # fmt: skip
    found = judged(".deliberation", pack, rows)
    for unit, long in zip(rows["units"], days, strict=True):
        status, reason = found[str(unit["unit"])]
        # A township has no days by law.
        assert (status in {"pass", "not_applicable"}) == (level == "township" or long >= 2), reason
