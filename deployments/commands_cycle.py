"""The commands of a cycle: opening, submitting, running, and where everything stands.

Rules: a command only calls the function that does its work; heavy libraries are loaded by the
commands that need them.
"""

# ruff: noqa: D103 (the help text, in both languages, says it)

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from cyclopts import Parameter

from deployments import read
from deployments.app import (
    STAGE_NAMES,
    HomeOption,
    JsonOption,
    ScopeOption,
    StageArgument,
    UnitArgument,
    _,
    app,
    gate,
    policy,
)
from schemas.text import language


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
    stage: Annotated[str, Parameter(help=f"{STAGE_NAMES}|cycle")],
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
    unit: UnitArgument,
    stage: StageArgument,
    /,
    *,
    every: Annotated[
        bool, Parameter(name="--all", negative="", help=_("合格的也显示", "show passes too"))
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    from deployments import gates

    return gates.gate_show(read.home_at(home), unit, stage, json=json, every=every)


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
