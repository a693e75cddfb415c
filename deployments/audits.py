"""The auditor's commands: the log, exports, and verifying a home or a bundle.

Rules: they load neither Prefect nor pandas nor Great Expectations and change nothing; what does
not hold is named and ends with 3; what stands is never written over. Their JSON is an interface
(see docs/interface.md).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from data.home import Home
from data.ledger import Entry, Ledger
from data.status import UnknownPlace, unit_names
from deployments.app import taken_already
from deployments.exits import CLOSED, DONE
from deployments.show import as_json, columns, console
from schemas.text import Refusal, Text
from tasks.export.log import Wanted, selected
from tasks.export.summaries import summary
from tasks.export.words import KINDS, named

if TYPE_CHECKING:
    from rich.status import Status

    from data.verify import Fault

BUNDLE = "bundle"
SUFFIXES = {
    "": "csv",
    ".bundle": BUNDLE,
    ".db": "sqlite",
    ".htm": "html",
    ".html": "html",
    ".sqlite": "sqlite",
    ".xlsx": "xlsx",
    ".zip": BUNDLE,
}
_HEADINGS = (
    Text("序号", "seq"),
    Text("时间（UTC）", "time (UTC)"),
    Text("事项", "kind"),
    Text("单位", "unit"),
    Text("内容", "content"),
)


def audit_log(home: Home, what: Wanted, *, json: bool) -> int:
    """List the ledger entries that are asked for."""
    ledger = Ledger(home.ledger)
    entries = list(selected(ledger.entries(max(what.since.seq - 1, 0)), what))
    if what.unit and not entries and what.unit not in unit_names(ledger):
        raise UnknownPlace(what.unit)
    if json:
        as_json(entries)
    else:
        _print_log(entries)
    return DONE


def _print_log(entries: Sequence[Entry]) -> None:
    rows = [[heading.render() for heading in _HEADINGS]]
    rows += [
        [
            str(one["seq"]),
            one["at"][:19],
            named(KINDS, one["kind"]).render(),
            one.get("unit", ""),
            summary(one).render(),
        ]
        for one in entries
    ]
    columns(rows)


def audit_verify(home: Home, checkpoints: Sequence[Path], *, json: bool) -> int:
    """Verify a home: its ledger, every act and decision in it, and every blob that it names."""
    from data.verify import verify

    kept = [path.read_bytes() for path in checkpoints]
    held, fault = verify(home, blobs=True, checkpoints=kept, acts=True)
    holds = Text(
        f"{held}条记录全部衔接，签名、决定和数据块完整",
        f"{held} entries hold, and so do their signatures, decisions and blobs",
    )
    return _verdict(held, fault, holds, json=json)


def verify_bundle(path: Path, checkpoints: Sequence[Path], *, json: bool) -> int:
    """Verify an exported bundle, without any home."""
    from data.verify import verify_bundle_bytes

    kept = [one.read_bytes() for one in checkpoints]
    held, fault = verify_bundle_bytes(path.read_bytes(), kept)
    holds = Text(
        f"{held}条记录全部衔接，签名和决定完整",
        f"{held} entries hold, and so do their signatures and decisions",
    )
    return _verdict(held, fault, holds, json=json)


def _verdict(held: int, fault: Fault | None, holds: Text, *, json: bool) -> int:
    if json:
        named = {"seq": fault.seq, "fault": fault.fault, "text": fault.text()} if fault else None
        as_json({"entries": held, "ok": fault is None, "fault": named})
    elif fault:
        console().print(f"[red]{fault.text()}[/]")
    else:
        console().print(holds.render())
    return CLOSED if fault else DONE


def audit_export(home: Home, target: Path, name: str | None, *, reasons: bool, json: bool) -> int:
    """Write the history in a format (default: as the suffix says, a folder of CSV without one)."""
    chosen = name or SUFFIXES.get(target.suffix.lower())
    if chosen is None:
        known = ", ".join(suffix for suffix in SUFFIXES if suffix)
        raise Refusal(
            Text(
                f"{target}：看不出格式；用 --format 指定，或用后缀 {known}（CSV 为文件夹，无后缀）",
                f"{target}: no format by that suffix; use --format, or one of {known} (none for a "
                "folder of CSV)",
            )
        )
    if chosen not in SUFFIXES.values():
        names = ", ".join(sorted(set(SUFFIXES.values())))
        raise Refusal(
            Text(f"--format {chosen}：可用 {names}", f"--format {chosen}: use one of {names}")
        )
    with Console(stderr=True).status("") as status:
        held = _exported(home, target, chosen, reasons=reasons, status=status)
    if json:
        as_json({"file": str(target), "format": chosen, "entries": held})
    else:
        line = Text(f"已写入 {target}：留痕{held}条", f"wrote {target}: {held} entries")
        console().print(line.render(), markup=False, soft_wrap=True)
    return DONE


def _exported(home: Home, target: Path, chosen: str, *, reasons: bool, status: Status) -> int:
    from data.bundle import export_bundle
    from tasks.export import write

    def progress(what: Text, done: int, of: int) -> None:
        status.update(f"{what.render()} {done}/{of}")

    if chosen == BUNDLE:
        if os.path.lexists(target):
            raise taken_already(target)
        return export_bundle(home, target)
    return write(home, chosen, target, reasons=reasons, progress=progress)
