"""What people call the kinds, parts, states and causes of the gate history, in both languages.

Rules: a code that this version does not know (an older history, a rule that is gone) is shown as it
stands, so that an export never hides an entry because it has no words for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from schemas.deadlines import DeadlineKind
from schemas.findings import Argument
from schemas.refusals import ACT_FAULTS
from schemas.registers import REGISTERS
from schemas.reports import check_title, provider_of
from schemas.rules.catalogue import reason_text
from schemas.text import LANGUAGES, Text, comma_separated
from schemas.vocabulary import OUTCOME_LABELS, Body, Level, Organ, Stage, Term

NOTHING = Text("", "")
LIVE = Text("日期均为办理当天（北京时间）", "days are those on which it was done, in China's time")
HISTORICAL = Text(
    "历史换届（补录，日期由责任人员填报）", "historical cycle (days as they were given)"
)
TRIAL = Text(
    "试办（密钥由一人掌握，不作依据）", "trial (one person holds all keys: it counts for nothing)"
)

ACTS: dict[str, Text] = {
    "deliver": Text("报送", "deliver"),
    "confirm": Text("确认报送", "confirm a delivery"),
    "decline": Text("不予确认报送", "decline a delivery"),
    "sign": Text("签字", "sign"),
    "refuse": Text("拒签", "refuse"),
    "withdraw": Text("撤回", "withdraw"),
    "waive": Text("例外审批", "waive"),
    "enrol": Text("登记密钥", "enrol a key"),
    "vouch": Text("核验确认密钥", "vouch for a key"),
    "rotate": Text("更换密钥", "rotate a key"),
    "revoke": Text("吊销密钥", "revoke a key"),
    "enrol-evaluator": Text("登记核查密钥", "enrol an evaluator's key"),
    "vouch-evaluator": Text("核验确认核查密钥", "vouch for an evaluator's key"),
    "rotate-evaluator": Text("更换核查密钥", "rotate the evaluator's key"),
    "revoke-evaluator": Text("吊销核查密钥", "revoke the evaluator's key"),
    "adopt": Text("更换规则包", "adopt another pack"),
    "checkpoint": Text("在存证点上签字", "sign a checkpoint"),
    "reject": Text("驳回异议", "reject an objection"),
    "reopen": Text("同意重新启动", "reopen a concluded unit"),
    "lift": Text("解除拒签", "lift a refusal"),
}
ROLES: dict[str, Text] = {
    "submitter": Text("报送人", "submitter"),
    "confirmer": Text("确认人", "who confirmed"),
    "holder": Text("密钥持有人", "key holder"),
    "voucher": Text("核验确认人", "voucher"),
    "revoker": Text("吊销人", "revoker"),
    "enroller": Text("登记人", "enroller"),
    "signer": Text("签字人", "signer"),
    "refuser": Text("拒签人", "refuser"),
    "waiver": Text("例外审批人", "signer of a waiver"),
    "withdrawer": Text("撤回人", "withdrawer"),
    "ruler": Text("裁定人", "who ruled"),
    "proposer": Text("提议人", "proposer"),
    "adopter": Text("通过人", "adopter"),
    "counted": Text("有效签字人", "signer that counts"),
    "attempter": Text("被拒办理人", "whose attempt was refused"),
}
PARTS: dict[str, Text] = {
    "sign-off": Text("有效签字", "sign-off that counts"),
    "waiver": Text("有效的例外审批", "waiver in force"),
    "void": Text("无效", "does not count"),
}
STATES: dict[str, Text] = {
    "counts": Text("有效", "counts"),
    "stands": Text("有效", "in force"),
    "withdrawn": Text("已撤回", "withdrawn"),
    "lifted": Text("已解除", "lifted"),
    "revoked": Text("密钥已吊销", "its key was revoked"),
    "expired": Text("已到期", "expired"),
    "void": Text("无效", "does not count"),
    "undecided": Text("尚未核查", "not decided yet"),
    "unused": Text("未使用", "not used"),
    "active": Text("已生效", "active"),
    "one-voucher": Text(
        "已生效，签字通过关口还须另一机关核验确认",
        "active; opens gates once another organ vouches too",
    ),
    "pending": Text("待核验确认", "waits for a voucher"),
    "replaced": Text("已更换", "replaced"),
}
VERDICTS: dict[str, Text] = {
    "reject": Text("驳回异议", "reject"),
    "reopen": Text("重新启动", "reopen"),
    "lift": Text("解除拒签", "lift"),
}
# What became of a row of the evidence.
ROW_CHANGES: dict[str, Text] = {
    "added": Text("新增", "added"),
    "changed": Text("有改动", "changed"),
    "gone": Text("已撤回或不再涉及", "withdrawn, or no longer concerned"),
}
CONFIRMATIONS: dict[str, Text] = {
    "confirm": Text("确认", "confirmed"),
    "decline": Text("不予确认", "declined"),
}
OBJECTION_STATES: dict[str, Text] = {
    "open": Text("待裁定", "to be ruled on"),
    "rejected": Text("已驳回", "rejected"),
    "granted": Text("已同意重新启动", "granted"),
    "lapsed": Text("单位已重新启动，不再裁定", "the unit was reopened meanwhile"),
}
CAUSES: dict[str, Text] = {
    "evidence": Text("依据材料有变动", "the evidence changed"),
    "waiver": Text("例外审批不再有效", "a waiver no longer holds"),
    "sign-off": Text("签字撤回或不再有效", "a sign-off was withdrawn or no longer counts"),
    "key": Text("密钥被吊销或更换", "a key was revoked or replaced"),
    "policy": Text("规则包更换", "another policy pack came into force"),
    "day": Text("日期推移", "the day moved on"),
    "check": Text("检查程序出错", "a check crashed"),
}
HELD = "held"
GATE_STATES: dict[str, Text] = {
    **OUTCOME_LABELS,
    HELD: Text("前面的关口未通过", "held by an earlier gate"),
}
ITEMS: dict[str, Text] = {
    "cycle": Text("换届标识（首条摘要）", "id of the cycle (hash of the first entry)"),
    "pack": Text("规则包", "policy pack"),
    "days": Text("日期", "days"),
    "trial": Text("是否试办", "trial"),
    "policy": Text("规则包摘要", "digest of the policy pack"),
    "book": Text("工作簿摘要", "digest of the book"),
    "opened": Text("开始时间（UTC）", "opened at (UTC)"),
    "entries": Text("记录条数", "entries of the ledger"),
    "last": Text("最后一条的时间（UTC）", "time of the last entry (UTC)"),
    "head": Text("最后一条的摘要", "hash of the last entry"),
    "day": Text("最近核查日期", "latest day looked at"),
}
MODES: dict[str, Text] = {
    "accept": Text("报送", "submission"),
    "withdraw": Text("撤回", "withdrawal"),
}


def named(texts: Mapping[str, Text], code: str) -> Text:
    """The words for a code, else the code itself."""
    return texts.get(code) or Text(code, code)


@lru_cache(maxsize=256)
def _term(vocabulary: type[Term], code: str) -> Text:
    return vocabulary(code).label if code in set(vocabulary) else Text(code, code)


def stage_name(code: str) -> Text:
    """What a stage is called."""
    return _term(Stage, code)


def organ_name(code: str) -> Text:
    """What an organ is called."""
    return _term(Organ, code)


def body_name(code: str) -> Text:
    """What a body is called."""
    return _term(Body, code)


def level_name(code: str) -> Text:
    """What a level is called."""
    return _term(Level, code)


def deadline_name(code: str) -> Text:
    """What a deadline is called."""
    return _term(DeadlineKind, code)


def register_name(code: str) -> Text:
    """What a register is called."""
    register = REGISTERS.get(code)
    return register.title if register else Text(code, code)


def fault_name(code: str) -> Text:
    """Why an act does not count or was not taken."""
    return named(ACT_FAULTS, code)


@lru_cache(maxsize=1024)
def check_name(code: str) -> Text:
    """What a check, a hand-off or a gate's sign-offs are called."""
    zh, en = (check_title(code, lang) for lang in LANGUAGES)
    return Text(zh, en)


