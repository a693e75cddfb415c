"""Where it is tried: a small cycle with officers who would like to sign a gate, and may not.

Rules: the gate of the plan of one township's congress wants the secretary and the organisation
department; a scene is a home in which everything is done but what is to be tried. Scenes are made
once in a process and only ever copied; who delivers here never signs, unless that is what is tried.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property, partial
from pathlib import Path

from data.acts import SIGNED
from data.home import Home
from data.policies import pack_bytes
from schemas.decisions import unpacked
from schemas.envelopes import Enveloped, sealed
from schemas.findings import Finding
from schemas.statements import Predicate, SignOff, statement
from schemas.vocabulary import Outcome, Stage
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import open_snapshot
from tasks.officers import signing, waiving
from tasks.officers.gates import Given
from tasks.officers.recording import Recorder
from tasks.officers.waiving import Wanted
from tests.generator import Row, Rows
from tests.support import cycle, reference
from tests.support.cycle import ON, Entry
from tests.support.places import copied
from tests.support.reviews import review
from tests.support.signing import enrol, who
from tests.support.templates import made_once

PLACE, COUNTY, CITY = "640302100", "640302", "640300"
UNIT, OTHER = f"{PLACE}-congress", f"{PLACE}-government"
ELSEWHERE = "640302103"

# Who may sign, and who may not for one reason each.
SECRETARY, CITY_SECRETARY = "o-640302-01", "o-640300-01"
LIAISON, CITY_LIAISON = "o-640302-51", "o-640300-15"
DISCIPLINE, CITY_DISCIPLINE = "o-640302-02", "o-640300-02"
UNITED_FRONT, COMMITTEE = "o-640302-07", "o-640302-55"
GROUPS = ("o-640302-04", "o-640302-05")
SUPERVISION, PETITION = "o-640300-55", "o-640302-09"
SCRUTINEERS, COUNTY_SCRUTINEER = ("o-640302100-07", "o-640302100-08"), "o-640302-12"
TOWN_SECRETARY, TOWN_DISCIPLINE = "o-640302103-01", "o-640302103-02"
CANDIDATE, KIN, KIN_BACK = "o-640302-81", "o-640302-82", "o-640302-83"
TWIN, DELIVERER, SECOND = "o-640302-84", "o-640302-85", "o-640302-86"
KEYLESS, LEAVER, KIN_LIAISON = "o-640302-87", "o-640302-88", "o-640302-89"
NEIGHBOUR, STRANGER = "o-640303-01", "o-640302-99"
# Another person of the city's commission, and the city's secretary in another office.
CITY_CONTROLLER, CITY_TWIN, CITY_UNITED_FRONT = "o-640300-14", "o-640300-81", "o-640300-07"
CANDIDATES = (f"p-{PLACE}-0001", f"p-{PLACE}-0002", f"p-{PLACE}-0003")
KEYS = (
    CITY_SECRETARY, CITY_DISCIPLINE, CITY_LIAISON, SECRETARY, DISCIPLINE, LIAISON, UNITED_FRONT,
    COMMITTEE, COUNTY_SCRUTINEER, *SCRUTINEERS, TOWN_SECRETARY, TOWN_DISCIPLINE, CANDIDATE, KIN,
    KIN_BACK, TWIN, DELIVERER, LEAVER, KIN_LIAISON, NEIGHBOUR, *GROUPS, SUPERVISION, PETITION,
    CITY_UNITED_FRONT, CITY_CONTROLLER, CITY_TWIN,
)  # fmt: skip

# A row more in the evidence of the gate, and a talk without which a check misses something.
ADDED: Row = {
    "jurisdiction": PLACE,
    "kind": "secretaries-meeting",
    "held_on": date(2016, 8, 25),
    "document": "古渡党发〔2016〕9号",
}
TALK: Row = {"talk": f"t-{COUNTY}-06", "person": f"p-{PLACE}-0008"}
MORE = f"p-{PLACE}-0099"
TALKS, NOT_TALKED_TO = "plan.responsibility-talks", f"p-{PLACE}-0008"
ANOTHER = f"p-{PLACE}-0009"


def meeting(days: int = 0) -> Row:
    """A step of the deployment, so many days later; a day changes no answer."""
    found = next(
        row
        for row in rows()["measures"]
        if (row["jurisdiction"], row["kind"]) == (PLACE, "committee-meeting")
    )
    held = found["held_on"]
    assert isinstance(held, date)
    return {**found, "held_on": held + timedelta(days=days)}


def officer_row(officer: str) -> Row:
    """An officer of the small cycle, as the register has them."""
    return next(row for row in rows()["officers"] if row["officer"] == officer)


def name_of(person: str) -> str:
    """The name that a person bears in the small cycle."""
    known = (*cycle.small_rows()["roster"], *cycle.small_rows()["officers"])
    return next((str(row["name"]) for row in known if row["person"] == person), "某人")


def _officer(officer: str, organ: str, person: str, place: str = COUNTY) -> Row:
    return {
        "officer": officer,
        "name": name_of(person),
        "person": person,
        "organ": organ,
        "jurisdiction": place,
    }


@cache
def rows() -> Rows:
    """The small cycle with the officers above and a second county."""
    small = cycle.small_rows()
    county = next(
        row for row in reference.clean()["jurisdictions"] if row["jurisdiction"] == "640303"
    )
    person = next(row["person"] for row in small["officers"] if row["officer"] == SECRETARY)
    more = [
        _officer(CANDIDATE, "secretary", CANDIDATES[0]),
        _officer(KIN, "secretary", f"p-{COUNTY}-0060"),
        _officer(KIN_BACK, "secretary", f"p-{COUNTY}-0061"),
        _officer(TWIN, "organisation-department", str(person)),
        _officer(DELIVERER, "secretary", f"p-{COUNTY}-0062"),
        _officer(SECOND, "party-committee", f"p-{COUNTY}-0062"),
        _officer(KEYLESS, "secretary", f"p-{COUNTY}-0063"),
        _officer(LEAVER, "secretary", f"p-{COUNTY}-0064"),
        _officer(KIN_LIAISON, "organisation-department", f"p-{COUNTY}-0060"),
        _officer(CITY_TWIN, "organisation-department", "p-640300-o01", CITY),
        _officer(NEIGHBOUR, "secretary", "p-640303-o01", "640303"),
    ]
    kin: list[Row] = [
        {"jurisdiction": PLACE, "person": one, "kin": other, "kinship": "spouse"}
        for one, other in (
            (f"p-{COUNTY}-0060", CANDIDATES[1]),
            (CANDIDATES[2], f"p-{COUNTY}-0061"),
        )
    ]
    return {
        **small,
        "jurisdictions": [*small["jurisdictions"], county],
        "officers": [*small["officers"], *more],
        "kin": [*small["kin"], *kin],
    }


def with_sign_offs(plan: str) -> str:
    """The pack of 2016 with other sign-offs of the plan, as TOML."""
    blocks = pack_bytes(cycle.PACK).decode().split("\n[[")
    kept = [one for one in blocks if not one.startswith("sign_offs.plan]]")]
    return "\n[[".join(kept) + plan


_PANEL = """
[[sign_offs.plan]]
name = "{}"
organs = {}
number = {}
at = "{}"
levels = ["city", "county", "township"]
bodies = ["congress", "government", "cppcc"]
basis = {{zh = "试", en = "test"}}
"""


def panel(name: str, organs: list[str], number: int, at: str = "own-or-above") -> str:
    """A sign-off of the plan, as TOML."""
    return _PANEL.format(name, str(organs).replace("'", '"'), number, at)


PANELS = (
    panel("two", ["secretary", "discipline-commission"], 2)
    + panel("some", ["organisation-department", "united-front", "election-committee"], 2)
    + panel("count", ["scrutineer"], 2, "own")
)
PANEL_SIGNERS = (SECRETARY, DISCIPLINE, LIAISON, UNITED_FRONT, *SCRUTINEERS)


# Cases


@dataclass
class Case:
    """A home in which something is tried on the day `on`."""

    home: Home
    on: date = ON

    @cached_property
    def recorder(self) -> Recorder:
        """The recorder that takes acts."""
        return Recorder(self.home)

    def sign(self, *officers: str, unit: str = UNIT, stage: Stage = Stage.PLAN) -> list[int]:
        """Officers sign a gate, one after the other."""
        return [signing.sign(self.recorder, unit, stage, who(officer)) for officer in officers]

    def refuse(self, officer: str) -> int:
        """An officer refuses to sign the gate."""
        return signing.refuse(self.recorder, UNIT, Stage.PLAN, who(officer), "材料不实")

    def waive(
        self,
        *officers: str,
        subject: str = NOT_TALKED_TO,
        check: str = TALKS,
        unit: str = UNIT,
        until: date = ON + timedelta(days=10),
        reason: str = "本人住院",
    ) -> list[int]:
        """Officers sign a waiver in the same words."""
        wanted = Wanted(unit, check, subject, until)
        return [waiving.waive(self.recorder, wanted, reason, who(officer)) for officer in officers]

    def launch(self, stage: Stage = Stage.PLAN, unit: str = UNIT) -> Outcome | None:
        """Launch a stage for one unit; what its gate says, None where an earlier one holds it."""
        return cycle.launch(self.home, stage, unit, self.on)[unit]

    def deliver(self, register: str, *given: Row, by: str = cycle.OFFICER) -> None:
        """Deliver rows, all of which are accepted."""
        assert cycle.deliver(self.home, register, given, by=by).rejected == 0

    def withdraw(self, register: str, *given: Row, by: str = cycle.OFFICER) -> None:
        """Withdraw rows, all of which are on record."""
        assert cycle.deliver(self.home, register, given, by=by, remove=True).rejected == 0

    def again(self) -> None:
        """Launch after something moved, and have the organisation department sign once more."""
        self.launch()
        self.sign(LIAISON)

    # What is signed

    @property
    def evidence(self) -> str:
        """What the gate's last decision saw."""
        self.recorder.follow()
        return self.recorder.history.current[UNIT, Stage.PLAN.value].evidence

    def said(self, officer: str = SECRETARY, **changes: object) -> SignOff:
        """An honest sign-off of the gate, but for `changes`."""
        self.recorder.follow()
        honest: dict[str, object] = {
            **self.recorder.said(who(officer)),
            "reason": "",
            "unit": UNIT,
            "stage": Stage.PLAN.value,
            "policy": self.recorder.whole.pack.digest,
            "decision": "open",
            **review(self.decided()),
        }
        return SignOff.model_validate({**honest, **changes})

    def envelope(
        self, predicate: Predicate | None = None, evidence: str = "", by: str = SECRETARY
    ) -> Enveloped:
        """What an officer signs: an honest sign-off unless told otherwise."""
        signed = statement(predicate or self.said(), evidence or self.evidence)
        return sealed(signed.payload(), who(by).private)

    def hand_in(
        self, envelope: Enveloped, officer: str = SECRETARY, key: str = "", kind: str = SIGNED
    ) -> int:
        """Hand in an envelope that was sealed elsewhere."""
        given = Given(kind, UNIT, Stage.PLAN, officer, key or who(officer).key, envelope)
        return signing.take(self.recorder, given)

    def in_days(self, days: int) -> str:
        """A moment that far from ours, as statements have it."""
        moment = datetime.fromisoformat(self.recorder.now()) + timedelta(days=days)
        return moment.isoformat(timespec="microseconds")

    # What is on record

    def findings(self) -> list[Finding]:
        """What the gate's last decision found."""
        return unpacked(self.decided()["findings"])

    def void(self, stage: Stage = Stage.PLAN) -> dict[int, str]:
        """What was signed about the gate and does not count today, with the codes why.

        A decision that stands is not recorded again only because something does not count.
        """
        snapshot = open_snapshot(self.home, UNIT, self.on)
        (decision,) = decisions_of(snapshot, stage)
        return dict(decision.void)

    def decided(self, stage: Stage = Stage.PLAN) -> Entry:
        """The gate's last decision."""
        found = cycle.entries(self.home, "decided")
        return next(one for one in reversed(found) if (one["unit"], one["stage"]) == (UNIT, stage))


