"""Rows as a set: keys, references, and facts that must agree."""

from collections.abc import Collection, Mapping, Sequence

import pytest

from schemas.text import LANGUAGES, Text
from tasks.intake import reasons as r
from tasks.intake.cells import Value
from tasks.intake.delivery import Delivery
from tasks.intake.refusal import Rejection
from tasks.intake.sets import check_set, check_withdrawal
from tests.intake.files import good_row, heading


def delivery(register: str, *rows: Mapping[str, Value]) -> Delivery:
    return Delivery(
        register=register,
        source="book.xlsx",
        sheet=register,
        digest="0" * 64,
        headings={name: heading(register, name) for name in rows[0]},
        rows=[dict(row) for row in rows],
        row_numbers=list(range(2, 2 + len(rows))),
        rejections=[],
        rejected_keys={},
        delivered=len(rows),
    )


def city(**changes: Value) -> dict[str, Value]:
    row = good_row("jurisdictions", jurisdiction="640300", level="city", parent=None)
    return {**row, **changes}


def province(**changes: Value) -> dict[str, Value]:
    row = good_row("jurisdictions", jurisdiction="640000", level="province", parent=None)
    return {**row, **changes}


def county(**changes: Value) -> dict[str, Value]:
    return good_row("jurisdictions", **changes)


def township(**changes: Value) -> dict[str, Value]:
    row = county(jurisdiction="640302001", level="township", parent="640302")
    return {**row, **changes}


ON_RECORD = {
    "jurisdictions": {"640000", "640300", "640302", "640302001"},
    "units": {"640302-congress", "640302-government"},
    "posts": {"640302-congress-chair"},
    "roster": {"p-640302-0001", "p-640302-0002"},
    "officers": {"o-640302-01"},
    "candidates": {"c-640302-0001"},
}
UNITS = {"c-640302-0001": "640302-congress"}
LEVELS = {"640000": "province", "640300": "city", "640302": "county", "640302001": "township"}


def known(register: str) -> Collection[str]:
    return ON_RECORD.get(register, ())


def checked(*deliveries: Delivery) -> dict[str, Delivery]:
    result = check_set({one.register: one for one in deliveries}, known, LEVELS.get, UNITS.get)
    for one in result.values():
        assert one.accepted + one.rejected == one.delivered
        assert len(one.rows) == len(one.row_numbers)
    return result


def whys(rejections: Sequence[Rejection]) -> list[tuple[int, str, Text]]:
    for rejection in rejections:
        for lang in LANGUAGES:
            assert "{" not in rejection.render(lang)
    return [(x.row, x.column, x.reason) for x in rejections]


def test_what_holds_is_left_alone() -> None:
    one = delivery("jurisdictions", city(), county(), township())
    assert check_set({"jurisdictions": one})["jurisdictions"] == one


def test_a_doubled_key_rejects_all_its_rows() -> None:
    rows = [good_row("pledges", person=f"p-640302-000{n}") for n in (1, 2, 1)]
    result = checked(delivery("pledges", *rows))["pledges"]
    assert whys(result.rejections) == [
        (2, "人员编号", r.DUPLICATE_KEY),
        (4, "人员编号", r.DUPLICATE_KEY),
    ]
    assert [x.why("en") for x in result.rejections] == [
        "the same person as in row 4; keep one of them",
        "the same person as in row 2; keep one of them",
    ]
    assert result.row_numbers == [3]


def test_a_key_of_several_columns() -> None:
    rows = [good_row("documents"), good_row("documents", document="其他")]
    result = checked(delivery("documents", *rows))["documents"]
    assert whys(result.rejections) == [
        (2, "单位 + 文件种类", r.DUPLICATE_KEY),
        (3, "单位 + 文件种类", r.DUPLICATE_KEY),
    ]


def test_a_row_doubles_one_that_was_rejected_before() -> None:
    one = delivery("pledges", good_row("pledges"))
    gone = Rejection("pledges", "pledges", 9, "签订日期", "x", r.NOT_A_DATE)
    one = Delivery(
        **{
            **{name: getattr(one, name) for name in Delivery.__dataclass_fields__},
            "rejections": [gone],
            "rejected_keys": {("p-640302-0001",): 9},
            "delivered": 2,
        }
    )
    result = checked(one)["pledges"]
    assert [x.why("en") for x in result.rejections] == [
        "the same person as in row 9; keep one of them",
        gone.why("en"),
    ]


def test_an_unknown_reference() -> None:
    rows = [good_row("pledges", person="p-640302-0003"), good_row("pledges")]
    result = checked(delivery("pledges", *rows))["pledges"]
    assert whys(result.rejections) == [(2, "人员编号", r.UNKNOWN_REFERENCE)]
    assert "nearest is “p-640302-000" in result.rejections[0].why("en")


def test_a_reference_to_a_row_of_the_same_delivery() -> None:
    new = good_row("roster", person="p-new")
    pledge = good_row("pledges", person="p-new")
    result = checked(delivery("roster", new), delivery("pledges", pledge))
    assert [one.rejected for one in result.values()] == [0, 0]


