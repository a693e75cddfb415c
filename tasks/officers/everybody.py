"""Keys for everybody, made by one person: for the main job, and for a trial.

Rules: everything goes the way of the commands `key new`, `key enrol` and `key vouch`; the first two
organs found the ring, and whoever holds a key vouches for the others, there or below. What such
keys sign proves nothing of anybody.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from data.blobs import write_durably
from data.home import Home
from data.keyfiles import make_key
from tasks.officers import keys
from tasks.officers.recording import Recorder, Signatory

# A key that guards nothing need not make guessing slow.
ROUNDS = 1
PASSPHRASE_FILE = "passphrase"  # noqa: S105 (a file's name)


def enrol_all(recorder: Recorder, officers: Sequence[Signatory]) -> None:
    """Enrol the keys of officers, and have each vouched for by another of them that may.

    Raises:
        ActRefused: one of them is not on record, or has a key.
    """
    for who in officers:
        keys.enrol(recorder, who)
    waiting: Sequence[Signatory] = officers
    while waiting:
        recorder.follow()
        left = [who for who in waiting if not _vouched(recorder, who, officers)]
        if len(left) == len(waiting):
            return
        waiting = left


def _vouched(recorder: Recorder, who: Signatory, officers: Sequence[Signatory]) -> bool:
    """Have a key vouched for, if that is needed and somebody may; whether it is in force."""
    key = recorder.history.acts.keys.pending(who.officer)
    if key is None:
        return True
    places = keys.vouching(recorder, key.jurisdiction)
    for other in officers:
        own = recorder.history.acts.keys.of(other.officer)
        may = own and own.organ != key.organ and own.jurisdiction in places
        if may and not keys.one_person(recorder, who.officer, other.officer):
            keys.vouch(recorder, who.officer, who.key, other)
            return True
    return False


def make_trial_keys(home: Home, folder: Path) -> int:
    """A key for every officer on record in one folder, under one passphrase there; how many.

    The keys of nobody are in force who cannot be vouched for; whoever has one can vouch later.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    passphrase = secrets.token_urlsafe(18)
    file = folder / PASSPHRASE_FILE
    write_durably(file, f"{passphrase}\n".encode())
    file.chmod(0o600)
    recorder = Recorder(home)
    officers = sorted(recorder.whole.facts.officers["officer"].tolist(), key=_highest_first)
    made = [
        Signatory(one, make_key(folder / one, one, passphrase, ROUNDS))
        for one in map(str, officers)
    ]
    enrol_all(recorder, made)
    return len(made)


def _highest_first(officer: str) -> tuple[int, str]:
    return len(officer), officer
