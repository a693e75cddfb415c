"""What `audit replay` and `policy diff` print and how they end; nothing they do writes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.blobs import Folder
from data.home import Home
from data.policies import FOLDER
from deployments import policy_diff, replays
from deployments.exits import CLOSED, DONE
from schemas.policy import PolicyRefused
from schemas.text import Refusal
from tests.replay import scenes
from tests.support import cycle
from tests.support.places import copied

UNIT = "640302103-congress"
Printed = Callable[[], str]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    # A terminal is as wide as its owner made it.
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERMGATE_LANG", "en")


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The plans of the small cycle with its faults."""
    home = cycle.small_home(tmp_path_factory.mktemp("planned") / "home", planted=True)
    scenes.launch_and_sign(home, "plan", "cycle", cycle.ON)
    return home


@pytest.fixture
def home(planned: Home, tmp_path: Path) -> Home:
    return copied(planned.path, tmp_path / "home")


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    return lambda: capsys.readouterr().out


def replayed(home: Home, printed: Printed, code: int, *, every: bool = False) -> Any:
    assert (
        replays.audit_replay(unit=None, stage=None, every=every, home=home.path, json=True) == code
    )
    return json.loads(printed())


def acted(home: Home) -> list[dict[str, Any]]:
    """The acts that more than a signature has to justify."""
    kinds = {"listed", "key-enrolled", "key-vouched", "delivered", "proposed", "confirmed"}
    return [one for one in cycle.entries(home) if one["kind"] in kinds]


