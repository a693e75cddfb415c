"""What a column and a table of an export are.

Rules: a column with words for people stands twice where a file is for programs, as `…_zh` and
`…_en`, and once, in the reader's language, where it is for people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from schemas.text import LANGUAGES, Language, Text

Kind = Literal["text", "whole", "day", "moment"]
Cell = str | int | Text | None
Row = dict[str, Cell]

SUFFIXES = {"zh": Text("（中文）", " (Chinese)"), "en": Text("（英文）", " (English)")}


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `words` are shown in both languages, `target` is the table whose key it names."""

    name: str
    title: Text
    kind: Kind = "text"
    words: bool = False
    target: str = ""
    width: int = 14


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `key` makes a row the only one, `indexes` are what people look rows up by."""

    name: str
    title: Text
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    indexes: tuple[str, ...] = ()

    def flat(self) -> Iterator[tuple[str, Column, Language | None]]:
        """The columns as a file has them: name, column, language where it holds words."""
        for column in self.columns:
            if column.words:
                yield from ((f"{column.name}_{lang}", column, lang) for lang in LANGUAGES)
            else:
                yield column.name, column, None

    def headings(self, lang: Language) -> list[str]:
        """The headings of `flat` for people."""
        return [
            column.title.render(lang=lang) + (SUFFIXES[words].render(lang=lang) if words else "")
            for _, column, words in self.flat()
        ]

    def values(self, row: Row) -> list[str | int | None]:
        """A row's cells in the order of `flat`."""
        cells: list[str | int | None] = []
        for column in self.columns:
            cell = row.get(column.name)
            if column.words:
                both = cell if isinstance(cell, Text) else None
                cells += [both.zh, both.en] if both else [None, None]
            else:
                cells.append(cell.en if isinstance(cell, Text) else cell)
        return cells
