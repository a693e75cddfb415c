"""The command line: `termgate`.

Rules: every command ends with 0 (all open, or done), 3 (blocked or waiting), 2 (bad input or
usage) or 1 (a fault of ours); whatever is refused is one line on standard error; help and output
are in the reader's language. Heavy libraries are loaded by the commands that need them only.
"""

from __future__ import annotations

import errno
import gc
import re
import sqlite3
import sys

from cyclopts import CycloptsError
from cyclopts.exceptions import (
    CoercionError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from data.blobs import BlobError
from data.engines import DiskFull, LedgerFault, is_full
from data.ledger import LedgerBroken
from deployments.app import _, app
from deployments.exits import BAD_INPUT, CLOSED, FAULT, fault_of, print_stderr
from schemas.text import Refusal, Text, language, reading_in

__all__ = ["app", "main", "run_command"]

# A path that was given and cannot be read or written; anything else is no matter of input.
UNUSABLE_PATHS = frozenset(
    {
        errno.EACCES, errno.EEXIST, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOENT,
        errno.ENOTDIR, errno.EPERM, errno.EROFS,
    }
)  # fmt: skip


USAGE: dict[type[CycloptsError], Text] = {
    UnknownCommandError: Text("没有这个命令", "no such command"),
    UnknownOptionError: Text("没有这个选项", "no such option"),
    MissingArgumentError: Text("缺少参数", "an argument is missing"),
    RepeatArgumentError: Text("选项重复", "an option stands twice"),
    UnusedCliTokensError: Text("参数过多", "too many arguments"),
    CoercionError: Text("参数值不对", "a value does not fit"),
}
EXPECTED: dict[object, Text] = {
    int: Text("整数", "a whole number"),
    bool: Text("不带值的开关", "a switch that takes no value"),
}


def usage(error: CycloptsError) -> str:
    """What is wrong with a command line, in the reader's language, and the library's own words."""
    if isinstance(error, CoercionError) and (said := _unfit(error)):
        return said.render()
    kind = next((text for known, text in USAGE.items() if isinstance(error, known)), None)
    what = kind or Text("用法不对", "wrong usage")
    return Text(
        f"{what.zh}；用 termgate --help 查看（{error}）",
        f"{what.en}; see `termgate --help` ({error})",
    ).render()


def _unfit(error: CoercionError) -> Text | None:
    """What was expected of an argument, and what was given, where both are known."""
    expected, token, argument = EXPECTED.get(error.target_type), error.token, error.argument
    if expected is None or token is None or argument is None:
        return None
    name = token.keyword or argument.name.lstrip("-").upper()
    return Text(
        f"{name} 应为{expected.zh}，写的是“{token.value}”",
        f"{name} is {expected.en}, and “{token.value}” was given",
    )


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
        # Asked of the environment once, not for each of the thousands of texts of a list.
        with reading_in(language()):
            result = app(given, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        print_stderr(usage(error))
        return BAD_INPUT
    except BrokenPipeError:
        return FAULT
    except KeyboardInterrupt:
        print_stderr(
            _("已中断；已记录的决定仍然有效，可以再次运行", "interrupted; what is on record stands")
        )
        return FAULT
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else FAULT
    except Exception as error:
        return _report_error(error)
    return result if isinstance(result, int) else 0


def _report_error(error: Exception) -> int:
    """Report an error in one line and choose its exit code."""
    if is_full(error):
        error = DiskFull()
    # The record itself does not hold, so that nothing is open.
    if isinstance(error, LedgerBroken | LedgerFault | BlobError | sqlite3.DatabaseError):
        print_stderr(str(error))
        return CLOSED
    if isinstance(error, Refusal):
        for line in error.lines:
            print_stderr(line.render())
        return BAD_INPUT
    if setting := _setting(error):
        print_stderr(setting.render())
        return BAD_INPUT
    if isinstance(error, OSError) and error.filename and error.errno in UNUSABLE_PATHS:
        shown = f"{error.filename}: {error.strerror}"
        print_stderr(_(f"无法使用该路径：{shown}", f"this path cannot be used: {shown}"))
        return BAD_INPUT
    print_stderr(fault_of(error).render())
    return FAULT


def _setting(error: Exception) -> Text | None:
    """What is wrong with Prefect's settings (environment, `.env`, `prefect.toml`), if that is it.

    Prefect reads them when it is loaded, by whichever command; it is not loaded for this.
    """
    kind, of = type(error).__name__, str(getattr(error, "title", ""))
    if kind == "SettingsError":
        return Text(f"Prefect 的设置无法读取：{error}", f"Prefect's settings: {error}")
    if kind != "ValidationError" or not of.endswith("Settings"):
        return None
    # Those of a part of the settings are a class, such as ServerAPISettings.
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+", of.removesuffix("Settings"))
    (where, *_), *_ = (one["loc"] for one in error.errors())  # type: ignore[attr-defined]
    name = "_".join(["PREFECT", *words, str(where)]).upper()
    return Text(
        f"{name}：Prefect 的这项设置不可用；改正或去掉它（环境变量、.env 或 prefect.toml）",
        f"{name}: this setting of Prefect's does not hold; mend or remove it (environment, .env or "
        "prefect.toml)",
    )


# Modules, entries and registers that are loaded stay until the end: looking for garbage among them
# after every 700 new objects is a tenth of what a short command costs, and more of a long list.
COLLECT_AFTER = 1_000_000


def main() -> None:
    """The console script."""
    gc.set_threshold(COLLECT_AFTER)
    code = run_command()
    # Nor is anything sought among them once more when the process ends.
    gc.freeze()
    sys.exit(code)
