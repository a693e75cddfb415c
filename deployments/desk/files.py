"""Files that are taken away from the desk: ask lists, rejected rows, receipts, the history.

Rules: each is for whoever may see what it holds, and is made at that moment; nobody else learns
that there is one. The history holds ids and no names, so that it is for everybody signed in; the
texts of reasons, which may name somebody, stay at the desk.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from data import receipts
from data.blobs import BlobStore
from deployments.desk import history_page, views
from deployments.desk.desk import Desk, gate_of
from deployments.desk.known import EXPORTS
from deployments.desk.sessions import Session
from schemas.text import language
from tasks.places import Places

if TYPE_CHECKING:
    from tasks.asklists.lists import AskList


async def ask_lists(desk: Desk, request: Request) -> Response:
    """What the own organ is asked for, in one's own place and below."""
    return await desk.page(
        request, "ask-lists", lambda session: {"lists": list(_lists_of(desk, session))}
    )


def _lists_of(desk: Desk, session: Session) -> Iterator[AskList]:
    key = desk.key_of(session)
    # A township's rows stand in its county's list, which is the county's to take away.
    below = set(Places(desk.ledger).below(key.jurisdiction))
    lists = desk.known.lists(key.jurisdiction) if below else ()
    yield from (one for one in lists if one.organ == key.organ and one.place in below)


async def ask_list(desk: Desk, request: Request) -> Response:
    """An ask list, as a workbook."""

    def made(session: Session) -> tuple[str, bytes]:
        from tasks.asklists.lists import list_bytes
        from tasks.asklists.record import Record

        for one in _lists_of(desk, session):
            if one.place == request.path_params["place"]:
                facts, due = desk.known.facts, desk.known.deadlines
                return one.file(language()), list_bytes(Record(facts.facts), one, due, language())
        raise HTTPException(HTTPStatus.NOT_FOUND)

    return await desk.file(request, made)


async def came_back(desk: Desk, request: Request) -> Response:
    """The rejected rows of a delivery, for who delivered it."""

    def made(session: Session) -> tuple[str, bytes]:
        seq = int(request.path_params["seq"])
        for entry in views.entries_in(desk.ledger, seq - 1, seq):
            for part in views.submissions_at(entry):
                if part.officer == session.officer and part.quarantine:
                    return f"{seq:06d}.xlsx", BlobStore(desk.home.blobs).get(part.quarantine)
        raise HTTPException(HTTPStatus.NOT_FOUND)

    return await desk.file(request, made)


async def receipt(desk: Desk, request: Request) -> Response:
    """The receipt of how a stage of a unit ended, as a file."""
    unit, stage = gate_of(request)

    def made(_: Session) -> tuple[str, bytes]:
        return f"{unit}-{stage.value}.receipt", receipts.receipt(desk.home, unit, stage.value)

    return await desk.file(request, made)


async def export(desk: Desk, request: Request) -> Response:
    """The whole history as the command line exports it, without what officers wrote as reasons."""
    suffix = EXPORTS.get(request.path_params["kind"])
    if suffix is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)

    def made(_: Session) -> tuple[str, bytes]:
        head = desk.known.head()
        return f"termgate-{head}{suffix}", desk.known.export(request.path_params["kind"])

    return await desk.file(request, made)


async def exporting(desk: Desk, request: Request) -> Response:
    """How far an export is that is being made; nothing where none is."""

    def made() -> dict[str, object]:
        if desk.session_of(request) is None:
            raise HTTPException(HTTPStatus.FORBIDDEN)
        found = desk.known.exporting.get((request.path_params["kind"], language()))
        return {"text": found[0].render(), "done": found[1], "of": found[2]} if found else {}

    return JSONResponse(await desk.threaded(request, made))


def asked_of(request: Request) -> dict[str, str]:
    """What is asked of the history."""
    return {name: request.query_params.get(name, "") for name in history_page.ASKED}


async def entries(desk: Desk, request: Request) -> Response:
    """The entries that are asked for, as CSV."""
    asked = asked_of(request)

    def made(_: Session) -> tuple[str, bytes]:
        name = f"termgate-entries-{desk.known.head()}.csv"
        return name, history_page.as_csv(desk.known, asked)

    return await desk.file(request, made)
