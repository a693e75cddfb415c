"""What another pack would have decided: what closes, what opens, and what that rests on."""

from pathlib import Path

import pytest

from data.blobs import Folder
from data.home import Home
from data.ledger import LedgerBroken
from data.policies import FOLDER, read_pack
from schemas.decisions import Decision
from schemas.entries import Decided
from schemas.findings import Finding, Findings
from schemas.policy import Pack
from schemas.vocabulary import STAGES, Outcome, Stage, Status
from tasks.officers import signing
from tasks.officers.recording import Recorder
from tasks.replaying.packs import PackChange, PackChangeKind, pack_changes
from tasks.replaying.past import Past
from tasks.replaying.whatif import Changed, WhatIf, bearing, what_if
from tests.replay import scenes
from tests.support import cycle
from tests.support.places import copied
from tests.support.signing import signers_of, who

UNIT = "640302103-congress"
# The two units whose plan is blocked, by the order of two measures.
LATE = ("640302100-congress", "640302100-government")
WAIVER = (
    'waiver = {organs = ["secretary", "discipline-commission", "organisation-department"], '
    'number = 2, at = "own-or-above", days = 60}\n'
)
Edits = tuple[tuple[str, str], ...]

STRICTER: Edits = (("attendance = 10", "attendance = 99"),)
LOOSER: Edits = (
    ('township = ["superior-deployment", "committee-meeting"]',
     'township = ["superior-deployment"]'),
)  # fmt: skip
UNWAIVABLE: Edits = ((WAIVER, ""),)


def text_of_pack() -> str:
    return (FOLDER / "cn-2016.toml").read_text(encoding="utf-8")


def block(heading: str, naming: str) -> str:
    """The part of the pack that begins with a heading and names something."""
    (found,) = [
        part for part in text_of_pack().split("\n\n")
        if part.startswith(heading) and f'"{naming}"\n' in part
    ]  # fmt: skip
    return found


REMOVED: Edits = ((block("[[stages.plan]]", "plan.deployment"), ""),)
LIAISON = block("[[sign_offs.plan]]", "liaison")
ONE_MORE: Edits = (
    (LIAISON, f"{LIAISON}\n\n" + LIAISON.replace("liaison", "front")
     .replace("organisation-department", "united-front")),
)  # fmt: skip
ONE_FEWER: Edits = ((LIAISON, ""),)


