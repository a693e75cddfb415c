"""Of several that could watch one ledger, one does; when it is gone, another."""

from pathlib import Path

import pytest

from data.engines import Address
from deployments.serving.leadership import Leadership
from tests.support.patience import until
from tests.support.places import address, database, found
from tests.support.programs import lacking

CYCLE, OTHER = "a1" * 32, "b2" * 32

needs_postgresql = pytest.mark.skipif(not found(), reason=lacking("PostgreSQL"))


def test_a_ledger_in_a_file_is_watched_by_who_serves_its_home(tmp_path: Path) -> None:
    assert Leadership(tmp_path / "ledger.sqlite", CYCLE).held()


@needs_postgresql
def test_one_of_several_watches_and_another_takes_over() -> None:
    place = Address(address(database()))
    first, second = Leadership(place, CYCLE), Leadership(place, CYCLE)
    elsewhere = Leadership(place, OTHER)
    try:
        assert first.held()
        assert first.held()
        assert not second.held()
        assert elsewhere.held()
        # As a machine that is lost: nobody gives anything up, the connection ends.
        assert first._connection
        first._connection.close()
        # The server notices the end of a connection a moment later.
        until(second.held, "taken over")
        assert not first.held()
        second.give_up()
        until(first.held, "taken back")
    finally:
        for one in (first, second, elsewhere):
            one.give_up()


def test_a_database_that_is_away_is_watched_by_nobody() -> None:
    leadership = Leadership(Address("postgresql://nobody@127.0.0.1:1/none"), CYCLE)
    assert not leadership.held()
    assert not leadership.held()
