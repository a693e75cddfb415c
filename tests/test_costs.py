"""Dear tests are found and named, and nothing that is only made once makes a test dear."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.costs import DEAR, read, renewed, shared_out, stands, step, write
from tests.support.processor import measured, scale
from tests.support.tree import ROOT
from tests.support.units import unit_of

CONFTEST = """
import pytest
from tests.support import costs

# Both are measured on one machine here, where it needs no margin; six tests take as long below.
costs.MARGIN = 1

def pytest_configure(config):
    config.pluginmanager.register(costs.Costs(writing=False))
"""
TESTS = """
import time
from functools import cache

import pytest

from tests.support.costs import DEAR, MARGIN
from tests.support.processor import scale

SECONDS = 4 * DEAR * MARGIN * scale()

def busy():
    end = time.process_time() + SECONDS
    while time.process_time() < end:
        pass

once = cache(busy)
ran = []

@pytest.fixture(scope="module")
def shared():
    busy()

def test_dear(): busy()
def test_cheap(): pass
def test_of_what_is_made_once(): once()
def test_of_what_is_shared(shared): pass
def test_waits(): time.sleep(1)
def test_that_runs_but_once():
    busy()
    ran.append(1)
    assert len(ran) == 1
"""


def test_a_dear_test_fails_and_is_told_how_to_be_marked(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (tmp_path / "test_some.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    done = subprocess.run(
        (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", "--tb=short"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout
    assert re.findall(r"^ERROR (\S+)", done.stdout, re.MULTILINE) == ["test_some.py::test_dear"]
    assert "6 passed" in done.stdout
    assert "Mark it: make costs TESTS=test_some.py" in done.stdout


def test_every_test_that_is_listed_exists() -> None:
    assert read()
    assert [name for name in read() if not stands(name)] == []
    assert not stands("tests/test_house.py::test_that_is_gone")
    assert not stands("tests/test_gone.py::test_every_test_that_is_listed_exists")


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.0, 0.1), (0.11, 0.2), (0.5, 0.5), (0.6, 1), (3, 5), (11, 20)]
)
def test_costs_are_told_in_steps(seconds: float, expected: float) -> None:
    assert step(seconds) == expected


@pytest.mark.parametrize(
    ("listed", "cases", "after"),
    [
        (None, [0.05, 0.09], None),
        (None, [0.05, 0.3], 0.5),
        (0.5, [0.06, 0.09], 0.5),
        (0.5, [0.04, 0.04], None),
        (0.5, [0.9], 0.5),
        (0.5, [1.2], 2.0),
        (5.0, [0.9], 1.0),
    ],
)
def test_the_list_changes_with_the_tests_and_not_with_the_machine(
    listed: float | None, cases: list[float], after: float | None
) -> None:
    others = {"a.py::test_other": 1.0}
    before = others | ({"a.py::test_one": listed} if listed else {})
    expected = others | ({"a.py::test_one": after} if after else {})
    assert renewed(before, {"a.py::test_one": cases}) == expected


def test_what_a_fixture_takes_is_shared_out_among_the_tests_that_use_it() -> None:
    measured = {"a.py::test_a": [0.0, 0.1], "a.py::test_b": [0.0, 0.0], "a.py::test_c": [0.2]}
    used = {"a.py::test_a": ["a.py::home"], "a.py::test_b": ["a.py::home", "a.py::tmp_path"]}
    assert shared_out(measured, {"a.py::home": 2.0}, used) == {
        "a.py::test_a": [0.5, 0.6], "a.py::test_b": [0.5, 0.5], "a.py::test_c": [0.2],
    }  # fmt: skip


def test_the_list_is_read_as_it_was_written(tmp_path: Path) -> None:
    costs = {"b.py::test_b": 0.1, "a.py::TestA::test_a": 50.0}
    write(costs, tmp_path / "costs.txt")
    assert read(tmp_path / "costs.txt") == costs
    assert read(tmp_path / "none.txt") == {}


def test_the_scale_follows_the_machine() -> None:
    """Work costs as many calibrated seconds while another process takes the processor."""
    _, seconds = measured(lambda: [scale() for _ in range(3)])
    assert 0.03 < seconds < 0.6
    assert DEAR > 0


@pytest.mark.parametrize(
    ("nodeid", "unit"),
    [
        ("tests/data/test_ledger.py::test_a", "tests/data/test_ledger.py"),
        ("tests/data/test_ledger.py::test_a[x-on-postgresql]", "on-postgresql"),
        ("tests/flows/test_main_job.py::test_a", "main job"),
        ("tests/buttons/test_buttons.py::test_a[b]", "server"),
        ("tests/serve/test_warm.py::test_a", "server"),
        ("tests/serve/test_watch.py::test_a", "tests/serve/test_watch.py"),
        ("tests/tamper/test_single_file.py::TestA::test_b", "tamper"),
    ],
)
def test_units_keep_together_what_shares_something_dear(nodeid: str, unit: str) -> None:
    assert unit_of(nodeid) == unit
