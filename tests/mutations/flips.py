"""Every comparison of every check turned round, one at a time, before the corpora and the examples.

`python -m tests.mutations.flips [PREFIX ...]` turns those of all modules of `tasks/checks`, or of
those whose name begins so, and prints what nobody noticed.

Rules: the examples of `tests/checks` and the oracles are run once, to learn which of them reach
which function; each flip (`tests.mutations.flipping`) is then put into a child of that process,
before the cheap ones of those that reach it, the checks of the corpora that reach it, and the
others, until one of them notices. What cannot be noticed is listed with its reason in
`equivalents.yaml`.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
import yaml
from _pytest.runner import runtestprotocol

from schemas.facts import Facts
from schemas.policy import PackCheck
from tests.law import cases
from tests.law.base import PACKS, pack_of
from tests.mutations.flipping import PATHS, Flip, codes_of, flips, functions_of, standing
from tests.support.tree import ROOT, dotted

_FILE = Path(__file__).with_name("equivalents.yaml")
# Seconds of the processor in which a flip is looked at; what takes longer does not end, and is
# noticed by that.
_PATIENCE = 120
# So many examples of at most so many seconds come before the corpora.
_FIRST, _CHEAP = 60, 0.3
EXAMPLES = (
    "tests/checks",
    "tests/law/test_clocks.py",
    "tests/law/test_numbers.py",
    "tests/law/test_direct_numbers.py",
)

Group = tuple[bool, list[cases.Run], Facts]
Key = tuple[bool, str, str]


@cache
def _groups() -> list[Group]:
    return [
        (lawful, runs, cases._facts(runs))
        for lawful in (True, False)
        for runs in cases._by_day(cases.runs_of(cases.runs(lawful=lawful)))
    ]


def _closing(code: str) -> dict[Key, bool]:
    """Which runs a check closes."""
    found: dict[Key, bool] = {}
    for lawful, runs, facts in _groups():
        pack, gate = runs[0].setting.pack, code.partition(".")[0]
        check: PackCheck | None = pack_of(pack).check(code)
        far = cases.GATES.index(gate)
        reaching = [one for one in runs if cases.GATES.index(one.case.stage) >= far]
        if check is None or not reaching:
            continue
        seen = facts.within(one.unit for one in reaching)
        closed = {unit for unit, _ in cases._findings(check, seen, reaching)}
        found |= {(lawful, one.case.id, pack): one.unit in closed for one in reaching}
    return found


Reached = dict[tuple[str, str], set[str]]


@contextmanager
def _noting(reached: Reached) -> Iterator[list[str]]:
    """The functions of checks that are called are reached by what stands last in the list.

    Each function notes its name and calls what it was: a profiler would note every call of pandas.
    """
    what: list[str] = []
    before: list[tuple[FunctionType, CodeType]] = []
    for path in PATHS:
        module = import_module(dotted(path))
        for one in functions_of(module):
            key = (module.__name__, one.__qualname__.partition(".")[0])
            was = FunctionType(one.__code__, one.__globals__, one.__name__, one.__defaults__)
            was.__kwdefaults__ = one.__kwdefaults__
            name = f"_noted_{one.__qualname__.replace('.', '_')}"

            def noted(*given: Any, key: Any = key, was: Any = was, **named: Any) -> Any:
                reached[key].add(what[-1])
                return was(*given, **named)

            one.__globals__[name] = noted
            before.append((one, one.__code__))
            one.__code__ = _calling(name)
    try:
        yield what
    finally:
        for one, code in before:
            one.__code__ = code
            one.__globals__.pop(f"_noted_{one.__qualname__.replace('.', '_')}")


def _calling(name: str) -> CodeType:
    made = compile(f"def calling(*given, **named): return {name}(*given, **named)", name, "exec")
    (code,) = [one for _, one in codes_of(made)]
    return code


@cache
def _baseline() -> tuple[dict[str, dict[Key, bool]], Reached]:
    """What each check closes as it is, and by which checks each function is reached."""
    reached: Reached = defaultdict(set)
    closed: dict[str, dict[Key, bool]] = {}
    codes = {one.rule.code for pack in PACKS for gate in cases.GATES
             for one in cases.checks_of(pack, gate)}  # fmt: skip
    with _noting(reached) as what:
        for code in sorted(codes):
            what.append(code)
            closed[code] = _closing(code)
    return closed, reached


@cache
def _by_key() -> dict[Key, cases.Case]:
    return {(lawful, one.case.id, one.setting.pack): one.case
            for lawful, runs, _ in _groups() for one in runs}  # fmt: skip


def _reaching(flip: Flip, reached: Reached) -> set[str]:
    """What calls the function in which the flip stands; for a value, what calls its module."""
    if flip.function in reached:
        return reached[flip.function]
    return {one for (module, _), ones in reached.items() if module == flip.module
            for one in ones}  # fmt: skip


def noticed_by_corpora(flip: Flip) -> bool:
    """Whether a case is told otherwise than the law tells it."""
    closed, reached = _baseline()
    for code in sorted(_reaching(flip, reached)):
        for key, one in _closing(code).items():
            if one == closed[code][key]:
                continue
            case = _by_key()[key]
            every = {name for name, runs in closed.items() if runs.get(key)} - {code}
            told = [cases.Closed(name, "", "", "") for name in (every | {code} if one else every)]
            if cases.wrong(case, told):
                return True
    return False


class Survivors:
    """A run of examples that runs them once, and then each flip's in a child of the process."""

    def __init__(self, chosen: list[Flip]) -> None:
        self._chosen = chosen
        self._reached: Reached = defaultdict(set)
        self._items: dict[str, pytest.Item] = {}
        self._seconds: dict[str, float] = {}
        self._latest: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self.left: list[Flip] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Note which functions each example reaches; then put each flip before those of its own."""
        with _noting(self._reached) as what:
            for item in session.items:
                what.append(item.nodeid)
                began = time.process_time()
                if _failed(item):
                    raise pytest.UsageError(f"fails as the checks are: {item.nodeid}")
                self._items[item.nodeid] = item
                self._seconds[item.nodeid] = time.process_time() - began
        _baseline()
        gc.freeze()
        for flip in self._chosen:
            if not self._in_a_child(flip):
                self.left.append(flip)
                sys.stdout.write(f"{flip.name}\n")
                sys.stdout.flush()
        return True

    def _in_a_child(self, flip: Flip) -> bool:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            signal.setitimer(signal.ITIMER_PROF, _PATIENCE)
            noticed = True
            # What cannot even be put in place, or raises, is noticed.
            with suppress(BaseException), standing(flip):
                noticed = self._noticed(flip, writing)
            os._exit(int(noticed))
        os.close(writing)
        with open(reading, encoding="utf-8") as told:  # noqa: PTH123 (a pipe)
            self._latest[flip.function] += [one for one in (told.read(),) if one]
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0

    def _noticed(self, flip: Flip, telling: int) -> bool:
        """What noticed other flips of the function comes first; which example did is told."""
        latest = list(dict.fromkeys(reversed(self._latest[flip.function])))
        names = sorted(_reaching(flip, self._reached), key=self._seconds.__getitem__)
        cheap = [one for one in names if self._seconds[one] <= _CHEAP][:_FIRST]
        first = list(dict.fromkeys([*latest, *cheap]))
        rest = [one for one in names if one not in first]

        def fails(name: str) -> bool:
            if not _failed(self._items[name]):
                return False
            os.write(telling, name.encode())
            return True

        return any(map(fails, first)) or noticed_by_corpora(flip) or any(map(fails, rest))


def _failed(item: pytest.Item) -> bool:
    return any(one.failed for one in runtestprotocol(item, nextitem=None, log=False))


def survivors(chosen: list[Flip]) -> list[Flip]:
    """What neither the corpora nor the examples notice, printed as they are found.

    Raises:
        RuntimeError: the examples could not be run.
    """
    found = Survivors(chosen)
    code = pytest.main(
        ["-q", "-s", "-n0", "--tb=no", "-p", "no:cacheprovider", "-p", "no:costs",
         "--hypothesis-profile=mutations", *(str(ROOT / one) for one in EXAMPLES)],
        plugins=[found],
    )  # fmt: skip
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise RuntimeError(f"the examples could not be run: {code}")
    return found.left


@cache
def equivalents() -> dict[str, str]:
    """Flips that nothing can notice, and why."""
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8")) or {}
    return {name: reason for reason, names in read.items() for name in names}


def main() -> int:
    """Turn what is named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations.flips", description=__doc__)
    parser.add_argument("prefixes", nargs="*", metavar="PREFIX", help="default: all modules")
    given = parser.parse_args()
    paths = [one for one in PATHS if one.stem.startswith(tuple(given.prefixes) or "")]
    chosen = [one for path in paths for one in flips(path) if one.name not in equivalents()]
    left = len(survivors(chosen))
    sys.stdout.write(f"{len(chosen)} flips: {left} noticed by nobody\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
