"""The terms of the inspection: which teams watch a cycle, how a case ended."""

from __future__ import annotations

from schemas.vocabulary import Term


class TeamKind(Term):
    """Teams that watch a cycle (监督检查突出“严”)."""

    ROVING = "roving", "巡回督导组", "roving supervision team"
    SPECIAL = "special", "专项巡察组", "special inspection team"


class CaseOutcome(Term):
    """How a case ended."""

    UNFOUNDED = "unfounded", "查无实据", "unfounded"
    CLARIFIED = "clarified", "澄清了结", "clarified"
    FOUNDED = "founded", "查证属实", "founded"
