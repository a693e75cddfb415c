"""Election (选举): two gates, one before the vote (`slate`) and one after it (`result`)."""

from __future__ import annotations

from datetime import date

from prefect import State

from flows.stage_flow import day, stage_flow
from tasks.steps import decide_gates, hand_on, pass_on, receive, run_checks


@stage_flow("election")
async def election(scope: str = "cycle", on: date | None = None) -> State[None]:
    """组织选举: only a lawful slate is voted on, and only a lawful vote has a result."""
    slate = await receive("slate", scope, day(on))
    findings = await run_checks(
        slate,
        "slate.session",  # 会议召开、主席团
        "slate.credentials",  # 代表资格
        "slate.deputies",  # 代表名册
        "slate.direct-votes",  # 选民直接选举代表
        "slate.method",  # 选举办法
        "slate.letter",  # 推荐书
        "slate.membership",  # 政协委员名单
        "slate.channel",  # 主席团、代表联名、协商
        "slate.caps",  # 提名人数不超过应选名额
        "slate.differential",  # 差额
        "slate.method-differential",  # 选举办法差额数
        "slate.introductions",  # 选举日停止介绍
        "slate.eligibility",  # 资格
        "slate.sanctions",  # 联名提名人选的处分影响期
        "slate.avoidance",  # 联名提名人选的任职回避
        "slate.deliberation",  # 酝酿不少于两天
        "slate.late-reports",  # 表决前的举报
    )
    ballot = await pass_on(slate, await decide_gates(slate, findings))
    findings = await run_checks(
        ballot,
        "result.quorum",  # 法定人数
        "result.papers",  # 选票平衡
        "result.counts",  # 两次独立计票
        "result.halls",  # 分会场、计票单逐格相加
        "result.signs",  # 选票符号
        "result.scrutineers",  # 监票计票回避
        "result.winners",  # 全体过半数当选
        "result.void-elections",  # 当选无效
        "result.procurator-approval",  # 检察长报批
        "result.further-vote",  # 再次投票、另行选举
    )
    return await hand_on(ballot, await decide_gates(ballot, findings))
