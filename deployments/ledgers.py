"""The command of whoever sets up the ledger's database.

Rules: a role that uses a ledger may append to it and no more; SQLite has no roles, and says so.
"""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from data.engines import Address
from data.home import LEDGER, named_home
from deployments.app import HomeOption, _
from deployments.exits import DONE
from deployments.show import show
from schemas.text import Refusal, Text


def ledger_grant(
    role: Annotated[str, Parameter(help=_("PostgreSQL 角色", "PostgreSQL role"))],
    /,
    *,
    home: HomeOption = None,
) -> int:
    """Let a role append to the ledger that `TERMGATE_LEDGER` names, and no more."""
    place = named_home(home).ledger
    if not isinstance(place, Address):
        raise Refusal(
            Text(
                f"SQLite 没有角色；先让 {LEDGER} 指向 PostgreSQL",
                f"SQLite has no roles; let {LEDGER} name a PostgreSQL database first",
            )
        )
    from rich.markup import escape

    from data.postgres import Postgres

    Postgres(place).grant(role)
    text = _(f"角色 {role} 可以使用记录：只能追加", f"role {role} may use the ledger: append only")
    show([escape(text)])
    return DONE
