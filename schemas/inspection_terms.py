"""The terms of the inspection: which teams watch a cycle, how a case ended, to what it leads."""

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


class DisciplineList(Term):
    """The lists of prohibitions of term changes, and those for villages, which are another text."""

    NINE_2016 = "nine-2016", "九严禁九一律（2016）", "nine prohibitions (2016)"
    TEN_2021 = "ten-2021", "十严禁（2021）", "ten prohibitions (2021)"
    TEN_2026 = "ten-2026", "十严禁（2026）", "ten prohibitions (2026)"
    VILLAGE = "village", "村“两委”换届纪律", "the list for village committees"
    OTHER = "other", "其他", "another list"


class Effect(Term):
    """What a decided breach of the prohibitions leads to (九个一律)."""

    EXCLUDED = "excluded", "排除出人选名单", "excluded from the slate"
    SUSPENDED = "suspended", "停职", "suspended"
    NO_PROMOTION = "no-promotion", "不得提拔使用", "not to be promoted"
    DISCIPLINED = "disciplined", "纪律处分", "disciplined"
    REGISTERED = "registered", "记录在案", "put on record"
    VOIDED = "voided", "宣布无效", "declared void"
    HELD_RESPONSIBLE = "held-responsible", "追究责任", "held responsible"
    TRANSFERRED = "transferred", "移送处理", "transferred"
