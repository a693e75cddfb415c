"""Receipts: how a stage of a unit ended, in four kilobytes, and no byte of it can be another."""

import json
import random
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.checkpoints import read_checkpoint
from data.home import Home
from data.ledger import LedgerBroken
from data.receipts import (
    BROKEN,
    LARGEST,
    REFUSALS,
    ReceiptBroken,
    ReceiptRefused,
    receipt,
    verify_receipt,
)
from schemas.canonical import canonical
from schemas.encodings import to_base64
from schemas.notes import VerifierKey
from schemas.text import LANGUAGES
from schemas.vocabulary import Stage
from tasks.officers import keys
from tasks.officers.recording import Recorder
from tests.support import cycle
from tests.support.history import (
    DISCIPLINE,
    ORGANISATION,
    SECRETARY,
    eventful_home,
    filed_checkpoint,
    keys_of,
    signed_checkpoint,
    standing_signers,
)
from tests.support.places import on_postgresql, rewrite
from tests.support.processor import measured
from tests.support.signing import private_of, who

pytestmark = pytest.mark.on_both

GATE = ("640302103-congress", "plan")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return cycle.small_home(tmp_path / "home", planted=True, run=True)


def given_receipt() -> tuple[bytes, tuple[str, ...]]:
    """A receipt, and the verifier keys of everybody."""
    return _receipt_of(on_postgresql())


@cache
def _receipt_of(on_postgresql: bool) -> tuple[bytes, tuple[str, ...]]:
    with TemporaryDirectory() as folder:
        home = eventful_home(Path(folder))
        known = tuple(VerifierKey(key.officer, key.public).text() for key in keys_of(home))
        return receipt(home, *GATE), known


def broken(content: bytes, trusted: Any = None) -> str:
    with pytest.raises(ReceiptBroken) as refused:
        verify_receipt(content, trusted)
    return refused.value.code


def changed(**fields: Any) -> bytes:
    return canonical({**json.loads(given_receipt()[0]), **fields})


def refused(home: Home, unit: str, stage: str) -> ReceiptRefused:
    with pytest.raises(ReceiptRefused) as found:
        receipt(home, unit, stage)
    return found.value


# Given


def test_it_is_the_closing_entry_under_a_checkpoint(home: Home) -> None:
    checkpoint = filed_checkpoint(home)
    closing = [
        entry
        for entry in cycle.entries(home, "handed-on")
        if (entry["unit"], entry["stage"]) == GATE
    ]
    content = receipt(home, *GATE)
    found = verify_receipt(content)
    assert found.entry == closing[-1]
    assert found.checkpoint == checkpoint
    assert [key.partition("+")[0] for key in found.signers] == list(checkpoint.signers)
    bodies = {seq: body for seq, _, body in cycle.stored(home)}
    assert json.loads(content)["entry"].encode() == bodies[closing[-1]["seq"]]


def test_every_stage_that_ended_has_one_and_it_is_small_and_quick(home: Home) -> None:
    officers = [key.officer for key in keys_of(home)]
    filed_checkpoint(home, *officers)
    ended = {(one["unit"], one["stage"]) for one in cycle.entries(home, "handed-on")}
    assert len(ended) > 20
    for unit, stage in ended:
        content = receipt(home, unit, stage)
        # With thirty signers only so many lines as are needed find room.
        assert len(content) <= LARGEST == 4096
        found, seconds = measured(partial(verify_receipt, content))
        assert seconds < 0.05
        assert (found.entry["unit"], found.entry["stage"]) == (unit, stage)


def test_it_stays_the_same_when_the_history_goes_on(home: Home) -> None:
    filed_checkpoint(home)
    before = receipt(home, *GATE)
    cycle.deliver(home, "officers", cycle.small_rows()["officers"][:1])
    filed_checkpoint(home, SECRETARY, DISCIPLINE, ORGANISATION)
    assert receipt(home, *GATE) == before


