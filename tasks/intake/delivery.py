"""What a file delivers for a register: accepted rows, rejected rows, and the count of both.

Rules: `delivered` counts the rows that hold anything of the register's, but for those that withdraw
a row; each is either among `rows` or has at least one rejection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError, create_model
from pydantic_core import ErrorDetails

from schemas.columns import Row
from schemas.registers import REGISTERS, Register
from schemas.text import Text
from tasks.intake import reasons
from tasks.intake.cells import Cell, Value
from tasks.intake.characters import Problem, problem
from tasks.intake.headings import (
    columns_delivered,
)
from tasks.intake.origins import Origin
from tasks.intake.readings import Reading
from tasks.intake.refusal import Place, Rejection

RowValues = dict[str, Value]
Key = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A register's part of what was delivered.

    `rows` have the columns of the row model in their order (a withdrawal: the key's), terms as
    plain codes; `row_numbers` stand beside them. `headings` are the columns' headings as delivered.
    `rejected_keys` are the keys of rejected rows, where they could be read, with the row's number.
    `digest` is the SHA-256 of the file. `readings` are those of accepted rows and of the sheet;
    `head` and `cells` (by row number) are what stood in the heading's row and in the others, and
    `places` (by column) say where in them. Of an ask list, `asked` says on which state of
    a row it was made, `withdrawn` the keys of those that are to go, `unfilled` the keys of those of
    which nothing was filled in, and `names` what stands beside ids by column, each by row number.
    Where a map made the rows, `row_numbers` count them through
    and `origins` says of each from which row of which of people's own sheets it was made.
    """

    register: str
    source: str
    sheet: str
    digest: str
    headings: Mapping[str, str]
    rows: Sequence[RowValues]
    row_numbers: Sequence[int]
    rejections: Sequence[Rejection]
    rejected_keys: Mapping[Key, int]
    delivered: int
    readings: Sequence[Reading] = ()
    head: Sequence[Cell] = ()
    cells: Mapping[int, Sequence[Cell]] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    asked: Mapping[int, str] = field(default_factory=dict)
    withdrawn: Mapping[int, RowValues] = field(default_factory=dict)
    unfilled: Mapping[int, RowValues] = field(default_factory=dict)
    names: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    origins: Mapping[int, Origin] = field(default_factory=dict)

    @property
    def accepted(self) -> int:
        """How many rows are accepted."""
        return len(self.rows)

    @property
    def rejected(self) -> int:
        """How many rows are rejected (a row may have several rejections)."""
        return len({rejection.of_row for rejection in self.rejections})

    def key(self, row: Mapping[str, Value]) -> Key:
        """The key of one of its rows."""
        return tuple(row[name] for name in REGISTERS[self.register].key)

    @property
    def fallen(self) -> Mapping[Key, int]:
        """The keys of the rows that do not stand: rejected, or not filled in; with the number."""
        unfilled = {self.key(row): number for number, row in self.unfilled.items()}
        return {**unfilled, **self.rejected_keys}

    def where(self, number: int) -> Text:
        """Where one of its rows stands, in words."""
        origin = self.origins.get(number)
        place = Place(sheet=origin.sheet.title, row=origin.row) if origin else Place(row=number)
        return Text(place.render("zh"), place.render("en"))

    def rejection(
        self,
        row: Mapping[str, Value],
        number: int,
        columns: Sequence[str],
        found: Problem,
        cause: tuple[str, int] | None = None,
    ) -> Rejection:
        """A rejection of one of its rows for what stands in `columns`."""
        if number in self.origins:
            return self.origins[number].rejection(self.register, number, columns, found, cause)
        return Rejection(
            register=self.register,
            sheet=self.sheet,
            row=number,
            column=" + ".join(self.headings[name] for name in columns),
            value=" + ".join(str(row[name]) for name in columns if row[name] is not None),
            reason=found.reason,
            arguments=found.arguments,
            at=tuple(self.places[name] for name in columns if name in self.places),
            cause=cause,
        )

    @property
    def withdrawal(self) -> Delivery:
        """What it withdraws, as a delivery of keys."""
        return replace(
            self,
            rows=list(self.withdrawn.values()),
            row_numbers=list(self.withdrawn),
            rejections=(),
            rejected_keys={},
            delivered=len(self.withdrawn),
            readings=(),
            withdrawn={},
        )

    def without(self, rejections: Sequence[Rejection]) -> Delivery:
        """The same delivery with further rows rejected."""
        if not rejections:
            return self
        gone = {rejection.of_row for rejection in rejections}
        numbered = list(zip(self.row_numbers, self.rows, strict=True))
        kept = [(number, row) for number, row in numbered if number not in gone]
        keys = {self.key(row): number for number, row in numbered if number in gone}
        together = sorted([*self.rejections, *rejections], key=lambda one: one.of_row)
        return replace(
            self,
            rows=[row for _, row in kept],
            row_numbers=[number for number, _ in kept],
            rejections=together,
            rejected_keys={**keys, **self.rejected_keys},
            readings=[one for one in self.readings if one.of_row not in gone],
        )


def key_text(key: Iterable[object]) -> str:
    """A key as one text: its values joined by `/`, dates as 2016-09-28."""
    return "/".join(
        value.date().isoformat() if isinstance(value, datetime) else str(value) for value in key
    )


def model_of(register: Register, *, keys_only: bool = False) -> type[Row]:
    """The row model, or the part of it that a withdrawal has."""
    if not keys_only:
        return register.model
    fields = register.model.model_fields
    chosen: dict[str, Any] = {
        spec.name: (fields[spec.name].rebuild_annotation(), ...)
        for spec in columns_delivered(register, keys_only=True)
    }
    return create_model(f"{register.model.__name__}Key", __base__=Row, **chosen)


def broken_rules(
    validate: Callable[..., Row], row: Mapping[str, object]
) -> list[tuple[str, Problem]]:
    """The rules of a row model that a row breaks, by column ('': the row as a whole)."""
    try:
        validate(row)
    except ValidationError as error:
        return [
            (str(detail["loc"][0]) if detail["loc"] else "", _broken(detail))
            for detail in error.errors(include_url=False)
        ]
    return []


def _broken(detail: ErrorDetails) -> Problem:
    if detail["type"] == "string_too_long":
        return problem(reasons.TOO_LONG, maximum=detail.get("ctx", {}).get("max_length"))
    return problem(reasons.RULE, rule=detail["msg"])
