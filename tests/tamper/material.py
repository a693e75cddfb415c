"""What an attacker holds: the rows of a ledger, its head, its checkpoints, and keys that leaked.

Rules: nothing here verifies anything; it rewrites as a careful forger would: numbers, links,
hashes, head and state tables made anew, statements signed again with every key that is at hand.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.blobs import BlobStore
from data.bundle import packed
from data.checkpoints import checkpoint_text
from data.evaluators import Signer
from data.home import Home
from data.ledger import GENESIS, Ledger
from data.sqlite import CREATE
from data.verify_ground import Ground
from data.verify_state import state_of
from schemas.canonical import canonical, digest
from schemas.entries import entry_of
from schemas.envelopes import payload_of, raw_public, sealed
from schemas.merkle import leaf_hash, root
from schemas.notes import Note, VerifierKey, parse_note, signed
from tests.support.cycle import unsynced

Row = tuple[int, str, bytes]
Entry = dict[str, Any]
Keys = dict[str, Ed25519PrivateKey]
Listings = dict[str, list[tuple[Any, ...]]]
ACTS = (
    "key-enrolled", "key-vouched", "key-rotated", "key-revoked",
    "signed", "refused", "waived", "withdrawn", "ruled", "delivered", "proposed",
    "confirmed",
    "evaluator-enrolled", "evaluator-vouched", "evaluator-rotated", "evaluator-revoked",
    "pack-proposed", "pack-adopted",
)  # fmt: skip
EVALUATED = ("decided", "objected", "handed-on")
_NAMING = {
    "opened": "policy", "pack-proposed": "policy", "pack-adopted": "policy", "listed": "places"
}  # fmt: skip


@dataclass(frozen=True)
class Material:
    """A ledger in an attacker's hands; `kept` are checkpoints that are out of their reach.

    `notes` are the checkpoints that a bundle shows, `listings` what the table of units ever held,
    by digest, `keys` the private keys by id.
    """

    rows: tuple[Row, ...]
    head: tuple[int, str]
    notes: tuple[tuple[int, bytes], ...]
    kept: tuple[bytes, ...]
    listings: Listings
    keys: Keys
    ground: Ground

    @staticmethod
    def of(
        ledger: Ledger, kept: Iterable[bytes], listings: Listings, keys: Keys, ground: Ground
    ) -> Material:
        """A ledger as it stands."""
        found = ledger.query("SELECT seq, hash, body FROM entries ORDER BY seq")
        rows = tuple((int(seq), str(name), bytes(body)) for seq, name, body in found)
        return Material(
            rows,
            (rows[-1][0], rows[-1][1]),
            filed_notes(rows),
            tuple(kept),
            listings,
            keys,
            ground,
        )

    @property
    def entries(self) -> list[Entry]:
        """What the rows say."""
        return [json.loads(body) for _, _, body in self.rows]

    @property
    def shown(self) -> Ground:
        """The packs and the lists of places that entries name which are there for that."""
        named = {_names(body) for _, _, body in self.rows}
        packs, places = (
            {name: one for name, one in every.items() if name in named}
            for every in (self.ground.packs, self.ground.places)
        )
        return replace(self.ground, packs=packs, places=places)

    def bundle(self) -> bytes:
        """The bundle of it."""
        return packed(self.rows, self.head, self.shown, self.notes)

    def with_rows(self, rows: Iterable[Row]) -> Material:
        """Other rows under the same head."""
        return replace(self, rows=tuple(rows))

    def headed(self) -> Material:
        """With the head that fits the rows."""
        return replace(self, head=(self.rows[-1][0], self.rows[-1][1]))

    def rechained(self, entries: Iterable[Entry]) -> Material:
        """Other entries, numbered, linked and hashed anew, under a head that fits."""
        return self.with_rows(rechained(entries)).headed()

    def remade(self, entries: Iterable[Entry], *, acts: bool = False) -> Material:
        """As `rechained`, every checkpoint and decision made and signed anew by whoever signed it.

        With `acts` every act as well.
        """
        made = Remaking(self.keys, acts=acts)
        for entry in entries:
            made.take(entry)
        rows = tuple(made.rows)
        return replace(self, rows=rows, notes=filed_notes(rows)).headed()

    def write(self, path: Path) -> None:
        """A ledger file with these rows, and the state tables that follow from them.

        What stops accidents, triggers and a rule that nothing stands twice, stops no forger. The
        blobs are where that file's home has them.
        """
        with unsynced():
            for content in (*self.ground.packs.values(), *self.ground.places.values()):
                BlobStore(Home(path.parent).blobs).put(content)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            tables = re.sub(r" UNIQUE| PRIMARY KEY(?= NOT|,)", "", CREATE)
            connection.executescript("PRAGMA synchronous = OFF;" + tables)
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO entries VALUES (?, ?, ?)", self.rows)
            connection.execute("INSERT INTO head VALUES (1, ?, ?)", self.head)
            self._write_state(connection)
            connection.execute("COMMIT")

    def _write_state(self, connection: sqlite3.Connection) -> None:
        try:
            state = state_of(map(entry_of, self.entries))
        except (LookupError, TypeError, ValueError):
            # Entries that tell nothing have no tables to be told.
            return
        units = self.listings.get(state.listed[1], [])
        connection.executemany("INSERT INTO units VALUES (?, ?, ?, ?, ?, ?)", units)
        for table, rows in (
            ("submissions", state.submissions),
            ("acts", state.acts),
            ("gates", state.gates),
            ("handed_on", state.handed_on),
        ):
            for row in rows:
                marks = ", ".join("?" * len(row))
                connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608


def _names(body: bytes) -> object:
    """The pack or the list of places that an entry names, if it is of a kind that does."""
    try:
        entry = json.loads(body)
        field = _NAMING.get(entry["kind"], "") if isinstance(entry, dict) else ""
        name = entry.get(field) if field else None
    except (KeyError, RecursionError, TypeError, ValueError):
        return None
    return name if isinstance(name, str) else None


def filed_notes(rows: Sequence[Row]) -> tuple[tuple[int, bytes], ...]:
    """The checkpoints on record, as a bundle shows them; those in odd entries are left out."""
    found: dict[int, bytes] = {}
    for _, _, body in rows:
        entry = json.loads(body)
        size, note = entry.get("size"), entry.get("note")
        if entry.get("kind") == "checkpointed" and type(size) is int and isinstance(note, str):
            found[size] = note.encode()
    return tuple(sorted((size, note) for size, note in found.items() if size > 0))


def row_of(entry: Entry) -> Row:
    """An entry's row, whatever it says."""
    body = canonical(entry)
    return entry["seq"], digest(body), body


