"""The commands about keys: making a pair, converting one, and every key on record.

Rules: a name that is taken is refused before a passphrase is asked for; reading loads no pandas and
no orchestrator. Their JSON is an interface (see docs/interface.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from data.acts import Key, Keyring
from data.history import keyring
from data.home import named_home
from data.ledger import Ledger
from deployments.alarms import alarm
from deployments.app import HomeOption, JsonOption, OfficerOption, PassphraseOption, _
from deployments.show import Answer, Columns, Line, Part
from schemas.envelopes import fingerprint, is_named, key_id, public_text, raw_public
from schemas.notes import VerifierKey
from schemas.text import Refusal, Text
from schemas.vocabulary import Organ
from schemas.words import STATES


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
    made = _made(file, officer, public)
    text = _(
        f"已生成私钥 {file} 和公钥 {public_path(file)}；密钥编号 {made['key']}\n"
        f"下一步：termgate key enrol {officer} --key {file}；首批责任人员把编号交给开始换届的人："
        f"termgate init … --founder {officer}={made['key']}",
        f"made the private key {file} and the public key {public_path(file)}; key id "
        f"{made['key']}\nnext: termgate key enrol {officer} --key {file}; a founder gives the id "
        f"to whoever opens the cycle: termgate init … --founder {officer}={made['key']}",
    )
    return Answer(made, [Line(text)]).give(json=json)


def _made(file: Path, officer: str, public: bytes) -> dict[str, Any]:
    from data.keyfiles import public_path

    return {
        "officer": officer,
        "key": key_id(public),
        "public": public_text(public),
        "file": str(file),
        "public_file": str(public_path(file)),
    }


def key_convert(
    file: Annotated[Path, Parameter(help=_("现有的私钥文件", "the private key that there is"))],
    to: Annotated[
        Path,
        Parameter(
            help=_("新的私钥文件，公钥写入 TO.pub", "the new file; TO.pub is the public key")
        ),
    ],
    /,
    *,
    officer: OfficerOption,
    passphrase_file: PassphraseOption = None,
    json: JsonOption = False,
) -> int:
    """Write an OpenSSH key file once more, as the desk reads it; key and passphrase stay."""
    from data.keyfiles import check_key, check_new, convert_key
    from deployments.passphrase import passphrase_for

    check_new(to, officer)
    check_key(file)
    secret = passphrase_for(file, passphrase_file)
    made = _made(to, officer, raw_public(convert_key(file, to, officer, secret)))
    text = _(
        f"已写入 {to}：密钥和口令不变（编号 {made['key']}），办理台和命令行都能用",
        f"wrote {to}: the same key ({made['key']}) and passphrase, for the desk and the command "
        "line",
    )
    return Answer(made, [Line(text)]).give(json=json)


def _key_json(key: Key) -> dict[str, Any]:
    return {
        "officer": key.officer,
        "organ": key.organ,
        "jurisdiction": key.jurisdiction,
        "key": key.name,
        "public": public_text(key.public),
        "verifier": VerifierKey(key.officer, key.public).text(),
        "state": key.state,
        "enrolled": key.enrolled,
        "active": key.active or None,
        "full": key.full or None,
        "vouchers": [one.officer for one in key.vouchers],
        "replaced": key.replaced or None,
        "revoked": key.revoked or None,
    }


def _resting_on(ring: Keyring, name: str) -> list[Key]:
    """The keys that rest on the one of this id or fingerprint.

    Raises:
        Refusal: there is none, or several.
    """
    found = [key for key in ring.keys if is_named(key, name)]
    if len(found) != 1:
        raise Refusal(
            Text(
                f"{name}：没有这把密钥；写密钥编号或指纹，见 termgate key list",
                f"{name}: no such key; give its id or fingerprint, see `termgate key list`",
            )
        )
    return ring.resting_on(found[0])


def key_list(
    *,
    rests_on: Annotated[
        str | None,
        Parameter(
            name="--rests-on",
            help=_(
                "只列由这把密钥核验确认、直接或间接靠它生效的密钥（编号或指纹）",
                "only the keys that are in force because this one vouched for them, directly or "
                "through others (id or fingerprint)",
            ),
        ),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Show every key that was ever enrolled, by officer."""
    ring = keyring(Ledger(named_home(home).opened().ledger))
    chosen = ring.keys.values() if rests_on is None else _resting_on(ring, rests_on)
    keys = sorted(chosen, key=lambda key: (key.officer, key.enrolled))
    rows = [[_("责任人员", "officer"), _("机关", "organ"), _("行政区", "jurisdiction"),
             _("密钥指纹", "fingerprint"), _("现状", "state"), _("记录", "entries")]]  # fmt: skip
    for key in keys:
        acts = (key.enrolled, key.active, key.full, key.replaced, key.revoked)
        rows.append(
            [
                key.officer,
                Organ(key.organ).label.render(),
                key.jurisdiction,
                fingerprint(key.name),
                STATES[key.state].render(),
                " ".join(str(seq) for seq in dict.fromkeys(acts) if seq),
            ]
        )
    parts: list[Part] = [Columns(rows)]
    parts += alarm(sorted({key.officer for key in keys if ring.doubtful(key.officer)}))
    return Answer([_key_json(key) for key in keys], parts).give(json=json)
