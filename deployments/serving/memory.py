"""What the watch remembers from one serve to the next, in a file of the home.

Rules: it spares repeats and decides nothing: without it everything is looked at once more, and what
was on record by then is not announced. A file that is not ours, or of another cycle, is as good as
none.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path


@dataclass
class Memory:
    """The last entry announced, the last one with nothing due, and the last day looked at whole."""

    cycle: str
    announced: int = 0
    quiet: int = 0
    day: str = ""

    def knows(self, day: date) -> bool:
        """Whether everything was looked at on that day or a later one."""
        return self.day >= day.isoformat()


def remembered(path: Path, cycle: str, head: int) -> Memory:
    """What an earlier serve remembered, if it can be true of a ledger with `head` entries."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        found = Memory(
            str(said["cycle"]), int(said["announced"]), int(said["quiet"]), str(said["day"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Memory(cycle, announced=head)
    plausible = 0 <= found.quiet <= head and 0 <= found.announced <= head
    return found if found.cycle == cycle and plausible else Memory(cycle, announced=head)


def keep(path: Path, memory: Memory) -> None:
    """Remember; what stood there is replaced whole."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(memory)), encoding="utf-8")
    os.replace(fresh, path)  # noqa: PTH105
