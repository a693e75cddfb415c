"""What happens in every cycle: reports, cases, a breach, kin, old sanctions; and the returns.

Rules: everything here was handled properly; a return says for each place and register how many
entries there are, zero included. Places are named by their code without the city's four digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from schemas.rules.selections import HAPPENED
from tests.generator.base import Place, Row, Rows, days

RETURNED = ("reports", "violations", "kin", "kin_offices", "sanctions", "problems")


@dataclass(frozen=True, slots=True)
class Incident:
    """A report: where, about which candidate of the unit (None: nobody), and how it ended.

    Without an `outcome` the report is unspecific and was closed without a case. `took` is how
    many days that took, where it was another number than usual.
    """

    place: str
    body: str
    position: int | None
    channel: str
    received: date
    outcome: str | None
    real_name: bool = False
    took: int | None = None


REPORTS = (
    Incident("00", "congress", 3, "letter", date(2016, 10, 21), "unfounded", True),
    Incident("00", "government", None, "web", date(2016, 11, 2), None),
    # It comes three days before the year ends, when the unit has been through inspection.
    Incident("00", "government", 2, "letter", date(2016, 12, 28), "unfounded", took=3),
    Incident("02", "government", 2, "phone", date(2016, 9, 27), "clarified", True),
    Incident("02", "congress", None, "sms", date(2016, 10, 9), None),
    Incident("03", "congress", 7, "phone", date(2016, 10, 8), "unfounded"),
    Incident("23", "government", -1, "letter", date(2016, 9, 26), "founded", True),
    Incident("23", "cppcc", None, "phone", date(2016, 10, 17), None),
    Incident("24", "government", 1, "web", date(2016, 10, 12), "unfounded"),
    Incident("24", "congress", 4, "letter", date(2016, 10, 31), "clarified", True),
    Incident("81", "congress", None, "web", date(2016, 9, 30), None),
    # It comes a week before the session, when the unit has been through inspection.
    Incident("81", "government", 1, "phone", date(2016, 11, 25), "unfounded", took=7),
    Incident("02103", "government", 0, "phone", date(2016, 9, 21), "unfounded"),
    Incident("02200", "congress", None, "letter", date(2016, 10, 14), None),
    Incident("03105", "congress", 0, "letter", date(2016, 9, 22), "unfounded"),
    Incident("03104", "government", 1, "sms", date(2016, 9, 19), "unfounded", True),
    Incident("23200", "congress", 1, "phone", date(2016, 9, 20), "clarified"),
    Incident("24104", "government", None, "web", date(2016, 10, 18), None),
    Incident("24106", "government", 0, "phone", date(2016, 9, 14), "founded"),
)
# The founded reports: (place, body) → prohibition, effect, whether the candidate was struck off.
BREACHES = {
    ("23", "government"): (2, "excluded", True),
    ("24106", "government"): (6, "registered", False),
}
# Kin who may serve: they are not in the same body (None: no candidate at all).
_KIN = {
    "00": (("congress", 9, "cppcc", 12, "spouse"),),
    "02": (("government", 3, "cppcc", 8, "in-law"), ("congress", 5, None, 0, "lineal")),
    "24": (("congress", 2, "cppcc", 15, "collateral"),),
    "02101": (("congress", 0, "government", 2, "in-law"),),
    "03103": (("government", 1, None, 0, "spouse"),),
    "23104": (("congress", 1, None, 0, "lineal"),),
    "24201": (("congress", 0, "government", 1, "collateral"),),
}
# Relatives in office who are no bar: where they work they are not under the candidate, or leave.
_KIN_OFFICES = {
    "02": ("government", 0, "further", "640302", None),
    "03": ("government", 1, "lineal", "640324", None),
    "02107": ("government", 0, "collateral", "640302107", date(2016, 11, 4)),
}
# Reports that were decided to be about something else.
OUT_OF_SCOPE = ("81", "congress")
# A deputy whose election was found void, and declared so.
VOID = ("24203", "congress")
_SANCTIONS = {
    "02": ("congress", 6, "warning", date(2013, 6, 18)),
    "23": ("cppcc", 5, "demerit", date(2012, 11, 5)),
    "81": ("government", 2, "warning", date(2014, 3, 20)),
    "02105": ("government", -1, "warning", date(2014, 7, 11)),
    "03102": ("congress", 2, "serious-demerit", date(2011, 4, 11)),
    "24103": ("government", 1, "warning", date(2015, 7, 27)),
    "00": (None, 0, "demerit", date(2016, 7, 6)),
}

# When a place returns its incidents, and what vetting looks at.
_REPORTED = {
    "township": (date(2016, 11, 4), date(2016, 9, 23)),
    "county": (date(2016, 11, 4), date(2016, 10, 12)),
    "city": (date(2016, 11, 25), date(2016, 11, 4)),
}


def add_incidents(rows: Rows, place: Place) -> None:
    """The incidents of the place."""
    where = place.code[4:]
    for number, incident in enumerate(
        (incident for incident in REPORTS if incident.place == where), start=1
    ):
        _add_report(rows, place, incident, number)
    for pair in _KIN.get(where, ()):
        body, position, other_body, other, kinship = pair
        kin = _candidate(place, other_body, other)["person"] if other_body else _bystander(place)
        rows["kin"].append(
            {
                "jurisdiction": place.code,
                "person": _candidate(place, body, position)["person"],
                "kin": kin,
                "kinship": kinship,
            }
        )
    if where in _KIN_OFFICES:
        body, position, relationship, works_at, leaves = _KIN_OFFICES[where]
        rows["kin_offices"].append(
            {
                "jurisdiction": place.code,
                "person": _candidate(place, body, position)["person"],
                "relative": f"k-{place.code}-01",
                "relationship": relationship,
                "works_at": f"{place.code[:4]}{works_at[4:]}",
                "organ": "government",
                "office": "leader",
                "leaves_on": leaves,
            }
        )
    if where == VOID[0] and place.timetables[VOID[1]].held:
        declared = days(place.timetables[VOID[1]].opens, 1)
        rows["void_elections"].append(
            {
                "finding": f"f-{place.code}-01",
                "unit": f"{place.code}-{VOID[1]}",
                "elected_as": "deputy",
                "candidate": None,
                "ground": "bribery",
                "officer": place.county.officers["discipline-commission"],
                "decided_on": declared,
                "voided_on": declared,
            }
        )
    if where in _SANCTIONS:
        of, position, kind, decided = _SANCTIONS[where]
        person = _candidate(place, of, position)["person"] if of else _bystander(place)
        rows["sanctions"].append(
            {
                "sanction": f"s-{place.code}-01",
                "jurisdiction": place.code,
                "person": person,
                "kind": kind,
                "decided_on": decided,
                "ends_on": None,
            }
        )


def _candidate(place: Place, body: str, position: int) -> Row:
    unit = f"{place.code}-{body}"
    return [row for row in place.candidates if row["unit"] == unit][position]


def _bystander(place: Place) -> str:
    """Somebody of the roster who stands for nothing and handles no papers."""
    return str(place.people[len(place.candidates) + 4]["person"])


def _add_report(rows: Rows, place: Place, incident: Incident, number: int) -> None:
    unit = f"{place.code}-{incident.body}"
    report = f"r-{place.code}-{number:02d}"
    about = None
    if incident.position is not None:
        about = _candidate(place, incident.body, incident.position)["candidate"]
    specific = incident.outcome is not None
    closed = days(incident.received, incident.took or (11 if specific else 6))
    rows["reports"].append(
        {
            "report": report,
            "unit": unit,
            "candidate": about,
            "channel": incident.channel,
            "received_on": incident.received,
            "clear_leads": specific,
            "concrete": specific,
            "real_name": incident.real_name,
            "accepted_on": days(incident.received, 1),
            "closed_on": closed,
        }
    )
    rows["referrals"].append(
        {
            "report": report,
            "recipient": f"{place.county.name}纪委",
            "reported_party": False,
            "received_on": days(incident.received, 1),
            "objected_on": None,
        }
    )
    if not specific and (place.code[4:], incident.body) == OUT_OF_SCOPE:
        rows["report_scopes"].append(
            {
                "report": report,
                "within": False,
                "officer": place.county.officers["discipline-commission"],
                "decided_on": days(incident.received, 3),
            }
        )
    if not specific:
        return
    rows["cases"].append(
        {
            "case": report.replace("r-", "a-", 1),
            "unit": unit,
            "report": report,
            "organ": "discipline-commission",
            "opened_on": days(incident.received, 1),
            "closed_on": closed,
            "outcome": incident.outcome,
            "joint": True,
        }
    )
    rows["case_handlers"].append(
        {
            "case": report.replace("r-", "a-", 1),
            "officer": place.county.officers["discipline-commission"],
            "interested": False,
        }
    )
    if incident.outcome == "founded":
        prohibition, effect, _ = BREACHES[place.code[4:], incident.body]
        rows["violations"].append(
            {
                "violation": report.replace("r-", "v-", 1),
                "unit": unit,
                "candidate": about,
                "prohibition": prohibition,
                "officer": place.county.officers["discipline-commission"],
                "decided_on": closed,
                "effect": effect,
                "effective_on": days(closed, 1),
            }
        )


def add_returns(rows: Rows, places: list[Place]) -> None:
    """The returns of every place, counted from what had happened by their day."""
    counted: dict[tuple[str, str], int] = {}
    levels = {place.code: place.level for place in places}
    for name in RETURNED:
        for row in rows[name]:
            home = str(row.get("jurisdiction") or str(row.get("unit")).partition("-")[0])
            happened = row[HAPPENED[name]] if name in HAPPENED else None
            if not isinstance(happened, date) or happened <= _reported(name, levels[home]):
                counted[home, name] = counted.get((home, name), 0) + 1
    rows["returns"].extend(
        {
            "jurisdiction": place.code,
            "register_name": name,
            "entries": counted.get((place.code, name), 0),
            "reported_on": _reported(name, place.level),
            "document": place.paper("零报"),
        }
        for place in places
        for name in RETURNED
    )


def _reported(register: str, level: str) -> date:
    """When a place reports how many entries a register has: of people, with their vetting."""
    return _REPORTED[level][register in ("kin", "kin_offices", "sanctions")]
