"""Reading a book, or a submission to one register.

Rules: a book is a workbook with a sheet per register, or a folder with a file per register; where a
cycle is opened, jurisdictions and units must be among them. A sheet is a register by its name, else
by its headings; one that is neither is left out, and reported. A submission to one register is
a file's sheet of it, or its only sheet. What a file is, its content says and not its name. All that
is wrong with the sheets of a book is named at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from schemas.aliases import register_read
from schemas.registers import REGISTERS, Register
from schemas.text import comma_separated
from tasks.intake import readings, reasons
from tasks.intake.cells import Cell, holds
from tasks.intake.delivery import Delivery, RowValues
from tasks.intake.headings import (
    OUR_SHEETS,
    REGISTER_NAMES,
    SEARCHED_ROWS,
    columns_delivered,
    filled,
    find_register,
    missing_columns,
    nearest_register,
    score,
)
from tasks.intake.kinds import SUFFIXES, open_sheets
from tasks.intake.raw import Listed, Sheets, Source, load
from tasks.intake.readings import Reading
from tasks.intake.refusal import Place, Refused, together
from tasks.intake.taking import take

NEEDED = ("jurisdictions", "units")
# What may lie in a book's folder without being a register.
BESIDE = ("readme", "thumbs.db", "desktop.ini", ".", "~$")
# A sheet with so many headings of a register is meant to be it.
_LIKE_A_REGISTER = 2

First = Sequence[tuple[int, list[Cell]]]


@dataclass(frozen=True, slots=True)
class UnreadSheet:
    """A sheet that could not be taken: its rows by number, and what is wrong with it."""

    name: str
    rows: Mapping[int, Sequence[Cell]]
    problems: Sequence[Refused]


@dataclass(frozen=True, slots=True)
class Book:
    """What a book delivers, by register, and all that is wrong with its sheets.

    `unread` are registers that the book has, but whose sheets could not be read; `unread_sheets`
    are these and other sheets that could not be taken, as they stand. `mapping` are the bytes of
    the map by which it was read.
    """

    deliveries: Mapping[str, Delivery]
    problems: Sequence[Refused]
    unread: frozenset[str]
    unread_sheets: Sequence[UnreadSheet] = ()
    mapping: bytes | None = None


def look_through(path: Path, needed: Collection[str] = NEEDED) -> Book:
    """A book, as far as it can be read; what is `needed` must be in it.

    Where nothing is, one file named after its register is a book too.

    Raises:
        Refused: it cannot be opened at all, or has no row of any register.
    """
    path = Path(path)
    reader = BookReader(path.name, needed)
    if path.is_dir():
        for file in _folder(path):
            reader.read_file(file)
    else:
        reader.read_workbook(load(path))
    return reader.book()


def read_register(register: str | Register, path: Path, *, keys_only: bool = False) -> Delivery:
    """What a file delivers for one register; `keys_only` reads a list of rows to withdraw.

    `register` may be the register, its code, a title or an alias.

    Raises:
        Refused: there is no such register, or the file cannot be taken.
    """
    wanted = register if isinstance(register, Register) else find_register(register)
    source = load(Path(path))
    sheets = open_sheets(source)
    sheet, notes = _chosen(wanted, sheets, source, keys_only=keys_only)
    delivery = take(wanted, sheets.sheet(sheet), source, keys_only=keys_only)
    return replace(delivery, readings=[*notes, *delivery.readings])


def _chosen(
    wanted: Register, sheets: Sheets, source: Source, *, keys_only: bool
) -> tuple[str, list[Reading]]:
    """The sheet of a register in a file, and notes on how it was chosen."""
    listed = [one for one in sheets.listed if one.name not in OUR_SHEETS and one.cells]
    if len(listed) == 1 and listed[0].name == source.name:
        return source.name, []
    named, problems = _registers_of(listed, source)
    if problems:
        raise together(problems)
    sheet = named.get(wanted.name)
    if sheet:
        return sheet.name, _left_out(listed, {one.name for one in named.values()})
    specs = columns_delivered(wanted, keys_only=keys_only)
    fitting = [
        one
        for one in listed
        if not one.hidden
        and one not in named.values()
        and (len(listed) == 1 or score(_first(sheets, one), specs) == len(specs))
    ]
    if len(fitting) > 1:
        names = comma_separated(f"“{one.name}”" for one in fitting)
        raise Refused(reasons.SHEETS_OF_ONE, source.place, register=wanted.title, sheets=names)
    if not fitting:
        if len(listed) == 1 and named:
            other = REGISTERS[next(iter(named))].title
            where = Place(source.name, listed[0].name)
            raise Refused(reasons.OTHER_SHEET, where, other=other, register=wanted.title)
        raise Refused(reasons.NO_SUCH_SHEET, source.place, register=wanted.title)
    name = fitting[0].name
    notes = _left_out(listed, {name})
    if len(listed) > 1:
        how = readings.SHEET_BY_HEADINGS
        notes.append(Reading(name, 0, "", name, wanted.title.render(), how))
    return name, notes


def _first(sheets: Sheets, one: Listed) -> First:
    """The first rows of a sheet that hold something, as far as headings are looked for."""
    raw = sheets.sheet(one.name)
    held = ((number, cells) for number, cells in raw.rows if holds(cells))
    return filled(list(islice(held, SEARCHED_ROWS)), raw.merged)


def _registers_of(
    listed: Iterable[Listed], source: Source
) -> tuple[dict[str, Listed], list[Refused]]:
    """Register → the sheet that is named after it; and those that are hidden or named twice."""
    found: dict[str, Listed] = {}
    problems: list[Refused] = []
    for one in listed:
        code = REGISTER_NAMES.get(one.name) or register_read(one.name)
        if code is None:
            continue
        title, where = REGISTERS[code].title, Place(source.name, one.name)
        if one.hidden:
            problems.append(Refused(reasons.HIDDEN_REGISTER, where, register=title))
        elif code in found:
            other = found[code].name
            problems.append(Refused(reasons.DUPLICATE_SHEET, where, register=title, other=other))
        else:
            found[code] = one
    return found, problems


def _left_out(listed: Iterable[Listed], taken: Iterable[str]) -> list[Reading]:
    """Notes on sheets that are not the register's; those of other registers get none."""
    return [
        Reading(one.name, 0, "", one.name, "", readings.LEFT_OUT_SHEET)
        for one in listed
        if one.name not in taken and register_read(one.name) is None
    ]


