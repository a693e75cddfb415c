"""Workbooks of ours that LibreOffice saved, as XLSX, XLS and ODS: what is read stays the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from schemas.registers import REGISTERS
from tasks.intake.raw import load
from tasks.intake.reading import look_through
from tests.intake.libreoffice import (
    FORMATS,
    KEPT,
    KEPT_REGISTERS,
    every_workbook,
    filled_list,
    saved,
)


def told(path: Path) -> dict[str, tuple[Any, ...]]:
    """All that is read from a workbook, by register, but for the file's own digest."""
    book = look_through(path, needed=())
    assert not book.problems
    return {
        name: (
            one.rows, one.row_numbers, one.rejections, one.readings, one.asked, one.withdrawn,
            one.names, one.delivered,
        )
        for name, one in book.deliveries.items()
    }  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_a_filled_list_that_libreoffice_saved_reads_the_same(form: str, tmp_path: Path) -> None:
    """The files are made by `python -m tests.intake.libreoffice`; LibreOffice 7.4 made these."""
    made = tmp_path / "made.xlsx"
    made.write_bytes(filled_list(KEPT_REGISTERS, "zh"))
    kept = KEPT / f"libreoffice.{form}"
    assert load(kept).content != made.read_bytes()
    assert told(kept) == told(made)
    assert set(told(made)) == set(KEPT_REGISTERS)


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize("form", FORMATS)
def test_every_template_and_list_that_libreoffice_saves_reads_the_same(
    form: str, tmp_path: Path
) -> None:
    (tmp_path / "saved").mkdir()
    every_workbook(tmp_path)
    files = sorted(tmp_path.glob("*.xlsx"))
    saved(files, form, tmp_path / "saved")
    for path in files:
        found = told(path)
        assert set(found) == set(REGISTERS), path.name
        assert told(tmp_path / "saved" / f"{path.stem}.{form}") == found, path.name
