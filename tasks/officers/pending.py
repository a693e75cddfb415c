"""What waits for officers: gates that only signatures keep closed.

Rules: it follows from the ledger and the policy pack alone, without the registers: who may not sign
is as the decision that stands found it, whatever was signed since is as `data.history` counts it. A
gate is listed only where it is reached and its checks and hand-off hold. Nobody is named who may
not sign, and where nobody is left who can, that is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from data.acts import Key, Keyring
from data.blobs import BlobStore
from data.history import COUNTS, UNDECIDED, History, history_of_gates
from data.home import Home
from data.ledger import Ledger
from data.policies import in_force
from data.status import UnitStatus, statuses
from schemas.authority import Requirement
from schemas.decisions import closing_checks, waits_for_signatures
from schemas.entries import Decided, GateAct, Proposed, Refused, Signed
from schemas.text import Text
from schemas.vocabulary import Body, Level, Organ, Outcome, Stage
from tasks.closed import closed_entries
from tasks.places import Places

# What bars somebody from signing a gate, in few words.
_BARRING: dict[tuple[str, ...], tuple[str, str]] = {
    ("self-submitted",): ("报送过其依据材料的", "delivered evidence of it"),
    ("about-self", "about-kin"): ("人选本人或其亲属", "candidates or kin of one"),
    ("role-changed", "unknown-officer"): ("已不在任的", "no longer in that office"),
}


@dataclass(frozen=True)
class Gap:
    """A requirement that is not met: of `need` signatures `have` count; `organs` may still sign.

    `able` are the officers with a key who may sign for it, `enough` is whether it can be met by
    them, `barred` the codes why each of the others with a key may not.
    """

    requirement: str
    organs: tuple[str, ...]
    need: int
    have: int
    refused: bool
    able: tuple[str, ...]
    enough: bool
    barred: tuple[str, ...] = ()

    @property
    def text(self) -> Text:
        """Which organs, and how many officers, in words."""
        zh, en = ("/".join(Organ(one).label.render(lang=lang) for one in self.organs)
                  for lang in ("zh", "en"))  # fmt: skip
        if self.refused:
            return Text(f"{zh}（已有人拒签）", f"{en} (somebody refused)")
        left = self.need - self.have
        if not self.enough:
            why = self._why
            return Text(
                f"{zh}{left}人（无人可签：{why.zh}；可增补一名责任人员）",
                f"{en}: {left} (nobody is left who may sign: {why.en}; an officer may be added)",
            )
        return Text(f"{zh}{left}人", f"{en}: {left}")

    @property
    def _why(self) -> Text:
        """Why nobody is left: what bars how many of those with a key, and that no other has one."""
        parts = [
            Text(f"{zh}{number}人", f"{en}: {number}")
            for codes, (zh, en) in _BARRING.items()
            if (number := sum(code in codes for code in self.barred))
        ]
        if parts or self.have:
            parts.append(Text("其他人没有可用的密钥", "nobody else has a key that opens gates"))
        else:
            parts.append(Text("没有人有可用的密钥", "nobody has a key that opens gates"))
        return Text("，".join(one.zh for one in parts), ", ".join(one.en for one in parts))


@dataclass(frozen=True)
class PendingGate:
    """A gate that waits for signatures, with what its requirements have so far.

    `stale` are sign-offs and refusals for other evidence; `signing` has by place the keys that open
    gates now.
    """

    unit: UnitStatus
    stage: Stage
    entry: Decided
    places: tuple[str, ...]
    required: tuple[Requirement, ...]
    acts: tuple[GateAct, ...]
    signed: tuple[Key, ...]
    refused: tuple[Key, ...]
    stale: tuple[GateAct, ...]
    keys: Keyring
    signing: Mapping[str, Sequence[Key]]

    def gaps(self, more: tuple[Key, ...] = ()) -> list[Gap]:
        """The requirements that are not met; `more` are keys that would sign besides."""
        signed = (*self.signed, *more)
        every = [self._gap(one, signed) for one in self.required]
        return [gap for gap in every if gap.refused or gap.have < gap.need]

    def admitting(self, key: Key) -> list[Requirement]:
        """The requirements that ask for an officer of this organ and place."""
        return [one for one in self.required if _admits(one, key, self.places)]

    def barred(self, officer: str) -> str:
        """Why an officer may not sign this gate, as its decision found or by their key alone."""
        key = self.keys.of(officer)
        by_key = "one-voucher" if key and not key.full else ""
        return self.entry.barred.get(officer, by_key)

    def _asked_for(self, one: Requirement) -> list[Key]:
        """The keys that open gates, of whom a requirement asks for and who did nothing yet."""
        return [
            key
            for place in self.places
            for key in self.signing.get(place, ())
            if _admits(one, key, self.places) and not self.done_by(key.officer)
        ]

    def filled_by(self, key: Key) -> list[str]:
        """The requirements, not met yet, that this officer's signature would bring further."""
        left = {gap.requirement for gap in self.gaps()}
        return [
            one.name
            for one in self.admitting(key)
            if one.name in left and self._have(one, (*self.signed, key)) > self._have(one)
        ]

    def done_by(self, officer: str) -> set[str]:
        """What an officer did about the gate that counts: signed, refused."""
        return {act.kind for act in self.acts if act.officer == officer}

    def _have(self, one: Requirement, signed: tuple[Key, ...] | None = None) -> int:
        keys = self.signed if signed is None else signed
        return one.have(
            [(key.officer, key.organ) for key in keys if _admits(one, key, self.places)]
        )

    def _gap(self, one: Requirement, signed: tuple[Key, ...]) -> Gap:
        counted = {key.organ for key in signed if _admits(one, key, self.places)}
        organs = [organ.value for organ in one.organs]
        if len(organs) > 1:
            organs = [organ for organ in organs if organ not in counted]
        asked = self._asked_for(one)
        able = [key for key in asked if key.organ in organs and not self.barred(key.officer)]
        return Gap(
            one.name,
            tuple(organs),
            one.number,
            self._have(one, signed),
            any(_admits(one, key, self.places) for key in self.refused),
            tuple(sorted(key.officer for key in able)),
            self._have(one, (*signed, *able)) >= one.number,
            tuple(filter(None, (self.barred(key.officer) for key in asked if key.organ in organs))),
        )


