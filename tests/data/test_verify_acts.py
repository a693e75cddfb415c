"""Officers' acts under verification: nothing that was signed can say, or be, anything else.

Forgeries are told apart from the chain, as if whoever made them had linked it again.
"""

import base64
import json
from collections.abc import Callable, Iterable
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.acts import ACT_KINDS
from data.verify import Fault, verify_bundle_bytes
from data.verify_acts import fold_acts
from schemas.canonical import canonical
from schemas.envelopes import key_id, public_text, raw_public, sealed
from tests.support import cycle
from tests.support.history import (
    COUNTY_SECRETARY,
    DISCIPLINE,
    ORGANISATION,
    SECRETARY,
    SPARE,
    Row,
    bundled,
    eventful_home,
    rechained,
    rewritten,
)
from tests.support.reviews import review as looked
from tests.support.signing import private_of

Entry = dict[str, Any]
Change = Callable[[Entry], Entry]


SIGNATURE = "signature"


@cache
def rows() -> tuple[Row, ...]:
    """The entries of an eventful home; those that file checkpoints say nothing."""
    with TemporaryDirectory() as folder:
        every = cycle.stored(eventful_home(Path(folder)))
    said = [
        rewritten(row, kind="noted") if json.loads(row[2])["kind"] == "checkpointed" else row
        for row in every
    ]
    return tuple(rechained(said))


@cache
def entries() -> tuple[Entry, ...]:
    return tuple(json.loads(body) for _, _, body in rows())


def number_of(kind: str, place: int = 0) -> int:
    """The number of an entry of a kind."""
    numbers: list[int] = [entry["seq"] for entry in entries() if entry["kind"] == kind]
    return numbers[place]


def fault_in(said: Iterable[Entry]) -> Fault | None:
    """The fault among the acts of a chain that holds."""
    return fold_acts(said, rows()[0][1]).fault


def forged(seq: int, content: Entry) -> Fault | None:
    """What is told where the entry `seq` is another."""
    said = list(entries())
    said[seq - 1] = content
    return fault_in(said)


def edited(seq: int, **content: Any) -> Fault | None:
    """What is told where the entry `seq` says something else."""
    return forged(seq, {**entries()[seq - 1], **content})


def test_all_of_it_holds() -> None:
    assert fault_in(entries()) is None
    assert verify_bundle_bytes(bundled(rows())) == (len(rows()), None)
    assert {entry["kind"] for entry in entries()} >= ACT_KINDS


# What an entry says


FIELDS = {
    "key-enrolled": ("officer", "organ", "jurisdiction", "key", "public", "envelope"),
    "key-vouched": ("officer", "key", "voucher", "voucher_key", "envelope"),
    "key-rotated": ("officer", "organ", "jurisdiction", "key", "public", "previous", "envelope"),
    "key-revoked": ("officer", "key", "by", "by_key", "reason", "envelope"),
    "signed": ("unit", "stage", "officer", "key", "envelope"),
    "refused": ("unit", "stage", "officer", "key", "envelope"),
    "waived": ("unit", "stage", "check", "subject", "until", "officer", "key", "envelope"),
    "withdrawn": ("of", "unit", "stage", "officer", "key", "envelope"),
    "ruled": ("of", "verdict", "unit", "stage", "officer", "key", "envelope"),
}
EVERY_FIELD = [(kind, field) for kind, fields in FIELDS.items() for field in fields]


@pytest.mark.parametrize(("kind", "field"), EVERY_FIELD)
def test_no_field_of_an_act_can_say_anything_else(kind: str, field: str) -> None:
    seq = number_of(kind, -1)
    own = entries()[seq - 1][field]
    others: list[Any] = [None, 1, [], {}, [own], "", "x", True]
    if isinstance(own, str):
        others += [own + "x", own.upper(), own[:-1], f" {own}"]
    for other in others:
        if other != own:
            assert edited(seq, **{field: other}) == Fault(seq, SIGNATURE)
    without = {key: value for key, value in entries()[seq - 1].items() if key != field}
    assert forged(seq, without) == Fault(seq, SIGNATURE)


