"""Verification of who had to sign: the policy pack, where each unit stood, and who of them did.

Rules: docs/history.md, "Ground". The pack is that of the first entry, byte for byte, and where
units stand is what the last list before an entry named; both are told by their digests. An open
gate has the officers that the pack demands, and whoever else is counted is somebody it admits.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from data.blobs import BlobError, BlobStore
from data.claims import need
from data.verify_chain import OPENED, UNREADABLE, Content, Fault
from schemas.authority import Panel, Requirement
from schemas.authority_entries import rulings_in, sign_offs_in, waiver_in
from schemas.canonical import digest
from schemas.pack_formats import Tables, tables_in, upgraded
from schemas.vocabulary import Body, Level, Stage

LISTED = "listed"
Sitting = tuple[str, str, str]  # officer, organ, place


@dataclass(frozen=True)
class Where:
    """Where a unit stands; `places` are its own and those above, its own first."""

    level: Level
    body: Body
    places: tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    """What sign-offs are held against: the pack's bytes, and lists of where units stand."""

    pack: bytes | None
    places: Mapping[str, bytes]
    _read: dict[str, dict[str, Where]] = field(default_factory=dict, compare=False)

    def fault(self, entries: Sequence[Content]) -> Fault | None:
        """The first entry that names another pack or list, or a list that no entry names."""
        named: set[str] = set()
        for seq, entry in enumerate(entries, start=1):
            name, content = entry.get("policy"), self.pack
            if entry["kind"] == LISTED:
                name = entry.get("places")
                content = self.places.get(name) if isinstance(name, str) else None
            elif entry["kind"] != OPENED:
                continue
            if content is None or digest(content) != name:
                return Fault(seq, "blob")
            if entry["kind"] == LISTED:
                named.add(str(name))
        return None if named == self.places.keys() else UNREADABLE

    @cached_property
    def tables(self) -> Tables:
        """The pack in today's format."""
        return upgraded(tables_in(self.pack or b""))[0]

    @cached_property
    def sign_offs(self) -> Mapping[Stage, Sequence[Requirement]]:
        """Who signs each gate."""
        return sign_offs_in(self.tables)

    def where(self, listed: str, unit: str) -> Where:
        """Where a unit stands by a list.

        Raises:
            KeyError: it is not on it.
        """
        if listed not in self._read:
            self._read[listed] = {
                unit: Where(Level(level), Body(body), tuple(places))
                for unit, level, body, *places in json.loads(self.places[listed])
            }
        return self._read[listed][unit]

    def _required(self, stage: str, where: Where) -> list[Requirement]:
        every = self.sign_offs[Stage(stage)]
        return [one for one in every if one.stands_for(where.level, where.body)]

    def admitted(self, stage: str, where: Where, sitting: Sequence[Sitting]) -> set[Sitting]:
        """Those of `sitting` whom the pack asks for at a gate."""
        required = self._required(stage, where)
        return {admitted for one in required for admitted in _admitted(one, where, sitting)}

    def signs(self, stage: str, where: Where, sitting: Sequence[Sitting], names: Any) -> None:
        """Everybody counted is admitted; if `names` are what passed, all that is asked for is.

        Raises:
            ActError: it is not so; so below.
        """
        required = self._required(stage, where)
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

    pack: bytes | None = None
    places: dict[str, bytes] = {}
    for entry in entries:
        if entry["kind"] == OPENED:
            pack = kept(entry.get("policy"))
        elif entry["kind"] == LISTED and (content := kept(entry.get("places"))) is not None:
            places[entry["places"]] = content
    return Ground(pack, places)
