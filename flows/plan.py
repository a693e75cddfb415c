"""Plan (方案): deployed early and in order, duties named, seats lawful, the calendar feasible."""

from __future__ import annotations

from datetime import date

from prefect import State

from flows.stage_flow import day, stage_flow
from tasks.steps import decide_gates, hand_on, receive, run_checks


@stage_flow("plan")
async def plan(scope: str = "cycle", on: date | None = None) -> State[None]:
    """制订换届工作方案: supervision is planned, deployed and carried out with the cycle itself."""
    slate = await receive("plan", scope, day(on))
    findings = await run_checks(
        slate,
        "plan.deployment",  # 部署突出“早”
        "plan.notice",  # 每个环节都有监督要求
        "plan.discipline-list",  # 通知所依据的换届纪律
        "plan.duties",  # 第一责任人和责任清单
        "plan.responsibility-talks",  # 约谈全覆盖
        "plan.seats",  # 代表名额
        "plan.election-committee",  # 选举委员会
        "plan.allocation",  # 选区划分、名额分配
        "plan.posts",  # 职数
        "plan.calendar",  # 法定日程
        "plan.documents",  # 方案、请示、批复
    )
    return await hand_on(slate, await decide_gates(slate, findings))
