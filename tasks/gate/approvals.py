"""What officers' acts make of a gate: which waivers are in force, and who has signed.

Rules: a waiver turns a failed or missing finding into a waived one while all of its authority has
signed the same words, its day has not passed and the evidence of its check is what they saw; a
crash is never waived. Sign-offs are findings like any other: a requirement passes, is missing, or
fails where an officer whom it admits refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from data.history import CurrentDecision
from schemas.authority import Requirement
from schemas.decisions import WANTING, sign_off_code
from schemas.entries import GateAct, Refused, Signed, Waived
from schemas.envelopes import payload_of
from schemas.findings import Argument, Finding
from schemas.policy import PackCheck
from schemas.rules.base import Reach, Read
from schemas.rules.catalogue import BROKEN
from schemas.statements import Waiver, parse_statement
from schemas.vocabulary import Body, Level, Stage, Status
from tasks.gate.evidence import evidence_of
from tasks.gate.snapshot import Snapshot
from tasks.handoff.frames import READS
from tasks.officers.independence import barred_of, barred_officers, officers_of, with_other_keys
from tasks.officers.validity import Ground, Holder, faults_of

NOT_IN_FORCE = "incomplete"


@dataclass(frozen=True)
class InForce:
    """A waiver in force: the entries of its signatures, its last day, its signed payloads."""

    entries: tuple[int, ...]
    until: str
    payloads: tuple[str, ...]


Waivers = dict[tuple[str, str], InForce]  # by check and subject


def reads_of(snapshot: Snapshot, stage: Stage) -> list[Read]:
    """Everything that the gate of `stage` reads: its checks and its hand-off."""
    checks = snapshot.pack.checks[stage]
    return [*(read for one in checks for read in one.reads), *READS[stage]]


class Authority:
    """The acts about one stage's gates, held against the facts of a snapshot."""

    def __init__(self, snapshot: Snapshot, stage: Stage) -> None:
        self.snapshot = snapshot
        self.stage = stage

    @property
    def officers(self) -> dict[str, Holder]:
        """The register of officers."""
        return officers_of(self.snapshot.facts)

    @property
    def places(self) -> dict[str, tuple[str, ...]]:
        """Jurisdiction → itself and those above it, its own first."""
        return self.snapshot.facts.relatives(Reach.ANCESTORS)

    @cached_property
    def units(self) -> dict[str, tuple[str, Level, Body]]:
        """Unit → jurisdiction, level, body."""
        frame = self.snapshot.facts.units
        columns = ("unit", "jurisdiction", "level", "body")
        return {
            unit: (place, Level(level), Body(body))
            for unit, place, level, body in zip(
                *(frame[name].tolist() for name in columns), strict=True
            )
        }

    def acts(self, unit: str) -> list[GateAct]:
        """All acts about the unit's gate."""
        return self.snapshot.history.acts.of(unit, self.stage.value)

    def requirements(self, unit: str) -> tuple[Requirement, ...]:
        """Who must sign the unit's gate."""
        _, level, body = self.units[unit]
        return self.snapshot.pack.signers(self.stage, level, body)

    def touched_since(self, unit: str, current: CurrentDecision) -> bool:
        """Whether the pack in force asks otherwise of the gate than that of a decision."""
        in_force = self.snapshot.in_force
        _, level, body = self.units[unit]
        decided = len(in_force.packs.until(current.on, current.seq)) - 1
        gate = (self.stage, level, body)
        return in_force.gate(*gate, decided) != in_force.gate(*gate)

    @cached_property
    def barred_on_gate(self) -> dict[str, dict[str, str]]:
        """Unit → person → why they may not sign its gate."""
        return self.barred(reads_of(self.snapshot, self.stage))

    def barred_officers(self, unit: str) -> dict[str, str]:
        """The officers whom the unit's gate asks for and who may not sign it, with the code why."""
        places, people = self.places[self.units[unit][0]], self.barred_on_gate.get(unit, {})
        required = self.requirements(unit)
        return barred_officers(self.snapshot, required, places, people, self._other_keys)

    @cached_property
    def _other_keys(self) -> dict[str, str]:
        return with_other_keys(self.snapshot)

    @cached_property
    def evidence_now(self) -> dict[str, str]:
        """Unit → the digest to sign for today, with the waivers that its last decision used.

        A unit is left out where one of those waivers is no longer in force.
        """
        payloads: dict[str, list[str]] = {}
        for unit in self.snapshot.units:
            current = self.snapshot.history.current.get((unit, self.stage.value))
            used = set(current.waivers) if current else set()
            waived = self.waivers(unit)[0].values() if used else ()
            in_use = [one for one in waived if used & set(one.entries)]
            if used == {seq for one in in_use for seq in one.entries}:
                payloads[unit] = sorted({name for one in in_use for name in one.payloads})
        facts = self.snapshot.facts.within(payloads)
        return evidence_of(facts, reads_of(self.snapshot, self.stage), payloads)

    def counting(self, unit: str, current: CurrentDecision) -> set[str]:
        """For which evidence signatures count in the decision that stands."""
        carried = {act.said.evidence for act in self.acts(unit) if act.seq in current.carried}
        return {current.evidence, *carried}

    def barred(self, reads: Iterable[Read]) -> dict[str, dict[str, str]]:
        """Unit → person → why they may not sign on what is read by `reads`."""
        return barred_of(self.snapshot, reads, self.officers)

    def ground(self, unit: str, evidence: Collection[str], barred: Mapping[str, str]) -> Ground:
        """What the acts about a unit's gate are held against."""
        current = self.snapshot.history.current.get((unit, self.stage.value))
        place, level, body = self.units[unit]
        return Ground(
            self.snapshot.history.cycle,
            self.snapshot.in_force,
            (level, body),
            unit,
            self.stage.value,
            self.places[place],
            evidence,
            current.since if current else 0,
            barred,
            self.officers,
        )

    # Waivers

    def _of_check(self, unit: str, check: PackCheck, acts: Sequence[Waived]) -> dict[int, str]:
        """Why each waiver of a check does not count, or nothing."""
        if check.waiver is None:
            return {act.seq: "absolute" if check.rule.absolute else "unwaivable" for act in acts}
        facts = self.snapshot.facts.within([unit])
        evidence = evidence_of(facts, check.reads)[unit]
        barred = self.barred(check.reads).get(unit, {})
        ground = self.ground(unit, {evidence}, barred)
        every = self.acts(unit)
        given = [act for act in every if not isinstance(act, Waived) or act in acts]
        faults = faults_of(given, ground, self.snapshot.history.acts.keys, [check.waiver])
        last = self.snapshot.facts.on + timedelta(days=check.waiver.days)
        found = {act.seq: faults[act.seq] for act in acts}
        for act in acts:
            until = date.fromisoformat(act.until)
            if not found[act.seq] and until < self.snapshot.on:
                found[act.seq] = "expired"
            elif not found[act.seq] and until > last:
                found[act.seq] = "too-long"
        return found

    def waivers(self, unit: str) -> tuple[Waivers, dict[int, str]]:
        """The waivers in force for a unit's gate, and why the others are not."""
        by_check: dict[str, list[Waived]] = {}
        for act in self.acts(unit):
            if isinstance(act, Waived):
                by_check.setdefault(act.check, []).append(act)
        waived: Waivers = {}
        void: dict[int, str] = {}
        for code, acts in by_check.items():
            check = self.snapshot.pack.check(code)
            if check is None or check.rule.stage is not self.stage:
                void |= {act.seq: "unknown-check" for act in acts}
                continue
            faults = self._of_check(unit, check, acts)
            void |= {seq: fault for seq, fault in faults.items() if fault}
            valid = [act for act in acts if not faults[act.seq]]
            for group in same_words(valid):
                first = group[0]
                if self._complete(check, group):
                    waived.setdefault((code, first.subject), in_force(group))
                else:
                    void |= {act.seq: NOT_IN_FORCE for act in group}
        return waived, void

    def _complete(self, check: PackCheck, group: Sequence[Waived]) -> bool:
        if check.waiver is None:
            return False
        signed = {self.officers[act.officer].person: self._organ(act) for act in group}
        return check.waiver.have(list(signed.items())) >= check.waiver.number

    def _organ(self, act: GateAct) -> str:
        return self.snapshot.history.acts.keys.keys[act.key].organ

    # Sign-offs

    def signed(self, unit: str, evidence: Collection[str], barred: Mapping[str, str]) -> SignOffs:
        """The findings of the unit's sign-offs, and which of them count, for any of `evidence`."""
        acts = self.acts(unit)
        required = self.requirements(unit)
        keys = self.snapshot.history.acts.keys
        judged = [act for act in acts if not isinstance(act, Waived)]
        faults = faults_of(judged, self.ground(unit, evidence, barred), keys, required)
        valid = [act for act in judged if act.seq in faults and not faults[act.seq]]
        places = self.places[self.units[unit][0]]
        findings = [self._finding(one, valid, places) for one in required]
        # Who is asked for by the pack of their day alone refuses all the same: no pack lifts that.
        others = {
            self._organ(act): act
            for act in valid
            if isinstance(act, Refused)
            and not any(self._admits(one, act, places) for one in required)
        }
        findings += [self._refused(organ, act) for organ, act in others.items()]
        counted = [act for act in valid if isinstance(act, Signed)]
        return SignOffs(
            tuple(findings),
            tuple(sorted(act.officer for act in counted)),
            tuple(sorted(act.seq for act in counted)),
            {seq: fault for seq, fault in faults.items() if fault},
        )

    def _admits(self, required: Requirement, act: GateAct, places: Sequence[str]) -> bool:
        key = self.snapshot.history.acts.keys.keys[act.key]
        return required.admits(key.organ, key.jurisdiction, places)

    def _finding(
        self, required: Requirement, valid: Sequence[GateAct], places: Sequence[str]
    ) -> Finding:
        admitted = [act for act in valid if self._admits(required, act, places)]
        code = sign_off_code(self.stage)
        refusals = [act for act in admitted if isinstance(act, Refused)]
        if refusals:
            return self._refused(required.name, refusals[0])
        have = required.have([(act.officer, self._organ(act)) for act in admitted])
        if have >= required.number:
            return Finding(code, required.name, Status.PASS)
        organs = ", ".join(organ.value for organ in required.organs)
        arguments: dict[str, Argument] = {"organ": organs, "need": required.number, "have": have}
        return Finding(code, required.name, Status.MISSING, "sign-off-missing", arguments)

    def _refused(self, subject: str, refusal: Refused) -> Finding:
        arguments: dict[str, Argument] = {"organ": self._organ(refusal), "entry": refusal.seq}
        code = sign_off_code(self.stage)
        return Finding(code, subject, Status.FAIL, "sign-off-refused", arguments)


