"""Election: the papers, the two counts, and who handled them."""

import pytest

from tests.support.inspection_election import RULE, verdict
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

PAPERS, COUNTS, SCRUTINEERS = "election.papers", "election.counts", "election.scrutineers"
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


def kin(person: str, other: str) -> Change:
    return add("kin", jurisdiction=COUNTY, person=person, kin=other, kinship="spouse")


def written_in(**values: object) -> list[Change]:
    """A write-in for the posts of deputies, with marks on the papers (both counts)."""
    marks = {"against": 0} | values
    return [
        proposed(DEPUTIES, "c-w", status="write-in"),
        counted(DEPUTIES, 1, "c-w", 5, **marks),
    ]


NOT_ABSENT = drop("returns", jurisdiction=COUNTY)
FEWER = put("returns", {"jurisdiction": COUNTY}, entries=5)

TABLE: dict[str, list[tuple[str, list[Change], str]]] = {
    PAPERS: [
        (FIRST, [], "pass"),
        (HEAD, [drop("ballots", post=HEAD)], "missing no-vote"),
        (HEAD, [ballot(round=2)], "missing no-vote"),
        (FIRST, [drop("sessions", unit=UNIT)], "missing no-session"),
        (FIRST, [put("sessions", {"unit": UNIT}, voted_on=day("12-01"))], "missing no-session"),
        (f"{OTHERS}/1", [ballot(post=OTHERS)], "fail unknown-post"),
        (f"{HEAD}/2", [balloted(HEAD, 2, "further", 1)], "pass"),
        (FIRST, [ballot(issued=173, not_returned=2)], "fail too-many-issued"),
        (FIRST, [ballot(returned=173, valid=172)], "fail too-many-returned"),
        (FIRST, [ballot(returned=172, not_returned=0, valid=171)], "pass"),
        (FIRST, [ballot(not_returned=0)], "fail papers-lost"),
        (FIRST, [ballot(void=0)], "fail papers-uncounted"),
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
        (COUNTED, [tally("second", against=19, abstained=1)], "fail counts-differ"),
        (COUNTED, both(officer="o-first"), "fail same-counter"),
        (COUNTED, both(abstained=1), "fail not-all-papers"),
        (COUNTED, both(against=19), "fail not-all-papers"),
        (f"{DEPUTIES}/1/c-w", written_in(), "pass"),
        (f"{DEPUTIES}/1/c-w", written_in(against=165), "pass"),
        (f"{DEPUTIES}/1/c-w", written_in(against=166), "fail more-than-papers"),
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
