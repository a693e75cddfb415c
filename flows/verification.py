"""Verification (校验): every night the whole record is verified and every decision replayed."""

from __future__ import annotations

from prefect import State, flow
from prefect.states import Completed

from data.home import current_home
from data.ledger import LedgerBroken
from data.verify import verify
from flows.stage_flow import UNCHECKED, closed_if_refused, shown_day
from schemas.text import Text, plural
from tasks.verifying import replay_fault


async def _verify() -> State[None]:
    home = current_home().of_this_release()
    held, fault = verify(home, blobs=True, acts=True)
    if fault := fault or replay_fault(home):
        raise LedgerBroken(fault.seq, fault.fault)
    message = Text(
        f"{held}条记录全部成立，决定复核结果一致",
        f"all {plural(held, 'entry', 'entries')} verified, every decision replayed to the same "
        "answer",
    )
    return Completed(name="Verified", message=message.render())


def _named() -> str:
    return f"verification {shown_day(None)}"


@flow(name="verification", flow_run_name=_named, **UNCHECKED)
async def verification() -> State[None]:
    """校验: the record with signatures, decisions and blobs, and every decision made again."""
    return await closed_if_refused(_verify())
