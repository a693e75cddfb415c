"""The command that serves: for coordinators, the only one they need a shell for.

Rules: as in `commands_cycle`.
"""

# ruff: noqa: D103 (the help text, in both languages, says it)

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from deployments import read
from deployments.app import HomeOption, _, app


@app.command(
    help=_("启动 Prefect 界面、各环节的部署和自动运行", "Serve the Prefect pages and every stage")
)
def serve(
    *,
    host: Annotated[
        str | None,
        Parameter(help=_("监听地址，默认仅本机", "address to listen on (default: this machine)")),
    ] = None,
    port: Annotated[int | None, Parameter(help=_("端口，默认4200", "port (default: 4200)"))] = None,
    address: Annotated[
        str | None,
        Parameter(
            help=_(
                "其他机器打开界面所用的地址，如 https://termgate.example",
                "address under which others open the pages, as https://termgate.example",
            )
        ),
    ] = None,
    password_file: Annotated[
        Path | None,
        Parameter(
            help=_(
                "口令文件（默认 TERMGATE_PASSWORD；不设则无口令）",
                "file with the password (default: TERMGATE_PASSWORD; none: no password)",
            )
        ),
    ] = None,
    api: Annotated[
        str | None,
        Parameter(
            help=_(
                "已在运行的 Prefect 服务器的 API 地址（默认 PREFECT_API_URL），不再另启",
                "API of a Prefect server that runs already (default: PREFECT_API_URL)",
            )
        ),
    ] = None,
    on: Annotated[
        datetime | None,
        Parameter(
            help=_("评审日期，默认每次运行当天", "day of all runs (default: the day of each)")
        ),
    ] = None,
    home: HomeOption = None,
) -> int:
    from deployments.serving import serve, settings

    password = settings.password_from(password_file)
    plan = settings.plan_of(
        read.home_at(home),
        host=host,
        port=port,
        address=address,
        api=api,
        on=on.date() if on else None,
        password=password,
    )
    return serve.serve(plan, password)
