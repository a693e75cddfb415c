"""What changed since a gate was signed is told by register and key, wherever it waits."""

import json
import sys
from datetime import date
from pathlib import Path

import pytest

from data.blobs import Folder
from data.home import Home
from schemas.envelopes import payload_of
from schemas.registers import REGISTERS, behind
from schemas.rules.base import registers_of
from schemas.vocabulary import Stage
from tasks.changes import since
from tasks.gate.approvals import reads_of
from tasks.gate.snapshot import open_snapshot
from tasks.officers import signing
from tasks.officers.recording import Recorder
from tests.deployments.conftest import By
from tests.support import cycle
from tests.support.command import CLOSED, DONE, Run, answer
from tests.support.signing import who

UNIT, PLEDGED = "640302-congress", "p-640302-0003"
CHANGED = {"register": "pledges", "key": PLEDGED, "change": "changed"}


@pytest.fixture
def signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A cycle in which a pledge that was signed for is dated otherwise, and the gate decided."""
    home = cycle.small_home(tmp_path / "home", run=True, declared=False)
    monkeypatch.setenv("TERMGATE_HOME", str(home.path))
    row = next(one for one in cycle.small_rows()["pledges"] if one["person"] == PLEDGED)
    cycle.deliver(home, "pledges", [{**row, "signed_on": date(2016, 9, 22)}])
    cycle.launch(home, Stage.NOMINATION, UNIT)
    return home


def signers(home: Home) -> list[str]:
    return [
        str(one["officer"])
        for one in cycle.entries(home, "signed")
        if (one["unit"], one["stage"]) == (UNIT, "nomination")
    ]


def test_gate_show_says_which_row_a_void_signature_did_not_see(
    signed: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = answer(termgate, "gate", "show", UNIT, "nomination", code=CLOSED)
    assert shown["outcome"] == "waiting"
    assert {one["void"] for one in shown["acts"]} == {"other-evidence"}
    assert [one["changes"] for one in shown["acts"]] == [[CHANGED]] * len(signers(signed))
    _, out, _ = termgate("gate", "show", UNIT, "nomination")
    assert f"changed: {PLEDGED}" in out
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    _, out, _ = termgate("gate", "show", UNIT, "nomination")
    assert f"会签之后：台账“{REGISTERS['pledges'].title.zh}”有改动：{PLEDGED}" in out


def test_a_signature_that_counts_has_nothing_to_tell(signed: Home, termgate: Run) -> None:
    shown = answer(termgate, "gate", "show", UNIT, "plan")
    assert {one["changes"] for one in shown["acts"]} == {None}


def test_gate_show_says_what_an_open_gate_stands_on_no_more(signed: Home, termgate: Run) -> None:
    stands = answer(termgate, "gate", "show", UNIT, "plan")
    assert stands["undermined"] == []
    seq = stands["sign_offs"][0]
    (officer,) = [one["officer"] for one in stands["acts"] if one["seq"] == seq]
    signing.withdraw(Recorder(signed), seq, who(officer))
    assert answer(termgate, "gate", "show", UNIT, "plan")["undermined"] == [seq]
    code, out, _ = termgate("gate", "show", UNIT, "plan")
    # The decision stands until the next run.
    assert code == DONE
    assert "since it was last decided: " in out
    assert f"(entry {seq}: its officer withdrew it); the next run closes it" in out


def test_the_inbox_says_it_to_whoever_is_to_sign_again(signed: Home, termgate: Run) -> None:
    officer = signers(signed)[0]
    told = answer(termgate, "inbox", "--as", officer, code=CLOSED)
    (item,) = [one for one in told["waiting"] if one["unit"] == UNIT]
    assert {one["officer"] for one in item["stale"]} == set(signers(signed))
    assert all(one["changes"] == [CHANGED] for one in item["stale"])
    _, out, _ = termgate("inbox", "--as", officer)
    assert f"{UNIT} nomination: {officer}: since it was signed" in out
    assert f"changed: {PLEDGED}" in out


def test_of_registers_that_the_gate_does_not_read_nothing_is_read(signed: Home) -> None:
    """Not even their bytes, once for each act: they say nothing of what was signed for."""
    snapshot = open_snapshot(signed, "cycle", cycle.ON)
    needed = behind(registers_of(reads_of(snapshot, Stage.NOMINATION)))
    others = [one for one in snapshot.history.deliveries if one.register not in needed]
    assert "ballots" in {one.register for one in others}
    for one in others:
        Folder(signed.blobs_folder).path(one.blob).unlink()
    acts = [act for act in snapshot.history.acts.of(UNIT, "nomination") if act.kind == "signed"]
    assert acts
    for act in acts:
        changes = since(snapshot, act).changes
        assert [one.as_json() for one in changes] == [CHANGED]


@pytest.mark.parametrize(
    "asked_for", [(UNIT, "nomination"), ("--ready", "--stage", "nomination", "--scope", UNIT)]
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_shown_before_it_is_signed_and_signed_as_shown(
    signed: Home,
    termgate: Run,
    by: By,
    monkeypatch: pytest.MonkeyPatch,
    asked_for: tuple[str, ...],
    lang: str,
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    before, officer = cycle.entries(signed, "signed"), signers(signed)[0]
    for word, code in (("no", CLOSED), ("yes", DONE)):
        monkeypatch.setattr("builtins.input", lambda _, word=word: word)
        got, out, _ = termgate("sign", *asked_for, *by(officer))
        assert got == code
        words = ["2016-", "pledges" if lang == "en" else REGISTERS["pledges"].title.zh, PLEDGED]
        assert [one for one in words if one not in out] == []
        assert (cycle.entries(signed, "signed") == before) is (word == "no")
    entry = cycle.entries(signed, "signed")[-1]
    said = json.loads(payload_of(entry["envelope"]))["predicate"]
    last = [one["seq"] for one in before if (one["unit"], one["stage"]) == (UNIT, "nomination")][-1]
    assert said["since"] == {"entry": last, "changes": {"pledges": {"changed": 1}}}
    standing = cycle.entries(signed, "decided")[-1]
    assert (said["decided"], said["on"], said["outcome"]) == (
        standing["seq"], standing["on"], standing["outcome"],
    )  # fmt: skip
