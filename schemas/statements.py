"""What officers sign: in-toto statements (v1) as RFC 8785 JSON.

Rules: a statement names the cycle by the hash of its first ledger entry, so that it means nothing
in another one; its subject is the digest of what the signer saw; reasons are free text and stand
as the digest of a blob. A payload that is not exactly the canonical bytes of a statement of a known
type, with every field and no other, is no statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from schemas.canonical import canonical, digest
from schemas.vocabulary import Organ, Stage

STATEMENT = "https://in-toto.io/Statement/v1"
BARE_SIGN_OFF = "urn:termgate:sign-off:1"
SIGN_OFF = "urn:termgate:sign-off:2"
WAIVER = "urn:termgate:waiver:1"
WITHDRAWAL = "urn:termgate:withdrawal:1"
RULING = "urn:termgate:ruling:1"
KEY = "urn:termgate:key:1"
EVALUATOR = "urn:termgate:evaluator:1"
DELIVERY = "urn:termgate:delivery:1"
ADOPTION = "urn:termgate:adoption:1"
CONFIRMATION = "urn:termgate:confirmation:1"

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Reason = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]
Subject = Annotated[str, Field(min_length=1, max_length=200)]
Moment = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
Public = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]
Register = Annotated[str, Field(pattern=r"^[a-z_]{1,64}$")]
Number = Annotated[int, Field(ge=1)]


class StatementError(ValueError):
    """Bytes that are no statement of ours."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Predicate(_Strict):
    """Who says something, in which cycle, when and why."""

    cycle: Digest
    officer: Name
    organ: Name
    jurisdiction: Name
    reason: Reason
    time: Moment


class BareSignOff(Predicate):
    """An officer opens a gate, or refuses to, on the evidence that the subject's digest names.

    Releases that did not say what was looked at wrote it so.
    """

    unit: Name
    stage: Name
    policy: Digest
    decision: Literal["open", "refuse"]


class Since(_Strict):
    """How many rows of which register changed, and how, since the act of the entry `entry`."""

    entry: Number
    changes: dict[
        Register, Annotated[dict[Literal["added", "changed", "gone"], Number], Field(min_length=1)]
    ]


class SignOff(BareSignOff):
    """The same, with what the decision of the entry `decided` showed them.

    The day, the outcome, and check → status → of how many subjects; `since` where the gate was
    signed or refused on other evidence before.
    """

    decided: Number
    on: Day
    outcome: Literal["open", "waiting", "blocked"]
    findings: dict[str, dict[str, Number]]
    since: Since | None


class Waiver(Predicate):
    """An officer of the named authority excepts one subject from a check until a day."""

    unit: Name
    stage: Name
    check: Annotated[str, Field(pattern=r"^[a-z]+\.[a-z-]+$")]
    subject: Subject
    policy: Digest
    until: Day


class Withdrawal(Predicate):
    """An officer takes back what they signed; the subject's digest is that of its payload."""

    unit: Name
    stage: Name


class Ruling(Predicate):
    """An officer rejects the objection that the subject's digest names, or reopens the unit.

    Or lifts the refusal whose payload has that digest.
    """

    unit: Name
    stage: Name
    policy: Digest
    verdict: Literal["reject", "reopen", "lift"]


class Part(_Strict):
    """What is delivered to a register: digests of the file and of what became of its rows.

    `rows` are those that were accepted, `quarantine` the workbook of those that were not, `mapping`
    the map by which people's own sheets were read; each is None where there is none.
    """

    of: Annotated[Register, Field(alias="register")]
    mode: Literal["accept", "withdraw"]
    source: Digest
    rows: Digest | None
    quarantine: Digest | None
    mapping: Digest | None


class Delivery(Predicate):
    """An officer delivers to registers; the subject's digest is that of what they deliver."""

    registers: Annotated[list[Part], Field(min_length=1)]


class Confirmation(Predicate):
    """An officer confirms the delivery that the subject's digest names, or declines it."""

    verdict: Literal["confirm", "decline"]


class KeyAct(Predicate):
    """A key is enrolled, vouched for, rotated or revoked, by the officer `by`.

    `officer`, `organ` and `jurisdiction` are those of the key's holder.
    """

    act: Literal["enrol", "vouch", "rotate", "revoke"]
    public: Public
    previous: Annotated[str, Field(pattern=r"^([A-Za-z0-9+/]{43}=)?$")]
    by: Name


