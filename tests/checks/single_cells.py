"""Single errors in the count sheets of ten contests: what is typed, read by intake, and checked.

Rules: an error is of one cell or one row of one sheet; the sheets are written as people have them
and read by the real intake, and what intake takes goes before the real checks of the result. An
error that leaves the sheet as it was is none.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from schemas.columns import ColumnSpec
from schemas.decisions import CLOSING
from schemas.facts import facts_of
from schemas.policy import PackCheck
from schemas.registers import REGISTERS, behind
from schemas.rules.base import registers_of
from schemas.tables import Tables, frame_of
from schemas.text import Text
from schemas.vocabulary import Term
from tasks.gate.evaluation import run_check
from tasks.intake.reading import read_register
from tasks.intake.sets import check_set
from tests.law.base import Row, Rows, Setting, pack_of
from tests.law.cases import Case, Run, rows_of, setting_of

SHEETS = ("ballots", "tallies", "halls", "hall_tallies")
CHECKS = ("result.papers", "result.counts", "result.halls", "result.winners",
          "result.further-vote", "result.quorum", "result.scrutineers")  # fmt: skip
ERRORS = ("+1", "-1", "x10", "digit-dropped", "swapped-right", "swapped-below")
ROW_ERRORS = ("row-dropped", "row-doubled")
_ONLY: dict[str, tuple[str, ...]] = {
    "congress": ("chair", "vice-chair", "secretary-general", "member", "court-president",
                 "chief-procurator", "supervision-director"),
    "government": ("head", "deputy-head"),
    "cppcc": ("chair", "vice-chair", "secretary-general", "member"),
}  # fmt: skip


def _contest(name: str, pack: str, unit: str, post: str, seats: int, **given: Any) -> Case:
    """A lawful contest for one post alone."""
    others = {kind: 0 for kind in _ONLY[unit.split()[1]] if kind != post}
    base = {"seats": {**others, post: seats}}
    return Case(
        name, True, {"packs": [pack], "unit": unit, "stage": "result", "base": base, **given}
    )


def _halves(candidate: str, first: Sequence[int], second: Sequence[int]) -> list[Row]:
    marks = ("in_favour", "against", "abstained")
    return [
        {"post": "chair", "round": 1, "hall": hall, "candidate": candidate, "role": role,
         **dict(zip(marks, counted, strict=True))}
        for hall, counted in (("h-1", first), ("h-2", second))
        for role in ("first", "second")
    ]  # fmt: skip


def _hall(hall: str, *papers: int) -> Row:
    names = ("issued", "returned", "not_returned", "valid", "void")
    return {"post": "chair", "round": 1, "hall": hall, **dict(zip(names, papers, strict=True))}


def _vote(post: str, votes: dict[str, Any], elected: list[str], **more: Any) -> dict[str, Any]:
    return {"post": post, "for": votes, "elected": elected, **more}


CONTESTS = (
    _contest("city-vice-chairs", "cn-2016", "city congress", "vice-chair", 3),
    _contest("county-members", "cn-2016", "county congress", "member", 12),
    _contest("county-deputy-heads", "cn-2016", "county government", "deputy-head", 5),
    _contest("township-chair", "cn-2016", "township congress", "chair", 1),
    _contest("county-cppcc", "cn-2016", "county cppcc", "vice-chair", 4),
    _contest(
        "papers-to-the-last", "cn-2026", "township government", "head", 1,
        votes=[_vote("head", {"c-head-1": [44, 4, 2]}, ["c-head-1"],
                     present=52, printed=58, unused=5, spoiled=1)],
    ),
    _contest(
        "two-halls", "cn-2026", "county congress", "chair", 1,
        votes=[_vote("chair", {"c-chair-1": [152, 13, 7]}, ["c-chair-1"])],
        put={
            "halls": [_hall("h-1", 100, 100, 0, 99, 1), _hall("h-2", 74, 73, 1, 73, 0)],
            "hall_tallies": _halves("c-chair-1", (88, 7, 4), (64, 6, 3)),
        },
    ),
    _contest(
        "written-in", "cn-2026", "county government", "head", 1,
        nominees=[{"candidate": "c-written", "post": "head", "status": "write-in"}],
        votes=[_vote("head", {"c-head-1": [141, 21, 10], "c-written": [9, 0, 0]}, ["c-head-1"])],
    ),
    _contest(
        "unreadable-marks", "cn-2026", "city government", "deputy-head", 2,
        votes=[_vote("deputy-head", {
            "c-deputy-head-1": [231, 30, 18, 3], "c-deputy-head-2": [216, 41, 24, 1],
            "c-deputy-head-3": [38, 211, 31, 2]}, ["c-deputy-head-1", "c-deputy-head-2"])],
    ),
    _contest(
        "void-and-repeated", "cn-2026", "township congress", "vice-chair", 1,
        votes=[
            _vote("vice-chair", {}, [], issued=52, returned=53, not_returned=0, annulled=True),
            _vote("vice-chair", {"c-vice-chair-1": [36, 9, 5], "c-vice-chair-2": [13, 31, 6]},
                  ["c-vice-chair-1"], round=2, kind="first-vote"),
        ],
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Error:
    """One error: the contest, the sheet, its row (from 0), the column (none: the row), the kind."""

    contest: str
    sheet: str
    row: int
    column: str
    kind: str


@dataclass(frozen=True)
class Class:
    """Errors that no identity shows, and why."""

    name: str
    why: Text
    belongs: Callable[[Error, Row], bool]


# Each with its row as it was before the error.
UNSEEN = (
    Class(
        "attendance",
        Text(
            "出席人数只有上下限（不少于发出，不多于全体，够法定人数），没有应当相等的数",
            "attendance has bounds (no fewer than papers issued, no more than all members, the "
            "quorum) and nothing that it must equal",
        ),
        lambda error, _: (error.sheet, error.column) == ("ballots", "present"),
    ),
    Class(
        "exchanged-in-one-sum",
        Text(
            "未发出与换发作废互换：只在一个和里出现，和不变",
            "papers not issued and papers replaced, exchanged: they stand in one sum alone, which "
            "stays the same",
        ),
        lambda error, _: (error.column, error.kind) == ("unused", "swapped-right"),
    ),
    Class(
        "void-vote",
        Text(
            "宣布无效的投票：票数不再核对，只须看得出为何无效；数字改得连无效的理由也没有了才会发现",
            "a vote that was declared void: its numbers are not held against each other, they only "
            "have to show why it is void, and what takes that away is found",
        ),
        lambda error, row: error.sheet == "ballots" and row["annulled"] is True,
    ),
    Class(
        "empty-is-none",
        Text(
            "“无法辨认”的0变成空白：空白就是没有，意思未变",
            "“unreadable” 0 becomes empty: empty means none, so that nothing changed",
        ),
        lambda error, row: error.column == "unclear" and row["unclear"] == 0,
    ),
)


def classes_of(error: Error, row: Row) -> list[str]:
    """The classes that an error belongs to."""
    return [one.name for one in UNSEEN if one.belongs(error, row)]


@dataclass(frozen=True)
class Variant(Run):
    """A contest of which one sheet is otherwise."""

    given: Rows

    @cached_property
    def rows(self) -> Rows:
        """The rows under ids that no other variant has."""
        return {name: [self._own(name, row) for row in table] for name, table in self.given.items()}


def setting(contest: Case) -> Setting:
    """The setting of a contest."""
    return setting_of(contest, contest.packs[0])


@cache
def checks_of(pack: str) -> tuple[PackCheck, ...]:
    """The checks that a count sheet goes before."""
    found = tuple(pack_of(pack).check(code) for code in CHECKS)
    return tuple(one for one in found if one is not None)


def lawful(contest: Case) -> Rows:
    """The rows of a contest as they are, of the registers that the checks look at."""
    return _lawful(contest.id)


@cache
def _lawful(name: str) -> Rows:
    contest = next(one for one in CONTESTS if one.id == name)
    checks = checks_of(setting(contest).pack)
    wanted = behind(registers_of(read for one in checks for read in one.reads)) | {"roster"}
    rows = rows_of(contest, setting(contest))
    return {
        name: [{column: row.get(column) for column in REGISTERS[name].column} for row in table]
        for name, table in rows.items()
        if name in wanted
    }


def numbers_of(sheet: str) -> list[str]:
    """The columns of a count sheet that have numbers, in their order."""
    return [spec.name for spec in REGISTERS[sheet].columns if spec.kind is int]


def _changed(number: int, kind: str) -> int | str | None:
    plain = str(number)
    match kind:
        case "+1":
            return number + 1
        case "-1":
            return number - 1
        case "x10":
            return number * 10
        case _:
            return plain[:-1] or None


def spoiled(table: Sequence[Row], error: Error) -> list[Row]:
    """The rows of a sheet with one error."""
    rows = [dict(row) for row in table]
    at, column = error.row, error.column
    if error.kind == "row-dropped":
        return [*rows[:at], *rows[at + 1 :]]
    if error.kind == "row-doubled":
        return [*rows[: at + 1], dict(rows[at]), *rows[at + 1 :]]
    if error.kind == "swapped-right":
        names = numbers_of(error.sheet)
        other = names[names.index(column) + 1]
        rows[at][column], rows[at][other] = rows[at][other], rows[at][column]
    elif error.kind == "swapped-below":
        rows[at][column], rows[at + 1][column] = rows[at + 1][column], rows[at][column]
    else:
        number = rows[at][column]
        rows[at][column] = _changed(int(number), error.kind) if isinstance(number, int) else number
    return rows


def errors(contest: Case) -> Iterator[Error]:
    """Every single error of a contest's count sheets."""
    for sheet in SHEETS:
        table = lawful(contest).get(sheet, [])
        names = numbers_of(sheet)
        for at in range(len(table)):
            cells = [Error(contest.id, sheet, at, name, kind) for name in names for kind in ERRORS]
            rows = [Error(contest.id, sheet, at, "", kind) for kind in ROW_ERRORS]
            for one in (*cells, *rows):
                if one.kind == "swapped-right" and one.column == names[-1]:
                    continue
                if one.kind == "swapped-below" and at == len(table) - 1:
                    continue
                if spoiled(table, one) != list(table):
                    yield one


