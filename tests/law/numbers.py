"""Numbers and days put before a check, thousands at once: each a place or a person of its own.

Rules: what an oracle needs besides its numbers is filled in lawfully; only the rows that are given
are on record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from schemas.facts import facts_of
from schemas.tables import Tables, frame_of
from tasks.checks.catalogue import CHECKS
from tests.law.base import pack_of

Row = Mapping[str, Any]
ON = {"cn-2016": date(2017, 6, 30), "cn-2026": date(2027, 6, 30)}
OPENS = {"cn-2016": date(2016, 12, 20), "cn-2026": date(2026, 12, 22)}


def places(level: str, populations: Iterable[int], body: str = "congress") -> dict[str, list[Row]]:
    """A city, and below it a place with one unit for each population (or only cities)."""
    above = {"city": None, "county": "640300", "township": "640399"}[level]
    rows: list[Row] = [
        {"jurisdiction": f"{level}{number}", "name": f"某县{number}", "level": level,
         "parent": above, "population": people}
        for number, people in enumerate(populations)
    ]  # fmt: skip
    units: list[Row] = [
        {"unit": f"{row['jurisdiction']}-{body}", "jurisdiction": row["jurisdiction"], "body": body}
        for row in rows
    ]
    head: list[Row] = [{"jurisdiction": "640300", "name": "某市", "level": "city", "parent": None,
                        "population": 1_000_000}]  # fmt: skip
    if level == "township":
        head.append({"jurisdiction": "640399", "name": "某县", "level": "county",
                     "parent": "640300", "population": 300_000})  # fmt: skip
    return {"jurisdictions": [*(head if level != "city" else []), *rows], "units": units}


def judged(
    code: str, pack: str, rows: Mapping[str, list[Row]], on: date | None = None, **parameters: Any
) -> dict[str, tuple[str, str]]:
    """Subject → status and reason, of the check whose code ends so, on these rows alone.

    On a day after everything unless another is given, and under the pack's own parameters but for
    those that are.
    """
    (entry,) = [one for checks in pack_of(pack).checks.values() for one in checks
                if one.rule.code.endswith(code)]  # fmt: skip
    tables = Tables(lambda name, _: frame_of(name, rows.get(name, [])))
    facts = facts_of(tables, on or ON[pack]).within(str(row["unit"]) for row in rows["units"])
    asked = entry.parameters.model_copy(update=parameters)
    found = CHECKS[entry.rule.code](facts.restricted(entry.reads), asked)
    return {
        subject: (status, reason)
        for subject, status, reason in zip(
            found["subject"], found["status"], found["reason"], strict=True
        )
    }


# People: a candidate of a county's government, or of another unit


def people(
    pack: str, many: int, *, kind: str = "head", body: str = "government", level: str = "county",
    **values: Any,
) -> dict[str, list[Row]]:  # fmt: skip
    """One unit with one post and one candidate, as often as asked for; `values` of each."""
    rows = places(level, [300_000] * many, body)
    rows |= {"posts": [], "candidates": [], "calendar": [], "sessions": []}
    for unit in rows["units"]:
        name = str(unit["unit"])
        rows["posts"].append({"post": f"{name}-{kind}", "unit": name, "kind": kind, "seats": 1})
        usual: dict[str, Any] = {
            "candidate": f"c-{name}", "unit": name, "post": f"{name}-{kind}",
            "person": f"p-{name}", "status": "proposed", "birth_date": date(1972, 3, 12),
            "ethnicity": "汉族", "assembly_member": True, "incompatible_office": False,
            "will_resign": False, "rank": "county-deputy", "education": "bachelor",
            "years_worked": 22, "years_grassroots": 6, "years_in_rank": 4, "promoted": True,
            "terms_in_post": 0, "years_at_level": 4, "headed_organ_months": 0,
            "inspected_unit": False,
        }  # fmt: skip
        rows["candidates"].append(usual | values)
        opens = OPENS[pack]
        rows["calendar"].append(
            {"unit": name, "term_years": 5, "plan_on": opens - timedelta(days=100),
             "nomination_on": opens - timedelta(days=95),
             "vetting_on": opens - timedelta(days=VETTING), "session_opens_on": opens,
             "session_closes_on": opens + timedelta(days=3)}
        )  # fmt: skip
        rows["sessions"].append(
            {"unit": name, "opened_on": opens, "presidium_on": opens,
             "voted_on": opens + timedelta(days=2)}
        )  # fmt: skip
    return rows


VETTING = 85


def of_each(rows: dict[str, list[Row]], column: str, values: Iterable[Any]) -> dict[str, Any]:
    """Another value of a column for each candidate; candidate → value."""
    told = {str(row["candidate"]): value
            for row, value in zip(rows["candidates"], values, strict=True)}  # fmt: skip
    rows["candidates"] = [{**row, column: told[str(row["candidate"])]}
                          for row in rows["candidates"]]  # fmt: skip
    return told


def later(day: date, months: int) -> date:
    """The same day so many months later; of a shorter month the last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    while True:
        try:
            return date(year, month + 1, day.day)
        except ValueError:
            day = day - timedelta(days=1)
