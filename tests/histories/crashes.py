"""Crashes on order, and checks that break.

Rules: a crash is an exception that nothing of ours catches, raised at the n-th change of the ledger
or of the blobs: before a transaction, before each of its statements, before its commit, or after
it. What a process remembers is lost with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import ParamSpec, TypeVar
from unittest.mock import patch

import pandas as pd

from data.blobs import BlobStore
from data.ledger import Ledger, Transaction
from tasks.checks.catalogue import CHECKS

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Crash(BaseException):
    """The process is gone."""


class Broken(Exception):
    """A check that raises."""


@contextmanager
def crashing(at: int) -> Iterator[None]:
    """Crash at the `at`-th point, if there are so many; 0 is never."""
    passed = 0

    def point() -> None:
        nonlocal passed
        passed += 1
        if passed == at:
            raise Crash

    def before(call: Callable[Given, Result]) -> Callable[Given, Result]:
        def called(*given: Given.args, **named: Given.kwargs) -> Result:
            point()
            return call(*given, **named)

        return called

    whole = Ledger.transaction

    @contextmanager
    def transaction(ledger: Ledger) -> Iterator[Transaction]:
        point()
        with whole(ledger) as begun:
            yield begun
            point()
        point()

    if not at:
        yield
        return
    with ExitStack() as stack:
        stack.enter_context(patch.object(Ledger, "transaction", transaction))
        for owner, name in (
            (Transaction, "append"),
            (Transaction, "set_state"),
            (BlobStore, "put"),
        ):
            stack.enter_context(patch.object(owner, name, before(getattr(owner, name))))
        yield


@contextmanager
def breaking(code: str) -> Iterator[None]:
    """Let a check raise; empty is none."""
    if not code:
        yield
        return

    def broken(*_: object) -> pd.DataFrame:
        raise Broken

    with patch.dict(CHECKS, {code: broken}):
        yield
