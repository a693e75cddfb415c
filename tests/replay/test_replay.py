"""Replay agrees with what was decided, and names whatever says something else."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.blobs import Folder
from data.home import Home
from data.ledger import LedgerBroken
from data.status import UnknownPlace
from schemas.canonical import canonical, digest
from schemas.facts import Facts, FactsError
from schemas.policy import PackCheck
from schemas.text import Text
from schemas.vocabulary import STAGES, Stage
from tasks import replay as module
from tasks.gate import evaluation, snapshot
from tasks.officers import signing
from tasks.officers.recording import Recorder
from tasks.replay import Replay, Replayed, replay
from tasks.replaying.comparison import Verdict
from tests.replay import scenes
from tests.support import cycle
from tests.support.cycle import Entry
from tests.support.places import copied, rewrite
from tests.support.signing import who

UNIT = "640302103-congress"
SAME, CRASH, DIFFERS, ERASED = Verdict.SAME, Verdict.CRASH, Verdict.DIFFERS, Verdict.ERASED


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return cycle.small_home(tmp_path / "home", run=True)


def verdicts(told: Replay) -> Counter[Verdict]:
    return Counter(one.verdict for one in told.every)


def of_entry(told: Replay, seq: int) -> Replayed:
    (found,) = [one for one in told.every if one.seq == seq]
    return found


def names(one: Replayed) -> set[str]:
    return {each.name for each in one.differences}


# What was decided


@pytest.fixture(scope="module")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return scenes.eventful_home(tmp_path_factory.mktemp("eventful") / "home")


@pytest.mark.long
def test_replay_agrees_with_every_decision_of_an_eventful_cycle(eventful: Home) -> None:
    entries = cycle.entries(eventful)
    decided = [one for one in entries if one["kind"] == "decided"]
    causes = {cause for one in decided if one["reopened"] for cause in one["reopened"]["causes"]}
    void = {code for one in decided for code in one["void"].values()}
    # The cycle has what it was made for.
    assert causes == {"evidence", "waiver", "sign-off", "key"}
    assert void >= {"reopened", "other-evidence", "key-revoked", "withdrawn", "expired",
                    "stands-refused"}  # fmt: skip
    assert any(one["waivers"] and one["outcome"] == "open" for one in decided)
    assert len({one["on"] for one in decided}) > 5

    before = cycle.stored(eventful)
    seen: list[tuple[int, int]] = []
    told = replay(eventful, every=True, progress=lambda done, of: seen.append((done, of)))
    assert [one.seq for one in told.decisions] == [one["seq"] for one in decided]
    assert [one.seq for one in told.hand_ons] == [
        one["seq"] for one in entries if one["kind"] == "handed-on"
    ]
    assert verdicts(told) == {SAME: len(told.every)}
    assert told.agrees
    assert seen[-1] == (len(decided), len(decided))
    assert seen == sorted(seen)
    assert cycle.stored(eventful) == before

    standing = replay(eventful)
    assert {(one.unit, one.stage) for one in standing.decisions} == set(cycle.decisions(eventful))
    assert len(standing.decisions) < len(decided)
    assert verdicts(standing) == {SAME: len(standing.every)}


@pytest.mark.parametrize(("unit", "stage"), [(None, Stage.PLAN), (UNIT, None), (UNIT, Stage.PLAN)])
def test_a_replay_is_of_what_was_asked_for(
    home: Home, unit: str | None, stage: Stage | None
) -> None:
    def meant(one: Entry) -> bool:
        return unit in (None, one["unit"]) and stage in (None, one["stage"])

    told = replay(home, unit, stage, every=True)
    for kind, found in (("decided", told.decisions), ("handed-on", told.hand_ons)):
        assert [one.seq for one in found] == [
            one["seq"] for one in cycle.entries(home, kind) if meant(one)
        ]
    assert verdicts(told) == {SAME: len(told.every)}
    standing = replay(home, unit, stage)
    assert len(standing.decisions) * 2 == len(told.decisions)
    assert len(standing.hand_ons) == len(standing.decisions)


def test_units_that_were_decided_alone_are_replayed_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = cycle.small_home(tmp_path / "home")
    units = [str(row["unit"]) for row in cycle.small_rows()["units"]]
    for unit in units:
        scenes.launch_and_sign(home, "plan", unit, cycle.ON)
    positions = {one["position"] for one in cycle.entries(home, "decided")}
    assert len(positions) == len(units) + 1
    asked: list[str] = []
    real = evaluation._found

    def found(entry: PackCheck, facts: Facts) -> object:
        if entry.rule.code == "plan.seats":
            asked.extend(facts.units["unit"])
        return real(entry, facts)

    monkeypatch.setattr(evaluation, "_found", found)
    told = replay(home, every=True)
    assert verdicts(told) == {SAME: len(units) * 3}
    assert sorted(asked) == sorted(units)


def test_a_cycle_without_decisions_has_nothing_to_replay(tmp_path: Path) -> None:
    told = replay(cycle.small_home(tmp_path / "home"), every=True)
    assert told.every == ()
    assert told.agrees


def test_an_unknown_unit_is_refused(home: Home) -> None:
    with pytest.raises(UnknownPlace, match="640399-congress"):
        replay(home, "640399-congress")


def test_a_broken_ledger_is_not_replayed(home: Home) -> None:
    scenes.edited(home, 3, prev="")  # chained again, so this changes nothing
    assert replay(home, UNIT, Stage.PLAN).agrees
    rewrite(home, b'"stage":"plan"', b'"stage":"plam"')
    with pytest.raises(LedgerBroken):
        replay(home)


# What somebody edited


def _first_sign_off(entry: Entry) -> dict[str, Any]:
    return {"sign_offs": entry["sign_offs"][:1]}


def _without_a_check(entry: Entry) -> dict[str, Any]:
    (first, *_) = entry["findings"]
    return {"findings": {code: said for code, said in entry["findings"].items() if code != first}}


EditOf = Callable[[Entry], dict[str, Any]]
# What is edited in an open decision, and the fields that must be named.
EDITS: dict[str, tuple[EditOf, set[str]]] = {
    "outcome": (lambda _: {"outcome": "blocked"}, {"outcome"}),
    "evidence": (lambda _: {"evidence": "0" * 64}, {"evidence"}),
    "policy": (lambda _: {"policy": "0" * 64}, {"policy"}),
    "key": (lambda _: {"decision": "0" * 64}, {"decision"}),
    "signers": (lambda _: {"signers": ["o-640300-01"]}, {"signers"}),
    "sign-offs": (_first_sign_off, {"sign_offs"}),
    "waivers": (lambda entry: {"waivers": entry["sign_offs"]}, {"waivers"}),
    "void": (lambda entry: {"void": {str(entry["sign_offs"][0]): "twice"}}, {"void"}),
    "since": (lambda entry: {"since": entry["sign_offs"][0]}, {"since"}),
    "reopened": (lambda _: {"reopened": {"of": 1, "causes": ["day"]}}, {"reopened"}),
    "findings": (_without_a_check, {"findings"}),
    # Before anybody signed.
    "position": (lambda entry: {"position": entry["sign_offs"][0] - 30},
                 {"outcome", "sign_offs", "findings"}),
    "no position": (lambda entry: {"position": entry["seq"] - 1}, {"position"}),
    "barred": (lambda _: {"barred": {"o-640300-01": "about-self"}}, {"barred"}),
    "late position": (lambda entry: {"position": entry["seq"]}, {"position"}),
    "odd unit": (lambda _: {"unit": "640399-congress"}, {"unit"}),
}  # fmt: skip


def test_whatever_somebody_edited_is_named(home: Home) -> None:
    whole = [
        one
        for one in cycle.entries(home, "decided")
        if one["outcome"] == "open" and one["stage"] in ("plan", "nomination", "vetting")
    ]
    chosen = dict(zip((one["seq"] for one in whole), EDITS, strict=False))
    assert len(chosen) == len(EDITS)

    def edit(entry: Entry) -> None:
        if entry["seq"] in chosen:
            entry |= EDITS[chosen[entry["seq"]]][0](entry)

    scenes.rewritten(home, edit)
    told = replay(home, every=True)
    assert not told.agrees
    for seq, name in chosen.items():
        one = of_entry(told, seq)
        assert one.verdict is DIFFERS, name
        assert names(one) >= EDITS[name][1], name
    # Nothing else differs but what was handed on by a decision that was edited.
    others = [one for one in told.every if one.verdict is not SAME and one.seq not in chosen]
    assert all(one.kind == "handed-on" and one.decision in chosen for one in others)


@pytest.mark.parametrize(
    "content",
    [
        {"position": "1"},
        {"on": "tomorrow"},
        {"stage": "planning"},
        {"findings": []},
        {"findings": {"plan.notice": {"odd": ["x"]}}},
        {"more": "than is written"},
        {"kind": "of-tomorrow"},
    ],
)
def test_what_is_no_entry_at_all_is_no_history_to_replay(
    home: Home, content: dict[str, Any]
) -> None:
    seq = cycle.entries(home, "decided")[0]["seq"]
    scenes.edited(home, seq, **content)
    with pytest.raises(LedgerBroken) as refused:
        replay(home)
    assert (refused.value.seq, refused.value.fault) == (seq, "form")


def test_edited_findings_are_named_one_by_one(home: Home) -> None:
    entry = next(one for one in cycle.entries(home, "decided") if one["stage"] == "plan")
    findings = entry["findings"]
    subject = findings["plan.notice"]["pass"].pop(0)
    findings["plan.notice"]["fail"] = [[subject, "no-notice", {}]]
    findings["plan.invented"] = {"pass": ["x"]}
    del findings["plan.duties"]
    scenes.edited(home, entry["seq"], findings=findings)
    told = of_entry(replay(home, stage=Stage.PLAN, every=True), entry["seq"])
    assert names(told) == {"findings"}
    changes = {(one.check, one.subject): one for one in told.differences[0].findings}
    changed = changes["plan.notice", subject]
    assert changed.recorded is not None
    assert changed.now is not None
    assert (changed.recorded.status, changed.now.status) == ("fail", "pass")
    assert changes["plan.invented", "x"].now is None
    gone = [one for (check, _), one in changes.items() if check == "plan.duties"]
    assert gone
    assert all(one.recorded is None for one in gone)
    assert {check for check, _ in changes} == {"plan.notice", "plan.invented", "plan.duties"}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"digest": "0" * 64}, {"digest"}),
        ({"evidence": "0" * 64, "policy": "0" * 64}, {"evidence", "policy"}),
        ({"signers": []}, {"signers"}),
        ({"sign_offs": [], "waivers": [1]}, {"sign_offs", "waivers"}),
        ({"decision": 1}, {"decision"}),
    ],
)
def test_an_edited_hand_on_is_named(home: Home, content: dict[str, Any], named: set[str]) -> None:
    entry = next(one for one in cycle.entries(home, "handed-on") if one["unit"] == UNIT)
    scenes.edited(home, entry["seq"], **content)
    told = replay(home, UNIT, Stage.PLAN)
    assert verdicts(told)[DIFFERS] == 1
    assert names(of_entry(told, entry["seq"])) == named


def test_a_hand_on_by_a_closed_gate_is_named(home: Home) -> None:
    closed = next(one for one in cycle.entries(home, "decided") if one["unit"] == UNIT)
    handed = next(one for one in cycle.entries(home, "handed-on") if one["unit"] == UNIT)
    assert closed["outcome"] == "waiting"
    scenes.edited(home, handed["seq"], decision=closed["seq"])
    told = of_entry(replay(home, UNIT, Stage.PLAN, every=True), handed["seq"])
    assert names(told) >= {"outcome", "sign_offs"}


def test_facts_that_cannot_be_put_together_are_a_difference(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> Facts:
        raise FactsError(Text("不成立", "do not fit"))

    # No record that verifies has such facts: it is as if a later release refused them.
    cycle.forget()
    monkeypatch.setattr(snapshot, "facts_of", refused)
    told = replay(home, UNIT, Stage.PLAN)
    assert verdicts(told) == {DIFFERS: 2}
    assert names(told.decisions[0]) == {"evaluation"}


# Other code


def test_a_check_that_answers_otherwise_today_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "code_version", lambda: "0.2.0+ffffffffffff")
    with scenes.failing("plan.notice", "no-notice"):
        told = replay(home, stage=Stage.PLAN)
    code = cycle.entries(home, "decided")[0]["code"]
    assert told.other_code == {code: len(told.decisions)}
    assert {one.verdict for one in told.every} == {DIFFERS}
    for one in told.decisions:
        (found,) = [each for each in one.differences if each.name == "findings"]
        assert "plan.notice" in {change.check for change in found.findings}
        assert names(one) == {"outcome", "findings", "reopened", "decision"} - (
            set() if "reopened" in names(one) else {"reopened"}
        )
    monkeypatch.undo()
    again = replay(home, stage=Stage.PLAN)
    assert again.agrees
    assert again.other_code == {}


def test_what_was_worked_out_before_is_not_trusted(home: Home) -> None:
    assert replay(home, UNIT, Stage.PLAN).agrees
    cycle.launch(home, "plan", UNIT)
    with scenes.failing("plan.notice", "no-notice"):
        assert not replay(home, UNIT, Stage.PLAN).agrees


# What was erased


def erase(home: Home, register: str, *, changed: bool = False) -> Entry:
    entry = [one for one in cycle.entries(home, "submitted") if one["register"] == register][-1]
    path = Folder(home.blobs_folder).path(entry["blob"])
    if changed:
        path.write_bytes(path.read_bytes() + b" ")
    else:
        path.unlink()
    return entry


@pytest.mark.parametrize(
    ("register", "stages", "changed"),
    [
        # The inspection must be of this cycle, which begins with its first measure.
        ("measures", {Stage.PLAN, Stage.INSPECTION}, False),
        ("tallies", {Stage.RESULT}, True),
        ("reports", {Stage.VETTING, Stage.INSPECTION, Stage.SLATE}, False),
        ("units", set(STAGES), False),
        ("candidates", set(STAGES), True),
    ],
)
def test_only_decisions_whose_evidence_was_erased_cannot_be_replayed(
    home: Home, register: str, stages: set[Stage], changed: bool
) -> None:
    entry = erase(home, register, changed=changed)
    told = replay(home, UNIT)
    assert {one.stage for one in told.decisions if one.verdict is ERASED} == stages
    assert {one.stage for one in told.hand_ons if one.verdict is ERASED} == stages
    assert set(verdicts(told)) <= {SAME, ERASED}
    assert not told.agrees
    for one in told.every:
        if one.verdict is ERASED:
            (gone,) = one.erased
            assert (gone.seq, gone.register, gone.blob) == (entry["seq"], register, entry["blob"])


def test_what_was_erased_later_does_not_matter_before(home: Home) -> None:
    cycle.deliver(home, "measures", cycle.small_rows()["measures"])
    scenes.launch_and_sign(home, "plan", UNIT, cycle.ON)
    assert replay(home, UNIT, Stage.PLAN, every=True).agrees
    last = cycle.entries(home, "decided")[-1]
    cycle.deliver(home, "measures", [{**cycle.small_rows()["measures"][0], "held_on": cycle.ON}])
    scenes.launch_and_sign(home, "plan", "cycle", cycle.ON)
    erase(home, "measures")
    told = replay(home, stage=Stage.PLAN, every=True)
    assert {one.verdict for one in told.decisions if one.seq <= last["seq"]} == {SAME}
    assert {one.verdict for one in told.decisions if one.seq > last["seq"]} == {ERASED}


def test_without_the_policy_pack_nothing_can_be_replayed(home: Home) -> None:
    (opened,) = cycle.entries(home, "opened")
    Folder(home.blobs_folder).path(opened["policy"]).unlink()
    told = replay(home, every=True)
    assert verdicts(told) == {ERASED: len(told.every)}
    assert {(gone.seq, gone.register, gone.blob) for one in told.every for gone in one.erased} == {
        (1, "policy", opened["policy"])
    }


def test_reasons_and_rejected_rows_are_no_evidence(home: Home) -> None:
    officer = scenes.signed_by(home, UNIT, "plan")["officer"]
    signing.refuse(Recorder(home), UNIT, Stage.PLAN, who(officer), "not convinced")
    cycle.launch(home, "plan", UNIT)
    named = {one["blob"] for one in cycle.entries(home, "submitted")}
    named.add(cycle.entries(home, "opened")[0]["policy"])
    others = [
        path
        for path in home.blobs_folder.rglob("*")
        if path.is_file() and path.parent.name + path.name not in named
    ]
    assert others
    for path in others:
        path.unlink()
    assert replay(home, stage=Stage.PLAN, every=True).agrees


# Crashes


@pytest.fixture(scope="module")
def crashed_once(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A check of a plan crashed, and another one when the plan stood open."""
    home = cycle.small_home(tmp_path_factory.mktemp("crashed") / "home")
    cycle.forget()
    with scenes.crashing("plan.notice"):
        cycle.launch(home, "plan", UNIT)
    scenes.launch_and_sign(home, "plan", UNIT, cycle.ON)
    cycle.forget()
    with scenes.crashing("plan.seats"):
        cycle.launch(home, "plan", UNIT)
    cycle.launch(home, "plan", UNIT)
    return home


