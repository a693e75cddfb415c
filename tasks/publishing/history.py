"""The gate history of a unit, and the receipts of the stages that ended for it."""

from __future__ import annotations

from collections.abc import Sequence

from data.ledger import Ledger, checked_entry
from data.status import marks_of
from schemas import words
from schemas.decisions import CLOSING, unpacked
from schemas.entries import (
    Attempted,
    Decided,
    Entry,
    HandedOn,
    Objected,
    Refused,
    Ruled,
    Signed,
    Waived,
    Withdrawn,
)
from schemas.merkle import leaf_hash
from schemas.names import SIGNS
from schemas.reports import check_title, finding_reason
from schemas.text import Text, stated
from schemas.vocabulary import OUTCOME_LABELS
from schemas.words import fault_name, stage_name
from tasks.publishing.markdown import Page, page, table
from tasks.publishing.pages import STAGE, history_key

SHOWN_ENTRIES = 200
SHOWN_LEAF = 16


def history_page(
    ledger: Ledger, unit: str, title: str, about: Sequence[int], checkpoints: Sequence[int]
) -> Page:
    """What the ledger says about a unit, newest first; `title` is what people call it.

    `about` are the entries that speak of it, `checkpoints` the sizes of those on record.
    """
    seqs = about[-SHOWN_ENTRIES:]
    marks = ", ".join("?" for _ in seqs)
    rows = [
        (checked_entry(int(seq), name, bytes(body)), bytes(body))
        for seq, name, body in ledger.query(
            f"SELECT seq, hash, body FROM entries WHERE seq IN ({marks}) ORDER BY seq",  # noqa: S608
            *seqs,
        )
    ]
    parts = [marks_of(ledger), f"## {title} {unit}", *_told([entry for entry, _ in rows])]
    receipts = [
        _receipt(entry, body, checkpoints) for entry, body in rows if isinstance(entry, HandedOn)
    ]
    if receipts:
        headings = [
            STAGE,
            Text("记录", "entry"),
            Text("叶节点", "leaf"),
            Text("存证点", "checkpoint"),
        ]
        parts += [
            Text("### 回执", "### Receipts").render(),
            table([[one.render() for one in headings], *reversed(receipts)]),
            Text(
                f"取回执：`termgate audit receipt {unit} <环节> <文件>`，任何人可离线校验。",
                f"For a receipt: `termgate audit receipt {unit} <stage> <file>`; anybody can "
                "verify it offline.",
            ).render(),
        ]
    return page(history_key(unit), parts, Text(f"{title}关口历史", f"gate history of {title}"))


def _told(entries: Sequence[Entry]) -> list[str]:
    if not entries:
        return [Text("尚无记录。", "Nothing is on record yet.").render()]
    headings = [
        Text("记录", "entry"),
        Text("时间（UTC）", "time (UTC)"),
        STAGE,
        Text("事项", "what"),
        Text("责任人员", "officers"),
        Text("说明", "in words"),
    ]
    return [table([[one.render() for one in headings], *map(_row, reversed(entries))])]


def _row(entry: Entry) -> list[str]:
    return [
        str(entry.seq),
        entry.at[:19].replace("T", " "),
        stage_name(entry.of_stage).render(),
        entry.label.render(),
        ", ".join(officer for officer, _ in entry.people),
        _in_words(entry),
    ]


def _in_words(entry: Entry) -> str:
    """What an entry says besides its kind, its stage and its officers."""
    match entry:
        case Decided():
            return _decided(entry)
        case HandedOn():
            said = Text(f"依据记录第{entry.decision}号决定", f"on decision {entry.decision}")
        case Attempted():
            said = fault_name(entry.code)
        case Waived():
            check = check_title(entry.check)
            said = Text(
                f"{check}：{entry.subject}，至{entry.until}",
                f"{check}: {entry.subject}, until {entry.until}",
            )
        case Withdrawn():
            said = Text(f"记录第{entry.of}号", f"of entry {entry.of}")
        case Objected():
            return _objected(entry)
        case Ruled():
            verdict = words.named(words.VERDICTS, entry.verdict)
            said = Text(f"记录第{entry.of}号：{verdict.zh}", f"of entry {entry.of}: {verdict.en}")
        case Signed() | Refused():
            return ""
        case _:
            said = entry.line
    return said.render()


def _decided(entry: Decided) -> str:
    outcome = entry.outcome
    parts = [f"{SIGNS[outcome]} {OUTCOME_LABELS[outcome].render()} ({entry.on})"]
    if entry.reopened:
        again = entry.causes
        parts.append(Text(f"再次暂停：{again.zh}", f"closed again: {again.en}").render())
    parts += _first_closing(entry)
    return Text("；", "; ").render().join(parts)


def _objected(entry: Objected) -> str:
    label = Text(f"会成为：{OUTCOME_LABELS[entry.outcome].zh}",
                 f"would be {OUTCOME_LABELS[entry.outcome].en}")  # fmt: skip
    return Text("；", "; ").render().join([label.render(), *_first_closing(entry)])


def _first_closing(entry: Decided | Objected) -> list[str]:
    """The first finding that closes the gate, and how many more there are."""
    closing = [one for one in unpacked(entry.findings) if one.status in CLOSING]
    if not closing:
        return []
    first = closing[0]
    more = f" (+{len(closing) - 1})" if len(closing) > 1 else ""
    return [stated(check_title(first.check), first.subject, finding_reason(first) + more)]


def _receipt(entry: HandedOn, body: bytes, checkpoints: Sequence[int]) -> list[str]:
    """Entry, leaf of the Merkle tree, and the smallest checkpoint on record that covers it."""
    covering = min((size for size in checkpoints if size >= entry.seq), default=None)
    none = Text("尚无存证点", "none covers it yet").render()
    return [
        stage_name(entry.stage).render(),
        str(entry.seq),
        f"`{leaf_hash(body).hex()[:SHOWN_LEAF]}`",
        none if covering is None else str(covering),
    ]
