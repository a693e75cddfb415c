"""The two verifiers under one signature: the class and number of the first fault.

Rules: a ledger that holds is `("", entries)`. The single file is loaded from docs/ as it stands
there and knows nothing of ours.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from types import ModuleType

from data.home import Home
from data.verify import Fault, verify, verify_bundle_bytes
from tests.support.tree import ROOT

SINGLE_FILE = ROOT / "docs" / "verify_bundle.py"

Verdict = tuple[str, int]


@cache
def single_file() -> ModuleType:
    """The verifier of one file, as a module."""
    spec = importlib.util.spec_from_file_location("verify_bundle", SINGLE_FILE)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(SINGLE_FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _verdict(held: int, fault: Fault | None) -> Verdict:
    return (fault.fault, fault.seq) if fault else ("", held)


def by_library(bundle: bytes, kept: Sequence[bytes] = ()) -> Verdict:
    """What the library says of a bundle."""
    return _verdict(*verify_bundle_bytes(bundle, list(kept)))


def by_single_file(bundle: bytes, kept: Sequence[bytes] = ()) -> Verdict:
    """What the single file says of a bundle."""
    name, number = single_file().verdict(bundle, list(kept))
    return str(name), int(number)


def of_home(home: Home, kept: Sequence[bytes] = ()) -> Verdict:
    """What the library says of a home, looking at everything."""
    return _verdict(*verify(home, acts=True, checkpoints=list(kept)))
