"""From what closes gates to the rows that would settle it.

Rules: a finding asks for cells of rows that are on record, or for rows that are not; what its unit,
its subject, its arguments and the check's reads say of a row is filled in, and nothing is guessed.
A row that several findings ask for is asked for once. What people's sheets cannot settle (a check
that broke down, a signature, a hand-off) is not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.asks import Ask, asks_of
from schemas.columns import ColumnSpec
from schemas.findings import Argument, Finding
from schemas.policy import Pack, PackCheck
from schemas.registers import REGISTERS, Register
from schemas.rules.base import Among
from schemas.rules.catalogue import ARGUMENT_TERMS, BROKEN
from schemas.text import Text
from schemas.vocabulary import Stage, Status
from tasks.asklists.record import BY_ID, Record, Row, has_own_id
from tasks.intake.cells import Value

Values = tuple[Value, ...]
_HOMES = ("unit", "jurisdiction")
# Where nothing is on record to name, the row that is to be named is asked for too.
_NAMED_FIRST = frozenset({"talks", "nominations", "teams"})
# More rows than this are not laid out for one finding.
MOST_ROWS, MOST_CHOICES = 50, 60


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is asked for: the finding of a check, at a stage, and its legal basis."""

    stage: Stage
    finding: Finding
    basis: Text


@dataclass(slots=True)
class Wanted:
    """A row that is asked for: what is `known` of it, and the `columns` that are to be filled in.

    `stands`: it is on record and its wanted cells are to be corrected. `withdraws`: it may have to
    go. `place` is the jurisdiction where it is at home. Each column, and the withdrawal, has the
    reasons why; `choices` are ids on record of which one belongs there, `fresh` the id for a row
    that may be delivered to be named there instead.
    """

    register: str
    place: str
    known: Row
    stands: bool
    withdraws: bool = False
    columns: dict[str, list[Reason]] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fresh: dict[str, str] = field(default_factory=dict)

    @property
    def cells(self) -> int:
        """How many cells are to be filled in."""
        return len(self.columns) + self.withdraws

    def ask(self, other: Wanted, reason: Reason) -> None:
        """Ask for what `other` asks for too, for a reason."""
        self.withdraws |= other.withdraws
        self.choices |= other.choices
        self.fresh |= other.fresh
        columns = [self.columns.setdefault(name, []) for name in other.columns]
        for reasons in (self.reasons, *columns):
            if reason not in reasons:
                reasons.append(reason)


@dataclass(frozen=True, slots=True)
class _Referenced:
    """What a finding says of the rows that it is about: column → values.

    `named` stands in the subject, `behind` follows from what is on record of it; `terms` are other
    parts of the subject, `arguments` the finding's.
    """

    unit: str
    place: str
    named: Mapping[str, Values]
    behind: Mapping[str, Values]
    terms: Sequence[str]
    arguments: Mapping[str, Argument]


def wanted(
    record: Record, pack: Pack, closing: Iterable[tuple[Stage, str, Finding]]
) -> list[Wanted]:
    """The rows that would settle what closes gates: stage, unit and finding of each."""
    found: dict[tuple[object, ...], Wanted] = {}
    for stage, unit, finding in closing:
        entry = pack.check(finding.check)
        if entry is None or finding.reason in BROKEN:
            continue
        referenced = _referenced_by(record, unit, finding)
        reason = Reason(stage, finding, entry.basis)
        for ask in asks_of(finding.check, finding.reason, entry.rule.reads[0].register):
            missing = finding.status is Status.MISSING
            rows = _rows(record, entry, _named(ask, referenced), referenced, missing=missing)
            for ordinal, one in enumerate(rows):
                kept = found.setdefault(_identity(one, finding, ordinal), one)
                kept.ask(one, reason)
    return _without_consequences(found.values())


def _without_consequences(rows: Iterable[Wanted]) -> list[Wanted]:
    """The rows but for those about a row that may have to go: nobody needs them if it does."""
    every = list(rows)
    going = {
        (one.register, one.known[REGISTERS[one.register].key[0]])
        for one in every
        if one.withdraws and len(REGISTERS[one.register].key) == 1
    }
    return [
        one
        for one in every
        if not any(
            (target, one.known.get(column)) in going
            for column, target in REGISTERS[one.register].references.items()
        )
    ]


