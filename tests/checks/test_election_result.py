"""The result: who is declared elected, and what is voted on again."""

import pytest

from schemas.rules.election_result import FURTHER_VOTE, WINNERS
from tests.support.inspection_election import arguments, verdict
from tests.support.inspection_election_book import (
    DEPUTIES,
    TODAY,
    UNIT,
    Change,
    add,
    balloted,
    counted,
    day,
    declared,
    drop,
    proposed,
    put,
)

CHAIR = "640302001-congress-chair"
ETHNIC = put("jurisdictions", {"jurisdiction": "640302001"}, founding_ethnicity="回族")
TIED = {"c-a": 150, "c-b": 120, "c-c": 120}
SHORT = {"c-a": 150, "c-b": 90, "c-c": 60}


def votes(numbers: dict[str, int]) -> list[Change]:
    """The first vote on the deputy heads, counted anew; both counts agree."""
    return [
        put(
            "tallies", {"post": DEPUTIES, "candidate": name}, in_favour=number, against=170 - number
        )
        for name, number in numbers.items()
    ]


def again(kind: str, numbers: dict[str, int], number: int = 2, seats: int = 1) -> list[Change]:
    """One more vote on the deputy heads."""
    return [
        balloted(DEPUTIES, number, kind, seats),
        *(counted(DEPUTIES, number, name, votes) for name, votes in numbers.items()),
    ]


def result(candidate: str, **values: object) -> Change:
    return put("results", {"candidate": candidate}, **values)


def write_in(**values: object) -> list[Change]:
    """The post of the township's chair goes to a write-in."""
    return [
        proposed(CHAIR, "c-w", **({"status": "write-in"} | values)),
        counted(CHAIR, 1, "c-w", 100, against=0),
        put("tallies", {"candidate": "c-5"}, in_favour=70, against=100),
        put("results", {"candidate": "c-5"}, elected=False),
        declared(CHAIR, "c-w", 1, elected=True),
    ]


def ethnic_township(**values: object) -> list[Change]:
    """The township's post under its government's name, won by a write-in."""
    return [
        *write_in(**values),
        ETHNIC,
        put("posts", {"post": CHAIR}, kind="head"),
    ]


Case = tuple[str, list[Change], str]

