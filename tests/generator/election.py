"""The vote: sessions, papers, two counts, declared results; ties and shortfalls settled.

Rules: a unit whose session is still to come has no rows here; whoever is declared elected has
more than half of all deputies or members, who are one number for a congress and all that it
elects; both counts agree, and were made by listed scrutineers; a seat that stays open is voted on
again, by another attendance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from schemas.vocabulary import NOMINEES
from tests.generator.base import Place, Row, Rows, days, whole
from tests.generator.halls import IN_TWO_HALLS, WITH_SIGNS, add_halls, add_signs
from tests.generator.people import add_candidate
from tests.generator.plan import members_of

# Units (code without the city's four digits) whose vote on a vice post needed a second round.
TIE_BREAK = "02102-government"
FURTHER = "02104-congress"
# One standing member of this CPPCC fell short of half, and the session left the seat open.
LEFT_OPEN = "81-cppcc-member"
# A unit in which some deputies wrote a name of their own on the paper.
WRITE_IN = "24-congress-member"
_DIFFERENTIAL = ("-vice-chair", "-deputy-head", "-member")
_VICE = ("vice-chair", "deputy-head")


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of one vote and how many deputies there are."""

    members: int
    issued: int
    returned: int
    valid: int


def add_election(rows: Rows, place: Place) -> None:
    """Sessions, votes and results of the place's units, as far as they were held."""
    staff = place.people[-8:]
    members, scrutineers = _members(place), _scrutineers(rows, place)
    for number, body in enumerate(place.bodies):
        if not place.timetables[body].held:
            continue
        unit = f"{place.code}-{body}"
        assembly = "cppcc" if body == "cppcc" else "congress"
        papers = _add_session(rows, place, body, members[assembly])
        if body != "government":
            rows["credentials"].append(
                {"unit": unit, "members": papers.members, "document": place.paper("资")}
            )
        tellers = (str(row["person"]) for row in staff[number * 2 : number * 2 + 2])
        rows["ballot_staff"].extend(
            {"unit": unit, "person": person, "role": role}
            for role, people in (("scrutineer", scrutineers), ("teller", tellers))
            for person in people
        )
        slates: dict[str, list[Row]] = {}
        for row in place.candidates:
            if row["unit"] == unit and row["status"] in NOMINEES:
                slates.setdefault(str(row["post"]), []).append(row)
        seats = {str(row["post"]): whole(row, "seats") for row in rows["posts"][-40:]}
        if body == "congress":
            _add_introductions(rows, place, unit)
        for post, slate in slates.items():
            if body != "cppcc" and post.endswith(_DIFFERENTIAL):
                rows["differentials"].append(
                    {
                        "unit": unit,
                        "post": post,
                        "more": len(slate) - seats[post],
                        "document": rows["sessions"][-1]["method_document"],
                    }
                )
            _vote(rows, place, post, slate, seats[post], papers)
        if unit[4:] == IN_TWO_HALLS:
            add_halls(rows, unit)
        if unit[4:] == WITH_SIGNS:
            add_signs(rows, unit)


def _add_introductions(rows: Rows, place: Place, unit: str) -> None:
    """Candidates for deputy are introduced before the day on which voters, or a congress, vote."""
    times = place.timetables["congress"]
    occasions = [("by-voters", times.deputies, -3, "选民小组会议")]
    if place.level == "county":
        occasions.append(("by-congress", times.opens, 1, "代表团会议"))
    rows["introductions"].extend(
        {
            "introduction": f"i-{place.code}-{number}",
            "unit": unit,
            "election": election,
            "introduced_on": days(held, after),
            "occasion": occasion,
        }
        for number, (election, held, after, occasion) in enumerate(occasions, start=1)
        if held
    )


def _add_approval(rows: Rows, place: Place, result: Row) -> None:
    """What is asked of the level above when a chief procurator was elected; it is still to come."""
    rows["approvals"].append(
        {
            "unit": result["unit"],
            "candidate": result["candidate"],
            "proposed_at": place.city.code,
            "approved_by": "standing-committee",
            "approved_at": place.city.code,
            "approved_on": None,
            "took_office_on": None,
        }
    )


def _members(place: Place) -> dict[str, int]:
    """All who are in office in each assembly; sometimes a seat was never filled."""
    return {
        body: members_of(place, body) - place.random.randint(0, 1)
        for body in place.bodies
        if body != "government"
    }


def _scrutineers(rows: Rows, place: Place) -> list[str]:
    """The two officers who sign the counts, as persons of the roster."""
    counting = {place.officers[name] for name in ("scrutineer", "scrutineer-2")}
    officers = [row for row in rows["officers"] if row["officer"] in counting]
    rows["roster"].extend(
        {
            "person": row["person"],
            "jurisdiction": place.code,
            "name": row["name"],
            "must_pledge": False,
            "must_talk": False,
            "responsibility_talk": False,
        }
        for row in officers
    )
    return [str(row["person"]) for row in officers]


