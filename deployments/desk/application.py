"""The desk as an ASGI application: pages rendered from the ledger, and acts taken from browsers.

Rules: without a session there is nothing but signing in and enrolling a key. A refusal is told in
the reader's language, and nothing of a fault of ours but that it is one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from data import receipts
from data.history import keyring
from data.status import unit_names
from deployments.desk import runs, views
from deployments.desk.desk import LANGUAGE, Desk
from deployments.desk.guarding import TooLarge, body_of, guarded_desk
from deployments.desk.sessions import Session
from schemas.refusals import ActRefused
from schemas.text import Refusal, Text, reading_in
from schemas.vocabulary import STAGES, Stage
from tasks.export.log import selected, wanted

STATIC = Path(__file__).with_name("static")
# Entries of a page of the history, newest first.
PAGE = 200
YEAR_SECONDS = 365 * 24 * 3600
FAULT = Text("程序出错，没有任何关口因此通过；请联系系统维护人员",
             "a fault of ours; no gate opened by it; please report it")  # fmt: skip


# Pages


async def today(desk: Desk, request: Request) -> Response:
    """What waits for me."""
    return await desk.page(
        request, "today", lambda session: {"today": views.today(desk.home, session.officer)}
    )


async def board(desk: Desk, request: Request) -> Response:
    """Unit and stage, with forecasts; filtered by place and state."""
    scope, state = (request.query_params.get(name, "") for name in ("scope", "state"))

    def made(_: Session) -> dict[str, Any]:
        units = views.board(desk.home, scope, state)
        return {
            "units": units,
            "scope": scope,
            "state_asked": state,
            "counts": views.counted(units),
        }

    return await desk.page(request, "board", made)


async def gate(desk: Desk, request: Request) -> Response:
    """One gate, and what I may do about it."""
    unit, named = request.path_params["unit"], request.path_params["stage"]
    if named not in set(STAGES):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    stage = Stage(named)

    def made(session: Session) -> dict[str, Any]:
        return {
            "gate": views.gate(desk.home, unit, stage),
            "item": views.mine(desk.home, session.officer, unit, stage),
            "unit": unit,
            "stage": stage,
        }

    return await desk.page(request, "gate", made)


async def history(desk: Desk, request: Request) -> Response:
    """The entries that are asked for, newest first."""
    names = ("unit", "stage", "officer", "check", "outcome", "since", "until")
    asked = {name: request.query_params.get(name, "") for name in names}

    def made(_: Session) -> dict[str, Any]:
        what = wanted(**{name: value or None for name, value in asked.items()})
        found = list(selected(desk.ledger.entries(max(what.since.seq - 1, 0)), what))
        return {"asked": asked, "entries": found[::-1][:PAGE], "count": len(found), "most": PAGE}

    return await desk.page(request, "history", made)


async def officers(desk: Desk, request: Request) -> Response:
    """Keys, and those that wait for somebody to vouch for them."""

    def made(session: Session) -> dict[str, Any]:
        ring = keyring(desk.ledger)
        return {
            "keys": views.keys_by_officer(ring),
            "pending": views.pending_keys(ring),
            "mine": ring.keys[session.key],
        }

    return await desk.page(request, "officers", made)


async def objections(desk: Desk, request: Request) -> Response:
    """Objections, the rulings on them, and who may rule."""
    names = partial(unit_names, desk.ledger)
    return await desk.page(
        request,
        "objections",
        lambda _: {"objections": views.objections(desk.home), "names": names()},
    )


async def launch(desk: Desk, request: Request) -> Response:
    """Launch a stage; answers with the address of its run."""
    await desk.own(request)
    asked = runs.Launch.model_validate_json(await body_of(request))
    href = await desk.threaded(request, partial(runs.launched, desk.home, asked))
    return JSONResponse({"href": href})


async def look_at(desk: Desk, request: Request) -> Response:
    """What a receipt proves."""
    await desk.own(request)
    content = await body_of(request)
    return JSONResponse(
        {"text": await desk.threaded(request, partial(runs.looked_at, desk.home, content))}
    )


async def receipt(desk: Desk, request: Request) -> Response:
    """The receipt of how a stage of a unit ended, as a file."""
    unit, named = request.path_params["unit"], request.path_params["stage"]
    if named not in set(STAGES):
        raise HTTPException(HTTPStatus.NOT_FOUND)

    def made() -> Response:
        if desk.session_of(request) is None:
            return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
        content = receipts.receipt(desk.home, unit, named)
        name = f"{unit}-{named}.receipt"
        return Response(
            content,
            media_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    return await desk.threaded(request, made)


async def outside(desk: Desk, request: Request) -> Response:
    """The pages of somebody who has not signed in."""
    name = request.url.path.strip("/")
    return await desk.threaded(request, lambda: desk.rendered(request, name, None))


async def speak(_: Desk, request: Request) -> Response:
    """Choose a language, and go back."""
    chosen = request.path_params["lang"]
    if chosen not in ("zh", "en"):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    back = request.query_params.get("back", "/")
    # A path of our own, and nobody else's: no scheme, no host.
    inside = back.startswith("/") and not back.startswith(("//", "/\\"))
    answer = RedirectResponse(back if inside else "/", HTTPStatus.SEE_OTHER)
    answer.set_cookie(LANGUAGE, chosen, max_age=YEAR_SECONDS, samesite="strict", httponly=True)
    return answer


# What went wrong


def _status_of(error: Exception) -> tuple[HTTPStatus, Text, str]:
    """The status, the words and the code of what is told of an error."""
    match error:
        case ActRefused():
            return HTTPStatus.CONFLICT, error.text, error.code
        case Refusal():
            return HTTPStatus.CONFLICT, error.text, ""
        case TooLarge():
            told = Text("内容过大", "that is too large")
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, told, ""
        case ValidationError():
            return HTTPStatus.UNPROCESSABLE_ENTITY, Text("内容不合要求", "malformed"), ""
        case HTTPException():
            status = HTTPStatus(error.status_code)
            return status, _WORDS.get(status, Text(status.phrase, status.phrase)), ""
    return HTTPStatus.INTERNAL_SERVER_ERROR, FAULT, ""


_WORDS = {
    HTTPStatus.NOT_FOUND: Text("没有这个页面", "there is no such page"),
    HTTPStatus.FORBIDDEN: Text("请先登录", "sign in first"),
    HTTPStatus.METHOD_NOT_ALLOWED: Text("不能这样请求", "not to be asked in this way"),
    HTTPStatus.TOO_MANY_REQUESTS: Text("尝试太频繁，请稍后再试", "too many tries; wait a minute"),
}


async def _told(desk: Desk, request: Request, error: Exception) -> Response:
    """What went wrong, in the reader's language, as a page or as JSON."""
    status, text, code = _status_of(error)
    with reading_in(desk.language_of(request)):
        said = text.render()
    if request.method == "POST":
        return JSONResponse({"text": said, "code": code}, status)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        # A page says what the ledger says, which may be what failed.
        return PlainTextResponse(said, status)
    return await desk.threaded(
        request,
        lambda: desk.rendered(request, "refused", desk.session_of(request), status, said=said),
    )


