"""The history of a cycle up to an entry: what decisions rest on besides the registers.

Rules: it follows from the entries alone, in their order, so that a decision of any day can be
looked at as it was then. A gate that stood open and was closed needs new signatures: what was
signed up to that entry does not count any more, unless only a crash closed it, which is no answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from data.acts import ACT_KINDS, Acts, Gate
from data.ledger import Entry
from schemas.vocabulary import Outcome

# The one cause of a closing after which signatures still count.
CRASH = "check"


REMINDED = "reminded"


def reminder_of(entry: Entry) -> tuple[str, ...]:
    """What an entry reminds of: each such thing is on record once."""
    place = entry["unit"] or entry["jurisdiction"]
    return entry["deadline"], place, entry["subject"], entry["due"]


@dataclass(frozen=True)
class Standing:
    """The decision that stands for a gate; sign-offs up to the entry `since` count no more.

    `opened` is the one that stood open, where nothing but crashes closed the gate since.
    """

    seq: int
    outcome: str
    decision: str
    on: str
    evidence: str
    sign_offs: tuple[int, ...]
    waivers: tuple[int, ...]
    since: int
    opened: Standing | None = None

    @property
    def stood(self) -> Standing | None:
        """The open decision that is closed for good by one that names a cause."""
        return self if self.outcome == Outcome.OPEN else self.opened


@dataclass(frozen=True)
class Delivered:
    """A submission with accepted rows, and who delivered it."""

    seq: int
    register: str
    mode: str
    blob: str
    officer: str


@dataclass
class History:
    """What the entries so far say; `cycle` is the hash of the first one.

    `about` has the entries that speak of each unit, `checkpoints` the sizes of those on record,
    `reminded` the deadlines that were reminded of.
    """

    cycle: str = ""
    seq: int = 0
    position: int = 0
    pack: str = ""
    policy: str = ""
    latest: str = ""
    acts: Acts = field(default_factory=Acts)
    standings: dict[Gate, Standing] = field(default_factory=dict)
    deliveries: list[Delivered] = field(default_factory=list)
    about: dict[str, list[int]] = field(default_factory=dict)
    checkpoints: list[int] = field(default_factory=list)
    reminded: set[tuple[str, ...]] = field(default_factory=set)

    def copy(self) -> History:
        """The same history, to be followed on its own."""
        return replace(
            self,
            acts=self.acts.copy(),
            standings=dict(self.standings),
            deliveries=list(self.deliveries),
            about={unit: list(entries) for unit, entries in self.about.items()},
            checkpoints=list(self.checkpoints),
            reminded=set(self.reminded),
        )

    def take(self, entry: Entry) -> None:
        """Follow one entry."""
        kind = entry["kind"]
        self.seq = entry["seq"]
        if entry.get("unit"):
            self.about.setdefault(entry["unit"], []).append(self.seq)
        if kind in ACT_KINDS:
            self.position = self.seq
            self.acts.take(entry)
        elif kind == "opened":
            self.pack, self.policy = entry["pack"], entry["policy"]
        elif kind == "submitted" and entry["blob"] is not None:
            self.position = self.seq
            self.deliveries.append(
                Delivered(
                    self.seq, entry["register"], entry["mode"], entry["blob"], entry["officer"]
                )
            )
        elif kind == "decided":
            self._decided(entry)
        elif kind == "checkpointed":
            self.checkpoints.append(entry["size"])
        elif kind == REMINDED:
            self.reminded.add(reminder_of(entry))

    def _decided(self, entry: Entry) -> None:
        gate = (entry["unit"], entry["stage"])
        before = self.standings.get(gate)
        since = before.since if before else 0
        crashed = entry["reopened"] is not None and entry["reopened"]["causes"] == [CRASH]
        if entry["reopened"] and not crashed:
            since = entry["seq"]
        self.latest = max(self.latest, entry["on"])
        self.standings[gate] = Standing(
            entry["seq"],
            entry["outcome"],
            entry["decision"],
            entry["on"],
            entry["evidence"],
            tuple(entry["sign_offs"]),
            tuple(entry["waivers"]),
            since,
            before.stood if before and crashed else None,
        )

    def stood_open(self, gate: Gate) -> Standing | None:
        """The decision of a gate if it stands open."""
        found = self.standings.get(gate)
        return found if found and found.outcome == Outcome.OPEN else None

    def submissions(self) -> dict[str, list[tuple[str, str]]]:
        """Register → its submissions as (mode, blob), oldest first."""
        found: dict[str, list[tuple[str, str]]] = {}
        for one in self.deliveries:
            found.setdefault(one.register, []).append((one.mode, one.blob))
        return found


def history_of(cycle: str, entries: Iterable[dict[str, Any]]) -> History:
    """The history that `entries` tell; `cycle` is the hash of the first."""
    history = History(cycle)
    for entry in entries:
        history.take(entry)
    return history
