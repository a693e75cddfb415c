"""Reading people's own sheets by a map: what they deliver, register by register.

Rules: of a folder the map's files are read by it, all of which must be there, and any other file as
it would be without a map; of a single file those of its sheets that the map names, and those that
came back from the quarantine. Sheets of the map beside the file are looked up in, and not
delivered. What several sheets give to a register is one delivery; a row that is said twice over is
taken once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Protocol

from schemas.aliases import plain_name
from schemas.canonical import canonical, digest
from schemas.registers import REGISTERS, Register
from schemas.text import comma_separated
from tasks.intake import readings, reasons
from tasks.intake.delivery import Delivery, Key, RowValues
from tasks.intake.headings import own_names
from tasks.intake.kinds import SUFFIXES, open_sheets
from tasks.intake.lookups import Candidate, LookUp
from tasks.intake.made_rows import Made, made_rows
from tasks.intake.mapping import MappedSheet, SheetMap
from tasks.intake.origins import Origin, returned_name
from tasks.intake.own_sheets import Opened, opened
from tasks.intake.raw import Listed, Source, load
from tasks.intake.reading import BESIDE, Book, BookReader
from tasks.intake.readings import Reading
from tasks.intake.refusal import Place, Refused, nearest


class OnRecord(Protocol):
    """What is on record, as far as rows are looked up in it."""

    def current_rows(self, register: str) -> Mapping[tuple[object, ...], tuple[object, ...]]:
        """Key → cells of every row of a register."""
        ...

    def row_of(self, register: str, key: str) -> Mapping[str, object] | None:
        """A row by its key of one column."""
        ...


@dataclass(frozen=True, slots=True)
class _Sheet:
    """An opened sheet, the digest of its file, and whether it is delivered or only looked up in."""

    opened: Opened
    source: str
    delivered: bool


def look_through_mapped(
    path: Path, given: SheetMap, needed: Collection[str], record: OnRecord | None
) -> Book:
    """What people's sheets deliver by a map, as far as they can be read; see `look_through`.

    Raises:
        Refused: nothing can be opened at all, or the map has nothing to do with it.
    """
    path = Path(path)
    reader = BookReader(path.name, needed)
    finder = _Finder(reader, given)
    if path.is_dir():
        finder.read_folder(path)
    else:
        finder.read_file(load(path))
    maker = _Maker(reader, finder.sheets, record)
    for name in given.order:
        maker.make(name)
    return replace(reader.book(), mapping=given.content)


class _Finder:
    """Finds and opens the sheets that a map names."""

    def __init__(self, reader: BookReader, given: SheetMap) -> None:
        self.sheets: list[_Sheet] = []
        self._reader = reader
        self._map = given

    def read_folder(self, folder: Path) -> None:
        """Open the map's files, and read any others as they would be read without a map."""
        there = {file.name: file for file in sorted(folder.iterdir())}
        files = dict.fromkeys(one.file for one in self._map.sheets)
        for name in files:
            wanted = [one for one in self._map.sheets if one.file == name]
            if name not in there:
                self._refuse(Refused(reasons.MAP_NO_FILE, Place(name)), wanted)
                continue
            try:
                self._open(load(there[name]), _by_name(wanted), rest=True)
            except Refused as refused:
                self._refuse(refused, wanted)
        for name, file in there.items():
            if name in files or name.lower().startswith(BESIDE) or file.suffix == ".toml":
                continue
            if file.suffix.lower() in SUFFIXES:
                self._reader.read_file(file)
            else:
                self._reader.leave_out([Listed(name)])

    def read_file(self, source: Source) -> None:
        """Open what the map names in one file, and those beside it that it is looked up in.

        Raises:
            Refused: the map names nothing of it.
        """
        own = _by_name(one for one in self._map.sheets if one.file == source.name)
        listed = {one.name for one in open_sheets(source).listed}
        back = {
            name: one
            for one in self._map.sheets
            if one.file != source.name and (name := returned_name(one.file, one.sheet)) in listed
        }
        here = {**own, **back}
        if not here:
            raise Refused(reasons.MAP_NOTHING, source.place)
        self._open(source, here, rest=not back)
        if back:
            self._reader.read_workbook(source, without=here)
        known = list(here.values())
        wanted = {
            one.target.name
            for sheet in known
            for rows in sheet.rows
            for one in rows.sources
            if one.find and any(_beside(one.target, key) for key in one.by)
        }
        for one in self._map.sheets:
            file = self._map.folder / one.file
            if one not in known and wanted & {x.of.name for x in one.rows} and file.is_file():
                self._open(load(file), _by_name([one]), delivered=False)

    def _open(
        self,
        source: Source,
        named: Mapping[str, MappedSheet],
        *,
        delivered: bool = True,
        rest: bool = False,
    ) -> None:
        """Open sheets of a file by the names that they bear there; report the `rest`."""
        sheets = open_sheets(source)
        listed = {one.name: one for one in sheets.listed}
        for name, one in named.items():
            where = Place(source.name, one.sheet)
            if name not in listed:
                hint = nearest(name, listed)
                self._refuse(Refused(reasons.MAP_NO_SHEET, where, hint=hint), [one])
            elif listed[name].hidden:
                title = one.rows[0].of.title
                self._refuse(Refused(reasons.HIDDEN_REGISTER, where, register=title), [one])
            else:
                try:
                    made = opened(one, sheets.sheet(name), self._map.known_by)
                except Refused as refused:
                    self._refuse(refused, [one])
                else:
                    self.sheets.append(_Sheet(made, source.digest, delivered))
        if rest:
            self._reader.leave_out(one for one in sheets.listed if one.name not in named)

    def _refuse(self, refused: Refused, wanted: Iterable[MappedSheet]) -> None:
        self._reader.refuse(refused, {rows.of.name for one in wanted for rows in one.rows})


