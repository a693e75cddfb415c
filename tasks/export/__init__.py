"""Exports of the gate history (记录导出): XLSX, CSV, SQLite and one HTML page.

Rules: an export shows what the ledger says, names the entry of every figure, and holds ids, never
names of people; the same ledger gives the same bytes; what stands is never overwritten, and an
export is whole or absent. A ledger that does not hold is not exported.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from data.blobs import check_absent, settle, write_durably
from data.home import Home
from schemas.text import Language, language
from tasks.export.progress import Progress, silent

if TYPE_CHECKING:
    from tasks.export.history import Record

FORMATS = ("xlsx", "csv", "sqlite", "html")


def write(
    home: Home,
    kind: str,
    target: Path,
    *,
    reasons: bool = True,
    progress: Progress = silent,
) -> int:
    """Write the history of `home` to `target` (a folder for `csv`); returns how many entries.

    `kind` is one of `FORMATS`; what is for people is in the reader's language.

    `reasons`: with the free texts that officers gave, which are not in the ledger itself.

    Raises:
        Refusal: something stands at `target` already.
        LedgerBroken: the ledger does not hold; nothing is written.
    """
    from tasks.export.history import read_record

    check_absent(target)
    record = read_record(home, reasons=reasons, progress=progress)
    if kind == "csv":
        _write_folder(record, target, progress)
    else:
        content = content_of(record, kind, language(), progress)
        check_absent(target)
        write_durably(target, content)
    return len(record.entries)


def content_of(record: Record, kind: str, lang: Language, progress: Progress = silent) -> bytes:
    """An export that is one file, in a format of those but `csv`."""
    if kind == "xlsx":
        from tasks.export.workbook import workbook_bytes

        return workbook_bytes(record, lang, progress)
    if kind == "sqlite":
        from tasks.export.database import database_bytes

        return database_bytes(record, progress)
    from tasks.export.report import report_bytes

    return report_bytes(record, lang, progress)


def _write_folder(record: Record, target: Path, progress: Progress) -> None:
    """A folder is written aside and then gets its name, so that it is whole or absent."""
    from tasks.export.separated import write_folder

    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=".new-"))
    try:
        write_folder(record, aside, progress)
        check_absent(target)
        aside.rename(target)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    settle(target.parent)
