"""Rows that several rules look at: those of the slate, those of the obliged, what was returned.

Rules: a row that only concerns people who are off the slate, talks of another kind, or somebody
whom nothing names is no evidence.
"""

from __future__ import annotations

from schemas.rules.base import Among, NamedBy, Reach, Read, read
from schemas.vocabulary import (
    NOMINEES,
    Body,
    CandidateStatus,
    DocumentKind,
    Level,
    MeasureKind,
    Organ,
    TalkKind,
)
from schemas.vote_terms import CountRole

PROPOSED = Among("status", (CandidateStatus.PROPOSED.value,))
FROM_THE_FLOOR = Among("status", (CandidateStatus.FROM_THE_FLOOR.value,))
NOMINATED = Among("status", NOMINEES)
ON_THE_LIST = Among("status", (*NOMINEES, CandidateStatus.WRITE_IN.value))
FIRST_COUNT = Among("role", (CountRole.FIRST.value,))

# The day on which something happened that is returned; of other registers every row counts.
HAPPENED = {
    "reports": "received_on",
    "violations": "decided_on",
    "sanctions": "decided_on",
    "problems": "found_on",
}

CONGRESS_HERE = read("units", "unit", Among("body", (Body.CONGRESS.value,)), reach=Reach.PLACE)


def of_assembly(register: str, columns: str, *rows: NamedBy) -> tuple[Read, Read]:
    """The rows of the assembly that elects: a CPPCC its own, any other those of the congress.

    The assembly of a government is that of the congress, another unit of the same place.
    """
    return (
        read(register, f"unit {columns}", *rows, bodies=(Body.CPPCC,)),
        read(
            register,
            f"unit {columns}",
            *rows,
            NamedBy("unit", ((CONGRESS_HERE, "unit"),)),
            reach=Reach.PLACE,
            bodies=(Body.CONGRESS, Body.GOVERNMENT),
        ),
    )


MEMBERS = of_assembly("credentials", "members")


def proposed(columns: str = "") -> Read:
    """The candidates whom the party side proposes."""
    return read("candidates", f"candidate unit status {columns}", PROPOSED)


def from_the_floor(columns: str = "") -> Read:
    """The candidates whom deputies nominated on the floor; nobody vetted them."""
    return read("candidates", f"candidate unit status {columns}", FROM_THE_FLOOR)


def nominees(columns: str = "") -> Read:
    """The candidates whose names are printed: proposed, or nominated on the floor."""
    return read("candidates", f"candidate unit status {columns}", NOMINATED)


def of_proposed(register: str, columns: str, *rows: Among) -> Read:
    """What is on record of the candidates who are proposed."""
    named = NamedBy("candidate", ((proposed(), "candidate"),))
    return read(register, f"candidate {columns}", *rows, named)


def documents(*kinds: DocumentKind, bodies: tuple[Body, ...] = ()) -> Read:
    """A unit's documents of these kinds: who issued them, and when."""
    of_kinds = Among("kind", tuple(kind.value for kind in kinds))
    return read("documents", "unit kind issued_by issued_on", of_kinds, bodies=bodies)


def obliged(duty: str) -> Read:
    """Whoever the roster obliges to `duty`."""
    return read("roster", f"person jurisdiction {duty}", Among(duty, (True,)))


def of_slate(duty: str) -> Read:
    """The roster's rows of those who are proposed, whether they are obliged to `duty` or not."""
    return read(
        "roster",
        f"person jurisdiction {duty}",
        NamedBy("person", ((proposed("person"), "person"),)),
    )


def talked_to(duty: str, kind: TalkKind, *also: Read) -> tuple[Read, ...]:
    """The talks of a kind with whoever is obliged to `duty` or `also` is, and who held them."""
    people, of_kind = (obliged(duty), *also), Among("kind", (kind.value,))
    held = read("talks", "talk", of_kind, reach=Reach.ANCESTORS)
    present = read(
        "talk_participants",
        "talk person",
        NamedBy("person", tuple((one, "person") for one in people)),
        NamedBy("talk", ((held, "talk"),)),
    )
    talks = read(
        "talks",
        "talk jurisdiction kind officer held_on",
        of_kind,
        NamedBy("talk", ((present, "talk"),)),
        reach=Reach.ANCESTORS,
    )
    return *people, present, talks, officers((talks, "officer"))


