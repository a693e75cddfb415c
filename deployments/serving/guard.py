"""The guard before the server: whose pages may call it, and under which names.

Rules: a request that a browser sends for a page of another origin is refused before Prefect sees
it, WebSockets included, which CORS and CSRF tokens do not cover; so is a request under a host name
that is not ours (a page may point its own name at this machine). Programs send no origin.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose


class OwnOrigins:
    """Lets through what names no origin, or one of ours."""

    def __init__(self, app: ASGIApp, origins: Iterable[str]) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or refuse it."""
        if scope["type"] in ("http", "websocket"):
            named = Headers(scope=scope).getlist("origin")
            if any(origin not in self._origins for origin in named):
                refusal: ASGIApp = (
                    WebSocketClose(code=1008)
                    if scope["type"] == "websocket"
                    else JSONResponse({"detail": "Origin not allowed."}, status_code=403)
                )
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def guarded(app: ASGIApp, origins: Iterable[str]) -> ASGIApp:
    """The app behind the guard; `origins` as scheme, host and port."""
    every = list(origins)
    hosts = sorted({urlsplit(origin).hostname or "" for origin in every})
    return OwnOrigins(TrustedHostMiddleware(app, allowed_hosts=hosts, www_redirect=False), every)
