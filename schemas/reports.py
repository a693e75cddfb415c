"""What people read about gates: the board, and what each closed gate still needs.

Rules: ids, terms, counts and jurisdiction names only, never people's data; every text in the
reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.decisions import CLOSING, sign_off_code, unpacked
from schemas.findings import Finding
from schemas.handoffs import HANDOFFS, handoff_code
from schemas.rules.catalogue import RULES, reason_text
from schemas.text import Language, Text
from schemas.vocabulary import Organ, Stage


def check_title(code: str, lang: Language | None = None) -> str:
    """The title of a check, of a gate's sign-offs or of a hand-off."""
    rule = RULES.get(code)
    if rule:
        return rule.title.render(lang=lang)
    if is_sign_off(code):
        return Text("会签", "sign-offs").render(lang=lang)
    stage = next((stage for stage in Stage if handoff_code(stage) == code), None)
    if stage is None:
        return code
    title = HANDOFFS[stage].title
    return Text(f"交接：{title.zh}", f"hand-off: {title.en}").render(lang=lang)


def is_sign_off(code: str) -> bool:
    """Whether a finding is about signatures and not about evidence."""
    return any(code == sign_off_code(stage) for stage in Stage)


def provider_of(code: str, lang: Language | None = None) -> str:
    """Who can supply what a check misses."""
    if is_sign_off(code):
        return Text("应签字的机关", "the organs that sign").render(lang=lang)
    return provider_organ(code).label.render(lang=lang)


def provider_organ(code: str) -> Organ:
    """The organ that can supply what a check misses, or what a hand-off does."""
    rule = RULES.get(code)
    return rule.provider if rule else Organ.ORGANISATION


def finding_reason(finding: Finding, lang: Language | None = None) -> str:
    """A finding's reason in words."""
    return reason_text(finding.check, finding.reason, finding.arguments, lang)


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed gate: where, and what its entry in the ledger says."""

    unit: str
    name: str
    body: str
    stage: Stage
    outcome: str
    findings: Mapping[str, Mapping[str, list[object]]]

    def closing(self) -> list[Finding]:
        """What keeps it closed, failures first."""
        return [one for one in unpacked(self.findings) if one.status in CLOSING]