def _identity(one: Wanted, finding: Finding, ordinal: int) -> tuple[object, ...]:
    """What makes two askings one: the key, or else what is known and is asked for."""
    key = REGISTERS[one.register].key
    if all(one.known.get(name) is not None for name in key):
        return (one.register, *(one.known[name] for name in key))
    # Of people who are to be talked with twice, each check means a talk of its own kind.
    check = finding.check if one.register == "talk_participants" else ""
    return (one.register, tuple(sorted(one.known.items(), key=str)), check, ordinal)


def _named(ask: Ask, referenced: _Referenced) -> Ask:
    """An ask whose register is the one that the subject names."""
    if ask.register != "*":
        return ask
    name = next((one for one in referenced.terms if one in REGISTERS), "returns")
    return Ask(name, adds=True)


def _referenced_by(record: Record, unit: str, finding: Finding) -> _Referenced:
    named: dict[str, Values] = {}
    terms: list[str] = []
    for part in finding.subject.split("/"):
        column = record.column_of(part)
        if column:
            named[column] = (part,)
        else:
            terms.append(part)
    behind: dict[str, Values] = {}
    for column, (key,) in list(named.items()):
        row = record.row(BY_ID[column], str(key)) if column in BY_ID else None
        for other in ("candidate", "person", "post", "unit", "jurisdiction", "report"):
            if row and row.get(other) is not None and other not in named:
                behind.setdefault(other, (row[other],))
    candidate = named.get("candidate") or behind.get("candidate")
    if candidate:
        rows = record.rows("nominations", {"candidate": candidate})
        behind["nomination"] = tuple(row["nomination"] for row in rows)
        row = record.row("candidates", str(candidate[0]))
        if row:
            behind.setdefault("person", (row["person"],))
            behind.setdefault("post", (row["post"],))
    place = unit.partition("-")[0]
    return _Referenced(unit, place, named, behind, terms, finding.arguments)


def _accepts(spec: ColumnSpec, text: str) -> bool:
    if spec.terms:
        return text in set(spec.terms)
    if spec.kind is int:
        return text.isdecimal()
    return spec.kind is str and bool(re.fullmatch(spec.pattern or r"[a-z0-9-]+", text))


def _conditions(register: Register, referenced: _Referenced) -> dict[str, Values]:
    """Column → values of the rows that a finding is about, as its subject names them."""
    found = {name: values for name, values in referenced.named.items() if name in register.column}
    left = [name for name in register.key if name not in found]
    # Ids that are on record were recognised; what is left names none.
    plain = [name for name in left if name not in BY_ID and name not in register.references]
    for text in referenced.terms:
        column = next((name for name in plain if _accepts(register.column[name], text)), None)
        if column:
            left.remove(column)
            plain.remove(column)
            value: Value = int(text) if register.column[column].kind is int else text
            found[column] = (value,)
    for argument, value in referenced.arguments.items():
        term = ARGUMENT_TERMS.get(argument)
        column = next(
            (x for x in left if register.column[x].terms is term and (term or x == argument)), None
        )
        if column and value != "?":
            left.remove(column)
            found[column] = (value,)
    if "candidate" not in found:
        for column, values in referenced.behind.items():
            if column in register.column and column not in found and column not in _HOMES:
                found[column] = values
    if not found:
        home = "unit" if "unit" in register.column else "jurisdiction"
        if home in register.column:
            found[home] = (referenced.unit if home == "unit" else referenced.place,)
    return found


def _among(entry: PackCheck, register: str) -> dict[str, Values]:
    """Column → the values with which the check reads rows of a register, where all reads agree."""
    reads = [one for one in entry.reads if one.register == register]
    listed = [
        {one.column: one.values for one in read.rows if isinstance(one, Among)} for read in reads
    ]
    shared = set.intersection(*map(set, listed)) if listed else set()
    return {
        column: tuple(dict.fromkeys(value for one in listed for value in one[column]))
        for column in sorted(shared)
    }


def _looked_at(entry: PackCheck, register: Register) -> list[str]:
    """The columns that a check looks at in a register, but for the key and the home."""
    read = {name for one in entry.reads if one.register == register.name for name in one.columns}
    columns = [name for name in register.column if name not in register.key and name not in _HOMES]
    return [name for name in columns if name in read] or columns


