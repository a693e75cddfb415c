"""One cell: what was delivered, and the value that its column takes from it.

Rules: a value has one plain form (`180`, `2016-09-28` or `2016/9/28`, `是` or `yes`, a term's code
or label; in a workbook a number or a date of that type). Another form is taken where it has exactly
one reading, and then the value comes as `Read`, which says how; what has two is a problem that
names both, and what has none is a problem. An empty cell is None where the column may be empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from schemas.aliases import VALUES, plain_name, terms_read
from schemas.columns import JURISDICTION_PATTERN, ColumnSpec
from schemas.identity import IDENTITY
from schemas.text import Text, comma_separated
from schemas.vocabulary import Term
from tasks.intake import readings, reasons
from tasks.intake.characters import (
    AROUND,
    Problem,
    is_plain,
    problem,
    several,
    text_problem,
    usual_form,
)
from tasks.intake.days import (
    day_of_cell,
    day_of_number,
    plain_day,
    written_day,
    written_month,
)
from tasks.intake.refusal import nearest

YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}
YES = ("是", "yes", "true")
NO = ("否", "no", "false")
_YES_READ = frozenset(("√", "✓", "✔", "☑", "y", "1"))
_NO_READ = frozenset(("×", "✗", "✘", "☒", "n", "0"))
HINTS_PER_COLUMN = 200
_LONGEST_NUMBER = 15
_SIGNED = re.compile(r"([+-]?)([0-9]+)")
_DECIMAL = re.compile(r"([+-]?[0-9]+)\.([0-9]*)")
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_TEN_THOUSANDS = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,4}))? ?万.{0,4}")
_WITH_UNIT = re.compile(r"([0-9]{1,9}) ?([^\W\d_]{1,8})")
_CUT_OFF = re.compile(r"\s*[0-9](\.[0-9]+)?[Ee]\+[0-9]+\s*")
_LONG_CODE = re.compile(r"([0-9]{6})([0-9]{3})000")


@dataclass(frozen=True, slots=True)
class Formula:
    """A workbook's cell that holds a formula."""

    text: str


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A workbook's cell that holds an error such as #REF!."""

    text: str


Cell = str | float | bool | date | time | timedelta | Formula | ErrorValue
Value = str | int | bool | date | None


@dataclass(frozen=True, slots=True)
class Read:
    """A value whose cell was written in another form than the plain one, and how it was read."""

    value: Value
    how: Text


Parsed = Value | Read | Problem


def is_empty(cell: Cell) -> bool:
    """Whether a cell holds nothing, or blanks and nothing else."""
    return cell == "" or (isinstance(cell, str) and not cell.strip(AROUND))


def holds(cells: Iterable[Cell]) -> bool:
    """Whether a row holds something."""
    return not all(map(is_empty, cells))


def cut_off(cell: Cell) -> bool:
    """Whether a spreadsheet kept only the first digits of a number, as of an identity number.

    Saved as text such a number is `6.40302E+17`.
    """
    if isinstance(cell, str):
        return bool(_CUT_OFF.fullmatch(cell))
    return isinstance(cell, (int, float)) and abs(cell) >= 10**_LONGEST_NUMBER


def uncomputed(cell: Formula | ErrorValue) -> Problem:
    """Why nothing is taken of a formula or an error."""
    return problem(reasons.FORMULA if isinstance(cell, Formula) else reasons.ERROR_CELL)


def delivered_text(cell: Cell) -> str:
    """A cell as the person who delivered it would write it."""
    if isinstance(cell, (Formula, ErrorValue)):
        return cell.text
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}" if abs(cell) < 10**_LONGEST_NUMBER else f"{cell:g}"
    return str(cell)


def compared_text(cell: Cell) -> str:
    """A cell as it is compared with others: guards, blanks, widths and capitals do not count."""
    return plain_name(usual_form(delivered_text(cell), structured=True)[0])


def read_as(found: Parsed, how: Text) -> Parsed:
    """What was found by reading a cell so, as a reading; a problem stays one."""
    if isinstance(found, (Read, Problem)):
        return found
    return Read(found, how)


