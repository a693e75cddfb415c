"""Entries of acts on evaluators' keys: enrolled, vouched for, rotated, revoked."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.entries.base import Digest, Entry, Envelope
from schemas.entries.signed import SignedAct
from schemas.text import Text


@dataclass(frozen=True, slots=True)
class EvaluatorAct(SignedAct, Entry):
    """An act on the evaluator's key `key`."""

    key: Digest
    envelope: Envelope

    @property
    def by(self) -> str:
        """The officer who acted, or nobody."""
        return ""

    @property
    def line(self) -> Text:
        """Which key, and what became of it by whom."""
        by = Text(f"（{self.by}）", f" ({self.by})") if self.by else Text("", "")
        return Text(
            f"{self.label.zh} {self.key[:12]}{by.zh}", f"{self.label.en}: {self.key[:12]}{by.en}"
        )


@dataclass(frozen=True, slots=True)
class OfficersAct(EvaluatorAct):
    """One by an officer, signed with their key `officer_key`."""

    officer: str
    officer_key: Digest

    @property
    def by(self) -> str:
        """The officer who acted."""
        return self.officer


@dataclass(frozen=True, slots=True)
class EvaluatorEnrolled(OfficersAct):
    """After a revocation an officer brings another key; `public` are its raw bytes in base64."""

    kind = "evaluator-enrolled"
    label = Text("登记核查密钥", "evaluator's key enrolled")
    roles = (("officer", "enroller"),)

    public: str


@dataclass(frozen=True, slots=True)
class EvaluatorVouched(OfficersAct):
    """An officer of another organ puts it in force."""

    kind = "evaluator-vouched"
    label = Text("核验确认核查密钥", "evaluator's key vouched for")
    roles = (("officer", "voucher"),)


@dataclass(frozen=True, slots=True)
class EvaluatorRotated(EvaluatorAct):
    """A new key in the place of the key `previous`, which signed for it."""

    kind = "evaluator-rotated"
    label = Text("更换核查密钥", "evaluator's key rotated")

    public: str
    previous: Digest


@dataclass(frozen=True, slots=True)
class EvaluatorRevoked(OfficersAct):
    """What the key decided stands in for nothing; `reason` is the digest of a text."""

    kind = "evaluator-revoked"
    label = Text("吊销核查密钥", "evaluator's key revoked")
    roles = (("officer", "revoker"),)

    reason: str
