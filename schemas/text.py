"""Text for people, in Chinese and English side by side.

Rules: every text that a person reads exists in both languages; a page's reader chooses, else
`TERMGATE_LANG` (`zh` or `en`), else the locale; whatever is not Chinese is English. A template
names its arguments, and an argument that is missing is an error, not a blank.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_CHOICE = re.compile(r"\{\w+:[^{}|]*\|([^{}]*)\}")


# The reader's language, where one process answers several readers.
_READER: ContextVar[Language | None] = ContextVar("reader", default=None)


@contextmanager
def reading_in(lang: Language) -> Iterator[None]:
    """Everything that is rendered inside is for a reader of this language."""
    before = _READER.set(lang)
    try:
        yield
    finally:
        _READER.reset(before)


def language() -> Language:
    """The reader's language: theirs, then `TERMGATE_LANG`, then the locale's variables."""
    if reader := _READER.get():
        return reader
    for name in ("TERMGATE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


@dataclass(frozen=True, slots=True)
class _Argument:
    """An argument of a text, which may be the number that chooses a word."""

    value: object

    def __format__(self, spec: str) -> str:
        one, choice, many = spec.partition("|")
        if not choice:
            return format(self.value, spec)
        return one if str(self.value) == "1" else many


def plural(count: int, one: str, many: str = "") -> str:
    """English: `1 row`, `2 rows`; `many` where the plural has more than an s."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; `{name}` marks an argument of `render`.

    `{name:one|many}` is the word that agrees with the number given as that argument; in a template
    that is shown as it is, the second.
    """

    zh: str
    en: str

    def render(
        self, arguments: Mapping[str, object] | None = None, lang: Language | None = None
    ) -> str:
        """The text in `lang` (default: the reader's language) with its arguments filled in."""
        template = self.zh if (lang or language()) == "zh" else self.en
        if not arguments:
            return _CHOICE.sub(r"\1", template) if "|" in template else template
        return template.format_map({name: _Argument(value) for name, value in arguments.items()})


def stated(*parts: str, lang: Language | None = None) -> str:
    """What something is, and what is said of it, with the colon of the reader's language."""
    return Text("：", ": ").render(lang=lang).join(parts)


def clauses(*parts: str, lang: Language | None = None) -> str:
    """Things said one after the other, with the semicolon of the reader's language."""
    return Text("；", "; ").render(lang=lang).join(filter(None, parts))


def comma_separated(texts: Iterable[Text | str]) -> Text:
    """Texts one after the other, with the comma of each language between them."""
    found = [one if isinstance(one, Text) else Text(one, one) for one in texts]
    return Text("、".join(one.zh for one in found), ", ".join(one.en for one in found))


class Refusal(Exception):
    """Something that is refused, with a cause that people can act on in `text`, one line.

    `lines` has a line for each cause where there are several.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)

    @property
    def lines(self) -> Sequence[Text]:
        """What is printed, a line for each cause."""
        return (self.text,)

    def __str__(self) -> str:
        return self.text.render()


class Unanswered(Refusal):
    """Something outside does not answer: nobody looked, so that nothing was found or is known."""