@pytest.mark.parametrize("kind", FIELDS)
def test_a_forger_who_links_the_chain_again_is_found(kind: str) -> None:
    seq = number_of(kind, -1)
    said = list(rows())
    said[seq - 1] = rewritten(said[seq - 1], officer="o-640300-99")
    found = verify_bundle_bytes(bundled(rechained(said)))
    assert found == (seq - 1, Fault(seq, SIGNATURE))


@pytest.mark.parametrize("kind", FIELDS)
def test_an_act_cannot_be_of_another_kind(kind: str) -> None:
    seq = number_of(kind, -1)
    for other in sorted(FIELDS):
        if other != kind:
            assert edited(seq, kind=other) == Fault(seq, SIGNATURE)


def test_the_first_entry_s_policy_is_what_was_signed_for() -> None:
    for policy in ("0" * 64, None, 1):
        assert edited(1, policy=policy) == Fault(number_of("signed"), SIGNATURE)


def test_the_cycle_is_what_was_signed_for() -> None:
    assert fold_acts(entries(), "0" * 64).fault == Fault(number_of("key-enrolled"), SIGNATURE)


# Envelopes


def signed_payload() -> tuple[int, bytes]:
    seq = number_of("signed", 3)
    return seq, base64.b64decode(entries()[seq - 1]["envelope"]["payload"])


def enveloped(seq: int, envelope: Any) -> Fault | None:
    return edited(seq, envelope=envelope)


@given(data=st.data())
def test_no_byte_of_a_payload_or_signature_can_be_another(data: st.DataObject) -> None:
    seq = number_of(data.draw(st.sampled_from(sorted(FIELDS))), -1)
    envelope = entries()[seq - 1]["envelope"]
    signature = data.draw(st.booleans())
    text = envelope["signatures"][0]["sig"] if signature else envelope["payload"]
    content = bytearray(base64.b64decode(text))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    other = base64.b64encode(content).decode()
    if signature:
        first = {**envelope["signatures"][0], "sig": other}
        damaged = {**envelope, "signatures": [first, *envelope["signatures"][1:]]}
    else:
        damaged = {**envelope, "payload": other}
    assert enveloped(seq, damaged) == Fault(seq, SIGNATURE)


def test_an_envelope_has_one_form() -> None:
    seq, payload = signed_payload()
    envelope = entries()[seq - 1]["envelope"]
    (one,) = envelope["signatures"]
    loose = base64.b64encode(payload + b" ").decode()
    for damaged in (
        {**envelope, "more": 1},
        {key: envelope[key] for key in ("payload", "payloadType")},
        {**envelope, "payloadType": "application/json"},
        {**envelope, "payload": loose},
        {**envelope, "payload": envelope["payload"].replace("=", "")},
        {**envelope, "payload": envelope["payload"] + "\n"},
        {**envelope, "signatures": []},
        {**envelope, "signatures": {}},
        {**envelope, "signatures": [one, one]},
        {**envelope, "signatures": [{**one, "more": 1}]},
        {**envelope, "signatures": [{"sig": one["sig"]}]},
        {**envelope, "signatures": [{**one, "keyid": "0" * 64}]},
        {**envelope, "signatures": [{**one, "sig": one["sig"][:-4]}]},
        {**envelope, "signatures": [{**one, "sig": ""}]},
        {**envelope, "signatures": [{**one, "sig": base64.b64encode(bytes(64)).decode()}]},
    ):
        if damaged != envelope:
            assert enveloped(seq, damaged) == Fault(seq, SIGNATURE)


