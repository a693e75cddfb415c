"""The registers on record, as deliveries are held against them.

Rules: whoever delivers asks it while the write lock is held, so that no other delivery comes
between; each blob is read at most once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache

from data.blobs import BlobStore
from data.ledger import Reader
from data.submissions import Key, current_rows, submissions_of
from schemas.registers import REGISTERS
from tasks.intake.delivery import key_text


class OnRecord:
    """The registers as `submissions` (register → mode and blob) leave them, oldest first.

    Each blob is read at most once.
    """

    def __init__(
        self, submissions: Mapping[str, Sequence[tuple[str, str]]], blobs: BlobStore
    ) -> None:
        @cache
        def content(name: str) -> list[tuple[str, bytes]]:
            return [(mode, blobs.get(blob)) for mode, blob in submissions.get(name, [])]

        self.rows = cache(lambda name, *columns: current_rows(name, content(name), columns))
        self.keys = cache(self._keys)
        self._holders = cache(self._holding)
        self._officer_names = cache(self._names_of_officers)

    @classmethod
    def now(cls, reader: Reader, blobs: BlobStore) -> OnRecord:
        """The registers as they stand."""
        return cls(submissions_of(reader), blobs)

    def _keys(self, name: str) -> Collection[str]:
        return frozenset(map(key_text, self.rows(name)))

    def row_of(self, register: str, key: str) -> Mapping[str, object] | None:
        """A row on record by its key of one column."""
        columns = [one.name for one in REGISTERS[register].columns]
        cells = self.rows(register, *columns).get((key,))
        return None if cells is None else dict(zip(columns, cells, strict=True))

    def current_rows(self, register: str) -> Mapping[Key, Key]:
        """Key → cells of every row on record, days as days."""
        columns = [one.name for one in REGISTERS[register].columns]
        return {
            tuple(map(plain_day, key)): tuple(map(plain_day, cells))
            for key, cells in self.rows(register, *columns).items()
        }

    def unit_of(self, candidate: str) -> str | None:
        """The unit of a candidate on record."""
        return next(iter(self.rows("candidates", "unit").get((candidate,), ())), None)

    def level_of(self, code: str) -> str | None:
        """The level of a jurisdiction on record."""
        return next(iter(self.rows("jurisdictions", "level").get((code,), ())), None)

    def officer_names(self, person: str) -> Collection[str]:
        """The names under which a person stands on record as an officer."""
        return self._officer_names().get(person, ())

    def _names_of_officers(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for person, name in self.rows("officers", "person", "name").values():
            found.setdefault(person, []).append(name)
        return found

    def _holding(self, name: str, column: str) -> Mapping[object, list[Key]]:
        """Value of a column → the keys of the rows on record that have it."""
        found: dict[object, list[Key]] = {}
        for key, (value,) in self.rows(name, column).items():
            found.setdefault(value, []).append(key)
        return found

    def referring(self, register: str, key: str) -> Iterator[tuple[str, str]]:
        """The rows on record that refer to a row, as register and key."""
        for name, other in REGISTERS.items():
            for column, target in other.references.items():
                if target == register:
                    for holder in sorted(self._holders(name, column).get(key, ())):
                        yield name, key_text(holder)


def plain_day(value: object) -> object:
    """A cell as people write it: days without the midnight that their blob has."""
    return value.date() if isinstance(value, datetime) else value
