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
