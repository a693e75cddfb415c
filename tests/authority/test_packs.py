"""Another policy pack in an open cycle: what it closes and voids, and what keeps counting."""

from datetime import timedelta
from pathlib import Path

import pytest

from data.adoptions import ADOPTED, PROPOSED
from data.blobs import BlobStore
from data.bundle import export_bundle
from data.ledger import Ledger
from data.policies import in_force, pack_bytes
from schemas.canonical import digest
from schemas.envelopes import sealed
from schemas.refusals import ActRefused
from schemas.vocabulary import Outcome, Stage
from tasks.gate.snapshot import open_snapshot
from tasks.officers import adopting, keys
from tasks.officers.adopting import AdoptionEffects
from tasks.officers.recording import Recorder
from tasks.officers.signatories import RemoteSigner, ToSign
from tasks.replay import replay
from tests.authority.rows_packs import FORGED, adopt, weaker
from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_LIAISON,
    CITY_SECRETARY,
    LIAISON,
    SECRETARY,
    UNIT,
    Case,
    case_of,
    meeting,
    panel,
)
from tests.objections.scene import OTHER as CONCLUDED
from tests.objections.scene import concluded_home
from tests.support import cycle
from tests.support.cycle import ON
from tests.support.signing import enrol, private_of, who
from tests.support.watch import due
from tests.tamper.verifiers import by_library, by_single_file, of_home

ORGANS = (CITY_SECRETARY, CITY_DISCIPLINE)
NEXT = ON + timedelta(days=1)


def edited(before: str, after: str) -> bytes:
    """Our pack with one thing said otherwise."""
    text = pack_bytes(cycle.PACK).decode()
    assert before in text
    return text.replace(before, after, 1).encode()


STEPS = edited("days = 30", "days = 31")
LISTS = edited("roll_days = 20", "roll_days = 19")
# Nothing of these is the plan's of a township: a text, another stage, another level, days of
# deliveries.
ELSEWHERE = {
    "a text": edited('version = "1.', 'version = "9.'),
    "another stage": LISTS,
    "another level": pack_bytes(cycle.PACK)
    + panel("county", ["united-front"], 1)
    .replace('"city", "county", "township"', '"city"')
    .encode(),
}
# These are: what a check asks for, who may waive one, who signs.
TOUCHING = {
    "a parameter": STEPS,
    "a waiver": edited(
        'number = 2, at = "own-or-above", days = 30', 'number = 2, at = "own", days = 30'
    ),
    "a sign-off less": weaker(),
    "a sign-off more": pack_bytes(cycle.PACK) + panel("more", ["united-front"], 1).encode(),
}


def verdicts(case: Case, tmp_path: Path) -> set[tuple[str, int]]:
    """What the verifiers say of the home and of its bundle."""
    bundle = tmp_path / "bundle.zip"
    export_bundle(case.home, bundle)
    content = bundle.read_bytes()
    return {of_home(case.home), by_library(content), by_single_file(content)}


def holds(case: Case, tmp_path: Path) -> bool:
    """Whether all verifiers hold, and every decision replays under the pack of its day."""
    count = len(cycle.entries(case.home))
    return verdicts(case, tmp_path) == {("", count)} and replay(case.home, every=True).agrees


def seen(case: Case, content: bytes) -> AdoptionEffects:
    """What is shown of a pack before it is signed."""
    return adopting.effects_of(Recorder(case.home), adopting.adopting(content, "x.toml", ON))


def now(case: Case) -> str:
    """The digest of the pack in force today."""
    return in_force(Ledger(case.home.ledger), BlobStore(case.home.blobs)).pack.digest


# Two signatures


def test_a_pack_is_in_force_once_a_second_organ_signed_it(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path / "home")
    first = now(case)
    adopt(case, CITY_SECRETARY, content=LISTS)
    assert now(case) == first
    adopt(case, CITY_DISCIPLINE, content=LISTS)
    assert now(case) == digest(LISTS)
    proposed, adopted = cycle.entries(case.home)[-2:]
    assert (proposed["kind"], adopted["kind"]) == (PROPOSED, ADOPTED)
    assert adopted["of"] == proposed["seq"]
    assert {one["policy"] for one in (proposed, adopted)} == {digest(LISTS)}
    assert holds(case, tmp_path)


