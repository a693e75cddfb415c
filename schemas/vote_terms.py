"""The terms of a vote: what it is for, who counts, and what a paper says of a candidate."""

from __future__ import annotations

from schemas.vocabulary import Term


class CountRole(Term):
    """The two independent counts."""

    FIRST = "first", "第一计票", "first count"
    SECOND = "second", "第二计票", "second count"


class Mark(Term):
    """What a paper says of one candidate (地方组织法 art. 28); one mark may be unreadable."""

    IN_FAVOUR = "in-favour", "赞成", "in favour"
    AGAINST = "against", "反对", "against"
    ABSTAINED = "abstained", "弃权", "abstained"
    UNCLEAR = "unclear", "无法辨认", "unreadable"


class StaffRole(Term):
    """Who handles the ballot papers."""

    SCRUTINEER = "scrutineer", "监票人", "scrutineer"
    TELLER = "teller", "计票人", "teller"


class VoteKind(Term):
    """What a ballot is for (地方组织法 art. 29)."""

    FIRST_VOTE = "first-vote", "首次投票", "first vote"
    TIE_BREAK = "tie-break", "再次投票", "vote among the tied"
    FURTHER = "further", "另行选举", "further election"


class PaperCount(Term):
    """The numbers of papers that halls and tally sheets add up to (发票收票记录)."""

    ISSUED = "issued", "发出", "issued"
    RETURNED = "returned", "收回", "returned"
    NOT_RETURNED = "not-returned", "未收回", "not returned"
    VALID = "valid", "有效票", "valid"
    VOID = "void", "废票", "void"


class HallKind(Term):
    """Where, or on what, a part of a vote was counted."""

    HALL = "hall", "会场", "hall"
    BOX = "box", "票箱", "ballot box"
    MOBILE_BOX = "mobile-box", "流动票箱", "mobile ballot box"
    SHEET = "sheet", "计票单", "tally sheet"


class Sign(Term):
    """What a voter puts beside a name."""

    CIRCLE = "circle", "○", "circle"
    TICK = "tick", "√", "tick"
    CROSS = "cross", "×", "cross"
    TRIANGLE = "triangle", "△", "triangle"
    NONE = "none", "不作记号", "no mark"


class DeputyStatus(Term):
    """Whether a deputy is in office (代表法 art. 61, 62)."""

    IN_OFFICE = "in-office", "在任", "in office"
    SUSPENDED = "suspended", "暂停执行职务", "suspended"
    ENDED = "ended", "资格终止", "ended"
