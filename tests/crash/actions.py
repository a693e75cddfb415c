"""What is interrupted: one action each on a home that is ready for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from data.home import Home
from schemas.registers import REGISTERS
from schemas.vocabulary import Stage
from tasks.intake.accept import submit
from tasks.officers import keys, signing
from tasks.officers.recording import Recorder
from tasks.officers.waiving import Wanted, waive
from tests.support import cycle
from tests.support.signing import sign_all, signers_of, who

UNIT = "640302103-congress"
NEWCOMER = "o-640302-03"
PLANTED = "plan.deployment"


@dataclass(frozen=True)
class Action:
    """`prepare` makes the home before, `do` acts on it and says what it acknowledges.

    `kind` is the entry with which the action is over; none where it may be done again.
    """

    name: str
    prepare: Callable[[Path], Home]
    do: Callable[[Home], str]
    kind: str | None = None


def _opened(path: Path) -> Home:
    home = cycle.small_home(path, planted=True)
    _file(home)
    return home


def _decided(path: Path) -> Home:
    home = _opened(path)
    cycle.launch(home, Stage.PLAN)
    return home


def _signed(path: Path) -> Home:
    home = _decided(path)
    sign_all(home, Stage.PLAN)
    return home


def _file(home: Home) -> None:
    """Two good rows and one that is rejected, so that quarantine and blobs are written too."""
    rows = cycle.small_rows()["measures"][:2]
    names = [spec.name for spec in REGISTERS["measures"].columns]
    lines = [",".join(names)]
    lines += [
        ",".join("" if row[name] is None else str(row[name]) for name in names) for row in rows
    ]
    lines.append(",".join("?" for _ in names))
    path = home.path.parent / "measures.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _accept(home: Home) -> str:
    receipt = submit(home, "measures", home.path.parent / "measures.csv", who(cycle.OFFICER))
    return f"{receipt.accepted} {receipt.rejected}"


def _launch(home: Home) -> str:
    outcomes = cycle.launch(home, Stage.PLAN)
    return repr(sorted((unit, str(outcome)) for unit, outcome in outcomes.items()))


def _signatory(home: Home, number: int = 0) -> str:
    recorder = Recorder(home)
    snapshot = recorder.snapshot("cycle")
    return signers_of(home, snapshot.pack, recorder.history)[UNIT, Stage.PLAN][number]


def _sign(home: Home) -> str:
    return str(signing.sign(Recorder(home), UNIT, Stage.PLAN, who(_signatory(home))))


def _refuse(home: Home) -> str:
    recorder = Recorder(home)
    return str(signing.refuse(recorder, UNIT, Stage.PLAN, who(_signatory(home)), "not convinced"))


def _failing(home: Home) -> tuple[str, str]:
    """A unit and subject that `PLANTED` fails."""
    for unit, stage in cycle.decisions(home):
        for one in cycle.closing(home, unit, stage):
            if one.check == PLANTED:
                return unit, one.subject
    raise LookupError(PLANTED)


def _waive(home: Home) -> str:
    unit, subject = _failing(home)
    recorder = Recorder(home)
    entry = recorder.snapshot("cycle").pack.check(PLANTED)
    if entry is None or entry.waiver is None:
        raise LookupError(PLANTED)
    place = unit.partition("-")[0]
    places = [place, place[:6], f"{place[:4]}00"]
    officer = next(
        key.officer
        for key in recorder.history.acts.keys.keys.values()
        if key.current and key.officer != cycle.OFFICER
        if entry.waiver.admits(key.organ, key.jurisdiction, places)
    )
    until: date = cycle.ON + timedelta(days=7)
    return str(waive(recorder, Wanted(unit, PLANTED, subject, until), "local flood", who(officer)))


def _enrol(home: Home) -> str:
    return str(keys.enrol(Recorder(home), who(NEWCOMER)))


ACTIONS = {
    action.name: action
    for action in (
        Action("accept", _opened, _accept, "submitted"),
        Action("decide", _opened, _launch),
        Action("sign", _decided, _sign, "signed"),
        Action("refuse", _decided, _refuse, "refused"),
        Action("waive", _decided, _waive, "waived"),
        Action("hand-off", _signed, _launch),
        Action("enrol", _opened, _enrol, "key-enrolled"),
    )
}
