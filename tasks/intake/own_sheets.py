"""A sheet as somebody keeps it, opened by what a map says of it.

Rules: the headings stand in the rows that the map names; of several such rows a heading is what
stands above with what stands below it, and merged cells count for every cell that they cover. Each
heading that the map names must stand there once. Rows without anything under these headings, notes
below the table and headings once more are left out and noted; so is what has a heading that the map
does not name. Merged cells below mean "the same below" only where the map says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schemas.aliases import plain_name
from tasks.intake import readings, reasons
from tasks.intake.asked import is_ours
from tasks.intake.cells import Cell, delivered_text, holds
from tasks.intake.characters import Problem, problem
from tasks.intake.headings import OURS
from tasks.intake.mapping import MappedSheet
from tasks.intake.origins import OwnSheet
from tasks.intake.raw import Block, RawSheet, column_letter
from tasks.intake.readings import Reading
from tasks.intake.refusal import Place, Refused, nearest, together
from tasks.intake.totals import joined, none_of_ours

Rows = dict[int, list[Cell]]


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened sheet: where each heading of the map stands, and the notes on the sheet.

    `broken` are rows that cannot be taken as they stand: position and problem by number.
    """

    mapped: MappedSheet
    own: OwnSheet
    at: Mapping[str, int]
    typed: bool
    since_1904: bool
    broken: Mapping[int, tuple[int, Problem]]
    readings: Sequence[Reading]

    def cell(self, row: int, heading: str) -> Cell:
        """What stands in a row under a heading of the map."""
        cells = self.own.rows[row]
        index = self.at[heading]
        return cells[index] if index < len(cells) else ""


def opened(mapped: MappedSheet, raw: RawSheet, known_by: frozenset[str] = frozenset()) -> Opened:
    """A sheet by its map, whose rows are `known_by` these headings.

    Raises:
        Refused: headings that the map names are not there, or twice; all of it at once.
    """
    rows: Rows = {number: list(cells) for number, cells in raw.rows if holds(cells)}
    head = {number: rows.pop(number, []) for number in mapped.heading_rows}
    headings = headings_of(head, raw.merged)
    at = _positions(mapped, headings)
    title = OwnSheet(mapped.file, mapped.sheet, head, headings, rows).title
    first, last = mapped.heading_rows[0], mapped.heading_rows[-1]
    above = [number for number in rows if number < first]
    notes = [*raw.readings, *_heading_notes(mapped, headings, at, title)]
    notes += [
        Reading(title, one, "", joined(rows.pop(one)), "", readings.TITLE_ROW, 0) for one in above
    ]
    used = set(at.values())
    for number, cells in list(rows.items()):
        why = none_of_ours(cells, used, head[last])
        if why:
            notes.append(Reading(title, number, "", joined(rows.pop(number)), "", why, 0))
    same = {at[heading] for heading in mapped.same_below}
    broken: dict[int, tuple[int, Problem]] = {}
    for block in raw.merged:
        columns = range(block.left - 1, block.right)
        below = [number for number in rows if block.top <= number <= block.bottom]
        if not below or not used & set(columns):
            continue
        if len(columns) == 1 and columns[0] in same:
            _fill(rows, block, columns)
            notes += [_filled(title, number, headings, columns[0], rows) for number in below[1:]]
        else:
            why_not = problem(reasons.MERGED_CELLS, range=block.name)
            broken |= dict.fromkeys(below, (min(used & set(columns)), why_not))
    hidden = sorted(set(raw.hidden) & rows.keys())
    if hidden:
        count = str(len(hidden))
        notes.append(Reading(title, hidden[0], "", count, count, readings.HIDDEN_ROWS, 0))
    own = OwnSheet(mapped.file, mapped.sheet, head, headings, rows, known_by)
    return Opened(mapped, own, at, raw.typed, raw.since_1904, broken, notes)


def _fill(rows: Rows, block: Block, columns: Iterable[int]) -> None:
    """Put what stands in the first of merged cells into all of those that are in `rows`."""
    top = rows.get(block.top, [])
    value = top[block.left - 1] if len(top) >= block.left else ""
    for number in rows.keys() & set(range(block.top, block.bottom + 1)):
        for column in columns:
            rows[number] += [""] * (column + 1 - len(rows[number]))
            rows[number][column] = value


def _filled(title: str, number: int, headings: Sequence[str], at: int, rows: Rows) -> Reading:
    shown = delivered_text(rows[number][at])
    return Reading(title, number, headings[at], "", shown, readings.MERGED_BELOW, 0)


def headings_of(head: Rows, merged: Iterable[Block]) -> list[str]:
    """What the rows of the headings come to, by position, with merged cells filled in."""
    for block in merged:
        _fill(head, block, range(block.left - 1, block.right))
    found = []
    for index in range(max(map(len, head.values()), default=0)):
        cells = [delivered_text(row[index]) for row in head.values() if index < len(row)]
        parts = [" ".join(cell.split()) for cell in cells]
        found.append("/".join(dict.fromkeys(part for part in parts if part)))
    return found


def _positions(mapped: MappedSheet, headings: Sequence[str]) -> dict[str, int]:
    """Heading of the map → its position.

    Raises:
        Refused: as `opened`.
    """
    places: dict[str, list[int]] = {}
    for index, heading in enumerate(headings):
        places.setdefault(plain_name(heading), []).append(index)
    found: dict[str, int] = {}
    problems: list[Refused] = []
    for heading in mapped.headings:
        at = places.get(plain_name(heading), [])
        where = Place(mapped.file, mapped.sheet, mapped.heading_rows[-1])
        if not at:
            hint = nearest(heading, [one for one in headings if one])
            problems.append(Refused(reasons.MAP_HEADING, where, heading=heading, hint=hint))
        elif len(at) > 1:
            letters = {"first": column_letter(at[0]), "second": column_letter(at[1])}
            where = Place(mapped.file, mapped.sheet, mapped.heading_rows[-1], heading)
            problems.append(Refused(reasons.DUPLICATE_COLUMN, where, **letters))
        else:
            found[heading] = at[0]
    if problems:
        raise together(problems)
    return found


def _heading_notes(
    mapped: MappedSheet, headings: Sequence[str], at: Mapping[str, int], title: str
) -> list[Reading]:
    """What each heading was read as, and which were left out although nobody said so."""
    row = mapped.heading_rows[-1]
    notes: list[Reading] = []
    for rows in mapped.rows:
        for group in rows.groups:
            for name, source in group.items():
                label = rows.of.column[name].column.label.render()
                notes += [
                    Reading(title, row, one, one, label, readings.MAPPED_HEADING, 0)
                    for one in source.headings
                ]
    known = {*at.values()}
    ignored = {plain_name(one) for one in mapped.ignore}
    left_out = [
        one
        for index, one in enumerate(headings)
        if index not in known
        and one
        and plain_name(one) not in ignored
        and one not in OURS
        and not is_ours(one)
    ]
    notes += [Reading(title, row, one, one, "", readings.LEFT_OUT_COLUMN, 0) for one in left_out]
    return list(dict.fromkeys(notes))