def test_who_trusts_keys_says_which() -> None:
    content, known = given_receipt()
    found = verify_receipt(content, known)
    assert found.trusted == found.signers
    assert verify_receipt(content).trusted == ()
    assert broken(content, []) == "trust"
    assert broken(content, known[:1]) == "trust"
    assert broken(content, [found.signers[0]] * 2) == "trust"
    assert broken(content, [*found.signers[:1], found.signers[1].upper()]) == "trust"


# Refused


def test_what_has_not_ended_has_none(home: Home) -> None:
    filed_checkpoint(home)
    assert refused(home, "640302-congress", "plan").code == "not-closed"
    assert refused(home, "640302-congress", "result").code == "not-closed"
    assert refused(home, "640399-congress", "plan").code == "not-closed"
    assert refused(home, "640302103-congress", "no-stage").code == "not-closed"


def test_what_was_closed_again_has_none(tmp_path: Path) -> None:
    # Before the vote: nothing closes a gate of a concluded unit.
    home = cycle.small_home(tmp_path / "home", planted=True, run=True, declared=False)
    filed_checkpoint(home)
    unit, stage = "640302103-congress", Stage.SLATE
    before = set(standing_signers(home, unit, Stage.INSPECTION))
    signed = json.loads(json.loads(receipt(home, unit, stage))["entry"])["signers"]
    # Whoever signed an earlier gate too would hold the unit there.
    signer = next(one for one in signed if one not in before)
    keys.revoke(Recorder(home), signer, who(signer), "密钥遗失")
    cycle.launch(home, stage, unit)
    again = refused(home, unit, stage)
    assert again.code == "closed-again"
    assert str(cycle.entries(home, "decided")[-1]["seq"]) in str(again)


def test_what_no_checkpoint_covers_has_none(home: Home) -> None:
    found = refused(home, *GATE)
    assert found.code == "not-covered"
    assert "termgate audit checkpoint" in str(found)
    file = signed_checkpoint(home)
    assert refused(home, *GATE).code == "not-covered"
    assert file.size == len(cycle.stored(home))


def test_a_checkpoint_of_a_revoked_key_is_passed_over(home: Home) -> None:
    filed_checkpoint(home, SECRETARY, ORGANISATION)
    three = receipt(home, *GATE)
    keys.revoke(Recorder(home), ORGANISATION, who(DISCIPLINE), "密钥遗失")
    assert refused(home, *GATE).code == "not-covered"
    filed_checkpoint(home, SECRETARY, DISCIPLINE)
    assert receipt(home, *GATE) != three
    assert verify_receipt(receipt(home, *GATE)).checkpoint.signers == (SECRETARY, DISCIPLINE)


def test_one_of_three_revoked_is_left_out(home: Home) -> None:
    filed_checkpoint(home, SECRETARY, ORGANISATION, DISCIPLINE)
    keys.revoke(Recorder(home), ORGANISATION, who(DISCIPLINE), "密钥遗失")
    assert verify_receipt(receipt(home, *GATE)).checkpoint.signers == (SECRETARY, DISCIPLINE)


def test_a_broken_ledger_gives_none(home: Home) -> None:
    rewrite(home, b'"outcome":"open"', b'"outcome":"opel"')
    with pytest.raises(LedgerBroken):
        receipt(home, *GATE)


# Broken


def test_no_byte_can_be_another() -> None:
    content = given_receipt()[0]
    dice = random.Random(20161231)
    for at in range(len(content)):
        damaged = bytearray(content)
        damaged[at] ^= 1 << dice.randrange(8)
        assert broken(bytes(damaged)) in BROKEN


@given(data=st.data())
def test_nothing_can_be_cut_or_added(data: st.DataObject) -> None:
    content = given_receipt()[0]
    at = data.draw(st.integers(0, len(content) - 1))
    assert broken(content[:at]) == "form"
    more = data.draw(st.binary(min_size=1, max_size=5))
    assert broken(content[:at] + more + content[at:]) in BROKEN
    assert broken(content + more) == "form"


@given(content=st.binary(max_size=300))
def test_whatever_comes_is_broken(content: bytes) -> None:
    assert broken(content) == "form"


