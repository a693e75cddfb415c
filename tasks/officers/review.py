"""What is shown to whoever signs a gate, or refuses to: on the screen, and in what they sign.

Rules: it is what the decision that they looked at says (its day, outcome and findings), and which
rows changed since the gate was signed or refused on other evidence before; a statement says it in
numbers. A decision may be named as long as the one that stands says the same, whoever signed
meanwhile: another day alone takes nothing away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.decisions import found_by_check, same_but_for_signatures
from schemas.entries import Decided, GateAct, Refused, Signed
from schemas.statements import SignOff, Statement
from schemas.vocabulary import Stage
from tasks.changes import Change, counted, since
from tasks.gate.snapshot import Snapshot


@dataclass(frozen=True)
class Review:
    """A decision, and the rows that changed since the act `since` on other evidence before it."""

    entry: Decided
    since: GateAct | None
    changes: tuple[Change, ...]

    @property
    def said(self) -> dict[str, Any]:
        """How a statement says it."""
        since = self.since and {"entry": self.since.seq, "changes": counted(self.changes)}
        return {
            "decided": self.entry.seq,
            "on": self.entry.on,
            "outcome": self.entry.outcome,
            "findings": found_by_check(self.entry.findings),
            "since": since,
        }

    def fault(self, stands: Decided) -> str:
        """Why it is not what the current decision says, or nothing."""
        if stands.seq == self.entry.seq:
            return ""
        if stands.evidence != self.entry.evidence:
            return "moved"
        return "" if same_findings(self.entry, stands) else "other-findings"


def same_findings(one: Decided, other: Decided) -> bool:
    """Whether two decisions on a gate found the same, signatures aside."""
    found = found_by_check(one.findings), found_by_check(other.findings)
    return same_but_for_signatures(*found, Stage(one.stage))


def review_of(snapshot: Snapshot, entry: Decided) -> Review:
    """What a decision says, at the moment of a snapshot.

    Raises:
        BlobError: a blob is missing or was changed.
    """
    acts = snapshot.history.acts.of(entry.unit, entry.stage)
    before = [one for one in acts if isinstance(one, Signed | Refused) and one.seq < entry.seq]
    others = [one for one in before if one.said.evidence != entry.evidence]
    if not others:
        return Review(entry, None, ())
    return Review(entry, others[-1], tuple(since(snapshot, others[-1]).changes))


def statement_fault(said: Statement, review: Review) -> str:
    """Why a statement does not say what was shown, or nothing; the old one says nothing of it."""
    if not isinstance(said.predicate, SignOff):
        return "other-act"
    own = said.predicate.model_dump()
    same = said.evidence == review.entry.evidence
    same = same and all(own[name] == value for name, value in review.said.items())
    return "" if same else "other-findings"
