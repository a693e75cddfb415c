"""The evaluators of tests: keys that follow from their numbers, so that any test can sign as one.

Rules: the first key of a home is always the same, so that homes of the same rows are; whoever
forges with `evaluated` has the key of the evaluator whom an entry names.
"""

from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.evaluators import Signer
from data.home import Home
from data.keyfiles import write_process_key
from data.signers import key_file
from schemas.envelopes import key_id, raw_public
from tests.support.signing import private_of

NUMBERS = range(1, 5)


def evaluator(number: int = 1) -> Ed25519PrivateKey:
    """The private half of an evaluator's key."""
    return private_of("evaluator", number)


def signer(number: int = 1) -> Signer:
    """The evaluator of that number."""
    return Signer(key_id(raw_public(evaluator(number))), evaluator(number))


def placed_key(home: Home) -> Ed25519PrivateKey:
    """The first key, which lies in a home by then."""
    place_key(home)
    return evaluator()


@cache
def _signers() -> dict[str, Signer]:
    return {signer(number).name: signer(number) for number in NUMBERS}


def place_key(home: Home, number: int = 1) -> None:
    """Put the private half of a key into a home, unless it is there."""
    home.evaluators.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = key_file(home, signer(number).name)
    if not path.exists():
        write_process_key(path, evaluator(number))


def evaluated(entry: dict[str, Any]) -> dict[str, Any]:
    """A decision or hand-off signed again by the evaluator whom it names; others as they are."""
    if "signature" not in entry or entry.get("evaluator") not in _signers():
        return entry
    content = {name: value for name, value in entry.items() if name != "signature"}
    return _signers()[entry["evaluator"]].signed(content)