def pack(folder: Path, edits: Edits) -> Pack:
    """The pack of the cycle with some of its text replaced."""
    text = text_of_pack()
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = folder / "pack.toml"
    path.write_text(text, encoding="utf-8")
    return read_pack(str(path))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The plans and nominations of the small cycle with its faults."""
    home = cycle.small_home(tmp_path_factory.mktemp("planted") / "home", planted=True)
    for stage in ("plan", "nomination"):
        scenes.launch_and_sign(home, stage, "cycle", cycle.ON)
    return home


@pytest.fixture
def home(planted: Home, tmp_path: Path) -> Home:
    """A copy of it."""
    return copied(planted.path, tmp_path / "home")


def asked(home: Home, folder: Path, edits: Edits) -> WhatIf:
    return what_if(home, read_pack("cn-2016"), pack(folder, edits))


def gates(changed: tuple[Changed, ...]) -> set[tuple[str, str]]:
    return {(one.unit, one.stage.value) for one in changed}


def opened(home: Home, stage: str) -> set[tuple[str, str]]:
    found = cycle.decisions(home).items()
    return {gate for gate, (outcome, _) in found if outcome == "open" and gate[1] == stage}


def checks(changed: tuple[Changed, ...]) -> set[str]:
    return {finding.check for one in changed for finding in one.findings}


def test_the_same_pack_changes_nothing(planted: Home) -> None:
    told = what_if(planted, read_pack("cn-2016"), read_pack("cn-2016"))
    assert told.nothing
    assert told.changes == ()
    assert told.decisions == len(cycle.entries(planted, "decided"))


def test_a_stricter_parameter_closes_what_stood_open(planted: Home, tmp_path: Path) -> None:
    told = asked(planted, tmp_path, STRICTER)
    assert gates(told.closes) == opened(planted, "nomination")
    assert told.opens == ()
    assert checks(told.closes) == {"nomination.films"}
    assert {one.old for one in told.closes} == {Outcome.OPEN}
    assert not any(one.unsigned for one in told.closes)
    (change,) = told.changes
    assert (change.kind, change.subject, change.name, change.old, change.new) == (
        PackChangeKind.PARAMETER_CHANGED, "nomination.films", "attendance", 10, 99,
    )  # fmt: skip
    assert not told.nothing

    other_way = what_if(planted, told.new, told.old)
    assert gates(other_way.opens) == gates(told.closes)
    assert other_way.closes == ()
    # They were signed, on evidence that says the same.
    assert {one.unsigned for one in other_way.opens if one.new is Outcome.OPEN} == {False}


@pytest.mark.parametrize("edits", [LOOSER, REMOVED], ids=["looser", "a check fewer"])
def test_a_gate_that_would_hold_is_not_called_open(
    planted: Home, tmp_path: Path, edits: Edits
) -> None:
    told = asked(planted, tmp_path, edits)
    # Signatures count, though another digest would be signed for where a check reads no more.
    assert told.closes == ()
    assert gates(told.opens) == {(unit, "plan") for unit in LATE}
    assert all(one.unsigned for one in told.opens)
    assert {(one.old, one.new) for one in told.opens} == {(Outcome.BLOCKED, Outcome.WAITING)}
    assert checks(told.opens) == {"plan.deployment"}
    assert len(told.changes) == 1


def test_one_more_signer_closes_every_gate_of_the_stage(planted: Home, tmp_path: Path) -> None:
    told = asked(planted, tmp_path, ONE_MORE)
    assert gates(told.closes) == opened(planted, "plan")
    assert told.opens == ()
    for one in told.closes:
        assert one.new is Outcome.WAITING
        (finding,) = one.findings
        assert (finding.check, finding.subject, finding.reason) == (
            "plan.sign-off", "front", "sign-off-missing",
        )  # fmt: skip
    (change,) = told.changes
    assert (change.kind, change.subject, change.old) == (
        PackChangeKind.SIGN_OFF_ADDED, "front", None,
    )  # fmt: skip


def test_one_signer_fewer_opens_what_had_one(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path / "home")
    cycle.launch(home, "plan", UNIT)
    recorder = Recorder(home)
    signers = signers_of(home, recorder.snapshot("cycle").pack, recorder.history)[UNIT, Stage.PLAN]
    roles = {officer: recorder.holder(officer) for officer in signers}
    (secretary,) = [one for one, role in roles.items() if role and role.organ == "secretary"]
    signing.sign(recorder, UNIT, Stage.PLAN, who(secretary))
    cycle.launch(home, "plan", UNIT)
    scenes.launch_and_sign(home, "plan", UNIT, cycle.ON)
    first, half, last = cycle.entries(home, "decided")
    assert [one["outcome"] for one in (first, half, last)] == ["waiting", "waiting", "open"]
    told = asked(home, tmp_path, ONE_FEWER)
    assert told.closes == ()
    assert [(one.seq, one.new, one.unsigned) for one in told.opens] == [
        (half["seq"], Outcome.OPEN, False)
    ]


def decision(*said: tuple[str, Status], outcome: Outcome) -> Decision:
    findings = Findings.of(
        Finding(check, UNIT, status, "" if status is Status.PASS else "x") for check, status in said
    )
    return Decision(UNIT, Stage.PLAN, outcome, cycle.ON, "p", "e", 1, findings)


CHECK, SIGN_OFF = "plan.notice", "plan.sign-off"
FAILS = decision((CHECK, Status.FAIL), outcome=Outcome.BLOCKED)
OPEN = decision((CHECK, Status.PASS), (SIGN_OFF, Status.PASS), outcome=Outcome.OPEN)
UNSIGNED = decision((CHECK, Status.PASS), (SIGN_OFF, Status.MISSING), outcome=Outcome.WAITING)
REFUSED = decision((CHECK, Status.PASS), (SIGN_OFF, Status.FAIL), outcome=Outcome.BLOCKED)
HALF = decision(
    (CHECK, Status.PASS), (SIGN_OFF, Status.FAIL), (SIGN_OFF, Status.MISSING),
    outcome=Outcome.BLOCKED,
)  # fmt: skip
MISSING = decision((CHECK, Status.MISSING), outcome=Outcome.WAITING)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (FAILS, OPEN, ("opens", False, {CHECK})),
        (FAILS, UNSIGNED, ("opens", True, {CHECK})),
        (MISSING, UNSIGNED, ("opens", True, {CHECK})),
        (UNSIGNED, OPEN, ("opens", False, {SIGN_OFF})),
        (REFUSED, OPEN, ("opens", False, {SIGN_OFF})),
        (OPEN, FAILS, ("closes", False, {CHECK})),
        (OPEN, UNSIGNED, ("closes", False, {SIGN_OFF})),
        (OPEN, REFUSED, ("closes", False, {SIGN_OFF})),
        # Whoever refused, refused: nothing would have opened.
        (FAILS, REFUSED, None),
        (FAILS, HALF, None),
        (UNSIGNED, UNSIGNED, None),
        (UNSIGNED, FAILS, None),
        (FAILS, MISSING, None),
        (OPEN, OPEN, None),
    ],
)
def test_what_bears_on_a_gate_being_open(
    old: Decision, new: Decision, expected: tuple[str, bool, set[str]] | None
) -> None:
    entry = Decided(
        7, "", "", UNIT, "plan", "open", "2016-12-31", "", "", 1, {}, (), (), (), {}, {}, 0, {},
        None, "", "", None, "", "",
    )  # fmt: skip
    past = Past(entry, Stage.PLAN, cycle.ON, 1, None)
    found = bearing(past, old, new)
    assert (found is None) is (expected is None)
    if found and expected:
        closes = "closes" if found.old is Outcome.OPEN else "opens"
        assert (closes, found.unsigned, checks((found,))) == expected
        assert (found.seq, found.old, found.new) == (7, old.outcome, new.outcome)


@pytest.mark.long
def test_without_its_waiver_a_gate_closes(tmp_path: Path) -> None:
    home = scenes.eventful_home(tmp_path / "home")
    told = asked(home, tmp_path, UNWAIVABLE)
    waived = [one for one in cycle.entries(home, "decided") if one["waivers"]]
    assert [one.seq for one in told.closes] == [
        one["seq"] for one in waived if one["outcome"] == "open"
    ]
    assert checks(told.closes) == {"plan.deployment"}
    (change,) = told.changes
    assert (change.kind, change.new) == (PackChangeKind.WAIVER_REMOVED, None)
    assert what_if(home, told.new, told.new).nothing


def test_another_pack_than_that_of_the_cycle_can_be_either(planted: Home, tmp_path: Path) -> None:
    stricter = pack(tmp_path, STRICTER)
    assert what_if(planted, stricter, stricter).nothing
    told = what_if(planted, stricter, pack(tmp_path, (*STRICTER, *LOOSER)))
    assert gates(told.opens) == {(unit, "plan") for unit in LATE}
    assert told.closes == ()


def test_what_cannot_be_read_is_not_evaluated(home: Home, tmp_path: Path) -> None:
    entry = next(one for one in cycle.entries(home, "submitted") if one["register"] == "measures")
    Folder(home.blobs_folder).path(entry["blob"]).unlink()
    (first,) = cycle.entries(home, "opened")
    # The cycle's own pack is not needed.
    Folder(home.blobs_folder).path(first["policy"]).unlink()
    told = asked(home, tmp_path, STRICTER)
    assert gates(told.closes) == opened(home, "nomination")
    assert {one.stage for one in told.not_evaluated} == {Stage.PLAN}
    assert {gone.register for one in told.not_evaluated for gone in one.erased} == {"measures"}
    same = what_if(home, told.old, told.old)
    assert (same.closes, same.opens) == ((), ())
    assert not same.nothing


@pytest.mark.parametrize(
    ("content", "fault"), [({"on": "x"}, "form"), ({"unit": "640399-congress"}, "decision")]
)
def test_a_ledger_that_decides_what_it_cannot_is_broken(
    home: Home, tmp_path: Path, content: dict[str, str], fault: str
) -> None:
    seq = cycle.entries(home, "decided")[0]["seq"]
    scenes.edited(home, seq, **content)
    with pytest.raises(LedgerBroken) as refused:
        asked(home, tmp_path, STRICTER)
    assert (refused.value.seq, refused.value.fault) == (seq, fault)


# Packs


def changes(folder: Path, edits: Edits) -> tuple[PackChange, ...]:
    return pack_changes(read_pack("cn-2016"), pack(folder, edits))


@pytest.mark.parametrize(
    ("edits", "kind", "subject"),
    [
        (REMOVED, PackChangeKind.CHECK_REMOVED, "plan.deployment"),
        (STRICTER, PackChangeKind.PARAMETER_CHANGED, "nomination.films"),
        (UNWAIVABLE, PackChangeKind.WAIVER_REMOVED, "plan.deployment"),
        (((WAIVER, WAIVER.replace("60", "59")),), PackChangeKind.WAIVER_CHANGED, "plan.deployment"),
        (ONE_MORE, PackChangeKind.SIGN_OFF_ADDED, "front"),
        (ONE_FEWER, PackChangeKind.SIGN_OFF_REMOVED, "liaison"),
        (((LIAISON, LIAISON.replace("own-or-above", "own")),),
         PackChangeKind.SIGN_OFF_CHANGED, "liaison"),
        (((LIAISON, LIAISON + "\n"), ('version = "1.', 'version = "2.')), None, ""),
    ],
)  # fmt: skip
def test_what_changed_in_a_pack_is_listed(
    tmp_path: Path, edits: Edits, kind: PackChangeKind | None, subject: str
) -> None:
    found = changes(tmp_path, edits)
    assert [(one.kind, one.subject) for one in found] == ([(kind, subject)] if kind else [])
    back = pack_changes(pack(tmp_path, edits), read_pack("cn-2016"))
    assert [(one.subject, one.old, one.new) for one in back] == [
        (one.subject, one.new, one.old) for one in found
    ]


def test_every_check_and_sign_off_of_another_cycle_is_compared() -> None:
    found = pack_changes(read_pack("cn-2016"), read_pack("cn-2026"))
    assert {one.kind for one in found} >= {PackChangeKind.PARAMETER_CHANGED}
    stages = [STAGES.index(one.stage) for one in found]
    assert stages == sorted(stages)
