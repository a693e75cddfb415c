"""Evidence about a session beside its votes: the method's differentials, introductions, approvals.

Rules: what the adopted method says of each post is a row of its own; a chief procurator's approval
by the level above follows the election and may still be to come; that an election is void is
decided by a named officer, never computed.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from schemas.columns import (
    JURISDICTION_PATTERN,
    CandidateId,
    Column,
    DocumentNumber,
    OfficerId,
    PostId,
    Row,
    UnitId,
    Whole,
    count,
    day,
    identifier,
    term,
)
from schemas.registers.inspection import OptionalCandidate
from schemas.vocabulary import Organ
from schemas.vote_terms import DeputyElection, ElectedAs, VoidGround


class Differential(Row):
    """How many candidates more than seats the adopted method gives a post (地方组织法 art. 27)."""

    unit: UnitId
    post: PostId
    more: Annotated[Whole, count("差额数", "candidates more than seats", 1, "名", "candidates")]
    document: DocumentNumber


class Introduction(Row):
    """An occasion on which candidates for deputy were introduced (选举法 art. 34)."""

    introduction: Annotated[str, *identifier("介绍编号", "introduction", "i-640302-01")]
    unit: UnitId
    election: Annotated[DeputyElection, term("何种代表选举", "election", "by-congress")]
    introduced_on: Annotated[date, day("介绍日期", "introduced on", "2016-11-21")]
    occasion: Annotated[
        str,
        Field(min_length=1, max_length=60),
        Column("场合", "occasion", "在何处介绍", "where it was", "第四代表团会议"),
    ]


def _place(zh: str, en: str) -> tuple[object, Column]:
    return Field(pattern=JURISDICTION_PATTERN), Column(
        zh, en, "行政区划代码", "code of the place to which it belongs", "640300"
    )


class Approval(Row):
    """The approval of an elected chief procurator by the level above (地方组织法 art. 11)."""

    unit: UnitId
    candidate: CandidateId
    proposed_at: Annotated[str, *_place("提请批准的检察院所在地", "proposed by the procuracy at")]
    approved_by: Annotated[Organ, term("批准机关", "approved by", "standing-committee")]
    approved_at: Annotated[str, *_place("批准机关所在地", "approving organ at")]
    approved_on: Annotated[
        date | None,
        Column(
            "批准日期",
            "approved on",
            "尚未批准的留空",
            "empty while it is not approved",
            "2016-12-20",
        ),
    ] = None
    took_office_on: Annotated[date | None, day("就职日期", "took office on", "2016-12-22")] = None


class VoidElection(Row):
    """A finding by which an election is void (选举法 art. 35, 58)."""

    finding: Annotated[str, *identifier("认定编号", "finding id", "f-640302-01")]
    unit: UnitId
    elected_as: Annotated[ElectedAs, term("当选为", "elected as", "deputy")]
    candidate: OptionalCandidate = None
    ground: Annotated[VoidGround, term("情形", "ground", "bribery")]
    officer: OfficerId
    decided_on: Annotated[date, day("认定日期", "decided on", "2016-12-01")]
    voided_on: Annotated[
        date | None,
        Column(
            "宣布当选无效日期",
            "declared void on",
            "当选的必填",
            "needed where the person was elected",
            "2016-12-02",
        ),
    ] = None
