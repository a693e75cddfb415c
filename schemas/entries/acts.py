"""Entries of what officers did: acts on keys and about gates, and attempts that were refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from schemas import words
from schemas.entries.base import (
    Day,
    Digest,
    Entry,
    Envelope,
    OnGate,
    StageOrNone,
    read_verdict,
)
from schemas.entries.signed import SignedAct
from schemas.text import Text


@dataclass(frozen=True, slots=True)
class KeyAct(SignedAct, Entry):
    """An act about the key `key` of an officer."""

    act: ClassVar[str]

    officer: str
    key: Digest
    envelope: Envelope

    @property
    def actor(self) -> tuple[str, str]:
        """Who acted, and with which other key, if with another."""
        return self.officer, ""

    @property
    def line(self) -> Text:
        """Whose key, and what became of it by whom."""
        officer, (by, _) = self.officer, self.actor
        if by == officer:
            return Text(f"{officer} {self.label.zh}", f"{officer}: {self.label.en}")
        return Text(f"{by} {self.label.zh}（{officer}）", f"{officer}: {self.label.en} by {by}")


@dataclass(frozen=True, slots=True)
class NewKey(KeyAct):
    """A key that was not known before: `public` are its raw bytes in base64."""

    organ: str
    jurisdiction: str
    public: str


@dataclass(frozen=True, slots=True)
class KeyEnrolled(NewKey):
    """An officer's key, signed by itself."""

    kind = "key-enrolled"
    act = "enrol"
    label = Text("登记密钥", "key enrolled")
    roles = (("officer", "holder"),)


@dataclass(frozen=True, slots=True)
class KeyVouched(KeyAct):
    """An officer of another organ vouches for a key."""

    kind = "key-vouched"
    act = "vouch"
    label = Text("核验确认密钥", "key vouched for")
    roles = (("officer", "holder"), ("voucher", "voucher"))

    voucher: str
    voucher_key: Digest

    @property
    def actor(self) -> tuple[str, str]:
        """Who vouched."""
        return self.voucher, self.voucher_key


@dataclass(frozen=True, slots=True)
class KeyRotated(NewKey):
    """A new key in the place of the key `previous`."""

    kind = "key-rotated"
    act = "rotate"
    label = Text("更换密钥", "key rotated")
    roles = (("officer", "holder"),)

    previous: Digest


@dataclass(frozen=True, slots=True)
class KeyRevoked(KeyAct):
    """A key counts no more, nor whatever it ever signed; `reason` is the digest of a text."""

    kind = "key-revoked"
    act = "revoke"
    label = Text("吊销密钥", "key revoked")
    roles = (("officer", "holder"), ("by", "revoker"))

    by: str
    by_key: Digest
    reason: str

    @property
    def actor(self) -> tuple[str, str]:
        """Who revoked it."""
        return self.by, self.by_key


@dataclass(frozen=True, slots=True)
class GateAct(SignedAct, OnGate):
    """What an officer signed about a gate."""

    announced: ClassVar[tuple[str, ...]] = ("unit", "stage")

    officer: str
    key: Digest
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Signed(GateAct):
    """An officer signs a gate open."""

    kind = "signed"
    label = Text("会签", "sign-off")
    roles = (("officer", "signer"),)

    @property
    def _said(self) -> Text:
        return Text(f"{self.officer} 签字", f"signed by {self.officer}")


@dataclass(frozen=True, slots=True)
class Refused(GateAct):
    """An officer refuses to sign a gate."""

    kind = "refused"
    label = Text("拒签", "refusal")
    roles = (("officer", "refuser"),)

    @property
    def _said(self) -> Text:
        return Text(f"{self.officer} 拒签", f"refused by {self.officer}")


@dataclass(frozen=True, slots=True)
class Waived(GateAct):
    """An officer excepts one subject from a check, until a day."""

    kind = "waived"
    label = Text("例外审批", "waiver")
    roles = (("officer", "waiver"),)
    announced = ("unit", "stage", "check")

    check: str
    subject: str
    until: Day

    @property
    def _said(self) -> Text:
        name, officer, subject = words.check_name(self.check), self.officer, self.subject
        return Text(
            f"{officer} 批准 {subject} 免于“{name.zh}”，至{self.until}",
            f"{officer} waives {name.en} for {subject} until {self.until}",
        )


@dataclass(frozen=True, slots=True)
class Withdrawn(GateAct):
    """An officer takes back the act of the entry `of`."""

    kind = "withdrawn"
    label = Text("撤回", "withdrawal")
    roles = (("officer", "withdrawer"),)

    of: int

    @property
    def _said(self) -> Text:
        return Text(f"{self.officer} 撤回记录第{self.of}号", f"{self.officer} takes back {self.of}")


@dataclass(frozen=True, slots=True)
class Ruled(GateAct):
    """An officer rules on the entry `of`: on an objection, or on a refusal."""

    kind = "ruled"
    label = Text("裁定", "ruling")
    roles = (("officer", "ruler"),)
    announced = ("unit", "stage", "of", "verdict")

    of: int
    verdict: Annotated[str, read_verdict]

    @property
    def _said(self) -> Text:
        verdict = words.named(words.VERDICTS, self.verdict)
        return Text(
            f"{self.officer} 对记录第{self.of}号裁定：{verdict.zh}",
            f"ruling by {self.officer} on entry {self.of}: {verdict.en}",
        )


@dataclass(frozen=True, slots=True)
class Attempted(Entry):
    """Something that was tried and refused, with the code why; unit and stage may be empty."""

    kind = "attempted"
    label = Text("被拒办理", "refused attempt")
    roles = (("officer", "attempter"),)
    announced = ("unit", "stage")

    act: str
    unit: str
    stage: StageOrNone
    officer: str
    code: str

    @property
    def of_unit(self) -> str:
        """The unit."""
        return self.unit

    @property
    def of_stage(self) -> str:
        """The stage."""
        return self.stage

    @property
    def line(self) -> Text:
        """Who tried what, and why not."""
        act, why = words.named(words.ACTS, self.act), words.fault_name(self.code)
        who = f"{self.officer} " if self.officer else ""
        return Text(f"{who}{act.zh}未受理：{why.zh}", f"{who}{act.en} refused: {why.en}")
