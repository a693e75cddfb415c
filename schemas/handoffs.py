"""Hand-offs (交接): what a stage gives the next, and the suite that it must pass.

Rules: a suite is data; what the row models say about a column (needed, pattern, terms, bounds) is
taken from them, and the domain adds what no single row knows: every post has its candidates, every
candidate the six reviews, every ballot paper is accounted for. Rows name their unit, so that what
fails holds its own unit only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from schemas.registers import REGISTERS
from schemas.text import Text
from schemas.vocabulary import ReviewItem, ReviewResult, Stage

if TYPE_CHECKING:
    from schemas.columns import ColumnSpec


@dataclass(frozen=True)
class Expectation:
    """One expectation: its Great Expectations type, its arguments, and what it means in words.

    `code` is the reason code of a failure, `column` the heading under which it is shown.
    """

    code: str
    kind: str
    arguments: Mapping[str, Any]
    column: Text
    meaning: Text

    @property
    def text(self) -> Text:
        """The reason in words."""
        return Text(
            f"交接数据有误：{self.column.zh}{self.meaning.zh}",
            f"the hand-off does not validate: {self.column.en} {self.meaning.en}",
        )


@dataclass(frozen=True)
class HandOff:
    """What `stage` gives the next: the columns of its frame, the key of a row, the suite.

    A name in the suite, `register.column`, stands for all that the row model says of that column,
    under the column's own name.
    """

    stage: Stage
    title: Text
    key: tuple[str, ...]
    columns: tuple[str, ...]
    suite: tuple[str | Expectation, ...] = field(repr=False)

    @cached_property
    def expectations(self) -> tuple[Expectation, ...]:
        """The suite, each expectation by itself."""
        found: list[Expectation] = []
        for one in self.suite:
            if isinstance(one, str):
                register, name = one.split(".")
                found += from_column(name, REGISTERS[register].column[name])
            else:
                found.append(one)
        return tuple(found)


_NEEDED = Text("未填", "must not be empty")


def from_column(name: str, spec: ColumnSpec) -> list[Expectation]:
    """What a row model says about a column, needed in a hand-off even where the row may lack it."""
    label = spec.column.label
    code = name.replace("_", "-")
    found = [
        Expectation(
            f"{code}-needed", "ExpectColumnValuesToNotBeNull", {"column": name}, label, _NEEDED
        )
    ]
    if spec.pattern:
        found.append(
            Expectation(
                f"{code}-pattern",
                "ExpectColumnValuesToMatchRegex",
                {"column": name, "regex": spec.pattern},
                label,
                Text("编号格式不对", "is not a well-formed id"),
            )
        )
    if spec.terms:
        found.append(
            Expectation(
                f"{code}-terms",
                "ExpectColumnValuesToBeInSet",
                {"column": name, "value_set": [term.value for term in spec.terms]},
                label,
                Text("不在规定的取值之内", "is not one of the defined terms"),
            )
        )
    if spec.kind is int and spec.minimum is not None:
        found.append(
            Expectation(
                f"{code}-range",
                "ExpectColumnValuesToBeBetween",
                {"column": name, "min_value": spec.minimum, "max_value": spec.maximum},
                label,
                Text("超出范围", "is out of range"),
            )
        )
    if spec.kind is date:
        found.append(
            Expectation(
                f"{code}-date",
                "ExpectColumnValuesToBeOfType",
                {"column": name, "type_": "datetime64[s]"},
                label,
                Text("不是日期", "is not a date"),
            )
        )
    return found


def _unique(*key: str, label: Text) -> Expectation:
    return Expectation(
        f"{'-'.join(key)}-unique",
        "ExpectCompoundColumnsToBeUnique",
        {"column_list": ["unit", *key]},
        label,
        Text("重复", "stands twice"),
    )


def _equal(one: str, other: str, label: Text, meaning: Text) -> Expectation:
    return Expectation(
        f"{one}-equals-{other}".replace("_", "-"),
        "ExpectColumnPairValuesToBeEqual",
        # An empty cell is another expectation's matter; here it would stop the comparison whole.
        {"column_A": one, "column_B": other, "ignore_row_if": "either_value_is_missing"},
        label,
        meaning,
    )


def _not_before(later: str, earlier: str, label: Text, meaning: Text) -> Expectation:
    return Expectation(
        f"{later}-not-before-{earlier}".replace("_", "-"),
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {
            "column_A": later,
            "column_B": earlier,
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
        label,
        meaning,
    )


_POST = Text("职位", "post")
_CANDIDATE = Text("人选", "candidate")
_REVIEWED = [ReviewResult.CLEAR.value, ReviewResult.CLEARED.value, ReviewResult.NOT_REQUIRED.value]


def _reviewed(item: ReviewItem) -> list[Expectation]:
    # What was left out of a declaration, and settled by a decision.
    omitted = [ReviewResult.OMITTED.value] if item is ReviewItem.DECLARATION else []
    return [
        Expectation(
            f"{item.value}-reviewed",
            "ExpectColumnValuesToNotBeNull",
            {"column": item.value},
            item.label,
            Text("没有审核结果", "this one of the six reviews has no result"),
        ),
        Expectation(
            f"{item.value}-allows",
            "ExpectColumnValuesToBeInSet",
            {"column": item.value, "value_set": [*_REVIEWED, *omitted]},
            item.label,
            Text("的审核结果不允许交接", "the review does not let the candidate pass"),
        ),
    ]


_ALL = (
    HandOff(
        Stage.PLAN,
        Text("职位和日程", "posts and calendar"),
        ("post",),
        ("unit", "post", "kind", "seats", "session_opens_on", "session_closes_on"),
        (
            "posts.unit",
            "posts.post",
            "posts.kind",
            "posts.seats",
            "calendar.session_opens_on",
            "calendar.session_closes_on",
            _unique("post", label=_POST),
            _not_before(
                "session_closes_on",
                "session_opens_on",
                Text("会议日期", "session"),
                Text("有误，闭幕早于召开", "closes before it opens"),
            ),
        ),
    ),
    HandOff(
        Stage.NOMINATION,
        Text("拟提名人选", "the proposed slate"),
        ("post", "candidate"),
        ("unit", "post", "seats", "candidate", "person"),
        (
            "posts.unit", "posts.post", "posts.seats", "candidates.candidate",
            "candidates.person",
            _unique("candidate", label=_CANDIDATE),
            _unique("post", "person", label=_CANDIDATE),
        ),
    ),
    HandOff(
        Stage.VETTING,
        Text("经考察的人选", "the vetted slate"),
        ("candidate",),
        ("unit", "post", "candidate", *(item.value for item in ReviewItem)),
        (
            "candidates.unit", "candidates.post", "candidates.candidate",
            _unique("candidate", label=_CANDIDATE),
            *(one for item in ReviewItem for one in _reviewed(item)),
        ),
    ),
    HandOff(
        Stage.INSPECTION,
        Text("督导后的人选", "the cleared slate"),
        ("candidate",),
        ("unit", "post", "candidate", "open_reports"),
        (
            "candidates.unit", "candidates.post", "candidates.candidate",
            _unique("candidate", label=_CANDIDATE),
            Expectation(
                "open-reports-none",
                "ExpectColumnValuesToBeInSet",
                {"column": "open_reports", "value_set": [0]},
                Text("未办结举报", "open reports"),
                Text("中仍有线索清楚、内容具体的", "a clear report is still open"),
            ),
        ),
    ),
    HandOff(
        Stage.SLATE,
        Text("选票上的候选人", "the ballot"),
        ("post", "candidate"),
        ("unit", "post", "seats", "candidate", "person", "status"),
        (
            "posts.unit", "posts.post", "posts.seats", "candidates.candidate", "candidates.person",
            "candidates.status",
            _unique("candidate", label=_CANDIDATE),
            _unique("post", "person", label=_CANDIDATE),
        ),
    ),
    HandOff(
        Stage.RESULT,
        Text("选举结果报告", "the result report"),
        ("post",),
        ("unit", "post", "seats", "elected", "left_open", "settled", "round", "issued", "returned",
         "not_returned", "valid", "void", "papers_issued", "papers_returned"),
        (
            "posts.unit", "posts.post", "posts.seats", "ballots.round", "ballots.issued",
            "ballots.returned", "ballots.not_returned", "ballots.valid", "ballots.void",
            _unique("post", "round", label=_POST),
            _equal(
                "settled", "seats", Text("当选人数和留待下次会议的名额", "elected or left open"),
                Text(
                    "之和不等于应选名额",
                    "the number elected, with seats left to the next session, is not that of seats",
                ),
            ),
            _equal(
                "issued", "papers_issued", Text("发出选票", "papers issued"),
                Text("数不等于收回与未收回之和", "issued is not returned plus not returned"),
            ),
            _equal(
                "returned", "papers_returned", Text("收回选票", "papers returned"),
                Text("数不等于有效票与废票之和", "returned is not valid plus void"),
            ),
        ),
    ),
)  # fmt: skip

HANDOFFS: dict[Stage, HandOff] = {handoff.stage: handoff for handoff in _ALL}


def handoff_code(stage: Stage) -> str:
    """The code under which a hand-off's validation stands among the findings of its gate."""
    return f"{stage.value}.hand-off"


@cache
def handoff_reasons(code: str) -> dict[str, Text]:
    """The reasons that a hand-off's validation can give; none where the code is of no hand-off."""
    found = next((one for stage, one in HANDOFFS.items() if handoff_code(stage) == code), None)
    return {one.code: one.text for one in found.expectations} if found else {}
