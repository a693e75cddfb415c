"""Rules of a vote that was counted in parts, and of the signs that voters put on their papers."""

from __future__ import annotations

from schemas.rules.base import NamedBy, Rule, read
from schemas.rules.election_result import DECLARED_VOID
from schemas.text import Text
from schemas.vocabulary import Organ

_MARKS = "in_favour against abstained unclear"
_TALLIES = read("tallies", f"unit post round candidate role {_MARKS}")
_PARTS = read("hall_tallies", f"unit post round hall candidate role {_MARKS}")

HALLS = Rule(
    code="result.halls",
    title=Text("各会场、各计票单逐格相加等于总数", "Halls and tally sheets add up to the total"),
    reads=(
        read("ballots", "unit post round issued returned not_returned valid void voted_on present "
             "annulled"),
        read("sessions", "unit voted_on present"),
        read("halls", "unit post round hall kind issued returned not_returned valid void "
             "scrutineers"),
        _TALLIES,
        _PARTS,
        read("candidates", "candidate unit status",
             NamedBy("candidate", ((_TALLIES, "candidate"), (_PARTS, "candidate")))),
    ),
    model="NoParameters",
    provider=Organ.SCRUTINEER,
    reasons={
        "counted-whole": Text("没有分会场或分计票单计票", "no vote was counted in parts"),
        "declared-void": DECLARED_VOID,
        "no-ballot": Text(
            "这次投票的选票总数没有登记", "the papers of this vote as a whole are not on record"
        ),
        "no-hall": Text(
            "此会场（计票单）没有发票收票记录", "this hall or sheet has no record of its papers"
        ),
        "added-twice": Text(
            "同一次投票既按会场又按计票单登记，会重复相加；只登记一种",
            "the vote stands by halls and by sheets as well and would be added up twice; put one "
            "of the two on record",
        ),
        "few-scrutineers": Text(
            "流动票箱随行监票人{number}名，至少2名",
            "{number} {number:scrutineer|scrutineers} went with the mobile box; there must be two",
        ),
        "papers-lost": Text(
            "会场发出{issued}张，收回{returned}张加未收回{outstanding}张不等",
            "{issued} issued in the hall is not {returned} returned plus {outstanding} not "
            "returned",
        ),
        "papers-uncounted": Text(
            "会场收回{returned}张，有效{valid}张加废票{void}张不等",
            "{returned} returned in the hall is not {valid} valid plus {void} void",
        ),
        "not-stated": Text(
            "有的会场填了“{papers}”，有的没有填，无法相加",
            "some halls state the papers “{papers}” and some do not: they cannot be added up",
        ),
        "papers-differ": Text(
            "“{papers}”总数{stated}张，各会场相加{total}张",
            "{stated} {stated:paper|papers} “{papers}” in all, {total} in the halls together",
        ),
        "no-count": Text("此会场没有他（她）的计票", "the hall has no count for the candidate"),
        "no-total": Text(
            "此会场计了票，总的计票中没有", "counted in this hall and not in the count as a whole"
        ),
        "counts-differ": Text(
            "此会场两次计票的“{mark}”数不同：第一计票{first}，第二计票{second}",
            "the two counts of this hall differ in “{mark}”: {first} in the first, {second} in the "
            "second",
        ),
        "not-all-papers": Text(
            "此会场赞成、反对、弃权、无法辨认合计{counted}票，有效票{valid}张，应相等",
            "in favour, against, abstained and unreadable make {counted} in this hall; valid "
            "papers: {valid}",
        ),
        "marks-differ": Text(
            "“{mark}”总数{stated}，各会场相加{total}",
            "{stated} “{mark}” in all, {total} in the halls together",
        ),
    },
    absolute=True,
)  # fmt: skip

SIGNS = Rule(
    code="result.signs",
    title=Text("选票符号按选举办法计", "Marks are counted as the method says"),
    reads=(
        read("signs", "unit sign meaning"),
        read("tallies", "unit in_favour against abstained"),
    ),
    model="NoParameters",
    provider=Organ.PRESIDIUM,
    reasons={
        "not-recorded": Text(
            "没有登记选举办法规定的符号", "the signs of the method are not on record"
        ),
        "no-sign": Text(
            "选举办法没有表示“{mark}”的符号，代表可以赞成、反对，也可以弃权",
            "the method has no sign for “{mark}”; deputies may vote for, against, or abstain",
        ),
        "counted-without-sign": Text(
            "选举办法没有表示“{mark}”的符号，计票却有{votes}票",
            "the method has no sign for “{mark}”, and the count has such votes: {votes}",
        ),
    },
    absolute=True,
)
