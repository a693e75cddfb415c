"""The commands about the evaluator's key: shown, rotated, revoked, enrolled, vouched for."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from data.home import Home
from data.signers import key_file
from tests.deployments.conftest import By
from tests.support import cycle
from tests.support.command import BAD_INPUT, CLOSED, DONE, Run, answer
from tests.support.evaluators import signer

SECRETARY, DISCIPLINE = "o-640300-01", "o-640300-02"


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The small cycle, with keys for those who sign its gates."""
    made = cycle.small_home(tmp_path / "home")
    monkeypatch.setenv("TERMGATE_HOME", str(made.path))
    return made


def states(termgate: Run) -> list[tuple[str, bool]]:
    return [(one["state"], one["here"]) for one in answer(termgate, "evaluator", "show")]


def plan(termgate: Run) -> int:
    """How the plan of one unit ends."""
    code, _, _ = termgate("run", "plan", "--scope", "640302-congress", "--day", str(cycle.ON))
    return code


def test_it_is_rotated_revoked_and_another_put_in_force(
    opened: Home, termgate: Run, key_file: Callable[..., Path], by: By, tmp_path: Path
) -> None:
    assert states(termgate) == [("active", True)]
    rotated = answer(termgate, "evaluator", "rotate")
    assert (rotated["kind"], rotated["previous"]) == ("evaluator-rotated", signer().name)
    assert (opened.evaluators / f"{rotated['key']}.key").exists()
    assert states(termgate) == [("replaced", False), ("active", True)]

    revoked = answer(termgate, "evaluator", "revoke", "--reason", "disk stolen", *by(DISCIPLINE))
    assert (revoked["kind"], revoked["key"]) == ("evaluator-revoked", rotated["key"])
    assert "stolen" not in json.dumps(revoked)
    code, out, err = termgate("run", "plan", "--day", str(cycle.ON))
    assert (code, out) == (BAD_INPUT, "")
    assert "evaluator enrol" in err

    new = tmp_path / "evaluator.key"
    enrolled = answer(termgate, "evaluator", "enrol", "--new", str(new), *by(SECRETARY))
    assert (enrolled["kind"], enrolled["officer"]) == ("evaluator-enrolled", SECRETARY)
    assert states(termgate)[-1] == ("pending", False)
    answer(termgate, "evaluator", "vouch", *by(DISCIPLINE))
    # The file was made elsewhere and is not where this process looks.
    assert states(termgate)[-1] == ("active", False)
    assert plan(termgate) == BAD_INPUT
    new.rename(opened.evaluators / f"{enrolled['key']}.key")
    assert states(termgate)[-1] == ("active", True)
    assert plan(termgate) == CLOSED


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_run_without_the_key_is_refused_in_one_line(
    opened: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    file = key_file(opened, signer().name)
    before = cycle.stored(opened)
    file.chmod(0o644)
    code, out, err = termgate("run", "plan", "--day", str(cycle.ON))
    assert (code, out, err.count("\n")) == (BAD_INPUT, "", 1)
    assert "chmod 600" in err
    file.unlink()
    code, out, err = termgate("run", "plan", "--day", str(cycle.ON))
    assert (code, out, err.count("\n")) == (BAD_INPUT, "", 1)
    assert "TERMGATE_EVALUATOR" in err
    assert cycle.stored(opened) == before


def test_who_only_looks_needs_no_key(opened: Home, termgate: Run) -> None:
    key_file(opened, signer().name).unlink()
    assert termgate("status")[0] == CLOSED
    assert termgate("audit", "verify")[0] == DONE
    assert states(termgate) == [("active", False)]
