"""A dump of a ledger on PostgreSQL, restored into an empty database, as docs/operating.md says."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from data.engines import Address
from data.home import Home
from data.verify import verify
from tasks.replay import replay
from tests.postgres.conftest import At
from tests.support import cycle, places
from tests.support.postgres import program
from tests.support.record import acted, decided
from tests.support.signing import enrol

TOWN = "640302103"

pytestmark = pytest.mark.postgresql


@pytest.fixture
def empty() -> Iterator[str]:
    """The name of an empty database, which is gone afterwards."""
    name = places.made_database()
    yield name
    places.drop_database(name)


def called(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; what it says of a failure fails the test."""
    path = program(name)
    assert path is not None, f"{name} is not installed"
    done = subprocess.run((path, *arguments), check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def _all(home: Home) -> tuple[object, ...]:
    """What a ledger says, and how often."""
    return cycle.said(home), cycle.handed_on(home), decided(home), acted(home)


def test_a_dump_restored_verifies_replays_keeps_its_guards_and_goes_on(
    at: At, url: str, empty: str, tmp_path: Path
) -> None:
    home = at(url)
    cycle.open_home(home.path, cycle.small_rows())
    enrol(home)
    cycle.run(home, "plan", TOWN)
    dump = str(tmp_path / "ledger.dump")
    shutil.copytree(home.path / "blobs", tmp_path / "restored" / "blobs")
    shutil.copytree(home.evaluators, tmp_path / "restored" / "evaluators")
    called("pg_dump", "--format=custom", f"--file={dump}", url)
    before = cycle.stored(home)
    cycle.run(home, "nomination", TOWN)
    went_on = _all(home)

    schema = url.rpartition("%3D")[2]
    called("pg_restore", "--exit-on-error", f"--dbname={places.address(empty)}", dump)
    restored = at(places.address(empty, schema), "restored")
    assert cycle.stored(restored) == before
    assert verify(restored, blobs=True, acts=True)[1] is None
    assert replay(restored).agrees
    with (
        pytest.raises(psycopg.errors.RestrictViolation),
        places.opened(Address(places.address(empty, schema))) as raw,
    ):
        raw.execute("UPDATE entries SET seq = seq")
    cycle.run(restored, "nomination", TOWN)
    assert _all(restored) == went_on
