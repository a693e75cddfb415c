"""The state machine: what can come next in a cycle, in any order.

Rules: half of the steps are what people do when all goes well, so that gates do open; the others
are what anybody may try at any time. Choices are numbers, taken from what is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from data.verify import verify
from schemas.vocabulary import STAGES, Stage
from tests.histories import deeds, oracle
from tests.histories.model import Gate, waiver_panels
from tests.histories.replays import replayed
from tests.histories.rows import SCOPES, UNITS, slots
from tests.histories.starts import EVERYBODY, STARTS, start
from tests.histories.world import World

Chosen = TypeVar("Chosen")

SOME = st.integers(0, 999)
CRASHES = st.one_of(st.just(0), st.just(0), st.just(0), st.integers(1, 12))
CRASHES_OF_A_LAUNCH = st.one_of(st.just(0), st.just(0), st.just(0), st.integers(1, 40))
DAYS = st.sampled_from((0, 0, 0, 0, 0, 1, 20, 45))
UNTIL = st.sampled_from((0, 10, 15, 30, 60, 61))
GATES = st.tuples(st.sampled_from(UNITS), st.sampled_from(STAGES))
OFFICERS = st.sampled_from(EVERYBODY)
DELIVERERS = ("o-640300-03", "o-640302100-03", "o-640302-01", "o-640302-02", "o-640302100-52")
CHECKS = sorted({*waiver_panels(), "plan.seats", "vetting.archive", "vetting.committee"})

# Over all histories of this process.
TOLD: Counter[str] = Counter()


def one_of(options: Sequence[Chosen], number: int) -> Chosen | None:
    """One of what is there, if anything is."""
    return options[number % len(options)] if options else None


class Histories(RuleBasedStateMachine):
    """Deliveries, signatures, waivers, keys, launches and crashes in any order."""

    @initialize(last=st.sampled_from(STARTS))
    def begin(self, last: Stage | None) -> None:
        self.world = World(start(last))
        self.steps = 0

    # Deliveries

    @rule(slot=st.sampled_from(sorted(slots())), variant=SOME, by=st.sampled_from(DELIVERERS),
          crash=CRASHES)  # fmt: skip
    def deliver(self, slot: str, variant: int, by: str, crash: int) -> None:
        if self.world.model.person(by):
            self.world.deliver(slot, variant % len(slots()[slot].variants), by, crash)

    @rule(which=SOME)
    def mend(self, which: int) -> None:
        state = self.world.model.state
        wrong = [name for name, at in zip(oracle.NAMES, state, strict=True) if at]
        slot = one_of(wrong, which)
        if slot and self.world.model.person("o-640302100-03"):
            self.world.deliver(slot, 0, "o-640302100-03")

    # Launches

    def _day(self, later: int) -> date:
        return self.world.today + timedelta(days=later)

    @rule(stage=st.sampled_from(STAGES), scope=st.sampled_from(SCOPES), later=DAYS,
          crash=CRASHES_OF_A_LAUNCH)  # fmt: skip
    def launch(self, stage: Stage, scope: str, later: int, crash: int) -> None:
        self.world.launch(stage, scope, self._day(later), crash)

    @rule(stage=st.sampled_from(STAGES), scope=st.sampled_from(SCOPES), which=SOME)
    def launch_with_a_broken_check(self, stage: Stage, scope: str, which: int) -> None:
        upto = STAGES[: STAGES.index(stage) + 1]
        codes = [one.rule.code for each in upto for one in oracle.checks_of(each)]
        code = one_of(codes, which)
        self.world.launch(stage, scope, self.world.today, broken=code or "")

    @precondition(lambda self: self.world.stale is None)
    @rule(stage=st.sampled_from(STAGES), scope=st.sampled_from(SCOPES))
    def begin_slowly(self, stage: Stage, scope: str) -> None:
        self.world.begin(stage, scope, self.world.today)

    @precondition(lambda self: self.world.stale is not None)
    @rule(crash=CRASHES)
    def finish_slowly(self, crash: int) -> None:
        self.world.finish(crash)

    @rule(last=st.sampled_from(STAGES))
    def go_on(self, last: Stage) -> None:
        deeds.pass_stages(self.world, last, self.world.today)

    @rule(last=st.sampled_from(STAGES), later=DAYS)
    def go_on_later(self, last: Stage, later: int) -> None:
        deeds.pass_stages(self.world, last, self._day(later))

    @rule()
    def restart(self) -> None:
        self.world.restart()

    # Signatures

    @rule(stage=st.sampled_from(STAGES))
    def the_right_people_sign(self, stage: Stage) -> None:
        deeds.sign_waiting(self.world, stage)

    @rule(stage=st.sampled_from(STAGES), scope=st.sampled_from(SCOPES), officer=OFFICERS)
    def sign_ready(self, stage: Stage, scope: str, officer: str) -> None:
        deeds.sign_ready(self.world, stage, scope, officer)

    @rule(gate=GATES, officer=OFFICERS, crash=CRASHES)
    def sign(self, gate: Gate, officer: str, crash: int) -> None:
        deeds.sign(self.world, gate, officer, crash=crash)

    @rule(gate=GATES, officer=OFFICERS, which=SOME)
    def sign_with_another_key(self, gate: Gate, officer: str, which: int) -> None:
        names = [name for name in self.world.model.keys if name != self.world.model.key_of(officer)]
        name = one_of(names, which)
        if name:
            end = deeds.sign(self.world, gate, officer, key=name)
            assert end != "done"

    @rule(gate=GATES, officer=OFFICERS, crash=CRASHES)
    def refuse(self, gate: Gate, officer: str, crash: int) -> None:
        deeds.refuse(self.world, gate, officer, crash)

    @rule(gate=GATES, which=SOME)
    def a_right_person_refuses(self, gate: Gate, which: int) -> None:
        officer = one_of(deeds.able(self.world, gate), which)
        if officer:
            deeds.refuse(self.world, gate, officer)

    @rule(which=SOME, officer=st.one_of(st.just(""), OFFICERS), crash=CRASHES)
    def withdraw(self, which: int, officer: str, crash: int) -> None:
        model = self.world.model
        gone = model.withdrawn()
        acts = [act for act in model.acts.values() if act.kind != "withdrawn"]
        acts.sort(key=lambda act: (act.seq in gone, act.kind == "signed"))
        act = one_of(acts, which)
        if act:
            deeds.withdraw(self.world, act, officer or act.officer, crash)

    @rule(which=SOME, kind=st.sampled_from(["signed", "refused"]), gate=st.one_of(st.none(), GATES))
    def hand_in_again(self, which: int, kind: str, gate: Gate | None) -> None:
        acts = [act for act in self.world.model.acts.values() if act.kind in ("signed", "refused")]
        act = one_of(acts, which)
        if act:
            unit, stage = gate or act.gate
            deeds.replay(self.world, act.seq, kind, unit, stage)

    # Waivers

    @rule(which=SOME, by=SOME, until=UNTIL, crash=CRASHES)
    def waive(self, which: int, by: int, until: int, crash: int) -> None:
        model = self.world.model
        closing = [
            ((unit, stage), check, subject)
            for unit in UNITS
            for stage in STAGES
            for check, subject in sorted(oracle.closed(unit, stage, model.state, self.world.today))
        ]
        chosen = one_of(sorted(closing, key=lambda one: one[1] not in waiver_panels()), which)
        if chosen:
            gate, check, subject = chosen
            officer = one_of(self._fitting(check), by) or EVERYBODY[by % len(EVERYBODY)]
            what = (check, subject, self._day(until))
            deeds.waive(self.world, gate, what, officer, crash=crash)

    @rule(check=st.sampled_from(CHECKS), unit=st.sampled_from(UNITS), officer=OFFICERS, until=UNTIL)
    def waive_anything(self, check: str, unit: str, officer: str, until: int) -> None:
        stage = oracle.check_of(check).rule.stage
        deeds.waive(self.world, (unit, stage), (check, unit, self._day(until)), officer)

    @rule(which=SOME, by=SOME, crash=CRASHES)
    def join_a_waiver(self, which: int, by: int, crash: int) -> None:
        act = one_of([act for act in self.world.model.acts.values() if act.kind == "waived"], which)
        if act:
            officer = one_of(self._fitting(act.check), by) or EVERYBODY[by % len(EVERYBODY)]
            deeds.join(self.world, act, officer, crash)

    @rule(which=SOME, until=UNTIL)
    def the_right_people_waive(self, which: int, until: int) -> None:
        gates = [(unit, stage) for unit in UNITS for stage in STAGES]
        deeds.waive_all(self.world, gates[which % len(gates)], self._day(until))

    def _fitting(self, check: str) -> list[str]:
        model, panel = self.world.model, waiver_panels().get(check)
        return [one for one in EVERYBODY if panel and panel.admits(*model.role(one))]

    # Keys

    @rule(officer=OFFICERS, crash=CRASHES)
    def enrol(self, officer: str, crash: int) -> None:
        deeds.enrol(self.world, officer, crash)

    @rule(which=SOME, voucher=OFFICERS, crash=CRASHES)
    def vouch(self, which: int, voucher: str, crash: int) -> None:
        model = self.world.model
        waiting = [one for one in EVERYBODY if model.pending(one)]
        officer = one_of(waiting, which) or voucher
        deeds.vouch(self.world, officer, voucher, crash)

    @rule(officer=OFFICERS, crash=CRASHES)
    def rotate(self, officer: str, crash: int) -> None:
        deeds.rotate(self.world, officer, crash)

    @rule(officer=OFFICERS, by=st.one_of(st.just("o-640300-02"), OFFICERS), crash=CRASHES)
    def revoke(self, officer: str, by: str, crash: int) -> None:
        deeds.revoke(self.world, officer, by, crash)

    @rule(officer=OFFICERS)
    def renew(self, officer: str) -> None:
        for voucher in ("o-640300-02", "o-640300-01", "o-640302-01", "o-640300-14"):
            if self.world.model.key_of(officer) is None:
                deeds.enrol(self.world, officer)
            if not self.world.model.opens(officer):
                deeds.vouch(self.world, officer, voucher)

    # What must always hold

    @invariant()
    def what_stands_follows_from_the_entries(self) -> None:
        self.world.check()
        self.steps += 1

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            assert verify(self.world.home, blobs=True, acts=True) == (self.world.seen, None)
            TOLD["replayed"] += replayed(self.world)
            TOLD.update(self.world.counts)
            TOLD["histories"] += 1
            TOLD["steps"] += self.steps
        finally:
            self.world.close()
