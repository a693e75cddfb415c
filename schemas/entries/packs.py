"""Entries by which another policy pack is adopted: proposed by one organ, adopted by another."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.entries.base import Day, Digest, Entry, Envelope
from schemas.entries.signed import SignedAct
from schemas.text import Text


@dataclass(frozen=True, slots=True)
class PackAct(SignedAct, Entry):
    """An officer signs the pack `policy`, which is to be in force from the day `starts` on."""

    pack: str
    policy: Digest
    starts: Day
    officer: str
    key: Digest
    envelope: Envelope

    @property
    def line(self) -> Text:
        """Which pack, from when, by whom."""
        return Text(
            f"{self.officer} {self.label.zh} {self.pack}（{self.policy[:12]}），"
            f"自{self.starts}起执行",
            f"{self.label.en}: {self.pack} ({self.policy[:12]}) from {self.starts}, "
            f"by {self.officer}",
        )

    @property
    def blobs(self) -> list[str]:
        """The policy pack."""
        return [self.policy]


@dataclass(frozen=True, slots=True)
class PackProposed(PackAct):
    """The first signature."""

    kind = "pack-proposed"
    label = Text("提议更换规则包", "pack proposed")
    roles = (("officer", "proposer"),)
    announced = ("pack", "starts")


@dataclass(frozen=True, slots=True)
class PackAdopted(PackAct):
    """The second signature, of another organ, on what the entry `of` proposed."""

    kind = "pack-adopted"
    label = Text("通过更换规则包", "pack adopted")
    roles = (("officer", "adopter"),)
    announced = ("pack", "starts")

    of: int
