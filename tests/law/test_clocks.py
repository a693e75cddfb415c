"""The clocks and counts of supervision, against oracles written before the checks were read.

Rules: as in `test_numbers.py`; a day that ends a period of days is `start + days`, the first not
counted, and one that ends a period of months is the same day of the last month, or its last day.
What an article leaves to the place (days of a gap, viewers, cards) is a parameter, and is compared
for several values of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise, product

import pytest

from tests.law.base import PACKS
from tests.law.numbers import OPENS, Row, judged, later, people, places

CITY = "640300"


def days(number: int) -> timedelta:
    return timedelta(days=number)


def of_places(many: int, body: str = "congress", level: str = "county") -> dict[str, list[Row]]:
    return places(level, [300_000] * many, body)


def returned(rows: Mapping[str, list[Row]], register: str, each: int) -> list[Row]:
    """Returns that agree with what is on record."""
    return [
        {"jurisdiction": unit["jurisdiction"], "register_name": register, "entries": each,
         "reported_on": date(2016, 7, 1)}
        for unit in rows["units"]
    ]  # fmt: skip


def with_team(rows: dict[str, list[Row]], kind: str = "roving") -> None:
    """A team of the city, of members of the city."""
    rows["teams"] = [{"team": "g-1", "jurisdiction": CITY, "kind": kind, "mandate": "x"}]
    rows["team_members"] = [{"team": "g-1", "officer": f"o-{one}"} for one in (1, 2)]
    rows["officers"] = [
        {"officer": f"o-{one}", "person": f"p-{one}", "jurisdiction": CITY, "name": "某人",
         "organ": "discipline-commission"}
        for one in (1, 2)
    ]  # fmt: skip


def calendar(unit: Row, begins: date, opens: date) -> Row:
    return {"unit": unit["unit"], "term_years": 5, "plan_on": begins - days(30),
            "nomination_on": begins, "vetting_on": begins + days(10), "session_opens_on": opens,
            "session_closes_on": opens + days(3)}  # fmt: skip


# 巡回督导 “不间断” (source article; S-12): from the start of nomination to the session or today no
# more days pass without a visit than the pack allows


def longest_gap(begins: date, ends: date, visits: Iterable[date]) -> int:
    points = [begins, *sorted(one for one in visits if begins <= one <= ends), ends]
    return max((after - one).days for one, after in pairwise(points))


@pytest.mark.parametrize("gap", [10, 30])
@pytest.mark.parametrize("pack", PACKS)
def test_no_longer_gap_between_visits_than_allowed(pack: str, gap: int) -> None:
    opens = OPENS[pack]
    begins = opens - days(2 * gap + 8)
    about = [*range(-2, 3), *range(gap - 2, gap + 11), *range(2 * gap + 5, 2 * gap + 11)]
    cases = [(one, other) for one, other in product(about, about) if one < other]
    for on in (opens + days(60), opens, begins + days(gap + 5), begins + days(gap)):
        rows = of_places(len(cases))
        with_team(rows)
        rows["calendar"] = [calendar(unit, begins, opens) for unit in rows["units"]]
        rows["visits"] = [
            {"jurisdiction": unit["jurisdiction"], "team": "g-1", "visited_on": begins + days(one)}
            for unit, pair in zip(rows["units"], cases, strict=True)
            for one in pair
            # What is to come is on no record.
            if begins + days(one) <= on
        ]
        found = judged("inspection.roving", pack, rows, on, gap_days=gap)
        for unit, pair in zip(rows["units"], cases, strict=True):
            ends = min(on, opens)
            visits = [begins + days(one) for one in pair if begins + days(one) <= on]
            visited = any(begins <= one <= ends for one in visits)
            status, reason = found[str(unit["jurisdiction"])]
            lawful = visited and longest_gap(begins, ends, visits) <= gap
            assert (status == "pass") == lawful, (pair, on, reason)


# 线索清楚、内容具体的举报立项专办 (source article; S-04): a case within so many days, joint, closed


@pytest.mark.parametrize("allowed", [0, 5])
@pytest.mark.parametrize("pack", PACKS)
def test_days_to_a_case(pack: str, allowed: int) -> None:
    opens = OPENS[pack]
    received = opens - days(60)
    cases = list(
        product(
            (None, *range(-2, allowed + 4)), (None, *range(-2, 4)), (True, False), (True, False),
            (True, False),
        )
    )  # fmt: skip
    rows = of_places(len(cases))
    rows |= {"reports": [], "cases": [], "returns": returned(rows, "reports", 1)}
    rows["sessions"] = [{"unit": unit["unit"], "voted_on": opens} for unit in rows["units"]]
    for unit, (opened, closed, joint, clear, concrete) in zip(rows["units"], cases, strict=True):
        report = f"r-{unit['unit']}"
        rows["reports"].append(
            {"report": report, "unit": unit["unit"], "candidate": None, "received_on": received,
             "channel": "phone", "clear_leads": clear, "concrete": concrete, "real_name": False}
        )  # fmt: skip
        if opened is not None:
            begun = received + days(opened)
            rows["cases"].append(
                {"case": f"k-{unit['unit']}", "unit": unit["unit"], "report": report,
                 "organ": "discipline-commission", "opened_on": begun, "joint": joint,
                 "closed_on": None if closed is None else begun + days(closed),
                 "outcome": None if closed is None else "unfounded"}
            )  # fmt: skip
    found = judged("inspection.cases", pack, rows, days=allowed)
    for unit, (opened, closed, joint, clear, concrete) in zip(rows["units"], cases, strict=True):
        status, reason = found[f"r-{unit['unit']}"]
        dealt_with = opened is not None and 0 <= opened <= allowed and joint
        lawful = not (clear and concrete) or (
            dealt_with and closed is not None and closed >= 0
        )  # fmt: skip
        assert (status in {"pass", "not_applicable"}) == lawful, (opened, closed, joint, reason)


# S-17: what came in before the vote is dealt with; what came after it does not touch it


@pytest.mark.parametrize("pack", PACKS)
def test_a_report_before_the_vote_and_after_it(pack: str) -> None:
    vote = OPENS[pack]
    received = [vote + days(by) for by in range(-10, 11)]
    rows = of_places(len(received))
    rows["returns"] = returned(rows, "reports", 1)
    rows["sessions"] = [{"unit": unit["unit"], "voted_on": vote} for unit in rows["units"]]
    rows["reports"] = [
        {"report": f"r-{unit['unit']}", "unit": unit["unit"], "received_on": day,
         "channel": "phone", "clear_leads": True, "concrete": True, "real_name": False}
        for unit, day in zip(rows["units"], received, strict=True)
    ]  # fmt: skip
    found = judged("inspection.cases", pack, rows)
    for unit, day in zip(rows["units"], received, strict=True):
        status, reason = found[f"r-{unit['unit']}"]
        # No case is open on any of them; on the day itself it may have come before the vote.
        assert (status == "not_applicable") == (day > vote), (day, reason)
        assert status != "pass"


# 检举控告工作规则 (2020) art. 15: a named reporter is told within fifteen working days


def is_worked(day: date) -> bool:
    """Of autumn 2025: off from the 1st to the 8th of October, and two days of weekends worked."""
    if date(2025, 10, 1) <= day <= date(2025, 10, 8):
        return False
    return day.weekday() < 5 or day in {date(2025, 9, 28), date(2025, 10, 11)}


@pytest.mark.parametrize("allowed", [1, 15])
def test_working_days_to_the_notice_of_acceptance(allowed: int) -> None:
    pack = "cn-2026"
    receipts = [date(2025, 9, 20) + days(by) for by in range(20)]
    cases = list(product(receipts, range(-2, 2 * allowed + 16)))
    rows = of_places(len(cases))
    rows["returns"] = returned(rows, "reports", 1)
    rows["reports"] = [
        {"report": f"r-{unit['unit']}", "unit": unit["unit"], "received_on": day,
         "channel": "letter", "clear_leads": True, "concrete": True, "real_name": True,
         "accepted_on": day + days(after)}
        for unit, (day, after) in zip(rows["units"], cases, strict=True)
    ]  # fmt: skip
    found = judged("inspection.report-clocks", pack, rows, workdays=allowed)
    for unit, (day, after) in zip(rows["units"], cases, strict=True):
        # The day of receipt is not counted, the day of the notice is.
        took = sum(is_worked(day + days(one)) for one in range(1, after + 1))
        status, reason = found[f"r-{unit['unit']}"]
        assert (status == "pass") == (after >= 0 and took <= allowed), (day, after, reason)


# 巡视工作条例 (S-15): put right within two months, and verified by somebody else


@pytest.mark.parametrize("months", [1, 2])
@pytest.mark.parametrize("pack", PACKS)
def test_months_to_put_a_problem_right(pack: str, months: int) -> None:
    year = OPENS[pack].year
    found_on = [date(year, 8, 28) + days(by) for by in range(5)] + [
        date(year, 12, 26) + days(by) for by in range(8)
    ]
    cases = [
        (day, right, checked, by)
        for day in found_on
        for right in (None, day - days(1), day,
                      *(later(day, months) + days(one) for one in range(-2, 3)))
        for checked in (None, -1, 0, 1)
        for by in ("o-2", "o-1", None)
    ]  # fmt: skip
    rows = of_places(len(cases))
    with_team(rows)
    rows["returns"] = returned(rows, "problems", 1)
    rows["problems"] = [
        {"problem": f"q-{unit['unit']}", "jurisdiction": unit["jurisdiction"], "team": "g-1",
         "found_on": day, "rectified_on": right, "rectified_by": right and "o-1",
         "verified_on": None if right is None or checked is None else right + days(checked),
         "verified_by": by}
        for unit, (day, right, checked, by) in zip(rows["units"], cases, strict=True)
    ]  # fmt: skip
    found = judged("inspection.rectified", pack, rows, months=months)
    for unit, (day, right, checked, by) in zip(rows["units"], cases, strict=True):
        lawful = (
            right is not None and day <= right <= later(day, months)
            and checked is not None and checked >= 0 and by == "o-2"
        )  # fmt: skip
        status, _ = found[f"q-{unit['unit']}"]
        assert (status == "pass") == lawful, (day, right, checked, by)


# 警示片 (source article: at key points leaders watched two films): so many viewers at each


@pytest.mark.parametrize("least", [1, 10])
@pytest.mark.parametrize("pack", PACKS)
def test_viewers_of_films(pack: str, least: int) -> None:
    names = {"cn-2016": ("film-liaoning", "film-hengyang-nanchong"),
             "cn-2026": ("film-first", "film-second")}[pack]  # fmt: skip
    shown = list(product(("cycle-meeting", "examiner-training"), names))
    cases = list(product((None, 0, least - 1, least, least + 1), repeat=len(shown)))
    rows = of_places(len(cases))
    rows["screenings"] = [
        {"jurisdiction": unit["jurisdiction"], "key_point": point, "film": film,
         "held_on": OPENS[pack] - days(90), "attendance": viewers}
        for unit, many in zip(rows["units"], cases, strict=True)
        for (point, film), viewers in zip(shown, many, strict=True)
        if viewers is not None
    ]  # fmt: skip
    found = judged("nomination.films", pack, rows, attendance=least)
    told: dict[str, set[str]] = {}
    for subject, (status, _) in found.items():
        told.setdefault(subject.partition("/")[0], set()).add(status)
    for unit, many in zip(rows["units"], cases, strict=True):
        lawful = all(viewers is not None and viewers >= least for viewers in many)
        assert (told[str(unit["jurisdiction"])] == {"pass"}) == lawful, many


# 宣传卡 (source article: 10,000 cards to 8,000 pledges): so many for every hundred who must pledge


@pytest.mark.parametrize("percent", [50, 100, 125, 133])
@pytest.mark.parametrize("pack", PACKS)
def test_cards_for_those_who_must_pledge(pack: str, percent: int) -> None:
    cases = list(product(range(10), range(14), (0, 3), (0, 2)))
    rows = of_places(len(cases))
    rows |= {"roster": [], "card_lots": []}
    for unit, (must, first, second, others) in zip(rows["units"], cases, strict=True):
        place = unit["jurisdiction"]
        rows["roster"] += [
            {"person": f"p-{place}-{one}", "jurisdiction": place, "name": "某人",
             "must_pledge": one < must, "must_talk": False, "responsibility_talk": False}
            for one in range(must + others)
        ]  # fmt: skip
        rows["card_lots"] += [
            {"jurisdiction": place, "lot": f"k-{place}-{number}", "cards": cards,
             "handed_on": OPENS[pack] - days(90)}
            for number, cards in enumerate((first, second))
            if cards
        ]  # fmt: skip
    found = judged("nomination.cards", pack, rows, percent=percent)
    for unit, (must, first, second, _) in zip(rows["units"], cases, strict=True):
        status, reason = found[str(unit["jurisdiction"])]
        lawful = must > 0 and first + second > 0 and 100 * (first + second) >= percent * must
        assert (status == "pass") == lawful, (must, first, second, reason)


# 经济责任审计规定 art. 4 (F-06): chiefs, and deputies who headed an organ for a year; before the
# examination ends


@pytest.mark.parametrize("pack", PACKS)
def test_months_at_the_head_of_an_organ(pack: str) -> None:
    roles, audits = ("chief", "deputy", None), ("clear", "not-required", None)
    cases = list(product(range(31), roles, audits))
    rows = people(pack, len(cases))
    ended = OPENS[pack] - days(40)
    rows["candidates"] = [
        {**row, "headed_organ_months": months, "headed_as": role}
        for row, (months, role, _) in zip(rows["candidates"], cases, strict=True)
    ]
    audited(rows, [(result, ended - days(10)) for _, _, result in cases], ended)
    found = judged("vetting.audit", pack, rows)
    for row, (months, role, result) in zip(rows["candidates"], cases, strict=True):
        # Whoever headed an organ in no role that is named did so as its chief.
        due = role == "chief" or (role is None and months > 0) or months >= 12
        status, reason = found[str(row["candidate"])]
        assert (status in {"pass", "not_applicable"}) == (not due or result == "clear"), (
            months, role, result, reason,
        )  # fmt: skip


def audited(
    rows: dict[str, list[Row]], answers: Iterable[tuple[str | None, date]], ended: date
) -> None:
    """Examinations that ended on a day, and audits with a result of a day (or none)."""
    rows["examinations"] = [
        {"candidate": row["candidate"], "team_size": 2, "started_on": ended - days(20),
         "ended_on": ended}
        for row in rows["candidates"]
    ]  # fmt: skip
    rows["reviews"] = [
        {"candidate": row["candidate"], "item": "audit", "organ": "audit-office",
         "asked_on": day - days(5), "answered_on": day, "result": result, "document": "x",
         "reason": "x" if result == "not-required" else None}
        for row, (result, day) in zip(rows["candidates"], answers, strict=True)
        if result is not None
    ]  # fmt: skip


@pytest.mark.parametrize("valid", [100, 365])
@pytest.mark.parametrize("pack", PACKS)
def test_an_audit_is_there_before_the_examination_ends_and_not_old(pack: str, valid: int) -> None:
    opens = OPENS[pack]
    ended = opens - days(40)
    answered = [*(ended + days(by) for by in range(-5, 6)),
                *(opens - days(valid) + days(by) for by in range(-5, 6))]  # fmt: skip
    rows = people(pack, len(answered), headed_organ_months=30, headed_as="chief")
    audited(rows, [("clear", day) for day in answered], ended)
    found = judged("vetting.audit", pack, rows, valid_days=valid)
    for row, day in zip(rows["candidates"], answered, strict=True):
        status, reason = found[str(row["candidate"])]
        assert (status == "pass") == (opens - days(valid) <= day <= ended), (day, reason)


# 选举法 art. 12 (2015: 11): by a decision a county, an autonomous county, a township and an ethnic
# township may have five per cent more; a district, a city and a town may not


MORE = {"county": ("某县", "某某族自治县"), "township": ("某乡", "某某族乡", "某民族乡")}
NO_MORE = {"county": ("某区", "某某区", "某市"), "township": ("某镇",), "city": ("某市", "某州")}


def lawful_total(pack: str, level: str, people_: int) -> int:
    old = pack == "cn-2016"
    if level == "city":
        return min(650, 240 + people_ // 25_000)
    if level == "county":
        return min(450, (120 if old else 140) + people_ // 5_000)
    return min(160, (40 if old else 45) + people_ // 1_500)


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("level", ["city", "county", "township"])
def test_five_per_cent_more_seats(level: str, pack: str) -> None:
    step, largest = {"city": (25_000, 11_000_000), "county": (5_000, 1_700_000),
                     "township": (1_500, 200_000)}[level]  # fmt: skip
    names = [(name, True) for name in MORE.get(level, ())]
    names += [(name, False) for name in NO_MORE[level]]
    cases: list[tuple[str, bool, bool, int, int]] = []
    for number in range(4, largest // step, 9):
        total = lawful_total(pack, level, number * step)
        more = total + total * 5 // 100
        for (name, may), decided in product(names, (True, False)):
            near = {total - 1, total, total + 1, more - 1, more, more + 1}
            cases += [(name, may, decided, number * step, one) for one in sorted(near)]
    rows = places(level, [one[3] for one in cases])
    of_case = dict(zip((str(unit["jurisdiction"]) for unit in rows["units"]), cases, strict=True))
    rows["jurisdictions"] = [
        {**row, "name": of_case[str(row["jurisdiction"])][0]}
        if row["jurisdiction"] in of_case else row
        for row in rows["jurisdictions"]
    ]  # fmt: skip
    fixed = {"city": "province", "county": "province", "township": "county"}[level]
    rows["assemblies"] = [
        {"unit": unit["unit"], "members": seats, "filing_document": "x",
         "fixed_by": f"{fixed}-standing-committee", "increase_document": "x" if decided else None}
        for unit, (_, _, decided, _, seats) in zip(rows["units"], cases, strict=True)
    ]  # fmt: skip
    found = judged("plan.seats", pack, rows)
    for unit, (name, may, decided, population, seats) in zip(rows["units"], cases, strict=True):
        total = lawful_total(pack, level, population)
        status, reason = found[str(unit["unit"])]
        lawful = seats <= total or (may and decided and 100 * seats <= 105 * total)
        least = {"city": 0, "county": 50_000, "township": 2_000}[level]
        lawful &= population < least or seats >= lawful_total(pack, level, 0)
        assert (status == "pass") == lawful, (name, decided, population, seats, reason)


# 选举法 art. 14 (2015: 13): a number fixed anew is reported within thirty days


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("cause", ["boundary", "project", None])
def test_days_to_report_a_number_fixed_anew(cause: str | None, pack: str) -> None:
    refixed = date(2016, 1, 20)
    after = [None, *range(-5, 41)]
    rows = of_places(len(after))
    rows["assemblies"] = [
        {"unit": unit["unit"], "members": lawful_total(pack, "county", 300_000),
         "fixed_by": "province-standing-committee", "filing_document": "x",
         "refixed_on": refixed, "refixed_for": cause,
         "refixed_reported_on": None if by is None else refixed + days(by)}
        for unit, by in zip(rows["units"], after, strict=True)
    ]  # fmt: skip
    found = judged("plan.seats", pack, rows)
    for unit, by in zip(rows["units"], after, strict=True):
        status, reason = found[str(unit["unit"])]
        lawful = cause is not None and by is not None and 0 <= by <= 30
        assert (status == "pass") == lawful, (by, reason)


# 部署突出“早” (source article): the steps of a level in their order, within the days that are set


@pytest.mark.parametrize("allowed", [3, 30])
@pytest.mark.parametrize("pack", PACKS)
def test_days_of_deployment(pack: str, allowed: int) -> None:
    first = OPENS[pack] - days(120)
    about = (None, -1, 0, 1, allowed - 1, allowed, allowed + 1)
    cases = list(product(about, repeat=2))
    rows = of_places(len(cases))
    steps = ("superior-deployment", "committee-meeting", "conduct-meeting")
    rows["measures"] = [
        {"jurisdiction": unit["jurisdiction"], "kind": kind, "held_on": first + days(after),
         "document": "x"}
        for unit, (second, third) in zip(rows["units"], cases, strict=True)
        for kind, after in zip(steps, (0, second, third), strict=True)
        if after is not None
    ]  # fmt: skip
    found = judged("plan.deployment", pack, rows, days=allowed)
    told: dict[str, set[str]] = {}
    for subject, (status, _) in found.items():
        told.setdefault(subject.partition("/")[0], set()).add(status)
    for unit, (second, third) in zip(rows["units"], cases, strict=True):
        lawful = second is not None and third is not None and 0 <= second <= third <= allowed
        assert (told[str(unit["jurisdiction"])] == {"pass"}) == lawful, (second, third)


# 政务处分法 art. 15 (2007: 10): joined periods end as decided, from that of one to 48 months


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(
    ("kind", "months"),
    [("warning", 6), ("demerit", 12), ("serious-demerit", 18), ("demotion", 24), ("removal", 24)],
)
def test_a_joined_period_ends_as_decided(kind: str, months: int, pack: str) -> None:
    vetting = OPENS[pack] - days(85)
    near = [*range(-2, 3)]
    cases: list[tuple[date, date]] = []
    for back in (50, 48, months + 1, months):
        decided = later(vetting, -back)
        last = {later(decided, long) + days(by) for long in (months, 48) for by in near}
        last |= {vetting + days(by) for by in near}
        cases += [(decided, one) for one in sorted(last)]
    rows = people(pack, len(cases))
    rows["sanctions"] = [
        {"sanction": f"s-{row['unit']}", "jurisdiction": str(row["unit"]).partition("-")[0],
         "person": row["person"], "kind": kind, "decided_on": decided, "ends_on": ends}
        for row, (decided, ends) in zip(rows["candidates"], cases, strict=True)
    ]  # fmt: skip
    rows["returns"] = returned(rows, "sanctions", 1)
    found = judged("vetting.sanctions", pack, rows)
    for row, (decided, ends) in zip(rows["candidates"], cases, strict=True):
        status, reason = found[str(row["candidate"])]
        lawful = later(decided, months) <= ends <= later(decided, 48) and ends <= vetting
        assert (status == "pass") == lawful, (decided, ends, reason)


# 条例 2019 art. 18 (C-02): a recommendation can be used for a year


@pytest.mark.parametrize("pack", PACKS)
def test_a_recommendation_holds_for_a_year(pack: str) -> None:
    opens = OPENS[pack]
    held = [later(opens, -12) + days(by) for by in range(-6, 7)]
    rows = of_places(len(held), "government")
    rows["calendar"] = [calendar(unit, opens - days(100), opens) for unit in rows["units"]]
    steps = {"recommendation-talks": (-2, "organisation-department"),
             "reference-list": (-1, "superior-committee"),
             "recommendation-meeting": (0, "party-committee"),
             "recommendation-report": (1, "organisation-department")}  # fmt: skip
    rows["documents"] = [
        {"unit": unit["unit"], "kind": kind, "document": "x", "issued_by": issuer,
         "issued_on": day + days(after)}
        for unit, day in zip(rows["units"], held, strict=True)
        for kind, (after, issuer) in steps.items()
    ]  # fmt: skip
    found = judged("nomination.recommendation", pack, rows)
    told: dict[str, set[str]] = {}
    for subject, (status, _) in found.items():
        told.setdefault(subject.partition("/")[0], set()).add(status)
    for unit, day in zip(rows["units"], held, strict=True):
        assert (told[str(unit["unit"])] == {"pass"}) == (later(day, 12) >= opens), day
