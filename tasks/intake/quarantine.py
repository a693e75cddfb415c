"""The quarantine file: every rejected row with its place, value and reason.

Rules: whole and on disk before the accepted rows are taken; one line per reason, in the reader's
language; UTF-8 with BOM, so that Excel shows it as it is; no value can become a live formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from data.blobs import write_durably
from schemas.text import Language, Text, language
from tasks.intake.refusal import Rejection, visible

HEADINGS = (
    Text("工作表", "sheet"),
    Text("行", "row"),
    Text("列", "column"),
    Text("值", "value"),
    Text("原因", "reason"),
)
_LIVE = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def harmless(value: str) -> str:
    """A value as a spreadsheet may open it: visible, and text where it would be a formula."""
    text = visible(value)
    return f"'{text}" if _LIVE.match(text) and not _NUMBER.fullmatch(text) else text


def write_quarantine(
    path: Path, rejections: Iterable[Rejection], lang: Language | None = None
) -> None:
    """Write the rejections to `path`, durably; after a crash the file is whole or absent."""
    chosen = lang or language()
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow([heading.render(lang=chosen) for heading in HEADINGS])
    for rejection in rejections:
        texts = (rejection.sheet, str(rejection.row), rejection.column, rejection.value)
        writer.writerow([harmless(text) for text in (*texts, rejection.why(chosen))])
    write_durably(path, buffer.getvalue().encode("utf-8-sig", errors="backslashreplace"))
