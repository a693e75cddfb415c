"""The desk as an ASGI application: pages rendered from the ledger, and acts taken from browsers.

Rules: without a session there is nothing but signing in and enrolling a key. A refusal is shown in
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
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from data.blobs import BlobStore
from data.policies import in_force
from data.status import UnknownPlace, unit_names
from deployments.desk import files, history_page, people, proofs, runs, sheets, views
from deployments.desk.desk import LANGUAGE, Desk, gate_of
from deployments.desk.guarding import LARGEST_FILE, TooLarge, body_of, guarded_desk
from deployments.desk.sessions import Session
from deployments.scopes import UnknownScope, scope_of, scopes
from schemas.refusals import ActRefused
from schemas.text import Refusal, Text, reading_in
from tasks.export.page.board import live_board
from tasks.places import Places

STATIC = Path(__file__).with_name("static")
# What the report's pages have too.
SHARED: list[str | tuple[str, str]] = [("tasks.templates", "static")]
# So many rows of a kind are shown at most.
PAGE = 200
# So many gates are looked at and signed together at most.
TOGETHER = 50
YEAR_SECONDS = 365 * 24 * 3600
FAULT = Text("程序出错，没有任何关口因此通过；请联系系统维护人员",
             "a fault of ours; no gate opened by it; please report it")  # fmt: skip


# Pages


async def today(desk: Desk, request: Request) -> Response:
    """What waits for me."""
    return await desk.page(
        request, "today", lambda session: {"today": views.today(desk.known, desk.key_of(session))}
    )


async def board(desk: Desk, request: Request) -> Response:
    """Unit and stage, with forecasts; filtered by place, body, state and what closes."""
    names = ("scope", "body", "state", "check")
    asked = {name: request.query_params.get(name, "") for name in names}

    def made(_: Session) -> dict[str, Any]:
        known, warning = scopes(desk.ledger), ""
        found = views.Filtered([], [])
        try:
            found = views.board(desk.home, **{**asked, "scope": scope_of(known, asked["scope"])})
        except UnknownScope as unknown:
            warning = unknown.text.render()
        return {
            "shown": live_board(found.units),
            "asked": asked,
            "warning": warning,
            "scopes": known,
            "checks": found.checks,
            "counts": views.counted(found.units),
        }

    return await desk.page(request, "board", made)


async def rows(desk: Desk, request: Request) -> Response:
    """The rows of a gate's evidence that whoever signed in may see."""
    unit, stage = gate_of(request)

    def made(session: Session) -> dict[str, Any]:
        from tasks.officers.seeing import visible_rows

        if unit not in unit_names(desk.ledger):
            raise UnknownPlace(unit)
        key = desk.key_of(session)
        seen = visible_rows(desk.known.facts, unit, stage, key)
        return {"seen": seen, "unit": unit, "stage": stage, "most": PAGE}

    return await desk.page(request, "rows", made)


async def deadlines(desk: Desk, request: Request) -> Response:
    """What must be done by a day, in one's own place and below."""

    def made(session: Session) -> dict[str, Any]:
        places = Places(desk.ledger)
        below = set(places.below(desk.key_of(session).jurisdiction))
        due = [one for one in desk.known.deadlines if one.place.partition("-")[0] in below]
        on = desk.known.facts.on
        return {"due": due[:PAGE], "more": len(due[PAGE:]), "on": on, "places": places}

    return await desk.page(request, "deadlines", made)


async def gate(desk: Desk, request: Request) -> Response:
    """One gate, and what I may do about it."""
    unit, stage = gate_of(request)

    def made(session: Session) -> dict[str, Any]:
        from deployments.desk.gate_page import GatePage

        return GatePage(desk.known, desk.key_of(session), unit, stage).shown()

    return await desk.page(request, "gate", made)


async def sign(desk: Desk, request: Request) -> Response:
    """Every gate that waits for my signature, to be signed one after the other."""
    return await desk.page(
        request, "sign", lambda session: views.to_sign(desk.known, desk.key_of(session), TOGETHER)
    )


async def history(desk: Desk, request: Request) -> Response:
    """The entries that are asked for, newest first."""
    asked = files.asked_of(request)
    return await desk.page(
        request,
        "history",
        lambda session: history_page.shown(desk.known, asked, desk.key_of(session)),
    )


async def officers(desk: Desk, request: Request) -> Response:
    """Keys, those that wait for somebody to vouch for them, and deliveries to be confirmed."""
    names = ("text", "organ", "state")
    asked = people.Asked(*(request.query_params.get(name, "") for name in names))

    def made(session: Session) -> dict[str, Any]:
        return people.officers(desk.known, desk.known.keys.keys[session.key], asked)

    return await desk.page(request, "officers", made)


