"""Text for people, in Chinese and English side by side.

Rules: every text that a person reads exists in both languages; `TERMGATE_LANG` chooses (`zh` or
`en`), else the locale; whatever is not Chinese is English. A template names its arguments, and an
argument that is missing is an error, not a blank.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def language() -> Language:
    """The reader's language: `TERMGATE_LANG` first, then the locale's variables."""
    for name in ("TERMGATE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; `{name}` marks an argument of `render`."""

    zh: str
    en: str

    def render(
        self, arguments: Mapping[str, object] | None = None, lang: Language | None = None
    ) -> str:
        """The text in `lang` (default: the reader's language) with its arguments filled in."""
        template = self.zh if (lang or language()) == "zh" else self.en
        return template.format_map(arguments) if arguments else template


class Refusal(Exception):
    """Something that is refused, with a cause that people can act on in `text`, one line.

    `lines` has a line for each cause where there are several.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)

    @property
    def lines(self) -> Sequence[Text]:
        """What is told, a line for each cause."""
        return (self.text,)

    def __str__(self) -> str:
        return self.text.render()


class Unanswered(Refusal):
    """Something outside does not answer: nobody looked, so that nothing was found or is known."""
