"""The commands by which officers act: on keys, on gates, and on checks to be waived.

Rules: a private key is looked at before its passphrase is asked for; what went on record is told
with the number of its entry, what was refused with its reason. Nothing here opens a gate: the
stage, launched again, counts what was signed.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.home import Home
from data.keyfiles import check_key, load_key
from deployments.app import By
from deployments.exits import CLOSED, DONE
from deployments.passphrase import passphrase_for
from deployments.read import stage_named
from deployments.show import as_json, console, table
from schemas.names import REASON, UNIT
from schemas.refusals import ACT_FAULTS
from schemas.text import Text
from schemas.vocabulary import Stage
from tasks import keys, signing, waiving
from tasks.desk import Desk, Signatory
from tasks.waiving import Wanted


def private_key(file: Path, passphrase_file: Path | None) -> Ed25519PrivateKey:
    """The private key in a file; its passphrase is asked for only where it can be used."""
    check_key(file)
    return load_key(file, passphrase_for(file, passphrase_file))


def _signatory(by: By) -> Signatory:
    return Signatory(by.officer, private_key(by.key, by.passphrase_file))


def _told(desk: Desk, seq: int, text: Text, *, json: bool) -> int:
    """Tell what went on record as the entry `seq`."""
    if json:
        as_json(desk.ledger.entry(seq))
        return DONE
    record = Text(f"（留痕第{seq}条）", f" (ledger entry {seq})")
    line = Text(f"{text.zh}{record.zh}", f"{text.en}{record.en}")
    console().print(line.render(), markup=False, soft_wrap=True)
    return DONE


def _then(zh: str, en: str) -> None:
    """What to do next."""
    console().print(Text(f"下一步：{zh}", f"next: {en}").render(), markup=False, soft_wrap=True)


# Keys


def enrol(home: Home, by: By, *, json: bool) -> int:
    """Enrol an officer's key; it signs once another organ vouched for it."""
    who = _signatory(by)
    desk = Desk(home)
    seq = keys.enrol(desk, who)
    desk.follow()
    active = desk.history.acts.keys.of(by.officer) is not None
    state = (
        Text("，即时生效", ", active at once") if active else Text("，待作证", ", not yet active")
    )
    text = Text(
        f"已登记 {by.officer} 的密钥 {who.key[:12]}{state.zh}",
        f"enrolled the key {who.key[:12]} of {by.officer}{state.en}",
    )
    code = _told(desk, seq, text, json=json)
    if not active and not json:
        command = f"termgate key vouch {by.officer} --as OFFICER --key FILE"
        _then(f"由另一机关的经办人作证：{command}", f"another organ vouches for it: {command}")
    return code


def vouch(home: Home, officer: str, by: By, *, json: bool) -> int:
    """Vouch for the key that an officer enrolled."""
    who = _signatory(by)
    desk = Desk(home)
    seq = keys.vouch(desk, officer, who)
    text = Text(f"{officer} 的密钥已生效", f"the key of {officer} is active")
    return _told(desk, seq, text, json=json)


def rotate(home: Home, by: By, new: Path, new_passphrase: Path | None, *, json: bool) -> int:
    """Replace an officer's key; both keys sign."""
    check_key(new)
    who = _signatory(by)
    fresh = private_key(new, new_passphrase or by.passphrase_file)
    desk = Desk(home)
    seq = keys.rotate(desk, who, fresh)
    text = Text(f"{by.officer} 已更换密钥", f"{by.officer} has a new key")
    return _told(desk, seq, text, json=json)


def revoke(home: Home, officer: str, by: By, reason: str, *, json: bool) -> int:
    """Revoke a key, and with it everything that it signed."""
    who = _signatory(by)
    desk = Desk(home)
    seq = keys.revoke(desk, officer, who, reason)
    text = Text(
        f"{officer} 的密钥已吊销，它签过的都不算数",
        f"the key of {officer} is revoked, nothing that it signed counts",
    )
    return _told(desk, seq, text, json=json)


# Gates


def sign(home: Home, unit: str, stage: str, by: By, *, json: bool) -> int:
    """Sign one gate open on the evidence of its last decision."""
    gate = stage_named(stage)
    who = _signatory(by)
    desk = Desk(home)
    seq = signing.sign(desk, unit, gate, who)
    text = Text(
        f"{by.officer} 已签 {unit} {gate.label.zh}", f"{by.officer} signed {unit} {gate.label.en}"
    )
    code = _told(desk, seq, text, json=json)
    if not json:
        _launch(gate, unit)
    return code


