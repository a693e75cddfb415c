"""Our workbooks as LibreOffice saves them: what is saved, and the files that are kept of it.

Rules: `make_formats` writes the files that are kept and tried every time, small ones; `make long`
has LibreOffice save every template and ask list anew. To install it takes a minute, and to save
them all twenty seconds of the processor: too much for every time.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from schemas.registers import REGISTERS
from schemas.text import LANGUAGES, Language
from tasks.intake.names import named_columns
from tasks.intake.template import Line, needed_by, note, sheets_bytes, workbook_bytes
from tests.intake.files import good_row
from tests.support.patience import PATIENCE

FORMATS = ("xlsx", "xls", "ods")
KEPT = Path(__file__).parent / "formats"
# Registers with all kinds of columns, filled in and asked for.
KEPT_REGISTERS = ("jurisdictions", "calendar", "candidates", "reviews", "kin")


def filled_list(registers: Iterable[str], lang: Language) -> bytes:
    """An ask list that somebody filled in: names beside ids, coloured cells, notes, drop-downs."""
    sheets: dict[str, list[Line]] = {}
    for name in registers:
        row, key = good_row(name), REGISTERS[name].key
        named = {column: "某" for column in named_columns(name) if row[column] is not None}
        wanted = [one for one in REGISTERS[name].columns if one.name not in key]
        notes = {one.name: note(one, lang) for one in wanted if row[one.name] is not None}
        sheets[name] = [Line(row, named, notes, withdraw="?", as_of="0" * 16)]
    return sheets_bytes(sheets, lang)


def every_workbook(folder: Path) -> None:
    """Write the templates of both languages, filled in, and an ask list of every register."""
    rows = {name: [good_row(name)] for name in REGISTERS}
    for lang in LANGUAGES:
        made = workbook_bytes(rows, lang, example=True, index=True)
        (folder / f"template-{lang}.xlsx").write_bytes(made)
        (folder / f"list-{lang}.xlsx").write_bytes(filled_list(needed_by(), lang))


def saved(files: Sequence[Path], form: str, folder: Path) -> None:
    """Have LibreOffice save workbooks in another format, all in one process."""
    with TemporaryDirectory() as profile:
        subprocess.run(
            [str(shutil.which("soffice")), f"-env:UserInstallation=file://{profile}", "--headless",
             "--convert-to", form, "--outdir", str(folder), *map(str, files)],
            check=True, capture_output=True, timeout=PATIENCE,
        )  # fmt: skip


def make_formats(folder: Path = KEPT) -> None:
    """Write the files that are kept."""
    with TemporaryDirectory() as made:
        path = Path(made) / "libreoffice.xlsx"
        path.write_bytes(filled_list(KEPT_REGISTERS, "zh"))
        for form in FORMATS:
            saved([path], form, folder)


if __name__ == "__main__":
    make_formats()
