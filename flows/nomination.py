"""Nomination (提名): recommended, proposed, consulted on, and everybody reached by the pledge."""

from __future__ import annotations

from datetime import date

from prefect import State

from flows.stage_flow import day, stage_flow
from tasks.steps import decide_gates, hand_on, receive, run_checks


@stage_flow("nomination")
async def nomination(scope: str = "cycle", on: date | None = None) -> State[None]:
    """提名推荐: the party side proposes for every post, and everybody knows the discipline."""
    slate = await receive("nomination", scope, day(on))
    findings = await run_checks(
        slate,
        "nomination.recommendation",  # 民主推荐
        "nomination.proposals",  # 每个职位都有拟提名人选
        "nomination.consultation",  # 民主协商
        "nomination.pledges",  # 承诺书
        "nomination.must-talks",  # 四必谈
        "nomination.films",  # 警示教育片
        "nomination.activities",  # 十个一
        "nomination.cards",  # 宣传卡
        "nomination.publicity",  # 举报电话、专栏
        "nomination.lists",  # 名单公布
        "nomination.committee-members",  # 选举委员会成员回避
        "nomination.constituencies",  # 选区齐全
        "nomination.roll",  # 选民名单问题
        "nomination.deputy-lists",  # 代表候选人名单
    )
    return await hand_on(slate, await decide_gates(slate, findings))
