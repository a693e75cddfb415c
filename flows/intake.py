"""Intake (报送): the files that officers dropped into the inbox become their submissions."""

from __future__ import annotations

import asyncio

from prefect import State, flow
from prefect.states import Completed, Failed

from data.home import current_home
from flows.forms import OFFICER, REGISTER, chosen_id
from flows.stage_flow import UNCHECKED, closed_if_refused
from schemas.text import Text, plural
from tasks.intake.headings import find_register
from tasks.intake.inbox_folder import Taken, inbox_of, take_inbox
from tasks.intake.inbox_strays import set_aside


def _ended(taken: list[Taken]) -> State[None]:
    """What became of the files, in counts and ids."""
    accepted, rejected = sum(one.accepted for one in taken), sum(one.rejected for one in taken)
    refused = sum(not one.accepted for one in taken)
    message = Text(
        f"{len(taken)}份文件：接收{accepted}行，退回{rejected}行，{refused}份未接收",
        f"{plural(len(taken), 'file')}: {plural(accepted, 'row')} accepted, {rejected} rejected, "
        f"{refused} not "
        "taken",
    ).render()
    concerned = sorted({one.officer for one in taken if one.rejected or not one.accepted})
    if not concerned:
        return Completed(name="Taken", message=message)
    where = Text(
        "原因见下列责任人员文件夹 taken、rejected 中的 .txt",
        "the .txt in taken or rejected of these officers says why",
    ).render()
    return Failed(name="Rejected", message=f"{message}; {where}: {', '.join(concerned)}")


async def _take(officer: object, register: object) -> State[None]:
    whose = "" if officer is None else chosen_id(officer, OFFICER)
    what = "" if register is None else find_register(chosen_id(register, REGISTER)).name
    home = current_home()
    await asyncio.to_thread(set_aside, inbox_of(home))
    return _ended(await asyncio.to_thread(take_inbox, home, whose, what))


@flow(name="intake", **UNCHECKED)
async def intake(officer: str | None = None, register: str | None = None) -> State[None]:
    """报送: take what waits in the inbox, of one officer or all, for one register or all."""
    return await closed_if_refused(_take(officer, register))
