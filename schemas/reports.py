"""What people read about gates: the board, and what each closed gate still needs.

Rules: ids, terms, counts and jurisdiction names only, never people's data; every text in the
reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.decisions import CLOSING, unpacked
from schemas.findings import Finding
from schemas.handoffs import HANDOFFS, handoff_code
from schemas.names import CHECK, NAME, PROVIDER, REASON, STATUS, SUBJECT, UNIT, unit_name
from schemas.rules.catalogue import RULES, reason_text
from schemas.text import Language, Text
from schemas.vocabulary import OUTCOME_LABELS, Organ, Stage, Status

SIGNS = {"open": "🟢", "waiting": "🟡", "blocked": "🔴", "not_reached": "⚪"}


def check_title(code: str, lang: Language | None = None) -> str:
    """The title of a check or of a hand-off."""
    rule = RULES.get(code)
    if rule:
        return rule.title.render(lang=lang)
    stage = next((stage for stage in Stage if handoff_code(stage) == code), None)
    if stage is None:
        return code
    title = HANDOFFS[stage].title
    return Text(f"交接：{title.zh}", f"hand-off: {title.en}").render(lang=lang)


def provider_of(code: str, lang: Language | None = None) -> str:
    """Who can supply what a check misses."""
    rule = RULES.get(code)
    return (rule.provider if rule else Organ.ORGANISATION).label.render(lang=lang)


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


def missing_rows(closed: Iterable[Closed], lang: Language | None = None) -> list[dict[str, str]]:
    """A row for everything that keeps a gate closed: check, subject, reason, who can supply it."""
    return [
        {
            UNIT.render(lang=lang): gate.unit,
            NAME.render(lang=lang): unit_name(gate.name, gate.body, lang),
            CHECK.render(lang=lang): f"{check_title(one.check, lang)} ({one.check})",
            SUBJECT.render(lang=lang): one.subject,
            STATUS.render(lang=lang): Status(one.status).label.render(lang=lang),
            REASON.render(lang=lang): finding_reason(one, lang),
            PROVIDER.render(lang=lang): provider_of(one.check, lang),
        }
        for gate in closed
        for one in gate.closing()
    ]


def stage_cell(outcome: str, lang: Language | None = None) -> str:
    """An outcome as a cell of the board."""
    return f"{SIGNS[outcome]} {OUTCOME_LABELS[outcome].render(lang=lang)}"
