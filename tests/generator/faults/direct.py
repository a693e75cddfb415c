"""Faults of the direct election of deputies, each at the gate at which it shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.generator.base import whole
from tests.generator.faults.fault import Clean, Draft


def direct_faults(clean: Clean) -> Iterator[Draft]:
    """One fault for each check."""
    yield from _of_committees(clean)
    yield from _of_constituencies(clean)
    yield from _of_voters(clean)


def _of_committees(clean: Clean) -> Iterator[Draft]:
    unit = "640303104-congress"
    yield clean.absent(
        "election_committees",
        ("plan.election-committee", "missing", unit, "not-appointed"),
        (
            "没有任命选举委员会的记录",
            "that an election committee was appointed is not on record",
        ),
        rows=clean.all("election_committees", unit=unit),
    )
    unit = "640323105-congress"
    yield clean.wrong(
        "election_committees",
        ("nomination.committee-members", "fail", unit, "not-resigned"),
        (
            "一名选举委员会成员成为代表候选人，没有辞去委员会职务",
            "a member of the election committee stands for deputy and has not left it",
        ),
        {"members_nominated": 3},
        mended={"members_nominated": 3, "members_resigned": 3},
        rows=clean.all("election_committees", unit=unit),
    )


def _of_constituencies(clean: Clean) -> Iterator[Draft]:
    row = clean.all("constituencies", unit="640303202-congress")[1]
    yield clean.wrong(
        "constituencies",
        ("plan.allocation", "fail", str(row["constituency"]), "not-one-to-three"),
        ("一个选区应选四名代表", "a constituency elects four"),
        {"seats": 4},
        rows=[row],
    )
    row = clean.one("constituencies", unit="640303105-congress")
    yield clean.wrong(
        "constituencies",
        ("nomination.constituencies", "fail", "640303105-congress", "too-many-seats"),
        (
            "各选区应选名额合计比代表名额多一名",
            "the constituencies have a seat more than the congress",
        ),
        {"seats": whole(row, "seats") + 1},
        rows=[row],
    ).seen_on(date(2016, 8, 29))
    row = clean.all("deputy_lists", constituency="k-640324203-002")[0]
    yield clean.wrong(
        "deputy_lists",
        ("nomination.deputy-lists", "fail", str(row["constituency"]), "left-out"),
        (
            "初步名单少了一名依法提名的代表候选人",
            "the preliminary list lacks somebody who was lawfully nominated",
        ),
        {"nominated": whole(row, "nominated") + 1},
        rows=[row],
    )


def _of_voters(clean: Clean) -> Iterator[Draft]:
    unit = "640324106-congress"
    yield clean.absent(
        "roll_questions",
        ("nomination.roll", "missing", unit, "numbers-differ"),
        (
            "选民名单问题少登记一人",
            "one of the people of whom the roll was questioned is not on record",
        ),
        rows=clean.all("roll_questions", unit=unit)[:1],
    ).seen_on(date(2016, 11, 7))
    row = clean.all("direct_votes", constituency="k-640324204-003")[0]
    yield clean.wrong(
        "direct_votes",
        ("slate.direct-votes", "fail", f"{row['constituency']}/1", "no-majority"),
        (
            "当选代表得票不过参加投票选民的半数",
            "a deputy was declared elected with no more than half of those who voted",
        ),
        {"fewest_elected": whole(row, "voted") // 2},
        rows=[row],
    )
