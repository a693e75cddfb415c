"""The measurements work, on the smallest cycle; what they measure is for `make bench`."""

import io
import json
from dataclasses import asdict
from pathlib import Path

import pytest
from rich.console import Console

from data.home import Home
from tests.benchmarks import peers
from tests.benchmarks.__main__ import arguments
from tests.benchmarks.cities import measured
from tests.benchmarks.cycles import open_home, size_for
from tests.benchmarks.measures import measure_plain, measure_verification, measure_vetting
from tests.benchmarks.results import Gates, Pair, Peer, Report, Scale, this_machine
from tests.benchmarks.tables import tables
from tests.generator.base import Size
from tests.support.cycle import small_rows


def shown(report: Report) -> str:
    written = io.StringIO()
    console = Console(width=300, file=written)
    for table in tables(report):
        console.print(table)
    return written.getvalue()


@pytest.mark.long
def test_a_small_cycle_is_measured_and_shown(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    made = open_home(home, [small_rows()])
    vetted = measure_vetting(home)
    report = Report(this_machine())
    report.scales.append(Scale(10, made.rows, made.generate, made.store, [vetted]))
    report.plain.append(measure_plain(home))
    report.verified.append(measure_verification(home, times=2))
    report.peers += [
        Peer("one", "1.0", [Pair(2.0, 3.0, 0.1), Pair(2.0, 5.0, 0.1), Pair(1.0, 2.0, 0.1)]),
        Peer("other", skipped="skipped: no environment"),
    ]
    text = shown(report)
    assert vetted.units == vetted.opened == 10
    assert vetted.seconds > 0
    assert vetted.megabytes > 0
    assert f"{vetted.candidates:,}" in text
    assert "2.00" in text
    assert "no environment" in text
    assert str(tmp_path) not in json.dumps(asdict(report))


@pytest.mark.long
def test_a_changed_row_is_decided_once_a_round() -> None:
    assert len(measured(cities=1, rounds=2)) == 2


def test_sizes_are_as_near_as_whole_numbers_allow() -> None:
    assert size_for(1_000) == Size(1, 6)
    assert size_for(100_000) == Size(10, 86)


def test_a_peer_without_script_or_environment_is_skipped(tmp_path: Path) -> None:
    engine = peers.ENGINES[0]
    with pytest.raises(peers.Absent, match="--install"):
        peers.version(engine, tmp_path)
    with pytest.raises(peers.Absent, match=engine.script):
        peers.run(engine, tmp_path, tmp_path)


def test_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TERMGATE_PEERS", raising=False)
    given = arguments(["--only", "decisions", "--sizes", "1000,20_000"])
    assert given.only == ["decisions"]
    assert given.sizes == [1_000, 20_000]
    with pytest.raises(SystemExit):
        arguments(["--only", "peers"])


@pytest.mark.benchmark
def test_the_gates_with_the_server(tmp_path: Path) -> None:
    from tests.benchmarks.__main__ import measure

    measure("open", tmp_path / "home")
    run = Gates(**measure("gates", tmp_path / "home"))
    assert run.whole
