"""Random honest ledgers: decisions, closing entries, and what happens in which order.

Rules: a decision counts what stands and nothing else, is open only behind open gates, and says of
everything else why it does not count; `story` tells a whole ledger from a seed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from data.blobs import BlobStore
from data.home import Home
from data.ledger import Ledger
from data.verify_ground import Ground
from schemas.canonical import canonical, digest
from schemas.statements import Ruling, statement
from schemas.vocabulary import STAGES
from tests.support.cycle import unsynced
from tests.tamper.ledgers import (
    CAUSES,
    Act,
    Entry,
    Gate,
    Holder,
    Objection,
    Teller,
    text_digest,
)
from tests.tamper.material import Material

STAGE_CODES = tuple(stage.value for stage in STAGES)
# A third organ that vouches, a second officer of an organ, and one whom nobody asks.
VOUCHED_FOR = ("organisation-department", "secretary", "scrutineer")


class Storyteller(Teller):
    """Tells of gates too."""

    def stands(self, act: Act) -> bool:
        """Whether nobody withdrew an act, and its key was not revoked."""
        return not act.holder.revoked and all(one.holder.revoked for one in act.withdrawals)

    def of(self, gate: Gate) -> list[Act]:
        """The acts about a gate."""
        return [act for act in self.acts if act.gate == gate]

    def counting(self, gate: Gate) -> tuple[list[Act], list[Act]]:
        """The sign-offs and the waivers that count today."""
        signed: dict[str, Act] = {}
        for act in self.of(gate):
            fresh = act.seq > self.since.get(gate, 0) and act.on == self.on(gate)
            if act.kind == "signed" and fresh and self.stands(act) and act.holder.seated(gate):
                signed.setdefault(act.holder.officer, act)
        # A decision is of no later day: the clock ticks by up to 25 hours.
        day = (self.now + timedelta(days=2)).date().isoformat()
        waived = [
            act
            for act in self.of(gate)
            if act.kind == "waived" and self.stands(act) and act.content["until"] >= day
            if act.holder.seated(gate)
        ]
        return list(signed.values()), waived

    def refusing(self, gate: Gate) -> list[Act]:
        """The refusals of a gate that nobody took back, whatever became of their keys."""
        return [
            act
            for act in self.of(gate)
            if act.kind == "refused" and act.holder.seated(gate)
            if all(one.holder.revoked for one in act.withdrawals)
            if len({one.holder.organ for one in act.lifts if not one.holder.revoked}) < 2
        ]

    def enough(self, gate: Gate, signed: list[Act]) -> bool:
        """Whether as many organs signed as the pack asks."""
        return len({act.holder.organ for act in signed}) > (gate[1] == "plan")

    def earlier_open(self, gate: Gate) -> bool:
        """Whether the gates before it stand open."""
        before = STAGE_CODES[: STAGE_CODES.index(gate[1])]
        return all(self.is_open((gate[0], stage)) for stage in before)

    def is_open(self, gate: Gate) -> bool:
        """Whether a gate stands open."""
        found = self.decided.get(gate)
        return found is not None and found["outcome"] == "open" and self.counts(found)

    def findings(self, gate: Gate, outcome: str, waived: list[Act]) -> Entry:
        """What the checks said, as the outcome has it."""
        stage = gate[1]
        found: Entry = {
            f"{stage}.seats": {"pass": ["c-001", "c-002"], "not_applicable": ["c-003"]},
            f"{stage}.sign-off": {"pass": ["lead"]},
        }
        if waived:
            told = [
                [act.content["subject"], "waived",
                 {"entry": act.seq, "until": act.content["until"]}]
                for act in waived
            ]  # fmt: skip
            found[f"{stage}.pledges"] = {"waived": told}
        if outcome == "waiting":
            found[f"{stage}.sign-off"] = {"missing": [["lead", "sign-off-missing", {"need": 1}]]}
        elif outcome == "blocked":
            found[f"{stage}.quorum"] = {
                "fail": [["c-001", "too-few", {"have": 1}]],
                "missing": [["c-009", "nothing-on-record", {}]],
            }
        return found

    def decide(self, gate: Gate, outcome: str) -> None:
        """A decision, if anybody can sign it; `open` only where it may be."""
        if self.signer is None:
            return
        signed, waived = self.counting(gate)
        may_open = self.enough(gate, signed) and self.earlier_open(gate)
        if outcome == "open" and (self.refusing(gate) or not may_open):
            outcome = "waiting"
        if outcome != "open" and gate[0] in self.concluded and not self.granted(gate[0]):
            self.object(gate, outcome)
            return
        reopened = None
        if gate in self.stood and outcome != "open":
            causes = self.dice.sample(CAUSES, self.dice.randrange(1, 3))
            reopened = {"of": self.stood[gate], "causes": causes}
        counted = [act.seq for act in (*signed, *waived)]
        void = [act.seq for act in self.of(gate) if act.seq not in counted]
        least = max([self.moved, *(act.seq for act in self.of(gate))])
        content: Entry = {
            "unit": gate[0], "stage": gate[1], "outcome": outcome,
            "policy": self.policy, "evidence": self.on(gate),
            "position": self.dice.choice((least, self.next - 1)),
            "findings": self.findings(gate, outcome, waived),
            "signers": [act.holder.officer for act in signed],
            "sign_offs": [act.seq for act in signed], "waivers": [act.seq for act in waived],
            "void": {str(seq): "withdrawn" for seq in void},
            "carried": {}, "since": self.since.get(gate, 0),
            "barred": {},
            "reopened": reopened, "decision": text_digest("decision", self.next),
            "code": "0.1.0+0123456789ab", "run": None,
        }  # fmt: skip
        seq = self.to.append("decided", self.signer, **content)
        self.to.set_state(
            "INSERT OR REPLACE INTO gates VALUES (?, ?, ?, ?, ?)",
            *gate, seq, outcome, content["decision"],
        )  # fmt: skip
        ((body,),) = self.to.query("SELECT body FROM entries WHERE seq = ?", seq)
        self.decided[gate] = json.loads(bytes(body))
        self.decisions.setdefault(gate, []).append(self.decided[gate])
        if outcome == "open":
            self.stood[gate] = seq
        else:
            self.concluded.pop(gate[0], None)
        if reopened and reopened["causes"] != ["check"]:
            self.since[gate] = seq
            del self.stood[gate]

    def hand_on(self, gate: Gate) -> None:
        """The closing entry of a stage, if the gate and those before it stand open."""
        last = self.decided.get(gate)
        if last is None or not (self.signer and self.is_open(gate) and self.earlier_open(gate)):
            return
        if self.refusing(gate) or (gate[1] == "result" and self.disputed(gate[0])):
            return
        copied = {name: last[name] for name in
                  ("evidence", "policy", "signers", "sign_offs", "waivers")}  # fmt: skip
        content = text_digest("hand-off", self.next)
        seq = self.to.append(
            "handed-on", self.signer,
            unit=gate[0], stage=gate[1], decision=last["seq"], digest=content, **copied,
        )  # fmt: skip
        self.to.set_state(
            "INSERT OR REPLACE INTO handed_on VALUES (?, ?, ?, ?, ?)",
            *gate, seq, last["seq"], content,
        )  # fmt: skip
        if gate[1] == "result":
            self.concluded[gate[0]] = seq

    # Objections

    def state(self, one: Objection) -> str:
        """How an objection stands, as far as rulings by keys that were not revoked make it."""
        organs: set[str] = set()
        for holder, verdict in one.rulings:
            if holder.revoked:
                continue
            organs.add(holder.organ)
            if verdict == "reject" or len(organs) > 1:
                return verdict
        return "open" if self.concluded.get(one.gate[0]) == one.handed_on else ""

    def granted(self, unit: str) -> bool:
        """Whether an objection to the conclusion of a unit was granted."""
        stands = self.concluded.get(unit)
        return any(
            (one.gate[0], one.handed_on, self.state(one)) == (unit, stands, "reopen")
            for one in self.objections
        )

    def disputed(self, unit: str) -> bool:
        """Whether an objection to a unit is open."""
        return any(one.gate[0] == unit and self.state(one) == "open" for one in self.objections)

    def object(self, gate: Gate, outcome: str) -> None:
        """What would close a gate of a concluded unit, if nobody said it before."""
        if self.signer is None:
            return
        closing = {
            check: {status: found for status, found in by.items() if status in ("fail", "missing")}
            for check, by in self.findings(gate, outcome, []).items()
        }
        findings = {check: by for check, by in closing.items() if by}
        said = (*gate, outcome, self.policy, self.on(gate))
        if any(
            one.said == (*said, findings) and self.state(one) in ("open", "reject")
            for one in self.objections
        ):
            return
        handed_on = self.concluded[gate[0]]
        name = digest(canonical([*said, findings, handed_on]))
        seq = self.to.act(
            "objected", name, self.signer,
            unit=gate[0], stage=gate[1], outcome=outcome, policy=self.policy,
            evidence=self.on(gate), position=self.next - 1, findings=findings,
            handed_on=handed_on, decision=text_digest("decision", self.next), objection=name,
            code="0.1.0+0123456789ab", run=None,
        )  # fmt: skip
        self.objections.append(Objection(seq, gate, handed_on, name, (*said, findings)))

    def ruled(self) -> None:
        """An officer rules on an objection that is open."""
        waiting = [
            (one, holder)
            for one in self.objections
            if self.state(one) == "open"
            for holder in self.seated(one.gate)
        ]
        if not waiting:
            return
        one, holder = self.dice.choice(waiting)
        verdict = self.dice.choice(("reject", "reopen", "reopen"))
        predicate = Ruling.model_validate(
            {**self.said(holder, text_digest("ruled")), "unit": one.gate[0],
             "stage": one.gate[1], "policy": self.policy, "verdict": verdict}
        )  # fmt: skip
        made = statement(predicate, one.name)
        self.about_gate("ruled", one.gate, holder, made, of=one.seq, verdict=verdict)
        one.rulings.append((holder, verdict))

    def lifted(self) -> None:
        """An officer lifts a refusal, which falls with the second organ that does."""
        standing = [
            (act, holder)
            for gate in self.evidence
            for act in self.refusing(gate)
            for holder in self.seated(gate)
        ]
        if not standing:
            return
        act, holder = self.dice.choice(standing)
        predicate = Ruling.model_validate(
            {**self.said(holder, text_digest("lifted")), "unit": act.gate[0],
             "stage": act.gate[1], "policy": self.policy, "verdict": "lift"}
        )  # fmt: skip
        made = statement(predicate, act.payload)
        lifting = self.about_gate("ruled", act.gate, holder, made, of=act.seq, verdict="lift")
        act.lifts.append(lifting)

    # Whatever may come next

    def gate(self) -> Gate:
        """A gate near to where its unit stands."""
        unit = self.dice.choice(self.units[:4])[0]
        done = [stage for stage in STAGE_CODES if self.is_open((unit, stage))]
        near = STAGE_CODES[: len(done) + 1]
        return unit, self.dice.choice((near[-1], near[-1], self.dice.choice(near)))

    def through(self) -> None:
        """A gate from its first decision to its closing entry, or as far as it comes."""
        gate = self.gate()
        seated: list[Holder] = []
        for step in ("waiting", "sign", "sign", "waive", "open", "hand on"):
            if self.dice.random() < 0.15:
                continue
            if step in ("waiting", "open"):
                self.decide(gate, step)
            elif step == "sign" and (seated := self.seated(gate)):
                self.signed(gate, self.dice.choice(seated))
            elif step == "waive" and seated and self.dice.random() < 0.4:
                self.waived(gate, self.dice.choice(seated))
            elif step == "hand on":
                self.hand_on(gate)

    def close(self) -> None:
        """A decision that closes, or blocks, some gate."""
        gates = [gate for gate in self.decided if self.is_open(gate)] or [self.gate()]
        self.decide(self.dice.choice(gates), self.dice.choice(("waiting", "blocked")))

    def refused(self) -> None:
        """A refusal to sign."""
        gate = self.gate()
        if seated := self.seated(gate):
            self.signed(gate, self.dice.choice(seated), refuse=True)

    def happens(self) -> None:
        """One thing, at random."""
        events: dict[Callable[[], object], int] = {
            self.through: 40, self.submitted: 6, self.listed: 2, self.enrolled: 6, self.vouched: 14,
            self.rotated: 4, self.revoked: 3, self.refused: 4, self.withdrawn: 6, self.close: 8,
            self.lifted: 8, self.pack_adopted: 2, self.proposed: 10, self.confirmed: 20,
            self.attempted: 3, self.checkpointed: 8, self.ruled: 8,
            self.evaluator_rotated: 3, self.evaluator_revoked: 4, self.evaluator_enrolled: 4,
        }  # fmt: skip
        self.dice.choices(list(events), list(events.values()))[0]()

    def tell(self, entries: int, fork: tuple[int, int] | None = None) -> None:
        """A whole ledger, of so many entries or a few more.

        With `fork`, from about that entry on it goes on by another seed.
        """
        with self.telling():
            self.opened()
            for organ in VOUCHED_FOR:
                self.enrolled(organ)
            for _ in range(2 * len(VOUCHED_FOR)):
                self.vouched()
            while self.next <= entries:
                if fork and self.next > fork[0]:
                    self.dice.seed(fork[1])
                    fork = None
                self.happens()


def story(path: Path, seed: int, entries: int, fork: tuple[int, int] | None = None) -> Material:
    """The ledger of a seed, written at `path` and read back; at least so many entries."""
    home = Home(path)
    home.path.mkdir(parents=True, exist_ok=True)
    with unsynced():
        teller = Storyteller(home, random.Random(seed))
        teller.tell(entries, fork)
    keys = {one.key: one.private for one in (*teller.holders, *teller.evaluators)}
    ground = Ground(teller.packs, teller.places)
    for content in (*teller.packs.values(), *teller.places.values()):
        BlobStore(home.blobs).put(content)
    return Material.of(Ledger(home.ledger), teller.notes, teller.listings, keys, ground)