@pytest.fixture
def crashed(crashed_once: Home, tmp_path: Path) -> Home:
    return copied(crashed_once.path, tmp_path / "home")


def test_a_decision_that_rests_on_a_crash_is_named_and_no_difference(crashed: Home) -> None:
    decided = cycle.entries(crashed, "decided")
    assert [one["outcome"] for one in decided] == ["blocked", "waiting", "open", "blocked", "open"]
    told = replay(crashed, every=True)
    assert [one.verdict for one in told.decisions] == [CRASH, SAME, SAME, CRASH, SAME]
    assert {one.verdict for one in told.hand_ons} == {SAME}
    assert told.agrees
    assert names(told.decisions[0]) == {"outcome", "findings", "decision"}
    assert names(told.decisions[3]) == {"outcome", "findings", "reopened", "decision"}


def test_a_crash_that_repeats_is_the_same(crashed: Home) -> None:
    first = cycle.entries(crashed, "decided")[0]["seq"]
    with scenes.crashing("plan.notice"):
        told = replay(crashed, every=True)
    assert of_entry(told, first).verdict is SAME


@pytest.mark.parametrize(
    "content",
    [
        {"policy": "0" * 64},
        {"evidence": "0" * 64},
        {"since": 5},
        {"outcome": "open"},
        {"void": {"5": "withdrawn"}},
        {"decision": "0" * 64},
    ],
)
def test_a_crash_excuses_nothing_but_what_follows_from_it(
    crashed: Home, content: dict[str, Any]
) -> None:
    first = cycle.entries(crashed, "decided")[0]["seq"]
    scenes.edited(crashed, first, **content)
    assert of_entry(replay(crashed, every=True), first).verdict is DIFFERS


def key_of(entry: Entry) -> str:
    """The key that docs/interface.md gives a decision of such content."""
    names = (
        "unit",
        "stage",
        "outcome",
        "policy",
        "evidence",
        "findings",
        "signers",
        "sign_offs",
        "barred",
    )
    return digest(canonical([entry[name] for name in names]))


def test_a_crash_does_not_excuse_another_check(crashed: Home) -> None:
    """Not even where the key was made to fit."""
    first = cycle.entries(crashed, "decided")[0]
    assert key_of(first) == first["decision"]
    findings = {**first["findings"], "plan.seats": {"fail": [[UNIT, "check-crashed-not", {}]]}}
    key = key_of({**first, "findings": findings})
    scenes.edited(crashed, first["seq"], findings=findings, decision=key)
    assert of_entry(replay(crashed, every=True), first["seq"]).verdict is DIFFERS
