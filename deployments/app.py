"""The command line's tree and the options that commands share.

Rules: help is in the reader's language; the commands are registered by the modules `commands_*`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import App, Group, Parameter

from data.version import release
from schemas.text import Refusal, Text
from schemas.vocabulary import STAGES

STAGE_NAMES = "|".join(stage.value for stage in STAGES)


def _(zh: str, en: str) -> str:
    """A text in the reader's language."""
    return Text(zh, en).render()


def _group(zh: str, en: str) -> Group:
    return Group(_(zh, en))


def _below(name: str, zh: str, en: str) -> App:
    """A command that has commands of its own."""
    made = App(name=name, help=_(zh, en), result_action="return_value")
    made.group_commands = _group("命令", "Commands")
    made.group_parameters = _group("参数", "Parameters")
    made.group_arguments = _group("参数", "Arguments")
    return made


app = App(
    name="termgate",
    version=release,
    help=_("换届工作关口管理", "Gated workflows for a local term change"),
    group_commands=_group("命令", "Commands"),
    group_parameters=_group("参数", "Parameters"),
    group_arguments=_group("参数", "Arguments"),
    result_action="return_value",
    # `run_command` says what an interruption means.
    suppress_keyboard_interrupt=False,
)
gate = _below("gate", "查看关口", "Look at gates")
policy = _below("policy", "查看规则包", "Look at the policy")
key = _below("key", "经办人密钥", "Keys of officers")
audit = _below("audit", "查验留痕", "Audit the history")
ledger = _below("ledger", "留痕数据库", "The ledger's database")
for _sub in (gate, policy, key, audit, ledger):
    app.command(_sub)

HomeOption = Annotated[
    Path | None,
    Parameter(
        name="--home",
        help=_(
            "换届数据目录（默认 TERMGATE_HOME，再默认 ./home）",
            "folder of the cycle (default: TERMGATE_HOME, then ./home)",
        ),
    ),
]
JsonOption = Annotated[
    bool, Parameter(name="--json", negative="", help=_("输出 JSON", "print JSON"))
]
ScopeOption = Annotated[
    str,
    Parameter(
        name="--scope",
        help=_(
            "范围：cycle、行政区划代码（含下级）或单位编号",
            "cycle, a jurisdiction code (with all below it) or a unit id",
        ),
    ),
]
OfficerOption = Annotated[
    str, Parameter(name="--as", help=_("以哪位经办人的身份（编号）", "id of the officer who acts"))
]
PassphraseOption = Annotated[
    Path | None,
    Parameter(
        name="--passphrase-file",
        help=_(
            "口令文件（默认 TERMGATE_PASSPHRASE，再默认在终端询问）",
            "file with the passphrase (default: TERMGATE_PASSPHRASE, then the terminal is asked)",
        ),
    ),
]
KeyOption = Annotated[
    Path,
    Parameter(
        name="--key", help=_("私钥文件", "file with the private key, made by `termgate key new`")
    ),
]
ReasonOption = Annotated[str, Parameter(name="--reason", help=_("理由", "the reason in words"))]
UnitArgument = Annotated[str, Parameter(help=_("单位编号", "unit id"))]
StageArgument = Annotated[str, Parameter(help=STAGE_NAMES)]
OfficerArgument = Annotated[str, Parameter(help=_("经办人编号", "id of an officer"))]


@Parameter(name="*")
@dataclass(frozen=True)
class By:
    """Who acts, and where their private key is."""

    officer: OfficerOption
    key: KeyOption
    passphrase_file: PassphraseOption = None


def wrong_usage(zh: str, en: str) -> Refusal:
    """Arguments that do not go together."""
    return Refusal(Text(f"用法不对：{zh}", f"wrong usage: {en}"))


def taken_already(path: Path) -> Refusal:
    """Something stands where a file is to be written."""
    return Refusal(
        Text(
            f"{path}：已经存在，不予覆盖；换一个名称",
            f"{path}: exists already and is not written over; choose another name",
        )
    )
