"""Small honest ledgers of every kind of entry, told at random and in a moment.

Rules: a seed tells the same ledger byte for byte; entries go through `data.ledger.Ledger` with a
clock of their own and carry real signatures; what a ledger tells may happen in a real cycle and
follows from docs/history.md alone, so both verifiers must take every one of them.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.checkpoints import checkpoint_text
from data.evaluators import Signer
from data.home import Home
from data.ledger import Ledger, Transaction
from schemas.canonical import canonical, digest
from schemas.encodings import from_base64
from schemas.envelopes import key_id, payload_digest, public_text, raw_public, sealed
from schemas.merkle import leaf_hashes, root
from schemas.notes import Note, VerifierKey, signed
from schemas.statements import (
    Adoption,
    BareSignOff,
    Confirmation,
    Delivery,
    EvaluatorAct,
    KeyAct,
    SignOff,
    Statement,
    Waiver,
    Withdrawal,
    statement,
)
from tests.support.reviews import checks_of, review

Entry = dict[str, Any]
Gate = tuple[str, str]
START = datetime(2016, 9, 1, 1, 0, tzinfo=UTC)
ASKED = ("discipline-commission", "secretary", "organisation-department", "united-front")
# Those whom the pack asks, and one whom it does not.
ORGANS = (*ASKED, "scrutineer")
FOUNDERS = ASKED[:2]
WHO_IS_WHO = ("jurisdictions", "units", "officers", "roster", "kin", "deputies")
PLACES = ("640300", "640302", "640302100")
BODIES = ("congress", "government", "cppcc")
CAUSES = ("evidence", "waiver", "sign-off", "key", "day", "check")
LEVELS = dict(zip(PLACES, ("city", "county", "township"), strict=True))
STAGES_TOLD = ("plan", "nomination", "vetting", "inspection", "slate", "result")
# Who signs, waives, rules and vouches in these ledgers: as much of a pack as a verifier looks at.
# Whom nobody asks vouches for nobody.
ANYBODY = f'organs = {list(ASKED)}\nat = "own-or-above"\n'.replace("'", '"')
VOUCHING = f"organs = {list(ASKED)}\nholders = {list(ORGANS)}\n".replace("'", '"')
PACK = (
    "format = 4\nvalid_from = 2016-01-01\nvalid_to = 2017-12-31\n"
    f"adoption = {{organs = {list(ASKED)}}}\n" + "".join(
    f'[[sign_offs.{stage}]]\nname = "lead"\nnumber = {1 + (stage == "plan")}\n{ANYBODY}'
    f'levels = {list(LEVELS.values())}\nbodies = {list(BODIES)}\nbasis = {{zh = "x", en = "x"}}\n'
    f'[[stages.{stage}]]\ncheck = "{stage}.pledges"\n'
    f"[stages.{stage}.parameters]\n[stages.{stage}.waiver]\nnumber = 1\ndays = 60\n{ANYBODY}"
    for stage in STAGES_TOLD
).replace("'", '"') + (
    '[objections]\nbasis = {zh = "x", en = "x"}\n'
    f"[objections.reject]\n{ANYBODY}[objections.reopen]\n{ANYBODY}"
    f'[refusals]\nbasis = {{zh = "x", en = "x"}}\n[refusals.lift]\n{ANYBODY}'
    f'[[vouching]]\nbasis = {{zh = "x", en = "x"}}\nat = "own-or-above"\n{VOUCHING}'
)).encode()  # fmt: skip
# Whatever may stand in a text, escapes, Chinese and beyond the first plane included.
SUBJECTS = ("c-001", "张三", '"\\/\b\t\n', "\u007f\u2028\ufeff", "😀𠀀", "plan 方案")


def text_digest(*parts: object) -> str:
    """A digest of anything, for evidence, blobs and reasons."""
    return digest("/".join(map(str, parts)).encode())


def above(place: str) -> tuple[str, ...]:
    """A place and those above it, its own first."""
    return tuple(reversed(PLACES[: PLACES.index(place) + 1]))


@dataclass
class Holder:
    """An officer's key, as the teller knows it."""

    officer: str
    organ: str
    place: str
    private: Ed25519PrivateKey
    active: int = 0
    full: int = 0
    replaced: int = 0
    revoked: int = 0
    vouchers: list[Holder] = field(default_factory=list)

    @property
    def public(self) -> bytes:
        """The 32 bytes."""
        return raw_public(self.private)

    @property
    def key(self) -> str:
        """Its id."""
        return key_id(self.public)

    @property
    def current(self) -> bool:
        """Whether it signs now."""
        return bool(self.active) and not self.replaced and not self.revoked

    @property
    def opens(self) -> bool:
        """Whether it opens gates now."""
        return bool(self.full) and self.current

    def awaits(self, other: Holder) -> bool:
        """Whether it waits for somebody like that to vouch for it."""
        known = [self, *self.vouchers]
        ended = self.full or self.replaced or self.revoked
        return not ended and all(
            one.officer != other.officer and one.organ != other.organ for one in known
        )

    def seated(self, gate: Gate) -> bool:
        """Whether the pack asks their officer about a gate."""
        return self.organ in ASKED and self.place in above(gate[0].split("-")[0])


