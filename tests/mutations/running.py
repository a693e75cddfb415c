"""Breaking rules one by one in copies of the tree, and whether their tests notice.

Rules: the tree that people work in is never touched; a mutation stands in a copy while its tests
run in a process of their own, and only there. Killed is what makes a test fail: tests that cannot
be collected or set up, or that do not end, prove nothing, and neither do tests that fail without a
mutation, so that they are run without one first; what tests cost is no matter here. Homes that
tests copy are made in that run.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from xml.etree import ElementTree

from tests.mutations.mutation import Mutation, OutdatedError
from tests.support import templates
from tests.support.tree import ROOT, kept_files

# Many times what all of them together take on a slow machine.
PATIENCE = 1_800
WORKERS = 2
# What a test run that is going on around us says of itself, its servers and its homes.
_OF_OTHERS = ("TERMGATE_", "PREFECT_", "PYTEST_")
_PASSED, _FAILED = 0, 1

Tests = tuple[str, ...]


class Verdict(StrEnum):
    """What became of a mutation."""

    KILLED = "killed"
    SURVIVED = "survived"
    # Its text is not in the tree any more, or is there more than once.
    OUTDATED = "does not apply"
    # Its tests could not be collected or set up, or did not end.
    BROKEN = "not tested"
    # Its tests fail without it.
    RED = "red without it"


@dataclass(frozen=True)
class Outcome:
    """A verdict and the seconds that it took, without what was run unmutated."""

    mutation: Mutation
    verdict: Verdict
    seconds: float


@dataclass(frozen=True)
class _Ran:
    """What a run of tests ended with: exit code, and how many failed and could not be run."""

    code: int | None
    failed: int = 0
    broken: int = 0

    @property
    def passed(self) -> bool:
        return self.code == _PASSED

    @property
    def noticed(self) -> bool:
        return self.code == _FAILED and self.failed > 0 and self.broken == 0


class Copy:
    """A copy of the tree in which one mutation stands at a time."""

    def __init__(self, folder: Path, homes: Path) -> None:
        """`homes` is where the homes are that tests copy."""
        self._root = folder / "tree"
        self._report = folder / "report.xml"
        self._homes = homes
        for path in kept_files():
            target = self._root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, target)

    def sound(self, every: Iterable[Tests]) -> set[Tests]:
        """Those of the sets of tests that pass as the tree is."""
        named = set(every)
        if self._run(sorted({test for tests in named for test in tests})).passed:
            return named
        return {tests for tests in named if self._run(tests).passed}

    def judged(self, mutation: Mutation) -> Outcome:
        """Break the rule, run its tests, mend it."""
        file = self._root / mutation.file
        text = file.read_text(encoding="utf-8")
        try:
            mutated = mutation.applied(text)
        except OutdatedError:
            return Outcome(mutation, Verdict.OUTDATED, 0)
        started = time.monotonic()
        _write(file, mutated)
        try:
            ran = self._run(mutation.tests)
        finally:
            _write(file, text)
        return Outcome(mutation, _verdict(ran), time.monotonic() - started)

    def _run(self, tests: Sequence[str]) -> _Ran:
        self._report.unlink(missing_ok=True)
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(_OF_OTHERS)}  # fmt: skip
        try:
            code = subprocess.run(
                (sys.executable, "-m", "pytest", "-x", "-q",
                 "-p", "no:cacheprovider", "-p", "no:costs",
                 "--hypothesis-profile=mutations", f"--junit-xml={self._report}", *tests),
                cwd=self._root,
                # What is tried in part every time is tried whole here.
                env={**kept, templates.VARIABLE: str(self._homes), "TERMGATE_TEST_WHOLE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=PATIENCE,
                check=False,
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            return _Ran(None)
        if not self._report.exists():
            return _Ran(code)
        suites = ElementTree.parse(self._report).getroot().iter("testsuite")  # noqa: S314 (our own)
        counts = [(int(one.attrib["failures"]), int(one.attrib["errors"])) for one in suites]
        return _Ran(code, sum(one for one, _ in counts), sum(other for _, other in counts))


def judged(mutations: Sequence[Mutation], workers: int, folder: Path) -> Iterator[Outcome]:
    """What became of each, in their order; each worker has a copy of its own in `folder`."""
    homes = folder / "homes"
    homes.mkdir()
    every = [Copy(folder / str(number), homes) for number in range(workers)]
    sound = every[0].sound(one.tests for one in mutations)
    free: SimpleQueue[Copy] = SimpleQueue()
    for copy in every:
        free.put(copy)

    def judge(mutation: Mutation) -> Outcome:
        if mutation.tests not in sound:
            return Outcome(mutation, Verdict.RED, 0)
        copy = free.get()
        try:
            return copy.judged(mutation)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(judge, mutations)


def _verdict(ran: _Ran) -> Verdict:
    if ran.noticed:
        return Verdict.KILLED
    return Verdict.SURVIVED if ran.passed else Verdict.BROKEN


def _write(file: Path, text: str) -> None:
    """A file with another text; what was compiled of the one before is gone."""
    file.write_text(text, encoding="utf-8")
    # Of two texts of one length within a second, the older would be taken for compiled.
    Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)
