"""A folder of CSV files, one for each table.

Rules: UTF-8 with BOM, everything in quotation marks, one heading line; what a spreadsheet would run
as a formula is made harmless as in a quarantine file; the same record gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from data.blobs import write_durably
from tasks.export.columns import Table
from tasks.export.history import Record
from tasks.export.layout import each_table
from tasks.export.progress import Progress, silent
from tasks.export.rows import ROWS
from tasks.intake.readings import csv_bytes


def table_bytes(table: Table, record: Record) -> bytes:
    """One table as the bytes of a CSV file."""
    headings = (name for name, _, _ in table.flat())
    return csv_bytes(headings, map(table.values, ROWS[table.name](record)))


def write_folder(record: Record, folder: Path, progress: Progress = silent) -> None:
    """Write every table into `folder`, each file whole or absent."""
    for table in each_table(progress):
        write_durably(folder / f"{table.name}.csv", table_bytes(table, record))
