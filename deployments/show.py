"""What a command found, shown as JSON or in a terminal: one result, and one place that prints it.

Rules: programs get one JSON value, people the same in words, a part at a time; an answer ends with
its exit code. What is printed is what Rich prints; it is loaded only where something needs it, and
asked only for the widths of a table's columns and for cells that are folded: to lay out thousands
of rows would take it seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, zip_longest
from math import inf
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from deployments.exits import DONE
from schemas.names import SIGNS
from schemas.vocabulary import OUTCOME_LABELS

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.segment import Segment
    from rich.table import Table as RichTable
    from rich.text import Text

COLOURS = {"open": "green", "waiting": "yellow", "blocked": "red", "not_reached": "dim",
           "forecast_complete": "dim", "forecast_incomplete": "dim"}  # fmt: skip


# What Rich takes a terminal for of which it learns nothing.
_NARROW = 80


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
        """As Rich lays it out: from the widest of each column alone, if each is one line."""
        from rich.segment import Segment

        if not self.rows:
            yield self._whole(())
            return
        columns = list(zip(*self.rows, strict=True))
        cells = {cell: _cell(console, cell) for cell in set(chain.from_iterable(columns))}
        widest = [max(column, key=lambda cell: cells[cell].width) for column in columns]
        *laid, below = console.render_lines(self._whole([widest]), options, pad=False)
        widths = _heading_widths(laid)
        if len(widths) < len(columns) or any(cell.width == inf for cell in cells.values()):
            yield self._whole(self.rows)
            return
        filled = [
            {cell: cells[cell].lines(console, options, width, whole=not index) for cell in column}
            for index, (width, column) in enumerate(zip(widths, map(set, columns), strict=True))
        ]
        height = max(len(lines[cell]) for lines, cell in zip(filled, widest, strict=True))
        for line in laid[:-height]:
            yield from (*line, Segment.line())
        blank = [Segment(" " * (width + 2)) for width in widths]
        for row in self.rows:
            shown = [lines[cell] for lines, cell in zip(filled, row, strict=True)]
            for parts in zip_longest(*shown):
                for part, space in zip(parts, blank, strict=True):
                    yield from part or (space,)
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
        elif text := _as_it_stands(part):
            print(text)  # noqa: T201
        else:
            to = to or console()
            if isinstance(part, Line):
                to.print(part.text, style=part.style, markup=False, emoji=False, soft_wrap=True)
            else:
                to.print(part)


def _as_it_stands(part: Part) -> str:
    """The text of a part in which Rich would change nothing, or nothing."""
    if isinstance(part, Line):
        return "" if part.style or not part.text.isprintable() else part.text
    if not isinstance(part, str) or not part.isprintable() or set("[:") & set(part):
        return ""
    return part if _width(part) <= min(_NARROW, get_terminal_size().columns) else ""


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


@dataclass(frozen=True, slots=True)
class _Cell:
    """What Rich prints of a cell, and its width: infinite where that is more than one line."""

    shown: Text
    width: float

    def lines(
        self, console: Console, options: ConsoleOptions, width: int, *, whole: bool
    ) -> list[tuple[Segment, ...]]:
        """Its lines in a column so wide, with the column's space; `whole`: of one that folds not.

        Rich is asked only where there are several.
        """
        from rich.segment import Segment

        space = Segment(" ")
        if self.width <= width:
            fill = Segment(" " * int(width - self.width + 1))
            return [(space, *self.shown.render(console), fill)]
        fitted = options.update(width=width, no_wrap=whole, overflow="fold", height=None)
        return [(space, *line, space) for line in console.render_lines(self.shown, fitted)]


def _cell(console: Console, cell: str) -> _Cell:
    """A cell, which is Rich's markup."""
    from rich.text import Text

    text = console.render_str(cell) if "[" in cell or ":" in cell else Text(cell)
    return _Cell(text, _width(text.plain) if text.plain.isprintable() else inf)