WINNER_CASES: list[Case] = [
    ("c-a", [], "pass"),
    ("c-c", [], "pass"),
    ("c-struck", [], "not_applicable not-standing"),
    ("c-w", [proposed(DEPUTIES, "c-w", status="write-in")], "not_applicable not-standing"),
    ("c-a", [drop("sessions", unit=UNIT)], "missing no-session"),
    ("c-1", [declared(DEPUTIES, "c-1", 1, elected=True)], "fail not-a-candidate"),
    ("c-1", [declared(DEPUTIES, "c-1", 1, elected=False)], "fail not-a-candidate"),
    ("c-struck", [declared(DEPUTIES, "c-struck", 1, elected=True)], "fail struck-off"),
    ("c-a", [drop("tallies", candidate="c-a")], "missing not-counted"),
    ("c-b", votes({"c-b": 91}), "pass"),
    ("c-b", votes({"c-b": 90}), "fail no-majority"),
    ("c-b", votes(TIED), "fail tied"),
    ("c-c", votes(TIED), "pass"),
    ("c-a", votes(TIED), "pass"),
    ("c-b", votes({"c-c": 130}), "fail outvoted"),
    ("c-c", votes({"c-c": 130}), "fail not-declared"),
    ("c-a", [result("c-a", elected=False)], "fail not-declared"),
    ("c-a", [result("c-a", round=2)], "fail wrong-round"),
    ("c-a", [drop("results", candidate="c-a")], "missing no-result"),
    ("c-c", [drop("results", candidate="c-c")], "missing no-result"),
    ("c-a", [result("c-a", declared_on=TODAY)], "pass"),
    ("c-a", [result("c-a", declared_on=day("12-01"))], "missing no-result"),
    ("c-a", [result("c-a", declared_by="party-committee")], "fail wrong-organ"),
    ("c-a", [result("c-a", declared_on=day("11-21"))], "fail declared-before-vote"),
    ("c-b", [*votes(TIED), *again("tie-break", {"c-b": 80, "c-c": 70})], "fail wrong-round"),
    (
        "c-b",
        [*votes(TIED), *again("tie-break", {"c-b": 80, "c-c": 70}), result("c-b", round=2)],
        "pass",
    ),
    (
        "c-b",
        [*votes(SHORT), *again("further", {"c-b": 90, "c-c": 60}), result("c-b", round=2)],
        "fail no-majority",
    ),
]
TOWNSHIP_CASES: list[Case] = [
    ("c-w", write_in(), "pass"),
    ("c-5", write_in(), "pass"),
    # Whoever was proposed is held to this when nominated.
    ("c-5", [put("candidates", {"candidate": "c-5"}, assembly_member=False)], "pass"),
    ("c-w", write_in(assembly_member=False), "fail not-a-deputy"),
    ("c-w", write_in(incompatible_office=True), "fail incompatible-office"),
    ("c-w", write_in(incompatible_office=True, will_resign=True), "pass"),
    ("c-w", [*write_in(), put("posts", {"post": CHAIR}, kind="head")], "pass"),
    ("c-w", [*write_in(), ETHNIC], "pass"),
    ("c-w", ethnic_township(), "fail wrong-ethnicity"),
    ("c-w", ethnic_township(ethnicity="回族", incompatible_office=True), "pass"),
    ("c-w", ethnic_township(ethnicity="回族", assembly_member=False), "pass"),
]
FURTHER_CASES: list[Case] = [
    (DEPUTIES, [], "pass"),
    (f"{DEPUTIES}/1", [], "pass"),
    (DEPUTIES, [drop("sessions", unit=UNIT)], "missing no-session"),
    (DEPUTIES, [drop("ballots", post=DEPUTIES)], "missing no-vote"),
    (DEPUTIES, [put("posts", {"post": DEPUTIES}, seats=0)], "fail no-seats"),
    (DEPUTIES, [put("ballots", {"post": DEPUTIES}, round=2)], "fail vote-missing"),
    (DEPUTIES, [result("c-c", elected=True, declared_on=TODAY)], "fail too-many-elected"),
    (DEPUTIES, [result("c-c", elected=True, declared_on=day("12-01"))], "pass"),
    (DEPUTIES, [put("posts", {"post": DEPUTIES}, seats=1)], "fail too-many-elected"),
    (DEPUTIES, [put("posts", {"post": DEPUTIES}, seats=3)], "missing short"),
    (DEPUTIES, votes(TIED), "missing tie"),
    (DEPUTIES, votes(SHORT), "missing short"),
    (DEPUTIES, [drop("tallies", post=DEPUTIES)], "missing short"),
    (f"{DEPUTIES}/1", [drop("tallies", post=DEPUTIES)], "missing not-counted"),
    (f"{DEPUTIES}/1", [put("ballots", {"post": DEPUTIES}, kind="further")], "fail wrong-kind"),
    (f"{DEPUTIES}/1", [put("ballots", {"post": DEPUTIES}, kind="tie-break")], "fail wrong-kind"),
    (f"{DEPUTIES}/1", [put("ballots", {"post": DEPUTIES}, seats=3)], "fail wrong-seats"),
    (DEPUTIES, [*votes(TIED), *again("tie-break", {"c-b": 80, "c-c": 70})], "pass"),
    (f"{DEPUTIES}/2", [*votes(TIED), *again("tie-break", {"c-b": 80, "c-c": 70})], "pass"),
    (DEPUTIES, [*votes(TIED), *again("tie-break", {"c-b": 80, "c-c": 80})], "missing tie"),
    (
        f"{DEPUTIES}/2",
        [*votes(TIED), *again("further", {"c-b": 80, "c-c": 70})],
        "fail tie-not-broken",
    ),
    (
        f"{DEPUTIES}/2",
        [*votes(SHORT), *again("tie-break", {"c-b": 91, "c-c": 70})],
        "fail wrong-kind",
    ),
    (
        f"{DEPUTIES}/2",
        [*votes(SHORT), *again("first-vote", {"c-b": 91, "c-c": 70})],
        "fail wrong-kind",
    ),
    (f"{DEPUTIES}/2", [*votes(TIED), *again("tie-break", {"c-b": 80})], "fail not-the-tied"),
    (
        f"{DEPUTIES}/2",
        [*votes(TIED), *again("tie-break", {"c-b": 80, "c-a": 70})],
        "fail not-the-tied",
    ),
    (
        f"{DEPUTIES}/2",
        [*votes(TIED), *again("tie-break", {"c-a": 80, "c-b": 80, "c-c": 70})],
        "fail not-the-tied",
    ),
    (f"{DEPUTIES}/2", again("further", {"c-c": 91}), "fail needless"),
    (
        f"{DEPUTIES}/2",
        [*votes(SHORT), *again("further", {"c-b": 91, "c-c": 70}, seats=2)],
        "fail wrong-seats",
    ),
    (DEPUTIES, [*votes(SHORT), *again("further", {"c-b": 91, "c-c": 70})], "pass"),
    (f"{DEPUTIES}/2", [*votes(SHORT), *again("further", {"c-b": 91, "c-c": 70})], "pass"),
    (DEPUTIES, [*votes(SHORT), *again("further", {"c-b": 90, "c-c": 70})], "missing short"),
    (
        f"{DEPUTIES}/2",
        [*votes(SHORT), *again("further", {"c-a": 80, "c-b": 91, "c-c": 70})],
        "fail stood-again",
    ),
    (f"{DEPUTIES}/2", [*votes(SHORT), *again("further", {"c-b": 91})], "fail no-choice"),
    (
        f"{DEPUTIES}/2",
        [
            *votes(SHORT),
            put("posts", {"post": DEPUTIES}, kind="head"),
            *again("further", {"c-b": 91}),
        ],
        "pass",
    ),
    (
        f"{DEPUTIES}/3",
        [
            *votes(SHORT),
            *again("further", {"c-b": 120, "c-c": 120}),
            *again("tie-break", {"c-b": 90, "c-c": 80}, number=3),
        ],
        "pass",
    ),
]