def _written_number(text: str, units: frozenset[str]) -> tuple[int, bool] | Problem:
    """The whole number in a text, without its bounds, and whether it is in its plain form.

    A number beyond all bounds is cut off; `units` are the column's units of measure.
    """
    signed = _SIGNED.fullmatch(text)
    if signed:
        digits = signed[2].lstrip("0") or "0"
        number = int(digits) if len(digits) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER
        return (-number if signed[1] == "-" else number), text == digits
    decimal = _DECIMAL.fullmatch(text)
    if decimal and decimal[2].strip("0"):
        return problem(reasons.NOT_WHOLE)
    unit = _WITH_UNIT.fullmatch(text)
    usual = (
        decimal[1]
        if decimal
        else text.replace(",", "")
        if _THOUSANDS.fullmatch(text)
        else unit[1]
        if unit and unit[2] in units
        else None
    )
    if usual is not None:
        found = _written_number(usual, units)
        return found if isinstance(found, Problem) else (found[0], False)
    many = _TEN_THOUSANDS.fullmatch(text)
    if many:
        digits = (many[1] + (many[2] or "").ljust(4, "0")).lstrip("0") or "0"
        return problem(reasons.NUMBER_UNIT, suggestion=digits)
    if unit:
        return problem(reasons.NUMBER_UNIT, suggestion=unit[1])
    return text_problem(text, structured=True) or problem(reasons.NOT_A_NUMBER)


