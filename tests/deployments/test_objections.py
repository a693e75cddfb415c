"""The commands about objections, and where else an objection is told."""

from pathlib import Path

import pytest

from data.home import Home
from tests.deployments.conftest import By
from tests.objections.scene import (
    DISCIPLINE,
    LIAISON,
    SECRETARY,
    UNIT,
    concluded_home,
    objected,
    on_record,
)
from tests.support import cycle
from tests.support.command import BAD_INPUT, CLOSED, DONE, Run, answer

WHY = ("--reason", "举报不实")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    made = concluded_home(tmp_path / "home")
    monkeypatch.setenv("TERMGATE_HOME", str(made.path))
    return made


def test_an_objection_is_told_everywhere_until_it_is_ruled_on(
    home: Home, termgate: Run, by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answer(termgate, "objection", "list") == []
    handed = on_record(home).concluded[UNIT]
    first, second = objected(home)

    listed = answer(termgate, "objection", "list", "--scope", UNIT, code=CLOSED)
    assert [one["seq"] for one in listed] == [first, second]
    assert {one["state"] for one in listed} == {"open"}
    assert DISCIPLINE in listed[0]["able"]["reject"]
    (unit,) = answer(termgate, "status", "--scope", UNIT, code=CLOSED)
    assert (unit["concluded"], unit["objections"]) == (handed, [first, second])
    gate = answer(termgate, "gate", "show", UNIT, "slate", code=CLOSED)
    assert (gate["outcome"], gate["objections"]) == ("open", [first, second])
    told = answer(termgate, "inbox", "--as", SECRETARY, code=CLOSED)
    assert [one["verdicts"] for one in told["objections"]] == [["reopen"], ["reopen"]]
    for command in (
        ("objection", "list"), ("objection", "show", str(first)), ("status", "--scope", UNIT),
        ("gate", "show", UNIT, "plan"), ("inbox", "--as", DISCIPLINE),
    ):  # fmt: skip
        _, out, _ = termgate(*command)
        assert str(first) in out
        assert "to be ruled on" in out

    code, out, err = termgate("objection", "reject", str(first), *by(SECRETARY), *WHY)
    assert (code, out) == (BAD_INPUT, "")
    assert "those whom the pack names" in err
    code, out, _ = termgate("objection", "reject", str(first), *by(DISCIPLINE), *WHY)
    assert (code, "stays concluded" in out) == (DONE, True)
    code, out, _ = termgate("objection", "reopen", str(second), *by(LIAISON), *WHY)
    assert "another organ grants it" in out
    code, out, _ = termgate("objection", "reopen", str(second), *by(SECRETARY), *WHY)
    assert f"termgate run election --scope {UNIT}" in out
    assert answer(termgate, "objection", "list") == []
    every = answer(termgate, "objection", "list", "--all")
    assert [one["state"] for one in every] == ["rejected", "granted"]
    shown = answer(termgate, "objection", "show", str(second))
    assert [one["text"] for one in shown["rulings"]] == ["举报不实"] * 2
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    _, out, _ = termgate("objection", "show", str(second))
    assert "已同意重新启动" in out
    assert "举报不实" in out
    code, _, err = termgate("objection", "show", "1")
    assert (code, "没有这条异议" in err) == (BAD_INPUT, True)
    assert cycle.launch(home, "result", UNIT)[UNIT] is None
