"""The glossary (词汇表): one word for one thing, in both languages.

Rules: whatever people read calls a thing by its word here; `replaced` are words that once stood
for it in Chinese and stand in no text any more. docs/glossary.md is made from it, and tests hold
every text of the program to it. Terms with a fixed set of values are in `schemas.vocabulary`.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.text import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A word, what it means, and the Chinese words that it takes the place of."""

    word: Text
    meaning: Text
    replaced: tuple[str, ...] = ()


def _(zh: str, en: str, meaning_zh: str, meaning_en: str, *replaced: str) -> Entry:
    return Entry(Text(zh, en), Text(meaning_zh, meaning_en), replaced)


GLOSSARY: tuple[Entry, ...] = (
    _("换届", "term change", "一个市或几个市按同一规则包进行的一次换届",
      "one change of terms of one city or more, under one policy pack at a time"),
    _("行政区", "jurisdiction", "市、县区、乡镇，以行政区划代码标识",
      "a city, county or township, known by its division code"),
    _("班子", "body", "人大、政府、政协", "people's congress, government, CPPCC"),
    _("单位", "unit", "一个行政区的一个班子", "a body of a jurisdiction"),
    _("责任人员", "officer", "报送、签字、核验的人；在关口上签字时即签字人",
      "whoever delivers, signs or vouches; at a gate, the signer", "经办人"),
    _("换届办工作人员", "coordinator", "在组织部门填表、启动流程、查看进度的人",
      "whoever keeps the workbooks, launches stages and follows them", "协调员"),
    _("人选", "proposed candidate", "列入某一职位提名的人；在会议上称候选人",
      "a person proposed for a post"),
    _("规则包", "policy pack", "环节、检查、参数、依据、会签和报送权限，有版本",
      "stages, checks, parameters, legal bases, sign-offs and who may deliver; versioned"),
    _("台账", "register", "有名称的事实表", "a named table of facts"),
    _("报送", "submission", "向一个台账交送若干行", "rows delivered to a register"),
    _("对照表", "map", "说明自有表格的各列、各种写法对应台账什么内容的文件",
      "a file that says what the headings and words of people's own sheets are"),
    _("退回清单", "quarantine", "未被接收的行和退回的原因", "rows not accepted, and why"),
    _("环节", "stage", "方案、提名、考察、督导、选举之一",
      "plan, nomination, vetting, inspection or election"),
    _("关口", "gate", "一个单位在一个环节的门槛；选举有两个：表决前的候选人，表决后的选举结果",
      "what a unit has to pass at a stage; the election has two: the slate before the vote, the "
      "result after it"),
    _("检查", "check", "一条规则的执行", "a rule, carried out"),
    _("检查结果", "finding", "一项检查对一个对象的结果", "what a check says of one subject"),
    _("依据材料", "evidence", "一个关口的检查所看到的行和列",
      "the rows and columns that a gate's checks look at", "证据"),
    _("核查", "evaluation", "按某一天的依据材料运行一个关口的全部检查",
      "all checks of a gate, run on the evidence of a day", "评审"),
    _("核查密钥", "evaluator's key", "作出决定的程序所用的密钥",
      "the key with which the deciding program signs"),
    _("决定", "decision", "关口对一个单位的结论，记录在案",
      "what a gate says about a unit, on record"),
    _("通过", "open", "检查合格、会签齐备", "checks passed and sign-offs given", "打开关口"),
    _("待补", "waiting", "没有不合格，但有缺失", "nothing failed, something is missing"),
    _("受阻", "blocked", "有不合格或拒签", "a check failed or an officer refused"),
    _("尚未进入", "not reached", "尚未核查，或前面的关口没有通过",
      "not decided yet, or an earlier gate is not open"),
    _("暂停", "closed", "曾经通过的关口不再成立", "a gate that was open no longer is",
      "关闭关口", "关口保持关闭", "重新关闭", "再次关闭"),
    _("会签", "sign-off", "规则包要求的机关在关口上的签字",
      "an officer's signature at a gate that the policy pack asks for", "加签"),
    _("签字", "signature", "以密钥对所见内容签字", "made with one's key on what one has seen",
      "签名", "签署"),
    _("拒签", "refusal", "不予签字，须写明原因", "not signing, with a reason"),
    _("例外审批", "waiver", "规则包允许时，对一个对象不要求一项检查合格",
      "where the pack allows it, a subject is let off a check"),
    _("原因", "reason", "检查结果、拒签和例外审批的缘由",
      "why a finding, refusal or waiver is as it is", "理由"),
    _("有效", "counts", "签字或例外审批计入决定", "a sign-off or waiver is part of the decision",
      "算数"),
    _("无效", "does not count", "签字或例外审批不计入决定", "a sign-off or waiver is no part of it",
      "不算数"),
    _("已生效", "active", "密钥可以使用", "a key that may be used"),
    _("核验确认", "vouch", "另一机关确认密钥属于所称的人",
      "another organ confirms whose a key is", "作证"),
    _("交接", "hand-off", "一个环节交给下一环节的数据", "the data that a stage gives the next"),
    _("已完成", "concluded", "选举结果已交接的单位", "of a unit: its result was handed on"),
    _("异议", "objection", "对已完成的单位，会使其关口暂停的新情况，记录在案待裁定",
      "what would close a gate of a concluded unit, on record to be ruled on"),
    _("裁定", "ruling", "规则包指定的机关对异议的处理：驳回，或重新启动",
      "what officers whom the pack names make of an objection: rejected, or the unit reopened"),
    _("重新启动", "reopen", "两个机关同意异议后，单位不再是已完成",
      "two organs granted an objection: the unit is concluded no more"),
    _("记录", "ledger", "只能追加的历史；其中一条称“记录第N号”",
      "the append-only history; its entries are numbered", "留痕"),
    _("记录库", "ledger database", "记录所在的数据库", "where the ledger is kept"),
    _("原始数据文件", "blob", "按摘要保存的报送内容", "delivered content, kept under its digest",
      "数据块"),
    _("存证点", "checkpoint", "两个机关签字的记录全貌",
      "the state of the ledger, signed by two organs", "检查点"),
    _("回执", "receipt", "可以离线校验的办结凭证",
      "a proof, verifiable offline, of how a stage ended"),
    _("校验", "verify", "核对记录、签字和文件是否完整",
      "to prove ledger, signatures and files whole"),
    _("复核", "replay", "按当时的依据材料重新作出过去的决定",
      "to make a past decision again on its evidence", "重演", "复算"),
    _("期限", "deadline", "某事应办结的日期", "the day by which something is due", "时限"),
    _("进度总表", "board", "各单位在各环节的现状", "where every unit stands", "看板"),
    _("结果页", "artifact", "一次运行在界面上留下的页面",
      "a page that a run leaves in the UI", "制品"),
    _("“凡提四必”落实情况", "the reviews", "督导五个必查之一",
      "one of the five things that a supervision visit checks", "查凡提必"),
    _("系统维护人员", "maintainer", "维护本系统的人", "whoever maintains the system"),
)  # fmt: skip
REPLACED: frozenset[str] = frozenset(word for one in GLOSSARY for word in one.replaced)
