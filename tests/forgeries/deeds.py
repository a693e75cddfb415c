"""Acts, decisions and hand-offs as the program writes them, by whoever asks nothing before.

Rules: what is written is right but for what a forgery changes: names, digests and statements follow
docs/history.md, and `changes` say something else in the statement than in the entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.acts import CONFIRM
from data.submissions import ACCEPT, WITHDRAW
from schemas.canonical import canonical, digest
from schemas.entries import Proposed, entry_of
from schemas.envelopes import key_id, raw_public, sealed
from tasks.intake.delivering import encoded
from tests.forgeries.forging import EVALUATOR, MADE_UP, Forger, public
from tests.generator import Row
from tests.support import cycle
from tests.support.cycle import Entry
from tests.support.reviews import review
from tests.support.signing import private_of, who

PLAN = "plan"
SIGN_OFF = f"{PLAN}.sign-off"
PANELS = ("first-responsible", "liaison")
OTHER_DIGEST = "7" * 64
Changes = dict[str, Any]


def in_force(one: Forger) -> str:
    """The digest of the pack in force."""
    return str(one.latest("pack-adopted")["policy"])


# About gates


def review_of(one: Forger, unit: str) -> Changes:
    """What an honest sign-off tells of the last decision on the plan of a unit.

    Of what changed since an earlier one it says something: only a replay can tell whether it did.
    """
    acts = [
        (e["seq"], one.evidence(e["seq"]))
        for e in one.entries
        if e["kind"] in ("signed", "refused") and e["unit"] == unit
    ]
    return review(one.latest("decided", unit=unit), acts)


def sign(
    one: Forger,
    officer: str,
    unit: str,
    decision: str = "open",
    changes: Changes | None = None,
    *,
    evidence: str = "",
) -> int:
    """An officer signs the plan of a unit, or refuses, and tells what was decided last."""
    seen = evidence or one.latest("decided", unit=unit)["evidence"]
    gate: Changes = {"unit": unit, "stage": PLAN}
    own = {**gate, "policy": in_force(one), "decision": decision, **review_of(one, unit)}
    kind = "signed" if decision == "open" else "refused"
    about = ("sign-off", f"{unit}/{PLAN}", seen)
    return one.act(kind, officer, about, own, changes=changes, **gate)


def sign_silently(one: Forger, officer: str, unit: str) -> int:
    """An officer signs as earlier releases had it: nothing is told of what was looked at."""
    gate: Changes = {"unit": unit, "stage": PLAN}
    own = {**gate, "policy": in_force(one), "decision": "open"}
    seen = one.latest("decided", unit=unit)["evidence"]
    return one.act("signed", officer, ("sign-off", f"{unit}/{PLAN}", seen), own, **gate)


def take_back(one: Forger, officer: str, of: int) -> int:
    """An officer withdraws what they signed."""
    gate = {name: one.at(of)[name] for name in ("unit", "stage")}
    name = f"{gate['unit']}/{PLAN}"
    return one.act("withdrawn", officer, ("withdrawal", name, one.payload(of)), gate, **gate, of=of)


def standing(one: Forger, unit: str) -> list[int]:
    """The sign-offs of a unit's plan."""
    return [e["seq"] for e in one.entries if e["kind"] == "signed" and e["unit"] == unit]


def _since(one: Forger, unit: str) -> int:
    """The last decision that closed the gate; what was signed before it does not count."""
    last = one.latest("decided", unit=unit)
    return int(last["seq"] if last["reopened"] else last["since"])


def again(one: Forger, unit: str, **changes: Any) -> Entry:
    """What the last decision on the plan of a unit says, as it would be said now."""
    last = one.latest("decided", unit=unit)
    now = {"since": _since(one, unit), "position": one.last, "reopened": None}
    return {**last, **now, **changes}


