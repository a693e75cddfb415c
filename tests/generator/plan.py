"""Rows of the plan stage: deployment, notice, duties, seats and the papers of each unit.

Rules: the city deploys as soon as the province has, then the counties, then the townships; every
paper is issued after the one that it rests on.
"""

from __future__ import annotations

from datetime import date

from tests.generator.base import Place, Rows, days

_DEPLOYED = {"city": date(2016, 8, 8), "county": date(2016, 8, 16), "township": date(2016, 8, 22)}
_STEPS = {
    "city": (
        ("superior-deployment", 0), ("secretaries-meeting", 2), ("committee-meeting", 3),
        ("conduct-meeting", 8), ("notice", 10),
    ),
    "county": (
        ("superior-deployment", 0), ("secretaries-meeting", 1), ("committee-meeting", 2),
        ("conduct-meeting", 4), ("notice", 6),
    ),
    "township": (
        ("superior-deployment", 0), ("committee-meeting", 1), ("conduct-meeting", 2),
        ("notice", 3),
    ),
}  # fmt: skip
# Units (code without the city's four digits) for which a freeze date of reviews was set.
FREEZES = ("23200-congress", "23200-government")
_STAGES = ("plan", "nomination", "vetting", "inspection", "election")
_DUTIES = {
    "first-responsible": "secretary",
    "leads-first": "discipline-commission",
    "liaison": "organisation-department",
    "congress-plan": "congress-party-group",
    "government-plan": "government-party-group",
    "cppcc-plan": "cppcc-party-group",
    "consultation": "united-front",
}


def add_plan(rows: Rows, place: Place) -> None:
    """Deployment, notice and duties of the place; seats and papers of its units."""
    deployed = _DEPLOYED[place.level]
    for kind, after in _STEPS[place.level]:
        issued = days(deployed, after)
        paper = place.paper("党发")
        rows["measures"].append(
            {"jurisdiction": place.code, "kind": kind, "held_on": issued, "document": paper}
        )
        if kind == "notice":
            rows["notice_clauses"].extend(
                {
                    "jurisdiction": place.code,
                    "stage": stage,
                    "issued_on": issued,
                    "document": paper,
                    "discipline_list": "nine-2016",
                }
                for stage in _STAGES
            )
    rows["duties"].extend(
        {
            "jurisdiction": place.code,
            "duty": duty,
            "officer": place.officers[organ],
            "assigned_on": days(deployed, 3),
        }
        for duty, organ in _DUTIES.items()
        if organ in place.officers
    )
    for body in place.bodies:
        _add_assembly(rows, place, body)
        _add_papers(rows, place, body)


def lawful_members(place: Place) -> int:
    """Most deputies that the place may have under the law of 2016 (选举法 art. 12)."""
    base, per, cap = {
        "city": (240, 25_000, 650),
        "county": (120, 5_000, 450),
        "township": (40, 1_500, 160),
    }[place.level]
    return min(base + place.population // per, cap)


def members_of(place: Place, body: str) -> int:
    """How many deputies or members an assembly has; a government has none of its own."""
    lawful = lawful_members(place)
    if body == "cppcc":
        return lawful * 4 // 5
    return lawful - place.number % 3


def _add_assembly(rows: Rows, place: Place, body: str) -> None:
    if body == "government":
        return
    fixed_by = "county-standing-committee"
    if place.level != "township":
        fixed_by = "province-standing-committee"
    if body == "cppcc":
        fixed_by = "cppcc-standing-committee"
    rows["assemblies"].append(
        {
            "unit": f"{place.code}-{body}",
            "members": members_of(place, body),
            "increase_document": None,
            "fixed_by": fixed_by,
            "filing_document": place.county.paper("常备"),
            "population_when_fixed": None,
            "refixed_on": None,
            "refixed_for": None,
            "refixed_reported_on": None,
        }
    )


def _add_papers(rows: Rows, place: Place, body: str) -> None:
    unit, times = f"{place.code}-{body}", place.timetables[body]
    # (kind, issued by, issued on)
    papers = [
        ("work-plan", "party-committee", days(times.plan, -2)),
        ("personnel-plan", "party-committee", days(times.plan, -1)),
        ("superior-approval", "superior-committee", times.plan),
        ("recommendation-talks", "organisation-department", days(times.nomination, 1)),
        ("reference-list", "superior-committee", days(times.nomination, 4)),
        ("recommendation-meeting", "party-committee", days(times.nomination, 6)),
        ("recommendation-report", "organisation-department", days(times.nomination, 8)),
        ("consultation", "united-front", days(times.nomination, 12)),
    ]
    if body == "cppcc":
        papers += [
            ("membership-agreed", "cppcc-chairmen", days(times.opens, -20)),
            ("membership-decided", "cppcc-standing-committee", days(times.opens, -16)),
        ]
    else:
        papers += [("recommendation-letter", "party-committee", days(times.opens, -12))]
    if body == "congress" and times.credentials and times.held:
        confirmed_by = "presidium" if place.level == "township" else "standing-committee"
        papers += [
            ("credentials-report", "credentials-committee", days(times.credentials, -2)),
            ("credentials-confirmed", confirmed_by, times.credentials),
        ]
    if unit[4:] in FREEZES:
        papers.append(("freeze-date", "organisation-department", times.vetting))
    rows["documents"].extend(
        {
            "unit": unit,
            "kind": kind,
            "document": place.paper("换"),
            "issued_by": issuer,
            "issued_on": issued,
        }
        for kind, issuer, issued in papers
    )
