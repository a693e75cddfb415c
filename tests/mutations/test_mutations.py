"""The list of mutations keeps up with the tree; that each is killed is shown by `make long`."""

from __future__ import annotations

import re
import subprocess
import sysconfig
from collections import Counter
from pathlib import Path

import pytest

from tests.mutations.catalogue import MUTATIONS
from tests.mutations.flipping import PATHS, flips
from tests.mutations.flips import equivalents
from tests.mutations.mutation import OutdatedError, mutating
from tests.mutations.running import WORKERS, Verdict, judged
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
    assert checks >= {"plan", "nomination", "vetting", "inspection", "slate", "election"}
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


@pytest.mark.long
def test_what_is_listed_as_equivalent_is_a_flip_of_today() -> None:
    stems = {name.partition(".")[0] for name in equivalents()}
    paths = [path for path in PATHS if path.stem in stems]
    assert equivalents().keys() <= {one.name for path in paths for one in flips(path)}


# The runner, which starts a process for each


PLACE = "schemas/workdays.py"
_mutation = mutating(PLACE, "tests/test_workdays.py")
COUNTED, NOTICES = "elapsed[to + 1] - elapsed[from_]", "test_working_days"
FATES = {
    Verdict.KILLED: _mutation("noticed", "", COUNTED, "elapsed[to] - elapsed[from_]", NOTICES),
    Verdict.SURVIVED: _mutation("unnoticed", "", COUNTED, f"({COUNTED})", NOTICES),
    Verdict.BROKEN: _mutation("no-python", "", COUNTED, "elapsed[", NOTICES),
    Verdict.OUTDATED: _mutation("gone", "", "elapsed[to + 2]", "", NOTICES),
    Verdict.RED: _mutation("no-such-test", "", COUNTED, "0", f"{NOTICES}_of_no_year"),
}


@pytest.mark.long
def test_what_becomes_of_a_mutation(tmp_path: Path) -> None:
    found = [one.verdict for one in judged(list(FATES.values()), 1, tmp_path)]
    assert found == list(FATES)


@pytest.mark.long
def test_every_broken_rule_is_noticed(tmp_path: Path) -> None:
    found = {one.mutation.name: one.verdict for one in judged(MUTATIONS, WORKERS, tmp_path)}
    assert len(found) == len(MUTATIONS)
    assert {name: one for name, one in found.items() if one is not Verdict.KILLED} == {}