def _add_session(rows: Rows, place: Place, body: str, members: int) -> Papers:
    random, times = place.random, place.timetables[body]
    present = members - random.randint(members // 50, members // 12)
    township = place.level == "township"
    before = times.opens if township else days(times.opens, -1)
    rows["sessions"].append(
        {
            "unit": f"{place.code}-{body}",
            "preparatory_on": before if body == "congress" and not township else None,
            "presidium_on": before,
            "opened_on": times.opens,
            "voted_on": days(times.opens, 1 if township else 2),
            "present": present,
            "method_by": "plenary",
            "method_on": days(times.opens, 0 if township else 1),
            "method_document": place.paper("选"),
            "quorum_numerator": 1 if body == "cppcc" else 2,
            "quorum_denominator": 2 if body == "cppcc" else 3,
            "quorum_inclusive": body != "cppcc",
            "secret": True,
            "booth": True,
        }
    )
    returned = present - random.randint(0, 1)
    return Papers(members, present, returned, returned - random.randint(0, 1 + returned // 80))


def _vote(
    rows: Rows, place: Place, post: str, slate: list[Row], seats: int, papers: Papers
) -> None:
    """All rounds on one post: usually one, two where votes were tied or a seat stayed open."""
    unit, kind = post[: post.index("-", len(place.code) + 1)], post.rpartition("-")[2]
    where = unit[4:]
    vice = post.endswith(_VICE)
    again = None
    if vice and where == TIE_BREAK:
        again = "tie-break"
    elif vice and where == FURTHER:
        again = "further"
    votes = _first_votes(place, len(slate), seats, papers, again)
    left_open = f"{where}-{kind}" == LEFT_OPEN
    if left_open:
        votes[seats - 1] = papers.valid * 45 // 100
    _add_ballot(rows, post, 1, "first-vote", seats, papers)
    for row, count in zip(slate, votes, strict=True):
        _add_tally(rows, place, row, 1, count, papers)
    elected = [(position < seats - left_open, 1) for position in range(len(slate))]
    if again:
        if again == "further":
            everybody = papers.members
            papers = replace(papers, issued=everybody, returned=everybody, valid=everybody)
        _add_ballot(rows, post, 2, again, 1, papers)
        winner = papers.valid * 62 // 100
        for row, count in ((slate[-2], winner), (slate[-1], papers.valid - winner)):
            _add_tally(rows, place, row, 2, count, papers)
        elected[-2:] = [(True, 2), (False, 2)]
    if f"{where}-{kind}" == WRITE_IN:
        person = str(place.people[-30]["person"])
        other = add_candidate(rows, place, "congress", kind, person=person, status="write-in")
        _add_tally(rows, place, other, 1, 2, replace(papers, valid=2))
        slate, elected = [*slate, other], [*elected, (False, 1)]
    declared = days(
        place.timetables[unit.rpartition("-")[2]].opens, 1 if place.level == "township" else 2
    )
    if left_open:
        rows["vacancies"].append(
            {
                "unit": unit,
                "post": post,
                "seats": 1,
                "decided_by": "plenary",
                "decided_on": declared,
                "document": place.paper("决"),
            }
        )
    rows["results"].extend(
        {
            "unit": unit,
            "post": post,
            "candidate": row["candidate"],
            "round": number,
            "elected": won,
            "declared_by": "presidium",
            "declared_on": declared,
            "voided_on": None,
        }
        for row, (won, number) in zip(slate, elected, strict=True)
    )
    if post.endswith("-chief-procurator"):
        _add_approval(rows, place, slate[0])


def _first_votes(
    place: Place, candidates: int, seats: int, papers: Papers, again: str | None
) -> list[int]:
    """Votes in favour: the first `seats` far above half, the others far below.

    Where the post is voted on `again`, the last two are tied above half of all, or both below it.
    """
    random, valid = place.random, papers.valid
    settled = seats - 1 if again else seats
    votes = [valid - random.randint(valid // 14, valid // 7) for _ in range(settled)]
    if again == "tie-break":
        tied = papers.members // 2 + 1
        most = (valid * seats - 2 * tied) // max(1, settled)
        return [*(min(most, count) for count in votes), tied, tied]
    if again == "further":
        return [*votes, valid * 48 // 100, valid * 41 // 100]
    spare = valid * seats - sum(votes)
    extra = candidates - settled
    most = min(valid // 3, spare // max(1, extra))
    return votes + [random.randint(most // 3, most) for _ in range(extra)]


def _add_ballot(rows: Rows, post: str, number: int, kind: str, seats: int, papers: Papers) -> None:
    rows["ballots"].append(
        {
            "unit": "-".join(post.split("-")[:2]),
            "post": post,
            "round": number,
            "kind": kind,
            "seats": seats,
            "issued": papers.issued,
            "returned": papers.returned,
            "not_returned": papers.issued - papers.returned,
            "valid": papers.valid,
            "void": papers.returned - papers.valid,
            "present": papers.issued if number > 1 else None,
            **dict.fromkeys(("voted_on", "annulled", "paper", "printed", "unused", "spoiled")),
        }
    )


def _add_tally(
    rows: Rows, place: Place, candidate: Row, number: int, votes: int, papers: Papers
) -> None:
    rest = papers.valid - votes
    against = rest if number > 1 else rest * place.random.randint(3, 7) // 10
    rows["tallies"].extend(
        {
            "unit": candidate["unit"],
            "post": candidate["post"],
            "round": number,
            "candidate": candidate["candidate"],
            "role": role,
            "officer": place.officers[officer],
            "in_favour": votes,
            "against": against,
            "abstained": rest - against,
            "unclear": None,
        }
        for role, officer in (("first", "scrutineer"), ("second", "scrutineer-2"))
    )
