"""One cycle in which everything stands that somebody may want to forge about.

Rules: it is made by the program, under its rules, and ends with a checkpoint of two organs, behind
which a few entries stand; `marks` says which entries are which.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from data.home import Home
from data.policies import pack_bytes
from schemas.vocabulary import Outcome, Stage
from tasks.officers import evaluators, keys, signing
from tests.authority.rows_confirmations import REASON, confirms, kept_waiting
from tests.authority.rows_packs import adopt, weaker
from tests.authority.scene import (
    CANDIDATES,
    CITY_CONTROLLER,
    CITY_DISCIPLINE,
    CITY_LIAISON,
    CITY_SECRETARY,
    CITY_TWIN,
    COUNTY,
    DISCIPLINE,
    ELSEWHERE,
    KEYLESS,
    KIN,
    KIN_BACK,
    KIN_LIAISON,
    LEAVER,
    LIAISON,
    OTHER,
    SECOND,
    SECRETARY,
    TWIN,
    UNITED_FRONT,
    Case,
    case_of,
    officer_row,
    rows,
)
from tests.generator import Row
from tests.support import cycle
from tests.support.evaluators import evaluator, place_key
from tests.support.history import filed_checkpoint
from tests.support.places import copied
from tests.support.signing import vouch, who
from tests.support.templates import made_once

# A gate that is refused, and one that was open and is closed.
REFUSED, CLOSED = f"{ELSEWHERE}-congress", f"{ELSEWHERE}-government"
LOST = "密钥遗失"
Marks = dict[str, int]


_NOBODY: Row = {"person": f"p-{COUNTY}-0901", "name": "某人"}


def stranger(number: int) -> Row:
    """An officer of the county who is on no register yet."""
    like = officer_row(SECRETARY)
    names = {"person": f"p-{COUNTY}-09{number:02}", "name": "某人"}
    return {**like, "officer": f"o-{COUNTY}-9{number}", **names}


def _plan_of(unit: str) -> Row:
    """The work plan of a unit, which the gate of its plan looks at, and no other unit's."""
    found = (row for row in rows()["documents"] if row["unit"] == unit)
    return next(row for row in found if row["kind"] == "work-plan")


def _waiting(case: Case) -> Marks:
    """Deliveries that wait for a confirmation, by what may be wrong with whoever confirms them."""
    person = {name: officer_row(SECRETARY)[name] for name in ("person", "name")}
    wait = {
        "county": (LIAISON, "officers", stranger(1)),
        "city": (cycle.OFFICER, "officers", stranger(2)),
        "twin": (TWIN, "officers", stranger(3)),
        "own row": (
            cycle.OFFICER,
            "officers",
            {**officer_row(CITY_DISCIPLINE), "organ": "secretary"},
        ),
        "becomes own": (LIAISON, "officers", {**officer_row(UNITED_FRONT), **person}),
        "was own": (cycle.OFFICER, "officers", {**officer_row(CITY_TWIN), **_NOBODY}),
        "overtaken": (LIAISON, "officers", stranger(4)),
        "confirmed": (LIAISON, "officers", stranger(5)),
        "declined": (LIAISON, "officers", stranger(6)),
        "revoked": (KIN_LIAISON, "officers", stranger(7)),
    }
    marks = {
        name: kept_waiting(case, register, row, by=by) for name, (by, register, row) in wait.items()
    }
    gone = {"person": officer_row(KIN)["person"], "kin": CANDIDATES[1]}
    marks["own kin"] = kept_waiting(case, "kin", gone, by=LIAISON, remove=True)
    case.deliver("officers", {**stranger(4), "organ": "petition-office"})
    marks["confirmation"] = confirms(case, marks["confirmed"], DISCIPLINE)
    keys.revoke(case.recorder, KIN_LIAISON, who(CITY_DISCIPLINE), LOST)
    return marks


def _keys(case: Case) -> None:
    """A key that waits, one that one organ vouched for, one revoked, and officers who moved."""
    evaluators.rotate(case.recorder, evaluator(2))
    place_key(case.home, 2)
    keys.enrol(case.recorder, who(SECOND))
    keys.enrol(case.recorder, who(KEYLESS))
    vouch(case.recorder, KEYLESS, who(DISCIPLINE))
    keys.revoke(case.recorder, LEAVER, who(LEAVER), LOST)
    case.deliver("officers", {**officer_row(CITY_CONTROLLER), "organ": "petition-office"})
    case.withdraw("officers", officer_row(KIN_BACK))


def _gates(case: Case) -> Marks:
    """One gate lacks a signature, one is refused, one was open, and one is to be opened."""
    case.launch()
    case.sign(LIAISON)
    for unit in (OTHER, REFUSED, CLOSED):
        case.launch(unit=unit)
    case.sign(SECRETARY, LIAISON, unit=REFUSED)
    signing.refuse(case.recorder, REFUSED, Stage.PLAN, who(CITY_SECRETARY), "材料不实")
    case.sign(SECRETARY, LIAISON, unit=CLOSED)
    assert case.launch(unit=REFUSED) is Outcome.BLOCKED
    assert case.launch(unit=CLOSED) is Outcome.OPEN
    opened = cycle.entries(case.home, "decided")[-1]["seq"]
    case.withdraw("documents", _plan_of(CLOSED))
    assert case.launch(unit=CLOSED) is not Outcome.OPEN
    case.sign(CITY_SECRETARY, CITY_LIAISON, unit=OTHER)
    return {"was open": opened}


def _made(path: Path) -> None:
    case = case_of("fresh", path / "home")
    with cycle.unsynced():
        _keys(case)
        marks = {"overtaken pack": adopt(case, CITY_SECRETARY)[0]}
        adopt(case, CITY_SECRETARY, CITY_LIAISON, content=pack_bytes(cycle.PACK) + b"\n")
        marks |= _waiting(case)
        (marks["pack"],) = adopt(case, CITY_SECRETARY)
        marks |= _gates(case)
        filed_checkpoint(case.home, CITY_SECRETARY, CITY_DISCIPLINE)
        case.recorder.follow()
        marks["checkpoint"] = case.recorder.history.seq
        # What stands behind the last checkpoint.
        marks["decline"] = confirms(case, marks["declined"], DISCIPLINE, "decline", REASON)
        (marks["colleague's pack"],) = adopt(case, CITY_DISCIPLINE, content=weaker() + b"\n")
        assert case.launch(unit=OTHER) is Outcome.OPEN
        case.withdraw("documents", _plan_of(OTHER))
    (path / "marks.json").write_text(json.dumps(marks), encoding="utf-8")


@cache
def _template() -> Path:
    return made_once("forgeries", _made)


def scene(path: Path) -> tuple[Home, Marks]:
    """A copy of the cycle, and the numbers of its entries that have a name."""
    marks: Marks = json.loads((_template() / "marks.json").read_text(encoding="utf-8"))
    return copied(_template() / "home", path), marks
