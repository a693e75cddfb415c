"""The commands about keys: making a pair, and every key on record.

Rules: a name that is taken is refused before a passphrase is asked for; reading loads no pandas and
no orchestrator. Their JSON is an interface (see docs/interface.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from data.acts import Key
from data.evaluators import Evaluator
from data.history import keyring
from data.home import named_home
from data.ledger import Ledger
from deployments.app import HomeOption, JsonOption, OfficerOption, PassphraseOption, _
from deployments.show import Answer, Columns, Line, Part
from schemas.envelopes import fingerprint, key_id, public_text, raw_public
from schemas.notes import VerifierKey
from schemas.text import Text
from schemas.vocabulary import Organ

KEY_STATES: dict[str, Text] = {
    "active": Text("已生效", "active"),
    "pending": Text("待核验确认", "waits for a voucher"),
    "replaced": Text("已更换", "replaced"),
    "revoked": Text("已吊销", "revoked"),
}


def key_new(
    file: Annotated[
        Path,
        Parameter(
            help=_(
                "私钥文件，公钥写入 FILE.pub",
                "the private key; FILE.pub is the public one",
            )
        ),
    ],
    /,
    *,
    officer: OfficerOption,
    passphrase_file: PassphraseOption = None,
    json: JsonOption = False,
) -> int:
    """Make a key pair in `file` and `file.pub`."""
    from data.keyfiles import check_new, make_key, public_path
    from deployments.passphrase import passphrase_for

    check_new(file, officer)
    secret = passphrase_for(file, passphrase_file, new=True)
    public = raw_public(make_key(file, officer, secret))
    made = {
        "officer": officer,
        "key": key_id(public),
        "public": public_text(public),
        "file": str(file),
        "public_file": str(public_path(file)),
    }
    text = _(
        f"已生成私钥 {file} 和公钥 {public_path(file)}；密钥编号 {made['key']}\n"
        f"下一步：termgate key enrol {officer} --key {file}；首批责任人员把编号交给开始换届的人："
        f"termgate init … --founder {officer}={made['key']}",
        f"made the private key {file} and the public key {public_path(file)}; key id "
        f"{made['key']}\nnext: termgate key enrol {officer} --key {file}; a founder gives the id "
        f"to whoever opens the cycle: termgate init … --founder {officer}={made['key']}",
    )
    return Answer(made, [Line(text)]).give(json=json)


def key_state(key: Key | Evaluator) -> str:
    """Whether a key is `active`, `pending`, `replaced` or `revoked`."""
    if key.revoked:
        return "revoked"
    if key.replaced:
        return "replaced"
    return "active" if key.active else "pending"


def _key_json(key: Key) -> dict[str, Any]:
    return {
        "officer": key.officer,
        "organ": key.organ,
        "jurisdiction": key.jurisdiction,
        "key": key.name,
        "public": public_text(key.public),
        "verifier": VerifierKey(key.officer, key.public).text(),
        "state": key_state(key),
        "enrolled": key.enrolled,
        "active": key.active or None,
        "replaced": key.replaced or None,
        "revoked": key.revoked or None,
    }


def key_list(*, home: HomeOption = None, json: JsonOption = False) -> int:
    """Show every key that was ever enrolled, by officer."""
    ring = keyring(Ledger(named_home(home).opened().ledger))
    keys = sorted(ring.keys.values(), key=lambda key: (key.officer, key.enrolled))
    rows = [[_("责任人员", "officer"), _("机关", "organ"), _("行政区", "jurisdiction"),
             _("密钥指纹", "fingerprint"), _("现状", "state"), _("记录", "entries")]]  # fmt: skip
    for key in keys:
        acts = (key.enrolled, key.active, key.replaced, key.revoked)
        rows.append(
            [
                key.officer,
                Organ(key.organ).label.render(),
                key.jurisdiction,
                fingerprint(key.name),
                KEY_STATES[key_state(key)].render(),
                " ".join(str(seq) for seq in dict.fromkeys(acts) if seq),
            ]
        )
    parts: list[Part] = [Columns(rows)]
    doubtful = sorted({key.officer for key in keys if len(ring.waiting(key.officer)) > 1})
    if doubtful:
        names = ", ".join(doubtful)
        parts.append(
            Line(
                _(
                    f"[red]同一责任人员有多把密钥待核验确认：{names}。先向本人问清，可能有人冒名登记[/]",
                    f"[red]more than one key waits for a voucher: {names}. Ask these officers: "
                    f"somebody may have enrolled one in their name[/]",
                )
            )
        )
    return Answer([_key_json(key) for key in keys], parts).give(json=json)
