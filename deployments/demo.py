"""The main job: the reference cycle lived day by day, as the source article describes it.

Rules: it works on a home of its own and never on one that holds decisions; what it prints is read
back from the ledger and the registers; it ends with 0 only if everything came out as the article
says: 113 units done, the city's 3 under way, every figure matched, and if the history proves it:
ledger, signatures, checkpoint and receipts verified, every decision replayed to the same answer.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from data.blobs import BlobStore
from data.engines import engine_at
from data.home import Home, named_home
from data.ledger import Ledger
from data.registers import read_registers
from data.status import statuses
from data.submissions import submissions_of
from deployments.app import HomeOption
from deployments.demo_days import REFERENCE, Days
from deployments.demo_figures import Figure, figures
from deployments.demo_officers import PASSPHRASE, Made, equip, key_file
from deployments.demo_proof import Replays, prove
from deployments.embedded import prepare
from deployments.exits import DONE, FAULT
from deployments.runs import counts_table
from deployments.show import Table, console
from schemas.text import Text, plural
from schemas.vocabulary import Outcome
from tasks.intake.accept import open_cycle
from tasks.officers.everybody import founding_with

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
    commands = (
        "status",
        "gate show 640300-congress slate",
        "audit log --unit 640302-congress",
        "inbox --as o-640300-52",
        f"audit export {here}/history.html",
        "serve",
    )
    lines = [f"  .venv/bin/termgate {one} --home {here}" for one in commands]
    pages = Text("界面，", "the pages, ").render() + "http://127.0.0.1:4200"
    keys = Text(
        f"在界面上可用 {here}/keys 中任一密钥登入，口令 {PASSPHRASE}",
        f"sign in there with any key of {here}/keys; its passphrase is {PASSPHRASE}",
    ).render()
    head = Text("接下来可以看：", "Look around:").render()
    return "\n".join([head, *lines]) + f"   # {pages}\n{keys}"


def demo(*, wanted: HomeOption = None) -> int:
    """Live the reference cycle day by day; 0 only if it ends as the article does."""
    to = console()
    started = time.perf_counter()
    home = fresh_home(named_home(wanted).path)
    with step("载入程序和 Prefect", "loading the program and Prefect"):
        prepare(home)
        import flows.cycle  # noqa: F401
    cycle = json.loads((REFERENCE / "cycle.json").read_text(encoding="utf-8"))
    first, *others = map(date.fromisoformat, cycle["days"])
    key_file(home, "").mkdir(mode=0o700, parents=True)
    made = Made(home)
    with step(
        f"开始参考换届（cn-2016），从{first}起补录",
        f"opening the reference cycle (cn-2016) as historical from {first}",
    ):
        receipts = open_cycle(
            home,
            PACK,
            REFERENCE / "days" / f"{first}.xlsx",
            founding_with(made.of, cycle["by"]),
            historical=first,
        )
    with engine_at(home.ledger).held(), Replays(home) as replays:
        with step(
            "签字人生成、登记密钥并相互核验确认", "officers make and enrol keys, others vouch"
        ):
            delivering = {cycle["by"], *(fault["mend"]["by"] for fault in cycle["faults"])}
            officers = equip(home, made, cycle["signers"], delivering)
        shown = plural(len(officers), "officer")
        to.print(Text(f"  {len(officers)}名签字人", f"  {shown} to sign").render())
        days = Days(home, officers, made, cycle)
        days.live(first, receipts)
        for day in others:
            days.live(day, days.deliver(day))
            replays.go_on()
        given, kept = days.signatures, days.keep().name
        to.print(
            Text(
                f"共{given}次签字；各单位每日状态：{kept}",
                f"{plural(given, 'signature')} in all; where each unit stood every evening: {kept}",
            ).render()
        )
        proven = prove(home, officers, replays)
    return _ending(home, time.perf_counter() - started, proven=proven)


def _ending(home: Home, seconds: float, *, proven: bool) -> int:
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
    found = figures(read_registers(BlobStore(home.blobs), submissions_of(Ledger(home.ledger))))
    to.print(_figures_table(found))
    to.print(Text(f"总共{seconds:.1f}秒", f"{seconds:.1f} s in all").render())
    to.print(_look_around(home), soft_wrap=True)
    as_expected = (
        len(under_way) == CITY_UNITS
        and all(one.level == "city" and one.stages["slate"] == Outcome.WAITING for one in under_way)
        and all(figure.holds for figure in found)
        and proven
    )
    return DONE if as_expected else FAULT
