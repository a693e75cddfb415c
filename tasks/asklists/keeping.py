"""A folder of ask lists that follows the record: each asks for what is wanted now.

Rules: a list is written where it says something else, and taken away once nothing is asked for; one
that somebody has filled in there is theirs, and is left as it is. What was made is kept by digest.
"""

from __future__ import annotations

import json
from pathlib import Path

from data.blobs import write_durably
from schemas.canonical import digest
from schemas.text import Language
from tasks.asklists.lists import ask_lists, list_bytes
from tasks.asklists.record import Record
from tasks.deadlines import deadlines
from tasks.gate.snapshot import Snapshot

MADE = ".made.json"


def keep_lists(folder: Path, snapshot: Snapshot, lang: Language) -> int:
    """Bring a folder up to date; how many lists were written or taken away."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    record, due = Record(snapshot.facts), deadlines(snapshot)
    wanted = {
        one.file(lang): list_bytes(record, one, due, lang) for one in ask_lists(snapshot, (), ())
    }
    made = _made(folder)
    left = {name for name in {*made, *wanted} if _somebodys(folder / name, made.get(name))}
    changed = 0
    for name in sorted({*made, *wanted} - left):
        path, content = folder / name, wanted.get(name)
        if content is None:
            path.unlink(missing_ok=True)
            changed += 1
        elif made.get(name) != digest(content) or not path.exists():
            write_durably(path, content)
            changed += 1
    kept = {name: digest(content) for name, content in wanted.items() if name not in left}
    kept |= {name: made[name] for name in left if name in made}
    if kept != made:
        write_durably(folder / MADE, json.dumps(kept, ensure_ascii=False).encode())
    return changed


def _made(folder: Path) -> dict[str, str]:
    """File → digest of what was written into it; nothing where that is not known."""
    try:
        found = json.loads((folder / MADE).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(name): str(one) for name, one in found.items()} if isinstance(found, dict) else {}


def _somebodys(path: Path, made: str | None) -> bool:
    """Whether a file there is not as it was made."""
    return path.exists() and digest(path.read_bytes()) != made
