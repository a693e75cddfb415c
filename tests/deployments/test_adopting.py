"""`policy adopt` at the command line: what is shown before it is signed, asked, and told."""

import sys
from pathlib import Path

import pytest

from data.adoptions import ADOPTED, PROPOSED
from data.home import Home
from data.policies import pack_bytes
from schemas.canonical import digest
from schemas.refusals import ACT_FAULTS
from tests.deployments.conftest import By
from tests.support import cycle
from tests.support.command import BAD_INPUT, CLOSED, DONE, Run, answer
from tests.support.signing import enrol

SECRETARY, ORGANISATION, DISCIPLINE = "o-640300-01", "o-640300-15", "o-640300-02"
DAY = cycle.ON.isoformat()


@pytest.fixture
def other(tmp_path: Path) -> str:
    """Our pack, whose plan gives a day more."""
    path = tmp_path / "local.toml"
    path.write_bytes(pack_bytes(cycle.PACK).replace(b"days = 30", b"days = 31", 1))
    return str(path)


@pytest.fixture
def opened(launched: Home) -> Home:
    """A cycle of which the plan is open, and whose adopters have keys."""
    enrol(launched, (SECRETARY, ORGANISATION, DISCIPLINE))
    cycle.run(launched, "plan")
    return launched


def adopt(other: str, *more: str) -> tuple[str, ...]:
    return ("policy", "adopt", other, "--from", DAY, *more)


def test_two_organs_sign_what_they_were_shown(
    opened: Home, termgate: Run, by: By, other: str
) -> None:
    before = cycle.stored(opened)
    code, out, err = termgate(*adopt(other, *by(SECRETARY), "--dry-run"))
    assert (code, err) == (CLOSED, "")
    assert "plan.deployment days" in out
    assert "would close: 10" in out
    assert cycle.stored(opened) == before
    code, out, _ = termgate(*adopt(other, *by(SECRETARY), "--yes"))
    assert code == DONE
    assert "plan.deployment days" in out
    assert "proposed, not adopted" in out
    code, out, _ = termgate(*adopt(other, *by(DISCIPLINE), "--yes"))
    assert code == DONE
    assert f"is adopted, from {DAY} on" in out
    assert [one["kind"] for one in cycle.entries(opened)[-2:]] == [PROPOSED, ADOPTED]
    shown = answer(termgate, "policy", "show")
    assert shown["digest"] == digest(Path(other).read_bytes())


def test_nothing_is_signed_without_a_yes(
    opened: Home, termgate: Run, by: By, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cycle.stored(opened)
    code, _, err = termgate(*adopt(other, *by(SECRETARY)))
    assert code == BAD_INPUT
    assert "--yes" in err
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "no")
    assert termgate(*adopt(other, *by(SECRETARY)))[0] == CLOSED
    assert cycle.stored(opened) == before
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert termgate(*adopt(other, *by(SECRETARY)))[0] == DONE
    assert cycle.entries(opened)[-1]["kind"] == PROPOSED


def test_what_is_refused_is_told_and_on_record(
    opened: Home, termgate: Run, by: By, other: str
) -> None:
    assert termgate(*adopt(other, *by(SECRETARY), "--yes"))[0] == DONE
    code, _, err = termgate(*adopt(other, *by(SECRETARY), "--yes"))
    assert code == BAD_INPUT
    assert ACT_FAULTS["own-proposal"].en in err
    last = cycle.entries(opened)[-1]
    assert (last["kind"], last["act"], last["code"]) == ("attempted", "adopt", "own-proposal")
    Path(other).write_text("format = 9", encoding="utf-8")
    code, _, err = termgate(*adopt(other, *by(DISCIPLINE), "--yes"))
    assert code == BAD_INPUT
    assert "this release reads 1 to 4" in err


def test_who_adopts_is_shown_of_a_pack(opened: Home, termgate: Run) -> None:
    code, out, _ = termgate("policy", "show")
    assert code == DONE
    assert "another pack is adopted by two of these organs" in out
    assert answer(termgate, "policy", "show")["adoption"] == [
        "secretary", "organisation-department", "discipline-commission",
    ]  # fmt: skip
