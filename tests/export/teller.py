"""Tells a ledger entry by entry, without the product's own functions, for the tests of exports.

Rules: entries have the form of docs/interface.md and real envelopes; keys come from the officer's
id and moments from a clock that ticks, so that a story told twice gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.blobs import BlobStore
from data.evaluators import Signer
from data.home import Home
from data.ledger import Ledger, Transaction
from schemas.canonical import canonical, digest
from schemas.envelopes import key_id, payload_digest, public_text, raw_public, sealed
from schemas.statements import (
    BareSignOff,
    Confirmation,
    Delivery,
    EvaluatorAct,
    KeyAct,
    Ruling,
    SignOff,
    Statement,
    Waiver,
    Withdrawal,
    statement,
)
from tests.support.cycle import unsynced
from tests.support.reviews import review

POLICY = digest(b"pack")
START = datetime(2016, 9, 1, 1, 0, tzinfo=UTC)
ORGANS = {
    "dc": "discipline-commission",
    "od": "organisation-department",
    "sec": "secretary",
    "uf": "united-front",
}


def evidence_of(*parts: object) -> str:
    """A digest to sign for."""
    return digest(canonical([str(part) for part in parts]))


def passing(stage: str, unit: str, *more: str) -> dict[str, dict[str, list[Any]]]:
    """Findings of a gate whose checks and sign-offs hold."""
    check = {
        "plan": "plan.seats",
        "nomination": "nomination.pledges",
        "vetting": "vetting.public-notice",
        "inspection": "inspection.channels",
        "slate": "slate.session",
        "result": "result.quorum",
    }[stage]
    return {
        check: {"pass": [f"{unit}-{name}" for name in ("1", "2", *more)]},
        f"{stage}.hand-off": {"pass": [unit]},
        f"{stage}.sign-off": {"pass": ["lead"]},
    }


def unsigned(requirement: str, organ: str) -> dict[str, list[Any]]:
    """The finding of a gate that lacks a signature."""
    return {"missing": [[requirement, "sign-off-missing", {"organ": organ, "need": 1, "have": 0}]]}


class Teller:
    """Tells a history into a home, one entry after the other."""

    def __init__(self, home: Home, start: datetime = START) -> None:
        self.home = home
        self.now = start
        self.step = timedelta(minutes=7)
        self.ledger = Ledger(home.ledger, clock=self._tick)
        home.path.mkdir(exist_ok=True)
        self.ledger.create()
        self.blobs = BlobStore(home.blobs)
        self.cycle = ""
        self.gate: dict[tuple[str, str], dict[str, Any]] = {}
        self.on_gates: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self.payloads: dict[int, str] = {}
        self.waiting: dict[int, tuple[dict[str, Any], str, Statement]] = {}
        self.turns: dict[str, int] = {}
        self._open: Transaction | None = None

    def _tick(self) -> datetime:
        self.now += self.step
        return self.now

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is told inside is one transaction."""
        with self.ledger.transaction() as transaction:
            self._open = transaction
            try:
                yield
            finally:
                self._open = None

    def asked(self, statement: str) -> Any:
        """One value, as it stands by now."""
        return (self._open or self.ledger).query(statement)[0][0]

    def forged(self, kind: str, **content: Any) -> int:
        """An entry that the program would never write."""
        seq, previous = self.ledger.query("SELECT seq, hash FROM head")[0]
        at = self._tick().isoformat(timespec="microseconds")
        body = canonical(
            {"seq": seq + 1, "prev": previous, "at": at, "on": at[:10], "kind": kind, **content}
        )
        with self.ledger.transaction() as transaction:
            row = (seq + 1, digest(body), body)
            transaction.set_state("INSERT INTO entries VALUES (?, ?, ?)", *row)
            transaction.set_state("UPDATE head SET seq = ?, hash = ?", *row[:2])
        return int(row[0])

    def append(self, kind: str, signer: Signer | None = None, /, **content: Any) -> int:
        """Any entry."""
        if self._open:
            return self._open.append(kind, signer, **content)
        with self.together():
            return self.append(kind, signer, **content)

    def _act(self, kind: str, told: Statement, *keys: Ed25519PrivateKey, **content: Any) -> int:
        payload = told.payload()
        # Every envelope is of its own payload: the clock that it names has moved.
        seq = self.append(kind, envelope=sealed(payload, *keys), **content)
        self.payloads[seq] = payload_digest(payload)
        return seq

    # The book

    def founder(self, officer: str) -> dict[str, str]:
        """A founder as the first entry names them."""
        place, kind = officer.split("-")[1:3]
        return {"officer": officer, "organ": ORGANS[kind], "jurisdiction": place,
                "key": self.key(officer)}  # fmt: skip

    def opened(self, *founders: str) -> int:
        """The first entry."""
        seq = self.append(
            "opened", pack="cn-2016", policy=POLICY, book=digest(b"book"),
            founders=[self.founder(one) for one in founders],
            record="termgate-record-2", evidence="termgate-evidence-2",
            evaluator=self.evaluator.name, public=self._evaluators_public(), historical=False,
            trial=False,
        )  # fmt: skip
        self.cycle = self.asked("SELECT hash FROM entries WHERE seq = 1")
        return seq

    def submitted(
        self, register: str, officer: str, *, rejected: int = 0, mode: str = "accept",
        mapping: bytes | None = None,
    ) -> int:  # fmt: skip
        """A delivery of one register; the first one's is of whatever register."""
        part = self._part(register, mode, mapping, rejected=rejected)
        told = self._delivery(officer, [part])
        self._act("delivered", told, self.private(officer), officer=officer, key=self.key(officer))
        return self._in_effect(part, officer, told, rejected)

    def founded(self, officer: str, *registers: str) -> None:
        """The book: one delivery of several registers, which nobody has to confirm."""
        parts = [self._part(one, "accept", None, rejected=0) for one in registers]
        told = self._delivery(officer, parts)
        self._act("delivered", told, self.private(officer), officer=officer, key=self.key(officer))
        for part in parts:
            self._in_effect(part, officer, told, 0)

    def proposed(self, register: str, officer: str) -> int:
        """A delivery that says who is who, and waits."""
        part = self._part(register, "accept", None, rejected=0)
        told = self._delivery(officer, [part])
        seq = self._act(
            "proposed", told, self.private(officer), officer=officer, key=self.key(officer),
            accepted=[12], rejected=[0], readings=[0],
        )  # fmt: skip
        self.waiting[seq] = part, officer, told
        return seq

    def confirmed(self, seq: int, officer: str) -> int:
        """Somebody of another organ confirms it, and it takes effect."""
        part, deliverer, told = self.waiting.pop(seq)
        predicate = Confirmation.model_validate({**self._common(officer), "verdict": "confirm"})
        said = statement(predicate, self.payloads[seq])
        self._act("confirmed", said, self.private(officer), officer=officer,
                  key=self.key(officer), of=seq, verdict="confirm")  # fmt: skip
        return self._in_effect(part, deliverer, told, 0)

    def _part(
        self, register: str, mode: str, mapping: bytes | None, *, rejected: int
    ) -> dict[str, Any]:
        name = digest(f"{register}{self.now}".encode())
        return {"register": register, "mode": mode, "source": name, "rows": name,
                "quarantine": name if rejected else None,
                "mapping": digest(mapping) if mapping else None}  # fmt: skip

    def _delivery(self, officer: str, parts: list[dict[str, Any]]) -> Statement:
        predicate = Delivery.model_validate({**self._common(officer), "registers": parts})
        return statement(predicate, digest(canonical(parts)))

    def _in_effect(self, part: dict[str, Any], officer: str, told: Statement, rejected: int) -> int:
        kept = {
            name: part[name] for name in ("register", "mode", "quarantine", "mapping", "source")
        }
        return self.append(
            "submitted", **kept, blob=part["rows"], accepted=12, rejected=rejected, readings=0,
            officer=officer, delivery=payload_digest(told.payload()),
        )  # fmt: skip

    def listed(self, units: Sequence[tuple[str, str, str, str, str, str | None]]) -> int:
        """The units, in the table and on record."""
        rows = sorted(units)
        if self._open is None:
            with self.together():
                return self.listed(units)
        self._open.set_state("DELETE FROM units")
        for row in rows:
            self._open.set_state("INSERT INTO units VALUES (?, ?, ?, ?, ?, ?)", *row)
        listed = digest(canonical(rows))
        return self.append("listed", units=len(rows), digest=listed, places=listed)

    # Keys

    def private(self, officer: str, turn: int | None = None) -> Ed25519PrivateKey:
        """The key of an officer's `turn`, by default the one in use."""
        number = self.turns.get(officer, 0) if turn is None else turn
        seed = hashlib.sha256(f"{officer}/{number}".encode()).digest()
        return Ed25519PrivateKey.from_private_bytes(seed)

    def key(self, officer: str, turn: int | None = None) -> str:
        """The id of that key."""
        return key_id(raw_public(self.private(officer, turn)))

    def _common(self, officer: str, reason: str = "") -> dict[str, Any]:
        place, kind = officer.split("-")[1:3]
        moment = (self.now + timedelta(seconds=3)).isoformat(timespec="microseconds")
        if reason:
            with unsynced():
                reason = self.blobs.put(reason.encode())
        return {"cycle": self.cycle, "officer": officer, "organ": ORGANS[kind],
                "jurisdiction": place, "reason": reason, "time": moment}  # fmt: skip

    def _key_act(
        self, act: str, officer: str, by: str, *, previous: str = "", reason: str = ""
    ) -> Statement:
        public = public_text(raw_public(self.private(officer)))
        common = self._common(officer, reason)
        predicate = KeyAct.model_validate(
            {**common, "act": act, "public": public, "previous": previous, "by": by}
        )
        return statement(predicate, self.key(officer))

    def enrolled(self, officer: str) -> int:
        """A key for an officer, signed by itself."""
        told = self._key_act("enrol", officer, officer)
        who = {name: getattr(told.predicate, name) for name in ("organ", "jurisdiction", "public")}
        return self._act("key-enrolled", told, self.private(officer), officer=officer,
                         key=self.key(officer), **who)  # fmt: skip

    def vouched(self, officer: str, voucher: str) -> int:
        """Somebody of another organ knows the key."""
        return self._act(
            "key-vouched", self._key_act("vouch", officer, voucher), self.private(voucher),
            officer=officer, key=self.key(officer), voucher=voucher,
            voucher_key=self.key(voucher),
        )  # fmt: skip

    def rotated(self, officer: str) -> int:
        """A new key in place of the old one."""
        before = self.private(officer)
        self.turns[officer] = self.turns.get(officer, 0) + 1
        told = self._key_act("rotate", officer, officer, previous=public_text(raw_public(before)))
        who = {name: getattr(told.predicate, name) for name in ("organ", "jurisdiction", "public")}
        return self._act(
            "key-rotated", told, before, self.private(officer), officer=officer,
            key=self.key(officer), previous=key_id(raw_public(before)), **who,
        )  # fmt: skip

    def revoked(self, officer: str, by: str, reason: str) -> int:
        """A key counts no more."""
        told = self._key_act("revoke", officer, by, reason=reason)
        return self._act(
            "key-revoked", told, self.private(by), officer=officer, key=self.key(officer), by=by,
            by_key=self.key(by), reason=told.predicate.reason,
        )  # fmt: skip

    # Evaluators

    @property
    def evaluator(self) -> Signer:
        """Who decides now."""
        return Signer(self.key("evaluator"), self.private("evaluator"))

    def _evaluators_public(self) -> str:
        return public_text(raw_public(self.private("evaluator")))

    def _evaluator_act(
        self, act: str, officer: str, *keys: Ed25519PrivateKey, reason: str = "", **own: str
    ) -> int:
        common = self._common(officer or "o-640300-dc-1", reason)
        nobody = dict.fromkeys(("officer", "organ", "jurisdiction"), "")
        predicate = EvaluatorAct.model_validate(
            {**common, **(nobody if not officer else {}), "act": act,
             "public": self._evaluators_public(), "previous": own.pop("previous_public", "")}
        )  # fmt: skip
        if officer:
            own |= {"officer": officer, "officer_key": self.key(officer)}
        if act == "revoke":
            own["reason"] = predicate.reason
        if act in ("enrol", "rotate"):
            own["public"] = self._evaluators_public()
        kind = {"enrol": "enrolled", "vouch": "vouched", "rotate": "rotated", "revoke": "revoked"}
        told = statement(predicate, self.key("evaluator"))
        return self._act(f"evaluator-{kind[act]}", told, *keys, key=self.key("evaluator"), **own)

    def evaluators_replaced(self, *officers: str) -> None:
        """The evaluator's key is rotated, revoked, and another one put in force by two officers."""
        first, second = officers
        before = self.private("evaluator")
        self.turns["evaluator"] = 1
        self._evaluator_act(
            "rotate", "", before, self.private("evaluator"),
            previous=key_id(raw_public(before)), previous_public=public_text(raw_public(before)),
        )  # fmt: skip
        self._evaluator_act("revoke", first, self.private(first), reason="工作机失窃")
        self.turns["evaluator"] = 2
        self._evaluator_act("enrol", second, self.private(second), self.private("evaluator"))
        self._evaluator_act("vouch", first, self.private(first))

    # Gates

    def _gate_act(self, kind: str, officer: str, told: Statement, **content: Any) -> int:
        return self._act(kind, told, self.private(officer), officer=officer,
                         key=self.key(officer), **content)  # fmt: skip

    def signed(
        self, unit: str, stage: str, officer: str, evidence: str, *, refuse: str = ""
    ) -> int:
        """A sign-off, or a refusal with its reason."""
        said = {**self._common(officer, refuse), "unit": unit, "stage": stage, "policy": POLICY,
                "decision": "refuse" if refuse else "open"}  # fmt: skip
        # Where nothing was decided before, as a release before this one wrote it.
        last, acts = self.gate.get((unit, stage)), self.on_gates.setdefault((unit, stage), [])
        predicate = (
            SignOff.model_validate({**said, **review(last, acts)})
            if last
            else BareSignOff.model_validate(said)
        )
        kind = "refused" if refuse else "signed"
        made = statement(predicate, evidence)
        seq = self._gate_act(kind, officer, made, unit=unit, stage=stage)
        acts.append((seq, evidence))
        return seq

    def waived(
        self, unit: str, stage: str, check: str, subject: str, until: str, officer: str,
        reason: str = "材料原件在途，先行办理",
    ) -> int:  # fmt: skip
        """A signature under a waiver."""
        about = {"unit": unit, "stage": stage, "check": check, "subject": subject, "until": until}
        predicate = Waiver.model_validate(
            {**self._common(officer, reason), **about, "policy": POLICY}
        )
        told = statement(predicate, evidence_of(unit, check))
        return self._gate_act("waived", officer, told, **about)

    def withdrawn(self, of: int, unit: str, stage: str, officer: str, reason: str) -> int:
        """An officer takes an act back."""
        predicate = Withdrawal.model_validate(
            {**self._common(officer, reason), "unit": unit, "stage": stage}
        )
        told = statement(predicate, self.payloads[of])
        return self._gate_act("withdrawn", officer, told, of=of, unit=unit, stage=stage)

    def objected(self, unit: str, stage: str, findings: dict[str, dict[str, list[Any]]]) -> int:
        """An objection to what the unit handed on last."""
        last = self.gate[unit, stage]
        handed = last["handed"]
        said = [unit, stage, "waiting", POLICY, evidence_of(unit, "late"), findings, handed]
        name = digest(canonical(said))
        fields = {"unit": unit, "stage": stage, "outcome": "waiting", "policy": POLICY,
                  "evidence": said[4], "position": self.asked("SELECT seq FROM head"),
                  "findings": findings, "handed_on": handed, "decision": last["decision"],
                  "objection": name, "code": "0.2.0+0123456789ab", "run": None}  # fmt: skip
        seq = self.append("objected", self.evaluator, **fields)
        self.payloads[seq] = name
        return seq

    def ruled(self, of: int, unit: str, stage: str, officer: str, reason: str) -> int:
        """An officer rejects an objection."""
        about = {"unit": unit, "stage": stage, "verdict": "reject"}
        predicate = Ruling.model_validate(
            {**self._common(officer, reason), **about, "policy": POLICY}
        )
        told = statement(predicate, self.payloads[of])
        return self._gate_act("ruled", officer, told, of=of, **about)

    def attempted(
        self, act: str, code: str, officer: str = "", unit: str = "", stage: str = ""
    ) -> int:
        """Something that was refused."""
        return self.append("attempted", act=act, unit=unit, stage=stage, officer=officer, code=code)

    def decided(
        self,
        unit: str,
        stage: str,
        outcome: str,
        evidence: str,
        findings: dict[str, dict[str, list[Any]]],
        **more: Any,
    ) -> int:
        """A decision; `more` are its other fields, and `causes` where it closes an open gate."""
        before = self.gate.get((unit, stage))
        causes = more.pop("causes", None)
        fields: dict[str, Any] = {
            "unit": unit, "stage": stage, "outcome": outcome,
            "policy": POLICY, "evidence": evidence, "position": self.asked("SELECT seq FROM head"),
            "findings": findings,
            "signers": [], "sign_offs": [], "waivers": [], "void": {}, "carried": {}, "since": 0,
            "barred": {},
            "reopened": {"of": before["seq"], "causes": causes} if before and causes else None,
            "code": "0.2.0+0123456789ab", "run": None, **more,
        }  # fmt: skip
        named = ("unit", "stage", "outcome", "policy", "evidence", "findings", "signers",
                 "sign_offs")  # fmt: skip
        fields["decision"] = digest(canonical([fields[name] for name in named]))
        seq = self.append("decided", self.evaluator, **fields)
        on = self.asked("SELECT json_extract(body, '$.on') FROM entries ORDER BY seq DESC LIMIT 1")
        self.gate[unit, stage] = {"seq": seq, "on": on, **fields}
        return seq

    def handed_on(self, unit: str, stage: str) -> int:
        """The closing entry of a stage, on the decision that was told last."""
        last = self.gate[unit, stage]
        names = ("evidence", "policy", "signers", "sign_offs", "waivers")
        last["handed"] = self.append(
            "handed-on", self.evaluator, unit=unit, stage=stage, decision=last["seq"],
            digest=evidence_of("hand-off", unit, stage),
            **{name: last[name] for name in names},
        )  # fmt: skip
        return int(last["handed"])

    def through(self, unit: str, stage: str, *officers: str) -> int:
        """A gate that is decided, signed, opened and handed on; returns the open decision."""
        evidence = evidence_of(unit, stage, self.now)
        found = passing(stage, unit)
        missing = {f"{stage}.sign-off": unsigned("lead", "secretary")}
        self.decided(unit, stage, "waiting", evidence, {**found, **missing})
        seqs = [self.signed(unit, stage, officer, evidence) for officer in officers]
        seq = self.decided(
            unit, stage, "open", evidence, found, signers=list(officers), sign_offs=seqs
        )
        self.handed_on(unit, stage)
        return seq

    def checkpointed(self, *signers: str) -> int:
        """A checkpoint over all there is."""
        size = self.asked("SELECT seq FROM head")
        root = digest(f"root {size}".encode())
        return self.append(
            "checkpointed", size=size, root=root, note=f"termgate/1\n{size}\n{root}\n",
            signers=list(signers),
        )  # fmt: skip
