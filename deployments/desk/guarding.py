"""What stands before the desk: whose pages may call it, how much they may send, and how often.

Rules: another host's name or another origin's page is refused before anything is looked at; what
changes something needs a session's own token besides its cookie; nothing that is answered may be
kept, framed, or run anything but the desk's own script. A body is bounded, and so is how often one
address may ask to sign in or to enrol.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deployments.exits import fault_of, print_stderr
from deployments.serving.guard import guarded

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
LARGEST_BODY = 1 << 16
# What hands a file in, as base64: the file may have some 9 MB.
LARGEST_FILE = 12 << 20
# What somebody who signs in by hand never reaches.
TRIES, WITHIN_SECONDS = 30, 60.0
ADDRESSES = 10_000


class TooLarge(Exception):
    """A body that is larger than anything that is sent here."""


async def body_of(request: Request, largest: int = LARGEST_BODY) -> bytes:
    """The body of a request.

    Raises:
        TooLarge: it is larger than `largest` bytes.
    """
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > largest:
            raise TooLarge
    return bytes(found)


class Rate:
    """How often an address may try something; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._tries: OrderedDict[str, list[float]] = OrderedDict()

    def exceeded(self, address: str) -> bool:
        """Count one try, and say whether it is one too many."""
        now = self._clock()
        recent = [at for at in self._tries.pop(address, []) if now - at < WITHIN_SECONDS]
        self._tries[address] = [*recent, now][-TRIES - 1 :]
        while len(self._tries) > ADDRESSES:
            self._tries.popitem(last=False)
        return len(recent) >= TRIES


class _Headed:
    """Adds the headers to whatever is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        if scope["type"] not in ("http", "lifespan"):
            await PlainTextResponse("", status_code=404)(scope, receive, send)
            return
        try:
            await self._app(scope, receive, headed)
        except Exception as error:
            # It was answered. Whoever logs it otherwise would quote what it says.
            print_stderr(fault_of(error).render())


def guarded_desk(app: ASGIApp, origins: Iterable[str]) -> ASGIApp:
    """The desk behind its guard; `origins` as scheme, host and port."""
    return _Headed(guarded(app, origins))