def rechained(entries: Iterable[Entry]) -> tuple[Row, ...]:
    """Rows numbered, linked and hashed anew."""
    made: list[Row] = []
    previous = GENESIS
    for seq, entry in enumerate(entries, start=1):
        made.append(row_of({**entry, "seq": seq, "prev": previous}))
        previous = made[-1][1]
    return tuple(made)


class Remaking:
    """Entries one after the other, with what the forger's keys can make fit."""

    def __init__(self, keys: Keys, *, acts: bool) -> None:
        self.keys = keys
        self.acts = acts
        self.rows: list[Row] = []
        self.leaves: list[bytes] = []
        self.payloads: dict[int, str] = {}
        self._confirmed: dict[int, int] = {}

    def take(self, entry: Entry) -> None:
        """One more entry."""
        seq = len(self.rows) + 1
        fit = {**entry, "seq": seq, "prev": self.rows[-1][1] if self.rows else GENESIS}
        if self.rows and entry.get("kind") == "checkpointed":
            fit |= self._checkpoint(entry)
        elif self.acts and entry.get("kind") in ACTS:
            fit = signed_again(fit, self.keys, self._statement(fit))
            self.payloads[seq] = digest(payload_of(fit["envelope"]))
            if fit["kind"] == "confirmed":
                self._confirmed[seq] = fit["of"]
        elif self.acts and entry.get("kind") == "submitted":
            last = max(self.payloads)
            fit["delivery"] = self.payloads[self._confirmed.get(last, last)]
        elif entry.get("kind") in EVALUATED:
            fit = evaluated_again(fit, self.keys)
        self.rows.append(row_of(fit))
        self.leaves.append(leaf_hash(self.rows[-1][2]))

    def _statement(self, entry: Entry) -> Callable[[Entry], None]:
        def edit(said: Entry) -> None:
            said["predicate"]["cycle"] = self.rows[0][1]
            if entry["kind"] in ("withdrawn", "confirmed"):
                said["subject"][0]["digest"]["sha256"] = self.payloads[entry["of"]]

        return edit

    def _checkpoint(self, entry: Entry) -> Entry:
        """A checkpoint of the same size by the same keys, over what stands now."""
        size = min(entry["size"], len(self.leaves))
        top = root(self.leaves[:size])
        note = Note(checkpoint_text(self.rows[0][1], size, top))
        for line in parse_note(entry["note"].encode()).lines:
            for private in self.keys.values():
                key = VerifierKey(line.name, raw_public(private))
                if key.hash == line.hash:
                    note = signed(note, key, private.sign)
        return {"size": size, "root": top.hex(), "note": note.content().decode()}


def evaluated_again(entry: Entry, keys: Keys) -> Entry:
    """A decision or hand-off signed by the evaluator whom it names, if their key is at hand."""
    name = entry.get("evaluator")
    if not isinstance(name, str) or name not in keys or "signature" not in entry:
        return entry
    content = {field: value for field, value in entry.items() if field != "signature"}
    return Signer(name, keys[name]).signed(content)


def signed_again(entry: Entry, keys: Keys, edit: Callable[[Entry], None]) -> Entry:
    """An act whose statement is edited and signed again by the keys that signed it."""
    said = json.loads(payload_of(entry["envelope"]))
    edit(said)
    names = [one["keyid"] for one in entry["envelope"]["signatures"]]
    return {**entry, "envelope": sealed(canonical(said), *(keys[name] for name in names))}
