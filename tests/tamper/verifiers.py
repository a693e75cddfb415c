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


class Chain:
    """The single file's chain test at some line, all lines before it taken."""

    def __init__(self) -> None:
        module = single_file()
        self._fault, self._tested = module.Fault, module.tested
        self._history = module.History.__new__(module.History)
        self._history.entries = [{}]
        self._history.hashes, self._history.leaves = ["0" * 64], [b""]

    def take(self, seq: int, line: bytes) -> None:
        """The next line, which holds."""
        self._tested("changed", seq, self._history.link, seq, line.decode("latin-1"))

    def answer(self, seq: int, lines: bytes) -> Verdict:
        """What is said of the first of these lines, which is not taken."""
        line, feed, _ = lines.partition(b"\n")
        try:
            self.take(seq, line + feed)
        except self._fault as fault:
            return str(fault.args[0]), int(fault.args[1])
        for column in (self._history.entries, self._history.hashes, self._history.leaves):
            column.pop()
        return "", seq


def single_file_chain() -> Chain:
    """The single file's chain test before the first line."""
    return Chain()


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