@dataclass(frozen=True)
class SignOffs:
    """What the sign-offs of a gate come to."""

    findings: tuple[Finding, ...]
    signers: tuple[str, ...]
    sign_offs: tuple[int, ...]
    void: dict[int, str]


def same_words(acts: Iterable[Waived]) -> list[list[Waived]]:
    """Waivers of the same check, subject, day and reason, oldest first."""
    groups: dict[tuple[str, str, str, str], list[Waived]] = {}
    for act in acts:
        predicate = parse_statement(payload_of(act.envelope)).predicate
        reason = predicate.reason if isinstance(predicate, Waiver) else ""
        groups.setdefault((act.check, act.subject, act.until, reason), []).append(act)
    return list(groups.values())


def in_force(group: Sequence[Waived]) -> InForce:
    """The waiver that a complete group of signatures is."""
    return InForce(
        tuple(act.seq for act in group), group[0].until, tuple(act.payload for act in group)
    )


def excepted(findings: Iterable[Finding], waived: Waivers) -> tuple[list[Finding], list[InForce]]:
    """The findings with what is waived, and the waivers that were used."""
    used: list[InForce] = []
    counted: list[Finding] = []
    for finding in findings:
        waiver = waived.get((finding.check, finding.subject))
        if waiver is None or finding.status not in WANTING or finding.reason in BROKEN:
            counted.append(finding)
            continue
        used.append(waiver)
        arguments: dict[str, Argument] = {"entry": waiver.entries[0], "until": waiver.until}
        counted.append(replace(finding, status=Status.WAIVED, reason="waived", arguments=arguments))
    return counted, used
