"""What a rule is, apart from the code that checks it.

Rules: a rule has a stable code, a title, what it reads, parameters with bounds, and a text for
every reason that it can give; its legal basis stands in each pack, in the numbering of its time.
What it reads is said to the cell: registers, their columns, which rows, and how far; a check is
given exactly that, and it is what officers sign for. Parameters have no defaults: the policy pack
says each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from schemas.text import Text
from schemas.vocabulary import Body, Level, Organ, Stage

if TYPE_CHECKING:
    from schemas.rules.parameters import Parameters


class Reach(StrEnum):
    """Whose rows of a register are evidence for a unit.

    `OWN`: rows of the unit and of its jurisdiction. `PLACE`: rows at home in its jurisdiction,
    those of its other units too. `ANCESTORS`: rows at home in its jurisdiction or any above.
    `SUBTREE`: rows at home in its jurisdiction or any below. `EVERYWHERE`: rows wherever they are
    at home, where other rows name them.
    """

    OWN = "own"
    PLACE = "place"
    ANCESTORS = "ancestors"
    SUBTREE = "subtree"
    EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Among:
    """Rows of which the cell of `column` is one of `values`, or of the rule's `parameters`."""

    column: str
    values: tuple[str | bool, ...]
    parameters: tuple[str, ...] = ()

    @property
    def form(self) -> str:
        """The condition in one word, as evidence digests name it."""
        values = [str(one).lower() if isinstance(one, bool) else one for one in self.values]
        values = sorted([*values, *(f"{{{name}}}" for name in self.parameters)])
        return f"[{self.column}={'|'.join(values)}]"


@dataclass(frozen=True, slots=True)
class NamedBy:
    """Rows of which the cell of `column` stands in a column of rows that other reads select."""

    column: str
    by: tuple[tuple[Read, str], ...]

    @property
    def form(self) -> str:
        """The condition in one word, as evidence digests name it."""
        named = sorted(f"{read.form}.{column}" for read, column in self.by)
        return f"[{self.column}<{'|'.join(named)}]"


@dataclass(frozen=True)
class Read:
    """What a check reads: `columns` of the rows of a register for which all conditions hold.

    Only units of `levels` and `bodies` have rows by it, where those are named. The check finds it
    under `alias`, else under the register's name; reads of one name are one table.
    """

    register: str
    columns: tuple[str, ...]
    rows: tuple[Among | NamedBy, ...] = ()
    reach: Reach = Reach.OWN
    levels: tuple[Level, ...] = ()
    bodies: tuple[Body, ...] = ()
    alias: str = ""

    @property
    def name(self) -> str:
        """The table as which a check sees it."""
        return self.alias or self.register

    def __hash__(self) -> int:
        """Worked out once: reads are what answers are kept by, and each may name others."""
        return self._hashed

    @cached_property
    def _hashed(self) -> int:
        rows = (self.register, self.columns, self.rows, self.reach)
        return hash((*rows, self.levels, self.bodies, self.alias))

    @cached_property
    def selection(self) -> Read:
        """The same rows, whichever of their columns are looked at."""
        rows = tuple(
            NamedBy(one.column, tuple((source.selection, column) for source, column in one.by))
            if isinstance(one, NamedBy)
            else one
            for one in self.rows
        )
        return replace(self, columns=(), alias="", rows=rows)

    @cached_property
    def form(self) -> str:
        """Which rows, in one word, as evidence digests name it."""
        kinds = (("level", self.levels), ("body", self.bodies))
        units = [f"[{name}={'|'.join(sorted(listed))}]" for name, listed in kinds if listed]
        conditions = sorted(one.form for one in self.rows)
        return f"{self.register}:{self.reach.value}{''.join([*units, *conditions])}"


def read(
    register: str,
    columns: str,
    *rows: Among | NamedBy,
    reach: Reach = Reach.OWN,
    levels: tuple[Level, ...] = (),
    bodies: tuple[Body, ...] = (),
    alias: str = "",
) -> Read:
    """A read of `columns`, which are separated by blanks."""
    return Read(register, tuple(columns.split()), rows, reach, levels, bodies, alias)


def registers_of(reads: Iterable[Read]) -> set[str]:
    """The registers that reads are about, and those that name their rows."""
    found: set[str] = set()
    for one in reads:
        found.add(one.register)
        for condition in one.rows:
            if isinstance(condition, NamedBy):
                found |= registers_of(source for source, _ in condition.by)
    return found


def merged(reads: Iterable[Read]) -> list[Read]:
    """Each selection of rows once, with every column that is looked at in it, in a fixed order."""
    columns: dict[Read, set[str]] = {}
    for one in reads:
        columns.setdefault(one.selection, set()).update(one.columns)
    found = [replace(one, columns=tuple(sorted(named))) for one, named in columns.items()]
    return sorted(found, key=lambda one: one.form)


def _under(one: Read, parameters: Parameters) -> Read:
    """A read with the values that `parameters` give in place of their names."""
    rows: list[Among | NamedBy] = []
    for condition in one.rows:
        if isinstance(condition, NamedBy):
            by = tuple((_under(source, parameters), column) for source, column in condition.by)
            rows.append(replace(condition, by=by))
        else:
            given = (
                str(code) for name in condition.parameters for code in getattr(parameters, name)
            )
            values = dict.fromkeys((*condition.values, *given))
            rows.append(Among(condition.column, tuple(values)))
    return replace(one, rows=tuple(rows))


@dataclass(frozen=True)
class Rule:
    """A rule of a stage.

    `reads` may leave values to parameters; `reads_under` are those that can be read.
    `model` names what its parameters must be, in `schemas.rules.parameters` or the module before
    the dot, loaded when they are first asked for. `reasons` maps every reason code that the check
    can give to its text;
    `provider` is who can supply what is missing; `absolute` marks what the law makes absolute (no
    waiver, ever).
    """

    code: str
    title: Text
    reads: tuple[Read, ...]
    model: str
    provider: Organ
    reasons: Mapping[str, Text]
    absolute: bool = False

    @property
    def parameters(self) -> type[Parameters]:
        """What its parameters must be."""
        module, _, name = self.model.rpartition(".")
        where = import_module(f"schemas.rules.{module or 'parameters'}")
        found: type[Parameters] = getattr(where, name)
        return found

    def reads_under(self, parameters: Parameters) -> tuple[Read, ...]:
        """What it reads where its parameters are these."""
        return tuple(_under(one, parameters) for one in self.reads)

    @property
    def stage(self) -> Stage:
        """The stage that the code names."""
        return Stage(self.code.split(".", 1)[0])
