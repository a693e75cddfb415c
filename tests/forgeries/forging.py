"""A program without our rules, which writes entries straight into the database.

Rules: whoever forges holds one real key at most, an officer's or an evaluator's (two where it is
said); what others would have had to sign is signed by a key of nobody under the name of theirs.
What a checkpoint covers is left as it is; what stands behind it may be changed, and is numbered,
linked and hashed anew, under a head and state tables that fit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from data.blobs import BlobStore
from data.evaluators import Signer
from data.home import Home
from data.ledger import Ledger
from data.verify_state import state_of
from schemas.canonical import canonical, digest
from schemas.entries import Entry as TypedEntry
from schemas.entries import EntryError, entry_of
from schemas.envelopes import key_id, payload_of, public_text, raw_public, sealed
from tests.forgeries.scene import Marks
from tests.support import places
from tests.support.cycle import Entry, stored
from tests.support.evaluators import signer
from tests.support.signing import private_of, who

# Whose key the forger may hold, besides an officer's.
EVALUATOR, FORMER = "the evaluator", "the evaluator before"
_EVALUATORS = {EVALUATOR: 2, FORMER: 1}
# The name of the evaluator's key that is in force when the forger comes.
IN_FORCE = signer(2).name
MADE_UP = private_of("forger")
MADE_UP_ID = key_id(raw_public(MADE_UP))
REPLAY = "replay"


class Kind(StrEnum):
    """What is forged."""

    DECISION = "decision"
    HAND_ON = "hand-on"
    SIGN_OFF = "sign-off"
    CONFIRMATION = "confirmation"
    ADOPTION = "adoption"
    DELIVERY = "delivery"
    LISTING = "listing"
    KEY = "key"


class Forger:
    """Whoever writes into the database of a home, with the real keys of `keys`."""

    def __init__(self, home: Home, keys: tuple[str, ...], marks: Marks) -> None:
        self.home, self.keys, self.marks = home, keys, marks
        self.rows = stored(home)
        self.entries: list[Entry] = [json.loads(body) for _, _, body in self.rows]
        self.units = Ledger(home.ledger).query("SELECT * FROM units ORDER BY unit")

    @property
    def last(self) -> int:
        """The number of the last entry."""
        return len(self.rows)

    def at(self, seq: int) -> Entry:
        """An entry."""
        return self.entries[seq - 1]

    def latest(self, kind: str, **cells: object) -> Entry:
        """The last entry of a kind with these cells."""
        return next(
            one
            for one in reversed(self.entries)
            if one["kind"] == kind and all(one.get(name) == cell for name, cell in cells.items())
        )

    # Writing

    def append(self, kind: str, **content: Any) -> int:
        """Write one more entry, on the day and at the moment of the last; returns its number."""
        before = self.entries[-1]
        entry = {"at": before["at"], "on": before["on"], "kind": kind, **content}
        return self._put({**entry, "seq": self.last + 1, "prev": self.rows[-1][1]})

    def _put(self, entry: Entry) -> int:
        body = canonical(entry)
        self.rows.append((entry["seq"], digest(body), body))
        self.entries.append(entry)
        return self.last

    def change(self, seq: int, **content: Any) -> int:
        """Let an entry behind the checkpoint say something else, or be followed by nothing."""
        if seq <= self.marks["checkpoint"]:
            raise LookupError(seq)
        behind = self.entries[seq:]
        changed = {**self.at(seq), **content}
        del self.rows[seq - 1 :], self.entries[seq - 1 :]
        for entry in (changed, *behind):
            self._put({**entry, "seq": self.last + 1, "prev": self.rows[-1][1]})
        return seq

    def write(self) -> None:
        """Put what was forged into the database, with the tables that follow from it."""
        state = state_of(_readable(self.entries))
        with places.opened(self.home.ledger) as raw:
            raw.unguard()
            # Without the rule that nothing is signed twice.
            raw.execute("CREATE TABLE unruled AS SELECT * FROM acts")
            raw.execute("DROP TABLE acts")
            raw.execute("ALTER TABLE unruled RENAME TO acts")
            for table, content in (
                ("entries", self.rows),
                ("submissions", state.submissions),
                ("acts", state.acts),
                ("gates", state.gates),
                ("handed_on", state.handed_on),
                ("units", self.units),
            ):
                raw.execute(f"DELETE FROM {table}")  # noqa: S608 (our own table names)
                for row in content:
                    marks = ", ".join("?" * len(row))
                    raw.execute(f"INSERT INTO {table} VALUES ({marks})", *row)  # noqa: S608
            raw.execute("UPDATE head SET seq = ?, hash = ?", *self.rows[-1][:2])

    def keep(self, content: bytes) -> str:
        """Put a blob where the home has its blobs; its digest."""
        return BlobStore(self.home.blobs).put(content)

    # Signing

    def sealed(self, payload: bytes, officer: str, key: str, *with_keys: Any) -> dict[str, Any]:
        """An envelope under the name of an officer's key: theirs, if the forger holds it."""
        private = private_of(officer) if officer in self.keys else MADE_UP
        made = dict(sealed(payload, private, *with_keys))
        first, *others = made["signatures"]
        return {**made, "signatures": [{**first, "keyid": key}, *others]}

    def holder(self, key: str) -> dict[str, str]:
        """Officer, organ and place with which a key was enrolled."""
        found = next(one for one in self.entries if one.get("key") == key and "organ" in one)
        return {name: found[name] for name in ("officer", "organ", "jurisdiction")}

    def statement(
        self, about: tuple[str, str, str], officer: Any, own: dict[str, Any], **changes: Any
    ) -> bytes:
        """A statement of that type, on that name and digest, by or about somebody."""
        kind, name, subject = about
        said = {
            "cycle": self.rows[0][1],
            "reason": "",
            "time": f"2026-01-01T00:00:00.{self.last:06}+00:00",
            **officer,
            **own,
            **changes,
        }
        return canonical(
            {
                "_type": "https://in-toto.io/Statement/v1",
                "predicate": said,
                "predicateType": f"urn:termgate:{kind}:{2 if 'decided' in said else 1}",
                "subject": [{"digest": {"sha256": subject}, "name": name}],
            }
        )

    def act(
        self,
        kind: str,
        officer: str,
        about: tuple[str, str, str],
        own: dict[str, Any],
        *,
        changes: dict[str, Any] | None = None,
        **content: Any,
    ) -> int:
        """Write an act in an officer's name, under their key; `own` is what is said, and signed."""
        key = who(officer).key
        payload = self.statement(about, self.holder(key), own, **(changes or {}))
        envelope = self.sealed(payload, officer, key)
        return self.append(kind, officer=officer, key=key, envelope=envelope, **content)

    def payload(self, seq: int) -> str:
        """The digest of what was signed in an act."""
        return digest(payload_of(self.at(seq)["envelope"]))

    def evidence(self, seq: int) -> str:
        """The digest that an act is on."""
        said = json.loads(payload_of(self.at(seq)["envelope"]))
        return str(said["subject"][0]["digest"]["sha256"])

    def decided(self, kind: str, content: Entry, by: str = EVALUATOR) -> int:
        """Write a decision or a hand-off under the name of an evaluator's key.

        It is signed by that key if the forger holds it; else by a key of nobody, or the officer's.
        """
        officers = [private_of(one) for one in self.keys if one not in _EVALUATORS]
        real = signer(_EVALUATORS[by])
        private = real.private if by in self.keys else [*officers, MADE_UP][0]
        before = self.entries[-1]
        left = {n: v for n, v in content.items() if n not in ("signature", "evaluator")}
        entry = {**left, "kind": kind, "at": before["at"], "on": content.get("on", before["on"])}
        entry |= {"seq": self.last + 1, "prev": self.rows[-1][1]}
        return self._put(Signer(real.name, private).signed(entry))


def _readable(entries: list[Entry]) -> Iterator[TypedEntry]:
    for entry in entries:
        with suppress(EntryError):
            yield entry_of(entry)


Forge = Callable[[Forger], int]


@dataclass(frozen=True)
class Forgery:
    """What is forged, with whose key, and who names it.

    `fault` is the class by which both verifiers name it, or `replay`; then `code` is the one that
    the replay says of an act, empty for a decision or hand-off. `forge` returns the entry's number.
    """

    kind: Kind
    name: str
    fault: str
    forge: Forge
    keys: tuple[str, ...] = ()
    code: str = ""


def public(private: Any = MADE_UP) -> str:
    """The public half of a key, as entries have it."""
    return public_text(raw_public(private))
