"""The desk's templates, and the words and functions that they use.

Rules: those of `tasks.templates`; whoever reads gets their own language.
"""

from __future__ import annotations

from pathlib import Path

import jinja2

from data.submissions import ACCEPT, WITHDRAW
from deployments.desk.runs import CYCLE
from deployments.inbox import NOTHING_NEEDED
from schemas.authority import VOUCHING_ORGANS
from schemas.decisions import sign_off_code
from schemas.entries import KINDS
from schemas.envelopes import fingerprint
from schemas.handoffs import handoff_code
from schemas.names import unit_name
from schemas.refusals import ACT_FAULTS
from schemas.registers import REGISTERS
from schemas.reports import check_title
from schemas.rules.catalogue import RULES
from schemas.statements import CONFIRMATION, DELIVERY, KEY, RULING, SIGN_OFF, WAIVER, WITHDRAWAL
from schemas.subjects import subject_shown
from schemas.text import Text, language
from schemas.vocabulary import WORKS, Body, Organ, Outcome, Stage, Status, Work
from schemas.words import (
    CAUSES,
    CONFIRMATIONS,
    OBJECTION_STATES,
    ROW_CHANGES,
    STATES,
    VERDICTS,
    organ_name,
    stage_name,
)
from tasks.export.page.texts import SECTIONS
from tasks.intake.refusal import shown
from tasks.templates import environment_of

# Acts as they are shown before they are signed, by the fields of the statement.
FIELDS: dict[str, Text] = {
    "predicateType": Text("类别", "kind"),
    "officer": Text("责任人员", "officer"),
    "organ": Text("机关", "organ"),
    "jurisdiction": Text("行政区", "jurisdiction"),
    "unit": Text("单位", "unit"),
    "stage": Text("环节", "stage"),
    "decision": Text("所签意见", "what is signed"),
    "decided": Text("所看的核查（记录号）", "decision looked at (entry)"),
    "on": Text("核查日期", "looked at on"),
    "outcome": Text("核查结论", "outcome"),
    "findings": Text("核查结果", "found"),
    "since": Text("上次签字或拒签之后的变化", "changed since it was last signed or refused"),
    "verdict": Text("裁定", "verdict"),
    "check": Text("检查", "check"),
    "subject": Text("对象", "subject"),
    "until": Text("有效期至", "until"),
    "act": Text("密钥事项", "act"),
    "entry": Text("所指的记录号", "about entry"),
    "registers": Text("报送到", "delivered to"),
    "register": Text("台账", "register"),
    "mode": Text("方式", "mode"),
    "source": Text("文件", "file"),
    "rows": Text("接收的行", "accepted rows"),
    "quarantine": Text("退回的行", "rejected rows"),
    "public": Text("密钥指纹", "fingerprint of the key"),
    "previous": Text("原密钥指纹", "fingerprint of the previous key"),
    "by": Text("办理人", "by"),
    "time": Text("时间（UTC）", "time (UTC)"),
    "reason": Text("原因（及其摘要）", "reason (and its digest)"),
    "policy": Text("规则包", "policy pack"),
    "evidence": Text("依据材料", "evidence"),
    "cycle": Text("换届标识", "cycle"),
}
# What the values of these fields are called; whatever is not here is shown as it is.
VALUES: dict[str, dict[str, Text]] = {
    "predicateType": {
        SIGN_OFF: KINDS["signed"].label,
        WAIVER: KINDS["waived"].label,
        WITHDRAWAL: KINDS["withdrawn"].label,
        RULING: KINDS["ruled"].label,
        KEY: Text("密钥", "key"),
        DELIVERY: KINDS["delivered"].label,
        CONFIRMATION: KINDS["confirmed"].label,
    },
    "register": {name: one.title for name, one in REGISTERS.items()},
    "mode": {ACCEPT: Text("报送", "add or replace rows"), WITHDRAW: Text("撤回", "withdraw rows")},
    "organ": {one.value: one.label for one in Organ},
    "stage": {one.value: one.label for one in Stage},
    "decision": {"open": Text("同意通过", "open the gate"), "refuse": KINDS["refused"].label},
    "verdict": {**VERDICTS, **CONFIRMATIONS},
    "outcome": {one.value: one.label for one in Outcome},
    "status": {one.value: one.label for one in Status},
    "change": ROW_CHANGES,
    "check": {
        **{code: rule.title for code, rule in RULES.items()},
        **{sign_off_code(one): Text("会签", "sign-offs") for one in Stage},
        **{handoff_code(one): Text("交接", "hand-off") for one in Stage},
    },
    "act": {
        "enrol": KINDS["key-enrolled"].label,
        "vouch": KINDS["key-vouched"].label,
        "revoke": KINDS["key-revoked"].label,
    },
}
# States of runs as Prefect names them; a run of ours ends as its gates stand.
RUN_STATES: dict[str, Text] = {
    "Scheduled": Text("已排队", "scheduled"),
    "Late": Text("已排队，尚无进程接手", "scheduled; no worker took it yet"),
    "Pending": Text("即将开始", "about to start"),
    "Submitting": Text("即将开始", "about to start"),
    "InfrastructurePending": Text("即将开始", "about to start"),
    "AwaitingConcurrencySlot": Text("已排队，等其他运行结束", "scheduled; others run first"),
    "AwaitingRetry": Text("稍后重试", "to be tried again"),
    "Retrying": Text("正在重试", "tried again"),
    "Paused": Text("已暂停", "paused"),
    "Suspended": Text("已暂停", "paused"),
    "Running": Text("运行中", "running"),
    "Completed": Text("已结束", "ended"),
    "Cancelling": Text("正在取消", "being cancelled"),
    "Cancelled": Text("已取消", "cancelled"),
    "Crashed": Text("进程中断", "its process broke off"),
    "Failed": Text("运行出错", "failed"),
    **{one.value.capitalize(): one.label for one in Outcome},
}
FLOW_NAMES: dict[str, Text] = {
    **{one.value: one.label for one in Work},
    CYCLE: Text("全部环节", "every stage"),
}
# What is done about gates, by the names under which it is sent.
DOING: dict[str, Text] = {
    "sign": Text("签字", "sign it"),
    "refuse": Text("拒签", "refuse it"),
    "sign-or-refuse": Text("签字或拒签", "sign or refuse it"),
    "waive": Text("作例外审批", "waive it"),
    "withdraw": Text("撤回", "withdraw"),
    "join-waiver": Text("会签这项例外审批", "sign this waiver too"),
    "lift": Text("解除拒签", "lift this refusal"),
    "vouch": Text("核验确认", "vouch for it"),
    "revoke": Text("吊销", "revoke it"),
    "confirm": Text("确认", "confirm it"),
    "decline": Text("不予确认", "decline it"),
    "reject": Text("驳回", "reject it"),
    "reopen": Text("同意重新启动", "have the unit reopened"),
}
# So many rows stand open on a page that has other things to say; of more, groups to be opened.
FEW = 8
# So many entries of the history a telephone shows at first (desk.css says the same).
FIRST = 30
FOLDER = Path(__file__).parent