def test_it_comes_into_force_on_its_day(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path / "home")
    first = now(case)
    adopt(case, *ORGANS, content=STEPS, starts=NEXT)
    assert case.launch() is Outcome.WAITING
    assert case.decided()["policy"] == first
    case.on = NEXT
    assert case.launch() is Outcome.WAITING
    assert case.decided()["policy"] == digest(STEPS)
    assert holds(case, tmp_path)


def test_what_is_overtaken_before_its_day_never_comes_into_force(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path / "home")
    adopt(case, *ORGANS, content=STEPS, starts=NEXT + timedelta(days=1))
    adopt(case, *ORGANS, content=LISTS, starts=NEXT)
    case.on = NEXT + timedelta(days=2)
    case.launch()
    assert case.decided()["policy"] == digest(LISTS)
    assert holds(case, tmp_path)


def test_a_browser_signs_what_is_shown(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path / "home")
    wanted = adopting.adopting(LISTS, "x.toml", ON)
    at = case.recorder.now()
    held = who(CITY_SECRETARY).public
    before = cycle.stored(case.home)
    with pytest.raises(ToSign) as shown:
        adopting.adopt(case.recorder, wanted, RemoteSigner(CITY_SECRETARY, held, at))
    assert cycle.stored(case.home) == before
    envelope = sealed(shown.value.payload, private_of(CITY_SECRETARY))
    signer = RemoteSigner(CITY_SECRETARY, held, at, envelope)
    assert adopting.adopt(case.recorder, wanted, signer) == len(before) + 1
    adopt(case, CITY_DISCIPLINE, content=LISTS)
    assert now(case) == digest(LISTS)


def test_a_pack_stays_adopted_whatever_becomes_of_who_signed_it(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path / "home")
    adopt(case, *ORGANS, content=LISTS)
    keys.revoke(case.recorder, CITY_SECRETARY, who(CITY_DISCIPLINE), "密钥遗失")
    assert now(case) == digest(LISTS)
    assert holds(case, tmp_path)


@pytest.mark.parametrize("attempt", FORGED, ids=[one.name for one in FORGED])
def test_both_verifiers_name_a_forged_adoption(attempt: object, tmp_path: Path) -> None:
    case = case_of("short", tmp_path / "home")
    attempt.tries(case)  # type: ignore[attr-defined]
    assert verdicts(case, tmp_path) == {(attempt.code, len(cycle.stored(case.home)))}  # type: ignore[attr-defined]


# What keeps counting, and what does not


@pytest.mark.parametrize("name", ELSEWHERE)
def test_signatures_count_where_the_pack_touches_nothing(name: str, tmp_path: Path) -> None:
    case = case_of("short", tmp_path / "home")
    (before,) = [act.seq for act in case.recorder.history.acts.of(UNIT, "plan")]
    content = ELSEWHERE[name]
    assert not [one for one in seen(case, content).consequences if one.unit == UNIT]
    adopt(case, *ORGANS, content=content)
    case.launch()
    case.sign(SECRETARY)
    assert case.launch() is Outcome.OPEN
    decided = case.decided()
    assert before in decided["sign_offs"]
    assert decided["policy"] == digest(content)
    assert holds(case, tmp_path)


@pytest.mark.parametrize("name", TOUCHING)
def test_an_open_gate_that_a_pack_touches_is_closed_until_it_is_signed_anew(
    name: str, tmp_path: Path
) -> None:
    case = case_of("open", tmp_path / "home")
    signed = case.decided()["sign_offs"]
    (shown,) = [one for one in seen(case, TOUCHING[name]).consequences if one.unit == UNIT]
    assert shown.closes
    assert {one.code for one in shown.lost} == {"other-policy"}
    assert [one.seq for one in shown.lost] == signed
    adopt(case, *ORGANS, content=TOUCHING[name])
    assert case.launch() is Outcome.WAITING
    closed = case.decided()
    assert closed["reopened"]["causes"] == ["policy"]
    assert closed["void"] == {str(seq): "other-policy" for seq in signed}
    case.sign(LIAISON)
    if name == "a sign-off less":
        assert case.launch() is Outcome.OPEN
    else:
        assert case.launch() is Outcome.WAITING
        case.sign(SECRETARY)
        expected = Outcome.WAITING if name == "a sign-off more" else Outcome.OPEN
        assert case.launch() is expected
    assert holds(case, tmp_path)


