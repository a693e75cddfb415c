"""Ask lists as workbooks: one for each organ that supplies and each county, handed in as it is.

Rules: a workbook has a sheet for each register with exactly the rows that are asked for; what is
known stands in them, with the names of whoever has an id; what is wanted is coloured, with the
reason and the law in a note. A fact of a county is asked for once. An index in front counts, and
says which stage needs a sheet and by when. Townships stand in their county's workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data.blobs import write_durably
from schemas.decisions import WANTING, closing_of
from schemas.findings import Finding
from schemas.registers import REGISTERS
from schemas.reports import check_title, finding_reason
from schemas.rules.catalogue import RULES
from schemas.text import Language, Text, comma_separated
from schemas.vocabulary import STAGES, Level, Organ, Stage
from tasks.asklists.record import Record
from tasks.asklists.wanted import Reason, Wanted, wanted
from tasks.deadlines import Deadline, deadlines
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import Snapshot
from tasks.intake.asked_rows import as_of
from tasks.intake.names import name_of, named_columns
from tasks.intake.template import Index, Line, sheets_bytes

HEADINGS = (
    Text("工作表", "sheet"),
    Text("待补行数", "rows"),
    Text("待填格数", "cells to fill in"),
    Text("哪些环节需要", "needed by"),
    Text("最早期限", "first due"),
)
_FRESH = Text(
    "{id}：都不是的，用这个编号，并把这一条报送到“{register}”",
    "{id}: where it is none of these, take this id and deliver its row to “{register}” too",
)
_NOW = Text("现为：{value}", "on record: {value}")


@dataclass(frozen=True, slots=True)
class AskList:
    """What one organ of a county (or of the city itself) is asked for."""

    place: str
    name: str
    organ: Organ
    rows: Sequence[Wanted]

    @property
    def cells(self) -> int:
        """How many cells are to be filled in."""
        return sum(one.cells for one in self.rows)

    @property
    def registers(self) -> Mapping[str, Sequence[Wanted]]:
        """The rows by register, in the registers' order."""
        found = {name: [one for one in self.rows if one.register == name] for name in REGISTERS}
        return {name: rows for name, rows in found.items() if rows}

    def file(self, lang: Language) -> str:
        """What its workbook is called."""
        return f"{self.place}-{self.name}-{self.organ.label.render(lang=lang)}.xlsx"


def closing(snapshot: Snapshot, stages: Sequence[Stage]) -> Iterator[tuple[Stage, str, Finding]]:
    """What closes the gates of units: of `stages`, or else of the first one that wants something.

    What is only not due yet is not asked for.
    """
    found: set[str] = set()
    for stage in stages or STAGES:
        within = snapshot if stages else snapshot.within(set(snapshot.units) - found)
        for decision in decisions_of(within, stage) if within.units else ():
            asked = [
                one
                for one in closing_of(decision.findings)
                if one.check in RULES and one.status in WANTING
            ]
            if asked:
                found.add(decision.unit)
            yield from ((stage, decision.unit, one) for one in asked)


def ask_lists(
    snapshot: Snapshot, stages: Sequence[Stage], organs: Sequence[Organ]
) -> list[AskList]:
    """What is asked for, by county and organ; of some `stages` and `organs`, where named."""
    record = Record(snapshot.facts)
    rows = wanted(record, snapshot.pack, closing(snapshot, stages))
    lists: dict[tuple[str, Organ], list[Wanted]] = {}
    for one in rows:
        organ = REGISTERS[one.register].provider
        if not organs or organ in organs:
            lists.setdefault((_county(record, one.place), organ), []).append(one)
    return [
        AskList(place, str(_name(record, "jurisdictions", place, "zh")), organ, found)
        for (place, organ), found in sorted(lists.items())
    ]


def _county(record: Record, place: str) -> str:
    row = record.row("jurisdictions", place)
    return str(row["parent"]) if row and row["level"] == Level.TOWNSHIP else place


def _name(record: Record, register: str, key: str, lang: Language) -> str:
    found = name_of(register, key, record.row)
    return found.render(lang=lang) if found else ""


