"""The commands about receipts: giving one, and verifying one without any ledger.

Rules: a receipt is never written over something that stands; one that does not hold is named with
its cause and ends with 3. Without keys that the reader trusts it is only as good as the keys in it,
and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from data.blobs import check_absent, write_durably
from data.home import named_home
from data.ledger import Ledger
from data.receipts import Receipt, ReceiptBroken, receipt, verify_receipt
from deployments.app import HomeOption, JsonOption, StageArgument, UnitArgument, _, stage_named
from deployments.exits import CLOSED
from deployments.scopes import unit_named
from deployments.show import Answer, Line, Part
from schemas.text import Text, plural


def audit_receipt(
    unit: UnitArgument,
    stage: StageArgument,
    file: Annotated[Path, Parameter(help=_("要写的文件", "file to write"))],
    /,
    *,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Write the receipt of how a stage of a unit ended."""
    opened = named_home(home).opened()
    content = receipt(opened, unit_named(Ledger(opened.ledger), unit), stage_named(stage).value)
    check_absent(file)
    write_durably(file, content)
    value = {"file": str(file), "bytes": len(content), **_json(verify_receipt(content))}
    line = _(
        f"已写入回执 {file}：{len(content)}字节，任何人都可离线校验",
        f"wrote the receipt {file}: {plural(len(content), 'byte')}; anybody can verify it offline",
    )
    return Answer(value, [Line(line)]).give(json=json)


def _json(held: Receipt) -> dict[str, Any]:
    return {
        "unit": held.entry["unit"],
        "stage": held.entry["stage"],
        "seq": held.entry["seq"],
        "at": held.entry["at"],
        "on": held.entry["on"],
        "decision": held.entry["decision"],
        "cycle": held.checkpoint.cycle,
        "size": held.checkpoint.size,
        "signers": list(held.signers),
        "trusted": list(held.trusted),
    }


def verified(path: Path, trusted: Sequence[str]) -> Answer:
    """What a receipt proves; `trusted` are verifier keys of officers that the reader knows."""
    try:
        held = verify_receipt(path.read_bytes(), trusted or None)
    except ReceiptBroken as broken:
        fault = {"fault": broken.code, "text": str(broken)}
        return Answer({"ok": False, "fault": fault}, [Line(str(broken), "red")], CLOSED)
    return Answer({"ok": True, "fault": None, **_json(held)}, _lines(held))


def proven(held: Receipt) -> str:
    """What a receipt that holds proves, in one line."""
    entry = held.entry
    unit, stage, seq = entry["unit"], stage_named(entry["stage"]).label, entry["seq"]
    return _(
        f"回执成立：{unit} {stage.zh}已于{entry['on']}办结（记录第{seq}号，写入于{entry['at']}，"
        f"依据记录第{entry['decision']}号决定）",
        f"the receipt holds: {stage.en} of {unit} ended on {entry['on']} with ledger entry {seq} "
        f"(written {entry['at']}), on decision {entry['decision']}",
    )


def _lines(held: Receipt) -> Iterator[Part]:
    yield Line(proven(held))
    for key in held.signers:
        known = Text("受信任", "trusted") if key in held.trusted else Text("未核对", "not compared")
        yield Line("  " + _(f"{key}（{known.zh}）", f"{key} ({known.en})"))
    if not held.trusted:
        note = _(
            "请把上列公钥与签字人本人提供的核对，或用 --trust 指定",
            "compare these keys with those that the officers themselves gave you, or name them "
            "with --trust",
        )
        yield Line(note)
