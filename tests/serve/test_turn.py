"""Of several that could watch one ledger, one does; when it is gone, another."""

from pathlib import Path

import pytest

from data.engines import Address
from deployments.serving.turn import Turn
from tests.support.patience import until
from tests.support.places import address, database, found
from tests.support.programs import lacking

CYCLE, OTHER = "a1" * 32, "b2" * 32

needs_postgresql = pytest.mark.skipif(not found(), reason=lacking("PostgreSQL"))


def test_a_ledger_in_a_file_is_watched_by_who_serves_its_home(tmp_path: Path) -> None:
    assert Turn(tmp_path / "ledger.sqlite", CYCLE).mine()


@needs_postgresql
def test_one_of_several_watches_and_another_takes_over() -> None:
    place = Address(address(database()))
    first, second, elsewhere = Turn(place, CYCLE), Turn(place, CYCLE), Turn(place, OTHER)
    try:
        assert first.mine()
        assert first.mine()
        assert not second.mine()
        assert elsewhere.mine()
        # As a machine that is lost: nobody gives anything up, the connection ends.
        assert first._connection
        first._connection.close()
        # The server notices the end of a connection a moment later.
        until(second.mine, "taken over")
        assert not first.mine()
        second.give_up()
        until(first.mine, "taken back")
    finally:
        for one in (first, second, elsewhere):
            one.give_up()


def test_a_database_that_is_away_leaves_the_turn_to_nobody() -> None:
    turn = Turn(Address("postgresql://nobody@127.0.0.1:1/none"), CYCLE)
    assert not turn.mine()
    assert not turn.mine()
