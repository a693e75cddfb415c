"""Rows that several rules look at: those of the slate, those of the obliged, what was returned.

Rules: a row that only concerns people who are off the slate, talks of another kind, or somebody
whom nothing names is no evidence.
"""

from __future__ import annotations

from schemas.rules.base import Among, NamedBy, Reach, Read, read
from schemas.vocabulary import Body, CandidateStatus, CountRole, TalkKind

PROPOSED = Among("status", (CandidateStatus.PROPOSED.value,))
ON_THE_LIST = Among("status", (CandidateStatus.PROPOSED.value, CandidateStatus.WRITE_IN.value))
FIRST_COUNT = Among("role", (CountRole.FIRST.value,))

# The day on which something happened that is returned; of other registers every row counts.
HAPPENED = {
    "reports": "received_on",
    "violations": "decided_on",
    "sanctions": "decided_on",
    "problems": "found_on",
}

CONGRESS_HERE = read("units", "unit", Among("body", (Body.CONGRESS.value,)), reach=Reach.PLACE)


def proposed(columns: str = "") -> Read:
    """The candidates who are proposed."""
    return read("candidates", f"candidate unit status {columns}", PROPOSED)


def of_proposed(register: str, columns: str, *rows: Among) -> Read:
    """What is on record of the candidates who are proposed."""
    named = NamedBy("candidate", ((proposed(), "candidate"),))
    return read(register, f"candidate {columns}", *rows, named)


def obliged(duty: str) -> Read:
    """Whoever the roster obliges to `duty`."""
    return read("roster", f"person jurisdiction {duty}", Among(duty, (True,)))


def talked_to(duty: str, kind: TalkKind) -> tuple[Read, ...]:
    """The talks of a kind with whoever is obliged to `duty`, and who held them."""
    people, of_kind = obliged(duty), Among("kind", (kind.value,))
    held = read("talks", "talk", of_kind, reach=Reach.ANCESTORS)
    present = read(
        "talk_participants",
        "talk person",
        NamedBy("person", ((people, "person"),)),
        NamedBy("talk", ((held, "talk"),)),
    )
    talks = read(
        "talks",
        "talk jurisdiction kind officer held_on",
        of_kind,
        NamedBy("talk", ((present, "talk"),)),
        reach=Reach.ANCESTORS,
    )
    return people, present, talks, officers((talks, "officer"))


def officers(*named: tuple[Read, str]) -> Read:
    """The officers of the place or above whom other rows name, with their organs."""
    return read("officers", "officer organ", NamedBy("officer", named), reach=Reach.ANCESTORS)


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
