"""Crashes on order, checks that break, and checks that are asked once for the same rows.

Rules: a crash is an exception that nothing of ours catches, raised at the n-th change of the ledger
or of the blobs: before a transaction, before each of its statements, before its commit, or after
it. What a process remembers is lost with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import ParamSpec, TypeVar
from unittest.mock import patch

import pandas as pd

from data.blobs import BlobStore
from data.ledger import Ledger, Transaction
from schemas.facts import Facts
from schemas.frames import DIGEST
from schemas.policy import PackCheck
from schemas.registers import REGISTERS
from tasks import answers, evaluation
from tasks.checks.catalogue import CHECKS
from tests.support import cycle

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Crash(BaseException):
    """The process is gone."""


class Broken(Exception):
    """A check that raises."""


def forget() -> None:
    """Lose what a process worked out; what bytes mean may stay, they are read each time."""
    answers.REMEMBERED.clear()


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

    # What was worked out before would hide it.
    answers.REMEMBERED.clear()
    with patch.dict(CHECKS, {code: broken}):
        yield


# Checks are pure: the same rows on the same day are asked about once.

_found: dict[object, pd.DataFrame] = {}
_run_check = evaluation.run_check


@cache
def _behind(code: str, read: frozenset[str]) -> tuple[str, ...]:
    """The registers that a check reads, and those that say where their rows are at home."""
    found = {"jurisdictions", "units", *read}
    todo = list(found)
    while todo:
        register = REGISTERS[todo.pop()]
        if register.via:
            todo.append(register.references[register.via])
            found.add(todo[-1])
    return tuple(sorted(found))


def _run_check_once(entry: PackCheck, facts: Facts) -> pd.DataFrame:
    code = entry.rule.code
    if CHECKS[code].__name__ == "broken":
        return _run_check(entry, facts)
    names = _behind(code, frozenset(read.register for read in entry.rule.reads))
    seen = tuple(tuple(facts.tables[name][DIGEST].tolist()) for name in names)
    asked = (code, facts.on, tuple(facts.units["unit"].tolist()), seen)
    if asked not in _found:
        _found[asked] = _run_check(entry, facts)
    return _found[asked].copy()


@contextmanager
def asking_once() -> Iterator[None]:
    """Every check, and every hand-off, is asked once about the same rows."""
    with patch.object(evaluation, "run_check", _run_check_once), cycle.validating_once():
        yield