async def delivery(desk: Desk, request: Request) -> Response:
    """A delivery that waits for a confirmation, and what it would do."""

    def made(session: Session) -> dict[str, Any]:
        key = desk.key_of(session)
        found = views.delivery(desk.known, key, int(request.path_params["seq"]))
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return {"waiting": found, "most": PAGE}

    return await desk.page(request, "delivery", made)


async def objections(desk: Desk, request: Request) -> Response:
    """Objections, the rulings on them and who may rule, and waivers in force."""

    def made(session: Session) -> dict[str, Any]:
        from deployments.desk import objection_page

        return objection_page.shown(desk.known, desk.key_of(session))

    return await desk.page(request, "objections", made)


async def hand_in(desk: Desk, request: Request) -> Response:
    """Where files are handed in."""
    return await desk.page(request, "hand-in", lambda _: {})


async def look_through(desk: Desk, request: Request) -> Response:
    """What would become of a file; nothing of it is kept."""
    session = await desk.own(request)
    asked = sheets.Look.model_validate_json(await body_of(request, LARGEST_FILE))

    def made() -> dict[str, Any]:
        found = sheets.looked_at(desk.known, desk.key_of(session), asked)
        page = desk.filled(request, "looked", session, looked=found, most=sheets.SHOWN)
        return {**found.content(), "page": page}

    return JSONResponse(await desk.with_file(request, made))


async def stages(desk: Desk, request: Request) -> Response:
    """Where stages are launched, the last runs, and how far one of them is."""
    asked = request.path_params.get("run")

    def made(_: Session) -> dict[str, Any]:
        try:
            run = desk.runs.of(str(asked)) if asked else None
            found, refused = runs.recent(desk.home), ""
        except Refusal as refusal:
            return {"runs": [], "course": None, "refused": refusal.text, "scopes": {}}
        if asked and run is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        course = views.course(desk.known, run) if run else None
        known = runs.launchable(desk.ledger)
        return {"runs": found, "course": course, "refused": refused, "scopes": known}

    return await desk.page(request, "stages", made)


async def launch(desk: Desk, request: Request) -> Response:
    """Launch a stage; answers with the address of its run's page."""
    await desk.own(request)
    asked = runs.Launch.model_validate_json(await body_of(request))
    run = await desk.threaded(request, partial(runs.launched, desk.home, asked))
    return JSONResponse({"href": f"/stages/{run}"})


async def look_at(desk: Desk, request: Request) -> Response:
    """What a receipt or a checkpoint proves."""
    await desk.own(request)
    content = await body_of(request)
    text = await desk.with_file(request, partial(proofs.looked_at, desk.home, content))
    return JSONResponse({"text": text})


async def outside(desk: Desk, request: Request) -> Response:
    """The pages of somebody who has not signed in."""
    name = request.url.path.strip("/")

    def made() -> Response:
        rules = in_force(desk.ledger, BlobStore(desk.home.blobs)).authorities.vouching
        vouching = dict.fromkeys(one.text for one in rules)
        return desk.rendered(request, name, None, vouching=vouching)

    return await desk.threaded(request, made)


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
    """The status, the words and the code of what is said of an error."""
    match error:
        case ActRefused():
            return HTTPStatus.CONFLICT, error.text, error.code
        case Refusal():
            return HTTPStatus.CONFLICT, error.text, ""
        case TooLarge():
            message = Text("内容过大", "that is too large")
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, message, ""
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


async def _error_response(desk: Desk, request: Request, error: Exception) -> Response:
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
    "/sign": sign,
    "/history": history,
    "/officers": officers,
    "/delivery/{seq:int}": delivery,
    "/objections": objections,
    "/stages": stages,
    "/stages/{run:uuid}": stages,
    "/hand-in": hand_in,
    "/ask-lists": files.ask_lists,
    "/deadlines": deadlines,
    "/gate/{unit}/{stage}/rows": rows,
    "/ask-lists/{place}": files.ask_list,
    "/export/entries": files.entries,
    "/export/{kind}": files.export,
    "/came-back/{seq:int}": files.came_back,
    "/receipt/{unit}/{stage}": files.receipt,
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
            Route("/export/{kind}/progress", partial(files.exporting, desk)),
            Route("/challenge", desk.challenge, methods=["POST"]),
            Route("/enter", desk.enter, methods=["POST"]),
            Route("/leave", desk.leave, methods=["POST"]),
            Route("/acts/{act}", desk.act, methods=["POST"]),
            Route("/hand-in/look", partial(look_through, desk), methods=["POST"]),
            Route("/launch", partial(launch, desk), methods=["POST"]),
            Route("/proof", partial(look_at, desk), methods=["POST"]),
            Mount("/static", StaticFiles(directory=STATIC, packages=SHARED)),
        ],
        exception_handlers={kind: partial(_error_response, desk) for kind in errors},
        lifespan=living,
    )
    return guarded_desk(made, desk.origins)
