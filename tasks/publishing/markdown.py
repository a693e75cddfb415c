"""A page of the UI, and how it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.text import Text

BOARD = Text("进度总表", "the board")
MISSING = Text("尚缺", "what is missing")
AWAITED = Text("待会签事项", "whose sign-offs are pending")
DUE = Text("期限", "deadlines")


@dataclass(frozen=True, slots=True)
class Page:
    """An artifact: its stable key, its Markdown, and one line that says what it is."""

    key: str
    content: str
    description: str


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first row is its heading."""
    lines = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    lines.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def link(shown: str, key: str) -> str:
    """A link to another page of ours."""
    return f"[{shown}](/artifacts/key/{key})"


def missing_key(stage: str) -> str:
    """The key of what a stage misses."""
    return f"missing-{stage}"


def page(key: str, parts: Sequence[str], title: Text) -> Page:
    """A page of several parts; `title` says what it is."""
    return Page(key, "\n\n".join(filter(None, parts)), title.render())
