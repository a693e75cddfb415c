"""Rows of the vetting stage: six reviews for each candidate, examination, decision, notice.

Rules: whoever answers a review is the organ that the regulation names; "not required" says why;
cadres of a city's charge (chiefs and vices of a county) are examined and signed for by the city.
"""

from __future__ import annotations

from datetime import date

from tests.generator.base import Place, Row, Rows, between, chance, days, whole

ITEMS = ("archive", "declaration", "organs-heard", "reports", "inspection", "audit")
_ORGANS = {
    "archive": "organisation-department",
    "declaration": "organisation-department",
    "organs-heard": "discipline-commission",
    "reports": "discipline-commission",
    "inspection": "inspection-office",
    "audit": "audit-office",
}
_DECLARING = ("county-deputy", "county", "bureau-deputy", "bureau")
AUDIT_MONTHS = 12
_NOT_REQUIRED = {
    "declaration": "现任职级不在报告个人有关事项的范围",
    "inspection": "所在单位本届内未被巡察",
    "audit": "未主持单位工作满一年，无需审计",
}
_SETTLED = {
    "archive": "学历认定材料补齐，组织部门已有认定结论",
    "declaration": "漏报一项理财，查核属漏报，已批评教育并有处理结论",
    "organs-heard": "曾被函询，已澄清了结",
    "reports": "举报经联合查核不实，已有结论",
}
# Days of the vetting by level: last answer, end of examination, opinion, decision, public notice.
_DAYS = {
    "township": (date(2016, 9, 23), date(2016, 9, 26), date(2016, 9, 27), date(2016, 9, 27)),
    "county": (date(2016, 10, 12), date(2016, 10, 14), date(2016, 10, 17), date(2016, 10, 19)),
    "city": (date(2016, 11, 4), date(2016, 11, 8), date(2016, 11, 10), date(2016, 11, 14)),
}
# The notice of some townships runs over the October holiday: five working days until the 9th.
_NOTICES = {
    "township": (
        (date(2016, 9, 28), date(2016, 10, 9)),
        (date(2016, 10, 10), date(2016, 10, 14)),
    ),
    "county": ((date(2016, 10, 20), date(2016, 10, 26)), (date(2016, 10, 21), date(2016, 10, 28))),
    "city": ((date(2016, 11, 15), date(2016, 11, 21)), (date(2016, 11, 15), date(2016, 11, 22))),
}
_COMMITTEE = {"city": 11, "county": 11, "township": 9}


def add_vetting(rows: Rows, place: Place) -> None:
    """Everything that is on record about the vetting of the place's candidates."""
    notice = _NOTICES[place.level][place.number % 2]
    answered_by, examined, signed, decided = _DAYS[place.level]
    proposed = [row for row in place.candidates if row["status"] != "from-the-floor"]
    for position, row in enumerate(proposed):
        started = place.timetables[str(row["unit"]).rpartition("-")[2]].vetting
        manager = _manager(place, row)
        for item in ITEMS:
            rows["reviews"].append(_review(place, row, item, started, answered_by))
        rows["assessments"].append(_assessment(place, row, manager))
        rows["examinations"].append(
            {
                "candidate": row["candidate"],
                "team_size": 2 + position % 3,
                "officer": manager.officers["organisation-department"],
                "started_on": days(started, 1),
                "ended_on": days(examined, -(position % 3)),
            }
        )
        rows["integrity_opinions"].append(
            {
                "candidate": row["candidate"],
                "party_secretary": manager.officers["secretary"],
                "discipline_secretary": manager.officers["discipline-commission"],
                "signed_on": signed,
                "favourable": True,
            }
        )
        shown = "shown-at-examination" if _shown(row, position) else "none"
        rows["public_notices"].append(
            {
                "candidate": row["candidate"],
                "exemption": shown,
                "opened_on": notice[0] if shown == "none" else None,
                "closed_on": notice[1] if shown == "none" else None,
            }
        )
    for number, body in enumerate(place.bodies):
        size = _COMMITTEE[place.level]
        present = size - (number + place.number) % 3
        rows["committee_votes"].append(
            {
                "unit": f"{place.code}-{body}",
                "committee_size": size,
                "present": present,
                "in_favour": present - place.number % 2,
                "conflicted_present": 0,
                "decided_on": decided,
            }
        )


def _shown(row: Row, position: int) -> bool:
    return str(row["unit"]).endswith("cppcc") and position % 4 == 0


def _manager(place: Place, row: Row) -> Place:
    """Who is in charge of the cadre: the county of a township's, the city of a county's leaders."""
    kind = str(row["post"]).removeprefix(f"{row['unit']}-")
    if place.level == "township":
        return place.county
    return place.city if kind != "member" else place


def _required(row: Row, item: str) -> bool:
    if item == "declaration":
        return row["rank"] in _DECLARING
    if item == "inspection":
        return row["inspected_unit"] is True
    if item == "audit":
        return whole(row, "headed_organ_months") >= AUDIT_MONTHS
    return True


def _review(place: Place, row: Row, item: str, started: date, latest: date) -> Row:
    random = place.random
    asked = days(started, random.randint(0, 1))
    result, reason = "clear", None
    if not _required(row, item):
        result, reason = "not-required", _NOT_REQUIRED[item]
    elif row["status"] == "excluded" and item == "organs-heard":
        result, reason = "unfit", "拉票查证属实，不宜提名"
    elif item in _SETTLED and chance(random, 2):
        result, reason = "cleared-with-decision", _SETTLED[item]
    return {
        "candidate": row["candidate"],
        "item": item,
        "organ": _ORGANS[item],
        "asked_on": asked,
        "answered_on": between(random, days(asked, 2), latest),
        "result": result,
        "reason": reason,
        "document": place.county.paper("审"),
    }


def _assessment(place: Place, row: Row, manager: Place) -> Row:
    random = place.random
    last = random.choices(("excellent", "competent"), (20, 80))[0]
    special = str(row["post"]).endswith("cppcc-member") and chance(random, 3)
    return {
        "candidate": row["candidate"],
        "political_breach": False,
        "low_regard": False,
        "appraisal_last_year": last,
        "worst_appraisal": "competent",
        "canvassing": False,
        "spouse_emigrated": special,
        "special_post": special,
        "otherwise_unsuitable": False,
        "decided_by": manager.officers["organisation-department"],
        "document": manager.paper("认"),
    }
