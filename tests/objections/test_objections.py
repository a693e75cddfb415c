"""A declared unit stays concluded: what would close one of its gates is objected, and ruled on."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from data.bundle import export_bundle
from data.history import History
from data.home import Home
from data.ledger import Ledger
from data.objections import GRANTED, LAPSED, OPEN, REJECTED
from data.signers import signer_for
from data.status import statuses
from data.verify import verify
from schemas.refusals import ActRefused
from schemas.statements import statement
from schemas.vocabulary import Outcome, Stage
from tasks.checks.catalogue import CHECKS
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import open_snapshot
from tasks.handoff.frames import frame_digests
from tasks.officers import keys
from tasks.officers.recording import Recorder
from tasks.recording import handing_on
from tasks.recording.concluded import objection_entry
from tasks.recording.handing_on import hand_on
from tasks.recording.recorded import entry_of, record_each
from tasks.replay import replay
from tests.objections.scene import (
    CITY_DISCIPLINE,
    DISCIPLINE,
    LIAISON,
    OTHER,
    SECRETARY,
    UNIT,
    concluded_home,
    launched,
    objected,
    on_record,
    raised,
    report,
    rule,
    settled,
    take_back,
)
from tests.support import cycle
from tests.support.signing import who
from tests.tamper.verifiers import by_library, by_single_file, of_home

DAY = timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = concluded_home(tmp_path / "home")
    yield made
    shutil.rmtree(made.path, ignore_errors=True)


def verdicts(home: Home) -> set[tuple[str, int]]:
    """What both verifiers say of a home and of its bundle."""
    bundle = home.path / "bundle.zip"
    export_bundle(home, bundle)
    content = bundle.read_bytes()
    return {of_home(home), by_library(content), by_single_file(content)}


def holds(home: Home) -> bool:
    entries = len(cycle.entries(home))
    return verdicts(home) == {("", entries)} and replay(home, every=True).agrees


def refused(home: Home, seq: int, verdict: str, officer: str, reason: str = "经核查") -> str:
    """Why a ruling is not taken; the attempt is on record."""
    with pytest.raises(ActRefused) as told:
        rule(home, seq, verdict, officer, reason=reason)  # type: ignore[arg-type]
    last = cycle.entries(home)[-1]
    assert (last["kind"], last["act"], last["code"]) == ("attempted", verdict, told.value.code)
    return told.value.code


# Raised


def test_later_evidence_raises_objections_and_undoes_nothing(home: Home) -> None:
    before, handed = cycle.decisions(home), on_record(home).concluded[UNIT]
    report(home)
    assert launched(home) is Outcome.WAITING
    found = raised(home)
    assert [one["stage"] for one in found] == ["inspection", "slate"]
    assert {one["handed_on"] for one in found} == {handed}
    assert all(one["findings"] for one in found)
    assert cycle.decisions(home) == before
    assert on_record(home).concluded[UNIT] == handed
    # The same answer is objected to once, and other units have nothing to do with it.
    stored = cycle.stored(home)
    assert launched(home) is Outcome.WAITING
    assert cycle.stored(home) == stored
    assert cycle.launch(home, "result", OTHER)[OTHER] is Outcome.OPEN
    assert raised(home, OTHER) == []
    assert holds(home)


def test_status_and_gates_tell_of_it(home: Home) -> None:
    ledger = Ledger(home.ledger)
    (before,) = statuses(ledger, UNIT)
    assert before.done
    assert before.concluded == on_record(home).concluded[UNIT]
    seqs = objected(home)
    (one,) = statuses(ledger, UNIT)
    assert (one.objected, one.done, one.concluded) == (tuple(seqs), False, before.concluded)
    assert set(one.stages.values()) == {"open"}


def test_a_crash_raises_nothing_and_closes_nothing(home: Home) -> None:
    def crashing(*given: object) -> None:
        raise RuntimeError

    report(home)
    stored = cycle.stored(home)
    cycle.forget()
    with patch.dict(CHECKS, {"inspection.channels": crashing}):
        assert launched(home, stage="inspection") is not Outcome.OPEN
    assert cycle.stored(home) == stored
    cycle.forget()
    assert launched(home) is Outcome.WAITING
    assert [one["stage"] for one in raised(home)] == ["inspection", "slate"]


def test_who_signed_may_leave_their_office(home: Home) -> None:
    # Of the secretary and the discipline commission checks of plan and vetting read the organ.
    signers = {
        one["officer"]
        for one in cycle.entries(home, "signed")
        if (one["unit"], one["stage"]) == (UNIT, "result")
    }
    leaving = [row for row in cycle.small_rows()["officers"] if row["officer"] in signers]
    assert leaving
    for row in leaving:
        gone = cycle.deliver(home, "officers", [{**row, "organ": "petition-office"}])
        assert gone.accepted == 1
    assert launched(home) is Outcome.OPEN
    assert raised(home) == []


def test_a_signer_s_key_that_was_revoked_is_objected_to(home: Home) -> None:
    acts = [
        one
        for one in cycle.entries(home, "signed")
        if (one["unit"], one["stage"]) == (UNIT, "slate")
    ]
    signer = next(one["officer"] for one in acts if one["officer"] != DISCIPLINE)
    keys.revoke(Recorder(home), signer, who(DISCIPLINE), "密钥遗失")
    assert launched(home) is not Outcome.OPEN
    assert "slate" in {one["stage"] for one in raised(home)}
    assert on_record(home).concluded[UNIT]
    assert verify(home, acts=True)[1] is None


# Ruled on


def test_several_officers_over_days(home: Home) -> None:
    day = cycle.ON + DAY
    report(home, 1, day)
    launched(home, day)
    first = [one["seq"] for one in raised(home)]
    for seq in first:
        rule(home, seq, "reject", DISCIPLINE, day)
    assert launched(home, day) is Outcome.OPEN
    assert {settled(home, seq).state for seq in first} == {REJECTED}

    day += 3 * DAY
    report(home, 2, day)
    assert launched(home, day) is Outcome.WAITING
    second = [one["seq"] for one in raised(home)][len(first) :]
    assert len(second) == len(first)
    rule(home, second[0], "reopen", LIAISON, day)
    assert settled(home, second[0]).state == OPEN
    assert launched(home, day + DAY) is Outcome.WAITING
    handed = on_record(home).concluded[UNIT]
    rule(home, second[0], "reopen", SECRETARY, day + DAY)
    assert settled(home, second[0]).state == GRANTED
    # Granted, and nothing is closed until the stage is launched again.
    assert on_record(home).concluded[UNIT] == handed
    assert launched(home, day + 2 * DAY) is None
    assert UNIT not in on_record(home).concluded
    closed = cycle.entries(home, "decided")[-1]
    assert (closed["unit"], closed["stage"], closed["outcome"]) == (UNIT, "inspection", "waiting")
    assert closed["reopened"]["causes"] == ["evidence"]
    assert settled(home, second[1]).state == LAPSED

    day += 5 * DAY
    take_back(home, 2, day)
    take_back(home, 1, day)
    again = cycle.run(home, "result", UNIT, day)
    assert again[UNIT] is Outcome.OPEN
    assert on_record(home).concluded[UNIT] > handed
    assert launched(home, day + DAY) is Outcome.OPEN
    assert holds(home)


def test_one_organ_alone_reopens_nothing(home: Home) -> None:
    seq = objected(home)[0]
    rule(home, seq, "reopen", DISCIPLINE)
    assert refused(home, seq, "reopen", DISCIPLINE) == "already-ruled"
    stored = cycle.decisions(home)
    assert launched(home) is Outcome.WAITING
    assert cycle.decisions(home) == stored
    # Who was for reopening may still reject.
    rule(home, seq, "reject", DISCIPLINE)
    assert settled(home, seq).state == REJECTED
    assert refused(home, seq, "reopen", SECRETARY) == "settled"
    assert holds(home)


def test_what_was_mended_meanwhile_is_concluded_anew(home: Home) -> None:
    seqs = objected(home)
    handed = on_record(home).concluded[UNIT]
    for officer in (DISCIPLINE, SECRETARY):
        rule(home, seqs[0], "reopen", officer)
    rule(home, seqs[1], "reject", DISCIPLINE)
    take_back(home, 1)
    assert launched(home) is Outcome.OPEN
    assert on_record(home).concluded[UNIT] > handed
    # What was granted is spent: another report is another objection.
    report(home, 2)
    assert launched(home) is Outcome.WAITING
    assert UNIT in on_record(home).concluded
    assert holds(home)


def test_a_revoked_key_ruled_nothing(home: Home) -> None:
    seq = objected(home)[0]
    rule(home, seq, "reject", DISCIPLINE)
    keys.revoke(Recorder(home), DISCIPLINE, who(CITY_DISCIPLINE), "密钥遗失")
    one = settled(home, seq)
    assert (one.state, list(one.void.values())) == (OPEN, ["key-revoked"])
    assert launched(home) is Outcome.WAITING
    assert verify(home, acts=True)[1] is None


def test_who_may_not_rule(home: Home) -> None:
    report(home, by=DISCIPLINE)
    launched(home)
    seq = raised(home)[0]["seq"]
    assert refused(home, seq, "reject", DISCIPLINE) == "self-submitted"
    assert refused(home, seq, "reject", SECRETARY) == "may-not-rule"
    assert refused(home, seq, "reopen", "o-640302-99") == "unknown-officer"
    assert refused(home, seq, "reopen", SECRETARY, reason=" ") == "no-reason"
    assert refused(home, seq + 1000, "reopen", SECRETARY) == "no-objection"
    assert settled(home, seq).state == OPEN


def test_nobody_rules_on_their_own_matter_or_that_of_kin(home: Home) -> None:
    seq = objected(home)[0]
    rows = cycle.small_rows()
    candidate = next(row["person"] for row in rows["candidates"] if row["unit"] == UNIT)
    name = next(row["name"] for row in rows["roster"] if row["person"] == candidate)
    officers = {row["officer"]: row for row in rows["officers"]}
    kin = {"jurisdiction": "640302103", "person": officers[SECRETARY]["person"], "kin": candidate}
    same = {**officers[LIAISON], "person": candidate, "name": name}
    assert cycle.deliver(home, "kin", [{**kin, "kinship": "spouse"}]).accepted == 1
    assert cycle.deliver(home, "officers", [same]).accepted == 1
    assert refused(home, seq, "reopen", LIAISON) == "about-self"
    assert refused(home, seq, "reopen", SECRETARY) == "about-kin"


def test_a_ruling_is_on_the_objection_that_was_seen(home: Home) -> None:
    objected(home)
    report(home, 2)
    launched(home)
    first, second = (one for one in raised(home) if one["stage"] == "inspection")
    with patch(
        "tasks.officers.ruling.statement", lambda said, _: statement(said, first["objection"])
    ):
        assert refused(home, second["seq"], "reject", DISCIPLINE) == "other-objection"
    assert {settled(home, one["seq"]).state for one in (first, second)} == {OPEN}


# Handed on, closed


def test_no_result_is_handed_on_over_an_open_objection(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    seqs = objected(home)
    snapshot = open_snapshot(home, UNIT, cycle.ON)
    (made,) = decisions_of(snapshot, Stage.RESULT)
    recorded, _ = record_each(snapshot, Stage.RESULT, [made])
    assert recorded[UNIT].outcome is Outcome.OPEN
    before = cycle.stored(home)
    # Neither what was handed on before, nor anything else.
    for digests in (frame_digests, lambda _: {UNIT: "0" * 64}):
        monkeypatch.setattr(handing_on, "frame_digests", digests)
        assert hand_on(snapshot, Stage.RESULT, recorded.values()) == ([], frozenset())
    assert cycle.stored(home) == before
    monkeypatch.undo()
    for seq in seqs:
        rule(home, seq, "reject", DISCIPLINE)
    snapshot = open_snapshot(home, UNIT, cycle.ON)
    assert hand_on(snapshot, Stage.RESULT, recorded.values()) == ([UNIT], frozenset())


def forged(home: Home, kind: str, stage: Stage, **more: object) -> int:
    """What would be on record if the process that decides kept no rule; its number."""
    snapshot = open_snapshot(home, UNIT, cycle.ON)
    (made,) = decisions_of(snapshot, stage)
    history: History = snapshot.history
    signer = signer_for(home, history.evaluators)
    ledger = Ledger(home.ledger)
    with ledger.transaction() as transaction:
        if kind == "decided":
            content = entry_of(made, history.current[UNIT, stage.value], None)
            seq = transaction.append(kind, signer, **content)
            transaction.set_state(
                "UPDATE gates SET seq = ?, outcome = ?, decision = ? WHERE unit = ? AND stage = ?",
                seq, made.outcome.value, made.key, UNIT, stage.value,
            )  # fmt: skip
            return seq
        handed = history.objections.concluded[UNIT]
        content = {**objection_entry(made, handed, None), **more}
        return transaction.act(kind, str(content["objection"]), signer, **content)


def test_a_gate_of_a_concluded_unit_that_is_closed_without_a_grant_is_found(home: Home) -> None:
    report(home)
    seq = forged(home, "decided", Stage.INSPECTION)
    assert verdicts(home) == {("decision", seq)}


def test_a_gate_closed_by_one_organ_s_grant_is_found(home: Home) -> None:
    rule(home, objected(home)[0], "reopen", DISCIPLINE)
    seq = forged(home, "decided", Stage.INSPECTION)
    assert verdicts(home) == {("decision", seq)}


def test_a_gate_closed_after_a_rejection_is_found(home: Home) -> None:
    rule(home, objected(home)[0], "reject", DISCIPLINE)
    seq = forged(home, "decided", Stage.INSPECTION)
    assert verdicts(home) == {("decision", seq)}


@pytest.mark.parametrize(
    "more",
    [
        {"handed_on": 1},
        {"outcome": "blocked"},
        {"findings": {}},
        {"findings": {"inspection.channels": {"pass": [UNIT]}}},
        {"objection": "0" * 64},
        {"policy": "0" * 64},
        {"position": 1},
    ],
    ids=["hand-off", "outcome", "nothing", "a pass", "digest", "policy", "position"],
)
def test_an_objection_that_does_not_follow_is_found(home: Home, more: dict[str, object]) -> None:
    report(home)
    seq = forged(home, "objected", Stage.INSPECTION, **more)
    assert verdicts(home) == {("decision", seq)}


def test_an_objection_that_no_evaluator_signed_is_found(home: Home) -> None:
    report(home)
    snapshot = open_snapshot(home, UNIT, cycle.ON)
    (made,) = decisions_of(snapshot, Stage.INSPECTION)
    content = objection_entry(made, on_record(home).concluded[UNIT], None)
    name = signer_for(home, snapshot.history.evaluators).name
    with Ledger(home.ledger).transaction() as transaction:
        seq = transaction.act(
            "objected", str(content["objection"]),
            **content, evaluator=name, signature="A" * 86 + "==",
        )  # fmt: skip
    assert verdicts(home) == {("evaluator", seq)}
