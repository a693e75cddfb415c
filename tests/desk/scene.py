"""A desk without a browser: requests as its pages send them, with keys of tests."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from httpx import ASGITransport, AsyncClient, Response

from data.home import Home
from deployments.desk.application import application
from deployments.desk.desk import TOKEN, Desk
from schemas.encodings import from_base64
from schemas.envelopes import sealed
from tests.authority.scene import Case
from tests.support.patience import until
from tests.support.server import free_port
from tests.support.signing import private_of

ORIGIN = "http://127.0.0.1:4210"


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


class Reader:
    """Somebody's browser at a desk."""

    def __init__(self, client: AsyncClient, runner: asyncio.Runner) -> None:
        self.client = client
        self.run = runner.run

    def get(self, path: str, **headers: str) -> Response:
        """A page."""
        return self.run(self.client.get(path, headers=headers))

    def post(self, path: str, content: object, **headers: str) -> Response:
        """What is sent."""
        body = content if isinstance(content, bytes) else json.dumps(content)
        return self.run(self.client.post(path, content=body, headers=headers))

    def enter(
        self, officer: str, private: Ed25519PrivateKey | None = None, by: str = ""
    ) -> Response:
        """Ask for a challenge, and sign in with it; `by` is who asked for it, if another did."""
        asked = self.post("/challenge", {"officer": by or officer}).json()["payload"]
        payload = from_base64(asked)
        envelope = sealed(payload, private or private_of(officer))
        content = {
            "officer": officer,
            "challenge": json.loads(payload)["challenge"],
            "envelope": envelope,
        }
        return self.post("/enter", content)

    @property
    def token(self) -> str:
        """What the pages send along."""
        page = self.get("/board").text
        return page.partition('name="termgate-token" content="')[2].partition('"')[0]

    def act(self, name: str, content: Mapping[str, Any], officer: str) -> tuple[Response, Response]:
        """An act: what is shown, and what becomes of it when it is signed."""
        headers = {TOKEN: self.token}
        shown = self.post(f"/acts/{name}", content, **headers)
        if shown.status_code != 200:
            return shown, shown
        payload = from_base64(shown.json()["payload"])
        given = {
            **content,
            "at": shown.json()["at"],
            "envelope": sealed(payload, private_of(officer)),
        }
        return shown, self.post(f"/acts/{name}", given, **headers)


@contextmanager
def desk_of(case: Case, clock: Callable[[], float] | None = None) -> Iterator[Desk]:
    """A desk of the case's home."""
    yield Desk(case.home, [ORIGIN, "http://localhost:4210"], clock or Clock())


@contextmanager
def reader_of(desk: Desk, officer: str = "") -> Iterator[Reader]:
    """A browser at the desk; of an officer who signed in, where one is named."""
    transport = ASGITransport(application(desk), raise_app_exceptions=False)
    with asyncio.Runner() as runner:
        reader = Reader(AsyncClient(transport=transport, base_url=ORIGIN), runner)
        if officer:
            assert reader.enter(officer).status_code == 200
        yield reader
        runner.run(reader.client.aclose())


@contextmanager
def desk_alone(home: Home) -> Iterator[str]:
    """`termgate desk` of a home; gives its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = "from deployments.cli import main; main()"
    process = subprocess.Popen(
        (sys.executable, "-c", command, "desk", "--home", str(home.path), "--port", str(port))
    )

    def answers() -> bool:
        try:
            return bool(urlopen(f"{address}/sign-in").status == 200)  # noqa: S310 (our own)
        except (URLError, OSError):
            return False

    try:
        until(answers, "the desk answers")
        yield address
    finally:
        process.terminate()
        process.wait()