@lru_cache(maxsize=1024)
def provider_name(code: str) -> Text:
    """Who can supply what a check misses."""
    zh, en = (provider_of(code, lang) for lang in LANGUAGES)
    return Text(zh, en)


@lru_cache(maxsize=65536)
def _reason(check: str, code: str, arguments: str) -> Text:
    given: dict[str, Argument] = json.loads(arguments)
    try:
        zh, en = (reason_text(check, code, given, lang) for lang in LANGUAGES)
    except (KeyError, ValueError, IndexError):
        shown = f"{code} {arguments}" if given else code
        return Text(shown, shown)
    return Text(zh, en)


def as_text(arguments: Mapping[str, Argument]) -> str:
    """A reason's arguments as JSON, always the same for the same arguments."""
    return json.dumps(arguments, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def reason_name(check: str, code: str, arguments: Mapping[str, Argument]) -> Text:
    """A finding's reason in words, where nothing names its subject: who has to sign is said too."""
    if not code:
        return NOTHING
    said, organs = _reason(check, code, as_text(arguments)), arguments.get("organ")
    if code != "sign-off-missing" or not organs:
        return said
    who = comma_separated(map(organ_name, str(organs).split(", ")))
    return Text(f"{who.zh}：{said.zh}", f"{who.en}: {said.en}")


def joined(texts: list[Text]) -> Text:
    """Several texts in one, in both languages."""
    return Text("；".join(text.zh for text in texts), "; ".join(text.en for text in texts))


def together(numbers: list[int]) -> str:
    """Entry numbers as people write them: `3, 7–9`."""
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and number == parts[-1][-1] + 1:
            parts[-1][1:] = [number]
        else:
            parts.append([number])
    return ", ".join("–".join(map(str, part)) for part in parts)