def test_nobody_else_signs_with_or_instead_of_an_officer() -> None:
    seq, payload = signed_payload()
    officer = entries()[seq - 1]["officer"]
    own, other = private_of(officer), private_of(SECRETARY if officer != SECRETARY else DISCIPLINE)
    assert enveloped(seq, sealed(payload, own)) is None
    assert enveloped(seq, sealed(payload, other)) == Fault(seq, SIGNATURE)
    assert enveloped(seq, sealed(payload, own, other)) == Fault(seq, SIGNATURE)
    rotated = number_of("key-rotated")
    content = base64.b64decode(entries()[rotated - 1]["envelope"]["payload"])
    old, new = private_of(SPARE), private_of(SPARE, 2)
    assert enveloped(rotated, sealed(content, new, old)) is None
    for keys in ((old,), (new,), (old, new, other)):
        assert enveloped(rotated, sealed(content, *keys)) == Fault(rotated, SIGNATURE)


# Statements, signed by the very officer


def restated(seq: int, change: Change) -> Fault | None:
    """What is told where the officer signed another statement than the entry says."""
    entry = entries()[seq - 1]
    said = json.loads(base64.b64decode(entry["envelope"]["payload"]))
    return enveloped(seq, sealed(canonical(change(said)), private_of(entry["officer"])))


def test_reason_time_and_evidence_are_the_officer_s_to_say() -> None:
    seq = number_of("waived", -1)
    for reason in ("", "0" * 64):
        assert restated(seq, partial(predicate, reason=reason)) is None
    assert restated(seq, partial(evidence, digest_="0" * 64)) is None
    assert restated(seq, partial(predicate, time="2031-12-31T23:59:59.000000+00:00")) is None


def predicate(said: Entry, **content: Any) -> Entry:
    return {**said, "predicate": {**said["predicate"], **content}}


def evidence(said: Entry, digest_: Any) -> Entry:
    return {**said, "subject": [{**said["subject"][0], "digest": {"sha256": digest_}}]}


OTHER: dict[str, Change] = {
    "other cycle": lambda said: predicate(said, cycle="0" * 64),
    "other unit": lambda said: predicate(said, unit="640302-congress"),
    "other stage": lambda said: predicate(said, stage="vetting"),
    "other policy": lambda said: predicate(said, policy="0" * 64),
    "other officer": lambda said: predicate(said, officer="o-640300-99"),
    "other organ": lambda said: predicate(said, organ="presidium"),
    "other place": lambda said: predicate(said, jurisdiction="640399"),
    "refused instead": lambda said: predicate(said, decision="refuse"),
    "no decision": lambda said: predicate(said, decision=""),
    "reason in words": lambda said: predicate(said, reason="因为"),
    "no reason": lambda said: predicate(said, reason=None),
    "another moment": lambda said: predicate(said, time="yesterday"),
    "another script's digits": lambda said: predicate(
        said, time="201\u0666-12-31T00:00:00.000000+00:00"
    ),
    "a line after it": lambda said: predicate(said, time="2016-12-31T00:00:00.000000+00:00\n"),
    "more in it": lambda said: predicate(said, more="x"),
    "no evidence": lambda said: evidence(said, ""),
    "capitals": lambda said: evidence(said, "A" * 64),
    "no text": lambda said: evidence(said, 1),
    "another subject": lambda said: {
        **said,
        "subject": [{**said["subject"][0], "name": "640302-congress/plan"}],
    },
    "two subjects": lambda said: {**said, "subject": said["subject"] * 2},
    "no subject": lambda said: {**said, "subject": []},
    "a type that says less": lambda said: {**said, "predicateType": "urn:termgate:sign-off:1"},
    "a type of a later release": lambda said: {
        **said,
        "predicateType": "urn:termgate:sign-off:3",
    },
    "another version": lambda said: {**said, "_type": "https://in-toto.io/Statement/v0.1"},
    "a field more": lambda said: {**said, "more": 1},
}


@pytest.mark.parametrize("name", OTHER)
def test_another_statement_than_the_entry_s_does_not_hold(name: str) -> None:
    seq = number_of("signed", 3)
    assert restated(seq, OTHER[name]) == Fault(seq, SIGNATURE)