def test_an_empty_reference_refers_to_nothing() -> None:
    result = checked(delivery("reports", good_row("reports", candidate=None)))
    assert result["reports"].rejected == 0


def test_rejecting_a_row_rejects_what_hangs_on_it() -> None:
    places = delivery("jurisdictions", county(jurisdiction="640399", parent="640398"))
    units = delivery("units", good_row("units", unit="640399-congress", jurisdiction="640399"))
    posts = delivery(
        "posts", good_row("posts", post="640399-congress-chair", unit="640399-congress")
    )
    result = checked(posts, units, places)
    assert list(result) == ["jurisdictions", "units", "posts"]
    assert [whys(one.rejections) for one in result.values()] == [
        [(2, "上级代码", r.UNKNOWN_REFERENCE)],
        [(2, "行政区划代码", r.REJECTED_REFERENCE)],
        [(2, "单位", r.REJECTED_REFERENCE)],
    ]


def test_a_rejected_parent_takes_its_children_along() -> None:
    one = delivery(
        "jurisdictions",
        township(jurisdiction="640399001", parent="640399"),
        county(jurisdiction="640399", parent="640398"),
        county(jurisdiction="640397"),
    )
    result = checked(one)["jurisdictions"]
    assert whys(result.rejections) == [
        (2, "上级代码", r.REJECTED_REFERENCE),
        (3, "上级代码", r.UNKNOWN_REFERENCE),
    ]
    assert [row["jurisdiction"] for row in result.rows] == ["640397"]


DISAGREEMENTS: list[tuple[str, str, dict[str, Value], str, Text]] = [
    ("a unit of another place", "units", good_row("units", unit="640300-congress"), "unit",
     r.UNIT_NAME),
    ("a unit of another body", "units", good_row("units", unit="640302-government"), "unit",
     r.UNIT_NAME),
    ("a township's CPPCC", "units",
     good_row("units", unit="640302001-cppcc", jurisdiction="640302001", body="cppcc"), "body",
     r.TOWNSHIP_CPPCC),
    ("a city with a township's code", "jurisdictions", city(jurisdiction="640300001"),
     "jurisdiction", r.CODE_LENGTH),
    ("a township with a county's code", "jurisdictions", township(jurisdiction="640305"),
     "jurisdiction", r.CODE_LENGTH),
    ("a city under a city", "jurisdictions", city(jurisdiction="640400", parent="640300"),
     "parent", r.WRONG_PARENT),
    ("a province under a city", "jurisdictions", province(parent="640300"), "parent",
     r.PROVINCE_PARENT),
    ("a municipality entered as a city", "jurisdictions", city(jurisdiction="110000"), "level",
     r.PROVINCE_CODE),
    ("a province with a city's code", "jurisdictions", province(jurisdiction="640400"), "level",
     r.PROVINCE_CODE),
    ("a province's congress", "units",
     good_row("units", unit="640000-congress", jurisdiction="640000"), "jurisdiction",
     r.PROVINCE_UNIT),
    ("a county without parent", "jurisdictions", county(parent=None), "parent", r.NO_PARENT),
    ("a county under a county", "jurisdictions", county(jurisdiction="640303", parent="640302"),
     "parent", r.WRONG_PARENT),
    ("a township under a province", "jurisdictions", township(parent="640000"), "parent",
     r.WRONG_PARENT),
    ("its own parent", "jurisdictions", county(parent="640302"), "parent", r.WRONG_PARENT),
    ("a post of another unit", "posts", good_row("posts", unit="640302-government"), "post",
     r.POST_OF_UNIT),
    ("a candidate for another unit's post", "candidates",
     good_row("candidates", unit="640302-government"), "post", r.POST_OF_UNIT),
    ("a nomination for another unit's post", "nominations",
     good_row("nominations", unit="640302-government"), "post", r.POST_OF_UNIT),
    ("a ballot on another unit's post", "ballots",
     good_row("ballots", unit="640302-government"), "post", r.POST_OF_UNIT),
    ("a tally of another unit's post", "tallies",
     good_row("tallies", unit="640302-government"), "post", r.POST_OF_UNIT),
    ("a result for another unit's post", "results",
     good_row("results", unit="640302-government"), "post", r.POST_OF_UNIT),
    ("own kin", "kin", good_row("kin", kin="p-640302-0001"), "kin", r.OWN_KIN),
]  # fmt: skip


@pytest.mark.parametrize(
    ("register", "row", "column", "reason"),
    [pytest.param(*case[1:], id=case[0]) for case in DISAGREEMENTS],
)
def test_facts_that_do_not_agree(
    register: str, row: dict[str, Value], column: str, reason: Text
) -> None:
    result = checked(delivery(register, row))[register]
    assert whys(result.rejections) == [(2, heading(register, column), reason)]


