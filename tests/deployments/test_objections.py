"""The commands about objections, and where else an objection is told."""

from pathlib import Path

import pytest

from data.home import Home
from data.ledger import Ledger
from data.status import statuses
from schemas.vocabulary import Outcome, Stage
from tasks import procedure
from tasks.steps import summary
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
    # Which row raised it, and who delivered that by which entry.
    entry = [one["seq"] for one in cycle.entries(home, "submitted") if one["register"] == "reports"]
    row = {"register": "reports", "key": "r-late-1", "change": "added"}
    assert listed[0]["raised"] == [{**row, "seq": entry[-1], "by": cycle.OFFICER}]
    assert gate["raised"][str(first)] == listed[0]["raised"]
    said = f"r-late-1 added: delivered by {cycle.OFFICER}, entry {entry[-1]}"
    assert said in termgate("objection", "show", str(first))[1]
    assert said in termgate("gate", "show", UNIT, "slate")[1]
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
    assert "does not let an officer of that organ and place rule on this" in err
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


def test_the_cycle_says_what_its_table_says(
    home: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six gates are open on record: no stage of the cycle is blocked, and somebody is to rule."""
    objected(home)
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    for scope, of in ((UNIT, 1), (UNIT.partition("-")[0], 2)):
        code, out, _ = termgate("run", "cycle", "--scope", scope)
        said = "".join(out.split())
        assert code == CLOSED
        assert "方案：通过；提名：通过；考察：通过；督导：通过；选举：通过；" in said
        assert f"{of}个单位中{of}个通过，其中1个已完成但有异议待裁定，0个待补，0个受阻" in said
        assert "高桥镇人大：已完成，异议待裁定（记录第" in said
        assert "受阻" not in said.partition("关口")[0].replace("0个受阻", "")
    code, out, _ = termgate("run", "plan", "--scope", UNIT)
    assert (code, "待补" in out, "1个单位中1个通过，其中1个已完成" in "".join(out.split())) == (
        CLOSED, True, True)  # fmt: skip


def test_a_run_counts_gates_as_the_record_does(home: Home) -> None:
    objected(home)
    slate = procedure.receive(home, Stage.RESULT, UNIT.partition("-")[0], cycle.ON)
    outcome, message = summary(slate, procedure.decide(slate))
    stand = [one.stages["result"] for one in statuses(Ledger(home.ledger), UNIT.partition("-")[0])]
    assert stand.count("open") == len(stand)
    # The run waits all the same for whoever rules.
    assert outcome is Outcome.WAITING
    assert f"{len(stand)} of {len(stand)} units open (1 concluded, with an objection" in message
    assert ", 0 waiting, 0 blocked, 0 held" in message
