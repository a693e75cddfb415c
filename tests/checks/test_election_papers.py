"""Election: the papers, the two counts, and who handled them."""

import pytest

from tests.support.inspection_election import RULE, arguments, verdict
from tests.support.inspection_election_book import (
    COUNTY,
    DEPUTIES,
    UNIT,
    Change,
    add,
    balloted,
    counted,
    day,
    drop,
    proposed,
    put,
)

PAPERS, COUNTS, SCRUTINEERS = "result.papers", "result.counts", "result.scrutineers"
HEAD = "640302-government-head"
OTHERS = "640302-congress-chair"
FIRST = f"{HEAD}/1"
COUNTED = f"{DEPUTIES}/1/c-a"


def ballot(**values: object) -> Change:
    return put("ballots", {"post": HEAD}, **values)


def tally(role: str, **values: object) -> Change:
    return put("tallies", {"candidate": "c-a", "role": role}, **values)


def both(**values: object) -> list[Change]:
    return [put("tallies", {"candidate": "c-a"}, **values)]


def staff(person: str) -> Change:
    return add("ballot_staff", unit=UNIT, person=person, role="teller")


def counter(person: str) -> Change:
    """The first count was made by a person."""
    return put("officers", {"officer": "o-first"}, person=person)


def kin(person: str, other: str) -> Change:
    return add("kin", jurisdiction=COUNTY, person=person, kin=other, kinship="spouse")


def written_in(**values: object) -> list[Change]:
    """A write-in for the posts of deputies, with marks on the papers (both counts)."""
    marks = {"against": 0} | values
    return [
        proposed(DEPUTIES, "c-w", status="write-in"),
        counted(DEPUTIES, 1, "c-w", 5, **marks),
    ]


def further(**values: object) -> Change:
    """A further election of the head, with papers of its own."""
    return balloted(HEAD, 2, "further", 1, **values)


def nominated_for_further(text: str) -> list[Change]:
    """A candidate who was nominated on a day, and counted in a second vote only."""
    nomination = {"nomination": "n-new", "unit": UNIT, "post": DEPUTIES, "candidate": "c-new"}
    return [
        proposed(DEPUTIES, "c-new"),
        add("nominations", **nomination, channel="presidium", nominated_on=day(text)),
        balloted(DEPUTIES, 2, "further", 1),
        counted(DEPUTIES, 2, "c-new", 100),
    ]


def repeated() -> list[Change]:
    """The first vote was void; of the second only one candidate was counted."""
    return [
        put("ballots", {"post": DEPUTIES}, returned=173, annulled=True),
        put("tallies", {"post": DEPUTIES}, round=2),
        drop("tallies", candidate="c-b"),
        counted(DEPUTIES, 1, "c-a", 150),
        balloted(DEPUTIES, 2, "first-vote", 2),
    ]


def same_person(written: int) -> list[Change]:
    """The person of a candidate who is printed, written in as well."""
    return [
        proposed(DEPUTIES, "c-w", status="write-in", person="p-c-a"),
        counted(DEPUTIES, 1, "c-w", written, against=0),
    ]


SAME, VOID = "fail same-counter", "not_applicable declared-void"
NO_CAUSE = "fail void-without-cause"
NOT_ABSENT = drop("returns", jurisdiction=COUNTY)
ONE_PAPER = put("ballots", {"unit": UNIT}, paper="1")
FEWER = put("returns", {"jurisdiction": COUNTY}, entries=5)

