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


def off(candidate: str) -> Change:
    """Struck off, after the vote."""
    return put("candidates", {"candidate": candidate}, status="withdrawn")


def in_round(candidate: str, number: int = 2) -> Change:
    return put("results", {"candidate": candidate}, round=number)


def written_in_too(printed: int, written: int) -> list[Change]:
    """A candidate whose name some wrote on the paper, though it is printed there."""
    return [
        *votes({"c-b": printed}),
        proposed(DEPUTIES, "c-b2", status="write-in", person="p-c-b"),
        counted(DEPUTIES, 1, "c-b2", written, against=0),
    ]


def void_first(kind: str = "first-vote") -> list[Change]:
    """The first vote on the deputy heads was void, and repeated."""
    return [
        put("ballots", {"post": DEPUTIES}, returned=173, annulled=True),
        put("tallies", {"post": DEPUTIES}, round=2),
        balloted(DEPUTIES, 2, kind, 2),
        *(in_round(name) for name in ("c-a", "c-b", "c-c")),
    ]


def left_open(**values: object) -> Change:
    row: dict[str, object] = {
        "unit": UNIT,
        "post": DEPUTIES,
        "seats": 1,
        "decided_by": "plenary",
        "decided_on": day("11-22"),
        "document": "1",
    }
    return add("vacancies", **(row | values))


def standing(number: int, kind: str = "deputy-head") -> list[Change]:
    """One seat is open, and so many stand for it in the further election."""
    names = [f"c-n{position}" for position in range(number)]
    return [
        *votes(SHORT),
        put("posts", {"post": DEPUTIES}, kind=kind),
        *(proposed(DEPUTIES, name) for name in names),
        *again("further", dict.fromkeys(names, 20)),
    ]


NOT_STANDING, NO_QUORUM = "not_applicable not-standing", "missing no-quorum"
NOT_BROKEN = "fail tie-not-broken"
Case = tuple[str, list[Change], str]

