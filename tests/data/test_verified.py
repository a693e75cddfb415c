"""A process goes on with what it verified: the same history, and nobody rewrites it meanwhile."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from data import verified as verification
from data.acts import ENROLLED, SIGNED
from data.history import History
from data.home import Home
from data.ledger import Ledger, LedgerBroken
from data.verified import Verified, verified
from data.verify import verify
from data.verify_chain import Chain
from schemas.canonical import canonical, digest
from schemas.envelopes import key_id, public_text, raw_public, sealed
from schemas.vocabulary import Stage
from tasks.gate.snapshot import open_snapshot
from tasks.officers.recording import Recorder
from tests.replay.scenes import edited
from tests.support import cycle
from tests.support.places import BYTES, edit, on_postgresql, replaced
from tests.support.signing import private_of

UNIT = "640302-congress"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A plan that was decided, signed and handed on."""
    made = cycle.small_home(tmp_path / "home")
    cycle.run(made, "plan", "640302")
    return made


def said(history: History) -> dict[str, Any]:
    """Everything that a history says."""
    told = {one.name: getattr(history, one.name) for one in fields(history)}
    acts = told.pop("acts")
    # An entry that was chained again says the same.
    gates = {gate: [replace(one, prev="") for one in every] for gate, every in acts.gates.items()}
    return {**told, "keys": acts.keys.keys, "gates": gates, "payloads": acts.payloads}


def broken(home: Home, known: Verified | None) -> tuple[int, str]:
    with pytest.raises(LedgerBroken) as told:
        verified(home, known)
    return told.value.seq, told.value.fault


# The same history


def test_what_is_gone_on_with_is_what_a_fresh_process_verifies(home: Home) -> None:
    known = verified(home)
    for stage in ("plan", "nomination"):
        cycle.run(home, stage, "640302100")
        cycle.deliver(home, "officers", cycle.small_rows()["officers"][:2])
        followed, fresh = verified(home, known), verified(home)
        assert said(followed.history) == said(fresh.history)
        assert followed.names == fresh.names == [name for _, name, _ in cycle.stored(home)]
        assert followed.state == fresh.state
        assert said(known.history) != said(fresh.history)
        known = followed


