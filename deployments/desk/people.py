"""Officers and their keys as the desk lists them: by what is asked for, with the names one may see.

Rules: everybody signed in sees every key by its officer's id; what officers are called is only for
those whom `tasks.officers.seeing` names, and is found by its text only by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.acts import Key, Keyring
from deployments.desk.known import Known
from deployments.inbox import head_line
from schemas.envelopes import fingerprint
from schemas.vocabulary import Organ
from tasks.officers.outstanding import pending_keys
from tasks.places import Places


@dataclass(frozen=True)
class Asked:
    """Which keys: a part of what is shown of them, their organ, and how they stand."""

    text: str
    organ: str
    state: str

    def admits(self, key: Key, name: str, place: str) -> bool:
        """Whether a key is asked for; `place` is what its holder's place is called."""
        digits = key.name.startswith(self.text.strip().lower().replace("-", "") or "-")
        shown = " ".join((key.officer, key.jurisdiction, place, name, fingerprint(key.name)))
        return (
            (digits or self.text.strip().casefold() in shown.casefold())
            and self.organ in ("", key.organ)
            and self.state in ("", key.state)
        )


def listed(ring: Keyring, names: Mapping[str, str], places: Places, asked: Asked) -> list[Key]:
    """The keys that are asked for, by officer and age."""
    found = [
        key
        for key in ring.keys.values()
        if asked.admits(key, names.get(key.officer, ""), places.called(key.jurisdiction))
    ]
    return sorted(found, key=lambda key: (key.officer, key.enrolled))


def officers(known: Known, mine: Key, asked: Asked) -> dict[str, Any]:
    """What the page of officers shows to the holder of a key."""
    from tasks.officers.seeing import officers_named

    ring = known.keys
    judge, every = known.judge(mine), ring.keys.values()
    places = Places(known.ledger)
    below = places.below(mine.jurisdiction)
    pending = pending_keys(ring)
    vouching = {key.name: judge.vouch(key.officer, key.name) for key in pending}
    vouched_for = {key.officer for key in pending if not vouching[key.name]}
    names = officers_named(known.facts, mine, below, vouched_for)
    # Who revokes an officer's key revokes the one that signs, else the one that waits.
    held = [ring.of(key.officer) or ring.pending(key.officer) for key in every]
    return {
        "keys": listed(ring, names, places, asked),
        "places": places,
        "total": len(every),
        "names": names,
        "asked": asked,
        "organs": [one for one in Organ if one.value in {key.organ for key in every}],
        "states": sorted({key.state for key in every}),
        "pending": pending,
        "doubtful": [
            one for one in dict.fromkeys(key.officer for key in every) if ring.doubtful(one)
        ],
        "mine": mine,
        "waiting": known.waiting.values(),
        "confirming": {seq: (judge.confirm(seq), judge.decline(seq)) for seq in known.waiting},
        "vouching": vouching,
        "revoking": {key.name: judge.revoke(key.officer) for key in held if key},
        "head_line": head_line,
    }