@dataclass
class Act:
    """An act about a gate, and the digest that it is on."""

    seq: int
    kind: str
    gate: Gate
    holder: Holder
    on: str
    payload: str
    content: Entry
    withdrawals: list[Act] = field(default_factory=list)
    lifts: list[Act] = field(default_factory=list)


@dataclass
class Objection:
    """An objection to a hand-off, its digest, what it says, and the rulings on it."""

    seq: int
    gate: Gate
    handed_on: int
    name: str
    said: tuple[Any, ...]
    rulings: list[tuple[Holder, str]] = field(default_factory=list)


class Teller:
    """Writes a ledger, event by event; `holders` are all keys ever, `notes` all checkpoints."""

    def __init__(self, home: Home, dice: random.Random) -> None:
        self.home = home
        self.dice = dice
        self.now = START
        self.ledger = Ledger(home.ledger, self._tick)
        self.holders: list[Holder] = []
        self.evaluators: list[Holder] = []
        self.acts: list[Act] = []
        self.notes: list[bytes] = []
        self.decided: dict[Gate, Entry] = {}
        self.decisions: dict[Gate, list[Entry]] = {}
        # Up to there an earlier release wrote, which did not say what was looked at.
        self.silent_until = dice.choice((0, 0, dice.randrange(200)))
        self.since: dict[Gate, int] = {}
        self.stood: dict[Gate, int] = {}
        self.concluded: dict[str, int] = {}
        self.objections: list[Objection] = []
        self.evidence: dict[Gate, str] = {}
        self.moved = 0
        self.filed = 0
        self.units: list[tuple[str, ...]] = []
        self.listings: dict[str, list[tuple[Any, ...]]] = {}
        self.places: dict[str, bytes] = {}
        self.waiting: list[tuple[int, Holder, str, list[Entry]]] = []
        self.cycle = self.policy = ""
        self.packs = {digest(PACK): PACK}
        self._transaction: Transaction | None = None

    def _tick(self) -> datetime:
        self.now += timedelta(seconds=self.dice.randrange(1, 90_000), microseconds=7)
        return self.now

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Everything told inside is one transaction."""
        self.ledger.create()
        with self.ledger.transaction() as self._transaction:
            yield
        self._transaction = None

    @property
    def to(self) -> Transaction:
        """What is written to."""
        if self._transaction is None:
            raise RuntimeError("nothing is being told")
        return self._transaction

    @property
    def next(self) -> int:
        """The number of the entry that comes next."""
        return self.to.next_seq

    # Registers

    def opened(self) -> None:
        """The first entries: the cycle, its registers, its units."""
        self.policy = digest(PACK)
        book = text_digest("book", self.dice.random())
        first = self.new_holder("", "", "")
        first.active = 1
        self.founding = [
            self.new_holder(f"o-{number}-{organ[:3]}", organ, PLACES[0])
            for number, organ in enumerate(FOUNDERS)
        ]
        historical = self.dice.random() < 0.5
        if historical:
            self.to.wanted = START.date() - timedelta(days=self.dice.randrange(1, 400))
        self.evaluators.append(first)
        self.to.append(
            "opened", pack="cn-2016", policy=self.policy, book=book,
            founders=[
                {"officer": one.officer, "organ": one.organ, "jurisdiction": one.place,
                 "key": one.key}
                for one in self.founding
            ],
            record="termgate-record-2", evidence="termgate-evidence-2",
            evaluator=first.key, public=public_text(first.public),
            historical=historical, trial=False,
        )  # fmt: skip
        self.cycle = str(self.to.query("SELECT hash FROM head")[0][0])
        for holder in self.founding:
            self.enrolled(founder=holder)
        self.submitted("jurisdictions", "units", "officers")
        self.listed()

    def submitted(self, *registers: str) -> None:
        """A delivery, signed by somebody; in a historical cycle sometimes of a new day."""
        if self.to.wanted and self.dice.random() < 0.3:
            self.to.wanted = min(self.to.wanted + timedelta(days=9), self.now.date())
        said = [self.part(one) for one in registers or ("candidates",)]
        holder = self.dice.choice(self.current())
        predicate = Delivery.model_validate({**self.said(holder), "registers": said})
        payload = statement(predicate, digest(canonical(said))).payload()
        self.moved = self.to.act(
            "delivered", payload_digest(payload), officer=holder.officer, key=holder.key,
            envelope=sealed(payload, holder.private),
        )  # fmt: skip
        for one in said:
            self.recorded(one, holder.officer, payload_digest(payload))

    def proposed(self) -> None:
        """A delivery that says who is who, and waits."""
        said = [self.part(self.dice.choice(WHO_IS_WHO), whole=True), self.part("candidates")]
        holder = self.dice.choice(self.current())
        predicate = Delivery.model_validate({**self.said(holder), "registers": said})
        payload = statement(predicate, digest(canonical(said))).payload()
        counts = {name: [self.dice.randrange(9) for _ in said]
                  for name in ("accepted", "rejected", "readings")}  # fmt: skip
        seq = self.to.act(
            "proposed", payload_digest(payload), officer=holder.officer, key=holder.key,
            envelope=sealed(payload, holder.private), **counts,
        )  # fmt: skip
        self.waiting.append((seq, holder, payload_digest(payload), said))

    def confirmed(self) -> None:
        """Somebody of another organ confirms a delivery that waits, or it is declined."""
        pairs = [
            (one, other, other.officer != one[1].officer and other.organ != one[1].organ)
            for one in self.waiting
            for other in self.current()
            if (other.officer == one[1].officer) or other.organ != one[1].organ
        ]
        if not pairs:
            return
        one, holder, others = self.dice.choice(pairs)
        seq, by, delivered, said = one
        confirms = others and holder.full and not by.revoked and self.dice.random() < 0.8
        verdict = "confirm" if confirms else "decline"
        reason = "" if confirms else text_digest("why")
        predicate = Confirmation.model_validate({**self.said(holder, reason), "verdict": verdict})
        payload = statement(predicate, delivered).payload()
        self.to.act(
            "confirmed", payload_digest(payload), officer=holder.officer, key=holder.key,
            envelope=sealed(payload, holder.private), of=seq, verdict=verdict,
        )  # fmt: skip
        self.waiting.remove(one)
        for part in said if confirms else ():
            self.recorded(part, by.officer, delivered)

    def part(self, register: str, *, whole: bool = False) -> Entry:
        """What a delivery says of a register: accepted, or unless it is `whole`, rejected whole."""
        taken = self.dice.random() < 0.9 or whole
        blob = text_digest(register, self.dice.random()) if taken else None
        return {
            "register": register,
            "mode": "withdraw" if self.dice.random() < 0.1 else "accept",
            "source": text_digest(blob),
            "rows": blob,
            "quarantine": None if blob else text_digest(register, self.dice.random()),
            "mapping": text_digest("map") if self.dice.random() < 0.1 else None,
        }

    def recorded(self, said: Entry, officer: str, delivery: str) -> None:
        """The entry of one register of a delivery."""
        register, mode, blob = said["register"], said["mode"], said["rows"]
        seq = self.to.append(
            "submitted",
            register=register, mode=mode, blob=blob, accepted=self.dice.randrange(99),
            rejected=int(blob is None), readings=0, quarantine=said["quarantine"],
            mapping=said["mapping"], source=said["source"], officer=officer, delivery=delivery,
        )  # fmt: skip
        if blob:
            self.moved = seq
            self.to.set_state("INSERT INTO submissions VALUES (?,?,?,?)", seq, register, mode, blob)
            for gate in self.evidence:
                if self.dice.random() < 0.2:
                    self.evidence[gate] = text_digest(gate, self.dice.random())

    def listed(self) -> None:
        """The units, as two registers have them."""
        # A unit that was decided stands.
        least = max([1, *(PLACES.index(unit.partition("-")[0]) + 1 for unit, _ in self.decided)])
        places = PLACES[: self.dice.randrange(least, len(PLACES) + 1)]
        self.units = sorted(
            (f"{place}-{body}", place, f"地 {place}", LEVELS[place], body, "640300")
            for place in places
            for body in BODIES
        )
        listed = digest(canonical(self.units))
        self.listings[listed] = list(self.units)
        standing = canonical(
            [[unit, level, body, *above(place)] for unit, place, _, level, body, _ in self.units]
        )
        self.places[digest(standing)] = standing
        self.to.append("listed", units=len(self.units), digest=listed, places=digest(standing))
        self.to.set_state("DELETE FROM units")
        for row in self.units:
            self.to.set_state("INSERT INTO units VALUES (?, ?, ?, ?, ?, ?)", *row)

    # Keys

    def said(self, holder: Holder, reason: str = "") -> dict[str, str]:
        """What every statement says of who makes it, or whose key it is about."""
        return {
            "cycle": self.cycle,
            "officer": holder.officer,
            "organ": holder.organ,
            "jurisdiction": holder.place,
            "reason": reason,
            "time": self.now.isoformat(timespec="microseconds"),
        }

    def about_key(self, act: Any, holder: Holder, by: str, **more: str) -> bytes:
        """The statement of a key act."""
        said = {**self.said(holder, more.get("reason", "")), "by": by}
        said["previous"] = more.get("previous", "")
        predicate = KeyAct(act=act, public=public_text(holder.public), **said)
        return statement(predicate, holder.key).payload()

    def new_holder(self, officer: str, organ: str, place: str) -> Holder:
        """A key that nobody has seen yet."""
        seed = hashlib.sha256(self.dice.randbytes(32)).digest()
        return Holder(officer, organ, place, Ed25519PrivateKey.from_private_bytes(seed))

    def key_act(self, kind: str, payload: bytes, holder: Holder, *keys: Holder, **own: str) -> int:
        """Append an entry about a key; it moves every gate."""
        envelope = sealed(payload, *(key.private for key in keys))
        self.moved = self.to.act(
            kind, payload_digest(payload), officer=holder.officer, key=holder.key,
            envelope=envelope, **own,
        )  # fmt: skip
        return self.moved

    def enrolled(self, organ: str | None = None, *, founder: Holder | None = None) -> Holder:
        """A new officer, whose key signs at once if they are a founder."""
        place = PLACES[0] if organ else self.dice.choice(PLACES)
        organ = organ or self.dice.choice(ORGANS)
        officer = f"o-{len(self.holders)}-{organ[:3]}"
        holder = founder or self.new_holder(officer, organ, place)
        payload = self.about_key("enrol", holder, holder.officer)
        seq = self.key_act(
            "key-enrolled", payload, holder, holder,
            organ=holder.organ, jurisdiction=holder.place, public=public_text(holder.public),
        )  # fmt: skip
        if founder:
            holder.active = holder.full = seq
        self.holders.append(holder)
        return holder

    def vouched(self) -> None:
        """Somebody's key begins to sign, or to open gates."""
        pairs = [
            (one, other)
            for one in self.holders
            for other in self.current()
            if one.awaits(other) and other.organ in ASKED
        ]
        if not pairs:
            return
        holder, voucher = self.dice.choice(pairs)
        payload = self.about_key("vouch", holder, voucher.officer)
        seq = self.key_act(
            "key-vouched", payload, holder, voucher,
            voucher=voucher.officer, voucher_key=voucher.key,
        )  # fmt: skip
        for other in self.holders:
            if other is not holder and other.officer == holder.officer and other.current:
                other.replaced = seq
        holder.active = holder.active or seq
        holder.vouchers.append(voucher)
        holder.full = seq if len(holder.vouchers) > 1 else 0

    def rotated(self) -> None:
        """An officer takes a new key."""
        old = self.dice.choice(self.current())
        new = self.new_holder(old.officer, old.organ, old.place)
        previous = public_text(old.public)
        payload = self.about_key("rotate", new, old.officer, previous=previous)
        seq = self.key_act(
            "key-rotated", payload, new, old, new,
            organ=new.organ, jurisdiction=new.place, public=public_text(new.public),
            previous=old.key,
        )  # fmt: skip
        old.replaced = new.active = seq
        new.full, new.vouchers = seq if old.full else 0, list(old.vouchers)
        self.holders.append(new)

    def revoked(self) -> None:
        """A key is revoked by its holder or the discipline commission, while two organs remain."""
        pairs = [
            (one, other)
            for one in self.holders
            for other in self.current()
            if not one.revoked
            and (other.officer == one.officer or other.organ == "discipline-commission")
            and len({left.organ for left in self.current() if left is not one}) > 1
        ]
        if not pairs:
            return
        holder, by = self.dice.choice(pairs)
        reason = text_digest("lost") if self.dice.random() < 0.5 else ""
        payload = self.about_key("revoke", holder, by.officer, reason=reason)
        holder.revoked = self.key_act(
            "key-revoked", payload, holder, by, by=by.officer, by_key=by.key, reason=reason
        )

    # Evaluators

    @property
    def signer(self) -> Signer | None:
        """Who signs decisions now."""
        current = next((one for one in self.evaluators if one.current), None)
        return Signer(current.key, current.private) if current else None

    def counts(self, entry: Entry) -> bool:
        """Whether the key that signed a decision was not revoked since."""
        return not any(one.revoked for one in self.evaluators if one.key == entry["evaluator"])

    def evaluator_act(
        self, act: Any, key: Holder, by: Holder | None, *signers: Holder, **own: str
    ) -> int:
        """Append an entry about an evaluator's key; it moves every gate."""
        said = self.said(by or Holder("", "", "", key.private), own.get("reason", ""))
        previous = public_text(signers[0].public) if act == "rotate" else ""
        predicate = EvaluatorAct(act=act, public=public_text(key.public), previous=previous, **said)
        payload = statement(predicate, key.key).payload()
        named = {"officer": by.officer, "officer_key": by.key} if by else {}
        kind = {"rotate": "rotated", "revoke": "revoked", "enrol": "enrolled", "vouch": "vouched"}
        self.moved = self.to.act(
            f"evaluator-{kind[act]}", payload_digest(payload), key=key.key,
            envelope=sealed(payload, *(one.private for one in signers)), **named, **own,
        )  # fmt: skip
        return self.moved

    def evaluator_rotated(self) -> None:
        """The key that decides is replaced."""
        old = next((one for one in self.evaluators if one.current), None)
        if old:
            new = self.new_holder("", "", "")
            own = {"previous": old.key, "public": public_text(new.public)}
            old.replaced = new.active = self.evaluator_act("rotate", new, None, old, new, **own)
            self.evaluators.append(new)

    def evaluator_revoked(self) -> None:
        """A discipline commission revokes a key, and mostly another is put in force."""
        commission = [one for one in self.current() if one.organ == "discipline-commission"]
        left = [one for one in self.evaluators if not one.revoked]
        if not commission or not left:
            return
        key = next((one for one in left if one.current), left[-1])
        by = self.dice.choice(commission)
        reason = text_digest("leaked")
        key.revoked = self.evaluator_act("revoke", key, by, by, reason=reason)
        if self.dice.random() < 0.9:
            self.evaluator_enrolled()

    def evaluator_enrolled(self) -> None:
        """Officers of two organs put a key in force, where none is."""
        pairs = [
            (one, other)
            for one in self.current()
            for other in self.current()
            if one.organ != other.organ and one.officer != other.officer
        ]
        if self.signer or not pairs:
            return
        by, other = self.dice.choice(pairs)
        new = self.new_holder("", "", "")
        self.evaluators.append(new)
        self.evaluator_act("enrol", new, by, by, new, public=public_text(new.public))
        if self.dice.random() < 0.9:
            new.active = self.evaluator_act("vouch", new, other, other)

    # Packs

    def pack_adopted(self) -> None:
        """Two organs adopt a pack that asks the same, in a historical cycle, whose day is known."""
        able = [
            one
            for one in self.current()
            if one.opens and one.organ in ASKED and one.place == PLACES[0]
        ]
        pairs = [
            (one, other)
            for one in able
            for other in able
            if one.organ != other.organ and one.officer != other.officer
        ]
        if not self.to.wanted or not pairs:
            return
        first, second = self.dice.choice(pairs)
        content = PACK + b"# %d\n" % self.next
        self.packs[digest(content)] = content
        of = self.pack_act("propose", first, digest(content))
        if self.dice.random() < 0.8:
            self.pack_act("adopt", second, digest(content), of=of)
            self.policy = digest(content)

    def pack_act(self, act: Any, by: Holder, policy: str, **of: int) -> int:
        """Append an entry by which a pack is proposed or adopted from today on."""
        starts = str(self.to.wanted)
        under = {"pack": "local", "policy": self.policy, "starts": starts}
        payload = statement(Adoption(act=act, **under, **self.said(by)), policy).payload()
        kind = {"propose": "pack-proposed", "adopt": "pack-adopted"}[act]
        self.moved = self.to.act(
            kind, payload_digest(payload), pack="local", policy=policy, starts=starts,
            officer=by.officer, key=by.key, envelope=sealed(payload, by.private), **of,
        )  # fmt: skip
        return self.moved

    def current(self) -> list[Holder]:
        """The keys that sign now."""
        return [one for one in self.holders if one.current]

    # Gates

    def seated(self, gate: Gate) -> list[Holder]:
        """The keys that open gates now of whom the pack asks about a gate."""
        return [one for one in self.current() if one.opens and one.seated(gate)]

    def about_gate(self, kind: str, gate: Gate, holder: Holder, made: Statement, **own: Any) -> Act:
        """Append an act about a gate."""
        payload = made.payload()
        content = {"unit": gate[0], "stage": gate[1], "officer": holder.officer,
                   "key": holder.key, **own}  # fmt: skip
        seq = self.to.act(
            kind, payload_digest(payload), envelope=sealed(payload, holder.private), **content
        )
        act = Act(seq, kind, gate, holder, made.evidence, payload_digest(payload), content)
        self.acts.append(act)
        return act

    def on(self, gate: Gate) -> str:
        """The evidence digest of a gate today."""
        return self.evidence.setdefault(gate, text_digest(gate, self.dice.random()))

    def seen(self, gate: Gate, *, refuse: bool) -> Entry | None:
        """A decision that may be signed, or refused: the last, or one that tells the same."""
        alike = [
            one
            for one in self.decisions.get(gate, [])
            if one["evidence"] == self.on(gate)
            if checks_of(one) == checks_of(self.decided[gate])
        ]
        statuses = {status for one in alike for by in checks_of(one).values() for status in by}
        if not alike or (not refuse and statuses & {"fail", "missing", "not_yet"}):
            return None
        return self.dice.choice((alike[-1], self.dice.choice(alike)))

    def signed(self, gate: Gate, holder: Holder, *, refuse: bool = False) -> None:
        """A sign-off or a refusal."""
        said = {**self.said(holder, text_digest("why") if refuse else ""),
                "unit": gate[0], "stage": gate[1], "policy": self.policy,
                "decision": "refuse" if refuse else "open"}  # fmt: skip
        if self.next < self.silent_until:
            predicate = BareSignOff.model_validate(said)
        elif (seen := self.seen(gate, refuse=refuse)) is None:
            return
        else:
            acts = [(act.seq, act.on) for act in self.acts
                    if act.gate == gate and act.kind in ("signed", "refused")]  # fmt: skip
            predicate = SignOff.model_validate({**said, **review(seen, acts)})
        made = statement(predicate, self.on(gate))
        self.about_gate("refused" if refuse else "signed", gate, holder, made)

    def waived(self, gate: Gate, holder: Holder) -> None:
        """A waiver of one check for one subject, for some days."""
        until = (self.now + timedelta(days=self.dice.randrange(60))).date().isoformat()
        own = {"check": f"{gate[1]}.pledges", "subject": self.dice.choice(SUBJECTS)}
        predicate = Waiver(
            **self.said(holder, text_digest("except")), **own,
            unit=gate[0], stage=gate[1], policy=self.policy, until=until,
        )  # fmt: skip
        made = statement(predicate, text_digest("check", self.on(gate)))
        self.about_gate("waived", gate, holder, made, until=until, **own)

    def withdrawn(self) -> None:
        """An officer takes back what they signed, with the key they have now."""
        pairs = [
            (act, holder)
            for act in self.acts
            for holder in self.current()
            if act.kind not in ("withdrawn", "ruled") and holder.officer == act.holder.officer
        ]
        if not pairs:
            return
        act, holder = self.dice.choice(pairs)
        predicate = Withdrawal(**self.said(holder), unit=act.gate[0], stage=act.gate[1])
        made = statement(predicate, act.payload)
        act.withdrawals.append(self.about_gate("withdrawn", act.gate, holder, made, of=act.seq))

    def attempted(self) -> None:
        """An act that was refused."""
        self.to.append("attempted", act="sign", unit="", stage="", officer="", code="no-key")

    # Checkpoints

    def noted(self, *holders: Holder) -> bytes:
        """A checkpoint of all there is, signed."""
        bodies = [bytes(row[0]) for row in self.to.query("SELECT body FROM entries ORDER BY seq")]
        note = Note(checkpoint_text(self.cycle, len(bodies), root(leaf_hashes(bodies))))
        for holder in holders:
            key = VerifierKey(holder.officer, holder.public)
            note = signed(note, key, holder.private.sign)
        self.notes.append(note.content())
        return self.notes[-1]

    def checkpointed(self) -> None:
        """A checkpoint by two organs or more, filed or only kept elsewhere."""
        by_organ = {one.organ: one for one in self.dice.sample(self.current(), len(self.current()))}
        note = self.noted(*list(by_organ.values())[: self.dice.randrange(2, 4)]).decode()
        if self.dice.random() < 0.2:
            return
        _, size, encoded = note.split("\n")[:3]
        self.to.append(
            "checkpointed", size=int(size), root=from_base64(encoded).hex(), note=note,
            signers=[line.split(" ")[1] for line in note.split("\n\n")[1].splitlines()],
        )  # fmt: skip
        self.filed = int(size)
