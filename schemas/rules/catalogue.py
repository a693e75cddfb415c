"""The rules by their code, and the texts of their reasons.

Rules: a code names its stage; a reason that no rule declares has no text, and is an error.
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas import direct_terms, inspection_terms, kin_terms, vote_terms
from schemas import vocabulary as terms
from schemas.findings import Argument
from schemas.handoffs import handoff_reasons
from schemas.rules import (
    election,
    election_after,
    inspection,
    inspection_handling,
    nomination,
    plan,
    slate,
    slate_method,
    vetting,
    vetting_kin,
)
from schemas.rules.base import Rule
from schemas.text import Language, Text

RULES: dict[str, Rule] = {
    rule.code: rule
    for module in (
        plan,
        nomination,
        vetting,
        vetting_kin,
        inspection,
        inspection_handling,
        slate,
        slate_method,
        election,
        election_after,
    )
    for rule in module.RULES
}

# Of a check that broke down: it says nothing about its subject.
CRASHED = "check-crashed"
MALFORMED = "check-malformed"
BROKEN = frozenset({CRASHED, MALFORMED})

COMMON_REASONS: dict[str, Text] = {
    "nothing-on-record": Text("没有任何记录", "nothing is on record"),
    CRASHED: Text(
        "检查程序出错（{error}），关口暂停；请联系系统维护人员",
        "the check crashed ({error}); the gate stays closed; tell whoever maintains the system",
    ),
    MALFORMED: Text(
        "检查结果无法识别（{error}），关口暂停；请联系系统维护人员",
        "the check gave an answer that cannot be read ({error}); the gate stays closed; tell "
        "whoever maintains the system",
    ),
}

# What officers' acts make of a finding, whatever its check.
AUTHORITY_REASONS: dict[str, Text] = {
    "sign-off-missing": Text("应签{need}人，已签{have}人", "{have} of {need} signed"),
    "sign-off-refused": Text(
        "{organ}拒签（记录第{entry}号）", "{organ} refused to sign (ledger entry {entry})"
    ),
    "waived": Text(
        "已经例外审批（记录第{entry}号），有效期至{until}",
        "waived (ledger entry {entry}) until {until}",
    ),
}

ARGUMENT_TERMS: dict[str, type[terms.Term]] = {
    "measure": terms.MeasureKind,
    "stage": terms.Work,
    "duty": terms.Duty,
    "talk": terms.TalkKind,
    "document": terms.DocumentKind,
    "organ": terms.Organ,
    "post_kind": terms.PostKind,
    "channel": terms.Channel,
    "nomination_channel": terms.NominationChannel,
    "notice": terms.NoticeKind,
    "key_point": terms.KeyPoint,
    "publicity": terms.PublicityKind,
    "item": terms.ReviewItem,
    "result": terms.ReviewResult,
    "appraisal": terms.Appraisal,
    "sanction": terms.SanctionKind,
    "kinship": terms.Kinship,
    "relationship": kin_terms.Relationship,
    "prohibitions": inspection_terms.DisciplineList,
    "ground": vote_terms.VoidGround,
    "effect": inspection_terms.Effect,
    "rank": terms.Rank,
    "education": terms.Education,
    "level": terms.Level,
    "body": terms.Body,
    "case_outcome": inspection_terms.CaseOutcome,
    "vote": vote_terms.VoteKind,
    "count_role": vote_terms.CountRole,
    "mark": vote_terms.Mark,
    "papers": vote_terms.PaperCount,
    "roll_ground": direct_terms.RollGround,
}


def _shown(name: str, value: Argument, lang: Language | None) -> str:
    vocabulary = ARGUMENT_TERMS.get(name)
    if vocabulary and isinstance(value, str):
        parts = [vocabulary(part).label.render(lang=lang) if part in set(vocabulary) else part
                 for part in value.split(", ")]  # fmt: skip
        return Text("、", ", ").render(lang=lang).join(parts)
    return str(value)


def reason_text(
    check: str, reason: str, arguments: Mapping[str, Argument], lang: Language | None = None
) -> str:
    """A finding's reason in the reader's language; terms are shown by their label.

    Raises:
        KeyError: no rule, nor the reasons common to all, knows the reason.
    """
    if not reason:
        return ""
    rule = RULES.get(check)
    reasons = rule.reasons if rule else handoff_reasons(check)
    text = reasons.get(reason)
    shown = {name: _shown(name, value, lang) for name, value in arguments.items()}
    return (text or {**COMMON_REASONS, **AUTHORITY_REASONS}[reason]).render(shown, lang)
