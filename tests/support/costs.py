"""Which tests are dear: those that take more than `DEAR` seconds of the processor.

Rules: the list (tests/costs.txt) is measured and written by `make costs`, never by hand; it has the
functions of which a case is dear, each with what all its cases take together, in steps so coarse
that another machine writes the same. What several tests share (fixtures of a module and wider, what
is loaded or made once) is no cost of the one that comes first: a test that seems dear is run again,
and what a fixture takes is shared out evenly among the tests of a module that use it.
A dear test that is not listed fails, with a margin, so that `make quick` stays quick.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Generator, Iterable, Mapping
from functools import cache
from math import fsum
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.support.processor import scale, spent
from tests.support.tree import ROOT

LIST = Path(__file__).parents[1] / "costs.txt"
DEAR = 0.1  # seconds, as tests.support.processor has them
# Before an unlisted test fails: machines differ in more than their speed, and are disturbed.
MARGIN = 8
# What a test takes that is not listed, on average.
CHEAP = 0.02
# These are dear by what they are: others work for them, and they wait.
SERVICES = ("server", "browser")
WAITING = 5.0
STEPS = (1, 2, 5)


def function_of(nodeid: str) -> str:
    """The test function of a test, without the case."""
    return nodeid.partition("[")[0]


def read(file: Path = LIST) -> dict[str, float]:
    """Function → seconds of all its cases."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    split = [line.split() for line in lines if not line.startswith("#")]
    return {name: float(seconds) for seconds, name in split}


def step(seconds: float) -> float:
    """The step at or above so many seconds: 0.1, 0.2, 0.5, 1, 2, 5, …"""
    power = 0.1
    while True:
        for one in STEPS:
            if seconds <= one * power:
                return round(one * power, 1)
        power *= 10


def renewed(before: Mapping[str, float], measured: Mapping[str, list[float]]) -> dict[str, float]:
    """The list after a measurement of some tests.

    Functions that were not measured stay as they are; so does what came out near what it was.
    """
    after = dict(before)
    for name, cases in measured.items():
        total, listed = sum(cases), before.get(name)
        # Whoever stands near the limit would come and go.
        if max(cases) <= (DEAR / 2 if listed else DEAR):
            after.pop(name, None)
        elif listed is None or not listed / 5 <= total <= listed * 2:
            after[name] = step(total)
    return after


def shared_out(
    measured: Mapping[str, list[float]],
    fixtures: Mapping[str, float],
    used: Mapping[str, Collection[str]],
) -> dict[str, list[float]]:
    """Function → seconds of each case, with its share of what the fixtures take that it uses.

    `fixtures` has the seconds of each, `used` those of each function, by module and name.
    """
    users: Counter[str] = Counter()
    for name, cases in measured.items():
        users.update(dict.fromkeys(used.get(name, ()), len(cases)))
    share = {one: seconds / users[one] for one, seconds in fixtures.items() if users[one]}
    return {
        name: [own + fsum(share.get(one, 0) for one in used.get(name, ())) for own in cases]
        for name, cases in measured.items()
    }


def _fixture(item: pytest.Item, name: str) -> str:
    """A fixture, as a module has it."""
    return f"{item.nodeid.partition('::')[0]}::{name}"