def _by_name(sheets: Iterable[MappedSheet]) -> dict[str, MappedSheet]:
    """Sheets by their names; a CSV is one sheet that bears the file's."""
    return {one.sheet or one.file: one for one in sheets}


def _beside(register: Register, key: str) -> bool:
    """Whether a row of a register is known by a heading of people's own, and no column of it."""
    return plain_name(key) not in own_names(register.columns)


class _Maker:
    """Makes the deliveries, each after those in which it looks something up."""

    def __init__(
        self, reader: BookReader, sheets: Sequence[_Sheet], record: OnRecord | None
    ) -> None:
        self._reader = reader
        self._sheets = sheets
        self._record = record
        self._made: dict[str, list[tuple[_Sheet, Made]]] = {}
        self._look_up = cache(self._looked_up)
        self._by_key = cache(self._keyed)

    def make(self, name: str) -> None:
        """Make what is delivered to a register."""
        register = REGISTERS[name]
        try:
            self._made[name] = [
                (sheet, made)
                for sheet in self._sheets
                for rows in sheet.opened.mapped.rows
                if rows.of is register
                for made in made_rows(sheet.opened, rows, self._look_up)
            ]
        except Refused as refused:
            self._reader.refuse(refused, {name})
            return
        ours = [
            one
            for one in self._sheets
            if one.delivered and any(rows.of is register for rows in one.opened.mapped.rows)
        ]
        if ours:
            found = [made for sheet, made in self._made[name] if sheet.delivered]
            self._reader.add(_delivery(register, ours, found))

    def _row_of(self, register: str, key: str) -> Mapping[str, object] | None:
        row = self._by_key(register).get(key)
        return row or (self._record.row_of(register, key) if self._record else None)

    def _keyed(self, register: str) -> Mapping[object, RowValues]:
        """The rows that are delivered to a register, which is asked for when they are made."""
        made = [one.row for sheet, one in self._made.get(register, ()) if sheet.delivered]
        key = REGISTERS[register].key[0]
        return {row.get(key): row for row in [*self._reader.rows(register), *made]}

    def _looked_up(self, register: Register, keys: tuple[str, ...]) -> LookUp:
        beside = [key for key in keys if _beside(register, key)]
        candidates = list(self._of_sheets(register, beside))
        if beside and not candidates:
            raise Refused(
                reasons.MAP_LOOKED_UP, heading=comma_separated(beside), register=register.title
            )
        if not beside:
            known = {one.id for one in candidates}
            candidates += [one for one in self._of_record(register) if one.id not in known]
        return LookUp(register, keys, candidates, cache(self._row_of))

    def _of_sheets(self, register: Register, beside: Sequence[str]) -> Iterator[Candidate]:
        key = register.key[0]
        wanted = {plain_name(one) for one in beside}
        for sheet, made in self._made.get(register.name, ()):
            own = made.origin.sheet
            headings = [plain_name(one) for one in own.headings]
            if key not in made.row or not wanted <= set(headings):
                continue
            if sheet.delivered or wanted:
                held = dict(zip(headings, own.rows[made.origin.row], strict=False))
                yield Candidate(str(made.row[key]), made.row, held)

    def _of_record(self, register: Register) -> Iterator[Candidate]:
        key = register.key[0]
        given = [row for row in self._reader.rows(register.name) if key in row]
        yield from (Candidate(str(row[key]), row, {}) for row in given)
        if self._record is None:
            return
        delivered = {row[key] for row in given}
        columns = [spec.name for spec in register.columns]
        for cells in self._record.current_rows(register.name).values():
            row = dict(zip(columns, cells, strict=True))
            if row[key] not in delivered:
                yield Candidate(str(row[key]), row, {})


def _delivery(register: Register, sheets: Sequence[_Sheet], made: Iterable[Made]) -> Delivery:
    """What the sheets give to a register, as one delivery with its rows counted through."""
    origins: dict[int, Origin] = {}
    rows: list[RowValues] = []
    numbers: list[int] = []
    notes: list[Reading] = []
    rejections = []
    rejected: dict[Key, int] = {}
    firsts: dict[tuple[object, ...], Made] = {}
    for number, one in enumerate(made, start=1):
        same = tuple(one.row.get(spec.name) for spec in register.columns)
        if not one.problems and same in firsts:
            own = one.origin.sheet
            notes.append(Reading(own.title, one.origin.row, "", "", "", readings.SAID_ONCE, 0))
            continue
        origins[number] = one.origin
        if one.problems:
            rejections += [
                one.origin.rejection(register.name, number, (name,), found)
                for name, found in one.problems
            ]
            if all(name in one.row for name in register.key):
                rejected.setdefault(tuple(one.row[name] for name in register.key), number)
            continue
        firsts[same] = one
        rows.append(one.row)
        numbers.append(number)
        notes += [replace(reading, number=number) for reading in one.readings]
    files = sorted({(one.opened.own.file, one.source) for one in sheets})
    sources = sorted({source for _, source in files})
    of_sheets = [
        reading
        for one in sheets
        if one.opened.mapped.rows[0].of is register
        for reading in one.opened.readings
    ]
    return Delivery(
        register=register.name,
        source="、".join(dict.fromkeys(name for name, _ in files)),
        sheet=" ".join(dict.fromkeys(one.opened.own.title for one in sheets)),
        digest=sources[0] if len(sources) == 1 else digest(canonical(sources)),
        headings={spec.name: spec.column.label.render() for spec in register.columns},
        rows=rows,
        row_numbers=numbers,
        rejections=rejections,
        rejected_keys=rejected,
        delivered=len(origins),
        readings=[*of_sheets, *notes],
        origins=origins,
    )
