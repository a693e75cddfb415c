"""The model: what a gate may be, from the acts that were done and the rows that were delivered.

Rules: plain Python, nothing of the product's judging; who must sign and who may waive is read from
the pack's TOML. What the ledger adds (numbers of entries, which decision stood) is told to it by
`World`, after it was held against what the model says.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

from data import policies
from schemas.rules.base import Read
from schemas.vocabulary import STAGES, Stage
from tests.histories import oracle
from tests.histories.oracle import Sight, State, Subject
from tests.histories.rows import PLACES, TOWNSHIP, slots
from tests.support import reference

Gate = tuple[str, Stage]
KeyName = tuple[str, int]  # officer, and which of their keys
Kind = Literal["signed", "refused", "waived", "withdrawn"]
NEVER = date.min


@dataclass(frozen=True)
class Panel:
    """So many officers of these organs, at home where `at` says."""

    name: str
    organs: tuple[str, ...]
    number: int
    at: str
    days: int = 0

    def admits(self, organ: str, place: str) -> bool:
        """Whether an officer may sit on it, for the township."""
        own, above = place == PLACES[0], place in PLACES[1:]
        return organ in self.organs and (
            (own and self.at in ("own", "own-or-above"))
            or (above and self.at in ("above", "own-or-above"))
        )

    def met(self, members: Iterable[tuple[str, str]]) -> bool:
        """Whether these (who, organ) are enough."""
        every = set(members)
        who, organs = {one for one, _ in every}, {organ for _, organ in every}
        return len(who) >= self.number and (len(self.organs) == 1 or len(organs) >= self.number)


@cache
def _pack() -> dict[str, Any]:
    with (policies.FOLDER / f"{reference.PACK}.toml").open("rb") as file:
        return tomllib.load(file)


def vouches(organ: str, holder: str) -> bool:
    """Whether officers of an organ vouch for those of another."""
    rules = _pack()["vouching"]
    return organ != holder and any(
        organ in one["organs"] and holder in one["holders"] for one in rules
    )


@cache
def panels(unit: str, stage: Stage) -> tuple[Panel, ...]:
    """Who must sign a gate."""
    body = unit.removeprefix(f"{TOWNSHIP}-")
    return tuple(
        Panel(one["name"], tuple(one["organs"]), one["number"], one["at"])
        for one in _pack()["sign_offs"][stage.value]
        if "township" in one["levels"] and body in one["bodies"]
    )


@cache
def waiver_panels() -> dict[str, Panel]:
    """Check → who may waive it, for every check that may be waived."""
    return {
        one["check"]: Panel(
            one["check"], tuple(rule["organs"]), rule["number"], rule["at"], rule["days"]
        )
        for every in _pack()["stages"].values()
        for one in every
        if (rule := one.get("waiver"))
    }


@dataclass(frozen=True)
class Delivered:
    """A delivery to a slot: the officer, who they were then, the state before, what stands."""

    officer: str
    person: str
    slot: str
    state: oracle.State
    after: int


@dataclass
class Key:
    """A key, with the organ and place that its holder had when it was enrolled."""

    officer: str
    organ: str
    place: str
    active: bool = False
    over: bool = False
    revoked: bool = False
    vouchers: frozenset[str] = frozenset()
    founder: bool = False

    @property
    def current(self) -> bool:
        """Whether it signs."""
        return self.active and not self.over and not self.revoked

    @property
    def opens(self) -> bool:
        """Whether it opens gates too: two organs vouched for it, but for a founder's."""
        return self.current and (self.founder or len(self.vouchers) > 1)


Sights = tuple[frozenset[Sight], frozenset[int]]  # rows, waivers in force


@dataclass(frozen=True)
class Act:
    """What an officer signed about a gate; `sight` is what they saw, `state` what stood then."""

    seq: int
    kind: Kind
    gate: Gate
    officer: str
    key: KeyName
    sight: Sights = (frozenset(), frozenset())
    check: str = ""
    subject: str = ""
    until: date = NEVER
    reason: str = ""
    of: int = 0
    state: State = oracle.FIRST


@dataclass
class Standing:
    """What the ledger says of a gate."""

    seq: int = 0
    open: bool = False
    on: date = NEVER
    key: str = ""
    since: int = 0
    sight: Sights = (frozenset(), frozenset())
    sign_offs: frozenset[int] = frozenset()
    waivers: frozenset[int] = frozenset()
    handed: int = 0
    holds: bool = False
    refused: bool = False
    opened: Standing | None = None  # what stood open, if only crashes closed it since

    def stood(self) -> Standing | None:
        """What stands open, or would but for crashes."""
        return replace(self, opened=None) if self.open else self.opened