@pytest.mark.parametrize(("subject", "changes", "expected"), WINNER_CASES)
def test_who_is_declared_elected(subject: str, changes: list[Change], expected: str) -> None:
    assert verdict(WINNERS.code, subject, changes) == expected


@pytest.mark.parametrize(("subject", "changes", "expected"), TOWNSHIP_CASES)
def test_a_write_in_is_as_eligible_as_anybody(
    subject: str, changes: list[Change], expected: str
) -> None:
    assert verdict(WINNERS.code, subject, changes, unit="640302001-congress") == expected


@pytest.mark.parametrize(("subject", "changes", "expected"), FURTHER_CASES)
def test_what_is_voted_on_again(subject: str, changes: list[Change], expected: str) -> None:
    assert verdict(FURTHER_VOTE.code, subject, changes) == expected


def test_every_reason_has_its_example() -> None:
    for rule, cases in ((WINNERS, WINNER_CASES + TOWNSHIP_CASES), (FURTHER_VOTE, FURTHER_CASES)):
        given = {expected.partition(" ")[2] for _, _, expected in cases} - {""}
        assert given == set(rule.reasons), rule.code


def test_a_cppcc_write_in_must_be_a_member() -> None:
    """Also for a post that a congress would not fill from among its deputies."""
    changes = [
        put("posts", {"post": "640302-cppcc-chair"}, kind="head"),
        put("candidates", {"candidate": "c-4"}, status="write-in", assembly_member=False),
    ]
    assert verdict(WINNERS.code, "c-4", changes, unit="640302-cppcc") == "fail not-a-deputy"


def test_the_base_is_all_members_not_those_present() -> None:
    """Half of those present is no majority: all deputies count, present or not."""
    said = arguments(WINNERS.code, "c-b", *votes({"c-b": 87}))
    assert said == {"votes": 87, "members": 180, "needed": 91}


def test_the_second_count_elects_nobody() -> None:
    second = put("tallies", {"candidate": "c-b", "role": "second"}, in_favour=0, against=170)
    assert verdict(WINNERS.code, "c-b", [second]) == "pass"


def test_what_a_struck_off_name_gathered_fills_no_seat() -> None:
    struck = counted(DEPUTIES, 1, "c-struck", 160)
    assert verdict(WINNERS.code, "c-b", [struck]) == "pass"


def test_a_further_vote_is_on_candidates_not_on_write_ins() -> None:
    changes = [
        *votes(SHORT),
        *again("further", {"c-b": 91, "c-w": 3}),
        proposed(DEPUTIES, "c-w", status="write-in"),
    ]
    assert verdict(FURTHER_VOTE.code, f"{DEPUTIES}/2", changes) == "fail no-choice"


def test_a_ballot_on_a_post_of_another_unit_says_nothing_here() -> None:
    strange = add(
        "ballots",
        unit=UNIT,
        post=CHAIR,
        round=2,
        kind="further",
        seats=1,
        **dict.fromkeys(("issued", "returned", "not_returned", "valid", "void"), 0),
    )
    township = "640302001-congress"
    assert verdict(FURTHER_VOTE.code, CHAIR, [strange], unit=township) == "pass"
