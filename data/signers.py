"""The private half of the evaluator's key: where it is kept, and who may decide.

Rules: it is a file of the user alone, in the home under the key's id, or a worker's secret that
`TERMGATE_EVALUATOR` names; it never stands in the ledger's database or among the blobs. Nobody
decides without the key that is in force on record.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.evaluators import Evaluators, Signer
from data.history import history_of_gates
from data.home import EVALUATOR, Home
from data.keyfiles import KeyFileRefused, load_process_key, write_process_key
from data.ledger import Ledger
from schemas.envelopes import key_id, raw_public
from schemas.text import Refusal, Text


class NoEvaluator(Refusal):
    """This process has not the key with which decisions are signed."""


def key_file(home: Home, name: str) -> Path:
    """Where the private half of the key `name` stands."""
    named = os.environ.get(EVALUATOR)
    return Path(named) if named else home.evaluators / f"{name}.key"


def new_key(home: Home, file: Path | None = None) -> Ed25519PrivateKey:
    """The key that is to be put on record next: in `file`, in the named secret, or a new one.

    A file that is not there is made; without one a new key goes into the home.

    Raises:
        KeyFileRefused: it is no key, others may read it, or its folder does not exist.
    """
    named = file or os.environ.get(EVALUATOR)
    if named and Path(named).exists():
        return load_process_key(Path(named))
    private = Ed25519PrivateKey.generate()
    if not named:
        home.evaluators.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_process_key(
        Path(named) if named else key_file(home, key_id(raw_public(private))), private
    )
    return private


def first_key(home: Home) -> Ed25519PrivateKey:
    """The key of a cycle that is about to be opened: the one in the home, else a new one.

    Raises:
        KeyFileRefused: as `new_key`.
    """
    found = sorted(home.evaluators.glob("*.key")) if not os.environ.get(EVALUATOR) else []
    return load_process_key(found[0]) if found else new_key(home)


def signer_for(home: Home, evaluators: Evaluators) -> Signer:
    """Who signs what this process decides.

    Raises:
        NoEvaluator: no key is in force, or its private half is not here.
        KeyFileRefused: the file is no key, or others may read it.
    """
    key = evaluators.current
    if key is None:
        raise NoEvaluator(
            Text(
                "核查密钥已被吊销，不能作决定；由两个机关登记新的：termgate evaluator enrol，"
                "再 termgate evaluator vouch",
                "the evaluator's key was revoked and nothing can be decided; officers of two "
                "organs put a new one in force: `termgate evaluator enrol`, then `termgate "
                "evaluator vouch`",
            )
        )
    path = key_file(home, key.name)
    try:
        private = load_process_key(path)
    except KeyFileRefused as refused:
        if refused.code != "missing":
            raise
        raise _elsewhere(path) from None
    if key_id(raw_public(private)) != key.name:
        raise _elsewhere(path)
    return Signer(key.name, private)


def known_evaluators(home: Home) -> Evaluators:
    """Every evaluator's key on record, each from its checked entry.

    Raises:
        LedgerBroken: an entry is not what was written.
    """
    return history_of_gates(Ledger(home.ledger), "1 = 0").evaluators


def check_decides(home: Home) -> None:
    """Refuse, before anything is evaluated, where this process could not sign what it decides.

    Raises:
        NoEvaluator, KeyFileRefused: as `signer_for`.
        LedgerBroken: an entry is not what was written.
    """
    signer_for(home, known_evaluators(home))


def _elsewhere(path: Path) -> NoEvaluator:
    return NoEvaluator(
        Text(
            f"{path}：不是现行的核查私钥或文件不存在，本程序不能作决定；"
            f"把私钥文件放到这里，或用 {EVALUATOR} 指明",
            f"{path}: missing, or not the evaluator's key in force, so nothing can be decided "
            f"here; put the private key there, or name its file with {EVALUATOR}",
        )
    )
