"""The tables of an export: which columns they have, what people call them, where they point.

Rules: every table says of each row which ledger entry it comes from (column `seq`); names and order
of columns are an interface (docs/exports.md), new ones are added at the end of a table.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.text import Text
from tasks.export.columns import Column, Kind, Table
from tasks.export.progress import Progress


def _(
    name: str, zh: str, en: str, kind: Kind = "text", *, target: str = "", width: int = 14
) -> Column:
    return Column(name, Text(zh, en), kind, target=target, width=width)


def _words(name: str, zh: str, en: str, width: int = 18) -> Column:
    return Column(name, Text(zh, en), words=True, width=width)


_SEQ = _("seq", "记录号", "ledger entry", "whole", target="entries", width=10)
_AT = _("at", "时间（UTC）", "time (UTC)", "moment", width=20)
_UNIT = _("unit", "单位", "unit", target="units", width=24)
_STAGE = _("stage", "环节", "stage", width=12)
_STAGE_NAME = _words("stage_name", "环节名称", "stage name", 12)
_OFFICER = _("officer", "责任人员", "officer", target="officers", width=18)
_ORGAN = _("organ", "机关", "organ", width=22)
_ORGAN_NAME = _words("organ_name", "机关名称", "organ name", 22)
_JURISDICTION = _("jurisdiction", "行政区划代码", "jurisdiction", width=12)
_KEY = _("key", "密钥", "key", target="keys", width=20)
_REASON_DIGEST = _("reason_digest", "原因的摘要", "digest of the reason", width=20)
_REASON = _("reason", "原因", "reason", width=40)
_EVIDENCE = _("evidence", "依据材料摘要", "evidence digest", width=20)
_POLICY = _("policy", "规则包摘要", "policy digest", width=20)
_SAID_AT = _("said_at", "签字时间（UTC）", "time stated (UTC)", "moment", width=20)
_PAYLOAD = _("payload", "签字内容的摘要", "digest of what was signed", width=20)
_STATE = _("state", "现状", "state now", width=14)
_STATE_NAME = _words("state_name", "现状说明", "state in words", 30)
_WITHDRAWN_BY = _(
    "withdrawn_by", "撤回的记录号", "withdrawn by entry", "whole", target="withdrawals"
)
_GATE_ACT = (_SEQ, _AT, _UNIT, _STAGE, _STAGE_NAME)
_SIGNED_BY = (_OFFICER, _ORGAN, _ORGAN_NAME, _JURISDICTION, _KEY)
_SAID = (_EVIDENCE, _POLICY, _SAID_AT, _PAYLOAD)
_WHY = (_REASON, _REASON_DIGEST)
_CHECK = _("check", "检查", "check", width=28)
_CHECK_NAME = _words("check_name", "检查名称", "check name", 28)
_SUBJECT = _("subject", "对象", "subject", width=26)
_OUTCOME = _("outcome", "结论", "outcome", width=12)
_OUTCOME_NAME = _words("outcome_name", "结论名称", "outcome name", 12)
_BY_GATE = ("unit", "stage", "officer")

TABLES: tuple[Table, ...] = (
    Table(
        "about",
        Text("说明", "about"),
        (
            _("item", "项目", "item", width=16),
            _words("item_name", "名称", "name", 28),
            _("value", "内容", "value", width=68),
            _SEQ,
        ),
        ("item",),
    ),
    Table(
        "units",
        Text("单位", "units"),
        (
            _("unit", "单位", "unit", width=24),
            _JURISDICTION,
            _("name", "行政区名称", "name of the jurisdiction", width=18),
            _("level", "层级", "level", width=10),
            _words("level_name", "层级名称", "level name", 10),
            _("body", "班子", "body", width=12),
            _words("body_name", "班子名称", "body name", 14),
            _("parent", "上级行政区", "jurisdiction above", width=12),
            _SEQ,
        ),
        ("unit",),
        ("jurisdiction", "parent"),
    ),
    Table(
        "gates",
        Text("关口现状", "gates now"),
        (
            _UNIT,
            _STAGE,
            _STAGE_NAME,
            _("state", "现状", "state now", width=12),
            _words("state_name", "现状名称", "state name", 12),
            _("recorded", "最近决定的结论", "outcome on record", width=12),
            _("held_by", "哪个环节的关口未通过", "held by stage", width=12),
            _("decisions", "决定次数", "decisions", "whole", width=8),
            _("closed_again", "再次暂停次数", "times closed again", "whole", width=8),
            _("hand_off", "最近交接的记录号", "last hand-off", "whole", target="hand_offs"),
            _("forecast", "预评（不是决定）", "forecast (no decision)", width=12),
            _words("forecast_name", "预评名称", "forecast in words", 16),
            _("forecast_day", "预评日期", "forecast as of", "day", width=12),
            _("forecast_closing", "预评缺项", "forecast: lacking", "whole", width=8),
            _("seq", "记录号", "ledger entry", "whole", target="decisions", width=10),
        ),
        ("unit", "stage"),
        ("state", "stage"),
    ),
    Table(
        "decisions",
        Text("决定", "decisions"),
        (
            *_GATE_ACT,
            _OUTCOME,
            _OUTCOME_NAME,
            _("day", "核查日期", "day looked at", "day", width=12),
            _("stands", "是否现行（1是0否）", "stands (1 yes, 0 no)", "whole", width=8),
            _("next", "其后的决定", "next decision", "whole", target="decisions", width=10),
            _("signers", "有效签字人", "signers that count", width=40),
            _("sign_offs", "有效签字的记录号", "sign-offs that count", width=20),
            _("waivers", "有效例外审批的记录号", "waivers in force", width=16),
            _("reopened_of", "暂停了哪次通过", "closes the open decision", "whole",
              target="decisions"),
            _("causes", "暂停原因代码", "causes of closing (codes)", width=20),
            _words("causes_name", "暂停原因", "causes of closing", 30),
            _("since", "此前签字作废至", "signatures void up to", "whole", width=10),
            _("passed", "合格", "pass", "whole", width=8),
            _("failed", "不合格", "fail", "whole", width=8),
            _("missing", "缺失", "missing", "whole", width=8),
            _("not_yet", "尚未到期", "not yet", "whole", width=8),
            _("waived", "例外审批", "waived", "whole", width=8),
            _("not_applicable", "不适用", "not applicable", "whole", width=8),
            _("position", "依据材料截至记录号", "facts up to entry", "whole", width=10),
            _POLICY,
            _EVIDENCE,
            _("decision", "决定摘要", "decision digest", width=20),
            _("code", "程序版本", "version of the program", width=20),
            _("run", "运行编号", "flow run", width=20),
        ),
        ("seq",),
        ("unit", "stage", "outcome", "reopened_of"),
    ),
    Table(
        "findings",
        Text("检查结果", "findings"),
        (
            _("number", "编号", "number", "whole", width=9),
            _("seq", "记录号", "ledger entry", "whole", target="decisions", width=10),
            _UNIT,
            _STAGE,
            _CHECK,
            _CHECK_NAME,
            _SUBJECT,
            _("status", "结果", "status", width=14),
            _words("status_name", "结果名称", "status name", 14),
            _("code", "原因代码", "reason code", width=22),
            _words("reason", "原因", "reason", 60),
            _("arguments", "原因参数", "arguments of the reason", width=24),
            _words("provider", "由谁补正", "who can supply it", 22),
        ),
        ("number",),
        ("seq", "check", "status", "subject", "unit"),
    ),
    Table(
        "sign_offs",
        Text("会签", "sign-offs"),
        (*_GATE_ACT, *_SIGNED_BY, _STATE, _STATE_NAME, _WITHDRAWN_BY, *_SAID, *_WHY),
        ("seq",),
        _BY_GATE,
    ),
    Table(
        "refusals",
        Text("拒签", "refusals"),
        (*_GATE_ACT, *_SIGNED_BY, _STATE, _STATE_NAME, _WITHDRAWN_BY, *_SAID, *_WHY),
        ("seq",),
        _BY_GATE,
    ),
    Table(
        "waivers",
        Text("例外审批", "waivers"),
        (
            *_GATE_ACT, _CHECK, _CHECK_NAME, _SUBJECT,
            _("until", "有效期至", "until", "day", width=12),
            *_SIGNED_BY, _STATE, _STATE_NAME, _WITHDRAWN_BY, *_SAID, *_WHY,
        ),
        ("seq",),
        (*_BY_GATE, "check", "subject"),
    ),
    Table(
        "withdrawals",
        Text("撤回", "withdrawals"),
        (
            *_GATE_ACT,
            _("of", "撤回哪一条", "takes back entry", "whole", target="entries", width=10),
            *_SIGNED_BY, _SAID_AT, _PAYLOAD, *_WHY,
        ),
        ("seq",),
        (*_BY_GATE, "of"),
    ),
    Table(
        "objections",
        Text("异议", "objections"),
        (
            *_GATE_ACT, _STATE, _STATE_NAME,
            _("rulings", "裁定的记录号", "rulings that settle it", width=16),
            _("hand_off", "所针对的交接", "hand-off objected to", "whole", target="hand_offs"),
            _OUTCOME, _OUTCOME_NAME,
            _("closing", "未通过项数", "findings that would close", "whole", width=8),
            _("position", "依据材料截至记录号", "facts up to entry", "whole", width=10),
            _POLICY, _EVIDENCE,
            _("decision", "决定摘要", "digest of the decision not made", width=20),
            _("objection", "异议摘要", "objection digest", width=20),
            _("code", "程序版本", "version of the program", width=20),
            _("run", "运行编号", "flow run", width=20),
        ),
        ("seq",),
        ("unit", "stage", "state"),
    ),
    Table(
        "rulings",
        Text("裁定", "rulings"),
        (
            *_GATE_ACT,
            _("of", "所裁定的记录号", "of entry", "whole", target="entries", width=10),
            _("verdict", "裁定", "verdict", width=12),
            _words("verdict_name", "裁定名称", "verdict in words", 16),
            *_SIGNED_BY, _STATE, _STATE_NAME, *_SAID, *_WHY,
        ),
        ("seq",),
        (*_BY_GATE, "of"),
    ),
    Table(
        "decision_acts",
        Text("决定与签字", "acts in decisions"),
        (
            _("seq", "决定的记录号", "decision", "whole", target="decisions", width=10),
            _("act", "签字的记录号", "act", "whole", target="entries", width=10),
            _("part", "作用", "part", width=12),
            _words("part_name", "作用名称", "part in words", 18),
            _("code", "无效的原因代码", "code where void", width=18),
            _words("reason", "无效的原因", "reason where void", 50),
        ),
        ("seq", "act"),
        ("act",),
    ),
    Table(
        "hand_offs",
        Text("交接", "hand-offs"),
        (
            *_GATE_ACT,
            _("decision", "依据的决定", "decision", "whole", target="decisions", width=10),
            _("stands", "依据是否现行（1是0否）", "decision stands (1 yes, 0 no)", "whole",
              width=8),
            _("ended_by", "其后的决定", "decision that came after", "whole", target="decisions"),
            _("again", "再次交接", "handed on again", "whole", target="hand_offs"),
            _("digest", "交接内容摘要", "hand-off digest", width=20),
            _POLICY,
            _EVIDENCE,
            _("signers", "签字人", "signers", width=40),
            _("sign_offs", "会签的记录号", "sign-offs", width=20),
            _("waivers", "例外审批的记录号", "waivers", width=16),
        ),
        ("seq",),
        ("unit", "stage", "decision"),
    ),
    Table(
        "key_acts",
        Text("密钥登记", "key acts"),
        (
            _SEQ, _AT,
            _("act", "事项", "act", width=12),
            _words("act_name", "事项名称", "act in words", 16),
            _OFFICER, _ORGAN, _ORGAN_NAME, _JURISDICTION, _KEY,
            _("previous", "原密钥", "previous key", target="keys", width=20),
            _("by", "办理人", "done by", target="officers", width=18),
            _("by_key", "办理人密钥", "key of who did it", target="keys", width=20),
            _SAID_AT, _PAYLOAD, *_WHY,
        ),
        ("seq",),
        ("officer", "by", "key"),
    ),
    Table(
        "keys",
        Text("密钥", "keys"),
        (
            _("key", "密钥", "key", width=68),
            _OFFICER, _ORGAN, _ORGAN_NAME, _JURISDICTION,
            _STATE, _words("state_name", "现状名称", "state in words", 18),
            _("active", "生效于", "active from entry", "whole", target="entries", width=10),
            _("full", "可签通过于", "opens gates from", "whole", target="entries", width=10),
            _("replaced", "更换于", "replaced by entry", "whole", target="entries", width=10),
            _("revoked", "吊销于", "revoked by entry", "whole", target="entries", width=10),
            _("public", "公钥", "public key (Base64)", width=48),
            _SEQ,
        ),
        ("key",),
        ("officer",),
    ),
    Table(
        "officers",
        Text("责任人员", "officers"),
        (
            _("officer", "责任人员", "officer", width=18),
            _ORGAN, _ORGAN_NAME, _JURISDICTION,
            _("entries", "涉及记录条数", "entries", "whole", width=10),
            _("last", "最近一条", "last entry", "whole", target="entries", width=10),
            _("seq", "最早一条", "first entry", "whole", target="entries", width=10),
        ),
        ("officer",),
    ),
    Table(
        "involved",
        Text("办理", "who did what"),
        (
            _SEQ, _OFFICER,
            _("role", "身份", "role", width=12),
            _words("role_name", "身份名称", "role in words", 16),
        ),
        ("seq", "officer", "role"),
        ("officer",),
    ),
    Table(
        "attempts",
        Text("被拒办理", "refused attempts"),
        (
            _SEQ, _AT,
            _("act", "事项", "act", width=12),
            _words("act_name", "事项名称", "act in words", 16),
            _UNIT, _STAGE, _OFFICER,
            _("code", "代码", "code", width=18),
            _words("reason", "原因", "reason", 60),
        ),
        ("seq",),
        ("code", "officer", "unit"),
    ),
    Table(
        "submissions",
        Text("报送", "submissions"),
        (
            _SEQ, _AT,
            _("register", "台账", "register", width=20),
            _words("register_name", "台账名称", "name of the register", 20),
            _("mode", "方式", "mode", width=10),
            _OFFICER,
            _("accepted", "接收行数", "rows accepted", "whole", width=10),
            _("rejected", "退回行数", "rows rejected", "whole", width=10),
            _("blob", "原始数据文件", "blob", width=20),
            _("quarantine", "退回文件的原始数据文件", "blob of the quarantine", width=20),
            _("mapping", "对照表的原始数据文件", "blob of the map", width=20),
            _("source", "文件摘要", "digest of the file", width=20),
        ),
        ("seq",),
        ("register", "officer"),
    ),
    Table(
        "checkpoints",
        Text("存证点", "checkpoints"),
        (
            _SEQ, _AT,
            _("size", "覆盖记录条数", "entries covered", "whole", width=10),
            _("signers", "签字人", "signers", width=40),
            _("root", "默克尔树根", "Merkle root", width=68),
            _("note", "签字文本", "signed note", width=60),
        ),
        ("seq",),
    ),
    Table(
        "entries",
        Text("记录", "entries"),
        (
            _("seq", "记录号", "ledger entry", "whole", width=10),
            _AT,
            _("on", "日期", "day", "day", width=12),
            _("kind", "类别", "kind", width=14),
            _words("kind_name", "类别名称", "kind in words", 16),
            _UNIT, _STAGE, _OUTCOME,
            _words("what", "内容", "content", 60),
            _("hash", "摘要", "hash", width=68),
        ),
        ("seq",),
        ("kind", "unit", "at"),
    ),
)  # fmt: skip


def each_table(progress: Progress) -> Iterator[Table]:
    """The tables in their order; each is named as it is begun, and the end once all were taken."""
    for done, table in enumerate(TABLES):
        progress(table.title, done, len(TABLES))
        yield table
    progress(TABLES[-1].title, len(TABLES), len(TABLES))
