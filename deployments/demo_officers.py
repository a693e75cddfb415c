"""The officers of the main job: each with a key of their own, signing what the pack asks of them.

Rules: everything goes the way of the commands `key new`, `key enrol`, `key vouch` and
`sign --ready`; whoever signs or delivers has a key; the key files stand in the home, under a
passphrase that everybody knows, because these officers are nobody. Who delivers a mend signs
nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from data.home import Home
from data.keyfiles import make_key
from schemas.vocabulary import Stage
from tasks.officers.everybody import ROUNDS, enrol_all
from tasks.officers.gates import Gates
from tasks.officers.recording import Recorder
from tasks.officers.signatories import Signatory
from tasks.officers.signing import sign_waiting

PASSPHRASE = "termgate-demo"  # noqa: S105 (these keys guard nothing)


def key_file(home: Home, officer: str) -> Path:
    """Where the private key of an officer of the main job stands."""
    return home.path / "keys" / officer


class Made:
    """The keys that were made, each when it is first asked for."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._made: dict[str, Signatory] = {}

    @property
    def officers(self) -> list[str]:
        """Who has one."""
        return list(self._made)

    def of(self, officer: str) -> Signatory:
        """An officer with their key."""
        if officer not in self._made:
            file = key_file(self._home, officer)
            private = make_key(file, officer, PASSPHRASE, ROUNDS)
            self._made[officer] = Signatory(officer, private)
        return self._made[officer]


def equip(
    home: Home, made: Made, signing: Collection[str], delivering: Collection[str]
) -> list[Signatory]:
    """Make, enrol and have vouched for a key for every officer who signs; those officers.

    Who is `delivering` gets one too. The founders' are in force; whoever holds one of those vouches
    for the others.
    """
    # Whoever has a key by then founded the cycle, signing or not.
    everybody = sorted({*signing, *delivering, *made.officers}, key=lambda one: (len(one), one))
    # Each waits for the disk to have its key.
    with ThreadPoolExecutor() as beside:
        enrol_all(Recorder(home), list(beside.map(made.of, everybody)))
    return [made.of(officer) for officer in signing]


def sign_stage(home: Home, stage: Stage, officers: Iterable[Signatory]) -> int:
    """Let every officer sign what waits for them at a stage; returns how many signatures."""
    gates = Gates(Recorder(home), stage, "cycle", closed=True)
    return sum(len(sign_waiting(gates, who)[0]) for who in officers)