def opened(one: Forger, unit: str, sign_offs: list[int], **changes: Any) -> Entry:
    """What a decision says by which the plan of a unit stands open."""
    findings = one.latest("decided", unit=unit)["findings"]
    made = {
        "outcome": "open",
        "findings": {**findings, SIGN_OFF: {"pass": list(PANELS)}},
        "sign_offs": sign_offs,
        "signers": [one.at(seq)["officer"] for seq in sign_offs],
        "void": {},
        "decision": OTHER_DIGEST,
    }
    return again(one, unit, **{**made, **changes})


def handed(one: Forger, unit: str, **changes: Any) -> Entry:
    """What a hand-off of a unit's plan says."""
    last = one.latest("decided", unit=unit)
    named = ("unit", "stage", "evidence", "policy", "signers", "sign_offs", "waivers")
    said = {name: last[name] for name in named}
    return {**said, "decision": last["seq"], "digest": OTHER_DIGEST, **changes}


def decide(one: Forger, content: Entry, by: str = EVALUATOR) -> int:
    """Write a decision."""
    return one.decided("decided", content, by)


def hand_on(one: Forger, content: Entry, by: str = EVALUATOR) -> int:
    """Write a hand-off."""
    return one.decided("handed-on", content, by)


# Deliveries


def submitted(one: Forger, *parts: Entry) -> int:
    """Write what was delivered; the number of the last entry."""
    return [one.append("submitted", **part) for part in parts][-1]


def waiting(one: Forger, seq: int) -> list[Entry]:
    """What a delivery that waits would put on record."""
    entry = entry_of(one.at(seq))
    assert isinstance(entry, Proposed)
    return [part.content for part in entry.submissions]


def confirm(
    one: Forger, officer: str, of: int, verdict: str = CONFIRM, changes: Changes | None = None
) -> int:
    """An officer confirms or declines a delivery; what it puts on record is not written yet."""
    about = ("confirmation", "delivery", one.payload(of))
    own = {"verdict": verdict}
    return one.act("confirmed", officer, about, own, changes=changes, of=of, verdict=verdict)


def confirm_whole(one: Forger, officer: str, of: int) -> int:
    """An officer confirms a delivery, which takes effect."""
    seq = confirm(one, officer, of)
    submitted(one, *waiting(one, of))
    return seq


def _part(one: Forger, register: str, row: Row, *, remove: bool) -> tuple[Entry, Entry]:
    """What a delivery of a row says that is signed, and its entry has besides."""
    given = cycle.delivery(register, [row], keys_only=remove)
    mode = WITHDRAW if remove else ACCEPT
    rows = one.keep(encoded(given, mode))
    part = {"register": register, "mode": mode, "source": given.digest}
    said = {**part, "rows": rows, "quarantine": None, "mapping": None}
    counts = {"accepted": 1, "rejected": 0, "readings": 0}
    return said, {**part, **counts, "blob": rows, "quarantine": None, "mapping": None}


def deliver(one: Forger, officer: str, register: str, row: Row, *, remove: bool = False) -> int:
    """An officer delivers a row, or withdraws it; it takes effect, whatever it says."""
    said, entry = _part(one, register, row, remove=remove)
    about = ("delivery", "delivery", digest(canonical([said])))
    seq = one.act("delivered", officer, about, {"registers": [said]})
    submitted(one, {**entry, "officer": officer, "delivery": one.payload(seq)})
    return seq


def keep_waiting(one: Forger, officer: str, register: str, row: Row) -> int:
    """An officer delivers a row that waits for a confirmation."""
    said, _ = _part(one, register, row, remove=False)
    about = ("delivery", "delivery", digest(canonical([said])))
    counts: Changes = {"accepted": [1], "rejected": [0], "readings": [0]}
    return one.act("proposed", officer, about, {"registers": [said]}, **counts)


# Packs


def propose(one: Forger, officer: str, content: bytes, starts: str = "", **changes: Any) -> int:
    """An officer proposes a pack from a day on, by default today."""
    day = starts or one.entries[-1]["on"]
    named = {"pack": "cn-2016", "starts": day}
    policy = one.keep(content)
    own = {"act": "propose", **named, "policy": in_force(one)}
    about = ("adoption", "pack", policy)
    return one.act("pack-proposed", officer, about, own, changes=changes, policy=policy, **named)


