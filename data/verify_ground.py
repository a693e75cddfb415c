"""Verification of who had to sign: the policy packs, where each unit stood, and who of them did.

Rules: docs/history.md, "Ground" and "Packs". The packs are those that entries name, byte for byte,
and where units stand is what the last list before an entry named; all go by their digests. An
open gate has the officers that the pack in force demands, and whoever else is counted is somebody
it admits.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data.adoptions import PACK_KINDS
from data.blobs import BlobError, BlobStore
from data.claims import need
from data.verify_chain import OPENED, UNREADABLE, Content, Fault
from schemas.authority import Panel, Requirement
from schemas.authority_entries import (
    adopters_in,
    rulings_in,
    sign_offs_in,
    vouching_in,
    waiver_in,
)
from schemas.canonical import digest
from schemas.pack_formats import Tables, tables_in, upgraded
from schemas.pack_gates import gate_digest
from schemas.vocabulary import Body, Level, Stage

LISTED = "listed"
# Entries that name a pack which is to be there.
NAMING = PACK_KINDS | {OPENED}
Sitting = tuple[str, str, str]  # officer, organ, place


@dataclass(frozen=True)
class Where:
    """Where a unit stands; `places` are its own and those above, its own first."""

    level: Level
    body: Body
    places: tuple[str, ...]


@dataclass(frozen=True)
class Asking:
    """What one pack asks for, in the tables of today's format."""

    tables: Tables
    sign_offs: Mapping[Stage, Sequence[Requirement]]

    def required(self, stage: str, where: Where) -> list[Requirement]:
        """Who signs a gate."""
        every = self.sign_offs[Stage(stage)]
        return [one for one in every if one.stands_for(where.level, where.body)]

    def admitted(self, stage: str, where: Where, sitting: Sequence[Sitting]) -> set[Sitting]:
        """Those of `sitting` whom the pack asks for at a gate."""
        required = self.required(stage, where)
        return {admitted for one in required for admitted in _admitted(one, where, sitting)}

    def signs(self, stage: str, where: Where, sitting: Sequence[Sitting], names: Any) -> None:
        """Everybody counted is admitted; if `names` are what passed, all that is asked for is.

        Raises:
            ActError: it is not so; so below.
        """
        required = self.required(stage, where)
        admitted = [_admitted(one, where, sitting) for one in required]
        need(self.admitted(stage, where, sitting) == set(sitting))
        if names is not None:
            need(sorted(names) == sorted(one.name for one in required), bool(required))
            need(*(map(_enough, required, admitted)))

    def waives(self, check: str, where: Where, sitting: Sequence[Sitting]) -> None:
        """Whoever the pack lets waive a check did."""
        entries = (one for some in self.tables["stages"].values() for one in some)
        (entry,) = [one for one in entries if one["check"] == check]
        panel = waiver_in(entry["waiver"])
        admitted = _admitted(panel, where, sitting)
        need(_enough(panel, admitted))

    def rules(self, verdict: str, where: Where, sitting: Sitting) -> None:
        """Whoever rules may."""
        need(bool(_admitted(rulings_in(self.tables).panel(verdict), where, [sitting])))

    def vouches(self, organ: str, holder: str) -> None:
        """Whoever vouches for a key of an officer of the organ `holder` may."""
        need(any(one.covers(organ, holder) for one in vouching_in(self.tables)))

    def adopts(self, organ: str) -> None:
        """Whoever proposes or adopts another pack may."""
        need(organ in adopters_in(self.tables))

    def gate(self, stage: str, where: Where) -> str:
        """The digest of what a gate goes by."""
        return gate_digest(self.tables, stage, where.level.value, where.body.value)


@dataclass(frozen=True)
class Ground:
    """What sign-offs are held against: packs, and lists of where units stand, by their digests."""

    packs: Mapping[str, bytes]
    places: Mapping[str, bytes]
    _read: dict[str, dict[str, Where]] = field(default_factory=dict, compare=False)
    _asking: dict[str, Asking] = field(default_factory=dict, compare=False)

    def fault(self, entries: Sequence[Content]) -> Fault | None:
        """The first entry that names a pack or list that is not there, or one that none names."""
        named: set[str] = set()
        for seq, entry in enumerate(entries, start=1):
            found = self._named(entry)
            if found is None:
                continue
            name, content = found
            if content is None or digest(content) != name:
                return Fault(seq, "blob")
            named.add(name)
        return None if named == {*self.packs, *self.places} else UNREADABLE

    def _named(self, entry: Content) -> tuple[str, bytes | None] | None:
        """The digest that an entry names, and the content that has it."""
        listed = entry["kind"] == LISTED
        if not listed and entry["kind"] not in NAMING:
            return None
        name = entry.get("places" if listed else "policy")
        there = self.places if listed else self.packs
        return str(name), there.get(name) if isinstance(name, str) else None

    def asking(self, policy: str) -> Asking:
        """What a pack asks for.

        Raises:
            KeyError: it is not there.
        """
        if policy not in self._asking:
            tables, _ = upgraded(tables_in(self.packs[policy]))
            self._asking[policy] = Asking(tables, sign_offs_in(tables))
        return self._asking[policy]

    def alike(self, policies: Collection[str], stage: str, where: Where) -> bool:
        """Whether packs ask the same of a gate; one does."""
        one = len(policies) <= 1
        return one or len({self.asking(name).gate(stage, where) for name in policies}) == 1

    def topmost(self, listed: str, place: str) -> None:
        """No place of a list stands above one that is on it.

        Raises:
            ActError: it is not so.
        """
        need(any(one.places[-1] == place for one in self._listing(listed).values()))

    def where(self, listed: str, unit: str) -> Where:
        """Where a unit stands by a list.

        Raises:
            KeyError: it is not on it.
        """
        return self._listing(listed)[unit]

    def _listing(self, listed: str) -> dict[str, Where]:
        if listed not in self._read:
            self._read[listed] = {
                unit: Where(Level(level), Body(body), tuple(places))
                for unit, level, body, *places in json.loads(self.places[listed])
            }
        return self._read[listed]


def _admitted(panel: Panel, where: Where, sitting: Sequence[Sitting]) -> list[Sitting]:
    return [one for one in sitting if panel.admits(one[1], one[2], where.places)]


def _enough(panel: Panel, admitted: Sequence[Sitting]) -> bool:
    return panel.have([one[:2] for one in admitted]) >= panel.number


def ground_of(entries: Iterable[Content], blobs: BlobStore) -> Ground:
    """The ground that the entries of a home name, as far as its blobs are there."""

    def kept(name: Any) -> bytes | None:
        try:
            return blobs.get(name) if isinstance(name, str) else None
        except BlobError:
            return None

    packs: dict[str, bytes] = {}
    places: dict[str, bytes] = {}
    for entry in entries:
        listed = entry["kind"] == LISTED
        name = entry.get("places" if listed else "policy")
        if listed or entry["kind"] in NAMING:
            content = kept(name)
            if content is not None:
                (places if listed else packs)[str(name)] = content
    return Ground(packs, places)
