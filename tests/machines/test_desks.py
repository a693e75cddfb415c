"""The desks of the compose file behind their balancer's file, with the ledger in PostgreSQL.

Expected (issue 16): several desks stand behind one address. Who signed in at one of them stays with
it; another knows neither their challenge nor their session, so that what is good once is good once;
what is recorded at one stands on the pages of the other; when one dies its people sign in anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest
from httpx import AsyncClient, AsyncHTTPTransport, Limits, Request, Response

from data.verify import verify
from deployments.desk.desk import COOKIE
from deployments.desk.guarding import TRIES
from schemas.vocabulary import Outcome
from tests.authority.scene import LIAISON, SECRETARY, UNIT, case_of
from tests.desk.scene import Reader
from tests.machines.plant import LOCAL, PASSWORDS, Machine, Plant, answers
from tests.machines.shipped import DEPLOYMENTS
from tests.support.patience import PATIENCE, until
from tests.support.places import environment, found, in_postgresql
from tests.support.programs import lacking, path_of
from tests.support.server import free_port

pytestmark = pytest.mark.postgresql

HOST = "desk.example.org"
ADDRESS = f"https://{HOST}"
DESK = "termgate-desk"
GATE = {"unit": UNIT, "stage": "plan"}


@contextmanager
def behind_one_address(folder: Path, home: dict[str, str]) -> Iterator[Plant]:
    """Two desks of a home and the balancer before them, once all of them answer."""
    names = ("desk-1", "desk-2", "desks")
    given = {**PASSWORDS, "TERMGATE_DESK": ADDRESS}
    plant = Plant(folder, {name: free_port() for name in names}, {}, given)

    def machine(name: str, command: list[str], **more: str) -> Machine:
        asked = f"http://{LOCAL}:{plant.ports[name]}/sign-in"
        env = plant.env(name, **more)
        return Machine(name, command, env, lambda: answers(asked, HOST), folder)

    with ExitStack() as stack:
        for name in ("desk-1", "desk-2"):
            port = str(plant.ports[name])
            command = plant.command(name, **{"0.0.0.0": LOCAL, "4210": port})  # noqa: S104
            plant.machines[name] = machine(name, command, **home)
        settings = str(DEPLOYMENTS / "kubernetes" / "desks.cfg")
        bind = f"{LOCAL}:{plant.ports['desks']}"
        plant.machines["desks"] = machine(
            "desks", [path_of("haproxy"), "-db", "-f", settings], DESKS_BIND=bind
        )
        *desks, balancer = plant.machines.values()
        for one in (*desks, balancer):
            stack.callback(one.stop)
        for one in desks:
            one.launch()
        for one in desks:
            one.await_ready()
        # It believes that whoever stands behind it is there until it asked them.
        balancer.start()
        yield plant


class EndsTls(AsyncHTTPTransport):
    """What stands before the balancer, at a port, and has the certificate."""

    def __init__(self, port: int) -> None:
        # A connection that was kept may lead to a desk that is gone: a browser asks again then.
        super().__init__(limits=Limits(max_keepalive_connections=0))
        self._port = port

    async def handle_async_request(self, request: Request) -> Response:
        """Pass a request on in the clear."""
        url = request.url.copy_with(scheme="http", host=LOCAL, port=self._port)
        passed = Request(request.method, url, headers=request.headers, stream=request.stream)
        return await super().handle_async_request(passed)


@contextmanager
def visitor(plant: Plant, desk: str, officer: str = "") -> Iterator[Reader]:
    """A browser at the address that was at a desk before; of an officer who signs in."""
    with asyncio.Runner() as runner:
        before = EndsTls(plant.ports["desks"])
        client = AsyncClient(base_url=ADDRESS, transport=before, timeout=PATIENCE)
        client.cookies.set(DESK, desk, domain=HOST)
        reader = Reader(client, runner)
        try:
            if officer:
                assert reader.enter(officer).status_code == HTTPStatus.OK
            yield reader
        finally:
            runner.run(client.aclose())


def at(reader: Reader, desk: str) -> None:
    """Have the browser say that it was at another desk."""
    reader.client.cookies.set(DESK, desk, domain=HOST)


def test_two_desks_stand_behind_one_address(tmp_path: Path) -> None:
    if not found():
        pytest.skip(lacking("PostgreSQL"))
    with in_postgresql():
        case = case_of("decided", tmp_path / "home")
        with (
            behind_one_address(tmp_path, environment(case.home)) as plant,
            visitor(plant, "one", SECRETARY) as first,
            visitor(plant, "two", LIAISON) as second,
            visitor(plant, "") as newcomer,
        ):
            _stays(newcomer)
            for reader in (first, second):
                _is_known_at_its_desk_alone(reader, "one" if reader is first else "two")
            # Each signs at a desk of their own; what one did the other sees.
            assert first.act("sign", GATE, SECRETARY)[1].status_code == HTTPStatus.OK
            page = f"/gate/{UNIT}/plan"
            until(lambda: SECRETARY in second.get(page).text.partition("<main")[2], "the signature")
            assert second.act("sign", GATE, LIAISON)[1].status_code == HTTPStatus.OK
            _is_counted_by_address(newcomer)
            # Its people sign in anew at the other one, and nothing else changes.
            plant.machines["desk-1"].kill()
            until(lambda: first.get("/board").status_code == HTTPStatus.SEE_OTHER, "the other desk")
            assert second.get("/board").status_code == HTTPStatus.OK
            assert first.enter(SECRETARY).status_code == HTTPStatus.OK
            assert first.get("/board").status_code == HTTPStatus.OK
        assert case.launch() is Outcome.OPEN
        assert verify(case.home, acts=True)[1] is None


def _stays(reader: Reader) -> None:
    """The first answer says at which desk one is, to nobody but the balancer, and it stays so."""
    reader.client.cookies.clear()
    said = reader.get("/sign-in").headers["set-cookie"]
    name, _, rest = said.partition("=")
    assert name == DESK
    assert {part.strip().lower() for part in rest.split(";")[1:]} >= {
        "httponly", "secure", "samesite=strict",
    }  # fmt: skip
    for _ in range(4):
        assert "set-cookie" not in reader.get("/sign-in").headers
    assert reader.enter(LIAISON).status_code == HTTPStatus.OK
    assert {reader.get("/board").status_code for _ in range(4)} == {HTTPStatus.OK}


def _is_known_at_its_desk_alone(reader: Reader, desk: str) -> None:
    other = {"one": "two", "two": "one"}[desk]
    assert reader.client.cookies[COOKIE]
    assert reader.get("/board").status_code == HTTPStatus.OK
    at(reader, other)
    assert reader.get("/board").status_code == HTTPStatus.SEE_OTHER
    at(reader, desk)
    assert reader.get("/board").status_code == HTTPStatus.OK


def _is_counted_by_address(reader: Reader) -> None:
    """Tries are counted for whoever asks, as what ends TLS says, and not for the balancer."""

    def tries(address: str) -> int:
        asked = {"officer": LIAISON}
        return reader.post("/challenge", asked, **{"x-forwarded-for": address}).status_code

    made = [tries("192.0.2.1") for _ in range(TRIES + 1)]
    assert made == [HTTPStatus.OK] * TRIES + [HTTPStatus.TOO_MANY_REQUESTS]
    assert tries("192.0.2.2") == HTTPStatus.OK
