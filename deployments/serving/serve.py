"""The command `serve`: everything in its order, ready in half a minute, gone when it is told.

Rules: first the lock and the port, then the server and the process that is copied for runs, side by
side; then deployments and automations, then runs. Whatever ends this process ends all of it; in
order, runs end first, while there is a server to tell.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable
from contextlib import suppress
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.error import URLError
from urllib.request import urlopen

from cyclopts import Parameter

from data.home import named_home
from data.ledger import Ledger
from data.signers import check_decides
from deployments.app import HomeOption, _
from deployments.catalogue import CATALOGUE
from deployments.exits import DONE, FAULT, line_of, print_stderr
from deployments.serving.lifetime import Child, alone, own_desk, own_server
from deployments.serving.record import left
from deployments.serving.settings import (
    Plan,
    ServeRefused,
    kept_password,
    password_from,
    plan_of,
    prepare,
)
from deployments.serving.warm import Helper, nothing
from deployments.show import console
from schemas.text import Text

if TYPE_CHECKING:
    from deployments.serving.registering import Registry

START_SECONDS = 120
SET_UP_SECONDS = 10
# So many failures one after the other are printed.
SILENT = 6


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
                "口令文件（默认 TERMGATE_PASSWORD；都没有则自动生成，存于 serve.password）",
                "file with the password (default: TERMGATE_PASSWORD; without either one is made "
                "and kept in serve.password)",
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
    desk_port: Annotated[
        int | None, Parameter(help=_("办理台端口，默认4210", "port of the desk (default: 4210)"))
    ] = None,
    home: HomeOption = None,
) -> int:
    """Serve until told to stop; 0 after an end in order, 1 if the server ended by itself."""
    opened = named_home(home).of_this_release()
    check_decides(opened)
    plan = plan_of(opened, host=host, port=port, address=address, api=api, desk_port=desk_port)
    # Prefect's database, its log and what the inbox brings are for this user alone.
    os.umask(0o077)
    with alone(plan.home):
        password_file = password_file or kept_password(plan)
        password = password_from(password_file)
        prepare(plan, password)
        with own_server(plan) as server, own_desk(plan) as desk, Helper() as helper:
            return asyncio.run(_served(plan, server, desk, helper, password, password_file))


def _answers(plan: Plan) -> bool:
    try:
        with urlopen(f"{plan.api_url}/health", timeout=5) as answer:  # noqa: S310 (http, checked)
            return bool(answer.status == HTTPStatus.OK)
    except (URLError, OSError):
        return False


async def _ready(plan: Plan, server: Child | None) -> None:
    """Wait until the server answers.

    Raises:
        ServeRefused: it does not.
    """
    until = time.monotonic() + (START_SECONDS if server else 10)
    while not await asyncio.to_thread(_answers, plan):
        if server and not server.running():
            raise ServeRefused(
                Text(
                    f"Prefect 服务器没有启动，原因见 {server.log}",
                    f"the Prefect server did not start; {server.log} says why",
                )
            )
        if time.monotonic() > until:
            raise ServeRefused(
                Text(
                    f"{plan.api_url}：没有应答；检查地址和服务器是否在运行",
                    f"{plan.api_url}: no answer; check the address, and that the server runs",
                )
            )
        await asyncio.sleep(0.1)


async def _desk_kept(desk: Child | None) -> None:
    """Start the desk again where it ended by itself, and say so."""
    while True:
        await asyncio.sleep(1)
        if desk and not desk.running():
            print_stderr(_(f"办理台已终止，重新启动；原因见 {desk.log}",
                   f"the desk ended and is started again; {desk.log} says why"))  # fmt: skip
            desk.start_again()


async def _ended(server: Child | None) -> None:
    """Wait for the server's end, which nobody asked for."""
    while server is None or server.running():  # noqa: ASYNC110 (a process sets no event)
        await asyncio.sleep(0.5)


