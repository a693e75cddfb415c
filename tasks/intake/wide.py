"""Wide sheets: one row a person or place, with columns by a term, such as the six reviews.

Rules: a term stands above the headings of its columns (档案必审 / 审核结果), in front of them in
one cell (档案必审审核结果), or alone above what is said of it. A sheet is wide where two terms of
a register's key do so, each once, and no column says which term a row is of. What is only alike is
not sure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rapidfuzz import fuzz, process

from schemas.aliases import plain_name, terms_read
from schemas.columns import ColumnSpec
from schemas.registers import Register
from schemas.vocabulary import Term
from tasks.intake.headings import columns_named
from tasks.intake.refusal import ALIKE

_FEW = 2
# In the place of a column that is unknown.
UNKNOWN = '"?"'
_Key = TypeVar("_Key")

# Whether everything below a heading, and something, can be read as a column's.
Reads = Callable[[ColumnSpec, int], bool]


@dataclass(frozen=True, slots=True)
class Group:
    """What stands under one term: column → position; whether that is sure."""

    column: str
    term: Term
    columns: Mapping[str, int]
    sure: bool


def groups_of(register: Register, headings: Sequence[str], reads: Reads) -> list[Group]:
    """The groups of a wide sheet, in its order; none where it is not plainly one."""
    named = columns_named(headings, register.columns)
    for key in register.key:
        spec = register.column[key]
        if spec.terms and key not in named:
            found = _groups(register, spec, spec.terms, headings, reads)
            if len(found) >= _FEW:
                return found
    return []


def _groups(
    register: Register,
    spec: ColumnSpec,
    kind: type[Term],
    headings: Sequence[str],
    reads: Reads,
) -> list[Group]:
    others = tuple(one for one in register.columns if one.name not in register.key)
    columns: dict[Term, dict[str, int]] = {}
    doubtful: set[Term] = set()
    for index, heading in enumerate(headings):
        found = _placed(kind, others, heading) or _alone(kind, others, index, heading, reads)
        if found is None:
            continue
        term, column, sure = found
        if column in columns.setdefault(term, {}):
            return []
        columns[term][column] = index
        doubtful |= set() if sure else {term}
    return [Group(spec.name, term, one, term not in doubtful) for term, one in columns.items()]


def _placed(
    kind: type[Term], specs: tuple[ColumnSpec, ...], heading: str
) -> tuple[Term, str, bool] | None:
    """The term and the column that a heading names, and whether both are sure."""
    labels = {one.name: one.column.zh for one in specs}
    for above, below in _parts(heading):
        terms, columns = terms_read(kind, above), columns_named([below], specs)
        if len(terms) == 1:
            column = next(iter(columns), None) or _alike(below, labels)
            return (terms[0], column, bool(columns)) if column else None
    above, mark, below = heading.rpartition("/")
    term = _alike(above, {one: one.label.zh for one in kind}) if mark else None
    column = _alike(below, labels)
    return (term, column, False) if term and column else None


def _parts(heading: str) -> Iterator[tuple[str, str]]:
    """What may stand above and below in a heading, the longest above first."""
    above, mark, below = heading.rpartition("/")
    if mark:
        yield above, below
    else:
        text = plain_name(heading)
        yield from ((text[:at], text[at:]) for at in range(len(text) - 1, 0, -1))


def _alone(
    kind: type[Term], specs: Sequence[ColumnSpec], index: int, heading: str, reads: Reads
) -> tuple[Term, str, bool] | None:
    """A term alone above a column; which that is, the cells below may show."""
    terms = terms_read(kind, heading)
    if len(terms) != 1:
        return None
    fixed = (one for one in specs if one.terms or one.kind is not str)
    fitting = [one.name for one in fixed if reads(one, index)]
    return terms[0], fitting[0] if len(fitting) == 1 else UNKNOWN, False


def _alike(text: str, labels: Mapping[_Key, str]) -> _Key | None:
    found = process.extractOne(text, labels, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return found[2] if found else None
