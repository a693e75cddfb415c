"""Entries of what gates said: decisions, objections, and the closing entries of stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from schemas import words
from schemas.decisions import Carried
from schemas.entries.base import (
    Digest,
    Findings,
    Numbers,
    OnGate,
    Reopened,
    Texts,
    read_carried,
    read_codes,
    read_findings,
    read_outcome,
    read_reopened,
    read_void,
)
from schemas.text import Text, plural


@dataclass(frozen=True, slots=True)
class Decided(OnGate):
    """A gate's decision, as `schemas.decisions.Decision` has it; who ran it by which code.

    `carried` says what was added since acts that count all the same; `reopened` is there where it
    closes a gate that stood open; `signature` is that of the key `evaluator`, over the rest of the
    entry.
    """

    kind = "decided"
    label = Text("决定", "decision")
    roles = (("signers", "counted"),)
    announced = ("unit", "stage", "outcome", "reopened")

    outcome: Annotated[str, read_outcome]
    policy: Digest
    evidence: Digest
    position: int
    findings: Annotated[Findings, read_findings]
    signers: Texts
    sign_offs: Numbers
    waivers: Numbers
    void: Annotated[Mapping[int, str], read_void]
    carried: Annotated[Mapping[int, Carried], read_carried]
    since: int
    barred: Annotated[Mapping[str, str], read_codes]
    reopened: Annotated[Reopened | None, read_reopened]
    decision: Digest
    code: str
    run: str | None
    evaluator: Digest
    signature: str

    @property
    def causes(self) -> Text:
        """Why a gate that stood open was closed, or nothing."""
        found = self.reopened.causes if self.reopened else ()
        return words.joined([words.named(words.CAUSES, cause) for cause in found])

    @property
    def _said(self) -> Text:
        outcome = words.named(words.GATE_STATES, self.outcome)
        if self.reopened is None:
            return outcome
        of, why = self.reopened.of, self.causes
        return Text(
            f"{outcome.zh}；暂停记录第{of}号的通过：{why.zh}",
            f"{outcome.en}; closes the open decision {of}: {why.en}",
        )


@dataclass(frozen=True, slots=True)
class HandedOn(OnGate):
    """The closing entry of a stage for a unit: by which decision, and the digest of what went."""

    kind = "handed-on"
    label = Text("交接", "hand-off")
    roles = (("signers", "counted"),)
    announced = ("unit", "stage")

    decision: int
    digest: Digest
    evidence: Digest
    policy: Digest
    signers: Texts
    sign_offs: Numbers
    waivers: Numbers
    evaluator: Digest
    signature: str

    @property
    def _said(self) -> Text:
        return Text(f"依据记录第{self.decision}号交接", f"handed on by decision {self.decision}")


@dataclass(frozen=True, slots=True)
class Objected(OnGate):
    """What would close a gate of a concluded unit, which stays concluded by the entry `handed_on`.

    `outcome` and `decision` are those of the decision that is not made, `findings` what would close
    the gate, `objection` the digest by which officers name all of it when they rule.
    """

    kind = "objected"
    label = Text("异议", "objection")
    announced = ("unit", "stage", "outcome")

    outcome: Annotated[str, read_outcome]
    policy: Digest
    evidence: Digest
    position: int
    findings: Annotated[Findings, read_findings]
    handed_on: int
    decision: Digest
    objection: Digest
    code: str
    run: str | None
    evaluator: Digest
    signature: str

    @property
    def _said(self) -> Text:
        closing = sum(len(items) for by in self.findings.values() for items in by.values())
        return Text(
            f"对已完成的单位（记录第{self.handed_on}号）提出异议，{closing}项未通过",
            f"objection to the unit concluded by entry {self.handed_on}, "
            f"{plural(closing, 'finding')} would close it",
        )
