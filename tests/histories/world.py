"""A home and its model: every operation is done to both, and every new entry is held against it.

Rules: an operation says what it means to record; what the ledger then has must be that or, after a
crash or a refusal, nothing of it. A decision must be what the model says, a hand-off must stand on
gates that are open by the model, a closing must name its cause.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from data.history import history_of
from data.home import Home
from data.ledger import Ledger
from data.verify import verified_entries
from schemas.decisions import Decision
from schemas.refusals import ActRefused
from schemas.vocabulary import STAGES, Outcome, Stage
from tasks.gate.decision import decisions_of
from tasks.intake.accept import Receipt
from tasks.officers.recording import Recorder
from tasks.procedure import Slate, receive
from tasks.recording.handing_on import hand_on
from tasks.recording.recorded import record_each
from tests.histories import oracle
from tests.histories.crashes import Crash, breaking, crashing
from tests.histories.model import NEVER, Act, Delivered, Gate, Model
from tests.histories.once import once
from tests.histories.rows import in_scope, slots, small
from tests.support import cycle
from tests.support.cycle import Entry, forget
from tests.support.places import copied
from tests.support.stages import run_stage

ACTS = frozenset({"signed", "refused", "waived", "withdrawn"})
KEYS = frozenset({"key-enrolled", "key-vouched", "key-rotated", "key-revoked"})


@dataclass(frozen=True)
class Intent:
    """What an operation means to record."""

    kind: str
    apply: Callable[[int], None]
    fields: dict[str, object]
    optional: bool = False

    def meant(self, entry: Entry) -> bool:
        """Whether an entry is what was meant."""
        said = {name: entry[name] for name in self.fields}
        return entry["kind"] == self.kind and said == self.fields


@dataclass
class Stale:
    """A launch that another process began: what it received, and the model of that moment."""

    slate: Slate
    decisions: list[Decision]
    model: Model


class World:
    """A home, its model, and everything that can be done to both."""

    def __init__(self, template: World | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="termgate-history-"))
        self.home: Home
        if template:
            copied(template.home.path, self.folder / "home")
            self.home = Home(self.folder / "home")
        else:
            self.home = cycle.open_home(self.folder / "home", small())
        self.ledger = Ledger(self.home.ledger)
        self.model: Model = deepcopy(template.model) if template else Model()
        self.seen: int = template.seen if template else len(list(self.ledger.entries()))
        self.first = template.seen if template else 0
        self.intents: deque[Intent] = deque()
        self.broken: frozenset[str] = frozenset()
        self.stale: Stale | None = None
        # What a launch that finishes now knew when it began.
        self.began: Model | None = None
        self.today: date = template.today if template else NEVER
        self.counts: Counter[str] = Counter()
        self._recorder: Recorder | None = None

    def close(self) -> None:
        """Remove the home."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def recorder(self) -> Recorder:
        """The recorder of this process."""
        if self._recorder is None:
            self._recorder = Recorder(self.home)
        return self._recorder

    def restart(self) -> None:
        """Another process takes over: nothing is remembered."""
        self._recorder = None
        self.stale = None
        forget()

    # Doing

    def _do(self, act: Callable[[], object], crash: int, *intents: Intent) -> str:
        """Do something, which may crash; returns `done`, `crashed` or the code of a refusal."""
        self.intents = deque(intents)
        end = "done"
        with once(), cycle.unsynced():
            try:
                with crashing(crash):
                    act()
            except Crash:
                end = "crashed"
                self.restart()
            except ActRefused as refused:
                end = refused.code
        entries = self._observe()
        if end == "done":
            left = [one.kind for one in self.intents if not one.optional]
            assert not left, f"acknowledged, and not on record: {left}"
        elif end != "crashed":
            assert [one["kind"] for one in entries] == ["attempted"]
        self.intents.clear()
        self.counts[f"{intents[0].kind if intents else 'launch'}: {end}"] += 1
        return end

    # Deliveries

    def deliver(self, slot: str, variant: int, officer: str, crash: int = 0) -> str:
        """Deliver what may stand at a slot, or withdraw what stands there."""
        place = slots()[slot]
        before = self.model.state[oracle.NAMES.index(slot)]
        row = place.variants[variant]
        if row is None and place.variants[before] is None:
            return "nothing"
        one = Delivered(officer, self.model.person(officer), slot, self.model.state, variant)
        rows = [row or place.variants[before] or {}]
        intent = Intent("submitted", partial(self._delivered, one), {"officer": officer})

        def give() -> Receipt:
            return cycle.deliver(self.home, place.register, rows, remove=row is None, by=officer)

        return self._do(give, crash, intent)

    def _delivered(self, one: Delivered, _: int) -> None:
        self.model.deliveries.append(one)
        state = list(self.model.state)
        state[oracle.NAMES.index(one.slot)] = one.after
        self.model.state = tuple(state)

    # Acts

    def act(self, kind: str, does: Callable[[Recorder], object], given: Act, crash: int = 0) -> str:
        """Do something about a gate at the recorder; `given` is the act that it would be."""
        return self._do(lambda: does(self.recorder), crash, self._intent(kind, given))

    def some_acts(self, kind: str, does: Callable[[Recorder], object], given: Iterable[Act]) -> str:
        """Do several things at the recorder, of which the product takes what is fit."""
        intents = [self._intent(kind, one, optional=True) for one in given]
        return self._do(lambda: does(self.recorder), 0, *intents)

    def _intent(self, kind: str, given: Act, *, optional: bool = False) -> Intent:
        def apply(seq: int) -> None:
            standing = self.model.standing(given.gate)
            assert given.officer == given.key[0], "somebody else's key"
            assert self.model.keys[given.key].current, "a key that does not sign"
            if kind in ("signed", "waived", "ruled"):
                assert self.model.keys[given.key].opens, "a key with one voucher"
            if kind in ("signed", "refused"):
                assert self.model.open_before(given.gate), "behind a closed gate"
                assert given.sight == standing.sight, "on other evidence than was decided on"
            assert kind != "signed" or not standing.open, "open already"
            self.model.acts[seq] = replace(given, seq=seq, state=self.model.state)

        unit, stage = given.gate
        fields: dict[str, object] = {"unit": unit, "stage": stage.value, "officer": given.officer}
        return Intent(kind, apply, fields, optional)

    def key_act(
        self, kind: str, does: Callable[[Recorder], object], apply: Callable[[int], None],
        officer: str, crash: int = 0,
    ) -> str:  # fmt: skip
        """Do something about an officer's key at the recorder."""
        return self._do(
            lambda: does(self.recorder), crash, Intent(kind, apply, {"officer": officer})
        )

    # Launches

    def launch(self, stage: Stage, scope: str, on: date, crash: int = 0, broken: str = "") -> str:
        """Launch a stage."""
        self.today = on
        self.broken = frozenset({broken} - {""})
        found: dict[str, Outcome | None] = {}

        def run() -> None:
            with breaking(broken):
                found.update(run_stage(self.home, stage, scope, on))

        end = self._do(run, crash)
        if end == "done":
            self._as_expected(stage, scope, on, found)
        self.broken = frozenset()
        return end

    def _as_expected(
        self, stage: Stage, scope: str, on: date, found: dict[str, Outcome | None]
    ) -> None:
        units = in_scope(scope)
        assert sorted(found) == units
        for unit in units:
            for one in STAGES[: STAGES.index(stage) + 1]:
                gate = (unit, one)
                may = self.model.judge(gate, on, self.broken).open
                assert self.model.standing(gate).open == may
                if not may:
                    said = found[unit]
                    assert said in (Outcome.BLOCKED, Outcome.WAITING) if one is stage else not said
                    break
                assert self.model.standing(gate).handed == self.model.standing(gate).seq
            else:
                assert found[unit] is Outcome.OPEN

    def begin(self, stage: Stage, scope: str, on: date) -> None:
        """Another process begins a launch, and is slow."""
        self.today = on

        def run() -> None:
            slate = receive(self.home, stage, scope, on)
            made = decisions_of(slate.snapshot, stage)
            self.stale = Stale(slate, made, deepcopy(self.model))

        self._do(run, 0)

    def finish(self, crash: int = 0) -> None:
        """The slow process goes on."""
        if self.stale is None:
            return
        slate, decisions, self.began = self.stale.slate, self.stale.decisions, self.stale.model
        later, self.today = self.today, slate.snapshot.on

        def run() -> None:
            made, moved = record_each(slate.snapshot, slate.stage, decisions)
            hand_on(slate.snapshot, slate.stage, made.values())
            self.counts["launch: moved"] += bool(moved)

        self._do(run, crash)
        self.stale, self.began, self.today = None, None, later

    # Observing

    def _observe(self) -> list[Entry]:
        entries = [entry.as_json() for entry in self.ledger.entries(self.seen)]
        for entry in entries:
            self.seen = entry["seq"]
            kind = entry["kind"]
            self.counts[kind] += 1
            if kind == "decided":
                self._decided(entry)
            elif kind == "handed-on":
                self._handed_on(entry)
            elif kind in ACTS | KEYS | {"submitted"}:
                self._meant(entry)
        return entries

    def _meant(self, entry: Entry) -> None:
        while self.intents and self.intents[0].optional and not self.intents[0].meant(entry):
            self.intents.popleft()
        assert self.intents, f"nobody did this: {entry['kind']}"
        intent = self.intents.popleft()
        assert intent.meant(entry)
        # Rows that refer to nothing, or that others refer to, are quarantined.
        if entry.get("blob", "") is not None:
            intent.apply(entry["seq"])

    def _decided(self, entry: Entry) -> None:
        gate: Gate = (entry["unit"], Stage(entry["stage"]))
        on = date.fromisoformat(entry["on"])
        assert on == self.today
        before = self.model.standing(gate)
        may = self.model.judge(gate, on, self.broken)
        said = entry["outcome"] == Outcome.OPEN.value
        assert said == may.open, f"{gate} is {entry['outcome']}"
        assert frozenset(entry["sign_offs"]) == may.sign_offs
        assert frozenset(entry["waivers"]) == may.waivers
        assert entry["decision"] != before.key, "the same answer twice"
        assert entry["since"] == before.since
        stood = before.stood()
        assert (entry["reopened"] is not None) == (stood is not None and not said)
        since, before.opened = before.since, None
        if stood and not said:
            causes = self.model.causes(stood, may)
            assert entry["reopened"] == {"of": stood.seq, "causes": causes}
            self.counts[f"reopened: {'+'.join(causes)}"] += 1
            if causes == ["check"]:
                before.opened = stood
            else:
                since = entry["seq"]
        before.seq, before.open, before.on, before.key = entry["seq"], said, on, entry["decision"]
        before.since, before.sight = since, may.sight
        before.sign_offs, before.waivers = may.sign_offs, may.waivers
        before.holds, before.refused = may.holds, may.refused
        self.model.latest = max(self.model.latest, on)
        self.counts["decided: open" if said else "decided: closed"] += 1

    def _handed_on(self, entry: Entry) -> None:
        unit, stage = entry["unit"], Stage(entry["stage"])
        standing = self.model.standing((unit, stage))
        assert standing.open
        assert entry["decision"] == standing.seq
        assert self.model.judge((unit, stage), self.today).open
        then = self.began or self.model
        for one in STAGES[: STAGES.index(stage)]:
            assert self.model.standing((unit, one)).open
            assert then.judge((unit, one), self.today).open, f"{one} did not hold"
        standing.handed = standing.seq

    # What must always hold

    def check(self) -> None:
        """The ledger verifies, its state follows from it, and so does what the recorder knows."""
        entries, fault = verified_entries(self.home)
        assert fault is None
        rebuilt = history_of(self.ledger.cycle(), entries)
        if self._recorder is not None:
            self._recorder.follow()
            known = self._recorder.history
            assert known.acts.keys.keys == rebuilt.acts.keys.keys
            assert known.acts.gates == rebuilt.acts.gates
            assert known.acts.payloads == rebuilt.acts.payloads
            assert (known.current, known.deliveries) == (rebuilt.current, rebuilt.deliveries)
            assert (known.position, known.latest) == (rebuilt.position, rebuilt.latest)
        stood = {
            (unit, Stage(stage)): (one.seq, one.outcome == Outcome.OPEN, one.since)
            for (unit, stage), one in rebuilt.current.items()
        }
        modelled = {
            gate: (one.seq, one.open, one.since)
            for gate, one in self.model.gates.items()
            if one.seq
        }
        assert stood == modelled
