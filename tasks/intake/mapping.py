"""A map of people's own sheets: the TOML that says what each sheet, heading and word in it is.

Rules: nothing is read by a map that does not stand in it. Whatever is wrong with it is refused, all
at once, each with key, value and what was expected: keys that are not known, registers and columns
that do not exist, columns that may not be empty and come from nowhere, values that their columns do
not take, registers that are looked up in a circle. Keys count tables from 1.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from schemas.aliases import plain_name, register_read
from schemas.canonical import digest
from schemas.columns import ColumnSpec
from schemas.pack_faults import Path as FaultPath
from schemas.pack_faults import faults_in, said_more
from schemas.registers import REGISTERS, Register
from schemas.text import Text
from tasks.intake import reasons
from tasks.intake.cells import CellReader
from tasks.intake.characters import Problem
from tasks.intake.headings import own_names
from tasks.intake.identity import is_identity
from tasks.intake.names import NAMED
from tasks.intake.raw import load
from tasks.intake.refusal import Refused, fixed, shown, together

# A heading in the rule by which an id is made.
IN_RULE = re.compile(r"\{([^{}]+)\}")
_ONE_SOURCE = Text(
    " heading、value、id、find 四者之一", "one of heading, value, id and find, and only one"
)
_BY = Text("成对的 find 和 by（按什么查找）", "`find` and `by` together (what it is looked up by)")
_OF_CELLS = Text(
    "只与 heading 或 find 同用的 values、split", "`values` and `split` with heading or find"
)
_RULE = Text("至少含一个{表头}的编号规则，如 p-{工号}", "a rule with a heading in it: p-{number}")
_REGISTER = Text("台账的代码或名称", "the code or title of a register")
_PLAIN = Text("文本、整数、日期或 true、false", "a text, a whole number, a day, true or false")
_ONE_KEY = Text("主键只有一列的台账", "a register with a key of one column")
_COLUMN = Text("台账“{register}”的列", "a column of the register “{register}”")
_NEEDED = Text("“{column}”的来源；该列不能为空", "where “{column}” comes from; it may not be empty")
_ONE_SPLIT = Text("至多一列拆分", "one column at most that is split")
_CIRCLE = Text("不循环的查找（{registers}）", "no looking up in a circle ({registers})")
_TWICE = Text("未写过的工作表", "a sheet that does not stand there already")
_CONSECUTIVE = Text("相连的行号", "rows that follow one another")

# What stands behind the path of a table, what stands there, and what was expected.
Found = tuple[str, object, Text]


def _refused(found: list[Found]) -> PydanticCustomError:
    return said_more([(more, _expected(value, expected)) for more, value, expected in found])


def _expected(value: object, expected: Text) -> Text:
    given = shown(str(value))
    return Text(
        f"“{given}”，应为{expected.zh}" if given else f"应为{expected.zh}",
        f"“{given}”, expected {expected.en}" if given else f"expected {expected.en}",
    )


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


_Name = Annotated[str, Field(min_length=1)]


class Source(_Part):
    """Where the values of a column come from: cells under a heading, one value, a rule, a look-up.

    `values` says what words in the cells mean; `split` are the characters that part several names
    in one cell (of a look-up: in its first). `by`: what is known of the row to be found (a column
    of its register, or a heading of the sheet that it comes from) → the heading here.
    """

    heading: _Name | None = None
    value: Any = None
    id: _Name | None = None
    find: _Name | None = None
    by: dict[str, _Name] = Field(default_factory=dict)
    values: dict[str, str] = Field(default_factory=dict)
    split: str = ""

    @model_validator(mode="before")
    @classmethod
    def _heading_alone(cls, given: Any) -> Any:
        return {"heading": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one_source(self) -> Source:
        given = [one for one in (self.heading, self.value, self.id, self.find) if one is not None]
        found: list[Found] = []
        if len(given) != 1:
            found.append(("", "、".join(map(str, given)), _ONE_SOURCE))
        if bool(self.by) is not (self.find is not None):
            found.append((".by", self.find or "", _BY))
        if (self.values or self.split) and self.heading is None and self.find is None:
            found.append(("", self.split or str(self.values), _OF_CELLS))
        if self.id is not None and not IN_RULE.search(self.id):
            found.append((".id", self.id, _RULE))
        if self.find is not None:
            code = register_read(self.find)
            if code is None:
                found.append((".find", self.find, _REGISTER))
            elif len(REGISTERS[code].key) > 1:
                found.append((".find", self.find, _ONE_KEY))
        if found:
            raise _refused(found)
        return self

    @property
    def headings(self) -> list[str]:
        """The headings of the sheet that it needs."""
        if self.id is not None:
            return IN_RULE.findall(self.id)
        return [self.heading] if self.heading is not None else list(self.by.values())

    @cached_property
    def target(self) -> Register:
        """The register in which it is looked up."""
        return REGISTERS[register_read(self.find or "") or ""]

    @cached_property
    def meant(self) -> Mapping[str, str]:
        """Plain word → what it means."""
        return {plain_name(word): value for word, value in self.values.items()}

    def problems(self, spec: ColumnSpec) -> Iterator[Found]:
        """What its column does not take."""
        reader = CellReader(spec, typed=True)
        if self.value is not None:
            known = isinstance(self.value, (str, bool, int, date)) and not isinstance(
                self.value, datetime
            )
            found = reader.read(self.value) if known else Problem(reasons.RULE, {"rule": _PLAIN})
            if isinstance(found, Problem):
                yield ".value", self.value, _words(found, spec)
        for word, value in self.values.items():
            found = reader.read(value)
            if isinstance(found, Problem):
                yield f".values.{word}", value, _words(found, spec)


def _words(found: Problem, spec: ColumnSpec) -> Text:
    """What a column takes, and why it does not take this."""
    label, why = spec.column.label, fixed(found.reason, **found.arguments)
    return Text(f"“{label.zh}”的值；{why.zh}", f"a value of “{label.en}”; {why.en}")


Sources = dict[str, Source]


class Rows(_Part):
    """A row of a register for each row of a sheet; or several, one for each of `each`."""

    # Every class has something called `register`.
    named: Annotated[_Name, Field(alias="register")]
    columns: Sources = Field(default_factory=dict)
    each: list[Sources] = Field(default_factory=list)

    @model_validator(mode="after")
    def _of_a_register(self) -> Rows:
        code = register_read(self.named)
        if code is None:
            raise _refused([(".register", self.named, _REGISTER)])
        found: list[Found] = []
        tables = [(".columns", self.columns)]
        tables += [(f".each[{number}]", one) for number, one in enumerate(self.each, start=1)]
        title = REGISTERS[code].title
        for path, sources in tables:
            for key, source in sources.items():
                spec = self._spec(key)
                if spec is None:
                    found.append((f"{path}.{key}", key, fixed(_COLUMN, register=title)))
                else:
                    found += [
                        (f"{path}.{key}{more}", value, why)
                        for more, value, why in source.problems(spec)
                    ]
        if not found:
            for number, group in enumerate(self.groups, start=1):
                path = f".each[{number}]" if self.each else ".columns"
                found += [
                    (f"{path}.{spec.name}", "", fixed(_NEEDED, column=spec.column.label))
                    for spec in self.of.columns
                    if not spec.nullable and spec.name not in group
                ]
                if sum(bool(one.split) for one in group.values()) > 1:
                    found.append((path, "split", _ONE_SPLIT))
        if found:
            raise _refused(found)
        return self

    def _spec(self, key: str) -> ColumnSpec | None:
        name = own_names(self.of.columns).get(plain_name(key))
        return self.of.column[name] if name else None

    @cached_property
    def of(self) -> Register:
        """The register."""
        return REGISTERS[register_read(self.named) or ""]

    @cached_property
    def groups(self) -> list[Mapping[str, Source]]:
        """Column → source, for each register row that a row of the sheet gives."""
        own = own_names(self.of.columns)
        return [
            {own[plain_name(key)]: source for key, source in {**self.columns, **one}.items()}
            for one in self.each or [{}]
        ]

    @property
    def sources(self) -> Iterator[Source]:
        """Every source."""
        yield from self.columns.values()
        for one in self.each:
            yield from one.values()


class MappedSheet(_Part):
    """A sheet of a file: which rows its headings stand in, what is ignored, and what it gives.

    `same_below` are headings under which merged cells mean the same in every row.
    """

    file: _Name
    sheet: str = ""
    heading_rows: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]
    ignore: list[str] = Field(default_factory=list)
    same_below: list[str] = Field(default_factory=list)
    rows: Annotated[list[Rows], Field(min_length=1)]

    @model_validator(mode="after")
    def _rows_of_headings(self) -> MappedSheet:
        first = self.heading_rows[0]
        if self.heading_rows != list(range(first, first + len(self.heading_rows))):
            raise _refused([(".heading_rows", self.heading_rows, _CONSECUTIVE)])
        return self

    @property
    def headings(self) -> list[str]:
        """The headings that it needs, each once."""
        wanted = [one for rows in self.rows for source in rows.sources for one in source.headings]
        return list(dict.fromkeys([*wanted, *self.same_below]))


class _MapFile(_Part):
    sheets: Annotated[list[MappedSheet], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> _MapFile:
        found: list[Found] = []
        known: set[tuple[str, str]] = set()
        for number, one in enumerate(self.sheets, start=1):
            if (one.file, one.sheet) in known:
                found.append((f"sheets[{number}]", f"{one.file} {one.sheet}", _TWICE))
            known.add((one.file, one.sheet))
        try:
            list(_order(self.sheets))
        except CycleError as error:
            circle = [REGISTERS[name].title for name in error.args[1]]
            names = Text(" → ".join(x.zh for x in circle), " → ".join(x.en for x in circle))
            found.append(("find", error.args[1][0], fixed(_CIRCLE, registers=names)))
        if found:
            raise _refused(found)
        return self


def _order(sheets: list[MappedSheet]) -> Iterator[str]:
    """The registers, each after those in which it looks something up, and what names their rows."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for sheet in sheets:
        for rows in sheet.rows:
            found = {one.target.name for one in rows.sources if one.find}
            sorter.add(rows.of.name, *found)
            for name in _behind(found):
                sorter.add(name, *(set(REGISTERS[name].references.values()) & set(NAMED) - {name}))
    return iter(list(sorter.static_order()))


