"""Faults of the inspection stage (督导)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.generator.faults.fault import Clean, Draft


def inspection_faults(clean: Clean) -> Iterator[Draft]:
    """At least one fault for each check of the stage."""
    yield from _of_teams(clean)
    yield from _of_channels(clean)
    yield from _of_cases(clean)


def _of_teams(clean: Clean) -> Iterator[Draft]:
    yield clean.absent(
        "visits",
        ("inspection.roving", "fail", "640323103", "gap"),
        (
            "一次督导没有登记，间隔超过30天",
            "one visit was not entered, so more than 30 days passed",
        ),
        rows=clean.all("visits", jurisdiction="640323103")[2:3],
        # By then there was none for more than 30 days.
    ).seen_on(date(2016, 11, 7))
    yield clean.wrong(
        "visits",
        ("inspection.five-items", "fail", "640324200/education", "unchecked-education"),
        ("历次督导都没有查教育宣传", "no visit checked education"),
        {"education": False},
        rows=clean.all("visits", jurisdiction="640324200"),
    )
    yield clean.wrong(
        "inspections",
        ("inspection.special", "fail", "640303/g-640300-special-2", "teams-not-watched"),
        (
            "专项巡察没有监督考察组和巡回督导组",
            "the special inspection did not watch the examination and roving teams",
        ),
        {"watched_teams": False},
        rows=clean.all("inspections", jurisdiction="640303"),
        # Until it has ended, that is what is missing.
    ).seen_on(date(2016, 10, 31))
    problem = clean.one("problems", jurisdiction="640323102")
    yield clean.wrong(
        "problems",
        ("inspection.rectified", "fail", str(problem["problem"]), "verified-by-rectifier"),
        ("整改人自己核验", "whoever put the problem right also verified it"),
        {"verified_by": problem["rectified_by"]},
        rows=[problem],
    )
    returned = clean.one("returns", jurisdiction="640324202", register_name="problems")
    yield clean.wrong(
        "returns",
        ("inspection.rectified", "missing", "640324202/problems", "fewer-than-returned"),
        ("零报告误填1条问题，台账没有", "the return says one problem; none is on record"),
        {"entries": 1},
        rows=[returned],
    )


def _of_channels(clean: Clean) -> Iterator[Draft]:
    places = [
        "640381",
        *(str(row["jurisdiction"]) for row in clean.all("jurisdictions", parent="640381")),
    ]
    units = [str(row["unit"]) for place in places for row in clean.all("units", jurisdiction=place)]
    yield clean.wrong(
        "report_channels",
        ("inspection.channels", "fail", "640381/sms", "not-staffed"),
        (
            "县级短信举报没有专人值守，涉及全县和所辖乡镇",
            "nobody staffs the county's SMS channel; this holds the county and all its townships",
        ),
        {"staffed": False},
        units=units,
        rows=clean.all("report_channels", jurisdiction="640381", channel="sms"),
    )


def _of_cases(clean: Clean) -> Iterator[Draft]:
    case = clean.one("cases", unit="640302103-government")
    yield clean.wrong(
        "cases",
        ("inspection.cases", "fail", str(case["report"]), "not-joint"),
        ("专办的案件没有联合查核", "a case was not verified jointly"),
        {"joint": False},
        rows=[case],
    )
    case = clean.one("cases", unit="640303105-congress")
    yield clean.absent(
        "case_handlers",
        ("inspection.handlers", "missing", str(case["case"]), "no-handler"),
        ("案件没有登记承办人", "nobody is on record as handling a case"),
        rows=clean.all("case_handlers", case=case["case"]),
    )
    report = clean.one("reports", unit="640302200-congress")
    referral = clean.one("referrals", report=report["report"])
    yield clean.wrong(
        "referrals",
        (
            "inspection.confidentiality",
            "fail",
            f"{report['report']}/{referral['recipient']}",
            "shown",
        ),
        (
            "转送去向误登记为被举报人所在单位",
            "a report stands as passed on to the unit of whom it is about",
        ),
        {"reported_party": True},
        rows=[referral],
    )
    breach = clean.one("violations", unit="640324106-government")
    yield clean.wrong(
        "violations",
        ("inspection.prohibitions", "missing", str(breach["violation"]), "not-carried-out"),
        (
            "说情打招呼已认定，但没有记录在案",
            "an intercession was decided on but not put on record",
        ),
        {"effective_on": None},
        mended={"effective_on": date(2016, 9, 27)},
        rows=[breach],
    )
