"""A document in blocks, whichever file it is written to: items, tables, notes, signature lines."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.text import Text

Said = Text | str | int | None
# Where the day of a signature is written.
DATED = Text("年      月      日", "date:")


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a part."""

    text: Text


@dataclass(frozen=True, slots=True)
class Items:
    """What is said once, each with its label; `ids`: digests and numbers of entries."""

    pairs: tuple[tuple[Text, Said], ...]
    ids: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption and what is said below it; numbers are set to the right."""

    caption: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[Said, ...], ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A line; a `grave` one cannot be overlooked."""

    text: Text
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that stand on one page where they fit on one."""

    blocks: tuple[Table | Note, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on: in what capacity, and who is expected to sign there."""

    lines: tuple[tuple[Text, str], ...]


Block = Heading | Items | Table | Note | Together | Signatures


@dataclass(frozen=True, slots=True)
class Document:
    """A document; `at` is the moment of the entry that it was made of."""

    title: Text
    subtitle: Text
    at: str
    blocks: tuple[Block, ...]


def said(value: Said, lang: str) -> str:
    """A value as it is printed."""
    if isinstance(value, Text):
        return value.zh if lang == "zh" else value.en
    return "" if value is None else str(value)
