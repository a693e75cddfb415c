"""Rules about what follows an election: the approval of a chief procurator, void elections."""

from __future__ import annotations

from schemas.rules.base import Among, NamedBy, Rule, read
from schemas.text import Text
from schemas.vocabulary import Organ, PostKind

_PROCURATORS = read("posts", "unit post kind", Among("kind", (PostKind.CHIEF_PROCURATOR.value,)))

PROCURATOR_APPROVAL = Rule(
    code="result.procurator-approval",
    title=Text("当选检察长报上一级批准", "A chief procurator is approved by the level above"),
    reads=(
        _PROCURATORS,
        read(
            "results",
            "unit post candidate elected voided_on",
            NamedBy("post", ((_PROCURATORS, "post"),)),
        ),
        read(
            "approvals",
            "unit candidate proposed_at approved_by approved_at approved_on took_office_on",
        ),
    ),
    model="NoParameters",
    provider=Organ.STANDING_COMMITTEE,
    reasons={
        "nobody-elected": Text("没有选举检察长", "no chief procurator was elected"),
        "not-asked-yet": Text(
            "当选后报上一级批准，尚未报批，不影响宣布结果",
            "the approval follows the election and has not been asked for yet; the result stands",
        ),
        "proposed-by-another": Text(
            "由{place}的检察长提请，应由上一级（{above}）人民检察院检察长提请",
            "proposed by the chief procurator of {place}, not by that of the level above, {above}",
        ),
        "approved-by-another": Text(
            "由{place}的{organ}批准，应由上一级（{above}）人大常委会批准",
            "approved by {organ} of {place}, not by the standing committee of the level above, "
            "{above}",
        ),
        "took-office-unapproved": Text("{took}就职，尚未批准", "took office on {took}, unapproved"),
        "took-office-before": Text(
            "{took}就职，{approved}才批准",
            "took office on {took}, before the approval of {approved}",
        ),
        "not-approved-yet": Text(
            "已报批，尚未批准，也未就职", "asked for; neither approved nor in office yet"
        ),
    },
    absolute=True,
)

VOID_ELECTIONS = Rule(
    code="result.void-elections",
    title=Text("当选无效依法宣布", "An election found void is declared void"),
    reads=(
        read(
            "void_elections",
            "finding unit elected_as candidate ground decided_on voided_on",
        ),
        read("results", "unit post candidate elected voided_on"),
    ),
    model="NoParameters",
    provider=Organ.DISCIPLINE,
    reasons={
        "none": Text("没有当选无效的认定", "no election was found void"),
        "no-candidate": Text(
            "当选领导职务的，应填写人选编号", "of a leading post the candidate is to be named"
        ),
        "not-elected": Text("人选{candidate}没有当选", "candidate {candidate} was not elected"),
        "stands": Text(
            "{decided}认定“{ground}”，当选无效，但没有宣布",
            "found on {decided}: {ground}; the election is void and was not declared so",
        ),
        "voided-before-decided": Text(
            "{voided}宣布无效，早于认定日期{decided}",
            "declared void on {voided}, before the finding of {decided}",
        ),
        "result-stands": Text(
            "当选无效已宣布，人选{candidate}的选举结果仍登记为当选",
            "declared void, yet the result of candidate {candidate} still says elected",
        ),
    },
    absolute=True,
)

RULES: tuple[Rule, ...] = (VOID_ELECTIONS, PROCURATOR_APPROVAL)
