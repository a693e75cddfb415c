"""The tables of the report that can be read without any script.

Rules: every row names its ledger entries; a table without rows says that there is nothing, so that
nobody takes a missing table for a clean history.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas import words
from schemas.decisions import CLOSING, unpacked
from schemas.entries import Decided, GateAct, Objected, Refused, Signed, Submitted, Waived
from schemas.text import Text
from schemas.vocabulary import STAGES
from tasks.export.columns import Row
from tasks.export.history import Record
from tasks.export.holders import keys
from tasks.export.page.board import legend_sign
from tasks.export.page.figures import folded, named, number, unfounded
from tasks.export.page.markup import Child, Markup, entries, entry, join, tag
from tasks.export.rows import (
    attempts,
    checkpoints,
    objections,
    refusals,
    rulings,
    waivers,
    withdrawals,
)

SHOWN_FINDINGS = 8
_WITH_KEYS = (Signed, Refused, Waived)

UNIT = Text("单位", "unit")
STAGE = Text("环节", "stage")
SEQ = Text("记录", "entry")
STATE = Text("现状", "state")
OFFICER = Text("责任人员", "officer")
WHEN = Text("时间（UTC）", "time (UTC)")
REASON = Text("原因", "reason")
DAY = Text("核查日期", "day")
NOTHING = Text("没有。", "None.")


def table(headings: Iterable[Text], rows: Iterable[Markup], class_: str = "") -> Markup:
    """A table, or a line where it has no rows."""
    lines = list(rows)
    if not lines:
        return tag("p", NOTHING, class_="none")
    top = tag("tr", *(tag("th", one, scope="col") for one in headings))
    return tag(
        "div",
        tag("table", tag("thead", top), tag("tbody", *lines), class_=class_ or None),
        class_="wide",
    )


def line(*cells: Child, **attributes: str | int | None) -> Markup:
    """A row."""
    return tag("tr", *(tag("td", cell) for cell in cells), **attributes)


def moment(at: str) -> Markup:
    """A moment, to the minute."""
    return tag("time", at[:16].replace("T", " "), datetime=at)


def unit(record: Record, name: str) -> Markup:
    """A unit's name and id, leading to all that is known of it."""
    one = record.units[name]
    names = words.unit_name(one.name, one.body)
    return tag("a", names, tag("small", name), href=f"#unit/{name}", class_="unit")


def state(name: str) -> Markup:
    """How a gate counts now, with its sign."""
    return tag("span", legend_sign(name), words.GATE_STATES[name], class_="state")


def stage(name: str) -> Markup:
    """A stage's name, which never breaks."""
    return fixed(words.stage_name(name))


def fixed(*inside: Child) -> Markup:
    """What stays on one line."""
    return tag("span", *inside, class_="fixed")


def _gate(record: Record, row: Row) -> tuple[Child, Child]:
    return unit(record, str(row["unit"])), stage(str(row["stage"]))


# What needs to be looked at


def closed_again(record: Record) -> Markup:
    """Gates that stood open and were closed."""
    headings = (UNIT, STAGE, Text("曾通过", "stood open"), Text("暂停", "closed"),
                Text("暂停原因", "cause"), Text("其间交接", "handed on meanwhile"),
                STATE)  # fmt: skip
    rows = []
    for one in record.of_kind(Decided):
        if not one.reopened:
            continue
        of = one.reopened.of
        handed = [hand.seq for hand in record.handed.get(one.gate, []) if hand.decision == of]
        opened = record.entries[of - 1]
        rows.append(
            line(
                unit(record, one.unit), stage(one.stage),
                join([entry(of), moment(opened.at)], " "),
                join([entry(one.seq), moment(one.at)], " "),
                one.causes, entries(handed), state(record.gates(one.unit)[one.stage].state),
            )
        )  # fmt: skip
    return table(headings, rows)


def without_ground(record: Record) -> Markup:
    """Hand-offs whose gate does not stand on their decision any more."""
    headings = (UNIT, STAGE, Text("交接", "handed on"), Text("依据的决定", "on decision"),
                Text("其后的决定", "decision since"), Text("前面的关口未通过", "held by"),
                STATE)  # fmt: skip
    rows = []
    for row in unfounded(record):
        now = record.gates(str(row["unit"]))[str(row["stage"])]
        after = number(row, "ended_by")
        rows.append(
            line(
                *_gate(record, row),
                join([entry(number(row)), moment(str(row["at"]))], " "),
                entry(number(row, "decision")),
                entry(after) if after else None,
                stage(now.held_by) if now.held_by else None,
                state(now.state),
            )
        )
    return table(headings, rows)


