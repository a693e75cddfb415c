"""The officers of the main job: each with a key of their own, signing what the pack asks of them.

Rules: everything goes the way of the commands `key new`, `key enrol`, `key vouch` and
`sign --ready`; the key files stand in the home, under a passphrase that everybody knows, because
these officers are nobody. Who delivers a mend signs nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from data.blobs import BlobStore
from data.home import Home
from data.keyfiles import make_key
from data.reference.signing import signers
from data.registers import read_registers
from schemas.vocabulary import Stage
from tasks.officers.everybody import ROUNDS, enrol_all
from tasks.officers.recording import Recorder, Signatory
from tasks.officers.signing import Gates, sign_waiting

PASSPHRASE = "termgate-demo"  # noqa: S105 (these keys guard nothing)
_READ = ("jurisdictions", "units", "officers", "candidates", "kin")


def key_file(home: Home, officer: str) -> Path:
    """Where the private key of an officer of the main job stands."""
    return home.path / "keys" / officer


def tables_of(home: Home, recorder: Recorder) -> dict[str, list[dict[str, Any]]]:
    """The rows of the registers that say who may sign."""
    frames = read_registers(BlobStore(home.blobs), recorder.history.submissions())
    found: dict[str, list[dict[str, Any]]] = {}
    for name in _READ:
        plain = frames[name].astype(object).where(frames[name].notna(), None)
        columns = [str(column) for column in plain.columns]
        rows = plain.itertuples(index=False, name=None)
        found[name] = [dict(zip(columns, row, strict=True)) for row in rows]
    return found


def _made(home: Home, officer: str) -> Signatory:
    return Signatory(officer, make_key(key_file(home, officer), officer, PASSPHRASE, ROUNDS))


def equip(home: Home, delivering: Collection[str]) -> list[Signatory]:
    """Make, enrol and have vouched for a key for every officer who signs; those officers.

    The first two organs found the ring; whoever holds one of their keys vouches for the others.
    """
    recorder = Recorder(home)
    signing = signers(recorder.snapshot("cycle").pack, tables_of(home, recorder), delivering)
    key_file(home, "").mkdir(mode=0o700, parents=True)
    officers = [_made(home, officer) for officer in signing]
    enrol_all(recorder, officers)
    return officers


def sign_stage(home: Home, stage: Stage, officers: Iterable[Signatory]) -> int:
    """Let every officer sign what waits for them at a stage; returns how many signatures."""
    gates = Gates(Recorder(home), stage, "cycle")
    return sum(len(sign_waiting(gates, who)[0]) for who in officers)