def write(costs: Mapping[str, float], file: Path = LIST) -> None:
    """Write the list, in the order of the functions' names."""
    lines = ["# Seconds of the processor of the tests that are dear; written by `make costs`."]
    lines += [f"{costs[name]:<5g} {name}" for name in sorted(costs)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def stands(name: str) -> bool:
    """Whether a function that is listed is there."""
    module, _, function = name.partition("::")
    file, word = ROOT / module, function.partition("::")[0]
    return file.is_file() and bool(re.search(rf"\b{word}\b", file.read_text(encoding="utf-8")))


@cache
def _scale() -> float:
    """The scale of this process, for a first look."""
    return scale()


class Costs:
    """Measures every test of a session; `writing`: to list them anew."""

    def __init__(self, *, writing: bool) -> None:
        self.listed = read()
        self.measured: dict[str, list[float]] = {}
        self.fixtures: defaultdict[str, float] = defaultdict(float)
        self.used: dict[str, list[str]] = {}
        self._writing = writing
        self._shared = 0.0
        self._depth = 0
        self._item: pytest.Item | None = None

    def is_dear(self, item: pytest.Item) -> bool:
        """Whether a test is known to be dear."""
        return _is_served(item) or function_of(item.nodeid) in self.listed

    def together(self, items: Iterable[pytest.Item]) -> float:
        """About how long tests take, in seconds: enough to begin with the longest."""
        functions: set[str] = set()
        seconds = 0.0
        for item in items:
            functions.add(function_of(item.nodeid))
            seconds += WAITING if _is_served(item) else CHEAP
        # A set has another order in each process, and a plain sum then another last digit.
        return seconds + fsum(self.listed.get(name, 0) for name in functions)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Take what is gone from the list that is to be written anew."""
        if self._writing and not hasattr(session.config, "workerinput"):
            self.listed = {name: cost for name, cost in self.listed.items() if stands(name)}
            write(self.listed)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark what is dear, so that it can be left out."""
        for item in items:
            if self.is_dear(item):
                item.add_marker("dear")

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """What a wider fixture takes is the cost of all that use it."""
        before = spent()
        wide = fixturedef.scope != "function"
        self._depth += wide
        try:
            return (yield)
        finally:
            self._depth -= wide
            if wide and not self._depth:
                taken = spent() - before
                self._shared += taken
                if self._item:
                    self.fixtures[_fixture(self._item, fixturedef.argname)] += taken / _scale()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        """Measure a test; where it seems dear and is not known to be, run it again."""
        before, self._shared, self._item = spent(), 0.0, item
        done = yield
        self.used[function_of(item.nodeid)] = [
            _fixture(item, name) for name in getattr(item, "fixturenames", ())
        ]
        seconds = (spent() - before - self._shared) / _scale()
        repeated = not _is_served(item) if self._writing else not self.is_dear(item)
        limit = DEAR if self._writing else DEAR * MARGIN
        if repeated and seconds > limit:
            again = self._again(item, nextitem)
            if again is not None:
                seconds = min(seconds, again)
                if not self._writing and seconds > limit:
                    _fail(item, seconds)
        self.measured.setdefault(function_of(item.nodeid), []).append(seconds)
        return done

    def _again(self, item: pytest.Item, nextitem: pytest.Item | None) -> float | None:
        """The seconds of another run, None where the test cannot be run twice."""
        before, self._shared = spent(), 0.0
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
        taken = spent() - before - self._shared
        return taken / scale() if all(report.passed for report in reports) else None

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand on what was measured; write the list."""
        workeroutput = getattr(session.config, "workeroutput", None)
        if workeroutput is not None:
            workeroutput["costs"] = [self.measured, dict(self.fixtures), self.used]
        elif self._writing and not session.testsfailed:
            write(renewed(self.listed, shared_out(self.measured, self.fixtures, self.used)))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what another process measured."""
        none: tuple[dict[str, Any], ...] = ({}, {}, {})
        measured, fixtures, used = getattr(node, "workeroutput", {}).get("costs", none)
        self.used.update(used)
        for name, seconds in fixtures.items():
            self.fixtures[name] += seconds
        for name, cases in measured.items():
            self.measured.setdefault(name, []).extend(cases)


def _is_served(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in SERVICES)


def _fail(item: pytest.Item, seconds: float) -> None:
    """Report a test as failed because it is dear and nobody said so."""
    name = function_of(item.nodeid)
    said = (
        f"{name} takes {seconds:.1f} s of the processor and is not listed as dear.\n"
        f"Mark it: make costs TESTS={name.partition('::')[0]}"
    )
    call = pytest.CallInfo.from_call(lambda: pytest.fail(said, pytrace=False), when="teardown")
    report = item.ihook.pytest_runtest_makereport(item=item, call=call)
    item.ihook.pytest_runtest_logreport(report=report)
