"""What is done to a ledger's database before it is used."""

from __future__ import annotations

from pathlib import Path

from data.engines import Address
from data.home import LEDGER, named_home
from deployments.exits import DONE
from deployments.show import console
from schemas.text import Refusal, Text


def grant(path: Path | None, role: str) -> int:
    """Let a role append to the ledger that `TERMGATE_LEDGER` names, and no more."""
    place = named_home(path).ledger
    if not isinstance(place, Address):
        raise Refusal(
            Text(
                f"SQLite 没有角色；先让 {LEDGER} 指向 PostgreSQL",
                f"SQLite has no roles; let {LEDGER} name a PostgreSQL database first",
            )
        )
    from data.postgres import Postgres

    Postgres(place).grant(role)
    console().print(
        Text(
            f"角色 {role} 可以使用留痕：只能追加", f"role {role} may use the ledger: append only"
        ).render(),
        markup=False,
    )
    return DONE
