"""The commands about receipts: giving one, and verifying one without any ledger.

Rules: a receipt is never written over something that stands; one that does not hold is named with
its cause and ends with 3. Without keys that the reader trusts it is only as good as the keys in it,
and that is told.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data.blobs import write_durably
from data.home import Home
from data.receipts import Receipt, ReceiptBroken, receipt, verify_receipt
from deployments.app import taken_already
from deployments.exits import CLOSED, DONE
from deployments.read import stage_named
from deployments.show import as_json, console
from schemas.text import Text


def give(home: Home, unit: str, stage: str, file: Path, *, json: bool) -> int:
    """Write the receipt of how a stage of a unit ended."""
    gate = stage_named(stage)
    content = receipt(home, unit, gate.value)
    if os.path.lexists(file):
        raise taken_already(file)
    write_durably(file, content)
    if json:
        as_json({"file": str(file), "bytes": len(content), **_json(verify_receipt(content))})
    else:
        line = Text(
            f"已写入回执 {file}：{len(content)}字节，任何人都可离线校验",
            f"wrote the receipt {file}: {len(content)} bytes; anybody can verify it offline",
        )
        console().print(line.render(), markup=False, soft_wrap=True)
    return DONE


def _json(held: Receipt) -> dict[str, Any]:
    return {
        "unit": held.entry["unit"],
        "stage": held.entry["stage"],
        "seq": held.entry["seq"],
        "at": held.entry["at"],
        "decision": held.entry["decision"],
        "cycle": held.checkpoint.cycle,
        "size": held.checkpoint.size,
        "signers": list(held.signers),
        "trusted": list(held.trusted),
    }


def verify_file(path: Path, trusted: Sequence[str], *, json: bool) -> int:
    """Verify a receipt; `trusted` are verifier keys of officers that the reader knows."""
    try:
        held = verify_receipt(path.read_bytes(), trusted or None)
    except ReceiptBroken as broken:
        if json:
            as_json({"ok": False, "fault": {"fault": broken.code, "text": str(broken)}})
        else:
            console().print(str(broken), style="red", markup=False, soft_wrap=True)
        return CLOSED
    if json:
        as_json({"ok": True, "fault": None, **_json(held)})
    else:
        _print(held)
    return DONE


def _print(held: Receipt) -> None:
    entry = held.entry
    unit, stage, seq = entry["unit"], stage_named(entry["stage"]).label, entry["seq"]
    line = Text(
        f"回执成立：{unit} {stage.zh}已办结（留痕第{seq}条，{entry['at']}，"
        f"依据第{entry['decision']}条决定）",
        f"the receipt holds: {stage.en} of {unit} ended with ledger entry {seq} ({entry['at']}), "
        f"on decision {entry['decision']}",
    )
    console().print(line.render(), markup=False, soft_wrap=True)
    for key in held.signers:
        known = Text("受信任", "trusted") if key in held.trusted else Text("未核对", "not compared")
        console().print(f"  {key} ({known.render()})", markup=False, soft_wrap=True)
    if not held.trusted:
        note = Text(
            "请把上列公钥与签字人本人提供的核对，或用 --trust 指定",
            "compare these keys with those that the officers themselves gave you, or name them "
            "with --trust",
        )
        console().print(note.render(), soft_wrap=True)
