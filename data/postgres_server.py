"""How a PostgreSQL server is named, and what its errors mean.

Rules: an address is shown as host, port and database, and only once it is certain that these hold
no part of a password; the driver's words are shown for a failed login alone, without the password.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from data.engines import ADDRESS, Address, LedgerAway, LedgerBusy, LedgerFault
from schemas.text import Refusal, Text

_SCHEMES = ("postgresql://", "postgres://")
# What is shown of an address: a password that was not escaped would end up in one of these.
_SHOWN = {"host": r"[\w.:,/-]*", "port": r"[\d,]*", "dbname": r"[\w.-]+"}

OLDEST = 14

# Classes and codes of SQLSTATE that are no fault of the ledger.
_AWAY = {
    "25006": Text("只读（可能是备用服务器）", "it is read-only (perhaps a standby)"),
    "28": Text("登录被拒绝", "the login was refused"),
    "3D": Text("没有这个数据库", "there is no such database"),
    "42501": Text("该角色没有所需的权限", "this role lacks a permission that is needed"),
    "53100": Text("磁盘已满", "its disk is full"),
    "53": Text("连接数、内存或磁盘已用完", "it is out of connections, memory or disk"),
    "57P": Text("服务器正在启动或关闭", "the server is starting or shutting down"),
}
_LOST = Text("连接中断", "the connection was lost")


def parts_of(address: Address) -> dict[str, Any]:
    """What an address says.

    Raises:
        Refusal: it is none, or something of it that is shown looks like part of a password.
    """
    try:
        parts = dict(conninfo_to_dict(address.secret))
    except psycopg.Error:
        parts = {}
    usable = address.secret.startswith(_SCHEMES) and all(
        re.fullmatch(form, str(parts.get(name) or "")) for name, form in _SHOWN.items()
    )
    if not usable:
        raise Refusal(
            Text(
                f"TERMGATE_LEDGER 不是可用的 PostgreSQL 地址；应为 {ADDRESS}，口令中的特殊字符"
                "写成 %XX",
                f"TERMGATE_LEDGER is no PostgreSQL address; expected {ADDRESS}, with special "
                "characters of a password written as %XX",
            )
        )
    return parts


def shown(parts: dict[str, Any]) -> str:
    """How people read which server is meant."""
    return f"{parts.get('host') or 'localhost'}:{parts.get('port') or 5432}/{parts['dbname']}"


@contextmanager
def errors_as_refusals(where: str) -> Iterator[None]:
    """Errors of the driver become refusals."""
    try:
        yield
    except psycopg.errors.LockNotAvailable as error:
        raise LedgerBusy from error
    except psycopg.Error as error:
        code = error.sqlstate or ""
        for known, why in _AWAY.items():
            if code.startswith(known):
                raise LedgerAway(where, why) from error
        if isinstance(error, psycopg.OperationalError):
            raise LedgerAway(where, _LOST) from error
        raise LedgerFault(code or type(error).__name__) from error


def unreachable(parts: dict[str, Any], error: psycopg.Error) -> LedgerAway:
    """Why nobody could log in, in the driver's words."""
    words = " ".join(str(error).split()).removeprefix("connection failed: ")
    if password := str(parts.get("password") or ""):
        words = words.replace(password, "***")
    return LedgerAway(shown(parts), Text(f"连接不上（{words}）", f"no connection ({words})"))


def require_schema(connection: psycopg.Connection[Any], schema: str, parts: dict[str, Any]) -> None:
    """Refuse a schema that this role may not look into: it would seem to be empty."""
    usable = connection.execute(
        b"SELECT has_schema_privilege(to_regnamespace(%s)::oid, 'USAGE')", (schema,)
    ).fetchone()
    if usable == (False,):
        raise LedgerAway(shown(parts), _AWAY["42501"])


def require(connection: psycopg.Connection[Any], parts: dict[str, Any]) -> None:
    """Refuse a server that could not keep what a ledger promises."""
    fsync, encoding = connection.execute(
        b"SELECT current_setting('fsync'), current_setting('server_encoding')"
    ).fetchone() or ("", "")
    lacking = [
        text
        for holds, text in (
            (connection.info.server_version // 10_000 >= OLDEST,
             Text(f"版本低于{OLDEST}", f"it is older than {OLDEST}")),
            (fsync == "on", Text("fsync=off，断电会丢失记录",
                                 "it runs with fsync=off and loses records with the power")),
            (encoding == "UTF8", Text("数据库编码不是 UTF8", "the database is not in UTF8")),
        )
        if not holds
    ]  # fmt: skip
    if lacking:
        where = shown(parts)
        zh, en = "；".join(one.zh for one in lacking), "; ".join(one.en for one in lacking)
        raise Refusal(
            Text(
                f"记录库 {where} 不能使用：{zh}",
                f"the ledger cannot stand in {where}: {en}",
            )
        )
