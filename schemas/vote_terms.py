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


class DeputyElection(Term):
    """By whom deputies are elected (选举法 art. 3)."""

    BY_VOTERS = "by-voters", "选民直接选举", "by voters"
    BY_CONGRESS = "by-congress", "下级人大选举上级代表", "by the congress below"


class ElectedAs(Term):
    """What somebody was elected to be."""

    DEPUTY = "deputy", "代表", "deputy"
    POST = "post", "领导职务", "a leading post"


class VoidGround(Term):
    """By what an election is void (选举法 art. 35, 58)."""

    FOREIGN_FUNDING = "foreign-funding", "接受境外资助", "money from abroad"
    BRIBERY = "bribery", "贿赂选民或者代表", "bribery of voters or deputies"
    COERCION = "coercion", "暴力、威胁、欺骗等手段", "violence, threats or deceit"
    FORGERY = "forgery", "伪造选举文件、虚报票数", "forged papers or false counts"
    RETALIATION = "retaliation", "压制、报复控告检举人", "retaliation against who reports"


class DeputyStatus(Term):
    """Whether a deputy is in office (代表法 art. 61, 62)."""

    IN_OFFICE = "in-office", "在任", "in office"
    SUSPENDED = "suspended", "暂停执行职务", "suspended"
    ENDED = "ended", "资格终止", "ended"
