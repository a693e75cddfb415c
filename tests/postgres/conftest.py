"""A schema of the test server, a server of the tests' own, and homes whose ledgers stand there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import psycopg
import pytest

from data.engines import Address
from data.home import Home
from data.ledger import Ledger
from tests.support import places
from tests.support.postgres import OwnServer, own_server, program
from tests.support.programs import lacking


class At(Protocol):
    """Let `TERMGATE_LEDGER` name an address; returns a home of it."""

    def __call__(self, url: str, name: str = "home") -> Home: ...


@pytest.fixture
def url() -> str:
    """The address of a schema that nobody made yet."""
    if not places.found():
        pytest.skip(lacking("PostgreSQL"))
    return places.address(places.database(), f"s{uuid4().hex}")


@pytest.fixture(scope="module")
def own() -> Iterator[OwnServer]:
    if program("initdb") is None:
        pytest.skip(lacking("PostgreSQL"))
    with own_server() as server:
        yield server


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> At:
    monkeypatch.setenv("TERMGATE_LANG", "en")

    def named(url: str, name: str = "home") -> Home:
        monkeypatch.setenv("TERMGATE_LEDGER", url)
        monkeypatch.setenv("TERMGATE_HOME", str(tmp_path / name))
        return Home(tmp_path / name)

    return named


@pytest.fixture
def ledger(url: str) -> Ledger:
    made = Ledger(Address(url))
    made.create()
    return made


@pytest.fixture
def role() -> Iterator[str]:
    """An ordinary role."""
    if not places.found():
        pytest.skip(lacking("PostgreSQL"))
    name = f"app_{uuid4().hex[:12]}"
    with psycopg.connect(places.server(), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'appended'".encode())
    yield name
    with psycopg.connect(places.address(places.database()), autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {name} CASCADE".encode())
        connection.execute(f"DROP ROLE {name}".encode())