def test_a_statement_has_one_form() -> None:
    seq, payload = signed_payload()
    own = private_of(entries()[seq - 1]["officer"])
    said = json.loads(payload)
    twice = payload[:-1] + b',"subject":' + canonical(said["subject"]) + b"}"
    for content in (
        json.dumps(said).encode(),
        payload + b"\n",
        b"\xef\xbb\xbf" + payload,
        twice,
        payload.replace(b"open", rb"\u006fpen"),
        b"[]",
        b"",
        b"\xff",
    ):
        assert enveloped(seq, sealed(content, own)) == Fault(seq, SIGNATURE)


# What was signed once


@pytest.mark.parametrize("kind", FIELDS)
def test_no_act_stands_twice(kind: str) -> None:
    entry = entries()[number_of(kind, -1) - 1]
    seq = len(entries()) + 1
    assert fault_in([*entries(), {**entry, "seq": seq}]) == Fault(seq, SIGNATURE)


# Keys


def key_act(act: str, officer: str, *signers: tuple[str, int], **content: Any) -> Entry:
    """A key act as whoever holds these private keys can make it."""
    said = {
        "cycle": rows()[0][1],
        "act": act,
        "officer": officer,
        "organ": "secretary",
        "jurisdiction": "640300",
        "public": "",
        "previous": "",
        "reason": "",
        "time": "2016-12-31T00:00:00.000000+00:00",
        "by": officer,
        **content,
    }
    key = key_id(base64.b64decode(said["public"]))
    payload = canonical(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": officer, "digest": {"sha256": key}}],
            "predicateType": "urn:termgate:key:1",
            "predicate": said,
        }
    )
    envelope = sealed(payload, *(private_of(name, number) for name, number in signers))
    return {"officer": officer, "key": key, "envelope": envelope}


def public_of(officer: str, number: int = 1) -> str:
    return public_text(raw_public(private_of(officer, number)))


def enrolment(officer: str, number: int, organ: str = "secretary", place: str = "640300") -> Entry:
    holder = {"organ": organ, "jurisdiction": place, "public": public_of(officer, number)}
    return {**key_act("enrol", officer, (officer, number), **holder), **holder}


def vouching(
    officer: str, number: int, voucher: str, by_number: int = 1, organ: str = "secretary"
) -> Entry:
    public = public_of(officer, number)
    signer = (voucher, by_number)
    act = key_act("vouch", officer, signer, public=public, by=voucher, organ=organ)
    return {**act, "voucher": voucher, "voucher_key": key_id(raw_public(private_of(*signer)))}


def told(*acts: tuple[str, Entry]) -> int | None:
    """Which of some acts at the end does not hold, counted from 1."""
    before = len(entries())
    added = [
        {"seq": seq, "on": entries()[-1]["on"], "kind": kind, **content}
        for seq, (kind, content) in enumerate(acts, start=before + 1)
    ]
    fault = fault_in([*entries(), *added])
    assert fault is None or fault.fault == SIGNATURE
    return fault.seq - before if fault else None


NEW = "o-640300-71"


def test_two_other_organs_vouch_once_each() -> None:
    enrolled = ("key-enrolled", enrolment(NEW, 1))
    assert told(enrolled, ("key-vouched", vouching(NEW, 1, DISCIPLINE))) is None
    assert told(enrolled, ("key-vouched", vouching(NEW, 1, SECRETARY))) == 2
    assert told(enrolled, ("key-vouched", vouching(NEW, 1, NEW))) == 2
    assert told(enrolled, ("key-vouched", vouching(NEW, 1, DISCIPLINE, 2))) == 2
    vouched = ("key-vouched", vouching(NEW, 1, DISCIPLINE))
    second = ("key-vouched", vouching(NEW, 1, ORGANISATION))
    assert told(enrolled, vouched, second) is None
    assert told(enrolled, vouched, vouched) == 3
    third = ("key-vouched", vouching(NEW, 1, SPARE, 2))
    assert told(enrolled, vouched, third) is None
    assert told(enrolled, vouched, second, third) == 4
    assert told(vouched) == 1
    # Nobody vouches for their own second key from a former organ.
    own = ("key-enrolled", enrolment(SECRETARY, 7, "presidium"))
    by_themselves = vouching(SECRETARY, 7, SECRETARY, organ="presidium")
    assert told(own, ("key-vouched", by_themselves)) == 2


