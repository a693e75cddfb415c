"""The auditor's commands: log, verify, checkpoint, receipt, replay, export."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from data.blobs import Folder
from data.home import Home
from data.ledger import Ledger
from schemas.vocabulary import STAGES
from tests.deployments.conftest import By
from tests.replay.scenes import edited
from tests.support import cycle
from tests.support.command import BAD_INPUT, CLOSED, DONE, Run, answer, files
from tests.support.places import edit

OPEN_UNIT, BLOCKED_UNIT = "640302103-congress", "640302-congress"
SECRETARY, DISCIPLINE = "o-640302-01", "o-640302-02"


def numbers(termgate: Run, *arguments: str) -> list[int]:
    return [entry["seq"] for entry in answer(termgate, "audit", "log", *arguments)]


# log


def test_the_log_lists_what_is_asked_for(home: Home, termgate: Run) -> None:
    every = answer(termgate, "audit", "log")
    assert every == cycle.entries(home)
    last = every[-1]["seq"]
    assert numbers(termgate, "--since", str(last - 2)) == [last - 2, last - 1, last]
    assert numbers(termgate, "--since", "3", "--until", "5") == [3, 4, 5]
    today = every[-1]["at"][:10]
    assert numbers(termgate, "--since", today, "--until", today)[-1] == last
    assert numbers(termgate, "--since", "2999-01-01") == []
    own = answer(termgate, "audit", "log", "--unit", OPEN_UNIT, "--stage", "plan")
    kinds = [entry["kind"] for entry in own]
    assert sorted(kinds) == ["decided", "decided", "handed-on", "signed", "signed"]
    assert {entry["unit"] for entry in own} == {OPEN_UNIT}
    opened = answer(termgate, "audit", "log", "--unit", OPEN_UNIT, "--outcome", "open")
    assert [entry["stage"] for entry in opened] == [stage.value for stage in STAGES]
    signed = answer(termgate, "audit", "log", "--officer", SECRETARY, "--stage", "plan")
    assert {entry["kind"] for entry in signed} == {"signed", "decided", "handed-on"}
    about = answer(termgate, "audit", "log", "--check", "plan.posts")
    assert [entry["unit"] for entry in about] == [BLOCKED_UNIT]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["policy pack cn-2016", "signed by o-640302-01", "plan: blocked", "key enrolled"]),
        ("zh", ["规则包 cn-2016", "o-640302-01 签字", "方案：受阻", "登记密钥"]),
    ],
)
def test_the_log_is_shown_in_both_languages(
    home: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch, lang: str, words: list[str]
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    code, out, err = termgate("audit", "log")
    assert (code, err) == (DONE, "")
    assert len(out.splitlines()) == len(cycle.stored(home)) + 1
    assert [word for word in words if word not in out] == []


# verify


def test_the_ledger_is_verified(home: Home, termgate: Run) -> None:
    held = len(cycle.stored(home))
    holds = {"entries": held, "ok": True, "fault": None}
    assert answer(termgate, "audit", "verify") == {**holds, "replayed": True}
    assert "every decision replayed to the same answer" in termgate("audit", "verify")[1]
    assert answer(termgate, "audit", "verify", "--quick") == {**holds, "replayed": False}
    quick = termgate("audit", "verify", "--quick")[1]
    assert f"all {held} entries verified" in quick
    assert "nothing was replayed" in quick
    edit(home, "DELETE FROM entries WHERE seq = 40")
    told = answer(termgate, "audit", "verify", code=CLOSED)
    assert (told["entries"], told["ok"], told["fault"]["seq"]) == (39, False, 40)
    code, out, _ = termgate("audit", "verify")
    assert code == CLOSED
    assert "entry 40 was removed" in out


def test_a_decision_that_does_not_replay_is_named(home: Home, termgate: Run) -> None:
    """What only the checks can tell: who could pass lets a subject pass that there is not."""
    forged = next(one for one in cycle.entries(home, "decided") if one["outcome"] == "open")
    check = next(name for name in forged["findings"] if not name.endswith("sign-off"))
    findings = {**forged["findings"], check: {"pass": ["nobody"]}}
    edited(home, forged["seq"], findings=findings)
    assert answer(termgate, "audit", "verify", "--quick")["ok"] is True
    told = answer(termgate, "audit", "verify", code=CLOSED)
    assert (told["fault"]["fault"], told["replayed"]) == ("replay", True)
    assert (told["fault"]["seq"], told["entries"]) == (forged["seq"], forged["seq"] - 1)


def test_a_bundle_verifies_without_its_home(
    home: Home, termgate: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bundle.zip"
    held = len(cycle.stored(home))
    assert answer(termgate, "audit", "export", str(path)) == {
        "file": str(path), "format": "bundle", "entries": held,
    }  # fmt: skip
    monkeypatch.delenv("TERMGATE_HOME")
    verify = ("audit", "verify", "--bundle", str(path))
    holds = {"entries": held, "ok": True, "fault": None, "replayed": False}
    assert answer(termgate, *verify) == holds
    assert termgate(*verify)[0] == DONE
    content = bytearray(path.read_bytes())
    content[content.index(b'"kind":"decided"') + 8] ^= 1
    path.write_bytes(content)
    told = answer(termgate, *verify, code=CLOSED)
    assert (told["ok"], told["fault"]["fault"]) == (False, "changed")
    assert termgate(*verify)[0] == CLOSED


# checkpoint


def checkpointed(termgate: Run, path: Path, by: By) -> dict[str, Any]:
    """A checkpoint that two organs signed."""
    answer(termgate, "audit", "checkpoint", str(path), *by(SECRETARY))
    told = answer(termgate, "audit", "checkpoint", str(path), *by(DISCIPLINE))
    assert isinstance(told, dict)
    return told


def test_a_checkpoint_is_made_signed_by_two_organs_and_filed(
    home: Home, termgate: Run, tmp_path: Path, by: By
) -> None:
    path, held = tmp_path / "checkpoint", len(cycle.stored(home))
    first = answer(termgate, "audit", "checkpoint", str(path), *by(SECRETARY))
    assert (first["size"], first["signers"], first["seq"]) == (held, [SECRETARY], None)
    assert len(cycle.stored(home)) == held
    code, out, err = termgate("audit", "checkpoint", str(path), *by(DISCIPLINE))
    assert (code, err) == (DONE, "")
    assert f"on record (ledger entry {held + 1})" in out
    (entry,) = cycle.entries(home, "checkpointed")
    assert (entry["size"], entry["root"]) == (held, first["root"])
    assert entry["note"] == path.read_text()
    again = answer(termgate, "audit", "checkpoint", str(path), *by("o-640300-01"))
    assert (again["signers"], again["seq"]) == ([SECRETARY, DISCIPLINE, "o-640300-01"], None)

    kept = ("--checkpoint", str(path))
    assert answer(termgate, "audit", "verify", *kept)["ok"] is True
    compared = (
        f"the checkpoint checkpoint is of this ledger: entries 1 to {held} were not rewritten"
    )
    assert compared in termgate("audit", "verify", *kept)[1]
    assert "the checkpoint" not in termgate("audit", "verify")[1]
    last = held + 1
    edit(home, "DELETE FROM entries WHERE seq >= ?", held)
    name = Ledger(home.ledger).query("SELECT hash FROM entries WHERE seq = ?", held - 1)[0][0]
    edit(home, "UPDATE head SET seq = ?, hash = ?", held - 1, name)
    told = answer(termgate, "audit", "verify", *kept, code=CLOSED)
    assert told["ok"] is False
    assert last not in numbers(termgate)


def test_a_file_that_is_no_checkpoint_is_not_signed(
    home: Home, termgate: Run, tmp_path: Path, by: By
) -> None:
    path = tmp_path / "letter"
    path.write_text("Dear officer\n")
    before = files(home.path)
    code, out, err = termgate("audit", "checkpoint", str(path), *by(SECRETARY))
    assert (code, out) == (BAD_INPUT, "")
    assert err.count("\n") == 1
    assert path.read_text() == "Dear officer\n"
    assert files(home.path) == before


# receipt


def test_a_receipt_verifies_without_any_home(
    home: Home, termgate: Run, tmp_path: Path, by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "receipt.json"
    give = ("audit", "receipt", OPEN_UNIT, "result", str(path))
    assert "no checkpoint" in termgate(*give)[2]
    size = checkpointed(termgate, tmp_path / "checkpoint", by)["size"]
    told = answer(termgate, *give)
    assert told["bytes"] == path.stat().st_size <= 4096
    assert (told["unit"], told["stage"], told["size"]) == (OPEN_UNIT, "result", size)
    code, out, err = termgate(*give)
    assert (code, out) == (BAD_INPUT, "")
    assert "not written over" in err
    assert termgate("audit", "receipt", BLOCKED_UNIT, "plan", str(tmp_path / "x"))[0] == BAD_INPUT

    trusted = [one["verifier"] for one in answer(termgate, "key", "list")
               if one["officer"] in (SECRETARY, DISCIPLINE)]  # fmt: skip
    monkeypatch.delenv("TERMGATE_HOME")
    verify = ("audit", "verify", "--receipt", str(path))
    held = answer(termgate, *verify)
    assert held["ok"] is True
    assert {name: held[name] for name in ("unit", "stage", "seq", "signers")} == {
        name: told[name] for name in ("unit", "stage", "seq", "signers")
    }
    assert held["trusted"] == []
    assert "not compared" in termgate(*verify)[1]
    trust = [word for key in trusted for word in ("--trust", key)]
    assert sorted(answer(termgate, *verify, *trust)["trusted"]) == sorted(trusted)
    assert termgate(*verify, "--trust", trusted[0])[0] == CLOSED

    path.write_bytes(path.read_bytes().replace(OPEN_UNIT.encode(), b"640302103-c0ngress"))
    broken = answer(termgate, *verify, code=CLOSED)
    assert broken["ok"] is False
    assert broken["fault"]["text"] in termgate(*verify)[1].replace("\n", " ")


# replay


def test_a_replay_gives_the_same_answers(home: Home, termgate: Run) -> None:
    told = answer(termgate, "audit", "replay", "--unit", OPEN_UNIT)
    assert (told["agrees"], told["decisions"], told["hand_ons"]) == (True, len(STAGES), len(STAGES))
    assert told["verdicts"] == {"same": 2 * len(STAGES), "crash": 0, "differs": 0, "erased": 0}
    assert told["entries"] == []
    told = answer(termgate, "audit", "replay", "--unit", OPEN_UNIT, "--stage", "plan", "--all")
    assert (told["decisions"], told["hand_ons"]) == (2, 1)
    code, out, err = termgate("audit", "replay", "--unit", OPEN_UNIT)
    assert (code, err) == (DONE, "")
    assert "replayed 6 decisions and 6 hand-offs" in out


@pytest.mark.parametrize(("lang", "word"), [("en", "erased"), ("zh", "已删除")])
def test_what_cannot_be_replayed_is_named(
    home: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch, lang: str, word: str
) -> None:
    (blob,) = [one["blob"] for one in cycle.entries(home, "submitted")
               if one["register"] == "measures"]  # fmt: skip
    Folder(home.blobs_folder).path(blob).unlink()
    asked = ("audit", "replay", "--unit", OPEN_UNIT, "--stage", "plan")
    told = answer(termgate, *asked, code=CLOSED)
    assert told["agrees"] is False
    assert {one["verdict"] for one in told["entries"]} == {"erased"}
    assert told["entries"][0]["erased"][0]["blob"] == blob
    monkeypatch.setenv("TERMGATE_LANG", lang)
    code, out, err = termgate(*asked)
    assert (code, err) == (CLOSED, "")
    assert word in out
    assert blob[:12] in out


# export


@pytest.mark.parametrize(
    ("name", "arguments", "kind"),
    [
        ("log.xlsx", [], "xlsx"),
        ("log.sqlite", [], "sqlite"),
        ("log.db", [], "sqlite"),
        ("log", [], "csv"),
        ("log.out", ["--format", "xlsx"], "xlsx"),
        ("log.html", [], "html"),
        ("log.bundle", [], "bundle"),
        ("log.xlsx", ["--without-reasons"], "xlsx"),
    ],
)
def test_the_history_is_exported(
    home: Home, termgate: Run, tmp_path: Path, name: str, arguments: list[str], kind: str
) -> None:
    path = tmp_path / name
    told = answer(termgate, "audit", "export", str(path), *arguments)
    assert told == {"file": str(path), "format": kind, "entries": len(cycle.stored(home))}
    if kind == "csv":
        assert path.is_dir()
        assert list(path.glob("*.csv"))
    if kind == "xlsx":
        assert zipfile.is_zipfile(path)
    code, out, err = termgate("audit", "export", str(path), *arguments)
    assert (code, out) == (BAD_INPUT, "")
    assert err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["log.txt"], ["log.xlsx", "--format", "doc"]])
def test_another_format_is_refused(
    home: Home,
    termgate: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = termgate("audit", "export", *arguments)
    assert (code, out) == (BAD_INPUT, "")
    assert "xlsx" in err
    assert not Path(arguments[0]).exists()


def test_an_export_tells_where_it_is(home: Home, termgate: Run, tmp_path: Path) -> None:
    code, out, _ = termgate("audit", "export", str(tmp_path / "log.xlsx"))
    assert code == DONE
    assert str(tmp_path / "log.xlsx") in out


WRONG = {
    "a bundle and a home": ["verify", "--bundle", "x", "--home", "."],
    "a bundle and a receipt": ["verify", "--bundle", "x", "--receipt", "y"],
    "trust without a receipt": ["verify", "--trust", "x"],
    "a checkpoint for a receipt": ["verify", "--receipt", "x", "--checkpoint", "y"],
    "quick for a bundle": ["verify", "--quick", "--bundle", "x"],
    "quick for a receipt": ["verify", "--quick", "--receipt", "x"],
    "no such bundle": ["verify", "--bundle", "absent"],
    "no such receipt": ["verify", "--receipt", "absent"],
    "no such checkpoint": ["verify", "--checkpoint", "absent"],
    "no such outcome": ["log", "--outcome", "shut"],
    "no such check": ["log", "--check", "plan.weather"],
    "no such end": ["log", "--until", "soon"],
    "a replay of no stage": ["replay", "--stage", "harvest"],
    "a replay of no unit": ["replay", "--unit", "640302-court"],
    "a receipt of no stage": ["receipt", OPEN_UNIT, "harvest", "x"],
    "a receipt of no unit": ["receipt", "640302-court", "plan", "x"],
}


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG)
def test_a_wrong_usage_is_one_line_and_changes_nothing(
    home: Home, termgate: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = files(tmp_path)
    for lang in ("en", "zh"):
        monkeypatch.setenv("TERMGATE_LANG", lang)
        code, out, err = termgate("audit", *words)
        assert (code, out) == (BAD_INPUT, "")
        assert err.count("\n") == 1
    assert files(tmp_path) == before


def test_json_is_all_that_is_printed(home: Home, termgate: Run) -> None:
    for words in (["log", "--since", "3"], ["verify"], ["replay", "--unit", OPEN_UNIT]):
        code, out, err = termgate("audit", *words, "--json")
        assert (code, err) == (DONE, "")
        json.loads(out)


def test_what_may_be_asked_for_is_told_in_the_reader_s_language(
    home: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for lang, known in (
        ("zh", "可用通过、待补、受阻"),
        ("en", "use one of open, waiting, blocked"),
    ):
        monkeypatch.setenv("TERMGATE_LANG", lang)
        code, _, err = termgate("audit", "log", "--outcome", "shut")
        assert code == BAD_INPUT
        assert known in err