class CellReader:
    """Takes the cells of one column.

    `typed` says that they come from a workbook, `since_1904` that it counts its days from 1904.
    """

    def __init__(self, spec: ColumnSpec, *, typed: bool, since_1904: bool = False) -> None:
        self.spec = spec
        self._typed = typed
        self._since_1904 = since_1904
        self._pattern = re.compile(spec.pattern) if spec.pattern else None
        self._codes = spec.pattern == JURISDICTION_PATTERN
        self._terms: dict[str, Term] = {}
        for term in spec.terms or ():
            self._terms |= dict.fromkeys((term.value, term.label.zh, term.label.en), term)
        self._allowed = comma_separated(term.label for term in spec.terms or ())
        self._short_names = VALUES.get(spec.column.zh, {})
        measure = spec.column.measure
        self._units = frozenset((measure.zh, measure.en) if measure else ())
        self._hints = 0
        self._empty = None if spec.nullable else problem(reasons.EMPTY_REQUIRED)
        self._known: dict[str, Parsed] = {"": self._empty}
        self._structured = True
        self._text: Callable[[str], Parsed]
        if spec.may_be_month:
            self._text = self._day_or_month
        elif spec.terms:
            self._text = self._term
            self._structured = False
        else:
            by_kind: dict[type, Callable[[str], Parsed]] = {
                str: self._id if self._pattern else self._free,
                int: self._number,
                bool: self._flag,
                date: self._date,
            }
            self._text = by_kind[spec.kind]
            self._structured = self._text != self._free

    def read(self, cell: Cell) -> Parsed:
        """The column's value, how it was read, or why there is none."""
        if type(cell) is str:
            known = self._known
            if cell in known:
                return known[cell]
            parsed = known[cell] = self._delivered(cell)
            return parsed
        return self._typed_cell(cell)

    def _delivered(self, text: str) -> Parsed:
        found = self._text(text)
        if not isinstance(found, Problem):
            return found
        usual, how = usual_form(text, structured=self._structured)
        if usual == text:
            return found
        if not usual:
            return self._empty if isinstance(self._empty, Problem) else Read(None, how)
        return read_as(self._text(usual), how)

    # Text

    def _id(self, text: str) -> Parsed:
        if self._pattern and self._pattern.fullmatch(text):
            return text
        long = _LONG_CODE.fullmatch(text) if self._codes else None
        if long:
            short = long[1] if long[2] == "000" else long[1] + long[2]
            if self._pattern and self._pattern.fullmatch(short):
                return Read(short, readings.LONG_CODE)
        if IDENTITY.fullmatch(text):
            return problem(reasons.IDENTITY_NUMBER)
        found = text_problem(text, structured=True)
        return found or problem(reasons.BAD_ID, help=self.spec.column.help)

    def _free(self, text: str) -> Parsed:
        if text in self._short_names:
            return Read(self._short_names[text], readings.SHORT_NAME)
        return text if is_plain(text) else text_problem(text, structured=False) or text

    def _term(self, text: str) -> Parsed:
        if text in self._terms:
            return self._terms[text]
        known = terms_read(self.spec.kind, text) if is_plain(text.strip()) else ()
        if len(known) == 1:
            return Read(known[0], readings.TERM)
        if known:
            return several(*(term.label for term in known))
        found = text_problem(text, structured=False)
        if found:
            return found
        self._hints += 1
        few = self._hints <= HINTS_PER_COLUMN
        return problem(
            reasons.UNKNOWN_TERM,
            hint=nearest(text, self._terms) if few else Text("", ""),
            allowed=self._allowed,
        )

    def _flag(self, text: str) -> Parsed:
        lower = text.lower()
        if lower in YES:
            return True
        if lower in NO:
            return False
        if lower in _YES_READ or lower in _NO_READ:
            return Read(lower in _YES_READ, readings.YES_NO)
        return text_problem(text, structured=True) or problem(reasons.NOT_YES_NO)

    def _number(self, text: str) -> Parsed:
        found = _written_number(text, self._units)
        if isinstance(found, Problem):
            return found
        number, plain = found
        bounded = self._bounded(number)
        return bounded if plain and not self._typed else read_as(bounded, readings.NUMBER_TEXT)

    def _bounded(self, number: int) -> int | Problem:
        low, high = self.spec.minimum, self.spec.maximum
        if low is not None and number < low:
            return problem(reasons.TOO_SMALL, minimum=low)
        if high is not None and number > high:
            return problem(reasons.TOO_BIG, maximum=high)
        return number

    def _date(self, text: str) -> Parsed:
        plain = None if self._typed else plain_day(text)
        if plain is not None:
            return plain
        return read_as(written_day(text, since_1904=self._since_1904), readings.DATE_TEXT)

    def _day_or_month(self, text: str) -> Parsed:
        plain = plain_day(text)
        if isinstance(plain, date) and (not self._typed or text == plain.isoformat()):
            return plain.isoformat()
        if plain is None and self._pattern and self._pattern.fullmatch(text):
            return text
        return self._partial(written_day(text, since_1904=self._since_1904), text)

    def _partial(self, found: date | Problem, text: str) -> Read | Problem:
        """A day as its text, or the month that stands in its place."""
        if isinstance(found, date):
            return Read(found.isoformat(), readings.DATE_TEXT)
        month = written_month(text) if found.reason is reasons.MONTH_ALONE else found
        return Read(month, readings.MONTH_TEXT) if isinstance(month, str) else month or found

    # A workbook's other cells

    def _typed_cell(self, cell: Cell) -> Parsed:
        if isinstance(cell, (Formula, ErrorValue)):
            return uncomputed(cell)
        if isinstance(cell, bool):
            return cell if self.spec.kind is bool else problem(reasons.FLAG_IN_OTHER)
        if isinstance(cell, (date, time, timedelta)):
            return self._clock_or_day(cell)
        return self._typed_number(float(cell))

    def _clock_or_day(self, cell: date | time | timedelta) -> Parsed:
        if self.spec.may_be_month:
            day = day_of_cell(cell)
            if isinstance(day, date) and day.day == 1:
                # A month is kept by spreadsheets as its first day.
                return several(f"{day}", f"{day:%Y-%m}")
            return day if isinstance(day, Problem) else day.isoformat()
        if self.spec.kind is not date:
            number = self.spec.kind is int
            wanted = Text("数字", "a number") if number else Text("文本", "text")
            return problem(reasons.DATE_IN_OTHER, format=wanted)
        return day_of_cell(cell)

    def _typed_number(self, number: float) -> Parsed:
        kind = self.spec.kind
        if kind is int:
            if not number.is_integer():
                return problem(reasons.NOT_WHOLE)
            return self._bounded(int(number))
        text = delivered_text(number)
        if kind is date or self.spec.may_be_month:
            day = day_of_number(number, text, since_1904=self._since_1904)
            if self.spec.may_be_month:
                return self._partial(day, text)
            return read_as(day, readings.DATE_NUMBER)
        if kind is bool:
            return self._flag(text)
        if self._pattern is None or cut_off(number):
            return problem(reasons.NUMBER_IN_TEXT)
        # As text it would be no better a code.
        return read_as(self._id(text), readings.CODE_NUMBER)
