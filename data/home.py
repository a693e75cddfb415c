"""The home of a cycle: one folder with its ledger, blobs, quarantine and Prefect files.

Rules: `TERMGATE_HOME` names it; a home is opened once, by `init`, and never made by reading.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from data.ledger import Ledger
from schemas.text import Refusal, Text

VARIABLE = "TERMGATE_HOME"


class NoHome(Refusal):
    """There is no cycle at the given place."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"{path}：这里没有换届数据；先运行 termgate init，或用 --home 指定目录",
                f"{path}: no cycle here; run `termgate init` first, or name its folder with --home",
            )
        )


@dataclass(frozen=True, slots=True)
class Home:
    """Where the files of one cycle stand."""

    path: Path

    @property
    def ledger(self) -> Path:
        """The SQLite file of the ledger."""
        return self.path / "ledger.sqlite"

    @property
    def blobs(self) -> Path:
        """The folder of the content-addressed blobs."""
        return self.path / "blobs"

    @property
    def quarantine(self) -> Path:
        """The folder of the rejected rows."""
        return self.path / "quarantine"

    @property
    def prefect(self) -> Path:
        """Prefect's own files (`PREFECT_HOME`)."""
        return self.path / "prefect"

    def has_cycle(self) -> bool:
        """Whether a cycle was opened here (a broken ledger counts as one)."""
        if not self.ledger.is_file():
            return False
        try:
            return bool(Ledger(self.ledger).query("SELECT 1 FROM head"))
        except sqlite3.OperationalError as error:
            return "no such table" not in str(error)
        except sqlite3.DatabaseError:
            return True

    def opened(self) -> Home:
        """This home, if a cycle was opened here."""
        if not self.has_cycle():
            raise NoHome(self.path)
        return self


def named_home(path: Path | None = None) -> Home:
    """The home at `path`, else where `TERMGATE_HOME` says, else `home` in the working folder."""
    return Home((path or Path(os.environ.get(VARIABLE) or "home")).resolve())


def current_home() -> Home:
    """The opened home that `TERMGATE_HOME` names."""
    return named_home().opened()
