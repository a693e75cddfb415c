"""Checkpoints (存证点): every morning a run says whether one is due; officers make and sign it."""

from __future__ import annotations

from prefect import State, flow
from prefect.states import Completed

from data.home import current_home
from data.ledger import Ledger
from flows.stage_flow import UNCHECKED, closed_if_refused, shown_day
from schemas.text import Text, plural
from schemas.vocabulary import Outcome
from tasks.steps import named_state
from tasks.verifying import uncovered


async def _look() -> State[None]:
    left = uncovered(Ledger(current_home().opened().ledger))
    if left:
        message = Text(
            f"该做存证点了：{left}次交接还没有存证点覆盖；由两个机关的责任人员用 termgate audit "
            "checkpoint 签字",
            f"a checkpoint is due: none covers {plural(left, 'hand-off')}; officers of two organs "
            "sign one with `termgate audit checkpoint`",
        )
        return named_state(Outcome.BLOCKED, message.render())
    message = Text("每次交接都有存证点覆盖", "a checkpoint covers every hand-off")
    return Completed(name="Covered", message=message.render())


def _named() -> str:
    return f"checkpoints {shown_day(None)}"


@flow(name="checkpoints", flow_run_name=_named, **UNCHECKED)
async def checkpoints() -> State[None]:
    """存证点: whether every hand-off is covered by a checkpoint on record."""
    return await closed_if_refused(_look())