class EvaluatorAct(Predicate):
    """An evaluator's key is enrolled, vouched for or revoked by an officer, or rotated by itself.

    `officer`, `organ` and `jurisdiction` are those of who acts; of a rotation they are empty.
    """

    officer: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,64}$")]
    organ: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,64}$")]
    jurisdiction: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,64}$")]
    act: Literal["enrol", "vouch", "rotate", "revoke"]
    public: Public
    previous: Annotated[str, Field(pattern=r"^([A-Za-z0-9+/]{43}=)?$")]


class Adoption(Predicate):
    """An officer proposes or adopts the pack that the subject's digest names, from a day on.

    `pack` is what it is called, `policy` the pack that is in force when they sign.
    """

    act: Literal["propose", "adopt"]
    pack: Name
    policy: Digest
    starts: Day


PREDICATES: dict[str, type[Predicate]] = {
    BARE_SIGN_OFF: BareSignOff,
    SIGN_OFF: SignOff,
    WAIVER: Waiver,
    WITHDRAWAL: Withdrawal,
    RULING: Ruling,
    KEY: KeyAct,
    EVALUATOR: EvaluatorAct,
    DELIVERY: Delivery,
    ADOPTION: Adoption,
    CONFIRMATION: Confirmation,
}
TYPES = {predicate: kind for kind, predicate in PREDICATES.items()}


class Statement(_Strict):
    """What is signed: `evidence` is the digest of the subject `name`."""

    name: str
    evidence: Digest
    predicate: Predicate

    def payload(self) -> bytes:
        """The canonical bytes that are signed."""
        return canonical(
            {
                "_type": STATEMENT,
                "subject": [{"name": self.name, "digest": {"sha256": self.evidence}}],
                "predicateType": TYPES[type(self.predicate)],
                "predicate": self.predicate.model_dump(by_alias=True),
            }
        )


def subject_name(predicate: Predicate) -> str:
    """What a predicate is about, as the statement's subject names it."""
    if isinstance(predicate, Waiver):
        return f"{predicate.unit}/{predicate.check}"
    if isinstance(predicate, BareSignOff | Withdrawal | Ruling):
        return f"{predicate.unit}/{predicate.stage}"
    if isinstance(predicate, Delivery | Confirmation):
        return "delivery"
    if isinstance(predicate, Adoption):
        return "pack"
    return "evaluator" if isinstance(predicate, EvaluatorAct) else predicate.officer


def delivery(said: Mapping[str, str], registers: Sequence[Part]) -> Statement:
    """The statement of a delivery: `said` is who delivers, in which cycle, and when."""
    predicate = Delivery(**said, reason="", registers=list(registers))
    return statement(
        predicate, digest(canonical([one.model_dump(by_alias=True) for one in registers]))
    )


def statement(predicate: Predicate, evidence: str) -> Statement:
    """The statement of a predicate on what `evidence` is the digest of."""
    return Statement(name=subject_name(predicate), evidence=evidence, predicate=predicate)


_object: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


# What an officer signed is read again whenever its gate is looked at; a statement never changes.
@lru_cache(maxsize=8192)
def parse_statement(payload: bytes) -> Statement:
    """The statement in a payload.

    Raises:
        StatementError: the bytes are not exactly what we would sign.
    """
    try:
        shown = _object.validate_json(payload)
        predicate = PREDICATES[shown["predicateType"]].model_validate(shown["predicate"])
        found = statement(predicate, shown["subject"][0]["digest"]["sha256"])
        _meaningful(predicate)
    except (ValidationError, ValueError, KeyError, TypeError, IndexError) as error:
        raise StatementError("not a statement") from error
    if found.payload() != payload:
        raise StatementError("not canonical")
    return found


def _meaningful(predicate: Predicate) -> None:
    """Days, moments, stages and organs must exist, beyond their form."""
    datetime.fromisoformat(predicate.time)
    if not isinstance(predicate, EvaluatorAct) or predicate.act != "rotate":
        Organ(predicate.organ)
    if isinstance(predicate, BareSignOff | Waiver | Withdrawal | Ruling):
        Stage(predicate.stage)
    if isinstance(predicate, SignOff):
        date.fromisoformat(predicate.on)
    if isinstance(predicate, Waiver):
        date.fromisoformat(predicate.until)
    if isinstance(predicate, Adoption):
        date.fromisoformat(predicate.starts)