def objected(record: Record) -> Markup:
    """Objections to concluded units, with the rulings on them."""
    headings = (UNIT, STAGE, Text("异议", "objection"), STATE,
                Text("会使关口暂停的结果", "what would close the gate"),
                Text("对异议的裁定", "rulings"), Text("所针对的交接", "hand-off"))  # fmt: skip
    ruled: dict[int, list[Child]] = {}
    for row in rulings(record):
        said = join([row["verdict_name"], _who(row), row["reason"], entry(number(row))], " ")
        ruled.setdefault(number(row, "of"), []).append(tag("li", said))
    named_by = {one.seq: one for one in record.of_kind(Objected)}
    rows = [
        line(
            *_gate(record, row), join([entry(number(row)), moment(str(row["at"]))], " "),
            row["state_name"], _closing(named_by[number(row)]),
            tag("ul", *ruled.get(number(row), ())), entry(number(row, "hand_off")),
        )
        for row in objections(record)
    ]  # fmt: skip
    return table(headings, rows)


def waived(record: Record) -> Markup:
    """Waivers, with every signature under them."""
    headings = (UNIT, STAGE, Text("检查", "check"), Text("对象", "subject"),
                Text("有效期至", "until"), OFFICER, REASON, STATE, SEQ)  # fmt: skip
    rows = [
        line(
            *_gate(record, row), row["check_name"], row["subject"], fixed(row["until"]),
            _who(row), row["reason"], row["state_name"], entry(number(row)),
        )
        for row in waivers(record)
    ]  # fmt: skip
    return table(headings, rows)


def refused(record: Record) -> Markup:
    """Refusals and withdrawals."""
    headings = (Text("事项", "act"), UNIT, STAGE, OFFICER, REASON, STATE, WHEN, SEQ)
    found = [(Refused.label, row) for row in refusals(record)]
    found += [
        (Text(f"撤回记录第{row['of']}号", f"takes back {row['of']}"), row)
        for row in withdrawals(record)
    ]
    rows = [
        line(
            what, *_gate(record, row), _who(row), row["reason"], row.get("state_name"),
            moment(str(row["at"])), entry(number(row)),
        )
        for what, row in sorted(found, key=lambda pair: number(pair[1]))
    ]  # fmt: skip
    return table(headings, rows)


def _who(row: Row) -> Markup:
    return join([fixed(row["officer"]), tag("small", row["organ_name"])], " ")


# Decisions


def standing(record: Record) -> Markup:
    """The decision that stands for every gate."""
    headings = (UNIT, STAGE, STATE, DAY, Text("签字", "signed by"), Text("例外审批", "waivers"),
                Text("未通过的原因", "what keeps it closed"), SEQ)  # fmt: skip
    rows = []
    for name in record.units:
        for step in STAGES:
            one = record.standing((name, step.value))
            if one is None:
                continue
            now = record.gates(name)[step.value].state
            rows.append(
                line(
                    unit(record, name), stage(step.value), state(now), fixed(one.on),
                    signed_by(record, one), entries(one.waivers), _closing(one),
                    entry(one.seq), id=f"e{one.seq}", data_state=now,
                    data_stage=step.value, data_unit=name,
                )
            )  # fmt: skip
    return table(headings, rows, "decisions")


def signed_by(record: Record, one: Decided) -> Markup:
    """Who signed a decision, each with the entry of the sign-off."""
    acts = record.history.acts.of(*one.gate)
    return join(tag("span", join([act.officer, entry(act.seq)], " "), class_="signer")
                 for act in acts if act.seq in one.sign_offs)  # fmt: skip


def _closing(one: Decided | Objected) -> Markup:
    found = [finding for finding in unpacked(one.findings) if finding.status in CLOSING]
    shown: list[Child] = [
        tag(
            "li",
            tag("b", words.check_name(finding.check)),
            " ",
            tag("code", finding.subject),
            " ",
            words.reason_name(finding.check, finding.reason, finding.arguments),
        )
        for finding in found[:SHOWN_FINDINGS]
    ]
    rest = len(found) - len(shown)
    if rest:
        shown.append(tag("li", Text(f"另有{rest}项", f"{rest} more"), class_="more"))
    return tag("ul", *shown) if shown else join([])


