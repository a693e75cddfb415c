"""Evidence of the parts of a vote: halls, boxes and tally sheets, and the signs of the method.

Rules: a vote that was counted whole has no rows here; of one that was counted in parts every part
has its row, and the count of each part stands for itself, once for each of the two counts.
"""

from __future__ import annotations

from typing import Annotated

from schemas.columns import CandidateId, Column, PostId, Row, UnitId, Whole, count, identifier, term
from schemas.registers.election import Round
from schemas.vote_terms import CountRole, HallKind, Mark, Sign

HallId = Annotated[str, *identifier("会场编号", "hall", "h-1")]


def papers(zh: str, en: str, example: int) -> Column:
    """A number of papers that a tally sheet leaves empty."""
    return Column(
        zh,
        en,
        "整数（张）；计票单只填有效票，其余留空",
        "a whole number (papers); a tally sheet has its valid papers alone, the rest is empty",
        example,
    )


class Hall(Row):
    """The papers of one hall, box or tally sheet of a vote (分会场发票收票记录)."""

    unit: UnitId
    post: PostId
    round: Round
    hall: HallId
    kind: Annotated[HallKind, term("类别", "kind", "hall")]
    issued: Annotated[Whole | None, papers("发出", "issued", 90)] = None
    returned: Annotated[Whole | None, papers("收回", "returned", 90)] = None
    not_returned: Annotated[Whole | None, papers("未收回", "not returned", 0)] = None
    valid: Annotated[Whole, count("有效票", "valid", 89, "张", "papers")]
    void: Annotated[Whole | None, papers("废票", "void", 1)] = None
    scrutineers: Annotated[
        Whole | None,
        Column(
            "监票人数",
            "scrutineers",
            "流动票箱填写随行监票人数；其他留空",
            "how many went with a mobile box; else empty",
            2,
        ),
    ] = None


class HallTally(Row):
    """What one count found for one candidate in one part of a vote (分会场计票单)."""

    unit: UnitId
    post: PostId
    round: Round
    hall: HallId
    candidate: CandidateId
    role: Annotated[CountRole, term("计票", "count", "first")]
    in_favour: Annotated[Whole, count("赞成", "in favour", 80, "票", "votes")]
    against: Annotated[Whole, count("反对", "against", 6, "票", "votes")]
    abstained: Annotated[Whole, count("弃权", "abstained", 3, "票", "votes")]
    unclear: Annotated[
        Whole | None,
        Column(
            "无法辨认",
            "unreadable",
            "没有时留空",
            "empty where there is none",
            0,
        ),
    ] = None


class MarkSign(Row):
    """What a sign means by the adopted method (选举办法规定的符号)."""

    unit: UnitId
    sign: Annotated[Sign, term("符号", "sign", "circle")]
    meaning: Annotated[Mark, term("含义", "meaning", "in-favour")]
