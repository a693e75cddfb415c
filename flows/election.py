"""Election (选举): quorum, papers that add up, two counts that agree, the right majority."""

from __future__ import annotations

from datetime import date

from prefect import State

from flows.stage_flow import day, stage_flow
from tasks.steps import decide_gates, hand_on, receive, run_checks


@stage_flow("election")
async def election(scope: str = "cycle", on: date | None = None) -> State[None]:
    """组织选举: a lawful session, a lawful vote, and winners by the majority of all deputies."""
    slate = await receive("election", scope, day(on))
    findings = await run_checks(
        slate,
        "election.session",  # 会议召开
        "election.quorum",  # 法定人数
        "election.method",  # 选举办法
        "election.credentials",  # 代表资格
        "election.deputies",  # 代表名册
        "election.papers",  # 选票平衡
        "election.counts",  # 两次独立计票
        "election.halls",  # 分会场、计票单逐格相加
        "election.signs",  # 选票符号
        "election.scrutineers",  # 监票计票回避
        "election.winners",  # 全体过半数当选
        "election.further-vote",  # 再次投票、另行选举
        "election.late-reports",  # 表决前的举报
    )
    return await hand_on(slate, await decide_gates(slate, findings))
