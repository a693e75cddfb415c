"""The commands about the evaluator's key: shown, rotated, revoked, enrolled and vouched for.

Rules: the key with which decisions are signed is this machine's, not a person's: it is read where
it lies and no passphrase is asked for; what officers do about it they sign with their own keys.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from data.evaluators import Evaluator, Evaluators
from data.home import Home, named_home
from data.signers import key_file, known_evaluators, new_key, signer_for
from deployments.app import By, HomeOption, JsonOption, ReasonOption, _
from deployments.officers import at_recorder, recorded, then
from deployments.show import Answer, Columns
from schemas.envelopes import public_text
from schemas.text import Refusal
from schemas.words import STATES
from tasks.officers import evaluators
from tasks.officers.recording import Recorder

NewOption = Annotated[
    Path | None,
    Parameter(
        name="--new",
        help=_(
            "新私钥文件，没有则生成（默认放在换届数据目录中）",
            "file with the new private key, made if it is missing (default: in the home)",
        ),
    ),
]


def _is_here(home: Home, known: Evaluators) -> bool:
    """Whether this process can decide: it holds the private half of the key in force."""
    try:
        signer_for(home, known)
    except Refusal:
        return False
    return True


def evaluator_show(*, home: HomeOption = None, json: JsonOption = False) -> int:
    """Show every evaluator's key on record, and whether this process holds the one in force."""
    opened = named_home(home).opened()
    known = known_evaluators(opened)
    here = _is_here(opened, known)
    rows = [[_("密钥", "key"), _("现状", "state"), _("记录", "entries"), _("私钥文件", "file")]]
    for key in known.keys.values():
        numbers = dict.fromkeys((key.enrolled, key.active, key.replaced, key.revoked))
        rows.append(
            [
                key.name[:12],
                STATES[key.state].render(),
                " ".join(str(seq) for seq in numbers if seq),
                str(key_file(opened, key.name)) if key.in_force and here else "",
            ]
        )
    value = [_key_json(opened, key, here=here and key.in_force) for key in known.keys.values()]
    return Answer(value, [Columns(rows)]).give(json=json)


def _key_json(home: Home, key: Evaluator, *, here: bool) -> dict[str, Any]:
    return {
        "key": key.name,
        "public": public_text(key.public),
        "state": key.state,
        "enrolled": key.enrolled,
        "active": key.active or None,
        "replaced": key.replaced or None,
        "revoked": key.revoked or None,
        "officer": key.officer or None,
        "here": here,
        "file": str(key_file(home, key.name)) if here else None,
    }


def evaluator_rotate(
    *, new: NewOption = None, home: HomeOption = None, json: JsonOption = False
) -> int:
    """Replace the evaluator's key; the one in force signs for the new one."""
    opened = named_home(home).of_this_release()
    recorder = Recorder(opened)
    signer_for(opened, recorder.history.evaluators)
    seq = evaluators.rotate(recorder, new_key(opened, new))
    text = _("已更换核查密钥", "the evaluator has a new key")
    done = then(
        "旧私钥文件已无用，删除；各工作机换上新私钥",
        "delete the old private key's file, and give the new one to every worker",
    )
    return recorded(recorder, seq, text, done).give(json=json)


def evaluator_revoke(
    *, by: By, reason: ReasonOption, home: HomeOption = None, json: JsonOption = False
) -> int:
    """Revoke the evaluator's key: nothing is decided until another is in force."""
    recorder, who = at_recorder(home, by)
    seq = evaluators.revoke(recorder, who, reason)
    text = _(
        "核查密钥已吊销，它签过的决定一律无效",
        "the evaluator's key is revoked, what it decided stands in for nothing any more",
    )
    command = "termgate evaluator enrol --as OFFICER --key FILE"
    enrol = then(f"登记新的核查密钥：{command}", f"enrol another: {command}")
    return recorded(recorder, seq, text, enrol).give(json=json)


def evaluator_enrol(
    *, by: By, new: NewOption = None, home: HomeOption = None, json: JsonOption = False
) -> int:
    """Enrol an evaluator's key after the one before was revoked; another organ vouches for it."""
    recorder, who = at_recorder(home, by)
    seq = evaluators.enrol(recorder, who, new_key(recorder.home, new))
    text = _("已登记核查密钥，待核验确认", "enrolled an evaluator's key, not yet in force")
    command = "termgate evaluator vouch --as OFFICER --key FILE"
    vouch = then(
        f"由另一机关的责任人员核验确认：{command}", f"another organ vouches for it: {command}"
    )
    return recorded(recorder, seq, text, vouch).give(json=json)


def evaluator_vouch(*, by: By, home: HomeOption = None, json: JsonOption = False) -> int:
    """Put the evaluator's key in force that another organ enrolled."""
    recorder, who = at_recorder(home, by)
    seq = evaluators.vouch(recorder, who)
    text = _("核查密钥已生效", "the evaluator's key is in force")
    again = then(
        "再次运行各环节，由新密钥确认决定：termgate run cycle",
        "launch the stages again, so that the new key confirms what stands: termgate run cycle",
    )
    return recorded(recorder, seq, text, again).give(json=json)
