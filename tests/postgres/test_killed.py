"""A server that is killed again and again: nothing acknowledged is lost, nothing done twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest

from data.engines import Address
from data.home import Home
from data.ledger import Ledger
from data.verify import verify
from schemas.text import Unanswered
from schemas.vocabulary import Stage
from tests.postgres.conftest import At
from tests.support import cycle
from tests.support.notes import note
from tests.support.postgres import OwnServer
from tests.support.record import chained
from tests.support.signing import enrol, sign_all

pytestmark = pytest.mark.postgresql

TOWN = "640302103"
KILLS = 3
AGAIN_SECONDS = 0.1


@contextmanager
def killed_now_and_then(server: OwnServer, apart: float) -> Iterator[threading.Thread]:
    """Kill a server and start it again, a few times; the thread lives until that is over."""

    def kill() -> None:
        for _ in range(KILLS):
            time.sleep(apart)
            server.kill()
            server.start()

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield killer
    finally:
        killer.join()


def test_what_was_acknowledged_is_there_once_and_in_its_place(own: OwnServer) -> None:
    ledger = Ledger(Address(own.url("appended")))
    ledger.create()
    acknowledged: dict[int, int] = {}  # number of the entry → what it says
    unanswered: list[int] = []
    tried = 0
    with killed_now_and_then(own, 0.5) as killer:
        while killer.is_alive():
            tried += 1
            try:
                with ledger.transaction() as transaction:
                    seq = note(transaction, str(tried))
                    values = ("u", str(tried), seq, "open", "key")
                    transaction.set_state("INSERT INTO gates VALUES (?, ?, ?, ?, ?)", *values)
            except Unanswered:
                unanswered.append(tried)
                time.sleep(AGAIN_SECONDS)
            else:
                acknowledged[seq] = tried
    assert acknowledged
    assert unanswered
    entries, fault = chained(ledger)
    assert fault is None
    said = {entry["seq"]: int(entry["code"]) for entry in entries}
    assert said == said | acknowledged
    # What stands besides was done, and its answer lost: each once, and none half.
    assert set(said.values()) - set(acknowledged.values()) <= set(unanswered)
    assert len(set(said.values())) == len(said)
    assert len(ledger.query("SELECT * FROM gates")) == len(said)


def _opened(home: Home) -> Home:
    cycle.open_home(home.path, cycle.small_rows())
    enrol(home)
    return home


def _as_far_as_it_goes(home: Home) -> dict[str, object]:
    found: dict[str, object] = {}
    for stage in (Stage.PLAN, Stage.NOMINATION):
        cycle.launch(home, stage, TOWN)
        sign_all(home, stage, TOWN)
        found = dict(cycle.launch(home, stage, TOWN))
    return found


@pytest.mark.long
def test_a_cycle_ends_as_it_does_on_a_server_that_nobody_kills(own: OwnServer, at: At) -> None:
    quiet = _opened(at(own.url("quiet"), "quiet"))
    _as_far_as_it_goes(quiet)
    expected, handed_on = cycle.said(quiet), cycle.handed_on(quiet)

    home = _opened(at(own.url("killed"), "killed"))
    found: dict[str, object] = {}
    unanswered = 0
    with killed_now_and_then(own, 1.0) as killer:
        while killer.is_alive() or not found:
            try:
                found = _as_far_as_it_goes(home)
            except Unanswered:
                unanswered += 1
                time.sleep(AGAIN_SECONDS)
    assert unanswered
    assert set(_as_far_as_it_goes(home).values()) == {"open"}
    assert verify(home, blobs=True, acts=True)[1] is None
    assert cycle.said(home) == expected
    assert cycle.handed_on(home) == handed_on
    of_gate: dict[tuple[str, str], list[str]] = {}
    for one in cycle.entries(home, "decided"):
        of_gate.setdefault((one["unit"], one["stage"]), []).append(one["decision"])
    assert all(one != other for every in of_gate.values() for one, other in pairwise(every))
    signed = [(one["unit"], one["stage"], one["officer"]) for one in cycle.entries(home, "signed")]
    assert len(set(signed)) == len(signed)
    ended = [(one["unit"], one["stage"]) for one in cycle.entries(home, "handed-on")]
    assert len(set(ended)) == len(ended)