# Who, and what else is on record


def officers(record: Record) -> Markup:
    """Officers with their keys and what they did."""
    headings = (OFFICER, Text("机关", "organ"), Text("行政区划", "place"), Text("密钥", "key"),
                Text("密钥现状", "state of the key"), Text("登记", "enrolled"),
                Text("更换或吊销", "replaced, revoked"), Text("会签", "sign-offs"),
                Text("拒签", "refusals"), Text("例外审批", "waivers"),
                Text("全部记录", "all entries"))  # fmt: skip
    named_in: dict[str, list[int]] = {}
    for one in record.entries:
        for officer in sorted(one.officers):
            named_in.setdefault(officer, []).append(one.seq)
    held: dict[str, list[Row]] = {}
    for key in keys(record):
        held.setdefault(str(key["officer"]), []).append(key)
    acts: dict[tuple[str, type[GateAct]], list[int]] = {}
    for act in record.of_kind(GateAct):
        acts.setdefault((act.key, type(act)), []).append(act.seq)
    rows = []
    for officer, every in sorted(named_in.items()):
        for key in held.get(officer, []):
            done = [acts.get((str(key["key"]), kind), []) for kind in _WITH_KEYS]
            rows.append(line(*_key(key, done), folded(every)))
        if officer not in held:
            rows.append(line(fixed(officer), *[None] * 9, folded(every)))
    return table(headings, rows)


def _key(key: Row, done: list[list[int]]) -> list[Child]:
    """What is known of a key, and what was signed with it."""
    ended = [number(key, name) for name in ("replaced", "revoked") if number(key, name)]
    return [
        fixed(key["officer"]),
        fixed(key["organ_name"]),
        key["jurisdiction"],
        tag("code", str(key["key"])[:16], title=str(key["key"]), class_="fixed"),
        fixed(key["state_name"]),
        entry(number(key)),
        entries(ended),
        *(folded(found) if found else None for found in done),
    ]


def attempted(record: Record) -> Markup:
    """Refused attempts, by code."""
    headings = (Text("代码", "code"), Text("事项", "act"), Text("原因", "reason"),
                Text("次数", "attempts"), Text("责任人员", "officers"), SEQ)  # fmt: skip
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in attempts(record):
        groups.setdefault((str(row["code"]), str(row["act"])), []).append(row)
    rows = []
    for (code, _), found in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        who = sorted({str(row["officer"]) for row in found if row["officer"]})
        first = found[0]
        rows.append(
            line(tag("code", code), first["act_name"], first["reason"], len(found), ", ".join(who),
                 named(map(number, found)))
        )  # fmt: skip
    return table(headings, rows)


def submitted(record: Record) -> Markup:
    """Deliveries, by register."""
    headings = (Text("台账", "register"), Text("报送次数", "deliveries"),
                Text("接收行数", "rows accepted"), Text("退回行数", "rows rejected"),
                Text("对照表", "map"), SEQ)  # fmt: skip
    groups: dict[str, list[Submitted]] = {}
    for one in record.of_kind(Submitted):
        groups.setdefault(one.register, []).append(one)
    rows = [
        line(
            words.register_name(register), len(found), sum(one.accepted for one in found),
            sum(one.rejected for one in found),
            tag("code", ", ".join(sorted({one.mapping for one in found if one.mapping}))),
            named(one.seq for one in found),
        )
        for register, found in sorted(groups.items(), key=lambda pair: pair[1][0].seq)
    ]  # fmt: skip
    return table(headings, rows)


def checkpointed(record: Record) -> Markup:
    """Checkpoints."""
    headings = (SEQ, WHEN, Text("覆盖条数", "entries covered"), Text("签字", "signed by"),
                Text("默克尔树根", "Merkle root"))  # fmt: skip
    rows = [
        line(
            entry(number(row)), moment(str(row["at"])), row["size"], row["signers"],
            tag("code", row["root"]),
        )
        for row in checkpoints(record)
    ]  # fmt: skip
    return table(headings, rows)
