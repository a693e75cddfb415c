"""Connections to PostgreSQL that are kept between transactions, since each costs a login.

Rules: a connection serves one thread at a time and the process that made it, never a forked child;
one that the server closed meanwhile is replaced before anything was done with it, never in the
middle. A commit waits for the disk whatever the server's default is; names mean the first schema of
the search path and no other.
"""

from __future__ import annotations

import atexit
import os
import re
import threading
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from data.engines import BUSY_SECONDS, Address, Row
from data.postgres_server import require, require_schema, unreachable

Connection = psycopg.Connection[Row]

KEPT = 4
# A host that is gone is noticed by either side after a minute.
_DEFAULTS: dict[str, Any] = {
    "connect_timeout": 10,
    "application_name": "termgate",
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
_SESSION = f"""
SELECT set_config('lock_timeout', '{BUSY_SECONDS}s', false),
  set_config('tcp_keepalives_idle', '30', false),
  set_config('tcp_keepalives_interval', '10', false),
  set_config('tcp_keepalives_count', '3', false),
  set_config('synchronous_commit', CASE current_setting('synchronous_commit')
    WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false)
"""
_IDENTIFIER = re.compile(r'"(?:[^"]|"")+"|[^\s,"]+')


class _Pool:
    """What this process keeps; the oldest goes first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: list[tuple[str, Connection]] = []

    def take(self, secret: str) -> Connection | None:
        with self._lock:
            for index in reversed(range(len(self._kept))):
                if self._kept[index][0] == secret:
                    return self._kept.pop(index)[1]
        return None

    def keep(self, secret: str, connection: Connection) -> None:
        with self._lock:
            self._kept.append((secret, connection))
            surplus = self._kept[:-KEPT]
            del self._kept[:-KEPT]
        for _, old in surplus:
            old.close()

    def close(self) -> None:
        with self._lock:
            kept, self._kept = self._kept, []
        for _, connection in kept:
            connection.close()


class _Pools:
    """The pool of this process, and those of its parents, which are left alone.

    To close a parent's connection would end it for the parent.
    """

    def __init__(self) -> None:
        self.own = _Pool()
        self._parents: list[_Pool] = []

    def forked(self) -> None:
        self._parents.append(self.own)
        self.own = _Pool()

    def close(self) -> None:
        self.own.close()


_pools = _Pools()
os.register_at_fork(after_in_child=_pools.forked)
atexit.register(_pools.close)


def schema_of(connection: Connection) -> str:
    """The schema that names without one mean, as an identifier; it need not exist."""
    path, own = connection.execute(
        b"SELECT current_setting('search_path'), "
        b"(SELECT nspname FROM pg_namespace WHERE nspname = current_user)"
    ).fetchone() or ("", None)
    names = _IDENTIFIER.findall(path)
    if names and names[0] == '"$user"':
        names = [f'"{own}"'] if own else names[1:]
    return names[0] if names else "public"


class Connections:
    """How the connections to one address are made, taken and given back."""

    def __init__(self, address: Address, parts: dict[str, Any]) -> None:
        self._address = address
        self._parts = parts

    def take(self, opening: str) -> Connection:
        """A connection in which `opening` was executed."""
        while (kept := _pools.own.take(self._address.secret)) is not None:
            try:
                return self._opened(kept, opening)
            except psycopg.OperationalError:
                if not kept.broken:
                    raise
        return self._opened(self._connect(), opening)

    @staticmethod
    def _opened(connection: Connection, opening: str) -> Connection:
        try:
            connection.execute(opening.encode())
        except BaseException:
            connection.close()
            raise
        return connection

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next who asks, unless something is left of the last."""
        if connection.pgconn.transaction_status == TransactionStatus.IDLE:
            _pools.own.keep(self._address.secret, connection)
        else:
            connection.close()

    def _connect(self) -> Connection:
        missing = {name: value for name, value in _DEFAULTS.items() if name not in self._parts}
        try:
            connection = psycopg.connect(
                self._address.secret, autocommit=True, client_encoding="UTF8", **missing
            )
        except psycopg.OperationalError as error:
            raise unreachable(self._parts, error) from error
        try:
            require(connection, self._parts)
            connection.execute(_SESSION.encode())
            schema = schema_of(connection)
            require_schema(connection, schema, self._parts)
            connection.execute(f"SET search_path TO {schema}, pg_temp".encode())
        except BaseException:
            connection.close()
            raise
        return connection
