"""How input that is not taken is reported: refused whole, or a rejected row.

Rules: one line in the reader's language with file (its name only), sheet, row, column, value, what
was expected and how to mend it; what somebody delivered is shown escaped and shortened, so that it
can neither break the line nor hide in it. A citizen's identity number is never shown whole.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.identity import masked
from schemas.text import Language, Refusal, Text, language
from tasks.intake import reasons

SHOWN_LENGTH = 60
NONE: Mapping[str, Text] = {}
# Names are alike from so many per cent on.
ALIKE = 50


def visible(value: str) -> str:
    r"""Text with what cannot be seen or printed written as `\u200b`."""
    if value.isprintable():
        return value
    return "".join(
        character
        if character == " " or unicodedata.category(character)[0] not in "CZ"
        else character.encode("unicode_escape").decode("ascii")
        for character in value
    )


def shown(value: str) -> str:
    """A delivered value as it may stand in a line: visible, short, without identity numbers."""
    text = visible(masked(value)[: SHOWN_LENGTH + 1])
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"


def render(text: Text, arguments: Mapping[str, object], lang: Language | None = None) -> str:
    """A text whose arguments may be texts themselves, in `lang` or the reader's language."""
    chosen = lang or language()
    filled = {
        name: value.render(lang=chosen) if isinstance(value, Text) else value
        for name, value in arguments.items()
    }
    return text.render(filled, chosen)


def fixed(text: Text, **arguments: object) -> Text:
    """A text with its arguments filled in, in both languages."""
    return Text(render(text, arguments, "zh"), render(text, arguments, "en"))


def nearest(value: str, names: Iterable[str], called: Mapping[str, Text] = NONE) -> Text:
    """The hint at the name nearest to `value`, as it is `called`, or an empty text."""
    # Loaded where something is refused: most runs refuse nothing.
    from rapidfuzz import fuzz, process

    given = value[:SHOWN_LENGTH]
    found = process.extractOne(given, list(names), scorer=fuzz.ratio, score_cutoff=ALIKE)
    name = called.get(found[0], found[0]) if found else ""
    return fixed(reasons.NEAREST, nearest=name) if name else Text("", "")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input something stands."""

    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""

    def render(self, lang: Language | None = None) -> str:
        """The place in words; parts that are not known are left out."""
        chosen = lang or language()
        parts = [shown(self.file)] if self.file else []
        if self.sheet:
            parts.append(reasons.SHEET.render({"sheet": shown(self.sheet)}, chosen))
        if self.row:
            parts.append(reasons.ROW.render({"row": self.row}, chosen))
        if self.column:
            parts.append(reasons.COLUMN.render({"column": shown(self.column)}, chosen))
        if self.value:
            parts.append(reasons.VALUE.render({"value": shown(self.value)}, chosen))
        return ("，" if chosen == "zh" else ", ").join(parts)


class Refused(Refusal):
    """Input that is refused whole; nothing of it was taken. `also` is what else is wrong."""

    also: tuple[Refused, ...] = ()

    def __init__(self, reason: Text, place: Place | None = None, **arguments: object) -> None:
        self.reason = reason
        self.place = place or Place()
        self.arguments = arguments
        super().__init__(Text(self.render("zh"), self.render("en")))

    def render(self, lang: Language | None = None) -> str:
        """One line: the place and the reason."""
        where = self.place.render(lang)
        why = render(self.reason, self.arguments, lang)
        if not where:
            return why
        return where + ("：" if (lang or language()) == "zh" else ": ") + why

    @property
    def every(self) -> tuple[Refused, ...]:
        """This problem and the others of the same input, one after the other."""
        return (self, *self.also)

    @property
    def lines(self) -> Sequence[Text]:
        """A line for each problem."""
        return [one.text for one in self.every]


def together(problems: Sequence[Refused]) -> Refused:
    """The first of several problems, with the others beside it."""
    first, *others = (one for problem in problems for one in problem.every)
    first.also = tuple(others)
    return first


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a row is rejected; a row may have several.

    `sheet` is the sheet's or CSV file's name and `column` the heading, both as delivered; `row` is
    the number that the spreadsheet shows. `column` is empty where the row as a whole is meant.
    `at` are the positions of the cells that are meant. `cause` is the register and the row without
    which this row would stand (row 0: the whole register could not be read). `number` is the row's
    number in the delivery where that is not the number that the spreadsheet shows.
    """

    register: str
    sheet: str
    row: int
    column: str
    value: str
    reason: Text
    arguments: Mapping[str, object] = field(default_factory=dict)
    at: tuple[int, ...] = ()
    cause: tuple[str, int] | None = None
    number: int | None = None

    @property
    def of_row(self) -> int:
        """The number of the row in its delivery."""
        return self.row if self.number is None else self.number

    def why(self, lang: Language | None = None) -> str:
        """The reason in words."""
        return render(self.reason, self.arguments, lang)

    def render(self, lang: Language | None = None) -> str:
        """One line: the place and the reason."""
        place = Place(sheet=self.sheet, row=self.row, column=self.column, value=self.value)
        mark = "：" if (lang or language()) == "zh" else ": "
        return place.render(lang) + mark + self.why(lang)
