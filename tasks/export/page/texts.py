"""The words of the report, each in both languages."""

from __future__ import annotations

from schemas.text import Text

TITLE = Text("换届关口审计报告", "Audit report of the gate history")
KICKER = Text("换届工作关口记录", "gated term change, from its ledger")
PRINT = Text("打印", "Print")
SEARCH = Text(
    "搜索单位、人选编号、检查、原因、责任人员、记录号",
    "search units, candidate ids, checks, reasons, officers, entries",
)
ALL_STAGES = Text("所有环节", "all stages")
ALL_STATES = Text("所有现状", "all states")
ALL_UNITS = Text("所有单位", "all units")
EARLIER = Text("含以前的决定", "with earlier decisions")
WITHOUT_SCRIPTS = Text(
    "浏览器未启用脚本：进度总表、时间线和各表照常可读，搜索、筛选和全部检查结果需要脚本。",
    "Scripts are off: board, timeline and tables can be read; search, filters and the findings of "
    "every decision need scripts.",
)
EVERY = Text("全部记录", "all entries")
NO_FACTS = Text(
    "这个浏览器太旧，无法展开全部检查结果；本页各表照常可读，检查结果请用 CSV 或 SQLite 导出查看。",
    "This browser is too old to unpack all findings; the tables here can be read, and the findings "
    "are in the CSV and SQLite exports.",
)

# Section → heading, what it shows, its name in the navigation (none: it is not listed there).
SECTIONS: dict[str, tuple[Text, Text | None, Text | None]] = {
    "figures": (Text("概况", "At a glance"), None, None),
    "board": (
        Text("进度总表", "The board"),
        Text(
            "每格是一个单位的一个关口，数字是作出决定的记录号；点击查看检查结果、签字和原因。",
            "Each cell is one gate of one unit, the number is the ledger entry of its decision; "
            "choose one to see its findings, signatures and reasons.",
        ),
        Text("进度总表", "Board"),
    ),
    "again": (
        Text("通过后又暂停的关口", "Gates closed after standing open"),
        None,
        Text("通过后暂停", "Closed since"),
    ),
    "resting": (
        Text("依据已不成立的交接", "Hand-offs without ground"),
        Text(
            "据以交接的决定已被新的决定取代，或关口不再有效，而之后没有再次交接。",
            "The decision they were made on was followed by another, or its gate counts no more, "
            "and the unit was not handed on again since.",
        ),
        Text("交接", "Hand-offs"),
    ),
    "objections": (
        Text("对已完成单位的异议", "Objections to concluded units"),
        Text(
            "结果已交接的单位不因新材料而重新暂停；异议由规则包指定的机关裁定。",
            "A unit whose result was handed on is not undone by later evidence; the organs that "
            "the pack names rule on what is objected.",
        ),
        Text("异议", "Objections"),
    ),
    "waivers": (Text("例外审批", "Waivers"), None, Text("例外审批", "Waivers")),
    "refusals": (Text("拒签和撤回", "Refusals and withdrawals"), None, None),
    "timeline": (
        Text("时间线", "Timeline"),
        Text(
            "横轴是记录号，上方注明时间；每段是一次决定，直到同一关口的下一次决定。",
            "The axis is the number of the ledger entry, with its time; each bar is a decision, "
            "until the next one of the same gate.",
        ),
        Text("时间线", "Timeline"),
    ),
    "decisions": (
        Text("现行决定", "Decisions that stand"),
        Text(
            "每个关口的现行决定；点击单位或记录号查看全部检查结果和经过。",
            "The decision that stands for each gate; choose a unit or an entry for all findings "
            "and for how it went.",
        ),
        Text("决定", "Decisions"),
    ),
    "officers": (Text("责任人员和密钥", "Officers and keys"), None, Text("责任人员", "Officers")),
    "attempts": (
        Text("被拒办理", "Refused attempts"),
        None,
        Text("被拒办理", "Attempts"),
    ),
    "submissions": (Text("报送", "Submissions"), None, None),
    "checkpoints": (
        Text("存证点", "Checkpoints"),
        Text(
            "至少两个机关签字的存证点；各机关自行保存一份，据此可以发现记录被改写。",
            "Signed by at least two organs, each of which keeps a copy: they show whether the "
            "ledger was rewritten.",
        ),
        Text("存证点", "Checkpoints"),
    ),
    "annex": (
        Text("附：概况所依据的记录", "Annex: the entries behind the figures"),
        None,
        None,
    ),
}

_SCRIPT: dict[str, Text] = {
    "kicker": KICKER,
    "back": Text("返回报告", "back to the report"),
    "entry": Text("记录", "entry"),
    "entries": Text("全部记录", "All entries"),
    "course": Text("经过", "How it went"),
    "decisions": Text("决定", "Decisions"),
    "undecided": Text("尚未核查。", "Nothing was decided yet."),
    "time": Text("时间（UTC）", "time (UTC)"),
    "day": Text("核查日期", "day looked at"),
    "signers": Text("有效签字", "signers that count"),
    "handed": Text("交接", "handed on"),
    "evidence": Text("依据材料摘要", "evidence digest"),
    "policy": Text("规则包摘要", "policy digest"),
    "position": Text("依据材料截至", "facts up to entry"),
    "digest": Text("决定摘要", "decision digest"),
    "code": Text("程序版本", "program"),
    "run": Text("运行编号", "flow run"),
    "hash": Text("记录摘要", "hash of the entry"),
    "acts": Text("签字、例外审批和无效的签字", "Sign-offs, waivers, and what did not count"),
    "nobody": Text("没有签字。", "Nobody signed."),
    "kind": Text("类别", "kind"),
    "officer": Text("责任人员", "officer"),
    "about": Text("事项", "about"),
    "counted": Text("本决定计入", "counted in this decision"),
    "now": Text("现状：", "now:"),
    "counts": Text("是否有效", "whether it counts"),
    "content": Text("内容", "content"),
    "closes": Text("暂停通过的决定", "closes the open decision"),
    "followed": Text("其后的决定", "followed by"),
    "ask": Text("补正：", "ask"),
    "technical": Text("摘要和出处", "Digests and origin"),
    "marks": Text(
        "方块为决定，三角为交接，圆为签字，菱形为例外审批，叉为拒签、撤回或被拒办理",
        "squares are decisions, triangles hand-offs, circles sign-offs, diamonds waivers, crosses "
        "refusals, withdrawals and refused attempts",
    ),
}


def for_script() -> dict[str, list[str]]:
    """The words that the script shows, in both languages."""
    return {name: [text.zh, text.en] for name, text in _SCRIPT.items()}
