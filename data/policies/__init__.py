"""The policy packs that come with Termgate, and how a pack is found and read.

Rules: a pack is named by its id (`cn-2016`) or by the path of a TOML file; the bytes that a cycle
was opened with, and those of packs that were adopted since, are kept as blobs, and only they
decide, each from its day on. One that was adopted past the organs that the pack before it names
decides nothing: the ledger does not verify.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from data.adoptions import PACK_KINDS, Held, Packs
from data.blobs import BlobStore
from data.ledger import Ledger, LedgerBroken
from schemas.authority import Deliverers, Requirement, Rulings, Vouching
from schemas.authority_entries import (
    adopters_in,
    deliverers_in,
    rulings_in,
    sign_offs_in,
    vouching_in,
)
from schemas.entries import GateAct, PackAct
from schemas.pack_formats import Tables, tables_in, upgraded
from schemas.pack_gates import gate_digest
from schemas.text import Text, comma_separated
from schemas.vocabulary import Body, Level, Organ, Stage

if TYPE_CHECKING:
    from schemas.policy import Pack

FOLDER = Path(__file__).parent


def bundled() -> list[str]:
    """The ids of the packs that come with Termgate."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def pack_bytes(pack: str) -> bytes:
    """The bytes of a bundled pack or of a file.

    Raises:
        PolicyRefused: there is no such pack.
    """
    path = FOLDER / f"{pack}.toml" if pack in bundled() else Path(pack)
    try:
        return path.read_bytes()
    except OSError:
        from schemas.policy import PolicyRefused

        known = comma_separated(bundled())
        missing = Text(
            f"找不到；可用 {known.zh}，或给出 TOML 文件的路径",
            f"not found; use {known.en} or the path of a TOML file",
        )
        raise PolicyRefused(pack, missing) from None


@lru_cache(maxsize=8)
def parsed(content: bytes, where: str) -> Pack:
    """A pack out of its bytes, each read once in a process."""
    from schemas.policy import parse_pack

    return parse_pack(content, where)


def read_pack(pack: str) -> Pack:
    """A pack by id or path, parsed and checked."""
    return parsed(pack_bytes(pack), pack)


@dataclass(frozen=True)
class Authorities:
    """Who vouches, delivers, signs, rules and adopts, as a pack says, and what its gates go by."""

    vouching: tuple[Vouching, ...]
    deliverers: tuple[Deliverers, ...]
    sign_offs: Mapping[Stage, tuple[Requirement, ...]]
    rulings: Rulings
    adopters: tuple[Organ, ...]
    tables: Tables

    def signers(self, stage: Stage, level: Level, body: Body) -> tuple[Requirement, ...]:
        """Who signs a gate of units of that level and body."""
        return tuple(one for one in self.sign_offs[stage] if one.stands_for(level, body))

    def basis(self, check: str) -> Text | None:
        """The basis in law of a check; nothing where the pack has no such check."""
        asked = self.tables["stages"].get(check.partition(".")[0], ())
        return next((Text(**one["basis"]) for one in asked if one["check"] == check), None)


@lru_cache(maxsize=8)
def authorities_in(content: bytes) -> Authorities:
    """What the bytes of a pack say, read without the checks beside it."""
    tables, _ = upgraded(tables_in(content))
    return Authorities(
        vouching_in(tables),
        deliverers_in(tables),
        sign_offs_in(tables),
        rulings_in(tables),
        adopters_in(tables),
        tables,
    )


@lru_cache(maxsize=1024)
def _gate(content: bytes, stage: Stage, level: Level, body: Body) -> str:
    return gate_digest(authorities_in(content).tables, stage.value, level.value, body.value)


class InForce:
    """The packs that were in force until a day, in their order, from the bytes that were kept.

    They are read when they are needed: while no other was adopted nobody asks which it is.

    Raises:
        LedgerBroken: one was adopted by organs that the pack before it does not name.
        BlobError: one is missing or was changed; so below.
    """

    def __init__(self, blobs: BlobStore, packs: Packs, on: date) -> None:
        self.packs = packs
        self.held = packs.until(on.isoformat())
        self._blobs = blobs
        for number, one in enumerate(self.held[1:]):
            if not set(self._authorities(number).adopters).issuperset(one.organs):
                raise LedgerBroken(one.seq, "decision")

    @cached_property
    def _contents(self) -> list[bytes]:
        return [self._blobs.get(one.policy) for one in self.held]

    def _authorities(self, number: int) -> Authorities:
        return authorities_in(self._contents[number])

    @property
    def pack(self) -> Pack:
        """The pack in force, whole."""
        return parsed(self._contents[-1], self.held[-1].name)

    def whole(self, policy: str) -> Pack | None:
        """One of the packs, by its digest, if it was ever in force."""
        found = zip(self.held, self._contents, strict=True)
        named = (parsed(content, one.name) for one, content in found if one.policy == policy)
        return next(named, None)

    def named(self, policy: str) -> Authorities:
        """What one of the packs says, by its digest; that in force, if there never was such one."""
        numbers = (number for number, one in enumerate(self.held) if one.policy == policy)
        return self._authorities(next(numbers, -1))

    @property
    def authorities(self) -> Authorities:
        """Who vouches, delivers, signs gates, rules and adopts."""
        return self._authorities(-1)

    def _number(self, act: GateAct) -> int:
        return len(self.packs.until(act.on, act.seq)) - 1

    def under(self, act: GateAct) -> Held:
        """The pack that was in force when an act was signed."""
        return self.held[self._number(act)]

    def then(self, act: GateAct) -> Authorities:
        """Who signed gates and ruled, as that pack says."""
        return self._authorities(self._number(act))

    def gate(self, stage: Stage, level: Level, body: Body, number: int = -1) -> str:
        """The digest of what a gate goes by, now or in the pack of that number."""
        return _gate(self._contents[number], stage, level, body)

    def same_since(self, stage: Stage, level: Level, body: Body) -> int:
        """The entry since whose pack a gate goes by what it goes by now; 0 for the first."""
        number, gate = len(self.held) - 1, (stage, level, body)
        while number and self.gate(*gate, number - 1) == self.gate(*gate):
            number -= 1
        return self.held[number].seq


def packs_of(ledger: Ledger) -> Packs:
    """The packs that were adopted in the cycle.

    Raises:
        LedgerBroken: an entry is not what was written.
    """
    opened, packs = ledger.opened(), Packs()
    packs.open(opened.pack, opened.policy)
    marks = ", ".join("?" for _ in PACK_KINDS)
    rows = ledger.query(
        f"SELECT seq FROM acts WHERE kind IN ({marks}) ORDER BY seq",  # noqa: S608
        *sorted(PACK_KINDS),
    )
    for (seq,) in rows:
        act = ledger.entry(int(seq))
        if isinstance(act, PackAct):
            packs.take(act)
    return packs


def in_force(ledger: Ledger, blobs: BlobStore) -> InForce:
    """The packs that were in force until the day of what is done now."""
    return InForce(blobs, packs_of(ledger), ledger.day())