def talk_more(case: Case, by: str = cycle.OFFICER) -> None:
    """Somebody more who owes a talk and was talked to: evidence that closes nothing."""
    like = next(row for row in rows()["roster"] if row["person"] == NOT_TALKED_TO)
    case.deliver("roster", {**like, "person": MORE}, by=by)
    case.deliver("talk_participants", {**TALK, "person": MORE}, by=by)


# Scenes


def _bare(path: Path) -> None:
    cycle.open_home(path, rows())


def _fresh(path: Path) -> None:
    enrol(Home(path), KEYS)


def _panels(path: Path) -> None:
    pack = path / "panels.toml"
    pack.write_text(with_sign_offs(PANELS), encoding="utf-8")
    cycle.open_home(path, rows(), str(pack))
    _fresh(path)
    _launched(path)


def _launched(path: Path) -> None:
    cycle.launch(Home(path), "plan", PLACE)


def _short(path: Path) -> None:
    Case(Home(path)).sign(LIAISON)


def _open(path: Path) -> None:
    case = Case(Home(path))
    case.sign(SECRETARY)
    assert case.launch() is Outcome.OPEN


def _reclosed(path: Path) -> None:
    case = Case(Home(path))
    case.deliver("measures", meeting(1))
    assert case.launch() is Outcome.WAITING
    case.deliver("measures", meeting())
    assert case.launch() is Outcome.WAITING