# audit replay


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            "replayed 10 decisions and 7 hand-offs: the same 17\n"
            "acts of officers judged again: {}; each could be done as things stood then\n",
        ),
        (
            "zh",
            "复核了10个决定和7次交接：一致 17\n复核了责任人员的{}项办理：当时都可以办理\n",
        ),
    ],
)
def test_an_agreeing_replay_is_two_lines(
    home: Home, printed: Printed, monkeypatch: pytest.MonkeyPatch, lang: str, words: str
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    before = cycle.stored(home)
    assert (
        replays.audit_replay(unit=None, stage=None, every=False, home=home.path, json=False) == DONE
    )
    assert printed() == words.format(len(acted(home)))
    assert cycle.stored(home) == before


def test_an_agreeing_replay_as_json(home: Home, printed: Printed) -> None:
    told = replayed(home, printed, DONE, every=True)
    decided = cycle.entries(home, "decided")
    assert told == {
        "agrees": True,
        "decisions": len(decided),
        "hand_ons": 7,
        "objections": 0,
        "verdicts": {"same": len(decided) + 7, "crash": 0, "differs": 0, "erased": 0},
        "code": decided[0]["code"],
        "acts": len(acted(home)),
        "other_code": {},
        "entries": [],
        "unjustified": [],
    }


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_differs_is_shown_field_by_field(
    home: Home, printed: Printed, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    entry = scenes.last_decision(home, UNIT)
    findings = {**entry["findings"], "plan.[red]odd": {"pass": [f"s{n}" for n in range(9)]}}
    scenes.edited(home, entry["seq"], outcome="blocked", findings=findings, code="0.0.1+0")
    assert (
        replays.audit_replay(unit=None, stage=None, every=False, home=home.path, json=False)
        == CLOSED
    )
    shown = printed()
    rows = [line for line in shown.splitlines() if line.split()[:1] == [str(entry["seq"])]]
    assert len(rows) == 1
    assert ("blocked → open" if lang == "en" else "受阻 → 通过") in shown
    assert "plan.[red]odd s0" in shown
    assert "plan.[red]odd s4" in shown
    assert "plan.[red]odd s5" not in shown
    assert ("and 4 more" if lang == "en" else "另有4项") in shown
    assert "0.0.1+0" in shown
    assert ("differs" if lang == "en" else "不一致") in shown

    told = replayed(home, printed, CLOSED)
    assert told["verdicts"]["differs"] == 2
    assert told["other_code"] == {"0.0.1+0": 1}
    first, second = told["entries"]
    assert {key: first[key] for key in ("seq", "kind", "unit", "stage", "decision", "verdict")} == {
        "seq": entry["seq"],
        "kind": "decided",
        "unit": UNIT,
        "stage": "plan",
        "decision": None,
        "verdict": "differs",
    }
    by_field = {one["field"]: one for one in first["differences"]}
    assert by_field["outcome"] == {
        "field": "outcome", "recorded": "blocked", "now": "open", "findings": [],
    }  # fmt: skip
    assert len(by_field["findings"]["findings"]) == 9
    assert by_field["findings"]["findings"][0] == {
        "check": "plan.[red]odd",
        "subject": "s0",
        "recorded": {"status": "pass", "code": "", "arguments": {}},
        "now": None,
    }
    assert (second["kind"], second["decision"]) == ("handed-on", entry["seq"])


@pytest.mark.parametrize(("lang", "words"), [("en", "evidence erased"), ("zh", "依据材料已删除")])
def test_what_cannot_be_replayed_is_named_with_its_register(
    home: Home, printed: Printed, monkeypatch: pytest.MonkeyPatch, lang: str, words: str
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    entry = next(one for one in cycle.entries(home, "submitted") if one["register"] == "measures")
    Folder(home.blobs_folder).path(entry["blob"]).unlink()
    assert (
        replays.audit_replay(unit=UNIT, stage="plan", every=False, home=home.path, json=False)
        == CLOSED
    )
    shown = printed()
    assert words in shown
    assert entry["blob"][:12] in shown
    assert ("measures" if lang == "en" else "部署步骤") in shown
    told = replayed(home, printed, CLOSED)
    assert told["entries"][0]["erased"] == [
        {"seq": entry["seq"], "register": "measures", "blob": entry["blob"]}
    ]
    (opened,) = cycle.entries(home, "opened")
    Folder(home.blobs_folder).path(opened["policy"]).unlink()
    assert (
        replays.audit_replay(unit=UNIT, stage="plan", every=False, home=home.path, json=False)
        == CLOSED
    )
    assert opened["policy"][:12] in printed()


def test_a_crash_is_told_and_is_no_difference(tmp_path: Path, printed: Printed) -> None:
    home = cycle.small_home(tmp_path / "home")
    cycle.forget()
    with scenes.crashing("plan.notice"):
        cycle.launch(home, "plan", UNIT)
    assert (
        replays.audit_replay(unit=UNIT, stage=None, every=False, home=home.path, json=False) == DONE
    )
    assert "rests on a crash" in printed()
    told = replayed(home, printed, DONE)
    assert (told["agrees"], told["verdicts"]["crash"]) == (True, 1)


def test_nothing_to_replay_is_said(tmp_path: Path, printed: Printed) -> None:
    home = cycle.small_home(tmp_path / "home")
    assert (
        replays.audit_replay(unit=None, stage=None, every=True, home=home.path, json=False) == DONE
    )
    nothing, acts = printed().splitlines()
    assert nothing == "replayed 0 decisions and 0 hand-offs"
    assert acts.startswith(f"acts of officers judged again: {len(acted(home))}; ")


@pytest.mark.parametrize(("unit", "stage"), [("640399-congress", None), (None, "planning")])
def test_what_there_is_not_is_refused(home: Home, unit: str | None, stage: str | None) -> None:
    with pytest.raises(Refusal) as refused:
        replays.audit_replay(unit=unit, stage=stage, every=False, home=home.path, json=False)
    assert len(str(refused.value).splitlines()) == 1


# policy diff


def changed_pack(folder: Path, *edits: tuple[str, str]) -> str:
    text = (FOLDER / "cn-2016.toml").read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = folder / "changed.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


LOOSER = (
    'township = ["superior-deployment", "committee-meeting"]',
    'township = ["superior-deployment"]',
)
SHORTER = (
    'number = 2, at = "own-or-above", days = 60}\n[stages.plan.parameters]',
    'number = 1, at = "own-or-above", days = 9}\n[stages.plan.parameters]',
)
MORE = (
    "# The body's party group with the united front department",
    """[[sign_offs.plan]]
name = "front"
organs = ["united-front"]
number = 1
at = "own-or-above"
levels = ["county"]
bodies = ["cppcc"]
basis = {zh = "试", en = "test"}

# The body's party group with the united front department""",
)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "both packs ask for the same"), ("zh", "两个规则包的要求相同")],
)
def test_equal_packs_change_nothing(
    home: Home, printed: Printed, monkeypatch: pytest.MonkeyPatch, lang: str, words: str
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    before = cycle.stored(home)
    assert policy_diff.policy_diff("cn-2016", "cn-2016", home=home.path, json=False) == DONE
    assert words in printed()
    assert cycle.stored(home) == before


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_another_pack_changes_is_shown_apart(
    home: Home, printed: Printed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    new = changed_pack(tmp_path, LOOSER, MORE, SHORTER)
    assert policy_diff.policy_diff("cn-2016", new, home=home.path, json=False) == CLOSED
    shown = printed()
    english = lang == "en"
    assert ("open → closed: 1" if english else "通过 → 不通过：1") in shown
    assert ("closed → open: 2" if english else "不通过 → 通过：2") in shown
    unsigned = "signatures would have been asked for" if english else "届时须经签字"
    assert unsigned in shown
    for word in ("plan.deployment township", "front", "9 days at most" if english else "最长9日"):
        assert word in shown

    assert policy_diff.policy_diff("cn-2016", new, home=home.path, json=True) == CLOSED
    told = json.loads(printed())
    assert {(one["kind"], one["subject"], one["name"]) for one in told["changes"]} == {
        ("parameter-changed", "plan.deployment", "township"),
        ("waiver-changed", "plan.deployment", ""),
        ("sign-off-added", "front", ""),
    }
    assert (told["old"]["pack"], told["decisions"]) == (
        "cn-2016", len(cycle.entries(home, "decided")),
    )  # fmt: skip
    (closes,) = told["closes"]
    assert (closes["unit"], closes["old"], closes["new"], closes["unsigned"]) == (
        "640302-cppcc", "open", "waiting", False,
    )  # fmt: skip
    assert [one["check"] for one in closes["findings"]] == ["plan.sign-off"]
    assert {(one["unit"], one["unsigned"]) for one in told["opens"]} == {
        ("640302100-congress", True),
        ("640302100-government", True),
    }
    assert told["not_evaluated"] == []


def test_what_cannot_be_evaluated_is_told(home: Home, printed: Printed) -> None:
    entry = next(one for one in cycle.entries(home, "submitted") if one["register"] == "measures")
    Folder(home.blobs_folder).path(entry["blob"]).unlink()
    assert policy_diff.policy_diff("cn-2016", "cn-2016", home=home.path, json=False) == CLOSED
    count = len(cycle.entries(home, "decided"))
    assert f"not evaluated, evidence erased: {count}" in printed()
    assert policy_diff.policy_diff("cn-2016", "cn-2016", home=home.path, json=True) == CLOSED
    told = json.loads(printed())
    assert {one["erased"][0]["register"] for one in told["not_evaluated"]} == {"measures"}


def test_an_unknown_pack_is_refused(home: Home) -> None:
    for packs in (("cn-2016", "cn-1999"), ("cn-1999", "cn-2016")):
        with pytest.raises(PolicyRefused) as refused:
            policy_diff.policy_diff(*packs, home=home.path, json=False)
        assert len(str(refused.value).splitlines()) == 1