WINNER_CASES: list[Case] = [
    ("c-a", [], "pass"),
    ("c-c", [], "pass"),
    ("c-struck", [], "not_applicable not-standing"),
    ("c-w", [proposed(DEPUTIES, "c-w", status="write-in")], "not_applicable not-standing"),
    ("c-a", [drop("sessions", unit=UNIT)], "not_yet no-session"),
    ("c-a", [drop("credentials", unit="640302-congress")], "missing no-credentials"),
    # Struck off after the vote: elected by it all the same, and nobody else in the place.
    ("c-a", [off("c-a")], "fail struck-off"),
    ("c-a", [off("c-a"), result("c-a", elected=False)], "not_applicable not-standing"),
    ("c-a", [off("c-a"), result("c-a", voided_on=day("11-25"))], "pass"),
    ("c-a", [off("c-a"), result("c-a", voided_on=day("12-01"))], "fail struck-off"),
    ("c-c", [off("c-a"), *votes({"c-c": 100}), result("c-c", elected=True)], "fail outvoted"),
    ("c-b", [*votes(TIED), off("c-c")], "fail tied"),
    # One of two tied withdrew: the other is voted on, and needs a majority of all.
    ("c-b", [*votes(TIED), off("c-c"), *again("tie-break", {"c-b": 91}), in_round("c-b")], "pass"),
    (
        "c-b",
        [*votes(TIED), off("c-c"), *again("tie-break", {"c-b": 90}), in_round("c-b")],
        "fail no-majority",
    ),
    # Votes are for a person: 85 printed and 6 written in are 91 of 180.
    ("c-b", written_in_too(85, 6), "pass"),
    ("c-b", written_in_too(85, 5), "fail no-majority"),
    ("c-b2", written_in_too(85, 6), "not_applicable counted-as-another"),
    (
        "c-b2",
        [*written_in_too(85, 6), declared(DEPUTIES, "c-b2", 1, elected=True)],
        "fail declared-as-another",
    ),
    ("c-lost", [proposed(DEPUTIES, "c-lost", status="lost-pre-election")], NOT_STANDING),
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
    (DEPUTIES, [drop("sessions", unit=UNIT)], "not_yet no-session"),
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
    # What a vote came to that was not counted is not known: it has filled no seat.
    (
        f"{DEPUTIES}/2",
        [
            drop("tallies", post=DEPUTIES),
            *again("further", {"c-a": 91, "c-b": 90, "c-c": 20}, seats=2),
        ],
        "pass",
    ),
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
    # As many as art. 27 allows for the seat that is open.
    (f"{DEPUTIES}/2", standing(1), "fail no-choice"),
    (f"{DEPUTIES}/2", standing(2), "pass"),
    (f"{DEPUTIES}/2", standing(4), "pass"),
    (f"{DEPUTIES}/2", standing(5), "fail too-many-candidates"),
    (f"{DEPUTIES}/2", standing(2, "member"), "pass"),
    (f"{DEPUTIES}/2", standing(3, "member"), "fail too-many-candidates"),
    (f"{DEPUTIES}/2", standing(1, "head"), "pass"),
    (f"{DEPUTIES}/2", standing(2, "head"), "pass"),
    (f"{DEPUTIES}/2", standing(3, "head"), "fail too-many-candidates"),
    # A void vote and its repetition.
    (DEPUTIES, void_first(), "pass"),
    (f"{DEPUTIES}/2", void_first(), "pass"),
    (f"{DEPUTIES}/2", void_first(kind="further"), "fail wrong-kind"),
    (DEPUTIES, [put("ballots", {"post": DEPUTIES}, annulled=True)], "missing only-void-votes"),
    # Too few present: no further election, but the vote again.
    (DEPUTIES, [*votes(SHORT), put("ballots", {"post": DEPUTIES}, present=119)], NO_QUORUM),
    (DEPUTIES, [*votes(TIED), put("ballots", {"post": DEPUTIES}, issued=119)], NO_QUORUM),
    (DEPUTIES, [*votes(SHORT), put("ballots", {"post": DEPUTIES}, present=120)], "missing short"),
    # What is open is left to the next session by the congress alone.
    (DEPUTIES, [*votes(SHORT), left_open()], "pass"),
    (DEPUTIES, [*votes(SHORT), left_open(decided_by="presidium")], "fail not-left-by-plenary"),
    (DEPUTIES, [*votes(SHORT), left_open(decided_on=day("11-21"))], "fail left-before-vote"),
    (DEPUTIES, [*votes(SHORT), left_open(decided_on=day("12-01"))], "missing short"),
    (DEPUTIES, [*votes(SHORT), left_open(seats=2)], "fail wrong-left"),
    (DEPUTIES, [left_open()], "fail wrong-left"),
    (DEPUTIES, [*votes(TIED), left_open()], "missing tie"),
    # A seat is open again where the election was void, or the winner struck off.
    (DEPUTIES, [off("c-a"), result("c-a", elected=False)], "missing short"),
    (DEPUTIES, [off("c-a"), result("c-a", elected=False), left_open()], "pass"),
    (DEPUTIES, [result("c-a", voided_on=day("11-25"))], "missing short"),
    (DEPUTIES, [result("c-a", voided_on=day("11-25")), left_open()], "pass"),
    (f"{DEPUTIES}/2", [*votes(TIED), off("c-c"), *again("tie-break", {"c-b": 91})], "pass"),
    (f"{DEPUTIES}/2", [*votes(TIED), off("c-c"), *again("further", {"c-b": 91})], NOT_BROKEN),
    (DEPUTIES, [*votes(TIED), off("c-c"), *again("tie-break", {"c-b": 91})], "pass"),
    (DEPUTIES, written_in_too(85, 6), "pass"),
    (DEPUTIES, written_in_too(85, 5), "missing short"),
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


def test_whoever_was_struck_off_after_the_vote_stays_in_its_arithmetic() -> None:
    struck = counted(DEPUTIES, 1, "c-struck", 160)
    assert verdict(WINNERS.code, "c-b", [struck]) == "fail outvoted"
    assert verdict(WINNERS.code, "c-a", [struck]) == "pass"


def test_a_cppcc_is_declared_by_whoever_its_method_names() -> None:
    def by(organ: str) -> Change:
        return put("results", {"candidate": "c-4"}, declared_by=organ)

    unit = "640302-cppcc"
    assert verdict(WINNERS.code, "c-4", [by("cppcc-chairmen")], unit=unit) == "pass"
    assert verdict(WINNERS.code, "c-4", [by("united-front")], unit=unit) == "fail wrong-organ"
    assert verdict(WINNERS.code, "c-a", [result("c-a", declared_by="cppcc-chairmen")]) == (
        "fail wrong-organ"
    )


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