def _behind(registers: Iterable[str]) -> set[str]:
    """The registers, and those whose rows name what theirs refer to."""
    found: set[str] = set()
    todo = list(registers)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += set(REGISTERS[name].references.values()) & set(NAMED)
    return found


@dataclass(frozen=True, slots=True)
class SheetMap:
    """A map: its bytes, and what it says; `folder` is where it stands."""

    content: bytes
    sheets: tuple[MappedSheet, ...]
    order: tuple[str, ...]
    folder: Path

    @property
    def known_by(self) -> frozenset[str]:
        """The headings, as plain names, that rows are found by or given ids or birth dates from."""
        sources = [one for sheet in self.sheets for rows in sheet.rows for one in rows.sources]
        named = [one for one in sources if one.heading is None or is_identity(one.heading)]
        return frozenset(plain_name(name) for one in named for name in (*one.by, *one.headings))

    @property
    def digest(self) -> str:
        """What it is named by on record."""
        return digest(self.content)


def read_map(path: Path) -> SheetMap:
    """Read a map.

    Raises:
        Refused: it cannot be read, or something is wrong with it; all of it at once.
    """
    source = load(Path(path))
    try:
        given = tomllib.loads(source.content.decode("utf-8-sig"))
        file = _MapFile.model_validate(given)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(reasons.MAP_NOT_TOML, source.place, cause=shown(str(error))) from None
    except ValidationError as error:
        raise together([Refused(one, source.place) for one in faults_in(error, _placed)]) from None
    return SheetMap(source.content, tuple(file.sheets), tuple(_order(file.sheets)), path.parent)


def _placed(path: FaultPath) -> str:
    """A path as people count."""
    parts = (f"[{one + 1}]" if isinstance(one, int) else f".{one}" for one in path)
    return "".join(parts).removeprefix(".")
