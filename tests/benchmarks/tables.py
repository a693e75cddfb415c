"""Tables of what was measured."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from rich.table import Table

from tests.benchmarks.results import Gates, Peer, Report, Scale, Verified

SLOWEST = 6


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position else "left", no_wrap=True)
    return table


def _seconds(value: float) -> str:
    return f"{value:.2f}"


def gates_table(title: str, runs: list[Gates]) -> Table:
    """The stages: the least, the median and the most of all runs."""
    many = "1 run" if len(runs) == 1 else f"{len(runs)} runs"
    table = _table(f"{title} ({many})", "s", "least", "median", "most")

    def row(name: str, values: list[float], digits: int = 2, style: str = "") -> None:
        cells = [f"{value:,.{digits}f}" for value in (min(values), median(values), max(values))]
        table.add_row(name, *cells, style=style)

    for stage in runs[0].stages:
        row(stage, [run.stages[stage] for run in runs])
    row("all stages", [run.seconds for run in runs], style="bold")
    table.add_section()
    row("gates", [run.decided for run in runs], 0)
    row("of them open", [run.opened for run in runs], 0)
    row("gates/s", [run.decided / run.seconds for run in runs], 0)
    row("peak memory, MB", [run.megabytes for run in runs], 0)
    table.add_section()
    row("not counted: keys and signing", [run.signing for run in runs])
    row("not counted: imports", [run.imports for run in runs])
    if any(run.server for run in runs):
        row("not counted: server start", [run.server for run in runs])
    return table


def peers_table(peers: list[Peer]) -> Table:
    """Each pair: ours, the peer right after it, and the ratio."""
    table = _table(
        "The same gates in other engines, where they check nothing",
        "engine", "ours s", "theirs s", "theirs : ours", "median", "start s",
    )  # fmt: skip
    for peer in peers:
        name = f"{peer.name} {peer.version}".strip()
        if peer.skipped:
            table.add_row(name, peer.skipped, style="dim")
        for number, pair in enumerate(peer.pairs):
            table.add_row(
                "" if number else name,
                _seconds(pair.ours),
                _seconds(pair.peer),
                f"{pair.ratio:.2f}",
                "" if number else f"{peer.ratio:.2f}",
                _seconds(pair.peer_start),
            )
        table.add_section()
    return table


def scales_table(scales: list[Scale]) -> Table:
    """A column for each size: its run of median length."""
    runs = [scale.typical for scale in scales]
    table = _table("Vetting without Prefect", "", *(f"{run.candidates:,}" for run in runs))

    def row(name: str, values: list[float], digits: int = 0, style: str = "") -> None:
        table.add_row(name, *(f"{value:,.{digits}f}" for value in values), style=style)

    row("rows of all registers", [scale.rows for scale in scales])
    row("units (gates)", [run.units for run in runs])
    row("of them open", [run.opened for run in runs])
    row("findings", [run.findings for run in runs])
    table.add_section()
    row("checks, s", [run.check for run in runs], 2)
    row("decisions and digests, s", [run.decide for run in runs], 2)
    row("together, s", [run.seconds for run in runs], 2, "bold")
    row("candidates/s", [run.candidates / run.seconds for run in runs], 0, "bold")
    row("gates/s", [run.units / run.seconds for run in runs], 0, "bold")
    row("peak memory, MB", [run.megabytes for run in runs], 0, "bold")
    table.add_section()
    row("not counted: generating, s", [scale.generate for scale in scales], 2)
    row("not counted: storing, s", [scale.store for scale in scales], 2)
    row("not counted: imports, s", [run.imports for run in runs], 2)
    row("not counted: reading, s", [run.read for run in runs], 2)
    return table


def checks_table(scale: Scale) -> Table:
    """The slowest checks of a size."""
    run = scale.typical
    table = _table(f"The slowest checks at {run.candidates:,} candidates", "check", "s", "share")
    slowest = sorted(run.checks.items(), key=lambda item: -item[1])[:SLOWEST]
    for code, seconds in slowest:
        table.add_row(code, _seconds(seconds), f"{seconds / run.seconds:.0%}")
    return table


def ledger_table(verified: list[Verified]) -> Table:
    """How fast a ledger verifies, by the median of all runs."""
    entries, size = verified[0].entries, verified[0].size
    table = _table(
        f"Verification of the reference ledger: {entries:,} entries, {size / 1e6:.2f} MB",
        "what", "median ms", "of it CPU", "entries/s", "entries/s of CPU", "MB/s of CPU",
    )  # fmt: skip
    for name in verified[0].depths:
        passed = median(one for run in verified for one in run.depths[name].seconds)
        busy = median(one for run in verified for one in run.depths[name].cpu)
        table.add_row(
            name, f"{passed * 1e3:.1f}", f"{busy * 1e3:.1f}", f"{entries / passed:,.0f}",
            f"{entries / busy:,.0f}", f"{size / 1e6 / busy:.0f}",
        )  # fmt: skip
    return table


def tables(report: Report) -> Iterator[Table]:
    """A table for everything that was measured."""
    if report.gates:
        yield gates_table("The gates of the reference cycle, the server running", report.gates)
    if report.plain:
        yield gates_table("The same gates without Prefect", report.plain)
    if report.peers:
        yield peers_table(report.peers)
    if report.scales:
        yield scales_table(report.scales)
        yield checks_table(report.scales[-1])
    if report.verified:
        yield ledger_table(report.verified)
