"""Vetting (考察): whoever is proposed is reviewed six ways, and nothing bars them."""

from __future__ import annotations

from datetime import date

from prefect import State

from flows.stage_flow import day, stage_flow
from tasks.steps import decide_gates, hand_on, receive, run_checks


@stage_flow("vetting")
async def vetting(scope: str = "cycle", on: date | None = None) -> State[None]:
    """资格审核: the six "whoever is proposed must be …", then the bars, then the public notice."""
    slate = await receive("vetting", scope, day(on))
    findings = await run_checks(
        slate,
        "vetting.archive",  # 档案 凡提必审
        "vetting.declaration",  # 个人有关事项 凡提必核
        "vetting.organs-heard",  # 执纪执法机关意见 凡提必听
        "vetting.reports",  # 举报 凡提必查
        "vetting.inspection",  # 巡视巡察结果 凡提必用
        "vetting.audit",  # 经济责任审计 凡提必审
        "vetting.bars",  # 不得列为考察对象
        "vetting.sanctions",  # 处分影响期
        "vetting.examination",  # 考察组
        "vetting.integrity",  # 廉洁意见“双签字”
        "vetting.qualification",  # 任职资格、任期
        "vetting.avoidance",  # 任职回避
        "vetting.kin-offices",  # 亲属任职回避
        "vetting.freeze",  # 审核冻结日期
        "vetting.committee",  # 讨论决定
        "vetting.public-notice",  # 任前公示
    )
    return await hand_on(slate, await decide_gates(slate, findings))
