"""Fanning out over cities: at their own pace, not too many at once, and none holds another."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prefect import State
from prefect.states import Cancelled, Completed, Failed

from data.home import VARIABLE, Home
from data.ledger import Ledger
from flows import cities as module
from schemas.envelopes import public_text, raw_public
from schemas.vocabulary import WORKS
from tests.support import cycle
from tests.support.evaluators import signer

CITIES = tuple(f"6{number}0000" for number in range(1, 6))
STAGE_NAMES = [work.value for work in WORKS]


class Elsewhere:
    """Runs of deployments as a server would tell of them; `ends` says how those of a city end."""

    def __init__(self, ends: dict[str, State[Any] | Exception]) -> None:
        self.ends = ends
        self.launched: list[tuple[str, str]] = []
        self.under_way = 0
        self.most = 0

    async def __call__(self, name: str, parameters: dict[str, str], **_: Any) -> Any:
        stage = name.split("/", maxsplit=1)[0]
        self.launched.append((parameters["scope"], stage))
        assert parameters["on"] == cycle.ON.isoformat()
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0.01)
        self.under_way -= 1
        end = self.ends.get(parameters["scope"], Completed(name="Open"))
        if isinstance(end, Exception):
            raise end
        return SimpleNamespace(state=end)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A cycle of five cities, each with a county."""
    made = Home(tmp_path)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    ledger = Ledger(made.ledger, day=date(2016, 9, 1))
    ledger.create()
    with ledger.transaction() as transaction:
        known = signer()
        transaction.append(
            "opened", pack="cn-2016", policy="0" * 64, book="0" * 64, founders=[],
            record="termgate-record-2", evidence="termgate-evidence-2",
            evaluator=known.name, public=public_text(raw_public(known.private)), historical=True,
            trial=False,
        )  # fmt: skip
        for city in CITIES:
            county = city[:2] + "0100"
            for code, level, parent in ((city, "city", None), (county, "county", city)):
                transaction.set_state(
                    "INSERT INTO units VALUES (?, ?, ?, ?, ?, ?)",
                    f"{code}-congress", code, code, level, "congress", parent,
                )  # fmt: skip
    return made


def run(
    monkeypatch: pytest.MonkeyPatch, ends: dict[str, State[Any] | Exception], scope: str = "cycle"
) -> tuple[Elsewhere, State[Any]]:
    """Run the flow's own function, with runs elsewhere that end as told."""
    elsewhere = Elsewhere(ends)
    monkeypatch.setattr(module, "arun_deployment", elsewhere)
    return elsewhere, asyncio.run(module.cities.fn(scope, cycle.ON))


def test_every_city_goes_through_its_stages_in_order(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere, state = run(monkeypatch, {})
    assert state.name == "Open"
    for city in CITIES:
        assert [stage for scope, stage in elsewhere.launched if scope == city] == STAGE_NAMES
    assert Counter(scope for scope, _ in elsewhere.launched) == dict.fromkeys(CITIES, 5)


@pytest.mark.parametrize(
    ("end", "name"),
    [
        (Failed(name="Blocked"), "Blocked"),
        (Cancelled(name="Waiting"), "Waiting"),
        (Failed(name="Crashed"), "Blocked"),
        (RuntimeError("no such deployment"), "Blocked"),
    ],
)
def test_a_city_that_does_not_go_on_holds_no_other(
    home: Home, monkeypatch: pytest.MonkeyPatch, end: State[Any] | Exception, name: str
) -> None:
    elsewhere, state = run(monkeypatch, {CITIES[1]: end})
    assert state.name == name
    assert (state.is_cancelled(), state.is_failed()) == (name == "Waiting", name == "Blocked")
    for city in set(CITIES) - {CITIES[1]}:
        assert [stage for scope, stage in elsewhere.launched if scope == city] == STAGE_NAMES
    told = type(end).__name__ if isinstance(end, Exception) else end.name
    told = told.lower() if told in ("Blocked", "Waiting") else told
    assert f"{CITIES[1]}: {told}" in (state.message or "")


def test_no_more_runs_than_said_are_under_way(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    assert run(monkeypatch, {})[0].most == 2


def test_a_scope_below_a_city_is_one_part(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere, _ = run(monkeypatch, {}, scope="610100")
    assert {scope for scope, _ in elsewhere.launched} == {"610100"}


def test_an_empty_cycle_is_not_open(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(home.ledger).transaction() as transaction:
        transaction.set_state("DELETE FROM units")
    assert run(monkeypatch, {})[1].name != "Open"
