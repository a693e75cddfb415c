"""Places as they are: what stands below what, what may be odd, and what is none of it."""

import pytest

from schemas.text import Text
from tasks.intake import geography as g
from tasks.intake.cells import Value
from tasks.intake.sets import check_set
from tests.intake.files import good_row
from tests.intake.test_sets import city, county, delivery, province, township


def places(*rows: dict[str, Value]) -> tuple[list[str], list[tuple[int, Text]]]:
    """The codes that are taken, and what is odd about them."""
    taken = check_set({"jurisdictions": delivery("jurisdictions", *rows)})["jurisdictions"]
    return [str(row["jurisdiction"]) for row in taken.rows], [
        (one.row, one.how) for one in taken.readings
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [province(), city(parent="640000"), county(), township()],
        [city(), county()],
        # 济源, 仙桃: a county directly below a province; 东莞: a town directly below a city.
        [province(jurisdiction="410000"), county(jurisdiction="419001", parent="410000")],
        [city(jurisdiction="441900"),
         township(jurisdiction="441900003", parent="441900")],
        # 北京: a municipality with its districts directly below.
        [province(jurisdiction="110000"), county(jurisdiction="110105", parent="110000")],
    ],
)  # fmt: skip
def test_places_stand_as_they_do(rows: list[dict[str, Value]]) -> None:
    assert places(*rows) == ([row["jurisdiction"] for row in rows], [])


@pytest.mark.parametrize(
    ("rows", "odd"),
    [
        # 640321001 came to 640302 by a change of boundaries and kept its code.
        ([city(), county(), township(jurisdiction="640321001")], (4, g.OTHER_PARENT)),
        ([city(), county(jurisdiction="640402")], (3, g.OTHER_PARENT)),
        ([city(jurisdiction="990300")], (2, g.NO_PROVINCE)),
        ([city(population=0)], (2, g.NOBODY_LIVES)),
    ],
)
def test_what_is_odd_is_told_and_taken(rows: list[dict[str, Value]], odd: tuple[int, Text]) -> None:
    assert places(*rows) == ([row["jurisdiction"] for row in rows], [odd])


@pytest.mark.parametrize(
    ("name", "body", "odd"),
    [
        ("新华街道", "congress", [g.STREET_OFFICE]),
        ("新华街道办事处", "congress", [g.STREET_OFFICE]),
        ("新华街道", "government", []),
        ("新街镇", "congress", []),
    ],
)
def test_a_street_office_has_no_congress(name: str, body: str, odd: list[Text]) -> None:
    given = {
        "jurisdictions": delivery("jurisdictions", city(), county(), township(name=name)),
        "units": delivery(
            "units",
            good_row("units", unit=f"640302001-{body}", jurisdiction="640302001", body=body),
        ),
    }
    assert [one.how for one in check_set(given)["units"].readings] == odd
