"""Histories in which days pass: late reports, launches on any day, forecasts, and a replay.

Whatever day somebody asks for, what is on record by then is looked at, days never go back, no day
of a fact comes after that of a decision, forecasts change nothing, and a replay agrees with every
decision, in a historical cycle and in a live one.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from data.blobs import BlobStore
from data.days import DayRefused
from data.home import Home
from data.ledger import Ledger
from data.registers import read_registers
from data.submissions import submissions_of
from data.verify import verify
from schemas.registers import REGISTERS
from schemas.vocabulary import STAGES, Stage
from tasks.forecasting import forecast_ahead
from tasks.gate.snapshot import open_snapshot
from tasks.replay import replay
from tests.support import cycle
from tests.support.marks import of_all
from tests.support.signing import sign_all

UNIT, PLACE = "640302103-congress", "640302103"
DAY = timedelta(days=1)
REPORT = next(row for row in cycle.small_rows()["reports"])

# What is done (`kind`), and by how many days it asks to go on or back.
DEEDS = st.lists(
    st.tuples(st.sampled_from(("launch", "report", "sign", "forecast")), st.integers(-2, 3)),
    min_size=3,
    max_size=9,
)


def deed(home: Home, number: int, kind: str, wanted: date | None) -> None:
    """One of them; what is refused leaves nothing behind."""
    stage = STAGES[number % 3]
    match kind:
        case "launch":
            cycle.launch(home, stage.value, UNIT, wanted)
        case "report":
            received = wanted or Ledger(home.ledger).day()
            row = {**REPORT, "report": f"r-late-{number}", "unit": UNIT, "received_on": received}
            row |= {"candidate": None, "accepted_on": None, "closed_on": None}
            cycle.deliver(home, "reports", [row], day=wanted)
        case "sign":
            sign_all(home, Stage.PLAN, UNIT)
        case "forecast":
            before = cycle.stored(home)
            forecast_ahead(open_snapshot(home, UNIT, wanted), UNIT)
            assert cycle.stored(home) == before


def latest_fact(home: Home) -> date:
    """The last day on which anything on record happened."""
    frames = read_registers(BlobStore(home.blobs), submissions_of(Ledger(home.ledger)))
    last: list[date] = [
        frame[spec.name].max().date()
        for name, frame in frames.items()
        for spec in REGISTERS[name].columns
        # A birth may be a month, and is text.
        if spec.happened and frame[spec.name].dtype.kind == "M" and frame[spec.name].notna().any()
    ]
    return max(last)


@pytest.mark.reduced("histories are drawn by lot")
@settings(max_examples=of_all(3, 16))
@given(deeds=DEEDS)
def test_days_pass_and_nothing_on_record_is_left_out(deeds: list[tuple[str, int]]) -> None:
    folder = tempfile.mkdtemp(prefix="termgate-lived-")
    try:
        home = cycle.small_home(Path(folder) / "home")
        for number, (kind, days) in enumerate(deeds):
            reached = Ledger(home.ledger).day()
            wanted, before = reached + days * DAY, cycle.stored(home)
            try:
                deed(home, number, kind, wanted)
            except DayRefused:
                assert days < 0
                assert cycle.stored(home) == before
            else:
                assert days >= 0 or kind == "sign"
            now = Ledger(home.ledger).day()
            assert now in (reached, wanted) if days >= 0 else now == reached
            assert latest_fact(home) <= now
        ons = [one["on"] for one in cycle.entries(home)]
        assert ons == sorted(ons)
        assert verify(home, acts=True)[1] is None
        assert replay(home, every=True).agrees
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_live_cycle_replays_too(tmp_path: Path) -> None:
    home = cycle.open_home(tmp_path / "home", cycle.small_rows(), historical=None)
    for number, kind in enumerate(("launch", "report", "launch", "forecast", "launch")):
        deed(home, number, kind, None)
    assert cycle.entries(home, "decided")
    assert verify(home, acts=True)[1] is None
    assert replay(home, every=True).agrees
