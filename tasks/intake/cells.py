"""One cell: what was delivered, and the value that its column takes from it.

Rules: nothing is converted silently. In a workbook a cell's type must be its column's; in a CSV
all is text, and a value has one plain form: `180`, `2016-09-28` or `2016/9/28`, `是` or `yes`, a
term's code or label. An empty cell is None where the column may be empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from schemas.columns import ColumnSpec
from schemas.text import Text
from schemas.vocabulary import Term
from tasks.intake import reasons
from tasks.intake.characters import Problem, is_plain, problem, text_problem
from tasks.intake.refusal import nearest

FIRST_YEAR, LAST_YEAR = 1900, 2099
YES = ("是", "yes", "true")
NO = ("否", "no", "false")
HINTS_PER_COLUMN = 200
_LONGEST_NUMBER = 15
_SERIAL_ORIGIN = date(1899, 12, 30)
_LAST_SERIAL = 73_050
_INT = re.compile(r"0|[1-9][0-9]{0,14}")
_SIGNED = re.compile(r"([+-]?)([0-9]+)")
_DECIMAL = re.compile(r"[+-]?([0-9]+)\.([0-9]*)")
_THOUSANDS = re.compile(r"[0-9]{1,3}([,，][0-9]{3})+")
_WITH_UNIT = re.compile(r"([0-9]{1,9}) ?[^\W\d_]{1,8}")
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})-([0-9]{2})|/([0-9]{1,2})/([0-9]{1,2}))")
_LIKE_A_DAY = re.compile(
    r"([0-9]{4}) ?[-/.年] ?([0-9]{1,2}) ?[-/.月] ?([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})"
)
_CLOCK = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?$")


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
Parsed = Value | Problem


def delivered_text(cell: Cell) -> str:
    """A cell as the person who delivered it would write it."""
    if isinstance(cell, (Formula, ErrorValue)):
        return cell.text
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}" if abs(cell) < 10**_LONGEST_NUMBER else f"{cell:g}"
    return str(cell)


def _serial_day(serial: float) -> str | None:
    if 1 <= serial <= _LAST_SERIAL:
        return (_SERIAL_ORIGIN + timedelta(days=int(serial))).isoformat()
    return None


def _number_for_day(number: float) -> Problem:
    """What to say of a number where a workbook's date is expected."""
    written = _written_day(delivered_text(number))
    suggestion = _serial_day(number)
    if isinstance(written, Problem) and written.reason is reasons.DATE_FORM:
        suggestion = str(written.arguments["suggestion"])
    if suggestion:
        return problem(reasons.SERIAL_DATE, suggestion=suggestion)
    return problem(reasons.NOT_A_DATE)


def _day(year: str, month: str, number: str) -> date | Problem:
    try:
        day = date(int(year), int(month), int(number))
    except ValueError:
        return problem(reasons.NO_SUCH_DAY)
    return _in_range(day)


def _in_range(day: date) -> date | Problem:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    return problem(reasons.YEAR_RANGE, first=FIRST_YEAR, last=LAST_YEAR)


def _written_day(text: str) -> date | Problem:
    """A date in a CSV."""
    exact = _DAY.fullmatch(text)
    if exact:
        year, *parts = (part for part in exact.groups() if part is not None)
        return _day(year, *parts)
    if _CLOCK.search(text) and _LIKE_A_DAY.match(text):
        return problem(reasons.TIME_OF_DAY)
    like = _LIKE_A_DAY.fullmatch(text)
    if like:
        year, *parts = (part for part in like.groups() if part is not None)
        day = _day(year, *parts)
        return day if isinstance(day, Problem) else problem(reasons.DATE_FORM, suggestion=day)
    serial = _serial_day(int(text)) if _INT.fullmatch(text) else None
    if serial:
        return problem(reasons.SERIAL_DATE, suggestion=serial)
    return text_problem(text, structured=True) or problem(reasons.NOT_A_DATE)


def _signed_number(text: str, sign: str, digits: str) -> int | Problem:
    """A whole number from its sign and its digits; a number beyond all bounds is cut off."""
    number = int(digits) if len(digits) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER
    if sign == "-" and number:
        return -number
    return number if text == digits else problem(reasons.NUMBER_FORM, suggestion=digits)


def _written_number(text: str) -> int | Problem:
    """A whole number in a CSV, without its bounds."""
    signed = _SIGNED.fullmatch(text)
    if signed:
        return _signed_number(text, signed[1], signed[2].lstrip("0") or "0")
    decimal = _DECIMAL.fullmatch(text)
    if decimal:
        if decimal[2].strip("0"):
            return problem(reasons.NOT_WHOLE)
        return problem(reasons.NUMBER_FORM, suggestion=text.partition(".")[0].lstrip("+"))
    if _THOUSANDS.fullmatch(text):
        plain = text.replace(",", "").replace("，", "")
        return problem(reasons.NUMBER_FORM, suggestion=plain)
    unit = _WITH_UNIT.fullmatch(text)
    if unit:
        return problem(reasons.NUMBER_UNIT, suggestion=unit[1])
    return text_problem(text, structured=True) or problem(reasons.NOT_A_NUMBER)


