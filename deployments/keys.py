"""The commands about keys: making a pair, and every key on record.

Rules: a name that is taken is refused before a passphrase is asked for; reading loads no pandas and
no orchestrator. Their JSON is an interface (see docs/interface.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from data.acts import Key
from data.home import Home
from data.keyfiles import check_new, make_key, public_path
from data.ledger import Ledger
from deployments.exits import DONE
from deployments.passphrase import passphrase_for
from deployments.show import as_json, columns, console
from schemas.envelopes import key_id, raw_public
from schemas.notes import VerifierKey
from schemas.statements import public_text
from schemas.text import Text
from schemas.vocabulary import Organ
from tasks.awaited import keyring

KEY_STATES: dict[str, Text] = {
    "active": Text("生效", "active"),
    "pending": Text("待作证", "waits for a voucher"),
    "replaced": Text("已更换", "replaced"),
    "revoked": Text("已吊销", "revoked"),
}


def key_new(file: Path, officer: str, passphrase_file: Path | None, *, json: bool) -> int:
    """Make a key pair in `file` and `file.pub`."""
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
    if json:
        as_json(made)
        return DONE
    text = Text(
        f"已生成私钥 {file} 和公钥 {public_path(file)}；密钥编号 {made['key'][:12]}\n"
        f"下一步：termgate key enrol {officer} --key {file}",
        f"made the private key {file} and the public key {public_path(file)}; key id "
        f"{made['key'][:12]}\nnext: termgate key enrol {officer} --key {file}",
    )
    console().print(text.render(), markup=False, soft_wrap=True)
    return DONE


def key_state(key: Key) -> str:
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


def key_list(home: Home, *, json: bool) -> int:
    """Show every key that was ever enrolled, by officer."""
    ring = keyring(Ledger(home.ledger))
    keys = sorted(ring.keys.values(), key=lambda key: (key.officer, key.enrolled))
    if json:
        as_json([_key_json(key) for key in keys])
        return DONE
    names = [
        Text("经办人", "officer"),
        Text("机关", "organ"),
        Text("行政区", "jurisdiction"),
        Text("密钥", "key"),
        Text("状态", "state"),
        Text("留痕", "entries"),
    ]
    rows = [[name.render() for name in names]]
    for key in keys:
        acts = (key.enrolled, key.active, key.replaced, key.revoked)
        rows.append(
            [
                key.officer,
                Organ(key.organ).label.render(),
                key.jurisdiction,
                key.name[:12],
                KEY_STATES[key_state(key)].render(),
                " ".join(str(seq) for seq in dict.fromkeys(acts) if seq),
            ]
        )
    columns(rows)
    return DONE
