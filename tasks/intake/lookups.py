"""Looking up who or what is meant in people's sheets: the id of the row that fits.

Rules: a row is known by columns of its register (codes, words for them, and the names of what they
refer to) or by headings of the sheet from which the map takes it, such as a staff or an ID number;
everything that is given must fit. One row that fits is the answer; two are asked about and none is
guessed. What is delivered takes the place of what is on record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.aliases import plain_name, terms_read
from schemas.columns import ColumnSpec
from schemas.registers import Register
from schemas.text import comma_separated
from tasks.intake import reasons
from tasks.intake.cells import Cell, compared_text, delivered_text
from tasks.intake.characters import Problem, problem
from tasks.intake.headings import own_names
from tasks.intake.names import NAMED, RowOf, name_of

_FEW = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may be meant: what is known of it, and by plain heading what its sheet says."""

    id: str
    row: Mapping[str, object]
    beside: Mapping[str, Cell]


class LookUp:
    """Rows of one register, looked up by `keys`: columns of it, or headings of people's sheets."""

    def __init__(
        self,
        register: Register,
        keys: Sequence[str],
        candidates: Iterable[Candidate],
        row_of: RowOf,
    ) -> None:
        own = own_names(register.columns)
        self._register = register
        self._keys = [(key, register.column.get(own.get(plain_name(key), ""))) for key in keys]
        self._row_of = row_of
        self._first: dict[str, list[Candidate]] = {}
        for one in candidates:
            for name in self._known(one, *self._keys[0]):
                self._first.setdefault(name, []).append(one)

    def find(self, cells: Sequence[Cell]) -> str | Problem:
        """The id of the row that fits what is given, in the order of the keys."""
        wanted = [_wanted(spec, cell) for (_, spec), cell in zip(self._keys, cells, strict=True)]
        fitting = {
            one.id
            for name in wanted[0]
            for one in self._first.get(name, ())
            if all(
                self._known(one, key, spec) & names
                for (key, spec), names in zip(self._keys[1:], wanted[1:], strict=True)
            )
        }
        if len(fitting) == 1:
            return fitting.pop()
        title = self._register.title
        if not fitting:
            return problem(reasons.NOT_FOUND_IN, register=title)
        found = comma_separated(sorted(fitting)[:_FEW])
        return problem(reasons.SEVERAL_FOUND, register=title, found=found)

    def _known(self, one: Candidate, key: str, spec: ColumnSpec | None) -> set[str]:
        """What a row may be called by one of the keys."""
        if spec is None:
            return {compared_text(one.beside.get(plain_name(key), ""))} - {""}
        value = one.row.get(spec.name)
        if value is None:
            return set()
        names = {plain_name(_shown(value))}
        target = spec.column.references
        named = name_of(target, str(value), self._row_of) if target in NAMED else None
        return names | ({plain_name(named.zh), plain_name(named.en)} if named else set())


def _shown(value: object) -> str:
    return value.isoformat()[:10] if isinstance(value, date) else str(value)


def _wanted(spec: ColumnSpec | None, cell: Cell) -> set[str]:
    """What a cell may call it."""
    text = cell.isoformat()[:10] if isinstance(cell, date) else delivered_text(cell)
    names = {compared_text(text)} - {""}
    if spec is not None and spec.terms:
        names |= {plain_name(term.value) for term in terms_read(spec.terms, text)}
    return names


LookUpOf = Callable[[Register, Sequence[str]], LookUp]
