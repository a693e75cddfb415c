"""The main job: the reference cycle from plan to election, as the source article tells it.

Rules: it works on a home of its own and never on one that holds decisions; what it prints is read
back from the ledger and the registers; it ends with 0 only if everything came out as the article
says: 113 units done, the city's 3 under way, every figure matched, and if the history proves it:
ledger, signatures, checkpoint and receipts verified, every decision replayed to the same answer.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.markup import escape

from data.blobs import BlobStore
from data.home import Home, named_home
from data.ledger import Ledger
from data.reference.base import REFERENCE_ON
from data.reference.figures import Figure, figures
from data.registers import read_registers
from data.status import UnitStatus, statuses
from data.submissions import submissions_of
from deployments.app import HomeOption
from deployments.demo_officers import equip, sign_stage
from deployments.demo_proof import prove
from deployments.embedded import code_of, prepare, run_flow
from deployments.exits import DONE, FAULT
from deployments.runs import counts_table
from deployments.show import Table, console, sign
from schemas.frames import DIGEST
from schemas.reports import check_title, finding_reason
from schemas.text import Text, plural, stated
from schemas.vocabulary import STAGES, Outcome
from tasks.closed import closed_gates
from tasks.intake.accept import open_cycle, submit
from tasks.officers.recording import Signatory

REFERENCE = Path(__file__).parent.parent / "data" / "reference"
PACK = "cn-2016"
CITY_UNITS = 3


def fresh_home(wanted: Path) -> Home:
    """The wanted home, or the next of `wanted-2`, `wanted-3`, … without a cycle."""
    number = 1
    while Home(wanted).has_cycle():
        number += 1
        wanted = wanted.with_name(f"{wanted.name.removesuffix(f'-{number - 1}')}-{number}")
    return Home(wanted)


@contextmanager
def step(zh: str, en: str) -> Iterator[None]:
    """Announce a step, and how long it took."""
    to = console()
    started = time.perf_counter()
    with to.status(Text(zh, en).render()):
        yield
    took = time.perf_counter() - started
    to.print(f"[bold green]✓[/] {Text(zh, en).render()} [dim]{took:.1f} s[/]")


def closed_lines(home: Home, units: list[UnitStatus]) -> list[str]:
    """What keeps gates closed, stage by stage: check, subject, reason, and the units it holds."""
    ledger = Ledger(home.ledger)
    held: dict[tuple[str, str, str], list[str]] = {}
    for stage in STAGES:
        for gate in closed_gates(ledger, units, stage):
            first, *more = gate.closing()
            others = f" (+{len(more)})" if more else ""
            reason = stated(first.subject, finding_reason(first)) + others
            held.setdefault((gate.outcome, first.check, reason), []).append(gate.unit)
    lines = []
    for (outcome, check, reason), holds in held.items():
        others = Text(f"（共{len(holds)}个单位）", f" ({plural(len(holds), 'unit')})").render()
        who = holds[0] + (others if len(holds) > 1 else "")
        lines.append(f"{sign(outcome)} {who} [bold]{check_title(check)}[/] {escape(reason)}")
    return lines


def mend(home: Home, faults: list[dict[str, Any]]) -> int:
    """Submit what mends every planted fault; returns how many rows were accepted."""
    accepted = 0
    for fault in faults:
        repair = fault["mend"]
        receipt = submit(
            home,
            repair["register"],
            REFERENCE / repair["file"],
            repair["by"],
            withdraw=repair["withdraw"],
        )
        accepted += receipt.accepted
    return accepted


def figures_of(home: Home) -> tuple[Figure, ...]:
    """The article's figures, counted in the registers as they stand."""
    frames = read_registers(BlobStore(home.blobs), submissions_of(Ledger(home.ledger)))
    tables: dict[str, list[dict[str, Any]]] = {}
    for name, frame in frames.items():
        plain = frame.drop(columns=DIGEST).astype(object).where(frame.notna(), None)
        tables[name] = [
            dict(zip(plain.columns, row, strict=True))
            for row in plain.itertuples(index=False, name=None)
        ]
    return figures(tables)


def _figures_table(found: tuple[Figure, ...]) -> Table:
    headings = [
        Text("数字", "figure").render(),
        Text("源文", "article").render(),
        Text("本次", "here").render(),
        "",
    ]
    rows = [
        [one.title.render(), f"{one.article}{'+' if one.more else ''}", str(one.ours),
         "[green]✓[/]" if one.holds else "[red]✗[/]"]
        for one in found
    ]  # fmt: skip
    return Table(headings, rows)


