"""The figures at the head of the report, each with the ledger entries that it counts.

Rules: a figure without entries is a nought, and says so; nothing is counted that the tables below
do not list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from schemas.entries import Attempted, Decided
from schemas.text import Text
from schemas.vocabulary import STAGES, Outcome
from schemas.words import together
from tasks.export.columns import Row
from tasks.export.history import GateNow, Record
from tasks.export.page.markup import Markup, join, tag
from tasks.export.rows import hand_offs, sign_offs, waivers

SHORT = 3  # so many ranges of entries stand beside a figure


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts."""

    label: Text
    shown: str
    seqs: list[int]
    accent: str = ""


def number(row: Row, column: str = "seq") -> int:
    """A whole number of a row; 0 where it has none."""
    cell = row.get(column)
    return cell if isinstance(cell, int) else 0


def unfounded(record: Record) -> list[Row]:
    """Hand-offs on which units still rest although their gate does not stand on them any more."""
    found = []
    for row in hand_offs(record):
        now = record.gates(str(row["unit"]))[str(row["stage"])]
        if row["again"] is None and (row["ended_by"] is not None or now.state != Outcome.OPEN):
            found.append(row)
    return found


def figures_of(record: Record) -> list[Figure]:
    """All figures, in their order."""
    gates = {unit: record.gates(unit) for unit in record.units}
    last = STAGES[-1].value
    done = [
        now[last].seq or 0
        for now in gates.values()
        if all(one.state == Outcome.OPEN for one in now.values())
    ]

    def having(test: Callable[[GateNow], bool]) -> list[int]:
        return [one.seq for now in gates.values() for one in now.values() if one.seq and test(one)]

    opened = having(lambda one: one.state == Outcome.OPEN)
    waiting = having(lambda one: one.state == Outcome.WAITING)
    blocked = having(lambda one: one.state == Outcome.BLOCKED)
    again = [one.seq for one in record.of_kind(Decided) if one.reopened]
    resting = [number(row) for row in unfounded(record)]
    forced = [row for row in waivers(record) if row["state"] == "counts"]
    subjects = {(row["unit"], row["check"], row["subject"]) for row in forced}
    signed = [number(row) for row in sign_offs(record) if row["state"] == "counts"]
    attempts = [one.seq for one in record.of_kind(Attempted)]
    every = [entry.seq for entry in record.entries]
    return [
        Figure(Text("全部通过的单位", "units through all gates"),
               f"{len(done)} / {len(record.units)}", done, "open"),
        Figure(Text("通过的关口", "gates open"), str(len(opened)), opened, "open"),
        Figure(Text("待补的关口", "gates waiting"), str(len(waiting)), waiting, "waiting"),
        Figure(Text("受阻的关口", "gates blocked"), str(len(blocked)), blocked, "blocked"),
        Figure(Text("通过后又暂停", "closed after standing open"), str(len(again)), again),
        Figure(Text("依据已不成立的交接", "hand-offs without ground"), str(len(resting)), resting),
        Figure(Text("有效的例外审批", "waivers in force"), str(len(subjects)),
               [number(row) for row in forced]),
        Figure(Text("有效的签字", "sign-offs that count"), str(len(signed)), signed),
        Figure(Text("被拒办理", "refused attempts"), str(len(attempts)), attempts),
        Figure(Text("记录条数", "ledger entries"), str(len(every)), every),
    ]  # fmt: skip


def named(seqs: Iterable[int]) -> Markup:
    """Which entries are counted, as ranges."""
    shown = together(list(seqs))
    label = Text("记录 ", "entries ") if shown else Text("没有这样的记录", "no such entry")
    return tag("span", label, shown, class_="seqs")


def folded(seqs: list[int]) -> Markup:
    """How many entries there are, and on demand which."""
    return tag("details", tag("summary", tag("b", len(seqs))), named(seqs), class_="folded")


def _short(place: int, seqs: list[int]) -> Markup:
    """The first entries that a figure counts; all stand in the annex."""
    parts = together(seqs).split(", ")
    if len(parts) <= SHORT:
        return named(seqs)
    rest = tag("a", "…", href=f"#f-{place}", aria_label="全部记录 / all entries")
    return tag(
        "span", Text("记录 ", "entries "), ", ".join(parts[:SHORT]), " ", rest, class_="seqs"
    )


def figures(found: list[Figure]) -> Markup:
    """The figures as a list."""
    return tag(
        "ul",
        join(
            tag(
                "li",
                tag("strong", one.shown, class_=one.accent or None),
                tag("span", one.label, class_="label"),
                _short(place, one.seqs),
            )
            for place, one in enumerate(found)
        ),
        class_="figures",
    )


def annex(found: list[Figure]) -> Markup:
    """Every entry that the figures count."""
    return tag(
        "dl",
        join(
            tag("div", tag("dt", one.label, f" · {one.shown}"), tag("dd", named(one.seqs)),
                id=f"f-{place}")
            for place, one in enumerate(found)
        ),
        class_="annex",
    )  # fmt: skip
