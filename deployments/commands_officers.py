"""The commands of officers: their keys, what waits for them, what they sign, refuse and waive.

Rules: a command only calls the function that does its work; heavy libraries are loaded by the
commands that need them. Passphrases are never on the command line.
"""

# ruff: noqa: D103, PLR0913 (the help text, in both languages, says it; options are arguments)

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from deployments import read
from deployments.app import (
    STAGE_NAMES,
    By,
    HomeOption,
    JsonOption,
    KeyOption,
    OfficerArgument,
    OfficerOption,
    PassphraseOption,
    ReasonOption,
    ScopeOption,
    StageArgument,
    UnitArgument,
    _,
    app,
    key,
    wrong_usage,
)


@key.command(
    name="new", help=_("生成一对密钥，私钥用口令加密", "Make a key pair, the private key encrypted")
)
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
    from deployments import keys

    return keys.key_new(file, officer, passphrase_file, json=json)


@key.command(name="list", help=_("登记过的全部密钥", "Every key that was enrolled"))
def key_list(*, home: HomeOption = None, json: JsonOption = False) -> int:
    from deployments import keys

    return keys.key_list(read.home_at(home), json=json)


@key.command(name="enrol", help=_("登记密钥", "Enrol an officer's key"))
def key_enrol(
    officer: OfficerArgument,
    /,
    *,
    key_file: KeyOption,
    passphrase_file: PassphraseOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import officers

    by = By(officer, key_file, passphrase_file)
    return officers.enrol(read.home_at(home), by, json=json)


@key.command(
    name="vouch", help=_("为另一机关经办人的密钥作证", "Vouch for a key of another organ's officer")
)
def key_vouch(
    officer: OfficerArgument, /, *, by: By, home: HomeOption = None, json: JsonOption = False
) -> int:
    from deployments import officers

    return officers.vouch(read.home_at(home), officer, by, json=json)


@key.command(name="rotate", help=_("更换密钥，新旧两把都签名", "Replace a key; old and new sign"))
def key_rotate(
    officer: OfficerArgument,
    /,
    *,
    key_file: KeyOption,
    new: Annotated[Path, Parameter(help=_("新私钥文件", "file with the new private key"))],
    passphrase_file: PassphraseOption = None,
    new_passphrase_file: Annotated[
        Path | None,
        Parameter(
            help=_(
                "新私钥的口令文件（默认同旧私钥）",
                "file with the new key's passphrase (default: as for the old key)",
            )
        ),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import officers

    by = By(officer, key_file, passphrase_file)
    return officers.rotate(read.home_at(home), by, new, new_passphrase_file, json=json)


@key.command(
    name="revoke",
    help=_(
        "吊销密钥，它签过的都不再算数", "Revoke a key: nothing that it ever signed counts any more"
    ),
)
def key_revoke(
    officer: OfficerArgument,
    /,
    *,
    by: By,
    reason: ReasonOption,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import officers

    return officers.revoke(read.home_at(home), officer, by, reason, json=json)


@app.command(help=_("等待一位经办人签字的关口", "What waits for an officer's signature"))
def inbox(*, officer: OfficerOption, home: HomeOption = None, json: JsonOption = False) -> int:
    from deployments.inbox import inbox as shown

    return shown(read.home_at(home), officer, json=json)


@app.command(help=_("签字通过一个或多个关口", "Sign a gate open, or all that wait for you"))
def sign(
    unit: Annotated[str | None, Parameter(help=_("单位编号", "unit id"))] = None,
    stage: Annotated[str | None, Parameter(help=STAGE_NAMES)] = None,
    /,
    *,
    by: By,
    ready: Annotated[
        bool,
        Parameter(negative="", help=_("等待本人签字的全部关口", "every gate that waits for you")),
    ] = False,
    ready_stage: Annotated[
        str | None, Parameter(name="--stage", help=_("--ready 的环节", "the stage for --ready"))
    ] = None,
    scope: ScopeOption = "cycle",
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    if ready and ready_stage and unit is None:
        from deployments import officers

        return officers.sign_ready(read.home_at(home), ready_stage, scope, by, json=json)
    if unit and stage and not ready and ready_stage is None and scope == "cycle":
        from deployments import officers

        return officers.sign(read.home_at(home), unit, stage, by, json=json)
    raise wrong_usage(
        "写明单位和环节，或用 --ready --stage 环节 [--scope 范围]",
        "name a unit and a stage, or use --ready --stage STAGE [--scope SCOPE]",
    )


@app.command(help=_("拒绝签字，须写明理由", "Refuse to sign a gate, with a reason"))
def refuse(
    unit: UnitArgument,
    stage: StageArgument,
    /,
    *,
    by: By,
    reason: ReasonOption,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import officers

    return officers.refuse(read.home_at(home), unit, stage, by, reason, json=json)


@app.command(
    help=_("撤回本人的签字、拒签或例外审批", "Take back your own sign-off, refusal or waiver")
)
def withdraw(
    seq: Annotated[int, Parameter(help=_("留痕序号", "number of the ledger entry"))],
    /,
    *,
    by: By,
    reason: ReasonOption = "",
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import officers

    return officers.withdraw(read.home_at(home), seq, by, reason, json=json)


@app.command(help=_("例外审批一项检查", "Waive a check for one subject, or join a waiver"))
def waive(
    unit: Annotated[str | None, Parameter(help=_("单位编号", "unit id"))] = None,
    check: Annotated[str | None, Parameter(help=_("检查编号", "code of the check"))] = None,
    subject: Annotated[
        str | None, Parameter(help=_("对象，见 gate show", "subject, as gate show names it"))
    ] = None,
    /,
    *,
    by: By,
    until: Annotated[
        datetime | None, Parameter(help=_("有效期至哪一天", "last day on which it counts"))
    ] = None,
    reason: ReasonOption | None = None,
    join: Annotated[
        int | None,
        Parameter(
            help=_("加签哪一条例外审批（留痕序号）", "sign the same words as this ledger entry")
        ),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    alone = join is not None and not any((unit, check, subject, until, reason))
    if join is not None and alone:
        from deployments import officers

        return officers.join_waiver(read.home_at(home), join, by, json=json)
    if join is None and unit and check and subject and until and reason is not None:
        from deployments import officers

        what = (unit, check, subject)
        return officers.waive(read.home_at(home), what, until.date(), by, reason, json=json)
    raise wrong_usage(
        "写明单位、检查、对象、--until 和 --reason，或只用 --join 留痕序号",
        "name unit, check and subject with --until and --reason, or use --join SEQ alone",
    )
