"""Registering on a server that is still busy with what an earlier serve left.

Expected: a server's own fault (5xx) passes and is asked again; what it refuses (4xx) never does,
and is told with what was asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
import pytest
from prefect.exceptions import PrefectHTTPStatusError

from deployments.serving import serve
from deployments.serving.registering import Registry
from deployments.serving.settings import ServeRefused


class Refusing:
    """Stands in for the catalogue on a server that answers so, one after the other."""

    def __init__(self, *answers: int) -> None:
        self._answers: Iterator[int] = iter(answers)
        self.done: list[str] = []

    async def set_right(self, _: object) -> None:
        request = httpx.Request("PATCH", "http://127.0.0.1:1/api/deployments/1")
        status = next(self._answers)
        if status != httpx.codes.OK:
            answer = httpx.Response(status, request=request)
            plain = httpx.HTTPStatusError("no", request=request, response=answer)
            raise PrefectHTTPStatusError.from_httpx_error(plain)
        self.done.append("set right")

    async def mark_left(self, _: object) -> None:
        self.done.append("marked")


@pytest.fixture(autouse=True)
def client(monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def nobody() -> AsyncIterator[None]:
        yield

    async def at_once(_: float) -> None:
        return None

    monkeypatch.setattr("prefect.client.orchestration.get_client", nobody)
    monkeypatch.setattr("asyncio.sleep", at_once)


def registered(*answers: int) -> list[str]:
    registry = Refusing(*answers)
    asyncio.run(serve._registered(cast("Any", registry)))
    return registry.done


def test_a_busy_server_is_asked_again() -> None:
    assert registered(500, 503, 500, 200) == ["set right", "marked"]


def test_a_server_that_stays_broken_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "START_SECONDS", 0)
    with pytest.raises(ServeRefused, match="500 /api/deployments/1"):
        registered(500, 500)


@pytest.mark.parametrize(("status", "told"), [(422, "422 /api/deployments/1"), (401, "password")])
def test_what_is_refused_is_not_asked_again(status: int, told: str) -> None:
    with pytest.raises(ServeRefused, match=told):
        registered(status)


def test_the_stand_in_has_what_is_asked_of_the_registry() -> None:
    asked = {name for name in vars(Refusing) if not name.startswith("_")}
    assert asked <= set(vars(Registry))
