"""The home of a cycle: one folder with its ledger, blobs, quarantine and Prefect files.

Rules: `TERMGATE_HOME` names it; a home is opened once, by `init`, and never made by reading. Its
ledger stands where `TERMGATE_LEDGER` says, else in the home; where both could be meant, neither is.
Its blobs stand where `TERMGATE_BLOBS` says, else in the home. The private half of the evaluator's
key is the file that `TERMGATE_EVALUATOR` names, else in the home.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import orjson

from data.blobs import BlobAddress
from data.engines import Address, Place
from data.ledger import Ledger
from schemas.canonical import EVIDENCE_SCHEME, RECORD_SCHEME
from schemas.text import Refusal, Text

VARIABLE = "TERMGATE_HOME"
# Where the desk is, as its readers reach it; whoever serves says so.
DESK = "TERMGATE_DESK"
LEDGER = "TERMGATE_LEDGER"
BLOBS = "TERMGATE_BLOBS"
EVALUATOR = "TERMGATE_EVALUATOR"


class NoHome(Refusal):
    """There is no cycle at the given place."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"{path}：这里没有换届数据；先运行 termgate init，或用 --home 指定目录",
                f"{path}: no cycle here; run `termgate init` first, or name its folder with --home",
            )
        )


class OtherRelease(Refusal):
    """The cycle at the given place digests evidence in another way, or its deliveries are unsigned.

    Nothing is decided, signed or replayed in it, so that none of them is misread.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"{path}：这个换届由较早版本的 Termgate 建立（依据材料摘要、报送的签字或确认"
                "方式不同），不能报送、核查、签字或复核；"
                "请用建立它的版本，或在新目录重新 init",
                f"{path}: a cycle of an earlier release of Termgate, which digested evidence, or "
                "had deliveries signed or confirmed, in another way; nothing is delivered, "
                "decided, signed or replayed in it: use the release that made it, or init a new "
                "home",
            )
        )


@dataclass(frozen=True, slots=True)
class Home:
    """Where the files of one cycle stand."""

    path: Path

    @property
    def ledger_file(self) -> Path:
        """The SQLite file of a ledger that stands in the home."""
        return self.path / "ledger.sqlite"

    @property
    def ledger(self) -> Place:
        """Where the ledger stands.

        Raises:
            Refusal: `TERMGATE_LEDGER` names one and the home has its own.
        """
        named = os.environ.get(LEDGER)
        if not named:
            return self.ledger_file
        if os.path.lexists(self.ledger_file):
            raise Refusal(
                Text(
                    f"{self.ledger_file}：这里有自己的记录，而 {LEDGER} 指向另一处；取消该变量，"
                    "或换一个目录",
                    f"{self.ledger_file}: this home has a ledger of its own, and {LEDGER} names "
                    "another; unset it, or use another home",
                )
            )
        return Address(named)

    @property
    def blobs_folder(self) -> Path:
        """The folder of blobs that stand in the home."""
        return self.path / "blobs"

    @property
    def blobs(self) -> Path | BlobAddress:
        """Where the content-addressed blobs stand."""
        named = os.environ.get(BLOBS)
        return BlobAddress(named) if named else self.blobs_folder

    @property
    def evaluators(self) -> Path:
        """The folder of the private keys that evaluate here, for one user alone."""
        return self.path / "evaluators"

    @property
    def quarantine(self) -> Path:
        """The folder of the rejected rows."""
        return self.path / "quarantine"

    @property
    def lists(self) -> Path:
        """The folder of the ask lists that a serve keeps up to date, for one user alone."""
        return self.path / "lists"

    @property
    def passes(self) -> Path:
        """The folder that says which hand-offs passed validation, for one user alone."""
        return self.path / "passes"

    @property
    def prefect(self) -> Path:
        """Prefect's own files (`PREFECT_HOME`)."""
        return self.path / "prefect"

    def make(self) -> None:
        """Make its folder, for its user alone; one that stands becomes that."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A volume belongs to whoever mounted it, who said who may read it.
        with suppress(PermissionError):
            self.path.chmod(0o700)

    def has_cycle(self) -> bool:
        """Whether a cycle was opened here (a broken ledger counts as one)."""
        return Ledger(self.ledger).holds_cycle()

    def opened(self) -> Home:
        """This home, if a cycle was opened here."""
        if not self.has_cycle():
            raise NoHome(self.path)
        return self

    def of_this_release(self) -> Home:
        """This home, if a cycle was opened here as it is now: founded, its evidence so digested.

        Raises:
            NoHome, OtherRelease: it is none.
        """
        # Earlier releases named no scheme. What is no entry is reported when read as one.
        rows = Ledger(self.opened().ledger).query("SELECT body FROM entries WHERE seq = 1")
        with suppress(ValueError, AttributeError):
            first = orjson.loads(rows[0][0] if rows else b"{}")
            same = first.get("record") == RECORD_SCHEME
            self.refuse_scheme(first.get("evidence") if same else None)
        return self

    def refuse_scheme(self, evidence: object) -> None:
        """Refuse a cycle whose first entry names another scheme of evidence digests.

        Raises:
            OtherRelease: it does.
        """
        if evidence != EVIDENCE_SCHEME:
            raise OtherRelease(self.path)


def named_home(path: Path | None = None) -> Home:
    """The home at `path`, else where `TERMGATE_HOME` says, else `home` in the working folder."""
    return Home((path or Path(os.environ.get(VARIABLE) or "home")).resolve())


def current_home() -> Home:
    """The opened home that `TERMGATE_HOME` names."""
    return named_home().opened()