def stage_of(check: str) -> str:
    """What the stage of a check is called."""
    return stage_name(check.partition(".")[0]).render()


def environment() -> jinja2.Environment:
    """The templates, ready to be rendered in the language of whoever reads."""
    made = environment_of(FOLDER, lambda: (language(),))
    made.filters["fingerprint"] = fingerprint
    made.filters["shown"] = shown
    made.filters["pair"] = lambda one: (one.value, one.label)
    made.filters["check_pair"] = lambda code: (code, f"{stage_of(code)} · {check_title(code)}")
    made.globals.update(
        works=WORKS,
        vouchers=VOUCHING_ORGANS,
        few=FEW,
        first=FIRST,
        sections=SECTIONS,
        bodies=list(Body),
        outcomes=list(Outcome),
        registers=REGISTERS,
        key_states=STATES,
        objection_states=OBJECTION_STATES,
        verdicts=VERDICTS,
        causes=CAUSES,
        run_states=RUN_STATES,
        flow_names=FLOW_NAMES,
        kinds=KINDS,
        doing=DOING,
        faults=ACT_FAULTS,
        not_needed={**ACT_FAULTS, **NOTHING_NEEDED},
        row_changes=ROW_CHANGES,
        fields=FIELDS,
        values=VALUES,
        unit_name=unit_name,
        organ=organ_name,
        stage_name=stage_name,
        status_name=lambda code: Status(code).label,
        check_title=check_title,
        subject_shown=subject_shown,
        entry_href=lambda seq: f"/history?until={seq}#e{seq}",
        unit_href=lambda unit: f"/history?unit={unit}",
        gate_href=lambda cell: f"/gate/{cell.unit}/{cell.stage}",
    )
    return made