def _stopping() -> asyncio.Event:
    """Set when this process is told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _served(
    plan: Plan,
    server: Child | None,
    desk: Child | None,
    helper: Helper,
    password: str | None,
    file: Path | None,
) -> int:
    stop = _stopping()
    set_up = asyncio.ensure_future(_set_up(plan, server, helper))
    if not await _before(stop, set_up):
        set_up.cancel()
        with suppress(asyncio.CancelledError):
            await set_up
        return DONE
    work = [*await set_up, _desk_kept(desk)]
    with left(plan.home, plan.api_url, password):
        _say_ready(plan, server, file)
        return await _until_stopped(server, stop, work)


def _say_ready(plan: Plan, server: Child | None, file: Path | None) -> None:
    pages = plan.origin if server else plan.api_url.removesuffix("/api")
    desk = plan.desk_origins[0]
    lines = [
        Text(f"就绪：{pages}（Ctrl-C 停止）", f"ready: {pages} (Ctrl-C stops it)"),
        *([Text(f"办理台：{desk}", f"the desk: {desk}")] if server else []),
    ]
    if file:
        lines.append(Text(f"口令：见 {file}", f"the password: in {file}"))
    console().print("\n".join(line.render() for line in lines), soft_wrap=True)


async def _until_stopped(
    server: Child | None, stop: asyncio.Event, work: list[Awaitable[None]]
) -> int:
    running = [asyncio.ensure_future(one) for one in work]
    gone = asyncio.ensure_future(_ended(server))
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait([stopped, gone, *running], return_when=asyncio.FIRST_COMPLETED)
    stopping = stop.is_set()
    for one in (stopped, gone, *running):
        one.cancel()
    ends = await asyncio.gather(stopped, gone, *running, return_exceptions=True)
    if stopping:
        return DONE
    for end in ends:
        if isinstance(end, Exception):
            raise end
    print_stderr(
        Text(
            "Prefect 服务器意外停止，服务已结束；已记录的决定仍然有效，可以再次运行",
            "the Prefect server ended by itself and serving with it; what is on record stands",
        ).render()
    )
    return FAULT


async def _before(stop: asyncio.Event, work: asyncio.Future[Any]) -> bool:
    """Whether the work is done before we are told to stop."""
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait([work, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    return work.done()


async def _set_up(plan: Plan, server: Child | None, helper: Helper) -> list[Awaitable[None]]:
    """Get everything ready; returns what runs from then on."""
    loaded = asyncio.ensure_future(helper.ask(nothing))
    for module in ("registering", "watching"):
        await asyncio.to_thread(import_module, f"deployments.serving.{module}")
    await _ready(plan, server)
    from deployments.serving.registering import Registry
    from deployments.serving.watching import Watch
    from deployments.serving.worker import work

    registry = Registry(CATALOGUE, Ledger(plan.home.ledger), own=server is not None)
    await _registered(registry)
    await loaded
    watch = Watch(plan.home, helper, registry.ids)
    limit = max(2, os.cpu_count() or 1)
    return [work(registry.served, limit=limit), watch.run(), _kept_right(registry)]


async def _registered(registry: Registry) -> None:
    """Register the catalogue, and mark what an earlier serve left.

    Raises:
        ServeRefused: the server wants another password, or does not take what is registered.
    """
    from prefect.client.orchestration import get_client
    from prefect.exceptions import PrefectHTTPStatusError

    until = time.monotonic() + START_SECONDS
    while True:
        try:
            async with get_client() as client:
                await registry.set_right(client)
                return await registry.mark_left(client)
        except PrefectHTTPStatusError as error:
            status, asked = error.response.status_code, error.request.url.path
            if status == HTTPStatus.UNAUTHORIZED:
                raise ServeRefused(
                    Text(
                        "服务器不接受口令；用 --password-file 或 TERMGATE_PASSWORD 给出它的口令",
                        "the server does not accept the password; give its own by "
                        "--password-file or TERMGATE_PASSWORD",
                    )
                ) from None
            # What an earlier serve left is still ending, or the database is busy with it.
            if status < HTTPStatus.INTERNAL_SERVER_ERROR or time.monotonic() > until:
                raise ServeRefused(
                    Text(
                        f"Prefect 服务器没有接受登记（{status} {asked}）；原因见服务器日志",
                        f"the Prefect server did not take what is registered ({status} {asked}); "
                        "its log says why",
                    )
                ) from error
        await asyncio.sleep(1)


async def _kept_right(registry: Registry) -> None:
    """Set right, now and then, what somebody changed, disabled or deleted, and say so."""
    import httpx
    from prefect.client.orchestration import get_client
    from prefect.exceptions import PrefectException

    failed = 0
    async with get_client() as client:
        while True:
            await asyncio.sleep(SET_UP_SECONDS)
            try:
                await registry.set_right(client)
            except (httpx.HTTPError, PrefectException) as error:
                # A server that is away is asked again; so is one where something just went away.
                failed += 1
                if failed == SILENT:
                    print_stderr(
                        _(f"部署无法恢复（{line_of(error)}）", f"not set right: {line_of(error)}")
                    )
            else:
                failed = 0
            while registry.said:
                what = registry.said.pop(0)
                print_stderr(
                    _(
                        f"{what}：在 Prefect 中被改动、停用或删除，已恢复",
                        f"{what}: changed, disabled or deleted in Prefect; set right again",
                    )
                )
