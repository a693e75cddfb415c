"""Every check that a bundled pack lets somebody waive: its waiver really opens the gate.

One township misses something of each of these checks and of no other. It is taken through its
stages by waivers and signatures alone, and what stood in the way of each gate is kept.
"""

import atexit
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from data.home import Home
from data.policies import bundled, pack_bytes, read_pack
from schemas.authority import WaiverRule
from schemas.findings import Finding
from schemas.policy import PackCheck
from schemas.vocabulary import STAGES, Organ, Outcome, Stage
from tasks.officers import waiving
from tasks.officers.recording import Recorder
from tasks.officers.waiving import Wanted
from tests.generator import Row, Rows
from tests.support import cycle
from tests.support.cycle import ON
from tests.support.signing import enrol, sign_all, who

PLACE, TEAM = "640302103", "g-640300-roving-1"
UNIT = f"{PLACE}-government"
# Who signs a waiver for each organ; where it must come from above, the city's.
OFFICERS = {
    Organ.SECRETARY: "o-640302-01",
    Organ.DISCIPLINE: "o-640302-02",
    Organ.ORGANISATION: "o-640302-51",
    Organ.SUPERVISION_TEAM: "o-640300-55",
    Organ.PETITION_OFFICE: "o-640302-09",
}

Edit = Callable[[Row], Row | None]


def _only(row: Row, match: Row) -> bool:
    return all(row[column] == value for column, value in match.items())


def gone(row: Row) -> None:
    """The row is missing."""


def says(**values: object) -> Edit:
    """The row says something else."""
    return lambda row: {**row, **values}  # type: ignore[dict-item]


# Check → the row of a register that is wrong, and how.
EDITS: dict[str, tuple[str, Row, Edit]] = {
    "plan.deployment": (
        "measures", {"jurisdiction": PLACE, "kind": "committee-meeting"},
        says(held_on=date(2016, 8, 19)),
    ),
    "plan.responsibility-talks": (
        "talk_participants", {"talk": "t-640302-06", "person": f"p-{PLACE}-0009"}, gone,
    ),
    "nomination.must-talks": (
        "talk_participants", {"talk": f"t-{PLACE}-01", "person": f"p-{PLACE}-0010"}, gone,
    ),
    "nomination.films": ("screenings", {"jurisdiction": PLACE, "film": "film-liaoning"}, gone),
    "nomination.activities": (
        "activities", {"jurisdiction": PLACE, "activity": "one-quiz"}, gone,
    ),
    "nomination.cards": ("card_lots", {"lot": f"k-{PLACE}-01"}, says(cards=1)),
    "nomination.publicity": (
        "publicity", {"jurisdiction": PLACE, "kind": "column"},
        says(published_on=date(2016, 11, 1)),
    ),
    "inspection.roving": (
        "visits", {"jurisdiction": PLACE, "visited_on": date(2016, 10, 6)}, gone,
    ),
    "inspection.report-clocks": (
        "reports", {"report": f"r-{PLACE}-01"},
        says(real_name=True, accepted_on=date(2016, 11, 1)),
    ),
}  # fmt: skip


def edited(checks: set[str]) -> Rows:
    """The small cycle in which each of these checks misses something."""
    rows = dict(cycle.small_rows())
    for check in sorted(checks):
        register, match, edit = EDITS[check]
        assert any(_only(row, match) for row in rows[register])
        found = [edit(row) if _only(row, match) else row for row in rows[register]]
        rows[register] = [row for row in found if row is not None]
    return rows


def waivable(pack: str) -> dict[str, PackCheck]:
    """The checks of a pack that somebody may waive."""
    every = (one for checks in read_pack(pack).checks.values() for one in checks)
    return {one.rule.code: one for one in every if one.waiver}


@dataclass(frozen=True)
class Gate:
    """What stood in the way of a gate, and what became of it."""

    missing: list[Finding]
    before: Outcome | None
    waived: list[Finding]
    unsigned: Outcome | None
    after: Outcome | None


def _findings(home: Home, stage: Stage) -> list[Finding]:
    return Recorder(home).findings(UNIT, stage)


def _waive(home: Home, rule: WaiverRule, check: str, subject: str) -> None:
    recorder = Recorder(home)
    wanted = Wanted(UNIT, check, subject, ON + timedelta(days=rule.days))
    for organ in rule.organs[: rule.number]:
        officer = OFFICERS[organ]
        if rule.at == "above":
            officer = officer.replace("640302", "640300")
        waiving.waive(recorder, wanted, "已另行补办", who(officer))


def _in_2016(pack: str, folder: Path) -> str:
    """The pack as a file that holds in the days and for the notice of the small cycle."""
    text = pack_bytes(pack).decode().replace('lists = ["ten-2026"]', 'lists = ["nine-2016"]')
    wide = re.sub(r"(?m)^valid_from = .*$", "valid_from = 2016-01-01", text, count=1)
    path = folder / f"{pack}.toml"
    path.write_text(wide, encoding="utf-8")
    return str(path)


@cache
def story(pack: str) -> dict[Stage, Gate]:
    """Stage → its gate, from the plan to the last stage with a check that may be waived."""
    checks = waivable(pack)
    path = Path(tempfile.mkdtemp(prefix="termgate-waivable-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    told: dict[Stage, Gate] = {}
    with cycle.unsynced():
        home = cycle.open_home(path / "home", edited(set(checks)), _in_2016(pack, path))
        enrol(home)
        enrol(home, [OFFICERS[Organ.PETITION_OFFICE]])
        for stage in STAGES[: STAGES.index(Stage.SLATE)]:
            before = cycle.launch(home, stage, UNIT)[UNIT]
            closing = cycle.closing(home, UNIT, stage)
            missing = [one for one in closing if one.check in checks]
            for one in missing:
                rule = checks[one.check].waiver
                assert rule
                _waive(home, rule, one.check, one.subject)
            unsigned = cycle.launch(home, stage, UNIT)[UNIT]
            waived = [one for one in _findings(home, stage) if one.status == "waived"]
            sign_all(home, stage, UNIT)
            after = cycle.launch(home, stage, UNIT)[UNIT]
            told[stage] = Gate(missing, before, waived, unsigned, after)
    return told


CHECKS = [(pack, check) for pack in bundled() for check in waivable(pack)]
# The pack of the rules of today every time, the others by `make long`.
TODAY = bundled()[-1]


def _when(pack: str) -> list[pytest.MarkDecorator]:
    return [] if pack == TODAY else [pytest.mark.long]


@pytest.mark.parametrize(
    ("pack", "check"), [pytest.param(*one, marks=_when(one[0])) for one in CHECKS]
)
def test_its_waiver_opens_the_gate(pack: str, check: str) -> None:
    gate = story(pack)[Stage(check.partition(".")[0])]
    own = [one.subject for one in gate.missing if one.check == check]
    assert own
    assert gate.before in (Outcome.WAITING, Outcome.BLOCKED)
    assert [one.subject for one in gate.waived if one.check == check] == own
    assert (gate.unsigned, gate.after) == (Outcome.WAITING, Outcome.OPEN)


@pytest.mark.parametrize("pack", [pytest.param(one, marks=_when(one)) for one in bundled()])
def test_nothing_else_stood_in_the_way(pack: str) -> None:
    assert {one.check for gate in story(pack).values() for one in gate.missing} == set(
        waivable(pack)
    )
    assert all(gate.after is Outcome.OPEN for gate in story(pack).values())


def test_every_check_that_may_be_waived_is_tried() -> None:
    assert {check for _, check in CHECKS} == EDITS.keys()