def test_what_a_pack_takes_away_is_shown(tmp_path: Path) -> None:
    case = case_of("open", tmp_path / "home")
    kinds = {one.kind.value for one in seen(case, weaker()).changes}
    assert kinds == {"sign-off-removed"}
    blocks = pack_bytes(cycle.PACK).decode().split("\n\n")
    less = "\n\n".join(one for one in blocks if 'check = "plan.notice"' not in one).encode()
    shown = {(one.kind.value, one.subject) for one in seen(case, less).changes}
    assert ("check-removed", "plan.notice") in shown


def test_who_may_adopt_is_shown_too(tmp_path: Path) -> None:
    case = case_of("open", tmp_path / "home")
    named = '[adoption]\norgans = ["secretary", "organisation-department", "discipline-commission"]'
    content = edited(named, '[adoption]\norgans = ["secretary", "discipline-commission"]')
    (change,) = seen(case, content).changes
    assert (change.kind.value, change.subject) == ("authority-changed", "adoption")
    adopt(case, *ORGANS, content=content)
    with pytest.raises(ActRefused) as told:
        adopt(case, CITY_LIAISON, content=LISTS)
    assert told.value.code == "may-not-adopt"


def test_who_delivers_follows_the_pack_in_force(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path / "home")
    text = pack_bytes(cycle.PACK).decode()
    head, mark, rest = text.partition("[[deliveries]]")
    block, rest = rest[: rest.index("[[deliveries]]")], rest[rest.index("[[deliveries]]") :]
    assert '"measures"' in block
    assert '"measures"' in rest
    content = (head + mark + block.replace('"measures", ', "", 1) + rest).encode()
    adopt(case, *ORGANS, content=content)
    with pytest.raises(ActRefused) as told:
        case.deliver("measures", meeting(1))
    assert told.value.code == "may-not-deliver"


def test_what_was_signed_under_a_pack_that_came_back_is_void(tmp_path: Path) -> None:
    """Two packs later the gate goes by the first again: what was void once stays void."""
    case = case_of("short", tmp_path / "home")
    adopt(case, *ORGANS, content=STEPS)
    adopt(case, *ORGANS, content=pack_bytes(cycle.PACK))
    case.launch()
    case.sign(SECRETARY)
    assert case.launch() is Outcome.WAITING
    assert "other-policy" in case.void().values()
    assert holds(case, tmp_path)


@pytest.mark.parametrize(
    "content", [weaker(), edited("days = 30", "days = 0")], ids=["less", "more"]
)
def test_a_concluded_unit_stays_concluded_under_any_pack(content: bytes, tmp_path: Path) -> None:
    home = concluded_home(tmp_path / "home")
    enrol(home, ORGANS)
    case = Case(home)
    adopt(case, *ORGANS, content=content)
    for stage in (Stage.PLAN, Stage.RESULT):
        assert cycle.launch(home, stage, CONCLUDED)[CONCLUDED] is Outcome.OPEN
    assert not cycle.entries(home, "objected")
    assert holds(case, tmp_path)


def test_gates_are_due_once_another_pack_is_in_force(tmp_path: Path) -> None:
    case = case_of("open", tmp_path / "home")
    gate = (UNIT, "plan")
    adopt(case, CITY_SECRETARY, content=STEPS)
    assert gate not in due(case.home)
    adopt(case, CITY_DISCIPLINE, content=STEPS)
    assert due(case.home)[gate] == "policy"
    case.launch()
    assert due(case.home).get(gate) != "policy"


def test_a_snapshot_has_the_pack_of_its_day(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path / "home")
    first = now(case)
    adopt(case, *ORGANS, content=STEPS, starts=NEXT)
    assert open_snapshot(case.home, UNIT, ON).pack.digest == first
    assert open_snapshot(case.home, UNIT, NEXT).pack.digest == digest(STEPS)