def adopt(
    one: Forger,
    officer: str,
    of: int,
    changes: Changes | None = None,
    instead: Mapping[str, str] | None = None,
) -> int:
    """An officer adopts what an entry proposes, or another pack, name or day `instead`."""
    proposed = {name: one.at(of).get(name, "") for name in ("pack", "policy", "starts")}
    said = {**proposed, **(instead or {})}
    own = {"act": "adopt", "pack": said["pack"], "starts": said["starts"], "policy": in_force(one)}
    about = ("adoption", "pack", said["policy"])
    return one.act("pack-adopted", officer, about, own, changes=changes, of=of, **said)


# Keys


def _about_key(one: Forger, act: str, key: str, about: Entry, by: str, **more: str) -> bytes:
    own = {"act": act, "public": "", "previous": "", "by": by, **more}
    return one.statement(("key", about["officer"], key), about, own)


def enrol(
    one: Forger, officer: str, organ: str, place: str, private: Ed25519PrivateKey = MADE_UP
) -> int:
    """A key is enrolled in an officer's name, with an organ and a place; whoever has it may."""
    name = key_id(raw_public(private))
    about = {"officer": officer, "organ": organ, "jurisdiction": place}
    payload = _about_key(one, "enrol", name, about, officer, public=public(private))
    return one.append(
        "key-enrolled", **about, key=name, public=public(private),
        envelope=dict(sealed(payload, private)),
    )  # fmt: skip


def vouch(one: Forger, by: str, seq: int) -> int:
    """An officer vouches for the key that an entry enrolled."""
    enrolled = one.at(seq)
    name, about = enrolled["key"], one.holder(enrolled["key"])
    payload = _about_key(one, "vouch", name, about, by, public=enrolled["public"])
    return one.append(
        "key-vouched", officer=about["officer"], key=name, voucher=by, voucher_key=who(by).key,
        envelope=one.sealed(payload, by, who(by).key),
    )  # fmt: skip


def revoke(one: Forger, by: str, officer: str) -> int:
    """An officer revokes somebody's key."""
    name = who(officer).key
    own = public(private_of(officer))
    payload = _about_key(one, "revoke", name, one.holder(name), by, public=own)
    return one.append(
        "key-revoked", officer=officer, key=name, by=by, by_key=who(by).key, reason="",
        envelope=one.sealed(payload, by, who(by).key),
    )  # fmt: skip


def rotate(one: Forger, officer: str) -> int:
    """An officer's key is replaced by one that the forger made up."""
    old, name = who(officer).key, key_id(raw_public(MADE_UP))
    about = one.holder(old)
    previous = public(private_of(officer))
    payload = _about_key(one, "rotate", name, about, officer, public=public(), previous=previous)
    return one.append(
        "key-rotated", **about, key=name, public=public(), previous=old,
        envelope=one.sealed(payload, officer, old, MADE_UP),
    )  # fmt: skip


# Evaluators' keys


def on_evaluator(one: Forger, act: str, by: str, key: str, said: str) -> int:
    """An officer acts on an evaluator's key, `said` its public half."""
    kinds = {"enrol": "enrolled", "vouch": "vouched", "revoke": "revoked"}
    own = {"act": act, "public": said, "previous": ""}
    payload = one.statement(("evaluator", "evaluator", key), one.holder(who(by).key), own)
    new = {"public": said} if act == "enrol" else {}
    reason = {"reason": ""} if act == "revoke" else {}
    with_key = [MADE_UP] if act == "enrol" else []
    return one.append(
        f"evaluator-{kinds[act]}", officer=by, officer_key=who(by).key, key=key, **new, **reason,
        envelope=one.sealed(payload, by, who(by).key, *with_key),
    )  # fmt: skip
