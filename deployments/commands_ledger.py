"""The command of whoever sets up the ledger's database.

Rules: a role that uses a ledger may append to it and no more; SQLite has no roles, and says so.
"""

# ruff: noqa: D103 (the help text, in both languages, says it)

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from deployments.app import HomeOption, _, ledger


@ledger.command(
    name="grant",
    help=_(
        "允许一个数据库角色使用留痕：只能追加，不能改动或删除",
        "Let a database role use the ledger: append to it, and never change or delete",
    ),
)
def ledger_grant(
    role: Annotated[str, Parameter(help=_("PostgreSQL 角色", "PostgreSQL role"))],
    /,
    *,
    home: HomeOption = None,
) -> int:
    from deployments import ledgers

    return ledgers.grant(home, role)