# Sheets as people have them


def _cell(spec: ColumnSpec, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if spec.terms:
        terms: type[Term] = spec.terms
        return terms(str(value)).label.zh
    return value.isoformat() if isinstance(value, date) else str(value)


def write(sheet: str, rows: Iterable[Row], folder: Path) -> Path:
    """A sheet as CSV under its Chinese headings."""
    path = folder / f"{sheet}.csv"
    columns = REGISTERS[sheet].columns
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(spec.column.zh for spec in columns)
        writer.writerows([_cell(spec, row.get(spec.name)) for spec in columns] for row in rows)
    return path


def taken(sheet: str, rows: Iterable[Row], given: Rows, folder: Path) -> list[Row] | None:
    """What intake takes of a sheet; none where it rejects a row of it."""
    delivery = read_register(sheet, write(sheet, rows, folder))
    checked = check_set({sheet: delivery}, lambda name: _keys(name, given))[sheet]
    if checked.rejections:
        return None
    return [dict(row) for row in checked.rows]


def _keys(register: str, given: Rows) -> set[str]:
    """What stands in a register already, by its key."""
    key = REGISTERS[register].key[0]
    return {str(row[key]) for row in given.get(register, [])}


# Whether they are caught


def uncaught(contest: Case, folder: Path, chosen: Iterable[Error]) -> list[Error]:
    """Of some errors those that neither intake rejects nor a check closes the gate for."""
    rows = lawful(contest)
    left: dict[int, Error] = {}
    variants: list[Variant] = []
    for number, error in enumerate(chosen, start=1000):
        table = taken(error.sheet, spoiled(rows[error.sheet], error), rows, folder)
        if table is None:
            continue
        left[number] = error
        variants.append(Variant(contest, setting(contest), number, {**rows, error.sheet: table}))
    caught = closed(variants)
    return [error for number, error in left.items() if number not in caught]


def closed(variants: Sequence[Variant]) -> set[int]:
    """The numbers of the variants for which a check closes the gate."""
    if not variants:
        return set()
    pack, on = variants[0].setting.pack, variants[0].setting.on
    tables = Tables(
        lambda name, _: frame_of(name, [row for one in variants for row in one.rows.get(name, [])])
    )
    facts = facts_of(tables, on).within(one.unit for one in variants)
    numbers = {one.unit: one.number for one in variants}
    return {
        numbers[unit]
        for check in checks_of(pack)
        for unit, told in run_check(check, facts).items()
        if told.statuses & CLOSING
    }
