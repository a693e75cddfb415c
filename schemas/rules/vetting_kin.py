"""Rules of vetting about relatives' offices, and how old what was reviewed may be."""

from __future__ import annotations

from schemas.rules.base import NamedBy, Reach, Rule, read
from schemas.rules.returns import return_reasons
from schemas.rules.selections import documents, of_proposed, proposed, returned
from schemas.text import Text
from schemas.vocabulary import DocumentKind, Organ

KIN_OFFICES = Rule(
    code="vetting.kin-offices",
    title=Text("亲属任职回避", "No kin under one's lead, or over its people and money"),
    reads=(
        proposed("post person"),
        read("posts", "unit post kind"),
        read(
            "kin_offices",
            "person relative relationship works_at organ office leaves_on",
            NamedBy("person", ((proposed("person"), "person"),)),
            reach=Reach.ANCESTORS,
        ),
        read("calendar", "unit session_closes_on"),
        *returned("kin_offices"),
    ),
    model="NoParameters",
    provider=Organ.ORGANISATION,
    reasons={
        "no-post": Text("所提职位不在本单位的职位台账", "the post is not on record for the unit"),
        "no-calendar": Text(
            "亲属{relative}将于{leaves}调离，没有换届时间表，无法判断是否及时",
            "{leaves} is when {relative} is to leave; without a calendar nobody knows if in time",
        ),
        "under-the-lead": Text(
            "亲属{relative}（{relationship}）在所领导的机关或其部门担任领导职务，且不调离",
            "relative {relative} ({relationship}) leads a part of the organ that the candidate is "
            "to lead, and stays",
        ),
        "people-and-money": Text(
            "亲属{relative}（{relationship}）在所领导的机关从事组织人事、纪检监察、审计或财务工作，且不调离",
            "relative {relative} ({relationship}) works on personnel, discipline, supervision, "
            "audit or finance in the organ that the candidate is to lead, and stays",
        ),
        **return_reasons("亲属任职", "relatives' offices"),
    },
    absolute=True,
)

FREEZE = Rule(
    code="vetting.freeze",
    title=Text("审核结果不早于冻结日期", "No review is older than the freeze date"),
    reads=(
        proposed(),
        of_proposed("reviews", "item answered_on result"),
        documents(DocumentKind.FREEZE_DATE),
    ),
    model="NoParameters",
    provider=Organ.ORGANISATION,
    reasons={
        "no-freeze": Text("没有规定冻结日期", "no freeze date was set"),
        "not-reviewed": Text("没有审核记录", "no review is on record"),
        "not-required": Text("无需审核", "no review is due"),
        "not-answered": Text("尚未答复", "has no result yet"),
        "too-early": Text(
            "结果日期{answered}早于冻结日期{freeze}，应重新征求",
            "answered on {answered}, before the freeze date {freeze}; ask again",
        ),
    },
)

RULES: tuple[Rule, ...] = (KIN_OFFICES, FREEZE)
