"""What waits for an officer besides gates: deliveries to confirm, keys to vouch for, other packs.

Rules: it is listed for whom organ, place and pack let act on it, and for nobody else.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.officers import keys
from tasks.officers.outstanding import Outstanding, outstanding_for
from tests.authority.rows_confirmations import invented, kept_waiting
from tests.authority.rows_packs import adopt
from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_LIAISON,
    CITY_SECRETARY,
    CITY_UNITED_FRONT,
    DELIVERER,
    DISCIPLINE,
    KEYLESS,
    LIAISON,
    NEIGHBOUR,
    PETITION,
    SECRETARY,
    TOWN_DISCIPLINE,
    UNITED_FRONT,
    Case,
    case_of,
)
from tests.support.signing import vouch, who

EVERYBODY = (
    CITY_SECRETARY, CITY_DISCIPLINE, CITY_LIAISON, CITY_UNITED_FRONT, SECRETARY, DELIVERER,
    DISCIPLINE, LIAISON, UNITED_FRONT, PETITION, NEIGHBOUR, TOWN_DISCIPLINE,
)  # fmt: skip


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return case_of("short", tmp_path / "home")


def waits(case: Case, officer: str) -> Outstanding:
    case.recorder.follow()
    history = case.recorder.history
    key = history.acts.keys.of(officer)
    assert key is not None
    return outstanding_for(case.home, history.acts.keys, history.waiting, key)


def listed(case: Case, what: Callable[[Outstanding], object]) -> set[str]:
    """The officers for whom there is something of that."""
    return {one for one in EVERYBODY if what(waits(case, one))}


def test_nothing_waits_before_anybody_acts(case: Case) -> None:
    assert listed(case, bool) == set()


def test_a_key_is_listed_for_those_whom_it_waits_for(case: Case) -> None:
    keys.enrol(case.recorder, who(KEYLESS))
    # Not for colleagues, those below or next door, or an organ that vouches for nobody.
    able = {CITY_DISCIPLINE, CITY_LIAISON, CITY_UNITED_FRONT, DISCIPLINE, LIAISON, UNITED_FRONT}
    assert listed(case, lambda one: one.keys) == able
    vouch(case.recorder, KEYLESS, who(DISCIPLINE))
    # It waits for another organ then.
    assert listed(case, lambda one: one.keys) == able - {DISCIPLINE, CITY_DISCIPLINE}
    vouch(case.recorder, KEYLESS, who(LIAISON))
    assert listed(case, lambda one: one.keys) == set()


def test_a_delivery_is_listed_for_other_organs_there_and_above(case: Case) -> None:
    kept_waiting(case, "officers", invented(), by=LIAISON)
    others = {CITY_SECRETARY, CITY_DISCIPLINE, CITY_UNITED_FRONT, SECRETARY, DELIVERER, DISCIPLINE}
    assert listed(case, lambda one: one.deliveries) == others | {UNITED_FRONT, PETITION}


def test_a_pack_is_listed_for_the_other_organs_that_may_adopt_it(case: Case) -> None:
    (seq,) = adopt(case, CITY_SECRETARY)
    assert listed(case, lambda one: one.packs) == {CITY_DISCIPLINE, CITY_LIAISON}
    assert list(waits(case, CITY_DISCIPLINE).packs) == [seq]
    adopt(case, CITY_DISCIPLINE)
    assert listed(case, lambda one: one.packs) == set()