def _launch(gate: Stage, scope: str) -> None:
    command = f"termgate run {gate.value} --scope {scope}"
    _then(f"再次运行该环节：{command}", f"launch the stage again: {command}")


def sign_ready(home: Home, stage: str, scope: str, by: By, *, json: bool) -> int:
    """Sign every gate of a stage that waits for this officer; 3 where some could not be signed."""
    gate = stage_named(stage)
    who = _signatory(by)
    signed, left = signing.sign_ready(Desk(home), gate, scope, who)
    if json:
        as_json(
            {
                "signed": [{"unit": unit, "seq": seq} for unit, seq in signed.items()],
                "left": [
                    {"unit": unit, "code": code, "reason": ACT_FAULTS[code].render()}
                    for unit, code in left.items()
                ],
            }
        )
        return CLOSED if left else DONE
    console().print(
        Text(
            f"{by.officer} 已签{len(signed)}个单位的“{gate.label.zh}”关口，{len(left)}个不能签",
            f"{by.officer} signed the {gate.label.en} gates of {len(signed)} units; "
            f"{len(left)} could not be signed",
        ).render()
    )
    if left:
        rows = [[unit, ACT_FAULTS[code].render()] for unit, code in left.items()]
        console().print(table([UNIT.render(), REASON.render()], rows))
    if signed:
        _launch(gate, scope)
    return CLOSED if left else DONE


def refuse(home: Home, unit: str, stage: str, by: By, reason: str, *, json: bool) -> int:
    """Refuse to sign a gate, with a reason."""
    gate = stage_named(stage)
    who = _signatory(by)
    desk = Desk(home)
    seq = signing.refuse(desk, unit, gate, who, reason)
    text = Text(
        f"{by.officer} 拒签 {unit} {gate.label.zh}",
        f"{by.officer} refused to sign {unit} {gate.label.en}",
    )
    return _told(desk, seq, text, json=json)


def withdraw(home: Home, seq: int, by: By, reason: str, *, json: bool) -> int:
    """Take back an own sign-off, refusal or waiver."""
    who = _signatory(by)
    desk = Desk(home)
    at = signing.withdraw(desk, seq, who, reason)
    text = Text(f"{by.officer} 已撤回留痕第{seq}条", f"{by.officer} withdrew ledger entry {seq}")
    return _told(desk, at, text, json=json)


# Waivers


def waive(
    home: Home, what: tuple[str, str, str], until: date, by: By, reason: str, *, json: bool
) -> int:
    """Sign a waiver; `what` is a unit, a check and a subject."""
    who = _signatory(by)
    wanted = Wanted(*what, until)
    desk = Desk(home)
    seq = waiving.waive(desk, wanted, reason, who)
    return _waived(desk, seq, wanted, by, json=json)


def join_waiver(home: Home, of: int, by: By, *, json: bool) -> int:
    """Sign the same words as a waiver on record."""
    who = _signatory(by)
    desk = Desk(home)
    seq = waiving.join_waiver(desk, of, who)
    entry = desk.ledger.entry(seq)
    until = date.fromisoformat(entry["until"])
    wanted = Wanted(entry["unit"], entry["check"], entry["subject"], until)
    return _waived(desk, seq, wanted, by, json=json)


def _waived(desk: Desk, seq: int, wanted: Wanted, by: By, *, json: bool) -> int:
    text = Text(
        f"{by.officer} 已签例外审批：{wanted.unit} {wanted.check} {wanted.subject}，"
        f"有效期至{wanted.until}",
        f"{by.officer} signed the waiver of {wanted.check} for {wanted.subject} of {wanted.unit} "
        f"until {wanted.until}",
    )
    code = _told(desk, seq, text, json=json)
    if not json:
        command = f"termgate waive --join {seq} --as OFFICER --key FILE"
        _then(
            f"规则包要求其他机关时由其加签（{command}），然后再次运行该环节",
            f"where the pack asks for another organ, its officer joins ({command}); then launch "
            "the stage again",
        )
    return code