def _rows(
    record: Record, entry: PackCheck, ask: Ask, referenced: _Referenced, *, missing: bool
) -> Iterator[Wanted]:
    register = REGISTERS[ask.register]
    conditions = _conditions(register, referenced)
    among = {
        column: values
        for column, values in _among(entry, register.name).items()
        if column not in ask.columns and column not in conditions
    }
    stand: list[Row] = []
    if not ask.adds:
        where = {**conditions, **among}
        if ask.where:
            where[ask.where[0]] = (ask.where[1] or None,)
        stand = list(record.rows(register.name, where))
    for row in stand[:MOST_ROWS]:
        place = record.place_of(register.name, row)
        one = Wanted(register.name, place, row, stands=True, withdraws=ask.withdraws)
        columns = list(ask.columns) or ([] if ask.withdraws else _looked_at(entry, register))
        if not ask.columns and missing:
            columns = [name for name in columns if row[name] is None] or columns
        one.columns |= {name: [] for name in columns}
        _offer(record, entry, one)
        yield one
    if not (stand or ask.withdraws or ask.where):
        known = {
            column: values[0]
            for column, values in {**among, **conditions}.items()
            if len(values) == 1
        }
        for ordinal in range(_number(ask, referenced)):
            yield from _new(record, entry, register, known, referenced, ordinal, ask.columns)


def _number(ask: Ask, referenced: _Referenced) -> int:
    if not ask.number:
        return 1
    most, have = (referenced.arguments.get(name) for name in ask.number)
    return min(max(int(str(most)) - int(str(have)), 0), MOST_ROWS)


def _new(
    record: Record,
    entry: PackCheck,
    register: Register,
    known: Row,
    referenced: _Referenced,
    ordinal: int = 0,
    asked: Iterable[str] = (),
) -> Iterator[Wanted]:
    """A row that is to be added, after the one that it has to name where there is none.

    `asked` are columns that are wanted of it though they may be empty.
    """
    filled: dict[str, Value] = dict(known)
    if "unit" in register.column:
        filled.setdefault("unit", referenced.unit)
    if "jurisdiction" in register.column:
        filled.setdefault("jurisdiction", referenced.place)
    for column in ("post", "person"):
        if column in register.column and len(referenced.behind.get(column, ())) == 1:
            filled.setdefault(column, referenced.behind[column][0])
    home = str(filled.get("unit") or filled.get("jurisdiction") or referenced.place)
    place = home.partition("-")[0]
    key = register.key[0]
    if has_own_id(register) and key not in filled:
        about = (*sorted(filled.items(), key=str), ordinal)
        filled[key] = record.free_id(register.name, place, about)
    for column, target in register.references.items():
        if column in filled or target not in _NAMED_FIRST:
            continue
        among = _among(entry, target)
        homes = set(record.above(place))
        if not any(record.place_of(target, row) in homes for row in record.rows(target, among)):
            single = {name: values[0] for name, values in among.items() if len(values) == 1}
            for one in _new(record, entry, REGISTERS[target], single, referenced):
                filled[column] = one.known[REGISTERS[target].key[0]]
                yield one
    looked = {*_looked_at(entry, register), *asked}
    one = Wanted(register.name, place, filled, stands=False)
    one.columns |= {
        spec.name: []
        for spec in register.columns
        if spec.name not in filled and (not spec.nullable or spec.name in looked)
    }
    _offer(record, entry, one)
    yield one


def _offer(record: Record, entry: PackCheck, one: Wanted) -> None:
    """Offer the ids of which one belongs into a wanted cell, where they are not too many."""
    references = REGISTERS[one.register].references
    for column in one.columns.keys() & references.keys():
        target = references[column]
        key, homes = REGISTERS[target].key[0], set(record.above(one.place))
        named = target in _NAMED_FIRST
        rows = record.rows(target, _among(entry, target) if named else {})
        ids = sorted(str(row[key]) for row in rows if record.place_of(target, row) in homes)
        if named and not one.stands:
            # Of many, the own place's; and one that may be held yet.
            own = [
                name
                for name in ids
                if record.place_of(target, record.row(target, name) or {}) == one.place
            ]
            ids = ids if len(ids) < MOST_CHOICES else own[1 - MOST_CHOICES :]
            one.fresh[column] = record.free_id(target, one.place, target)
            ids.append(one.fresh[column])
        if len(ids) <= MOST_CHOICES:
            one.choices[column] = tuple(ids)