def officers(*named: tuple[Read, str]) -> Read:
    """The officers of the place or above whom other rows name: their organs, who they are."""
    return read(
        "officers", "officer person organ", NamedBy("officer", named), reach=Reach.ANCESTORS
    )


def persons(*named: tuple[Read, str]) -> Read:
    """Who the officers are whom other rows name, wherever they are at home."""
    return read("officers", "officer person", NamedBy("officer", named), reach=Reach.EVERYWHERE)


def secretaries_below() -> tuple[Read, ...]:
    """The secretaries of a city's counties, and the city's responsibility talks with them."""
    counties = read(
        "jurisdictions",
        "jurisdiction parent",
        Among("level", (Level.COUNTY.value,)),
        reach=Reach.SUBTREE,
        levels=(Level.CITY,),
        alias="counties",
    )
    owes, columns = Among("responsibility_talk", (True,)), "person jurisdiction responsibility_talk"
    in_counties = NamedBy("jurisdiction", ((counties, "jurisdiction"),))
    every = read("roster", columns, owes, in_counties, reach=Reach.SUBTREE, levels=(Level.CITY,))
    secretaries = read(
        "officers",
        "person jurisdiction organ",
        Among("organ", (Organ.SECRETARY.value,)),
        NamedBy("person", ((every, "person"),)),
        reach=Reach.SUBTREE,
        levels=(Level.CITY,),
        alias="secretaries",
    )
    # Of whoever owes a talk in a county only the secretaries are the city's matter.
    owing = read(
        "roster",
        columns,
        owes,
        NamedBy("person", ((secretaries, "person"),)),
        reach=Reach.SUBTREE,
        levels=(Level.CITY,),
        alias="owing_below",
    )
    held = read("talks", "talk", Among("kind", (TalkKind.RESPONSIBILITY.value,)))
    present = read(
        "talk_participants",
        "talk person",
        NamedBy("person", ((secretaries, "person"),)),
        NamedBy("talk", ((held, "talk"),)),
        reach=Reach.SUBTREE,
        levels=(Level.CITY,),
    )
    talks = read(
        "talks",
        "talk jurisdiction kind officer held_on",
        Among("kind", (TalkKind.RESPONSIBILITY.value,)),
        NamedBy("talk", ((present, "talk"),)),
        reach=Reach.ANCESTORS,
        levels=(Level.CITY,),
    )
    return counties, owing, secretaries, present, talks, officers((talks, "officer"))


# When the cycle began for a place: the first deployment from above, of its own level or a higher.
DEPLOYED = read(
    "measures",
    "jurisdiction kind held_on",
    Among("kind", (MeasureKind.SUPERIOR_DEPLOYMENT.value,)),
    reach=Reach.ANCESTORS,
)


def kin_of_slate() -> tuple[Read, Read]:
    """Whoever is kin of somebody who is proposed, whichever of the two was named first."""
    columns, named = "person kin", ((proposed("person"), "person"),)
    return (
        read("kin", columns, NamedBy("person", named), reach=Reach.ANCESTORS),
        read("kin", columns, NamedBy("kin", named), reach=Reach.ANCESTORS),
    )


def counters(tallies: Read) -> Read:
    """The officers who signed the counts, and which persons they are."""
    named = NamedBy("officer", ((tallies, "officer"),))
    return read("officers", "officer person", named, reach=Reach.ANCESTORS)


def returned(register: str) -> tuple[Read, Read]:
    """What a place returned of a register, and the rows there that it is held against."""
    return (
        read(
            "returns",
            "jurisdiction register_name entries reported_on",
            Among("register_name", (register,)),
        ),
        read(
            register,
            HAPPENED.get(register, ""),
            reach=Reach.PLACE,
            alias=f"{register}_recorded",
        ),
    )
