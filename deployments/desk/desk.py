"""A desk: whose it is, who uses it, and what goes on record by it.

Rules: a session is asked for at each request, and what changes something needs its token too. What
a page shows comes from the ledger at that moment; a change is announced to every open page.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)

from data.acts import Key
from data.home import Home
from data.status import marks_of
from deployments.desk.guarding import LARGEST_BODY, Rate, body_of
from deployments.desk.known import Known
from deployments.desk.pages import environment
from deployments.desk.runs import ASKED_SECONDS, Runs
from deployments.desk.sessions import Session, Sessions
from schemas.encodings import to_base64
from schemas.refusals import ActRefused
from schemas.statements import Name
from schemas.text import Language, Refusal, language, reading_in
from schemas.vocabulary import STAGES, Stage

if TYPE_CHECKING:
    from tasks.officers.asking import Judge

COOKIE, LANGUAGE = "termgate-session", "termgate-language"
TOKEN = "x-termgate-token"  # noqa: S105 (the header's name)
LOOK_SECONDS = 0.5
# A run's id as Prefect gives it.
RUN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# So many files are read at once; others wait.
FILES = 2

Found = TypeVar("Found")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Asking(_Strict):
    """Who asks to sign in."""

    officer: Name


class SigningIn(_Strict):
    """A challenge, and the envelope in which its payload was signed."""

    officer: Name
    challenge: Name
    envelope: dict[str, Any]


class Desk:
    """The desk of a home, under `origins`; the first of them is its own name."""

    def __init__(
        self, home: Home, origins: Iterable[str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.home = home
        self.known = Known(home)
        self.ledger = self.known.ledger
        self.origins = list(origins)
        self.cycle = self.ledger.cycle()
        self.sessions = Sessions(self.cycle, self.origins[0], clock)
        self.rate = Rate(clock)
        self.runs = Runs(home, time.monotonic)
        self.pages = environment()
        self.secure = self.origins[0].startswith("https:")
        self._head = 0
        self._moved = asyncio.Condition()
        self._files = asyncio.Semaphore(FILES)

    # Readers

    @staticmethod
    def language_of(request: Request) -> Language:
        """The reader's language: as they chose, else as their browser says."""
        chosen = request.cookies.get(LANGUAGE)
        if chosen in ("zh", "en"):
            return "zh" if chosen == "zh" else "en"
        said = request.headers.get("accept-language", "")
        return "zh" if said.lower().startswith("zh") else "en" if said else language()

    async def threaded(self, request: Request, work: Callable[[], Found]) -> Found:
        """What `work` gives, in a thread of its own and in the reader's language."""

        def inside() -> Found:
            with reading_in(self.language_of(request)):
                return work()

        return await run_in_threadpool(inside)

    async def with_file(self, request: Request, work: Callable[[], Found]) -> Found:
        """What `work` gives that reads or makes a file."""
        async with self._files:
            return await self.threaded(request, work)

    def session_of(self, request: Request) -> Session | None:
        """Who asks."""
        cookie = request.cookies.get(COOKIE)
        return self.sessions.of(cookie, self.known.keys) if cookie else None

    def key_of(self, session: Session) -> Key:
        """The key by which a session was opened."""
        return self.known.keys.keys[session.key]

    async def page(
        self, request: Request, name: str, make: Callable[[Session], dict[str, Any]]
    ) -> Response:
        """A page for whoever signed in; others are sent to sign in."""

        def made() -> Response:
            session = self.session_of(request)
            if session is None:
                return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
            return self.rendered(request, name, session, **make(session))

        return await self.threaded(request, made)

    async def file(
        self, request: Request, make: Callable[[Session], tuple[str, bytes]]
    ) -> Response:
        """A file to be taken away, by its name, for whoever signed in."""

        def made() -> Response:
            session = self.session_of(request)
            if session is None:
                return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
            name, content = make(session)
            headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}"}
            return Response(content, media_type="application/octet-stream", headers=headers)

        return await self.with_file(request, made)

    def rendered(
        self,
        request: Request,
        name: str,
        session: Session | None,
        status: HTTPStatus = HTTPStatus.OK,
        **given: Any,
    ) -> HTMLResponse:
        """A page of this name."""
        return HTMLResponse(self.filled(request, name, session, **given), status)

    def filled(self, request: Request, name: str, session: Session | None, **given: Any) -> str:
        """A template, filled in."""
        text: str = self.pages.get_template(f"{name}.html").render(
            page=name,
            lang=self.language_of(request),
            path=request.url.path,
            session=session,
            head=self.known.head(),
            marks=marks_of(self.ledger),
            cycle=self.cycle,
            **given,
        )
        return text

    # Changes

    async def watch(self) -> None:
        """Tell the open pages when something was recorded."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            head = await run_in_threadpool(self.known.head)
            if head != self._head:
                async with self._moved:
                    self._head = head
                    self._moved.notify_all()

    async def _other_than(self, last: int, seconds: float | None) -> int:
        """The number of the last entry, as soon as it is another one or so many seconds went by."""
        async with self._moved:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait_for(lambda: self._head != last), seconds)
            return self._head

    async def events(self, request: Request) -> Response:
        """The number of the last entry, whenever it is another one: server-sent events.

        With `run`, also how far that run is, whenever that is something else, to its end.
        """
        session = await self.threaded(request, partial(self.session_of, request))
        if session is None:
            raise HTTPException(HTTPStatus.FORBIDDEN)
        run = request.query_params.get("run", "")

        async def stream() -> AsyncIterator[str]:
            last, shown, goes_on = -1, "", bool(RUN.fullmatch(run))
            while True:
                head = await self._other_than(last, ASKED_SECONDS if goes_on else None)
                if head != last:
                    last = head
                    yield f"data: {last}\n\n"
                if goes_on:
                    # A serve that is away or busy is asked again a second later.
                    with suppress(Refusal):
                        found = await self.threaded(request, partial(self.runs.of, run))
                        goes_on = found is not None and not found.ended
                        if found and found.progress_line != shown:
                            shown = found.progress_line
                            yield f"event: run\ndata: {shown}\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream")

    # Signing in

    async def challenge(self, request: Request) -> Response:
        """What is to be signed to sign in."""
        self.limit(request)
        asked = Asking.model_validate_json(await body_of(request))
        payload = self.sessions.challenge(asked.officer)
        return JSONResponse({"payload": to_base64(payload)})

    async def enter(self, request: Request) -> Response:
        """Open a session."""
        self.limit(request)
        given = SigningIn.model_validate_json(await body_of(request))

        def work() -> str:
            keys = self.known.keys
            return self.sessions.open(given.officer, given.challenge, given.envelope, keys)

        cookie = await self.threaded(request, work)
        answer = JSONResponse({"href": "/"})
        answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", secure=self.secure)
        return answer

    async def leave(self, request: Request) -> Response:
        """End the session."""
        await self.own(request)
        self.sessions.end(request.cookies.get(COOKIE, ""))
        answer = JSONResponse({"href": "/sign-in"})
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=self.secure)
        return answer

    def limit(self, request: Request) -> None:
        """Refuse an address that tries too often."""
        if self.rate.exceeded(request.client.host if request.client else ""):
            raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS)

    async def own(self, request: Request) -> Session:
        """The session of a request that changes something, which has to bring its token."""
        session = await self.threaded(request, partial(self.session_of, request))
        # As bytes: what is compared as text has to be ASCII, and a header need not be.
        token = request.headers.get(TOKEN, "").encode()
        if session is None or not secrets.compare_digest(session.token.encode(), token):
            raise HTTPException(HTTPStatus.FORBIDDEN)
        return session

    # Acts

    async def act(self, request: Request) -> Response:
        """Judge an act; answer with the statement to sign, or with the entry that was recorded."""
        # What judges needs pandas; pages that only show are there without.
        from deployments.desk.acts import ACTS, Enrol
        from tasks.officers.recording import Recorder
        from tasks.officers.signatories import ToSign

        kind = ACTS.get(request.path_params["act"])
        if kind is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        # Whoever enrols has nothing yet to sign in with.
        if kind is Enrol:
            self.limit(request)
        session = None if kind is Enrol else await self.own(request)
        given = kind.model_validate_json(await body_of(request, kind.largest))

        def work() -> dict[str, Any]:
            if session and given.envelope is None:
                self.refuse_asked(session, given.fault)
            recorder = Recorder(self.home)
            who = given.by(session, recorder.now())
            try:
                return {"seq": given.give(recorder, who)}
            except ToSign as shown:
                warnings = list(given.warnings(self.known))
                return {"payload": to_base64(shown.payload), "at": who.at, "warnings": warnings}

        threaded = self.threaded if kind.largest == LARGEST_BODY else self.with_file
        return JSONResponse(await threaded(request, work))

    def refuse_asked(self, session: Session, fault: Callable[[Judge], str]) -> None:
        """Show no statement of what would not be taken; nothing of it goes on record.

        Raises:
            ActRefused: it would not.
        """
        if code := fault(self.known.judge(self.key_of(session))):
            raise ActRefused(code)


def gate_of(request: Request) -> tuple[str, Stage]:
    """The unit and the stage that a request names.

    Raises:
        HTTPException: there is no such stage.
    """
    unit, named = request.path_params["unit"], request.path_params["stage"]
    if named not in set(STAGES):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return unit, Stage(named)