Page = Callable[[Desk, Request], Awaitable[Response]]
PAGES: dict[str, Page] = {
    "/": today,
    "/board": board,
    "/gate/{unit}/{stage}": gate,
    "/history": history,
    "/officers": officers,
    "/objections": objections,
    "/receipt/{unit}/{stage}": receipt,
    "/sign-in": outside,
    "/enrol": outside,
    "/language/{lang}": speak,
}


def application(desk: Desk) -> ASGIApp:
    """The desk, behind its guard."""

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(desk.watch())
        yield
        watching.cancel()

    errors = [ActRefused, Refusal, TooLarge, ValidationError, HTTPException, Exception]
    made = Starlette(
        routes=[
            *(Route(path, partial(page, desk)) for path, page in PAGES.items()),
            Route("/events", desk.events),
            Route("/challenge", desk.challenge, methods=["POST"]),
            Route("/enter", desk.enter, methods=["POST"]),
            Route("/leave", desk.leave, methods=["POST"]),
            Route("/acts/{act}", desk.act, methods=["POST"]),
            Route("/launch", partial(launch, desk), methods=["POST"]),
            Route("/receipt", partial(look_at, desk), methods=["POST"]),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        exception_handlers={kind: partial(_told, desk) for kind in errors},
        lifespan=living,
    )
    return guarded_desk(made, desk.origins)
