"""Words of the commands that make past decisions again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from schemas.registers import REGISTERS
from schemas.text import Text
from tasks.replaying.past import POLICY, Erased, Progress

# So many findings of an entry are shown; all are in the JSON.
SHOWN = 5

ENTRY = Text("记录", "entry")
STAGE = Text("环节", "stage")
KIND = Text("事项", "what")
DAY = Text("日期", "day")
VERDICT = Text("比对结果", "answer")
CONTENT = Text("内容", "content")
CHANGE = Text("变化", "change")
SUBJECT = Text("检查或签字", "check or sign-off")
OLD = Text("原", "old")
NEW = Text("新", "new")
FINDINGS = Text("使关口暂停的检查结果", "what closes it")
MARK = Text("说明", "note")
UNSIGNED = Text("检查通过，届时须经签字", "checks hold; signatures would have been asked for")
NOTHING = Text("无", "none")

FIELDS: dict[str, Text] = {
    "unit": Text("单位", "unit"),
    "stage": Text("环节", "stage"),
    "outcome": Text("结论", "outcome"),
    "on": Text("日期", "day"),
    "policy": Text("规则包", "policy pack"),
    "evidence": Text("依据材料", "evidence"),
    "position": Text("依据的位置", "position"),
    "findings": Text("检查结果", "findings"),
    "signers": Text("签字人", "signers"),
    "sign_offs": Text("会签", "sign-offs"),
    "waivers": Text("例外审批", "waivers"),
    "void": Text("不计入的签字", "acts that do not count"),
    "since": Text("签字起算", "sign-offs count since"),
    "reopened": Text("再次暂停", "closed again"),
    "decision": Text("决定编号", "decision"),
    "digest": Text("交接内容", "hand-off"),
    "handed_on": Text("所针对的交接", "hand-off objected to"),
    "objection": Text("异议编号", "objection"),
    "evaluation": Text("核查出错", "evaluation failed"),
}


@contextmanager
def shown(doing: Text) -> Iterator[Progress]:
    """Progress on the terminal, where there is one."""
    with Console(stderr=True).status(doing.render()) as status:

        def progress(done: int, of: int) -> None:
            status.update(f"{doing.render()} {done}/{of}")

        yield progress


def erased_json(one: Erased) -> dict[str, Any]:
    """What could not be read, as JSON."""
    return {"seq": one.seq, "register": one.register, "blob": one.blob}


def erased_text(one: Erased) -> str:
    """What could not be read, in words."""
    register = REGISTERS.get(one.register)
    name = register.title.render() if register else one.register
    if one.register == POLICY:
        name = FIELDS["policy"].render()
    return Text(
        f"{name}：记录第{one.seq}号的原始数据文件 {one.blob[:12]}",
        f"{name}: blob {one.blob[:12]} of entry {one.seq}",
    ).render()


def some(lines: list[str]) -> list[str]:
    """The first of many lines, and how many more there are."""
    rest = len(lines) - SHOWN
    if rest <= 0:
        return lines
    return [*lines[:SHOWN], Text(f"另有{rest}项", f"and {rest} more").render()]
