"""Where things stand in the inbox: people's folders, what is claimed there, and where it goes."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from schemas.registers import REGISTERS

CLAIMS, TAKEN, REJECTED = ".claims", "taken", "rejected"
OFFICER = re.compile(REGISTERS["officers"].column["officer"].pattern or "")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed file; the ledger had `since` entries when it was claimed."""

    officer: str
    since: int
    path: Path


def claims_in(inbox: Path) -> list[Claim]:
    """What was claimed and is not finished, in the order in which it was; no stray is."""
    claims = []
    # A walk passes over what another process is just finishing.
    for folder, _, names in os.walk(inbox / CLAIMS):
        match Path(folder).relative_to(inbox / CLAIMS).parts:
            case (officer, since) if OFFICER.fullmatch(officer) and since.isdecimal():
                paths = (Path(folder, name) for name in names if not name.startswith("."))
                claims += [Claim(officer, int(since), path) for path in paths]
    return sorted(claims, key=lambda claim: (claim.since, claim.path))


def free(path: Path) -> Path:
    """The path, or the next of `name-2.csv`, `name-3.csv`, … where nothing stands."""
    number, found = 1, path
    while os.path.lexists(found):
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found
