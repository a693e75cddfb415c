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
from data.acts import Key
from data.blobs import BlobStore
from deployments.desk import history_page, views
from deployments.desk.desk import Desk, gate_of
from deployments.desk.known import EXPORTS
from deployments.desk.sessions import Session
from schemas.text import language
from schemas.vocabulary import Organ
from tasks.places import Places

if TYPE_CHECKING:
    from tasks.asklists.lists import AskList


async def ask_lists(desk: Desk, request: Request) -> Response:
    """What the own organ is asked for, in one's own place and below."""
    return await desk.page(
        request, "ask-lists", lambda session: {"lists": list(_lists_of(desk, session))}
    )


def _lists_of(desk: Desk, session: Session) -> Iterator[tuple[AskList, bool]]:
    """The lists that the holder of a key may take away, and which are of another organ.

    What is asked of an organ of which nobody there or above could sign in is for the organisation
    department, where the pack lets it deliver all of that and they may see it.
    """
    key, places = desk.key_of(session), Places(desk.ledger)
    # A township's rows stand in its county's list, which is the county's to take away.
    below = set(places.below(key.jurisdiction))
    for one in desk.known.lists(key.jurisdiction) if below else ():
        if one.place not in below:
            continue
        if one.organ == key.organ:
            yield one, False
        elif (
            key.organ == Organ.ORGANISATION
            and _nobody_of(desk, one, places)
            and _delivers(desk, key, one, places)
        ):
            yield one, True


def _nobody_of(desk: Desk, one: AskList, places: Places) -> bool:
    """Whether no officer of the organ that a list asks could take it away."""
    near = places.above(one.place)
    keys = desk.known.keys.keys.values()
    return not any(
        key.current and key.organ == one.organ and key.jurisdiction in near for key in keys
    )


def _delivers(desk: Desk, key: Key, one: AskList, places: Places) -> bool:
    """Whether the holder of a key may see, and deliver, all that a list asks for."""
    from tasks.officers.seeing import may_hand_over

    rules, above = desk.known.facts.in_force.authorities.deliverers, places.above(one.place)
    return all(
        any(rule.covers(key.organ, name) and rule.admits(key.jurisdiction, above) for rule in rules)
        for name in one.registers
    ) and may_hand_over(desk.known.facts, (row.known for row in one.rows), key)


async def ask_list(desk: Desk, request: Request) -> Response:
    """An ask list, as a workbook."""

    def made(session: Session) -> tuple[str, bytes]:
        from tasks.asklists.lists import list_bytes
        from tasks.asklists.record import Record

        organ = request.query_params.get("organ", desk.key_of(session).organ)
        for one, _ in _lists_of(desk, session):
            if (one.place, one.organ.value) == (request.path_params["place"], organ):
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
