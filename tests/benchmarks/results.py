"""What measurements give: plain numbers, and nothing that says where they were taken."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from statistics import median

REFERENCE_GATES = 693
# The city's own three bodies have not met yet.
REFERENCE_OPEN = 690


@dataclass(frozen=True)
class Gates:
    """The stages over the reference cycle, signed in between; `stages` are seconds by stage."""

    decided: int
    opened: int
    imports: float
    server: float
    signing: float
    stages: dict[str, float]
    megabytes: float

    @property
    def whole(self) -> bool:
        """Whether it decided what the reference cycle has to decide: a refusal is quick."""
        return (self.decided, self.opened) == (REFERENCE_GATES, REFERENCE_OPEN)

    @property
    def seconds(self) -> float:
        """The stages together."""
        return sum(self.stages.values())


@dataclass(frozen=True)
class Pair:
    """A run of ours, and a peer's run right after it."""

    ours: float
    peer: float
    peer_start: float

    @property
    def ratio(self) -> float:
        """How many times as long the peer took."""
        return self.peer / self.ours


@dataclass(frozen=True)
class Peer:
    """A peer, its runs beside ours, or why there are none."""

    name: str
    version: str = ""
    pairs: list[Pair] = field(default_factory=list)
    skipped: str = ""

    @property
    def ratio(self) -> float:
        """The median of the paired ratios."""
        return median(pair.ratio for pair in self.pairs)


@dataclass(frozen=True)
class Vetted:
    """One stage decided for a large cycle, in seconds by step."""

    candidates: int
    units: int
    opened: int
    findings: int
    imports: float
    read: float
    check: float
    decide: float
    checks: dict[str, float]
    megabytes: float

    @property
    def whole(self) -> bool:
        """Whether every gate opened, as it must on a clean cycle."""
        return self.units == self.opened > 0

    @property
    def seconds(self) -> float:
        """Checks, and decisions with evidence digests."""
        return self.check + self.decide


@dataclass(frozen=True)
class Scale:
    """The vetting of one size, as often as it was repeated, and how long its home took to make."""

    wanted: int
    rows: int
    generate: float
    store: float
    runs: list[Vetted]

    @property
    def typical(self) -> Vetted:
        """The run of median length."""
        return sorted(self.runs, key=lambda run: run.seconds)[len(self.runs) // 2]


@dataclass(frozen=True)
class Timings:
    """Every run: seconds that passed, and seconds of the processor."""

    seconds: list[float]
    cpu: list[float]


@dataclass(frozen=True)
class Verified:
    """The ledger verified some times, to different depths."""

    entries: int
    size: int
    depths: dict[str, Timings]


@dataclass(frozen=True)
class Machine:
    """Where it was measured, without a name or a path."""

    cores: int
    gigabytes: int
    python: str
    system: str


@dataclass
class Report:
    """Everything that was measured."""

    machine: Machine
    gates: list[Gates] = field(default_factory=list)
    plain: list[Gates] = field(default_factory=list)
    peers: list[Peer] = field(default_factory=list)
    scales: list[Scale] = field(default_factory=list)
    verified: list[Verified] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def this_machine() -> Machine:
    """The machine that this runs on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(
        cores=os.cpu_count() or 1,
        gigabytes=round(memory / (1 << 30)),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
    )