def test_a_key_that_nobody_vouched_for_signs_nothing() -> None:
    enrolled = ("key-enrolled", enrolment(NEW, 1))
    other = ("key-enrolled", enrolment("o-640300-72", 1, "presidium"))
    waiting = vouching("o-640300-72", 1, NEW, organ="presidium")
    assert told(enrolled, other, ("key-vouched", waiting)) == 3
    vouched = ("key-vouched", vouching(NEW, 1, DISCIPLINE))
    assert told(enrolled, other, vouched, ("key-vouched", waiting)) is None


# A unit whose plan was signed on the evidence that stands.
GATE = "640302-government"


def on_gate(
    kind: str, officer: str, number: int, digest: str, stage: str = "plan", **content: Any
) -> Entry:
    """An act about a gate as whoever holds this private key can make it."""
    enrolled = next(
        (one for one in entries() if one["kind"] == "key-enrolled" and one["officer"] == officer),
        {"organ": "secretary", "jurisdiction": "640300"},
    )
    said = {
        "cycle": rows()[0][1],
        "officer": officer,
        "organ": enrolled["organ"],
        "jurisdiction": enrolled["jurisdiction"],
        "reason": "",
        "time": "2016-12-31T00:00:00.000000+00:00",
        "unit": GATE,
        "stage": stage,
        **content,
    }
    payload = canonical(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": f"{GATE}/{stage}", "digest": {"sha256": digest}}],
            "predicateType": f"urn:termgate:{kind}:{2 if 'decided' in said else 1}",
            "predicate": said,
        }
    )
    private = private_of(officer, number)
    about = {name: said[name] for name in ("officer", "unit", "stage")}
    return {**about, "key": key_id(raw_public(private)), "envelope": sealed(payload, private)}


def signing(officer: str, number: int) -> Entry:
    """A sign-off, which tells what was decided last."""
    mine = [one for one in entries() if (one.get("unit"), one.get("stage")) == (GATE, "plan")]
    decided = [one for one in mine if one["kind"] == "decided"][-1]
    own = {"policy": entries()[0]["policy"], "decision": "open", **looked(decided)}
    return on_gate("sign-off", officer, number, decided["evidence"], **own)


def test_a_gate_is_signed_with_a_key_that_signs_by_then() -> None:
    enrolled = ("key-enrolled", enrolment(NEW, 1))
    vouched = ("key-vouched", vouching(NEW, 1, DISCIPLINE))
    assert told(enrolled, ("signed", signing(NEW, 1))) == 2
    assert told(enrolled, vouched, ("signed", signing(NEW, 1))) == 3
    second = ("key-vouched", vouching(NEW, 1, ORGANISATION))
    assert told(enrolled, vouched, second, ("signed", signing(NEW, 1))) is None
    assert told(("signed", signing(SPARE, 1))) == 1
    assert told(("signed", signing(SPARE, 2))) is None


def test_a_replaced_key_signs_nothing_more() -> None:
    enrolled = ("key-enrolled", enrolment(NEW, 1))
    old, new = vouching(NEW, 1, SPARE), vouching(NEW, 1, SPARE, 2)
    assert told(enrolled, ("key-vouched", old)) == 2
    assert told(enrolled, ("key-vouched", new)) is None