@dataclass(frozen=True)
class Verdict:
    """What a gate may be."""

    open: bool
    holds: bool
    crashed: bool
    refused: bool
    sight: Sights
    sign_offs: frozenset[int]
    waivers: frozenset[int]
    void: dict[int, str]


@dataclass
class Model:
    """Rows, deliveries, keys, acts and gates."""

    state: State = oracle.FIRST
    deliveries: list[Delivered] = field(default_factory=list)
    keys: dict[KeyName, Key] = field(default_factory=dict)
    acts: dict[int, Act] = field(default_factory=dict)
    gates: dict[Gate, Standing] = field(default_factory=dict)
    latest: date = NEVER

    # Keys

    def key_of(self, officer: str) -> KeyName | None:
        """The key with which an officer signs."""
        return next(
            (name for name, key in self.keys.items() if name[0] == officer and key.current), None
        )

    def pending(self, officer: str) -> KeyName | None:
        """The newest key of an officer that waits for somebody to vouch for it."""
        waiting = [
            name
            for name, key in self.keys.items()
            if name[0] == officer
            and not (key.founder or len(key.vouchers) > 1 or key.over or key.revoked)
        ]
        return max(waiting, default=None)

    def role(self, officer: str) -> tuple[str, str]:
        """Organ and place, as the register has them; empty for nobody."""
        return oracle.officers(self.state).get(officer, ("", "", ""))[:2]

    def person(self, officer: str) -> str:
        """Who an officer is."""
        return oracle.officers(self.state).get(officer, ("", "", ""))[2]

    def fit(self, officer: str) -> bool:
        """Whether an officer has a key that signs, in the role that it was enrolled for."""
        name = self.key_of(officer)
        return name is not None and (
            (self.keys[name].organ, self.keys[name].place) == self.role(officer)
        )

    def opens(self, officer: str) -> bool:
        """Whether it opens gates too."""
        name = self.key_of(officer)
        return name is not None and self.fit(officer) and self.keys[name].opens

    # Acts

    def of(self, gate: Gate, *kinds: Kind) -> list[Act]:
        """The acts about a gate, oldest first."""
        return [act for act in self.acts.values() if act.gate == gate and act.kind in kinds]

    def withdrawn(self) -> set[int]:
        """What was taken back."""
        return {act.of for act in self.acts.values() if act.kind == "withdrawn"}

    def barred(self, person: str, unit: str, reads: frozenset[Read]) -> bool:
        """Whether a person may not sign on what is read of a unit."""
        if person in oracle.concerned(unit, self.state):
            return True
        return any(
            self._delivered(one, unit, reads)
            for one in self.deliveries
            if person in (one.person, self.person(one.officer))
        )

    def _delivered(self, one: Delivered, unit: str, reads: frozenset[Read]) -> bool:
        row = slots()[one.slot].variants[one.after]
        if row is None:
            return oracle.reached(unit, one.slot, reads, one.state)
        standing = oracle.current(one.slot, self.state)
        return row == standing and oracle.reached(unit, one.slot, reads, self.state)

    def fault(self, act: Act, sight: Sights, panel: Sequence[Panel], reads: frozenset[Read]) -> str:
        """Why an act does not count on what is seen now, or nothing."""
        key = self.keys[act.key]
        if act.seq in self.withdrawn():
            return "withdrawn"
        if key.revoked:
            return "key"
        if act.sight != sight:
            return "evidence"
        if act.kind == "signed" and act.seq <= self.gates[act.gate].since:
            return "reopened"
        if (key.organ, key.place) != self.role(act.officer):
            return "role"
        if not any(one.admits(key.organ, key.place) for one in panel):
            return "wrong-role"
        return "barred" if self.barred(self.person(act.officer), act.gate[0], reads) else ""

    # Waivers

    def in_force(self, gate: Gate, on: date) -> dict[Subject, frozenset[int]]:
        """Check and subject → the waiver in force for it."""
        found: dict[Subject, frozenset[int]] = {}
        groups: dict[tuple[str, str, date, str], list[Act]] = {}
        for act in self.of(gate, "waived"):
            panel = waiver_panels()[act.check]
            reads = frozenset(oracle.check_of(act.check).reads)
            sight = self.check_sight(gate[0], act.check)
            late = not on <= act.until <= on + timedelta(days=panel.days)
            if not late and not self.fault(act, sight, [panel], reads):
                groups.setdefault((act.check, act.subject, act.until, act.reason), []).append(act)
        for (check, subject, _, _), acts in groups.items():
            members = [(self.person(act.officer), self.keys[act.key].organ) for act in acts]
            if waiver_panels()[check].met(members):
                found.setdefault((check, subject), frozenset(act.seq for act in acts))
        return found

    def check_sight(self, unit: str, check: str) -> Sights:
        """What is seen of a unit by one check."""
        reads = frozenset(oracle.check_of(check).reads)
        return oracle.evidence(unit, reads, self.state), frozenset()

    def sight(self, gate: Gate, waivers: Iterable[int]) -> Sights:
        """What is seen at a gate."""
        unit, stage = gate
        rows = oracle.evidence(unit, oracle.gate_reads(stage), self.state)
        return rows, frozenset(waivers)

    # Gates

    def standing(self, gate: Gate) -> Standing:
        """What the ledger says of a gate."""
        return self.gates.setdefault(gate, Standing())

    def judge(self, gate: Gate, on: date, broken: frozenset[str] = frozenset()) -> Verdict:
        """What a gate may be on a day; `broken` are checks that crash just now."""
        unit, stage = gate
        self.standing(gate)
        of_stage = {one.rule.code for one in oracle.checks_of(stage)}
        crashing = bool(broken & of_stage)
        against = {
            one for one in oracle.closed(unit, stage, self.state, on) if one[0] not in broken
        }
        in_force = self.in_force(gate, on)
        used = frozenset(seq for one in against if one in in_force for seq in in_force[one])
        left = against - in_force.keys()
        holds = not left and not crashing
        sight = self.sight(gate, used)
        valid, void = self._counted(gate, sight, on if holds else None)
        signed = {act.seq for act in valid if act.kind == "signed"}
        refused = any(act.kind == "refused" for act in valid)
        met = all(
            panel.met(
                (act.officer, self.keys[act.key].organ)
                for act in valid
                if panel.admits(self.keys[act.key].organ, self.keys[act.key].place)
            )
            for panel in panels(unit, stage)
        )
        return Verdict(
            open=holds and met and not refused,
            holds=holds,
            crashed=crashing and not left,
            refused=holds and refused,
            sight=sight,
            sign_offs=frozenset(signed),
            waivers=used,
            void=void,
        )

    def _counted(
        self, gate: Gate, sight: Sights, on: date | None
    ) -> tuple[list[Act], dict[int, str]]:
        unit, stage = gate
        valid: list[Act] = []
        void: dict[int, str] = {}
        refusing: set[str] = set()
        signed: set[str] = set()
        for act in [*self.of(gate, "refused"), *self.of(gate, "signed")]:
            person = self.person(act.officer)
            # On a day on which the gate holds, additions alone take nothing away.
            stays = on is not None and self.only_added(act, sight, on)
            seen = act.sight if stays else sight
            code = self.fault(act, seen, panels(unit, stage), oracle.gate_reads(stage))
            if not code and act.kind == "signed" and person in refusing | signed:
                code = "person"
            if code:
                void[act.seq] = code
                continue
            valid.append(act)
            (refusing if act.kind == "refused" else signed).add(person)
        return valid, void

    def only_added(self, act: Act, sight: Sights, on: date) -> bool:
        """Whether rows were only added since an act, and nothing else is said of its gate."""
        (old, waivers), (new, used) = act.sight, sight
        now = {name: Counter(cells) for name, *cells in new}
        there = all(Counter(cells) <= now.get(name, Counter()) for name, *cells in old)
        unit, stage = act.gate
        return (
            waivers == used
            and there
            and oracle.said(unit, stage, act.state, on) == oracle.said(unit, stage, self.state, on)
        )

    def causes(self, before: Standing, verdict: Verdict) -> list[str]:
        """Why a gate that stood open is closed."""
        if verdict.crashed:
            return ["check"]
        lost = {verdict.void.get(seq, "") for seq in before.sign_offs} - {"", "evidence"}
        found = {
            "evidence": verdict.sight != before.sight,
            "waiver": bool(before.waivers - verdict.waivers),
            "key": "key" in lost,
            "sign-off": bool(lost - {"key"}) or verdict.refused,
        }
        return sorted(name for name, holds in found.items() if holds) or ["day"]

    def open_before(self, gate: Gate) -> bool:
        """Whether the ledger has every earlier gate of a unit open."""
        unit, stage = gate
        return all(self.standing((unit, one)).open for one in STAGES[: STAGES.index(stage)])
