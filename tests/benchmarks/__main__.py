"""`python -m tests.benchmarks`: measure, and print tables."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.benchmarks import peers
from tests.benchmarks.results import (
    Gates,
    Pair,
    Peer,
    Report,
    Scale,
    Timings,
    Verified,
    Vetted,
    this_machine,
)
from tests.benchmarks.tables import tables

PARTS = ("gates", "peers", "decisions", "ledger")
SIZES = (1_000, 10_000, 100_000)
REPEAT = 3


Run = TypeVar("Run", Gates, Vetted)


class Broken(Exception):
    """A measurement did not end as it should; the message is its last line."""


def measure(what: str, home: Path, *more: object) -> dict[str, Any]:
    """Run one measurement in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.measures", what, home, *more]
    done = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        # Prefect, pointed to somebody's server, would be measured there.
        env={name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")},
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no output"]
        raise Broken(f"{what}: {lines[-1]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def whole(run: Run) -> Run:
    """The run, if it decided everything."""
    if not run.whole:
        raise Broken(f"only {run.opened} gates opened: nothing is measured by that")
    return run


class Bench:
    """The measurements, with their progress."""

    def __init__(self, given: argparse.Namespace, folder: Path, progress: Progress) -> None:
        self.given = given
        self.folder = folder
        self.progress = progress
        self.report = Report(this_machine())
        self._reference: Path | None = None

    @contextmanager
    def home(self, opened: Path | None = None) -> Iterator[Path]:
        """A home that is gone afterwards: empty, or a copy of an opened one."""
        path = Path(tempfile.mkdtemp(dir=self.folder)) / "home"
        try:
            if opened:
                shutil.copytree(opened, path)
            yield path
        finally:
            shutil.rmtree(path.parent, ignore_errors=True)

    def reference(self) -> Path:
        """The clean reference cycle, opened and not yet run."""
        if self._reference is None:
            path = self.folder / "reference"
            self.once("making the reference cycle", "open", path)
            self._reference = path
        return self._reference

    def ours(self) -> Gates:
        """One run of the five stage flows."""
        with self.home(self.reference()) as home:
            run = whole(Gates(**measure("gates", home)))
        self.report.gates.append(run)
        return run

    def gates(self) -> None:
        """The flows with the server, as often as asked."""
        for _ in self.steps("693 gates, server running", self.given.repeat):
            self.ours()

    def peers(self) -> None:
        """Each peer beside ours."""
        scripts = self.given.peers
        for engine in peers.ENGINES:
            peer = Peer(engine.name)
            try:
                if self.given.install:
                    for _ in self.steps(f"installing {engine.name}", 1):
                        peers.install(engine, self.given.environments)
                found = peers.version(engine, self.given.environments)
                peer = Peer(engine.name, found)
                for _ in self.steps(f"ours, then {engine.name}", self.given.repeat):
                    ours = self.ours()
                    taken, start = peers.run(engine, self.given.environments, scripts)
                    peer.pairs.append(Pair(ours.seconds, taken, start))
            except peers.Absent as absent:
                peer = Peer(engine.name, peer.version, peer.pairs, f"skipped: {absent}")
            self.report.peers.append(peer)

    def decisions(self) -> None:
        """Vetting at every size."""
        for wanted in self.given.sizes:
            runs: list[Vetted] = []
            with self.home() as opened:
                made = self.once(f"making {wanted:,} candidates", "open", opened, wanted)
                for _ in self.steps(f"vetting {wanted:,} candidates", self.given.repeat):
                    with self.home(opened) as home:
                        runs.append(whole(Vetted(**measure("vetting", home))))
            self.report.scales.append(
                Scale(wanted, made["rows"], made["generate"], made["store"], runs)
            )

    def ledger(self) -> None:
        """The stages without Prefect, and the ledger that they leave."""
        with self.home(self.reference()) as home:
            plain = Gates(**self.once("693 gates without Prefect", "plain", home))
            self.report.plain.append(whole(plain))
            for _ in self.steps("verifying the ledger", self.given.repeat):
                found = measure("verification", home)
                depths = {name: Timings(**one) for name, one in found.pop("depths").items()}
                self.report.verified.append(Verified(**found, depths=depths))

    def steps(self, title: str, number: int) -> Iterator[int]:
        """Count steps in the progress."""
        yield from self.progress.track(range(number), description=title)

    def once(self, title: str, what: str, home: Path, *more: object) -> dict[str, Any]:
        """A measurement as a step of its own."""
        (done,) = [measure(what, home, *more) for _ in self.steps(title, 1)]
        return done

    def run(self, part: str) -> None:
        """One part; what breaks is kept and does not stop the others."""
        try:
            getattr(self, part)()
        except Broken as broken:
            self.report.failures.append(str(broken))


def _sizes(text: str) -> list[int]:
    return [int(part.replace("_", "")) for part in text.split(",")]


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="may be given repeatedly")
    parser.add_argument("--sizes", type=_sizes, default=list(SIZES), help="candidates, by comma")
    parser.add_argument("--repeat", type=int, default=REPEAT, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    named = os.environ.get("TERMGATE_PEERS")
    parser.add_argument(
        "--peers", type=Path, metavar="DIR", default=Path(named) if named else None,
        help="folder with the peers' scripts (or TERMGATE_PEERS)",
    )  # fmt: skip
    parser.add_argument(
        "--environments", type=Path, metavar="DIR", default=peers.cache_folder(),
        help="where the peers' virtual environments stand",
    )  # fmt: skip
    parser.add_argument(
        "--install", action="store_true", help="make the peers' environments that are not there"
    )
    found = parser.parse_args(given)
    if found.repeat < 1:
        parser.error("--repeat must be at least 1")
    if found.only and "peers" in found.only and found.peers is None:
        parser.error("--only peers needs --peers DIR or TERMGATE_PEERS")
    return found


def main() -> int:
    """Measure what was asked for and print it; 1 if something broke."""
    given = arguments()
    console = Console()
    parts = [part for part in PARTS if not given.only or part in given.only]
    if given.peers is None and "peers" in parts:
        parts.remove("peers")
        console.print("peers: skipped, no folder named by --peers or TERMGATE_PEERS", style="dim")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        tempfile.TemporaryDirectory(prefix="termgate-bench-") as folder,
        Progress(*columns, TimeElapsedColumn(), console=console) as progress,
    ):
        bench = Bench(given, Path(folder), progress)
        for part in parts:
            # Beside peers, ours is run anyway.
            if part != "gates" or "peers" not in parts:
                bench.run(part)
    report = bench.report
    machine = report.machine
    console.print(
        f"{machine.cores} cores, {machine.gigabytes} GB, Python {machine.python}, {machine.system}"
    )
    for table in tables(report):
        console.print(table)
    for failure in report.failures:
        console.print(failure, style="red", markup=False)
    if given.json:
        given.json.write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
