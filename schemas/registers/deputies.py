"""The register of deputies: who they are by their ids, and whether they are in office.

Rules: it is the list that every congress publishes before its first session (选举法 art. 47), kept
up since; an office ends or is suspended from a day on, for the reasons of 代表法 art. 61, 62 alone.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from schemas.columns import Column, Row, UnitId, identifier, term
from schemas.vote_terms import DeputyStatus


class Deputy(Row):
    """A deputy of a congress, or a member of a CPPCC that keeps such a register (代表名册)."""

    unit: UnitId
    deputy: Annotated[str, *identifier("代表编号", "deputy", "d-640302-0001")]
    status: Annotated[DeputyStatus, term("状态", "status", "in-office")]
    since: Annotated[
        date | None,
        Column(
            "自何日起",
            "since",
            "暂停或终止的填写；在任的留空",
            "the day from which the office is suspended or has ended; else empty",
            None,
        ),
    ] = None