def test_a_row_about_a_candidate_of_another_unit() -> None:
    wrong = good_row("reports", unit="640302-government", candidate="c-640302-0001")
    right = good_row("reports", report="r-640302-02", candidate="c-640302-0001")
    nobody = good_row("reports", report="r-640302-03", unit="640302-government", candidate=None)
    result = checked(delivery("reports", wrong, right, nobody))["reports"]
    assert whys(result.rejections) == [(2, heading("reports", "unit"), r.UNIT_OF_CANDIDATE)]


def test_the_unit_of_a_candidate_of_the_same_delivery() -> None:
    candidate = good_row("candidates", candidate="c-640302-0009")
    wrong = good_row("reports", unit="640302-government", candidate="c-640302-0009")
    result = checked(delivery("candidates", candidate), delivery("reports", wrong))
    assert whys(result["reports"].rejections) == [
        (2, heading("reports", "unit"), r.UNIT_OF_CANDIDATE)
    ]


def test_a_candidate_does_not_move_to_another_unit() -> None:
    moved = good_row("candidates", unit="640302-government", post="640302-government-head")
    found = whys(checked(delivery("candidates", moved))["candidates"].rejections)
    assert (2, heading("candidates", "unit"), r.UNIT_OF_CANDIDATE) in found


def test_a_level_on_record_does_not_change() -> None:
    result = checked(delivery("jurisdictions", city(jurisdiction="640302")))["jurisdictions"]
    assert (2, heading("jurisdictions", "level"), r.LEVEL_ON_RECORD) in whys(result.rejections)


def test_levels_come_from_the_delivery_before_the_record() -> None:
    one = delivery("jurisdictions", county(jurisdiction="640398"), township(parent="640398"))
    assert checked(one)["jurisdictions"].rejected == 0


def keys(register: str, *values: str) -> Delivery:
    column = {"candidates": "candidate", "jurisdictions": "jurisdiction"}[register]
    return delivery(register, *({column: value} for value in values))


def test_a_withdrawal_of_what_is_not_on_record() -> None:
    result = check_withdrawal(keys("candidates", "c-640302-0001", "c-9"), known)
    assert whys(result.rejections) == [(3, "人选编号", r.NOT_ON_RECORD)]
    assert result.rows == [{"candidate": "c-640302-0001"}]


def test_a_withdrawal_of_what_is_still_referred_to() -> None:
    result = check_withdrawal(
        keys("candidates", "c-640302-0001"), known, lambda *_: [("reviews", "c-640302-0001/audit")]
    )
    assert whys(result.rejections) == [(2, "人选编号", r.STILL_REFERRED)]
    assert "c-640302-0001/audit of “reviews”" in result.rejections[0].why("en")


def test_a_withdrawal_together_with_what_refers_to_it() -> None:
    below = {
        "640300": [("jurisdictions", "640302")],
        "640302": [("jurisdictions", "640302001")],
        "640302001": [],
    }
    all_three = keys("jurisdictions", "640300", "640302001", "640302")
    assert check_withdrawal(all_three, known, lambda _, key: below[key]).rejected == 0
    without_the_last = keys("jurisdictions", "640300", "640302")
    result = check_withdrawal(without_the_last, known, lambda _, key: below[key])
    assert (result.accepted, result.rejected) == (0, 2)


def test_a_withdrawal_named_twice() -> None:
    result = check_withdrawal(keys("candidates", "c-640302-0001", "c-640302-0001"), known)
    assert [x.reason for x in result.rejections] == [r.DUPLICATE_KEY] * 2


def test_an_officer_bears_the_name_that_the_roster_has_for_the_same_person() -> None:
    listed = good_row("roster", person="p-640302-0009", name="马文博")
    same = delivery("officers", good_row("officers", person="p-640302-0009", name="马 文博"))
    other = delivery("officers", good_row("officers", person="p-640302-0009", name="马文波"))
    nobody = delivery("officers", good_row("officers", person="p-640302-0099", name="马文波"))
    on_record = {("roster", "p-640302-0009"): listed, ("jurisdictions", "640302"): county()}

    def row_of(register: str, key: str) -> Mapping[str, object] | None:
        return on_record.get((register, key))

    def rejected(*given: Delivery, names: Collection[str] = ()) -> list[tuple[str, Text]]:
        found = check_set(
            {one.register: one for one in given}, lambda name: ON_RECORD.get(name, ()),
            LEVELS.get, row_of=row_of, officer_names=lambda _: names,
        )  # fmt: skip
        return [(x.register, x.reason) for one in found.values() for x in one.rejections]

    assert rejected(same) == rejected(nobody) == []
    assert rejected(other) == [("officers", r.NAME_OF_ANOTHER)]
    # In one delivery, and where the roster comes after the officer.
    assert rejected(delivery("roster", listed), other) == [("officers", r.NAME_OF_ANOTHER)]
    assert rejected(delivery("roster", listed), names=("马文波",)) == [
        ("roster", r.NAME_OF_ANOTHER)
    ]
    assert rejected(delivery("roster", listed), names=("马文博",)) == []
    # Both are mended at once: what stood on record before does not count.
    assert rejected(delivery("roster", listed), same, names=("马文波",)) == []
