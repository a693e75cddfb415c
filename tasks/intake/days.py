"""Days as people write them, and what to say of those that cannot be read.

Rules: a day has one reading or none: year, month and day in that order, with `-`, `/`, `.` or the
Chinese words between them, in digits or Chinese numerals, or eight digits; a time of midnight in
China says nothing more. Where day and month could change places, or the year has two digits, all
days that may be meant are named. A month is not its first day; 1968.1 may be October.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from tasks.intake import reasons
from tasks.intake.characters import Problem, problem, several, text_problem

FIRST_YEAR, LAST_YEAR = 1900, 2099
_SERIAL_ORIGIN = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
# Serial numbers of days of this and the last century; smaller ones may be years or counts.
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 73_050
PLAIN = re.compile(r"([0-9]{4})(?:-([0-9]{2})-([0-9]{2})|/([0-9]{1,2})/([0-9]{1,2}))")
_WRITTEN = re.compile(
    r"([0-9]{4}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})"
    r"|([0-9]{4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?[日号]?"
    r"|([0-9]{4})([0-9]{2})([0-9]{2})"
)
_CLOCK = re.compile(r"(?:T| +)([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}(?:\.0+)?))?(\+08:?00)?")
_MONTH = re.compile(
    r"([0-9]{4}) ?[-/.] ?([0-9]{1,2})|([0-9]{4}) ?年 ?([0-9]{1,2}) ?月份?|([0-9]{4})([0-9]{2})"
)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_SHORT_YEAR = re.compile(r"([0-9]{2})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_NUMERALS = re.compile(
    r"([〇零○一二三四五六七八九]{4})年(十[一二]?|[一二三四五六七八九])月"
    r"([二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"
)
_DIGIT = {**{c: n for n, c in enumerate("〇一二三四五六七八九")}, "零": 0, "○": 0}


def in_range(day: date) -> date | Problem:
    """A day of the years that a register may have."""
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    return problem(reasons.YEAR_RANGE, first=FIRST_YEAR, last=LAST_YEAR)


def _day(year: str | int, month: str | int, number: str | int) -> date | Problem:
    try:
        day = date(int(year), int(month), int(number))
    except ValueError:
        return problem(reasons.NO_SUCH_DAY)
    return in_range(day)


def plain_day(text: str) -> date | Problem | None:
    """A day in the plain form of a CSV; None for any other text."""
    exact = PLAIN.fullmatch(text)
    if not exact:
        return None
    year, *parts = (part for part in exact.groups() if part is not None)
    return _day(year, *parts)


def _numeral(text: str) -> int:
    """A Chinese numeral of a month or a day."""
    tens, ten, ones = text.rpartition("十")
    return (_DIGIT[tens] if tens else bool(ten)) * 10 + (_DIGIT[ones] if ones else 0)


def _in_numerals(text: str) -> date | Problem | None:
    found = _NUMERALS.fullmatch(text)
    if not found:
        return None
    year = "".join(str(_DIGIT[one]) for one in found[1])
    return _day(year, _numeral(found[2]), _numeral(found[3]))


def _possible(*days: tuple[str, str, str]) -> list[date]:
    found = {one for parts in days if isinstance(one := _day(*parts), date)}
    return sorted(found)


def _doubtful(text: str) -> Problem | None:
    """A text that means a day, but not which; or a month alone."""
    last = _YEAR_LAST.fullmatch(text)
    short = _SHORT_YEAR.fullmatch(text)
    days: list[date] = []
    if last:
        days = _possible((last[4], last[3], last[1]), (last[4], last[1], last[3]))
    elif short:
        first, _, second, third = short.groups()
        days = _possible(
            (f"20{first}", second, third),
            (f"19{first}", second, third),
            *((f"{age}{third:0>2}", second, first) for age in ("20", "19")),
        )
    if len(days) == 1:
        return problem(reasons.DATE_FORM, suggestion=days[0])
    if days:
        return several(*map(str, days))
    month = _MONTH.fullmatch(text)
    if month:
        year, number = (part for part in month.groups() if part is not None)
        if FIRST_YEAR <= int(year) <= LAST_YEAR and isinstance(_day(year, number, 1), date):
            return problem(reasons.MONTH_ALONE)
    return None


def written_day(text: str, *, since_1904: bool = False) -> date | Problem:
    """The day that a text means, in any form that has one reading."""
    clock = _CLOCK.search(text)
    if clock and clock.end() == len(text) and clock.start():
        day = written_day(text[: clock.start()])
        midnight = not int(clock[1]) and not int(clock[2]) and not float(clock[3] or 0)
        return day if midnight or isinstance(day, Problem) else problem(reasons.TIME_OF_DAY)
    written = _WRITTEN.fullmatch(text)
    if written:
        return _day(*(part for part in written.groups() if part and part not in "-/."))
    found = _in_numerals(text) or _doubtful(text)
    if found:
        return found
    serial = serial_day(int(text), since_1904=since_1904) if re.fullmatch(r"[0-9]{5}", text) else ""
    if serial:
        return problem(reasons.SERIAL_DATE, suggestion=serial)
    return text_problem(text, structured=True) or problem(reasons.NOT_A_DATE)


def written_month(text: str) -> str | Problem | None:
    """The month that a text means, such as `1968-03`; None where it means none."""
    month = _MONTH.fullmatch(text)
    if not month or _doubtful(text) is None:
        return None
    year, number = (part for part in month.groups() if part is not None)
    if re.fullmatch(r"[0-9]{4}\.1", text):
        # As a number, 1968.10 loses its zero.
        return several(f"{year}-01", f"{year}-10")
    return f"{year}-{int(number):02d}"


def serial_day(number: float, *, since_1904: bool) -> str:
    """The day that a spreadsheet's number stands for, or nothing."""
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return (_SERIAL_ORIGIN[since_1904] + timedelta(days=int(number))).isoformat()
    return ""


def day_of_number(number: float, text: str, *, since_1904: bool) -> date | Problem:
    """The day that a number in a workbook means: eight digits, or none."""
    suggestion = serial_day(number, since_1904=since_1904)
    if suggestion:
        return problem(reasons.SERIAL_DATE, suggestion=suggestion)
    return written_day(text) if number > 0 else problem(reasons.NOT_A_DATE)


def day_of_cell(cell: date | time | timedelta) -> date | Problem:
    """The day of a workbook's date; a time of day is none."""
    if not isinstance(cell, date):
        return problem(reasons.TIME_OF_DAY)
    if isinstance(cell, datetime):
        return in_range(cell.date()) if cell.time() == time() else problem(reasons.TIME_OF_DAY)
    return in_range(cell)
