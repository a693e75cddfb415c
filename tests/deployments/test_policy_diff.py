"""The command `policy diff`: what another pack would have decided."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from data.blobs import Folder
from data.home import Home
from data.policies import pack_bytes
from tests.support import cycle
from tests.support.command import BAD_INPUT, CLOSED, DONE, Run, answer

OPEN_UNIT, BLOCKED_UNIT = "640302103-congress", "640302-congress"

Edited = Callable[[str, str], str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The small cycle with faults, its plan decided and signed."""
    made = cycle.small_home(tmp_path / "home", planted=True)
    cycle.run(made, "plan")
    monkeypatch.setenv("TERMGATE_HOME", str(made.path))
    return made


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    """The pack of the cycle with a pattern replaced, as a file."""

    def written(pattern: str, text: str) -> str:
        before = pack_bytes(cycle.PACK).decode()
        after = re.sub(pattern, text, before, count=1, flags=re.DOTALL)
        assert after != before
        path = tmp_path / "other.toml"
        path.write_text(after, encoding="utf-8")
        return str(path)

    return written


def test_the_same_pack_changes_nothing(home: Home, termgate: Run) -> None:
    told = answer(termgate, "policy", "diff", cycle.PACK, cycle.PACK)
    assert told["changes"] == told["closes"] == told["opens"] == told["not_evaluated"] == []
    assert told["decisions"] == len(cycle.entries(home, "decided"))
    assert told["old"] == told["new"]
    assert termgate("policy", "diff", cycle.PACK, cycle.PACK)[0] == DONE


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["parameter changed", "plan.deployment days", "open → closed", OPEN_UNIT]),
        ("zh", ["参数改变", "plan.deployment days", "通过 → 不通过", OPEN_UNIT]),
    ],
)
def test_what_would_have_closed_is_shown(
    home: Home,
    termgate: Run,
    edited: Edited,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    words: list[str],
) -> None:
    pack = edited("days = 30\n", "days = 0\n")
    told = answer(termgate, "policy", "diff", cycle.PACK, pack, code=CLOSED)
    (change,) = told["changes"]
    assert (change["subject"], change["name"]) == ("plan.deployment", "days")
    assert (change["old"], change["new"]) == (30, 0)
    assert told["opens"] == []
    (closed,) = [one for one in told["closes"] if one["unit"] == OPEN_UNIT]
    assert (closed["stage"], closed["old"], closed["new"]) == ("plan", "open", "blocked")
    assert {finding["check"] for finding in closed["findings"]} == {"plan.deployment"}
    monkeypatch.setenv("TERMGATE_LANG", lang)
    code, out, err = termgate("policy", "diff", cycle.PACK, pack)
    assert (code, err) == (CLOSED, "")
    assert [word for word in words if word not in out] == []


def test_what_would_have_opened_is_shown_though_nobody_could_sign_it(
    home: Home, termgate: Run, edited: Edited
) -> None:
    pack = edited(r'\[\[stages\.plan\]\]\ncheck = "plan\.posts".*?(?=\[\[stages)', "")
    told = answer(termgate, "policy", "diff", cycle.PACK, pack, code=CLOSED)
    assert ("check-removed", "plan.posts") in [
        (one["kind"], one["subject"]) for one in told["changes"]
    ]
    assert told["closes"] == []
    (opened,) = [one for one in told["opens"] if one["unit"] == BLOCKED_UNIT]
    assert (opened["old"], opened["unsigned"]) == ("blocked", True)
    shown = termgate("policy", "diff", cycle.PACK, pack)[1]
    assert f"{len(told['opens'])} of them would have needed signatures" in shown


def test_what_cannot_be_evaluated_is_named(home: Home, termgate: Run) -> None:
    (blob,) = [one["blob"] for one in cycle.entries(home, "submitted")
               if one["register"] == "measures"]  # fmt: skip
    Folder(home.blobs_folder).path(blob).unlink()
    told = answer(termgate, "policy", "diff", cycle.PACK, cycle.PACK, code=CLOSED)
    assert {erased["blob"] for one in told["not_evaluated"] for erased in one["erased"]} == {blob}
    assert blob[:12] in termgate("policy", "diff", cycle.PACK, cycle.PACK)[1]


@pytest.mark.parametrize("packs", [("cn-1999", cycle.PACK), (cycle.PACK, "absent.toml")])
def test_a_pack_that_is_none_is_refused(home: Home, termgate: Run, packs: tuple[str, str]) -> None:
    code, out, err = termgate("policy", "diff", *packs)
    assert (code, out) == (BAD_INPUT, "")
    assert err.count("\n") == 1
