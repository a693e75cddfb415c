"""Who leads: of several serves over one ledger, only one watches it.

Rules: a ledger in a file is served by one anyway (the lock of its home); over PostgreSQL a lock of
the database is held for as long as the connection lives, so that whoever takes over after a lost
machine needs nobody to tell it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.engines import Address, Place

if TYPE_CHECKING:
    import psycopg

_BYTES = 8
_CONNECT_SECONDS = 5


class Leadership:
    """The lock of who watches a cycle; `cycle` is the hash of its first entry."""

    def __init__(self, place: Place, cycle: str) -> None:
        self._place = place
        self._key = int.from_bytes(bytes.fromhex(cycle)[:_BYTES], "big", signed=True)
        self._connection: psycopg.Connection | None = None

    def held(self) -> bool:
        """Whether it is ours; it is taken if nobody has it. A database that is away has it not."""
        if not isinstance(self._place, Address):
            return True
        import psycopg

        try:
            if self._connection is not None:
                self._connection.execute("SELECT 1")
                return True
            self._connection = psycopg.connect(
                self._place.secret, autocommit=True, connect_timeout=_CONNECT_SECONDS
            )
            asked = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (self._key,))
            row = asked.fetchone()
            if row and row[0]:
                return True
        except psycopg.Error:
            self.give_up()
            return False
        self.give_up()
        return False

    def give_up(self) -> None:
        """Let others have it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
