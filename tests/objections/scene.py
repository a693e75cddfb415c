"""A small cycle that is concluded, and what may come afterwards.

The pack lets the discipline commission reject, and two of secretary, discipline commission and
organisation department reopen; the county rules for its townships. Who delivers never rules.
"""

from datetime import date
from pathlib import Path

from data.home import Home
from data.objections import Objections, Settled
from schemas.vocabulary import Outcome
from tasks.gate.snapshot import open_snapshot, verified_here
from tasks.officers import ruling
from tasks.officers.recording import Recorder
from tasks.officers.ruling import Verdict
from tasks.recording.concluded import Concluded
from tests.support import cycle
from tests.support.places import copied
from tests.support.signing import enrol, who
from tests.support.templates import made_once

UNIT, OTHER = "640302103-congress", "640302103-government"
DISCIPLINE, SECRETARY, LIAISON = "o-640302-02", "o-640302-01", "o-640302-51"
CITY_DISCIPLINE = "o-640300-02"
RULERS = (DISCIPLINE, SECRETARY, LIAISON, CITY_DISCIPLINE)
REPORT = next(row for row in cycle.small_rows()["reports"])


def _make(path: Path) -> None:
    enrol(cycle.small_home(path, run=True), RULERS)


def concluded_home(path: Path) -> Home:
    """A copy of the small cycle after all stages, in which everybody who rules has a key."""
    return copied(made_once("objections", _make), path)


def report(home: Home, number: int = 1, day: date | None = None, by: str = cycle.OFFICER) -> None:
    """A late report about the unit, which nobody settled."""
    row = {**REPORT, "report": f"r-late-{number}", "unit": UNIT, "received_on": day or cycle.ON}
    row |= {"candidate": None, "accepted_on": None, "closed_on": None}
    assert cycle.deliver(home, "reports", [row], by=by, day=day).accepted == 1


def take_back(home: Home, number: int, day: date | None = None) -> None:
    """The report is withdrawn."""
    row = {**REPORT, "report": f"r-late-{number}"}
    cycle.deliver(home, "reports", [row], remove=True, day=day)


def rule(
    home: Home,
    seq: int,
    verdict: Verdict,
    officer: str,
    day: date | None = None,
    reason: str = "经核查",
) -> int:
    """An officer rules on an objection."""
    return ruling.rule(Recorder(home, day=day), seq, verdict, who(officer), reason)


def reopened(home: Home, unit: str) -> None:
    """Officers of two organs, whose keys are enrolled here, reopen a unit that is objected to."""
    enrol(home, RULERS)
    seq = raised(home, unit)[0]["seq"]
    for officer in (DISCIPLINE, SECRETARY):
        rule(home, seq, "reopen", officer)


def raised(home: Home, unit: str = UNIT) -> list[cycle.Entry]:
    """The objections to a unit on record."""
    return [one for one in cycle.entries(home, "objected") if one["unit"] == unit]


def objected(home: Home) -> list[int]:
    """A late report, and the objections that the next run raises by it."""
    report(home)
    cycle.launch(home, "result", UNIT)
    return [one["seq"] for one in raised(home)]


def on_record(home: Home) -> Objections:
    """What the record says of concluded units."""
    return verified_here(home).history.objections


def settled(home: Home, seq: int) -> Settled:
    """How an objection stands, rulings judged by the registers too."""
    snapshot = open_snapshot(home, "cycle")
    return Concluded(snapshot).settled(snapshot.history.objections.raised[seq])


def launched(home: Home, day: date = cycle.ON, stage: str = "result") -> Outcome | None:
    """What a run of a stage says of the unit."""
    return cycle.launch(home, stage, UNIT, day)[UNIT]