def test_a_key_is_enrolled_once_and_is_a_key() -> None:
    assert told(("key-enrolled", enrolment(NEW, 1)), ("key-enrolled", enrolment(NEW, 1))) == 2
    stolen = enrolment(SECRETARY, 1)
    assert told(("key-enrolled", stolen)) == 1
    act = enrolment(NEW, 1)
    for public in (bytes(32), b"\x01" + bytes(31), b"\xff" * 32, bytes(31), b""):
        text = base64.b64encode(public).decode()
        assert told(("key-enrolled", {**act, "public": text, "key": key_id(public)})) == 1
    assert told(("key-enrolled", {**act, "key": "0" * 64})) == 1


def rotation(officer: str, number: int, old: int, organ: str = "secretary") -> Entry:
    holder = {"organ": organ, "jurisdiction": "640300", "public": public_of(officer, number)}
    signers = ((officer, old), (officer, number))
    act = key_act("rotate", officer, *signers, previous=public_of(officer, old), **holder)
    return {**act, **holder, "previous": key_id(raw_public(private_of(officer, old)))}


def test_a_rotation_keeps_officer_organ_and_place() -> None:
    assert told(("key-rotated", rotation(SECRETARY, 7, 1))) is None
    assert told(("key-rotated", rotation(SECRETARY, 7, 1, "presidium"))) == 1
    assert told(("key-rotated", rotation(SECRETARY, 7, 8))) == 1
    again = ("key-rotated", rotation(SECRETARY, 8, 1))
    assert told(("key-rotated", rotation(SECRETARY, 7, 1)), again) == 2
    assert told(("key-rotated", rotation(SECRETARY, 7, 1)),
                ("key-rotated", rotation(SECRETARY, 8, 7))) is None  # fmt: skip


def revocation(officer: str, by: str, number: int = 1, reason: str = "") -> Entry:
    public = public_of(officer, number)
    act = key_act("revoke", officer, (by, 1), public=public, by=by, reason=reason)
    return {**act, "by": by, "by_key": key_id(raw_public(private_of(by))), "reason": reason}


def test_the_holder_or_a_discipline_commission_revokes() -> None:
    assert told(("key-revoked", revocation(SECRETARY, SECRETARY))) is None
    assert told(("key-revoked", revocation(SECRETARY, DISCIPLINE))) is None
    assert told(("key-revoked", revocation(SECRETARY, ORGANISATION))) == 1
    assert told(("key-revoked", revocation(SECRETARY, COUNTY_SECRETARY))) == 1
    once = ("key-revoked", revocation(SECRETARY, DISCIPLINE))
    assert told(once, ("key-revoked", revocation(SECRETARY, DISCIPLINE, reason="0" * 64))) == 2
    assert told(once, ("key-revoked", revocation(SECRETARY, SECRETARY))) == 2
    words = revocation(SECRETARY, DISCIPLINE, reason="密钥遗失")
    assert told(("key-revoked", words)) == 1


# Withdrawals


def test_only_an_own_act_of_the_gate_is_withdrawn() -> None:
    seq = number_of("withdrawn")
    entry = entries()[seq - 1]
    assert entry["of"] == number_of("waived")
    for of in (0, -1, seq, seq + 1, 10**9, entry["of"] - 1, entry["of"] + 1, number_of("signed")):
        assert edited(seq, of=of) == Fault(seq, SIGNATURE)


def withdrawing(officer: str, number: int, taken: Entry, stage: str = "plan") -> Entry:
    """A withdrawal of an act that stands at the end."""
    name = sha256(base64.b64decode(taken["envelope"]["payload"])).hexdigest()
    act = on_gate("withdrawal", officer, number, name, stage)
    return {**act, "of": len(entries()) + 1}


def test_nobody_takes_back_what_another_signed_or_of_another_gate() -> None:
    """However well a withdrawal is signed: docs/history.md, "Acts"."""
    act = signing(SPARE, 2)
    signed = ("signed", act)
    assert told(signed, ("withdrawn", withdrawing(SPARE, 2, act))) is None
    assert told(signed, ("withdrawn", withdrawing(DISCIPLINE, 1, act))) == 2
    assert told(signed, ("withdrawn", withdrawing(SPARE, 2, act, "nomination"))) == 2