class PendingSignatures:
    """Looks at every gate that waits for signatures."""

    def __init__(self, home: Home, history: History | None = None) -> None:
        """Of a home; `history` is all that its ledger says, where that is known already."""
        self._ledger = Ledger(home.ledger)
        self._history = history or history_of_gates(
            self._ledger, "outcome <> ?", Outcome.OPEN.value
        )
        self._asked = in_force(self._ledger, BlobStore(home.blobs)).authorities
        self._closed = closed_entries(self._ledger)
        self._places = Places(self._ledger)

    @property
    def keys(self) -> Keyring:
        """Every key on record."""
        return self._history.acts.keys

    @property
    def waiting(self) -> Mapping[int, Proposed]:
        """The deliveries that wait for a confirmation, by their entries."""
        return self._history.waiting

    @cached_property
    def _signing(self) -> Mapping[str, Sequence[Key]]:
        found: dict[str, list[Key]] = {}
        for key in self.keys.keys.values():
            if key.current and key.full:
                found.setdefault(key.jurisdiction, []).append(key)
        return found

    @cached_property
    def gates(self) -> list[PendingGate]:
        """Every reached gate that only signatures keep closed, by unit."""
        return list(self._gates())

    def gate(self, unit: str, stage: Stage) -> PendingGate | None:
        """A gate that is not open, whatever keeps it closed; nothing of one that is, or none."""
        entry = self._closed.get((unit, stage.value))
        return self._awaiting(statuses(self._ledger, unit)[0], stage, entry) if entry else None

    def _gates(self) -> Iterator[PendingGate]:
        for unit in statuses(self._ledger):
            stage = next((name for name, one in unit.stages.items() if one != Outcome.OPEN), None)
            entry = self._closed.get((unit.unit, stage)) if stage else None
            if (
                stage
                and entry
                and waits_for_signatures(closing_checks(entry.findings), Stage(stage))
            ):
                yield self._awaiting(unit, Stage(stage), entry)

    def _awaiting(self, unit: UnitStatus, stage: Stage, entry: Decided) -> PendingGate:
        acts = self._counting(unit.unit, stage)
        level, body = Level(unit.level), Body(unit.body)
        return PendingGate(
            unit,
            stage,
            entry,
            self._places.above(unit.jurisdiction),
            self._asked.signers(stage, level, body),
            acts,
            tuple(self.keys.keys[act.key] for act in acts if isinstance(act, Signed)),
            tuple(self.keys.keys[act.key] for act in acts if isinstance(act, Refused)),
            self._history.on_other_evidence((unit.unit, stage.value)),
            self.keys,
            self._signing,
        )

    def _counting(self, unit: str, stage: Stage) -> tuple[GateAct, ...]:
        """The sign-offs and refusals of a gate that count, as far as the ledger alone says."""
        return tuple(
            act
            for act in self._history.acts.of(unit, stage.value)
            if isinstance(act, Signed | Refused)
            and self._history.weight(act).state in (COUNTS, UNDECIDED)
        )


def _admits(one: Requirement, key: Key, places: tuple[str, ...]) -> bool:
    return one.admits(key.organ, key.jurisdiction, places)