def _folder(path: Path) -> list[Path]:
    """The files of a book's folder, each named after its register."""
    try:
        files = sorted(path.iterdir())
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise Refused(reasons.UNREADABLE, Place(path.name), cause=cause) from error
    files = [file for file in files if not file.name.lower().startswith(BESIDE)]
    problems = [
        Refused(reasons.UNKNOWN_FILE, Place(file.name), hint=nearest_register(file.stem))
        for file in files
        if file.suffix.lower() not in SUFFIXES or register_read(file.stem) is None
    ]
    if problems:
        raise together(problems)
    return files


class BookReader:
    """Reads the files of a book, one after the other, and keeps what is wrong with each."""

    def __init__(self, name: str, needed: Collection[str]) -> None:
        self._name = name
        self._needed = needed
        self._deliveries: dict[str, Delivery] = {}
        self._problems: list[Refused] = []
        self._unread: set[str] = set()
        self._notes: list[Reading] = []
        self._sheets: list[UnreadSheet] = []

    def read_file(self, file: Path) -> None:
        """Read a file of a folder: one that is named after its register, or a workbook of them."""
        code = register_read(file.stem)
        try:
            source = load(file)
            if code:
                self._take_file(source, file.stem)
            else:
                self.read_workbook(source)
        except Refused as refused:
            self.refuse(refused, [code] if code else [])

    def rows(self, register: str) -> Sequence[RowValues]:
        """What was read of a register so far."""
        return self._deliveries[register].rows if register in self._deliveries else ()

    def leave_out(self, listed: Iterable[Listed]) -> None:
        """Tell that sheets are not read."""
        self._notes += _left_out(listed, ())

    def refuse(self, refused: Refused, registers: Iterable[str]) -> None:
        """Keep what is wrong, and the registers that could not be read for it."""
        self._problems += refused.every
        self._unread.update(registers)

    def add(self, delivery: Delivery) -> None:
        """Add what was delivered otherwise; a register comes from one place alone."""
        other = self._deliveries.get(delivery.register)
        if other and other.delivered:
            title, where = REGISTERS[delivery.register].title, Place(delivery.sheet)
            self.refuse(
                Refused(reasons.DUPLICATE_SHEET, where, register=title, other=other.sheet),
                {delivery.register},
            )
            return
        notes = [*(other.readings if other else ()), *delivery.readings]
        self._deliveries[delivery.register] = replace(delivery, readings=notes)

    def book(self) -> Book:
        """What was read.

        Raises:
            Refused: nothing is needed, and nothing was found.
        """
        filled = any(one.delivered or one.withdrawn for one in self._deliveries.values())
        if not (self._needed or filled or self._problems):
            unfilled = any(one.unfilled for one in self._deliveries.values())
            there = reasons.NOTHING_NEW if unfilled else reasons.NO_ROW
            raise Refused(there if self._deliveries else reasons.NO_REGISTER, Place(self._name))
        for name in self._needed:
            title = REGISTERS[name].title
            if name not in self._deliveries and name not in self._unread:
                where = Place(self._name)
                self._problems.append(Refused(reasons.MISSING_SHEET, where, register=title))
            elif name in self._deliveries and not self._deliveries[name].delivered:
                where = Place(self._name)
                self._problems.append(Refused(reasons.NO_ROWS, where, register=title))
        ordered = {name: self._deliveries[name] for name in REGISTERS if name in self._deliveries}
        if self._notes and ordered:
            # What belongs to no register goes with the first.
            first = next(iter(ordered))
            notes = [*self._notes, *ordered[first].readings]
            ordered[first] = replace(ordered[first], readings=notes)
        return Book(ordered, self._problems, frozenset(self._unread), self._sheets)

    def _take_file(self, source: Source, stem: str) -> None:
        register = find_register(stem)
        other = self._deliveries.get(register.name)
        if other:
            title = register.title
            raise Refused(reasons.DUPLICATE_SHEET, source.place, register=title, other=other.source)
        sheets = open_sheets(source)
        sheet, notes = _chosen(register, sheets, source, keys_only=False)
        if stem not in REGISTER_NAMES:
            title_read = register.title.render()
            notes.append(Reading(source.name, 0, "", stem, title_read, readings.SHEET_BY_NAME))
        try:
            delivery = take(register, sheets.sheet(sheet), source)
        except Refused as refused:
            self._refused(refused, sheets, sheet)
            self._unread.add(register.name)
            return
        self._deliveries[register.name] = replace(delivery, readings=[*notes, *delivery.readings])

    def read_workbook(self, source: Source, without: Collection[str] = ()) -> None:
        """Read the sheets of a workbook, but for those called so.

        Raises:
            Refused: it cannot be opened, or is no workbook.
        """
        sheets = open_sheets(source)
        left_out = {*OUR_SHEETS, *without}
        listed = [one for one in sheets.listed if one.name not in left_out]
        if [one.name for one in listed] == [source.name]:
            if self._needed:
                raise Refused(reasons.NOT_A_BOOK, source.place)
            self._take_file(source, Path(source.name).stem)
            return
        named, problems = _registers_of(listed, source)
        by_sheet = {one.name: code for code, one in named.items()}
        for problem in problems:
            self._refused(problem, sheets, problem.place.sheet)
            # What refers to a register of which no other sheet is there falls with it.
            self._unread |= {find_register(problem.place.sheet).name} - named.keys()
        refused = {problem.place.sheet for problem in problems}
        for one in listed:
            if one.name in refused:
                continue
            try:
                code = by_sheet.get(one.name) or self._by_headings(sheets, one, source)
            except Refused as found:
                self._refused(found, sheets, one.name)
                continue
            if code is None:
                self._notes += _left_out([one], ())
            else:
                self._take_sheet(REGISTERS[code], sheets, one, source)

    def _take_sheet(self, register: Register, sheets: Sheets, one: Listed, source: Source) -> None:
        other = self._deliveries.get(register.name)
        where = Place(source.name, one.name)
        try:
            if other:
                title = register.title
                raise Refused(reasons.DUPLICATE_SHEET, where, register=title, other=other.sheet)
            delivery = take(register, sheets.sheet(one.name), source)
        except Refused as refused:
            self._refused(refused, sheets, one.name)
            self._unread.add(register.name)
            return
        self._deliveries[register.name] = delivery
        if one.name not in REGISTER_NAMES:
            named = register_read(one.name) is not None
            how = readings.SHEET_BY_NAME if named else readings.SHEET_BY_HEADINGS
            self._notes.append(Reading(one.name, 0, "", one.name, register.title.render(), how))

    def _refused(self, refused: Refused, sheets: Sheets, name: str) -> None:
        """Keep what is wrong with a sheet, and its rows as far as they can be read at all."""
        self._problems += refused.every
        try:
            rows = dict(sheets.sheet(name).rows)
        except Refused:
            # It was refused for the same damage; there is nothing that could be mended in place.
            return
        self._sheets.append(UnreadSheet(name, rows, refused.every))

    def _by_headings(self, sheets: Sheets, one: Listed, source: Source) -> str | None:
        """The register that a sheet of another name is by its headings; None for none.

        Raises:
            Refused: it is meant to be one, but it cannot be told which, or it lacks columns.
        """
        if one.hidden or not one.cells:
            return None
        where = Place(source.name, one.name)
        first = _first(sheets, one)
        scores = {code: score(first, register.columns) for code, register in REGISTERS.items()}
        whole = [code for code, found in scores.items() if found == len(REGISTERS[code].columns)]
        most = max((scores[code] for code in whole), default=0)
        whole = [code for code in whole if scores[code] == most]
        if len(whole) == 1:
            return whole[0]
        if whole:
            names = comma_separated(REGISTERS[code].title for code in whole)
            raise Refused(reasons.SHEET_OF_SEVERAL, where, registers=names)
        code = max(scores, key=lambda name: scores[name])
        if scores[code] < _LIKE_A_REGISTER:
            return None
        register = REGISTERS[code]
        lacking = missing_columns(first, register.columns)
        raise Refused(reasons.UNKNOWN_SHEET, where, register=register.title, missing=lacking)
