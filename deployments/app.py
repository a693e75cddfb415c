"""The command line's tree, and the options that commands share.

Rules: help is in the reader's language; a command's function stands next to the work that it does,
annotated with its arguments, and its module is loaded when it is run or its help is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import App, Group, Parameter, Token

from data.version import release
from deployments.commands import COMMANDS, GROUPS
from schemas.text import LANGUAGES, Refusal, Text
from schemas.vocabulary import STAGES, WORKS, Stage, Term

STAGE = Text("环节", "stage")
STAGE_NAMES = "|".join(stage.label.render() for stage in STAGES)
WORK_NAMES = "|".join(work.label.render() for work in WORKS)


def _(zh: str, en: str) -> str:
    """A text in the reader's language."""
    return Text(zh, en).render()


def _app(name: str, title: str) -> App:
    """The program, or a command that has commands of its own."""
    made = App(
        name=name,
        version=release,
        help=title,
        result_action="return_value",
        # `run_command` says what an interruption means.
        suppress_keyboard_interrupt=False,
    )
    made.group_commands = Group(_("命令", "Commands"))
    made.group_parameters = Group(_("参数", "Parameters"))
    made.group_arguments = Group(_("参数", "Arguments"))
    return made


def _tree() -> App:
    """The program with its commands; none of their modules is loaded."""
    whole = _app("termgate", _("换届工作关口管理", "Gated workflows for a local term change"))
    for name, title in GROUPS.items():
        whole.command(_app(name, title.render()))
    for typed, (function, does) in COMMANDS.items():
        *above, name = typed.split()
        within = whole[above[0]] if above else whole
        within.command(f"deployments.{function}", name=name, help=does.render())
    return whole


app = _tree()

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


def _scope(_kind: object, tokens: Sequence[Token]) -> str:
    """A scope as it was typed; the whole cycle may be called by its Chinese name."""
    typed = tokens[0].value
    return "cycle" if typed == "换届" else typed


def wrong_usage(zh: str, en: str) -> Refusal:
    """Arguments that do not go together."""
    return Refusal(Text(f"用法不对：{zh}", f"wrong usage: {en}"))


def day_read(typed: str) -> date:
    """A day as it was typed, in any form in which a sheet may have it.

    Raises:
        Refusal: it is none, or may be several.
    """
    from tasks.intake.characters import Problem
    from tasks.intake.days import written_day
    from tasks.intake.refusal import render

    day = written_day(typed.strip())
    if isinstance(day, Problem):
        why = {lang: render(day.reason, day.arguments, lang) for lang in LANGUAGES}
        raise wrong_usage(f"“{typed}”：{why['zh']}", f"“{typed}”: {why['en']}")
    return day


def day_typed(_kind: object, tokens: Sequence[Token]) -> date:
    """The day that an option gives."""
    return day_read(tokens[0].value)


def code_named(name: str, what: Text, terms: Sequence[Term], *others: Text) -> str:
    """The code of the one of some terms, or of some other words, that somebody typed.

    Raises:
        Refusal: it is none of them; all of them are listed.
    """
    from schemas.aliases import term_code

    codes = [*(one.value for one in terms), *(one.en for one in others)]
    code = next((one.en for one in others if name == one.zh), term_code(type(terms[0]), name))
    if code in codes:
        return code
    names = "、".join([*(one.label.zh for one in terms), *(one.zh for one in others)])
    raise Refusal(
        Text(
            f"{name}：没有这个{what.zh}；可用{names}",
            f"{name}: no such {what.en}; use {', '.join(codes)}",
        )
    )


def stage_named(name: str) -> Stage:
    """The stage of that code or name; any other is refused."""
    return Stage(code_named(name, STAGE, STAGES))


ScopeOption = Annotated[
    str,
    Parameter(
        name="--scope",
        converter=_scope,
        help=_(
            "范围：换届、行政区（含下级）或单位，写代码或名称",
            "cycle, a jurisdiction (with all below it) or a unit, by code or name",
        ),
    ),
]
DayOption = Annotated[
    date | None,
    Parameter(
        name="--day",
        converter=day_typed,
        help=_(
            "哪一天的事（只用于历史换届；默认记录已到的日期）",
            "the day it is of, in a historical cycle alone (default: the day that the record has "
            "reached)",
        ),
    ),
]
OfficerOption = Annotated[
    str,
    Parameter(name="--as", help=_("以哪位责任人员的身份（编号）", "id of the officer who acts")),
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
ReasonOption = Annotated[str, Parameter(name="--reason", help=_("原因", "the reason in words"))]
UnitArgument = Annotated[str, Parameter(help=_("单位编号或名称", "id or name of a unit"))]
StageArgument = Annotated[str, Parameter(help=STAGE_NAMES)]
OfficerArgument = Annotated[str, Parameter(help=_("责任人员编号", "id of an officer"))]


@Parameter(name="*")
@dataclass(frozen=True)
class By:
    """Who acts, and where their private key is."""

    officer: OfficerOption
    key: KeyOption
    passphrase_file: PassphraseOption = None
    day: DayOption = None
