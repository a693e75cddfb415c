"""Showing things in a terminal or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from schemas.names import SIGNS
from schemas.vocabulary import OUTCOME_LABELS

COLOURS = {"open": "green", "waiting": "yellow", "blocked": "red", "not_reached": "dim"}


def console() -> Console:
    """The terminal."""
    return Console(highlight=False)


def as_json(value: Any) -> None:
    """JSON to standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=2))  # noqa: T201


def outcome(value: str) -> str:
    """An outcome with its colour."""
    return f"[{COLOURS[value]}]{OUTCOME_LABELS[value].render()}[/]"


def sign(value: str) -> str:
    """An outcome as one coloured sign, for boards."""
    return f"[{COLOURS[value]}]{SIGNS[value]}[/]"


def legend() -> str:
    """What the signs mean."""
    return "  ".join(f"{sign(name)} {label.render()}" for name, label in OUTCOME_LABELS.items())


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], title: str | None = None
) -> Table:
    """A table that folds long cells rather than cutting them."""
    made = Table(
        title=title,
        title_justify="left",
        header_style="bold",
        box=SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    for index, heading in enumerate(headings):
        made.add_column(heading, overflow="fold", no_wrap=index == 0)
    for row in rows:
        made.add_row(*row)
    return made


def columns(rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns, a line each; a table of thousands would take seconds to lay out."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        print("  ".join(cells).rstrip())  # noqa: T201