def test_only_what_follows_is_read(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    take = Chain.take

    def counted(self: Chain, seq: int, name: str, body: bytes) -> Any:
        read.append(seq)
        return take(self, seq, name, body)

    monkeypatch.setattr(Chain, "take", counted)
    before = len(cycle.stored(home))
    known = verified(home)
    assert read == list(range(1, before + 1))
    read.clear()
    verified(home, known)
    assert read == []
    cycle.deliver(home, "officers", cycle.small_rows()["officers"][:1])
    read.clear()
    verified(home, known)
    assert read == list(range(before + 1, len(cycle.stored(home)) + 1))


def test_a_snapshot_stays_as_it_was_whatever_is_verified_later(home: Home) -> None:
    given = open_snapshot(home, "cycle", cycle.ON)
    recorder = Recorder(home)
    before = said(given.history.copy())
    cycle.launch(home, "nomination", "640302")
    recorder.follow()
    later = open_snapshot(home, "cycle", cycle.ON)
    assert said(given.history) == before != said(later.history)
    assert said(recorder.history) == said(later.history)
    # What one of them takes in is nobody else's.
    recorder.history.current.clear()
    recorder.history.acts.payloads.clear()
    later.history.acts.of(UNIT, "plan").clear()
    assert said(open_snapshot(home, "cycle", cycle.ON).history) == said(verified(home).history)


# Whoever edits


EDITS = {
    "a body": f"UPDATE entries SET body = {BYTES[on_postgresql()]} WHERE seq = 60",  # noqa: S608
    "a hash": "UPDATE entries SET hash = 'x' WHERE seq = 3",
    "one removed": "DELETE FROM entries WHERE seq = 40",
    "the first removed": "DELETE FROM entries WHERE seq = 1",
    "all removed": "DELETE FROM entries",
    "a number": "UPDATE entries SET seq = -seq WHERE seq = 9",
    "the head": "UPDATE head SET seq = seq - 1",
    "no head": "DELETE FROM head",
    "a gate": "UPDATE gates SET outcome = 'open' WHERE outcome = 'blocked'",
    "an act": "UPDATE acts SET officer = 'o-640300-01' WHERE kind = 'signed'",
    "a submission": "DELETE FROM submissions WHERE register = 'reports'",
    "a unit": "UPDATE units SET body = 'congress'",
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_told_as_a_fresh_process_tells_it(tmp_path: Path, name: str) -> None:
    home = cycle.small_home(tmp_path / "home", planted=True, run=True)
    known = verified(home)
    open_snapshot(home, "cycle", cycle.ON)
    edit(home, EDITS[name])
    assert broken(home, known) == broken(home, None)
    for opening in (lambda: open_snapshot(home, "cycle", cycle.ON), lambda: Recorder(home)):
        with pytest.raises(LedgerBroken):
            opening()


def test_a_history_that_was_rewritten_as_a_whole_is_not_gone_on_with(home: Home) -> None:
    """A fresh process cannot tell; who has verified the other one can."""
    known = verified(home)
    open_snapshot(home, "cycle", cycle.ON)
    target = cycle.entries(home, "decided")[0]["seq"]

    edited(home, target, run="another")
    assert verify(home) == (len(known.names), None)
    assert broken(home, known) == (target, "changed")
    for opening in (lambda: open_snapshot(home, "cycle", cycle.ON), lambda: Recorder(home)):
        with pytest.raises(LedgerBroken):
            opening()
    assert said(known.history) == said(verified(home).history)


def test_a_ledger_that_was_rolled_back_is_not_gone_on_with(home: Home) -> None:
    before = verified(home)
    count = len(before.names)
    with Ledger(home.ledger).transaction() as transaction:
        for _ in range(2):
            told = {"act": "sign", "unit": "", "stage": "", "officer": "", "code": "no-key"}
            transaction.append("attempted", **told)
    known = verified(home, before)
    edit(home, "DELETE FROM entries WHERE seq > ?", count)
    edit(home, "UPDATE head SET seq = ?, hash = ?", count, before.last)
    assert verify(home) == (count, None)
    assert broken(home, known) == (count + 1, "removed")
    assert said(verified(home, before).history) == said(before.history)


def test_another_cycle_in_the_same_place_is_verified_afresh(home: Home, tmp_path: Path) -> None:
    other = verified(cycle.open_home(tmp_path / "other", cycle.small_rows()))
    assert other.names[0] != verified(home).names[0]
    assert said(verified(home, other).history) == said(verified(home).history)


def test_a_row_that_has_its_own_hash_is_not_taken_for_the_one_that_was_verified(
    home: Home,
) -> None:
    """Read again later, an entry is held against the hash of then, not against the row's."""
    known = verified(home)
    entry = cycle.entries(home, "decided")[-1]
    seq, recorder = entry["seq"], Recorder(home)
    unit, stage = entry["unit"], Stage(entry["stage"])
    assert [one.as_json() for one in known.entries(recorder.ledger, seq - 1, seq)] == [entry]
    assert recorder.findings(unit, stage)
    body = canonical({**entry, "findings": {}})
    edit(home, "UPDATE entries SET body = ?, hash = ? WHERE seq = ?", body, digest(body), seq)
    assert recorder.ledger.entry(seq).as_json()["findings"] == {}
    for reading in (
        lambda: known.entries(recorder.ledger, 0),
        lambda: known.entries(recorder.ledger, seq - 1, seq),
        lambda: recorder.findings(unit, stage),
    ):
        with pytest.raises(LedgerBroken) as told:
            reading()
        assert (told.value.seq, told.value.fault) == (seq, "changed")
    edit(home, "DELETE FROM entries WHERE seq = ?", seq)
    with pytest.raises(LedgerBroken, match="removed"):
        known.entries(recorder.ledger, seq - 1, seq)


# What a recorder follows


def test_a_desk_follows_no_entry_that_does_not_go_on_from_what_it_knows(home: Home) -> None:
    recorder = Recorder(home)
    cycle.deliver(home, "officers", cycle.small_rows()["officers"][:1])
    last = len(cycle.stored(home))
    body = canonical({**cycle.entries(home)[-1], "prev": "0" * 64})
    edit(home, "UPDATE entries SET body = ?, hash = ? WHERE seq = ?", body, digest(body), last)
    before = said(recorder.history.copy())
    with pytest.raises(LedgerBroken):
        recorder.follow()
    assert said(recorder.history) == before


def stolen(home: Home) -> tuple[int, str]:
    """A key put on record in an officer's name, by its entry and its id."""
    thief = private_of("thief")
    public = raw_public(thief)
    with Ledger(home.ledger).transaction() as transaction:
        seq = transaction.act(
            ENROLLED, digest(b"said"), officer="o-640302-01", organ="secretary",
            jurisdiction="640302", key=key_id(public), public=public_text(public),
            envelope=sealed(b"said", thief),
        )  # fmt: skip
    return seq, key_id(public)


def test_a_desk_follows_no_key_that_its_holder_did_not_sign(home: Home) -> None:
    recorder = Recorder(home)
    seq, key = stolen(home)
    with pytest.raises(LedgerBroken) as told:
        recorder.follow()
    assert (told.value.seq, told.value.fault) == (seq, "signature")
    assert key not in recorder.history.acts.keys.keys


def test_nothing_is_opened_on_a_key_that_its_holder_did_not_sign(home: Home) -> None:
    """Neither afresh nor from what was verified before."""
    known = verified(home)
    seq, _ = stolen(home)
    assert broken(home, None) == broken(home, known) == (seq, "signature")
    for opening in (lambda: open_snapshot(home, "cycle", cycle.ON), lambda: Recorder(home)):
        with pytest.raises(LedgerBroken):
            opening()


def test_whatever_it_stumbles_over_is_a_fault(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    known = verified(home)

    def stumbling(*_: Any) -> Any:
        raise RecursionError

    monkeypatch.setattr(verification, "state_fault", stumbling)
    assert broken(home, known) == (0, "unreadable")
    assert SIGNED in {act.kind for acts in known.history.acts.gates.values() for act in acts}


def test_a_changed_letter_anywhere_is_found_however_often_it_was_verified(home: Home) -> None:
    known = verified(home)
    for entry in cycle.entries(home)[::40]:
        seq, at = entry["seq"], entry["at"]
        other = f"3{at[1:]}"
        edit(home, f"UPDATE entries SET body = {replaced(at, other)} WHERE seq = ?", seq)  # noqa: S608
        assert broken(home, known) == (seq, "changed")
        edit(home, f"UPDATE entries SET body = {replaced(other, at)} WHERE seq = ?", seq)  # noqa: S608
    assert said(verified(home, known).history) == said(known.history)
