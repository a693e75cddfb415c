"""The command line: `termgate`.

Rules: every command ends with 0 (all open, or done), 3 (blocked or waiting), 2 (bad input or
usage) or 1 (a fault of ours); whatever is refused is one line on standard error; help and output
are in the reader's language. Heavy libraries are loaded by the commands that need them only.
"""

from __future__ import annotations

import errno
import sys
import traceback
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from cyclopts import App, CycloptsError, Group, Parameter
from cyclopts.exceptions import (
    CoercionError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from data.version import release
from deployments import read
from deployments.exits import BAD_INPUT, CLOSED, FAULT, tell
from schemas.text import Refusal, Text, language
from schemas.vocabulary import STAGES

# A path that was given and cannot be read or written; anything else is no matter of input.
UNUSABLE_PATHS = frozenset(
    {
        errno.EACCES, errno.EEXIST, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOENT,
        errno.ENOTDIR, errno.EPERM, errno.EROFS,
    }
)  # fmt: skip


def _(zh: str, en: str) -> str:
    return Text(zh, en).render()


def _group(zh: str, en: str) -> Group:
    return Group(_(zh, en))


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
gate = App(name="gate", help=_("查看关口", "Look at gates"), result_action="return_value")
policy = App(
    name="policy", help=_("查看规则包", "Look at the policy"), result_action="return_value"
)
audit = App(name="audit", help=_("查验留痕", "Audit the history"), result_action="return_value")
for _sub in (gate, policy, audit):
    _sub.group_commands = _group("命令", "Commands")
    _sub.group_parameters = _group("参数", "Parameters")
    _sub.group_arguments = _group("参数", "Arguments")
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


@app.command(help=_("按规则包和工作簿开始一次换届", "Open a cycle from a policy pack and a book"))
def init(
    *,
    policy: Annotated[str, Parameter(help=_("规则包编号或 TOML 文件", "pack id or TOML file"))],
    book: Annotated[
        Path, Parameter(help=_("工作簿（XLSX）或 CSV 文件夹", "workbook (XLSX) or folder of CSV"))
    ],
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import write

    return write.init(home, policy, book, json=json)


@app.command(help=_("向一个台账报送文件", "Submit a file to a register"))
def submit(
    register: Annotated[str, Parameter(help=_("台账", "register"))],
    file: Annotated[Path, Parameter(help=_("XLSX 或 CSV 文件", "XLSX or CSV file"))],
    /,
    *,
    by: Annotated[str, Parameter(help=_("经办人编号", "id of the officer who delivers it"))],
    withdraw: Annotated[
        bool,
        Parameter(
            negative="",
            help=_("文件只列主键，撤回这些行", "the file lists keys only: withdraw those rows"),
        ),
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import write

    return write.submit(home, register, file, by, withdraw=withdraw, json=json)


@app.command(help=_("运行一个环节或整个换届", "Run a stage or the whole cycle"))
def run(
    stage: Annotated[str, Parameter(help="|".join([*(stage.value for stage in STAGES), "cycle"]))],
    /,
    *,
    scope: ScopeOption = "cycle",
    on: Annotated[
        datetime | None,
        Parameter(help=_("评审日期，默认今天", "day to look at the facts on (default: today)")),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import runs

    day: date = on.date() if on else datetime.now(ZoneInfo("Asia/Shanghai")).date()
    return runs.run(read.home_at(home), stage, scope, day, json=json)


@app.command(help=_("各单位走到哪一步", "Where every unit stands"))
def status(
    *, scope: ScopeOption = "cycle", home: HomeOption = None, json: JsonOption = False
) -> int:
    return read.status(read.home_at(home), scope, json=json)


@gate.command(name="show", help=_("一个关口的决定和原因", "The decision of a gate, and why"))
def gate_show(
    unit: Annotated[str, Parameter(help=_("单位编号", "unit id"))],
    stage: Annotated[str, Parameter(help="|".join(stage.value for stage in STAGES))],
    /,
    *,
    every: Annotated[
        bool, Parameter(name="--all", negative="", help=_("合格的也显示", "show passes too"))
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    return read.gate_show(read.home_at(home), unit, stage, json=json, every=every)


@policy.command(name="show", help=_("规则包或其中一项检查", "The policy pack, or one check of it"))
def policy_show(
    code: Annotated[str | None, Parameter(help=_("检查编号", "code of a check"))] = None,
    /,
    *,
    pack: Annotated[
        str | None,
        Parameter(
            name="--policy",
            help=_("规则包编号或文件，默认本次换届所用", "pack id or file (default: the cycle's)"),
        ),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    return read.policy_show(home, pack, code, json=json)


@audit.command(name="log", help=_("逐条列出留痕", "List the entries of the ledger"))
def audit_log(
    *,
    unit: Annotated[str | None, Parameter(help=_("单位编号", "unit id"))] = None,
    stage: Annotated[str | None, Parameter(help=_("环节", "stage"))] = None,
    since: Annotated[
        str | None,
        Parameter(help=_("从第几条或哪一天起", "from this entry number or day (2016-12-31) on")),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    return read.audit_log(read.home_at(home), unit, stage, since, json=json)


@audit.command(name="verify", help=_("校验整个留痕", "Verify the whole ledger"))
def audit_verify(*, home: HomeOption = None, json: JsonOption = False) -> int:
    return read.audit_verify(read.home_at(home), json=json)


@app.command(help=_("生成空白工作簿", "Write an empty workbook to fill in"))
def template(
    file: Annotated[Path, Parameter(help=_("要写的 XLSX 文件", "the XLSX file to write"))],
    /,
    *,
    register: Annotated[
        tuple[str, ...],
        Parameter(
            negative="", help=_("只要这些台账（可重复）", "only these registers (may be repeated)")
        ),
    ] = (),
) -> int:
    from deployments import write

    return write.template(file, register, language())


@app.command(help=_("演示：完整运行参考换届", "The main job: run the reference cycle whole"))
def demo(*, home: HomeOption = None) -> int:
    from deployments import demo as main_job

    return main_job.demo(home)


USAGE: dict[type[CycloptsError], Text] = {
    UnknownCommandError: Text("没有这个命令", "no such command"),
    UnknownOptionError: Text("没有这个选项", "no such option"),
    MissingArgumentError: Text("缺少参数", "an argument is missing"),
    RepeatArgumentError: Text("选项重复", "an option stands twice"),
    UnusedCliTokensError: Text("参数过多", "too many arguments"),
    CoercionError: Text(
        "参数值不对（日期写作 2016-12-31）", "a value does not fit (a date is 2016-12-31)"
    ),
}


def usage(error: CycloptsError) -> str:
    """What is wrong with a command line, in the reader's language, and the library's own words."""
    kind = next((text for known, text in USAGE.items() if isinstance(error, known)), None)
    what = kind or Text("用法不对", "wrong usage")
    return Text(
        f"{what.zh}；用 termgate --help 查看（{error}）",
        f"{what.en}; see `termgate --help` ({error})",
    ).render()


def options_last(arguments: list[str]) -> list[str]:
    """Put `--home` and `--json` behind the command, where somebody wrote them before it."""
    leading: list[str] = []
    rest = list(arguments)
    while rest and (rest[0] in ("--home", "--json") or rest[0].startswith("--home=")):
        width = 2 if rest[0] == "--home" else 1
        leading += rest[:width]
        rest = rest[width:]
    return rest + leading


def run_command(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code and raises nothing."""
    try:
        given = options_last(sys.argv[1:] if arguments is None else arguments)
        result = app(given, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        tell(usage(error))
        return BAD_INPUT
    except BrokenPipeError:
        return FAULT
    except KeyboardInterrupt:
        tell(
            _("已中断；已记录的决定仍然有效，可以再次运行", "interrupted; what is on record stands")
        )
        return FAULT
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else FAULT
    except Exception as error:
        return _told(error)
    return result if isinstance(result, int) else 0


def _told(error: Exception) -> int:
    """Tell an error in one line and choose its exit code."""
    if read.is_closed_ledger(error):
        tell(str(error))
        return CLOSED
    if isinstance(error, Refusal):
        tell(str(error))
        return BAD_INPUT
    if isinstance(error, OSError) and error.filename and error.errno in UNUSABLE_PATHS:
        shown = f"{error.filename}: {error.strerror}"
        tell(_(f"无法使用该路径：{shown}", f"this path cannot be used: {shown}"))
        return BAD_INPUT
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}:{place.lineno}"
    # The message of an unforeseen error may quote people's data: only its kind is told.
    tell(
        _(
            f"程序出错（{type(error).__name__}，{where}），没有任何关口因此打开；请联系维护人员",
            f"a fault of ours ({type(error).__name__} at {where}); no gate opened by it; please "
            "report it",
        )
    )
    return FAULT


def main() -> None:
    """The console script."""
    sys.exit(run_command())
