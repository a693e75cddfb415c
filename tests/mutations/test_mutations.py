"""The list of mutations keeps up with the tree; that each is killed is shown by `make long`."""

from __future__ import annotations

import re
import subprocess
import sysconfig
from collections import Counter
from pathlib import Path

import pytest

from tests.mutations.catalogue import MUTATIONS
from tests.mutations.mutation import Mutation, OutdatedError, mutating
from tests.mutations.running import Copy, Verdict
from tests.support.tree import ROOT, kept_files

LEAST = 60
RUFF = Path(sysconfig.get_path("scripts"), "ruff")


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


# The list


def test_there_are_enough_and_each_is_another() -> None:
    assert len(MUTATIONS) >= LEAST
    names = Counter(one.name for one in MUTATIONS)
    places = Counter((one.file, one.before, one.after) for one in MUTATIONS)
    assert [one for one, times in (names | places).items() if times > 1] == []
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


def test_every_stage_and_every_verifier_is_broken() -> None:
    broken = {one.file for one in MUTATIONS}
    checks = {path.name.partition("_")[0].removesuffix(".py") for path in map(Path, broken)
              if path.is_relative_to("tasks/checks")}  # fmt: skip
    assert checks >= {"plan", "nomination", "vetting", "inspection", "election"}
    assert {"docs/verify_bundle.py", "data/verify_chain.py", "data/verify_decisions.py"} <= broken


def test_every_mutation_applies_to_the_tree_of_today() -> None:
    outdated = []
    for one in MUTATIONS:
        try:
            assert one.applied(text_of(one.file)) != text_of(one.file)
        except OutdatedError as told:
            outdated.append(str(told))
    assert outdated == []


def test_what_is_mutated_is_python_and_names_nothing_unknown(tmp_path: Path) -> None:
    """What does not run at all breaks no rule."""
    for number, one in enumerate(MUTATIONS):
        mutated = one.applied(text_of(one.file))
        (tmp_path / f"mutated_{number}.py").write_text(mutated, encoding="utf-8")
    options = ("--isolated", "--no-cache", "--ignore-noqa", "--select", "E9,F63,F7,F82")
    ran = subprocess.run(
        (RUFF, "check", "--quiet", *options, tmp_path), check=False, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stdout) == (0, "")


def test_every_killing_test_is_there() -> None:
    named = sorted({test for one in MUTATIONS for test in one.tests})
    assert all(one.tests for one in MUTATIONS)
    absent = []
    for test in named:
        file, _, node = test.partition("::")
        function = node.partition("[")[0]
        defined = rf"^def {function}\(" if function else ""
        if Path(file) not in kept_files() or not re.search(defined, text_of(file), re.MULTILINE):
            absent.append(test)
    assert absent == []


# The runner, which starts a process for each


PLACE = "schemas/workdays.py"
NOTICES = "tests/test_workdays.py::test_working_days"
_mutation = mutating(PLACE, NOTICES)
COUNTED = "elapsed[to + 1] - elapsed[from_]"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("mutations"))


@pytest.mark.long
@pytest.mark.parametrize(
    ("mutation", "verdict"),
    [
        (_mutation("x", "", COUNTED, "elapsed[to] - elapsed[from_]"), Verdict.KILLED),
        (_mutation("x", "", COUNTED, f"({COUNTED})"), Verdict.SURVIVED),
        (_mutation("x", "", COUNTED, "elapsed["), Verdict.BROKEN),
        (_mutation("x", "", "import numpy as np\n", "import nothing as np\n"), Verdict.BROKEN),
        (_mutation("x", "", "elapsed[to + 2]", ""), Verdict.OUTDATED),
        (_mutation("x", "", "elapsed", "other"), Verdict.OUTDATED),
        (Mutation("x", "", PLACE, COUNTED, "0", (f"{NOTICES}_of_no_year",)), Verdict.RED),
    ],
    ids=["noticed", "not noticed", "no Python", "no import", "gone", "many", "no such test"],
)
def test_what_becomes_of_a_mutation(copy: Copy, mutation: Mutation, verdict: Verdict) -> None:
    before = text_of(PLACE)
    assert copy.judged(mutation).verdict is verdict
    assert text_of(PLACE) == before


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("mutation", MUTATIONS, ids=[one.name for one in MUTATIONS])
def test_a_broken_rule_is_noticed(copy: Copy, mutation: Mutation) -> None:
    assert copy.judged(mutation).verdict is Verdict.KILLED
