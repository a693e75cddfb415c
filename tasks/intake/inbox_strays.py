"""What does not belong in the inbox: set aside, so that nothing stops at it.

Rules: links, whatever stands where a folder of ours should, and what is no claim among the claims
are moved to `_aside/`, unread and not followed, under a name that is free; hidden files and locks
of Excel's beside people's own stay. Whoever moves them names them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from tasks.intake.inbox_places import CLAIMS, OFFICER, REJECTED, TAKEN, claims_in, free

ASIDE = "_aside"


def strays(inbox: Path) -> Iterator[Path]:
    """What does not belong there."""
    claims = inbox / CLAIMS
    for one in _entries(inbox):
        if one.is_symlink() or (one.name == CLAIMS and not one.is_dir()):
            yield Path(one.path)
        elif OFFICER.fullmatch(one.name) and one.is_dir():
            yield from _of_officer(one.path)
    if claims.is_dir() and not claims.is_symlink():
        known = {claim.path for claim in claims_in(inbox)}
        for folder, _, names in os.walk(claims):
            yield from (path for name in names if (path := Path(folder, name)) not in known)


def _entries(folder: str | Path) -> Iterable[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _of_officer(folder: str) -> Iterator[Path]:
    for one in _entries(folder):
        if one.is_symlink() or (one.name in (TAKEN, REJECTED) and not one.is_dir()):
            yield Path(one.path)


def set_aside(inbox: Path) -> list[str]:
    """Move what does not belong there; the old name and the new one of each, within the inbox.

    Raises:
        OSError: it cannot be moved.
    """
    moved = []
    for path in strays(inbox) if inbox.is_dir() else ():
        (inbox / ASIDE).mkdir(exist_ok=True)
        to = free(inbox / ASIDE / path.name)
        # Somebody else may have been quicker.
        with suppress(FileNotFoundError):
            path.rename(to)
            moved.append(f"{path.relative_to(inbox)} → {to.relative_to(inbox)}")
    return moved
