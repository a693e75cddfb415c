"""What the generator writes: the book, its days, the mends, `cycle.json`, the README.

Rules: what stands in data/reference is exactly what this writes for the default size.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from data.policies import read_pack
from schemas.registers import REGISTERS
from tests.generator.base import REFERENCE_ON, Rows
from tests.generator.book import mend_bytes, write_book
from tests.generator.deliveries import CONCERNED, DELIVERED, DELIVERED_BY
from tests.generator.faults import Fault, faults
from tests.generator.faults.fault import deliverers, lived, plant
from tests.generator.readme import PACK, readme
from tests.generator.signing import signers

DAYS = "days"


def write_cycle(out: Path, rows: Rows, *, clean: bool = False) -> tuple[Fault, ...]:
    """Write the book (with every fault in it, unless `clean`) and what belongs to it."""
    out.mkdir(parents=True, exist_ok=True)
    if clean:
        write_book(out / "book.xlsx", rows)
        return ()
    found = faults(rows)
    write_book(out / "book.xlsx", plant(rows, found))
    (out / DAYS).mkdir(exist_ok=True)
    for day, come in lived(rows, found).items():
        if come:
            write_book(out / DAYS / f"{day}.xlsx", come)
    for name, content in side_files(rows, found).items():
        path = out / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return found


def side_files(rows: Rows, found: Sequence[Fault]) -> dict[str, bytes]:
    """Every file beside the book: path → content."""
    files = {
        fault.mend_file: mend_bytes(REGISTERS[fault.register], fault.mend, fault.mend[0])
        for fault in found
    }
    cycle = {
        "on": REFERENCE_ON.isoformat(),
        "by": DELIVERED_BY,
        "days": {day.isoformat(): CONCERNED.get(day, ("cycle",)) for day in DELIVERED},
        "signers": signers(read_pack(PACK), rows, deliverers(found)),
        "faults": [_as_json(fault) for fault in found],
    }
    text = json.dumps(cycle, ensure_ascii=False, indent=1) + "\n"
    files["cycle.json"] = text.encode()
    files["README.md"] = readme(rows, found).encode()
    return files


def _as_json(fault: Fault) -> dict[str, object]:
    return {
        "id": fault.id,
        "check": fault.check,
        "stage": fault.stage,
        "units": list(fault.units),
        "subject": fault.subject,
        "status": fault.status,
        "reason": fault.reason,
        "register": fault.register,
        "sheet": REGISTERS[fault.register].title.zh,
        "rows": list(fault.rows),
        "shows": fault.shows.isoformat(),
        "mend": {
            "on": fault.mended.isoformat(),
            "register": fault.register,
            "file": fault.mend_file,
            "withdraw": fault.withdraw,
            "by": fault.by,
        },
        "explanation": {"zh": fault.text.zh, "en": fault.text.en},
    }