TABLE: dict[str, list[tuple[str, list[Change], str]]] = {
    PAPERS: [
        (FIRST, [], "pass"),
        (HEAD, [drop("ballots", post=HEAD)], "missing no-vote"),
        (HEAD, [ballot(round=2)], "missing no-vote"),
        (FIRST, [drop("sessions", unit=UNIT)], "not_yet no-session"),
        (FIRST, [put("sessions", {"unit": UNIT}, voted_on=day("12-01"))], "not_yet no-session"),
        (f"{OTHERS}/1", [ballot(post=OTHERS)], "fail unknown-post"),
        (f"{HEAD}/2", [balloted(HEAD, 2, "further", 1)], "pass"),
        (FIRST, [ballot(issued=173, not_returned=2)], "fail too-many-issued"),
        (FIRST, [ballot(returned=173, valid=172)], "fail too-many-returned"),
        (FIRST, [ballot(returned=172, not_returned=0, valid=171)], "pass"),
        (FIRST, [ballot(not_returned=0)], "fail papers-lost"),
        (FIRST, [ballot(void=0)], "fail papers-uncounted"),
        # A vote has its own attendance and day, or those of its session.
        (f"{HEAD}/2", [balloted(HEAD, 2, "further", 1, present=171)], "fail too-many-issued"),
        (f"{HEAD}/2", [further(issued=176, not_returned=5, present=176)], "pass"),
        (f"{HEAD}/2", [further(issued=176, not_returned=5, present=175)], "fail too-many-issued"),
        (f"{HEAD}/2", [further(issued=176, not_returned=5)], "fail too-many-issued"),
        # A vote is void with more papers than voters, or without a quorum (120 of 180); not else.
        (FIRST, [ballot(returned=173, valid=172, annulled=True)], "not_applicable declared-void"),
        (FIRST, [ballot(returned=172, valid=171, annulled=True)], "fail void-without-cause"),
        (FIRST, [ballot(present=119, issued=119, returned=119, annulled=True)], VOID),
        (FIRST, [ballot(present=120, issued=120, returned=119, annulled=True)], NO_CAUSE),
        (FIRST, [ballot(issued=173, returned=172, annulled=True)], VOID),
        (FIRST, [ballot(issued=170, returned=171, annulled=True)], VOID),
        (FIRST, [ballot(annulled=False)], "pass"),
        (FIRST, [ballot(printed=180, unused=7, spoiled=1)], "pass"),
        (FIRST, [ballot(printed=179, unused=7)], "pass"),
        (FIRST, [ballot(printed=173, spoiled=1)], "pass"),
        (FIRST, [ballot(printed=181, unused=7, spoiled=1)], "fail printed-not-accounted"),
        (FIRST, [ballot(printed=179, unused=7, spoiled=1)], "fail printed-not-accounted"),
        # Posts on one paper share its numbers.
        (f"{DEPUTIES}/1", [ONE_PAPER], "pass"),
        (
            f"{DEPUTIES}/1",
            [ONE_PAPER, ballot(post=HEAD, issued=171, returned=170)],
            "fail paper-shared",
        ),
        # None that is stated is not the same as nothing stated.
        (f"{DEPUTIES}/1", [ONE_PAPER, ballot(post=HEAD, unused=0)], "fail paper-shared"),
    ],
    COUNTS: [
        (COUNTED, [], "pass"),
        (COUNTED, [drop("tallies", candidate="c-a", role="first")], "missing no-count"),
        (COUNTED, [drop("tallies", candidate="c-a", role="second")], "missing no-count"),
        (COUNTED, [drop("tallies", candidate="c-a")], "missing no-count"),
        (
            f"{DEPUTIES}/1/c-struck",
            [counted(DEPUTIES, 1, "c-struck", 0)],
            "pass",
        ),
        (f"{DEPUTIES}/1/c-1", [counted(DEPUTIES, 1, "c-1", 0)], "fail not-a-candidate"),
        (f"{DEPUTIES}/2/c-a", [counted(DEPUTIES, 2, "c-a", 9)], "fail no-ballot"),
        (COUNTED, [tally("second", in_favour=149, against=21)], "fail counts-differ"),
        (COUNTED, [tally("second", unclear=1)], "fail counts-differ"),
        # One person under two officers' ids.
        (COUNTED, [put("officers", {"officer": "o-second"}, person="p-first")], SAME),
        (COUNTED, [drop("officers", officer="o-second")], "missing unknown-counter"),
        # A mark that cannot be read beside one name; the paper is valid.
        (COUNTED, both(against=19, unclear=1), "pass"),
        (COUNTED, both(against=19, unclear=2), "fail not-all-papers"),
        (COUNTED, both(unclear=1), "fail not-all-papers"),
        # Whoever was nominated for a further election did not stand in the first vote.
        (f"{DEPUTIES}/2/c-new", nominated_for_further("11-22"), "pass"),
        (f"{DEPUTIES}/2/c-new", nominated_for_further("11-23"), "pass"),
        (f"{DEPUTIES}/1/c-new", nominated_for_further("11-21"), "missing no-count"),
        (f"{DEPUTIES}/1/c-new", [proposed(DEPUTIES, "c-new")], "missing no-count"),
        # A void vote is not counted; the vote in its place is.
        (f"{DEPUTIES}/1/c-a", repeated(), "not_applicable declared-void"),
        (f"{DEPUTIES}/2/c-a", repeated(), "pass"),
        (f"{DEPUTIES}/2/c-b", repeated(), "missing no-count"),
        (COUNTED, [tally("second", against=19, abstained=1)], "fail counts-differ"),
        (COUNTED, both(officer="o-first"), "fail same-counter"),
        (COUNTED, both(abstained=1), "fail not-all-papers"),
        (COUNTED, both(against=19), "fail not-all-papers"),
        (f"{DEPUTIES}/1/c-w", written_in(), "pass"),
        (f"{DEPUTIES}/1/c-w", written_in(against=1), "fail marks-on-write-in"),
        (f"{DEPUTIES}/1/c-w", written_in(abstained=1), "fail marks-on-write-in"),
        (f"{DEPUTIES}/1/c-w", written_in(unclear=1), "fail marks-on-write-in"),
        # Written in and printed, one person: 150 + 10 of 170 papers, but not 150 + 21.
        (COUNTED, same_person(10), "pass"),
        (COUNTED, same_person(20), "fail too-many-marks"),
        (COUNTED, same_person(21), "fail more-than-papers"),
        # 150 + 120 + 60 + 10 marks are all that 170 papers for two seats can bear.
        (COUNTED, written_in(in_favour=10), "pass"),
        (COUNTED, written_in(in_favour=11), "fail too-many-marks"),
        (COUNTED, [put("ballots", {"post": DEPUTIES}, seats=0)], "fail too-many-marks"),
    ],
    SCRUTINEERS: [
        (f"{UNIT}/p-640302-government-teller", [], "pass"),
        (f"{UNIT}/scrutineer", [], "pass"),
        (
            f"{UNIT}/scrutineer",
            [drop("ballot_staff", unit=UNIT, role="scrutineer")],
            "missing no-scrutineer",
        ),
        (
            f"{UNIT}/teller",
            [drop("ballot_staff", unit=UNIT, role="teller")],
            "missing no-teller",
        ),
        (f"{UNIT}/p-c-a", [staff("p-c-a")], "fail is-candidate"),
        (f"{UNIT}/p-c-struck", [staff("p-c-struck")], "pass"),
        (f"{UNIT}/p-c-1", [staff("p-c-1")], "pass"),
        (f"{UNIT}/p-x", [staff("p-x"), kin("p-x", "p-c-a")], "fail is-kin"),
        (f"{UNIT}/p-x", [staff("p-x"), kin("p-c-a", "p-x")], "fail is-kin"),
        (f"{UNIT}/p-x", [staff("p-x"), kin("p-x", "p-y")], "pass"),
        (f"{UNIT}/p-w", [staff("p-w"), kin("p-w", "p-c-w"), *written_in()], "fail is-kin"),
        # Whoever made a count is a listed person, neither a candidate nor kin of one.
        (f"{UNIT}/p-first", [], "pass"),
        (f"{UNIT}/p-first", [drop("ballot_staff", unit=UNIT, person="p-first")], "fail not-listed"),
        (f"{UNIT}/p-c-a", [counter("p-c-a")], "fail is-candidate"),
        (f"{UNIT}/p-x", [counter("p-x"), kin("p-x", "p-c-a")], "fail is-kin"),
        (f"{UNIT}/p-x", [counter("p-x"), staff("p-x")], "pass"),
        (f"{COUNTY}/kin", [], "pass"),
        (f"{COUNTY}/kin", [NOT_ABSENT], "missing not-returned"),
        (f"{COUNTY}/kin", [FEWER], "missing fewer-than-returned"),
    ],
}


@pytest.mark.parametrize(
    ("code", "subject", "changes", "expected"),
    [(code, *row) for code, rows in TABLE.items() for row in rows],
)
def test_what_is_found(code: str, subject: str, changes: list[Change], expected: str) -> None:
    assert verdict(code, subject, changes) == expected


def test_every_reason_has_its_example() -> None:
    for code, rows in TABLE.items():
        given = {expected.partition(" ")[2] for *_, expected in rows} - {""}
        assert given == set(RULE[code].reasons), code


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"in_favour": 149, "against": 21}, ("in-favour", 150, 149)),
        ({"against": 19, "abstained": 1}, ("against", 20, 19)),
        ({"abstained": 1}, ("abstained", 0, 1)),
        ({"unclear": 2}, ("unclear", 0, 2)),
    ],
)
def test_what_the_counts_differ_in_is_named(
    values: dict[str, int], said: tuple[str, int, int]
) -> None:
    told = arguments(COUNTS, COUNTED, tally("second", **values))
    assert (told["mark"], told["first"], told["second"]) == said
