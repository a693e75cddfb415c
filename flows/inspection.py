"""Inspection (督导): every place visited, every problem rectified, every clear report pursued."""

from __future__ import annotations

from datetime import date

from prefect import State

from flows.stage_flow import day, stage_flow
from tasks.steps import decide_gates, hand_on, receive, run_checks


@stage_flow("inspection")
async def inspection(scope: str = "cycle", on: date | None = None) -> State[None]:
    """监督检查突出“严”: roving supervision, special inspection, open channels, no open case."""
    slate = await receive("inspection", scope, day(on))
    findings = await run_checks(
        slate,
        "inspection.roving",  # 巡回督导不间断
        "inspection.five-items",  # 五个必查
        "inspection.special",  # 专项巡察
        "inspection.rectified",  # 整改与核验
        "inspection.channels",  # 12380“四位一体”
        "inspection.cases",  # 立项专办
        "inspection.handlers",  # 承办人回避
        "inspection.confidentiality",  # 举报材料保密
        "inspection.objections",  # 转送异议期限
        "inspection.prohibitions",  # 严禁与一律
        "inspection.report-clocks",  # 实名举报期限
    )
    return await hand_on(slate, await decide_gates(slate, findings))