def write_lists(
    folder: Path, snapshot: Snapshot, lists: Iterable[AskList], lang: Language
) -> list[Path]:
    """Write a workbook for each list into a folder; those of the same name are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    record, due = Record(snapshot.facts), deadlines(snapshot)
    written = []
    for one in lists:
        path = folder / one.file(lang)
        write_durably(path, list_bytes(record, one, due, lang))
        written.append(path)
    return written


def list_bytes(record: Record, one: AskList, due: Sequence[Deadline], lang: Language) -> bytes:
    """The workbook of one list."""
    sheets = {
        name: [_line(record, row, lang) for row in sorted(rows, key=_order)]
        for name, rows in one.registers.items()
    }
    lines = [(REGISTERS[name], _counted(rows, due, lang)) for name, rows in one.registers.items()]
    return sheets_bytes(sheets, lang, index=Index(HEADINGS, lines))


def _order(one: Wanted) -> tuple[str, bool, str]:
    return one.place, not one.stands, str(list(one.known.values()))


def _counted(
    rows: Sequence[Wanted], due: Sequence[Deadline], lang: Language
) -> tuple[str | int, ...]:
    stages = {reason.stage for one in rows for reason in one.reasons}
    places = {one.place for one in rows} | {str(one.known.get("unit")) for one in rows}
    days: list[date] = [
        one.due
        for one in due
        if one.stage in stages and (one.place in places or one.place.partition("-")[0] in places)
    ]
    needed = comma_separated(stage.label for stage in STAGES if stage in stages)
    first = f"{min(days)}" if days else ""
    return len(rows), sum(one.cells for one in rows), needed.render(lang=lang), first


def _line(record: Record, one: Wanted, lang: Language) -> Line:
    targets = named_columns(one.register)
    known = {
        column: _name(record, target, str(one.known[column]), lang)
        for column, target in targets.items()
        if one.known.get(column) is not None
    }
    # Beside an id that may change stands no name: it is in the note.
    names = {column: "" if column in one.columns else known.get(column, "") for column in targets}
    notes = {
        column: "\n".join(
            [
                *_reason_lines(reasons, lang),
                *_now(one, column, known, lang),
                *_offered(record, one, column, lang),
            ]
        )
        for column, reasons in one.columns.items()
    }
    return Line(
        cells=one.known,
        names=names,
        wanted=notes,
        choices={name: ids for name, ids in one.choices.items() if ids},
        withdraw="\n".join(_reason_lines(one.reasons, lang)) if one.withdraws else "",
        as_of=as_of(one.register, one.known) if one.stands else "",
    )


def _reason_lines(reasons: Iterable[Reason], lang: Language) -> Iterator[str]:
    """Why something is asked for: stage, check, reason, law."""
    colon, brackets = ("：", "（{}）") if lang == "zh" else (": ", " ({})")
    for one in reasons:
        basis = one.basis.render(lang=lang)
        title = check_title(one.finding.check, lang)
        stage = one.stage.label.render(lang=lang)
        yield f"{stage} {title}{colon}{finding_reason(one.finding, lang)}{brackets.format(basis)}"


def _offered(record: Record, one: Wanted, column: str, lang: Language) -> Iterator[str]:
    """What the ids stand for that are offered for a cell, and for what the new one is."""
    fresh = one.fresh.get(column)
    if fresh is None:
        return
    target = REGISTERS[REGISTERS[one.register].references[column]]
    for name in one.choices.get(column, ()):
        row = record.row(target.name, name) or {}
        said = [
            spec.terms(str(row[spec.name])).label.render(lang=lang)
            if spec.terms
            else str(row[spec.name])
            for spec in target.columns
            if row.get(spec.name) is not None and (spec.terms or spec.kind is date)
        ]
        if said:
            yield f"{name}: {' '.join(said)}"
    yield _FRESH.render({"id": fresh, "register": target.title.render(lang=lang)}, lang)


def _now(one: Wanted, column: str, names: Mapping[str, str], lang: Language) -> Iterator[str]:
    """What stands in a cell that is to be corrected."""
    value = one.known.get(column)
    if one.stands and value is not None and not isinstance(value, bool):
        spec = REGISTERS[one.register].column[column]
        shown = spec.terms(str(value)).label.render(lang=lang) if spec.terms else str(value)
        yield _NOW.render({"value": f"{shown} {names.get(column, '')}".strip()}, lang)