def test_other_entries_are_not_in_it() -> None:
    entry = json.loads(json.loads(given_receipt()[0])["entry"])
    other = canonical({**entry, "unit": "640302-congress"}).decode()
    assert broken(changed(entry=other)) == "proof"
    moved = canonical({**entry, "seq": entry["seq"] + 1}).decode()
    assert broken(changed(entry=moved)) == "proof"
    assert broken(changed(entry=canonical({**entry, "seq": 10**6}).decode())) == "proof"
    assert broken(changed(entry=canonical({**entry, "seq": 0}).decode())) == "proof"
    assert broken(changed(entry=canonical({**entry, "seq": True}).decode())) == "entry"
    assert broken(changed(entry=canonical({**entry, "kind": "decided"}).decode())) == "entry"
    assert broken(changed(entry="[]")) == "form"


def test_other_proofs_do_not_lead_there() -> None:
    proof = json.loads(given_receipt()[0])["proof"]
    assert broken(changed(proof=proof[1:])) == "proof"
    assert broken(changed(proof=[*proof, proof[0]])) == "proof"
    assert broken(changed(proof=proof[::-1])) == "proof"
    assert broken(changed(proof=["AAAA", *proof[1:]])) == "proof"
    assert broken(changed(proof=["?", *proof[1:]])) == "form"
    assert broken(changed(proof=None)) == "form"


def test_other_signatures_do_not_hold(home: Home) -> None:
    shown = json.loads(given_receipt()[0])
    cycle.deliver(home, "officers", cycle.small_rows()["officers"][:1])
    # Signed by the same two, of a longer history.
    assert broken(changed(checkpoint=signed_checkpoint(home).text())) == "proof"
    assert broken(changed(keys=shown["keys"][:1])) == "signatures"
    assert broken(changed(keys=shown["keys"][::-1])) == "signatures"
    assert broken(changed(keys=[])) == "signatures"
    assert broken(changed(keys=[{}, {}])) == "form"
    text, _, block = shown["checkpoint"].rpartition("\n\n")
    lines = block.splitlines(keepends=True)
    alone = {"checkpoint": f"{text}\n\n{lines[0]}", "keys": shown["keys"][:1]}
    assert broken(changed(**alone)) == "signatures"


@pytest.mark.parametrize("names", [(SECRETARY, SECRETARY), (SECRETARY, DISCIPLINE)])
def test_one_officer_with_two_keys_is_one_and_so_is_a_key_of_two(
    home: Home, names: tuple[str, str]
) -> None:
    filed_checkpoint(home)
    shown = json.loads(receipt(home, *GATE))
    note = read_checkpoint(shown["checkpoint"].encode()).note
    privates = [private_of(SECRETARY, 1 + (names[0] == names[1]) * one) for one in (0, 1)]
    twice = [
        VerifierKey(name, private.public_key().public_bytes_raw())
        for name, private in zip(names, privates, strict=True)
    ]
    signed_ = note.text + "\n"
    for key, private in zip(twice, privates, strict=True):
        signature = private.sign(note.text.encode())
        signed_ += f"— {key.name} {to_base64(key.hash + signature)}\n"
    forged = {**shown, "checkpoint": signed_, "keys": [key.text() for key in twice]}
    assert broken(canonical(forged)) == "signatures"


def test_more_fewer_and_other_fields_are_broken() -> None:
    shown = json.loads(given_receipt()[0])
    assert broken(changed(more=1)) == "form"
    assert broken(changed(receipt="termgate/2")) == "form"
    for name in shown:
        assert broken(canonical({key: shown[key] for key in shown if key != name})) == "form"
        assert broken(changed(**{name: None})) in ("form", "signatures")
    assert broken(json.dumps(shown).encode()) == "form"
    assert broken(b"\xef\xbb\xbf" + given_receipt()[0]) == "form"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_is_told(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    for code in BROKEN:
        assert BROKEN[code].render() in str(ReceiptBroken(code))
    for code in REFUSALS:
        assert "640302-congress plan" in str(ReceiptRefused(code, "640302-congress", "plan", 7))
