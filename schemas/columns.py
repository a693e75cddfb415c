"""What a column of a register is: type, labels, help, example, reference, privacy.

Rules: a row model states everything about its columns once; templates, errors, hand-off suites
and documentation are made from it. Types are exact: text, whole number, yes/no, date or a term of
`schemas.vocabulary`; nothing is converted silently.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from schemas.partial_days import DAY_OR_MONTH_PATTERN
from schemas.text import Text
from schemas.vocabulary import Term

ID_PATTERN = r"^[a-z][a-z0-9-]{0,63}$"
UNIT_PATTERN = r"^[0-9]{6}(?:[0-9]{3})?-(?:congress|government|cppcc)$"
POST_PATTERN = r"^[0-9]{6}(?:[0-9]{3})?-(?:congress|government|cppcc)-[a-z-]{1,40}$"
JURISDICTION_PATTERN = r"^[0-9]{6}(?:[0-9]{3})?$"


@dataclass(frozen=True, slots=True)
class Column:
    """What people need to know about a column; stands in the `Annotated` of a row model's field.

    `references` names the register whose (single) key column this column points to. `personal`
    marks what may never leave registers and blobs; `ahead` marks a day that may lie ahead (a plan,
    a term): any other is the day of something that happened.
    """

    zh: str
    en: str
    help_zh: str
    help_en: str
    example: str | int | bool | None
    references: str | None = None
    personal: bool = False
    ahead: bool = False
    measure: Text | None = None

    @property
    def label(self) -> Text:
        """The heading in both languages."""
        return Text(self.zh, self.en)

    @property
    def help(self) -> Text:
        """The note on the heading in both languages."""
        return Text(self.help_zh, self.help_en)


class Row(BaseModel):
    """One row of a register: frozen, strict, and without columns that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column with its type taken apart.

    `kind` is one of `str`, `int`, `bool`, `date` or a `Term` class; `minimum` and `maximum` bound
    whole numbers; `pattern` is the regular expression of an id.
    """

    name: str
    kind: type
    nullable: bool
    column: Column
    pattern: str | None
    minimum: int | None
    maximum: int | None

    @property
    def happened(self) -> bool:
        """Whether it says on which day something happened."""
        return (self.kind is date or self.may_be_month) and not self.column.ahead

    @property
    def may_be_month(self) -> bool:
        """Whether it is a day as text, or a month where the day is not known."""
        return self.pattern == DAY_OR_MONTH_PATTERN

    @property
    def terms(self) -> type[Term] | None:
        """The vocabulary of an enumerated column, else None."""
        return self.kind if issubclass(self.kind, Term) else None


def _bare(annotation: Any) -> tuple[type, bool, list[Any]]:
    """The type of an annotation, whether it may be None, and what is annotated inside it."""
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [part for part in get_args(annotation) if part is not type(None)]
        kind, _, inside = _bare(inner[0])
        return kind, True, inside
    if get_origin(annotation) is Annotated:
        first, *others = get_args(annotation)
        kind, nullable, inside = _bare(first)
        return kind, nullable, [*inside, *others]
    return annotation, False, []


def _plain(items: Iterable[Any]) -> Iterator[Any]:
    """Annotations, with those taken apart that stand inside a `Field`."""
    for item in items:
        yield from item.metadata if isinstance(item, FieldInfo) else (item,)


def _spec(name: str, field: FieldInfo) -> ColumnSpec:
    kind, nullable, inside = _bare(field.annotation)
    found: dict[str, Any] = {"pattern": None, "minimum": None, "maximum": None}
    column: Column | None = None
    for item in _plain([*inside, *field.metadata]):
        if isinstance(item, Column):
            column = item
        elif isinstance(item, Ge):
            found["minimum"] = item.ge
        elif isinstance(item, Le):
            found["maximum"] = item.le
        elif getattr(item, "pattern", None):
            found["pattern"] = item.pattern
    if column is None:
        raise TypeError(f"{name} has no Column")
    return ColumnSpec(name=name, kind=kind, nullable=nullable, column=column, **found)


def columns_of(model: type[Row]) -> tuple[ColumnSpec, ...]:
    """The columns of a row model in their order."""
    return tuple(_spec(name, field) for name, field in model.model_fields.items())


def identifier(
    zh: str,
    en: str,
    example: str,
    help_zh: str = "小写字母开头，只用小写字母、数字和连字符",
    help_en: str = "starts with a lower-case letter; only lower-case letters, digits and hyphens",
    *,
    references: str | None = None,
) -> tuple[FieldInfo, Column]:
    """The two annotations of an id column."""
    return Field(pattern=ID_PATTERN), Column(
        zh, en, help_zh, help_en, example, references=references
    )


JurisdictionCode = Annotated[
    str,
    Field(pattern=JURISDICTION_PATTERN),
    Column(
        "行政区划代码",
        "jurisdiction",
        "市、县区六位，乡镇九位数字（文本格式）",
        "six digits for a city or county, nine for a township, stored as text",
        "640302",
        references="jurisdictions",
    ),
]
UnitId = Annotated[
    str,
    Field(pattern=UNIT_PATTERN),
    Column(
        "单位",
        "unit",
        "行政区划代码-班子，如 640302-congress",
        "jurisdiction code and body, such as 640302-congress",
        "640302-congress",
        references="units",
    ),
]
PostId = Annotated[
    str,
    Field(pattern=POST_PATTERN),
    Column(
        "职位",
        "post",
        "单位-职位，如 640302-congress-chair",
        "unit and post, such as 640302-congress-chair",
        "640302-congress-chair",
        references="posts",
    ),
]
_person = identifier("人员编号", "person", "p-640302-0001", references="roster")
PersonId = Annotated[str, *_person]
_officer = identifier("责任人员编号", "officer", "o-640302-01", references="officers")
OfficerId = Annotated[str, *_officer]
_candidate = identifier("人选编号", "candidate", "c-640302-0001", references="candidates")
CandidateId = Annotated[str, *_candidate]
DocumentNumber = Annotated[
    str,
    Field(min_length=1, max_length=60),
    Column(
        "文号",
        "document number",
        "发文字号或文件编号",
        "the number under which the paper is filed",
        "吴选发〔2016〕3号",
    ),
]


def day(zh: str, en: str, example: str = "2016-09-28") -> Column:
    """A date column: the day on which something happened."""
    return Column(zh, en, "日期，如 2016-09-28", "a date such as 2016-09-28", example)


def planned(zh: str, en: str, example: str) -> Column:
    """A date column: a day that may still be to come."""
    described = ("日期，可以是将来的日期", "a date, which may be to come")
    return Column(zh, en, *described, example, ahead=True)


def flag(zh: str, en: str, example: bool = False) -> Column:
    """A yes/no column."""
    return Column(zh, en, "是 或 否", "yes or no", example)


def count(
    zh: str, en: str, example: int, measure_zh: str = "人", measure_en: str = "people"
) -> Column:
    """A column of whole numbers with its unit of measure."""
    return Column(
        zh,
        en,
        f"整数（{measure_zh}）",
        f"a whole number ({measure_en})",
        example,
        measure=Text(measure_zh, measure_en),
    )


def term(zh: str, en: str, example: str) -> Column:
    """A column with a fixed set of values."""
    return Column(zh, en, "从下拉列表中选择", "choose from the list", example)


Whole = Annotated[int, Field(ge=0, le=100_000_000)]
