"""The guard before the server: which requests reach it."""

import asyncio
from typing import Any

import pytest

from deployments.serving.guard import guarded

ORIGINS = ("http://127.0.0.1:4200", "http://localhost:4200", "https://termgate.example")


def asked(kind: str, host: str, *origins: str) -> tuple[bool, list[dict[str, Any]]]:
    """Whether a request reaches the server, and what is sent back."""
    reached: list[str] = []
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        reached.append(scope["type"])

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", host.encode()), *((b"origin", one.encode()) for one in origins)]
    scope = {"type": kind, "path": "/api", "method": "POST", "headers": headers}
    asyncio.run(guarded(app, ORIGINS)(scope, receive, send))  # type: ignore[arg-type]
    return bool(reached), sent


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("origin", ORIGINS)
def test_our_own_pages_get_through(kind: str, origin: str) -> None:
    assert asked(kind, "127.0.0.1:4200", origin) == (True, [])


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_programs_get_through(kind: str) -> None:
    assert asked(kind, "localhost:4200") == (True, [])


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "origins",
    [
        ("http://evil.example",),
        ("null",),
        ("",),
        ("http://127.0.0.1:4201",),
        ("https://127.0.0.1:4200",),
        ("http://127.0.0.1:4200.evil.example",),
        ("http://127.0.0.1:4200", "http://evil.example"),
    ],
)
def test_other_pages_do_not(kind: str, origins: tuple[str, ...]) -> None:
    reached, sent = asked(kind, "127.0.0.1:4200", *origins)
    assert not reached
    assert sent[0].get("status", 403) == 403
    assert sent[0]["type"] in ("http.response.start", "websocket.close")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:4200", ""])
def test_no_request_under_another_name_gets_through(host: str) -> None:
    reached, sent = asked("http", host)
    assert not reached
    assert sent[0]["status"] == 400