def _without(register: str, row: Row) -> Callable[[Path], None]:
    def made(path: Path) -> None:
        Case(Home(path)).withdraw(register, row)
        _launched(path)

    return made


def _waived(path: Path) -> None:
    case = Case(Home(path))
    case.waive(DISCIPLINE, LIAISON)
    assert case.launch() is Outcome.WAITING


def _excepted(path: Path) -> None:
    case = Case(Home(path))
    case.sign(LIAISON, SECRETARY)
    assert case.launch() is Outcome.OPEN


def _nominated(path: Path) -> None:
    case = Case(Home(path))
    cycle.launch(case.home, Stage.PLAN, PLACE)
    case.sign(SECRETARY, LIAISON)
    case.sign(CITY_SECRETARY, CITY_LIAISON, unit=OTHER)
    cycle.run(case.home, Stage.NOMINATION, PLACE)


def _vetted(path: Path) -> None:
    cycle.run(Home(path), Stage.VETTING, PLACE)


SCENES: dict[str, tuple[str, Callable[[Path], None]]] = {
    # Nobody has a key; nobody signed.
    "bare": ("", _bare),
    "fresh": ("bare", _fresh),
    # It waits; all but the secretary signed; all did; the same after it was closed once.
    "decided": ("fresh", _launched),
    "short": ("decided", _short),
    "open": ("short", _open),
    "reclosed": ("open", _reclosed),
    # Another pack: two organs, two of three organs, two officers of one organ.
    "panels": ("", _panels),
    # A check that may be waived, one that may not, one that is absolute does not hold.
    "lacking": ("fresh", _without("talk_participants", TALK)),
    "unwaivable": ("fresh", _without("duties", {"jurisdiction": PLACE, "duty": "leads-first"})),
    "absolute": ("fresh", _without("assemblies", {"unit": UNIT})),
    # The first of them with a waiver in force, waiting for signatures, and open.
    "waived": ("lacking", _waived),
    "excepted": ("waived", _excepted),
    # Both units of the place are through these stages, one signed by the city in the plan.
    "nominated": ("fresh", _nominated),
    "vetted": ("nominated", _vetted),
}


def _template(name: str) -> Path:
    return made_once(f"scene-{name}", partial(_make, name))


def _make(name: str, path: Path) -> None:
    before, made = SCENES[name]
    if before:
        copied(_template(before), path)
    with cycle.unsynced():
        made(path)


def case_of(scene: str, path: Path) -> Case:
    """A copy of a scene, to try something in."""
    return Case(copied(_template(scene), path))
