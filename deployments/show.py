"""What a command found, told as JSON or in a terminal: one result, and one place that prints it.

Rules: programs get one JSON value, people the same in words, a part at a time; an answer ends with
its exit code. Rich is loaded only where words are printed that need it, and lays out a table cell
by cell only where one does not fit: thousands of rows would take seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from math import inf
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from deployments.exits import DONE
from schemas.names import SIGNS
from schemas.vocabulary import OUTCOME_LABELS

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.segment import Segment
    from rich.table import Table as RichTable

COLOURS = {"open": "green", "waiting": "yellow", "blocked": "red", "not_reached": "dim",
           "forecast_complete": "dim", "forecast_incomplete": "dim"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands: nothing in it is markup, and the terminal's edge does not break it."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows in columns, a line each and as long as it is; the first has the headings."""

    rows: Sequence[Sequence[str]]

    def lines(self) -> Iterator[str]:
        """The lines."""
        padded = []
        for column in zip(*self.rows, strict=True):
            widths = {cell: _width(cell) for cell in set(column)}
            widest = max(widths.values())
            filled = {cell: cell + " " * (widest - width) for cell, width in widths.items()}
            padded.append(map(filled.__getitem__, column))
        return ("  ".join(row).rstrip() for row in zip(*padded, strict=True))


@dataclass(frozen=True, slots=True)
class Table:
    """A table that folds long cells rather than cutting them; its cells are Rich's markup."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """As Rich lays it out: from the widest of each column alone, if those are not folded."""
        from rich.segment import Segment

        if not self.rows:
            yield self._whole(())
            return
        columns = list(zip(*self.rows, strict=True))
        cells = {cell: _cell(console, cell) for cell in set(chain.from_iterable(columns))}
        widest = [max(column, key=lambda cell: cells[cell][1]) for column in columns]
        *above, _, below = console.render_lines(self._whole([widest]), options, pad=False)
        widths = _heading_widths(above)
        if any(cells[cell][1] > width for cell, width in zip(widest, widths, strict=True)):
            yield self._whole(self.rows)
            return
        filled = []
        for column, width in zip(columns, widths, strict=True):
            spaces = {cell: " " * int(width - cells[cell][1] + 1) for cell in set(column)}
            filled.append(
                {
                    cell: (Segment(" "), *cells[cell][0], Segment(space))
                    for cell, space in spaces.items()
                }
            )
        for line in above:
            yield from (*line, Segment.line())
        for row in self.rows:
            for shown, cell in zip(filled, row, strict=True):
                yield from shown[cell]
            yield Segment.line()
        yield from (*below, Segment.line())

    def _whole(self, rows: Iterable[Sequence[str]]) -> RichTable:
        """The table as Rich's own."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table as RichTable

        made = RichTable(
            title=self.title,
            title_justify="left",
            header_style="bold",
            box=SIMPLE_HEAD,
            pad_edge=False,
            collapse_padding=True,
        )
        for index, heading in enumerate(self.headings):
            made.add_column(heading, overflow="fold", no_wrap=index == 0)
        for row in rows:
            made.add_row(*row)
        return made


# Of what is only text, Rich's markup is what it prints; it is wrapped at the terminal's width.
Part = str | Line | Columns | Table


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found: `value` as JSON, `parts` in words, and the exit code that says it."""

    value: Any
    parts: Iterable[Part]
    code: int = DONE

    def give(self, *, json: bool) -> int:
        """Print it on standard output, one way or the other; the exit code."""
        if json:
            import orjson

            print(orjson.dumps(self.value, option=orjson.OPT_INDENT_2).decode())  # noqa: T201
        else:
            show(self.parts)
        return self.code


def show(parts: Iterable[Part]) -> None:
    """Print the parts on standard output, in their order."""
    to: Console | None = None
    for part in parts:
        if isinstance(part, Columns):
            print(*part.lines(), sep="\n")  # noqa: T201
            continue
        to = to or console()
        if isinstance(part, Line):
            to.print(part.text, style=part.style, markup=False, soft_wrap=True)
        else:
            to.print(part)


def console() -> Console:
    """The terminal."""
    from rich.console import Console

    return Console(highlight=False)


def outcome(value: str) -> str:
    """An outcome with its colour."""
    return f"[{COLOURS[value]}]{OUTCOME_LABELS[value].render()}[/]"


def sign(value: str) -> str:
    """An outcome as one coloured sign, for boards."""
    return f"[{COLOURS[value]}]{SIGNS[value]}[/]"


def legend() -> str:
    """What the signs mean."""
    return "  ".join(f"{sign(name)} {label.render()}" for name, label in OUTCOME_LABELS.items())


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() and text.isprintable() else cell_len(text)


def _heading_widths(lines: Iterable[list[Segment]]) -> list[int]:
    """How wide the columns below the headings are: each heading, in bold, is filled up to there."""
    for line in lines:
        parts = groupby(line, key=lambda segment: bool(segment.style and segment.style.bold))
        found = [sum(one.cell_length for one in part) for bold, part in parts if bold]
        if found:
            # All but the last end with a space that is no part of the column.
            return [*(width - 1 for width in found[:-1]), found[-1]]
    return []


def _cell(console: Console, cell: str) -> tuple[list[Segment], float]:
    """What Rich prints of a cell, and its width: infinite where that is not one line."""
    from rich.segment import Segment

    if "[" in cell or ":" in cell:
        text = console.render_str(cell)
        return list(text.render(console)), _width(text.plain) if text.plain.isprintable() else inf
    return [Segment(cell)], _width(cell) if cell.isprintable() else inf
