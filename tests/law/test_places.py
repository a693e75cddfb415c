"""Places that stand otherwise than in most cycles pass every gate, with all papers in order.

Expected from real divisions: 济源 and 仙桃 stand directly below a province, the towns of 东莞
directly below a city, the districts of a municipality directly below it.
"""

from dataclasses import replace
from datetime import date

import pytest

from schemas.decisions import CLOSING
from schemas.facts import facts_of
from schemas.registers import REGISTERS
from schemas.tables import Tables, frame_of
from tasks.gate.evaluation import run_check
from tests.law.base import CODES, PACKS, Row, Rows, Setting
from tests.law.cases import GATES, Case, checks_of, rows_of

_AFTER = {"cn-2016": date(2017, 6, 30), "cn-2026": date(2027, 6, 30)}
PROVINCE: Row = {
    "jurisdiction": "640000",
    "name": "宁夏回族自治区",
    "level": "province",
    "parent": None,
    "population": 7_000_000,
    "founding_ethnicity": None,
}


def without_level(setting: Setting, gone: str, above: str) -> Rows:
    """The rows of a base in which a place is not there and whatever it did, the one above did."""
    case = Case("", True, {"id": "", "stage": "result", "unit": f"{setting.level} {setting.body}"})
    rows: Rows = {}
    for name, table in rows_of(case, setting).items():
        kept: dict[object, Row] = {}
        for row in table:
            if row.get("jurisdiction") == gone and name in ("jurisdictions", "units"):
                continue
            moved: Row = {
                column: above if value == gone and column in ("jurisdiction", "parent") else value
                for column, value in row.items()
            }
            kept[tuple(moved[column] for column in REGISTERS[name].key)] = moved
        rows[name] = [*kept.values()]
    if above == PROVINCE["jurisdiction"]:
        rows["jurisdictions"].insert(0, PROVINCE)
    return rows


def closing(setting: Setting, rows: Rows) -> set[tuple[str, str]]:
    """Check and reason of whatever closes a gate of the unit."""
    tables = Tables(lambda name, _: frame_of(name, rows[name]))
    facts = facts_of(tables, setting.on).within([setting.unit])
    return {
        (one.check, one.reason)
        for gate in GATES
        for check in checks_of(setting.pack, gate)
        for found in run_check(check, facts).values()
        for one in found.having(CLOSING)
    }


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(
    ("level", "body", "gone", "above"),
    [
        ("township", "congress", "county", CODES["city"]),
        ("township", "government", "county", CODES["city"]),
        ("county", "congress", "city", "640000"),
        ("county", "cppcc", "city", "640000"),
    ],
)
def test_a_level_may_be_left_out(pack: str, level: str, body: str, gone: str, above: str) -> None:
    setting = replace(Setting(pack, level, body, date.max), on=_AFTER[pack])
    assert closing(setting, without_level(setting, CODES[gone], above)) == set()


@pytest.mark.parametrize("organ", ["standing-committee", "county-standing-committee"])
def test_a_citys_standing_committee_fixes_the_seats_of_its_towns(organ: str) -> None:
    """选举法 art. 13: the standing committee at county level; below such a city there is none."""
    setting = replace(Setting("cn-2026", "township", "congress", date.max), on=_AFTER["cn-2026"])
    below_city = without_level(setting, CODES["county"], CODES["city"])
    for row in below_city["assemblies"]:
        row["fixed_by"] = organ
    assert closing(setting, below_city) == set()


def test_a_countys_own_township_has_its_seats_fixed_by_the_county() -> None:
    setting = replace(Setting("cn-2026", "township", "congress", date.max), on=_AFTER["cn-2026"])
    case = Case("", True, {"id": "", "stage": "result", "unit": "township congress"})
    rows = {name: [dict(row) for row in table] for name, table in rows_of(case, setting).items()}
    for row in rows["assemblies"]:
        row["fixed_by"] = "standing-committee"
    assert closing(setting, rows) == {("plan.seats", "wrong-organ")}
