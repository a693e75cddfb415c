"""Reading a book, or a submission to one register.

Rules: a book is an XLSX workbook with a sheet per register or a folder of CSV files with a file per
register; every sheet and file must be a register, and jurisdictions and units must be among them.
A submission is a workbook's sheet of that register, or its only sheet, or a CSV file. What a file
is, its content says and not its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from schemas.registers import REGISTERS, Register
from tasks.intake import reasons
from tasks.intake.delivery import Delivery, take
from tasks.intake.headings import REGISTER_NAMES, find_register
from tasks.intake.package import is_package
from tasks.intake.raw import Source, load
from tasks.intake.refusal import Place, Refused, nearest
from tasks.intake.separated import read_csv

NEEDED = ("jurisdictions", "units")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
# What may lie in a book's folder without being a register.
_BESIDE = ("readme", "thumbs.db", "desktop.ini", ".", "~$")


def read_book(path: Path) -> dict[str, Delivery]:
    """Register → what a book delivers for it; registers that it does not have are left out.

    Raises:
        Refused: the book, a sheet or a file of it cannot be taken.
    """
    path = Path(path)
    deliveries = _read_folder(path) if path.is_dir() else _read_workbook(path)
    for name in NEEDED:
        title = REGISTERS[name].title
        if name not in deliveries:
            raise Refused(reasons.MISSING_SHEET, Place(path.name), register=title)
        if not deliveries[name].delivered:
            raise Refused(reasons.NO_ROWS, Place(path.name), register=title)
    return {name: deliveries[name] for name in REGISTERS if name in deliveries}


def read_register(register: str, path: Path, *, keys_only: bool = False) -> Delivery:
    """What a file delivers for one register; `keys_only` reads a list of rows to withdraw.

    `register` may be the code or a title.

    Raises:
        Refused: there is no such register, or the file cannot be taken.
    """
    wanted = find_register(register)
    source = load(Path(path))
    if not is_package(source.content):
        if Path(path).suffix.lower() in WORKBOOK_SUFFIXES:
            raise Refused(reasons.NOT_A_WORKBOOK, source.place)
        return take(wanted, read_csv(source), source, keys_only=keys_only)
    from tasks.intake.workbook import Workbook

    book = Workbook(source)
    named = _registers_of(book.names, source.name)
    sheet = named.get(wanted.name)
    if sheet is None:
        if len(book.names) != 1:
            raise Refused(reasons.NO_SUCH_SHEET, source.place, register=wanted.title)
        sheet = book.names[0]
        if named:
            other = REGISTERS[next(iter(named))].title
            raise Refused(
                reasons.OTHER_SHEET, book.place(sheet), other=other, register=wanted.title
            )
    return take(wanted, book.sheet(sheet), source, keys_only=keys_only)


def _registers_of(names: Iterable[str], file: str) -> dict[str, str]:
    """Register → the sheet or file that is named after it."""
    found: dict[str, str] = {}
    for name in names:
        code = REGISTER_NAMES.get(name)
        if code is None:
            continue
        if code in found:
            raise Refused(
                reasons.DUPLICATE_SHEET,
                Place(file, name),
                register=REGISTERS[code].title,
                other=found[code],
            )
        found[code] = name
    return found


def _read_workbook(path: Path) -> dict[str, Delivery]:
    source = load(path)
    if not is_package(source.content):
        suffixed = path.suffix.lower() in WORKBOOK_SUFFIXES
        raise Refused(reasons.NOT_A_WORKBOOK if suffixed else reasons.NOT_A_BOOK, source.place)
    from tasks.intake.workbook import Workbook

    book = Workbook(source)
    for name in book.names:
        if name not in REGISTER_NAMES:
            hint = nearest(name, REGISTER_NAMES)
            raise Refused(reasons.UNKNOWN_SHEET, book.place(name), hint=hint)
    return {
        code: take(REGISTERS[code], book.sheet(sheet), source)
        for code, sheet in _registers_of(book.names, source.name).items()
    }


def _read_folder(path: Path) -> dict[str, Delivery]:
    try:
        files = sorted(path.iterdir())
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise Refused(reasons.UNREADABLE, Place(path.name), cause=cause) from error
    files = [file for file in files if not file.name.lower().startswith(_BESIDE)]
    for file in files:
        if file.suffix.lower() != ".csv" or file.stem not in REGISTER_NAMES:
            hint = nearest(file.stem, REGISTER_NAMES)
            raise Refused(reasons.UNKNOWN_FILE, Place(file.name), hint=hint)
    by_stem = {file.stem: file for file in files}
    if len(by_stem) != len(files):
        doubled = next(file for file in files if by_stem[file.stem] != file)
        raise Refused(
            reasons.DUPLICATE_SHEET,
            Place(doubled.name),
            register=REGISTERS[REGISTER_NAMES[doubled.stem]].title,
            other=by_stem[doubled.stem].name,
        )
    return {
        code: _read_file(REGISTERS[code], by_stem[stem])
        for code, stem in _registers_of(by_stem, path.name).items()
    }


def _read_file(register: Register, file: Path) -> Delivery:
    source: Source = load(file)
    if is_package(source.content):
        raise Refused(reasons.WORKBOOK_IN_FOLDER, source.place)
    return take(register, read_csv(source), source)
