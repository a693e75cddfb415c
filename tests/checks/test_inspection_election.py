"""What holds for every check of the inspection and of the election stage."""

from collections.abc import Hashable

import pandas as pd
import pytest

from schemas.facts import facts_of
from schemas.tables import frame_of
from schemas.vocabulary import Stage
from tests.support.inspection_election import RULE, facts, findings
from tests.support.inspection_election_book import (
    CITY,
    COUNTY,
    OTHER,
    TODAY,
    add,
    changed,
    drop,
    emptied,
    good_book,
    put,
)

SEEN_ALONE = ("640300-congress", "640302-government", "640302001-congress", "640321-government")
# Without these there are no units.
STRUCTURE = {"jurisdictions", "units"}
# Votes that were counted in parts and the register of deputies have books of their own.
APART = {"slate.deputies", "result.halls", "result.signs"}
CODES = [code for code in RULE if code not in APART]
# In the other county nearly everything is wrong, and a member of the special team comes from there.
WORSE_BUT_TEAMS = changed(
    drop("visits", jurisdiction=OTHER),
    drop("inspections", jurisdiction=COUNTY),
    drop("returns", jurisdiction=OTHER),
    drop("tallies", post="640321-congress-chair"),
    drop("sessions", unit="640302001-congress"),
    drop("ballots", post="640300-congress-chair"),
    drop("report_channels", jurisdiction=COUNTY),
    put("violations", {"violation": "v-1"}, unit="640321-government"),
    put("reports", {"report": "r-1"}, unit="640302-congress"),
    put("ballots", {"post": "640321-government-head"}, returned=180),
)
WORSE = add("team_members", team="g-special", officer=f"o-{OTHER}-1")(
    add("team_members", team="g-roving", officer=f"o-{CITY}-2")(WORSE_BUT_TEAMS)
)


def in_order(found: pd.DataFrame) -> list[dict[Hashable, object]]:
    return found.sort_values(["unit", "subject"]).to_dict("records")


def test_the_codes_name_their_stage() -> None:
    stages = [RULE[code].stage for code in CODES]
    assert stages == [Stage.INSPECTION] * 8 + [Stage.SLATE] * 4 + [Stage.RESULT] * 6


@pytest.mark.parametrize("code", CODES)
def test_whoever_did_everything_passes(code: str) -> None:
    found = findings(code, facts(good_book(), TODAY))
    assert set(found["status"]) <= {"pass", "not_applicable"}
    assert "pass" in set(found["status"])


@pytest.mark.parametrize("code", CODES)
def test_empty_registers_pass_nothing(code: str) -> None:
    reads = {read.register for read in RULE[code].reads} - STRUCTURE | {"team_members"}
    found = findings(code, facts(changed(emptied(reads)), TODAY))
    assert "pass" not in set(found["status"])
    assert {"missing", "not_yet"} & set(found["status"])


def test_the_facts_of_a_changed_book_are_those_of_a_new_one() -> None:
    quick = facts(WORSE_BUT_TEAMS, TODAY)
    frames = {name: frame_of(name, rows) for name, rows in WORSE_BUT_TEAMS.items()}
    for name, table in facts_of(frames, TODAY).tables.items():
        pd.testing.assert_frame_equal(quick.tables[name], table)


def test_what_a_unit_gets_does_not_depend_on_the_scope() -> None:
    whole = facts(WORSE, TODAY)
    for code in CODES:
        found = findings(code, whole)
        for unit in SEEN_ALONE:
            alone = findings(code, whole.within([unit]))
            together = found[found["unit"] == unit]
            assert not alone.empty
            assert in_order(alone) == in_order(together), (code, unit)


@pytest.mark.parametrize("code", [code for code in CODES if code.startswith(("slate.", "result."))])
def test_nobody_waives_what_the_law_says_about_an_election(code: str) -> None:
    assert RULE[code].absolute