def _look_around(home: Home) -> str:
    here = os.path.relpath(home.path)
    return Text(
        "接下来可以看：\n"
        f"  .venv/bin/termgate status --home {here}\n"
        f"  .venv/bin/termgate gate show 640300-congress slate --home {here}\n"
        f"  .venv/bin/termgate audit log --unit 640302-congress --home {here}\n"
        f"  .venv/bin/termgate inbox --as o-640300-52 --home {here}\n"
        f"  .venv/bin/termgate audit export {here}/history.html --home {here}\n"
        f"  .venv/bin/termgate serve --home {here}   # 界面，"
        "http://127.0.0.1:4200",
        "Look around:\n"
        f"  .venv/bin/termgate status --home {here}\n"
        f"  .venv/bin/termgate gate show 640300-congress slate --home {here}\n"
        f"  .venv/bin/termgate audit log --unit 640302-congress --home {here}\n"
        f"  .venv/bin/termgate inbox --as o-640300-52 --home {here}\n"
        f"  .venv/bin/termgate audit export {here}/history.html --home {here}\n"
        f"  .venv/bin/termgate serve --home {here}   # the pages, "
        "http://127.0.0.1:4200",
    ).render()


def _run(name: str) -> None:
    state, message = asyncio.run(run_flow(name, "cycle", REFERENCE_ON))
    if code_of(state) == FAULT:
        raise RuntimeError(f"{state}: {message}")


def _signed_through(home: Home, officers: list[Signatory]) -> int:
    """Launch every stage in order and let the officers sign what is ready; how many signatures."""
    given = 0
    for stage in STAGES:
        label = Text(f"{stage.label.zh}：核查，会签", f"{stage.label.en}: decide, sign")
        with step(label.zh, label.en):
            _run(stage.work.value)
            given += sign_stage(home, stage, officers)
    return given


def _run_cycle(zh: str, en: str) -> float:
    with step(zh, en):
        started = time.perf_counter()
        _run("cycle")
    return time.perf_counter() - started


def demo(*, wanted: HomeOption = None) -> int:
    """Run the reference cycle whole; 0 only if it ends as the article does."""
    to = console()
    started = time.perf_counter()
    home = fresh_home(named_home(wanted).path)
    with step("载入程序和 Prefect", "loading the program and Prefect"):
        prepare(home)
        import flows.cycle  # noqa: F401
    with step("开始参考换届（book.xlsx，cn-2016）", "opening the reference cycle"):
        receipts = open_cycle(home, PACK, REFERENCE / "book.xlsx", historical=REFERENCE_ON)
    rows = sum(one.accepted for one in receipts)
    to.print(
        Text(
            f"  {len(receipts)}个台账，{rows}行",
            f"  {plural(len(receipts), 'register')}, {plural(rows, 'row')}",
        ).render()
    )
    faults = json.loads((REFERENCE / "faults.json").read_text(encoding="utf-8"))["faults"]
    with step("签字人生成、登记密钥并相互核验确认", "officers make and enrol keys, others vouch"):
        officers = equip(home, {fault["mend"]["by"] for fault in faults})
    to.print(
        Text(f"  {len(officers)}名签字人", f"  {plural(len(officers), 'officer')} to sign").render()
    )
    signatures = _signed_through(home, officers)
    with step("按选举环节的签字作出决定", "the last stage counts its signatures"):
        _run(STAGES[-1].work.value)
    ledger = Ledger(home.ledger)
    to.print(counts_table(statuses(ledger)))
    to.print(Text("暂停的关口和原因：", "Gates that are closed, and why:").render())
    for line in closed_lines(home, statuses(ledger)):
        to.print(f"  {line}", soft_wrap=True)
    with step(f"报送{len(faults)}份补正材料", f"submitting {plural(len(faults), 'mend')}"):
        mend(home, faults)
    signatures += _signed_through(home, officers)
    took = _run_cycle("五个环节最后一遍", "all five stages, last run")
    to.print(
        Text(f"  共{signatures}次签字", f"  {plural(signatures, 'signature')} in all").render()
    )
    proven = prove(home, officers)
    return _ending(home, took, time.perf_counter() - started, proven=proven)


def _ending(home: Home, cycle_seconds: float, seconds: float, *, proven: bool) -> int:
    to = console()
    units = statuses(Ledger(home.ledger))
    to.print(counts_table(units))
    under_way = [one for one in units if not one.done]
    done = len(units) - len(under_way)
    to.print(
        Text(
            f"{done}个单位已完成换届，市本级{len(under_way)}个正在有序推进",
            f"{plural(done, 'unit')} done, the city's own {len(under_way)} under way",
        ).render(),
        style="bold",
    )
    found = figures_of(home)
    to.print(_figures_table(found))
    to.print(
        Text(
            f"五个环节{cycle_seconds:.1f}秒，总共{seconds:.1f}秒",
            f"five stages over {plural(len(units), 'unit')}: {cycle_seconds:.1f} s; in all "
            f"{seconds:.1f} s",
        ).render()
    )
    to.print(_look_around(home), soft_wrap=True)
    as_told = (
        len(under_way) == CITY_UNITS
        and all(one.level == "city" and one.stages["slate"] == Outcome.WAITING for one in under_way)
        and all(figure.holds for figure in found)
        and proven
    )
    return DONE if as_told else FAULT