class CellReader:
    """Takes the cells of one column; `typed` says that they come from a workbook."""

    def __init__(self, spec: ColumnSpec, *, typed: bool) -> None:
        self.spec = spec
        self._typed = typed
        self._pattern = re.compile(spec.pattern) if spec.pattern else None
        self._terms: dict[str, Term] = {}
        for term in spec.terms or ():
            self._terms |= dict.fromkeys((term.value, term.label.zh, term.label.en), term)
        labels = [term.label for term in spec.terms or ()]
        self._allowed = Text(
            "、".join(label.zh for label in labels), ", ".join(label.en for label in labels)
        )
        self._hints = 0
        self._known: dict[str, Parsed] = {
            "": None if spec.nullable else problem(reasons.EMPTY_REQUIRED)
        }
        self._text: Callable[[str], Parsed]
        if spec.terms:
            self._text = self._term
        else:
            by_kind: dict[type, Callable[[str], Parsed]] = {
                str: self._id if self._pattern else self._free,
                int: self._number,
                bool: self._flag,
                date: self._date,
            }
            self._text = by_kind[spec.kind]

    def read(self, cell: Cell) -> Parsed:
        """The column's value, or why there is none."""
        if type(cell) is str:
            known = self._known
            if cell in known:
                return known[cell]
            parsed = known[cell] = self._text(cell)
            return parsed
        return self._typed_cell(cell)

    # Text

    def _id(self, text: str) -> Parsed:
        if self._pattern and self._pattern.fullmatch(text):
            return text
        found = text_problem(text, structured=True)
        return found or problem(reasons.BAD_ID, help=self.spec.column.help)

    def _free(self, text: str) -> Parsed:
        return text if is_plain(text) else text_problem(text, structured=False) or text

    def _term(self, text: str) -> Parsed:
        if text in self._terms:
            return self._terms[text]
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
        if text.lower() in YES:
            return True
        if text.lower() in NO:
            return False
        return text_problem(text, structured=True) or problem(reasons.NOT_YES_NO)

    def _number(self, text: str) -> Parsed:
        if self._typed:
            number_like = _SIGNED.fullmatch(text) or _DECIMAL.fullmatch(text)
            found = None if number_like else text_problem(text, structured=True)
            return found or problem(reasons.TEXT_IN_NUMBER)
        number = _written_number(text)
        return number if isinstance(number, Problem) else self._bounded(number)

    def _bounded(self, number: int) -> int | Problem:
        low, high = self.spec.minimum, self.spec.maximum
        if low is not None and number < low:
            return problem(reasons.TOO_SMALL, minimum=low)
        if high is not None and number > high:
            return problem(reasons.TOO_BIG, maximum=high)
        return number

    def _date(self, text: str) -> Parsed:
        day = _written_day(text)
        if self._typed and not isinstance(day, Problem):
            return problem(reasons.DATE_AS_TEXT)
        return day

    # A workbook's other cells

    def _typed_cell(self, cell: Cell) -> Parsed:
        if isinstance(cell, Formula):
            return problem(reasons.FORMULA)
        if isinstance(cell, ErrorValue):
            return problem(reasons.ERROR_CELL)
        if isinstance(cell, bool):
            return cell if self.spec.kind is bool else problem(reasons.FLAG_IN_OTHER)
        if isinstance(cell, (date, time, timedelta)):
            return self._clock_or_day(cell)
        return self._typed_number(float(cell))

    def _clock_or_day(self, cell: date | time | timedelta) -> Parsed:
        if self.spec.kind is not date:
            number = self.spec.kind is int
            wanted = Text("数字", "a number") if number else Text("文本", "text")
            return problem(reasons.DATE_IN_OTHER, format=wanted)
        if not isinstance(cell, date):
            return problem(reasons.TIME_OF_DAY)
        if isinstance(cell, datetime):
            return _in_range(cell.date()) if cell.time() == time() else problem(reasons.TIME_OF_DAY)
        return _in_range(cell)

    def _typed_number(self, number: float) -> Parsed:
        kind = self.spec.kind
        if kind is int:
            if not number.is_integer():
                return problem(reasons.NOT_WHOLE)
            return self._bounded(int(number))
        if kind is date:
            return _number_for_day(number)
        if kind is bool:
            return problem(reasons.NOT_YES_NO)
        return problem(reasons.NUMBER_IN_TEXT)
