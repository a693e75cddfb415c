"""The version of the code that decides: a release and a digest of the rules' own source."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from schemas.canonical import canonical, digest

_ROOMS = ("schemas", "tasks/checks", "tasks/handoff")


def release() -> str:
    """The release, as the package says it."""
    # Late: it loads the parser of mails, which no other command needs.
    from importlib.metadata import version

    return version("termgate")


@lru_cache(maxsize=1)
def code_version() -> str:
    """Release and digest of the source of schemas, checks and hand-offs, as `0.1.0+1a2b3c4d5e6f`.

    Two decisions with the same code version were made by the same rules.
    """
    root = Path(__file__).parent.parent
    sources = {
        path.relative_to(root).as_posix(): digest(path.read_bytes())
        for room in _ROOMS
        for path in (root / room).rglob("*.py")
    }
    return f"{release()}+{digest(canonical(sources))[:12]}"
