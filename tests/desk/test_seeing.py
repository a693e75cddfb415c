"""Who sees rows and names at the desk.

Expected (issue 16, docs/desk.md): rows of a gate's evidence are for officers of the unit's place or
above whose organ signs the gate, or supplies the register; nobody sees anything about themselves or
their kin; whoever is in doubt sees nothing. Ask lists and deadlines are those of the own place and
below, what came back is for who handed it in.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from data.acts import Key
from deployments.desk.desk import Desk
from schemas.envelopes import fingerprint
from schemas.vocabulary import Stage
from tasks.officers import keys
from tasks.officers.seeing import may_hand_over
from tests.authority.scene import (
    CANDIDATE,
    CANDIDATES,
    CITY_LIAISON,
    COUNTY,
    DELIVERER,
    DISCIPLINE,
    KIN,
    KIN_BACK,
    KIN_LIAISON,
    LEAVER,
    LIAISON,
    NEIGHBOUR,
    NOT_TALKED_TO,
    OTHER,
    PETITION,
    PLACE,
    SECOND,
    SECRETARY,
    TOWN_SECRETARY,
    UNIT,
    Case,
    case_of,
    meeting,
    name_of,
    officer_row,
)
from tests.desk.scene import desk_of, reader_of
from tests.desk.test_handing_in import later, sheet, wrong
from tests.generator import Row
from tests.support import cycle
from tests.support.signing import who


def key_of(desk: Desk, officer: str) -> Key:
    found = desk.known.keys.of(officer)
    assert found is not None
    return found


ROWS = f"/gate/{UNIT}/plan/rows"
NAME = name_of(NOT_TALKED_TO)
NOTHING = "There are no rows that you may see."


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return case_of("decided", tmp_path)


@pytest.fixture
def desk(case: Case) -> Iterator[Desk]:
    with desk_of(case) as desk:
        yield desk


def page(desk: Desk, officer: str, path: str = ROWS) -> str:
    with reader_of(desk, officer) as reader:
        return reader.get(path, **{"accept-language": "en"}).text


@pytest.mark.parametrize("officer", [SECRETARY, LIAISON, CITY_LIAISON])
def test_who_signs_a_gate_sees_its_rows_with_names(desk: Desk, officer: str) -> None:
    shown = page(desk, officer)
    assert f"{NOT_TALKED_TO} {NAME}" in shown
    assert NOTHING not in shown


@pytest.mark.parametrize("officer", [NEIGHBOUR, TOWN_SECRETARY, CANDIDATE, KIN, KIN_BACK, PETITION])
def test_nobody_else_sees_them(desk: Desk, officer: str) -> None:
    shown = page(desk, officer)
    assert NOTHING in shown
    assert NAME not in shown
    assert NAME not in page(desk, officer, f"/gate/{UNIT}/plan")


def test_who_supplies_a_register_sees_the_rows_of_it(desk: Desk) -> None:
    shown = page(desk, DISCIPLINE)
    assert "<h2>notice clauses" in shown
    assert "<h2>talk participants" not in shown
    assert NAME not in shown


@pytest.mark.parametrize("unit", [OTHER, f"{COUNTY}-congress"])
def test_nobody_sees_rows_about_themselves_or_their_kin(desk: Desk, unit: str) -> None:
    path = f"/gate/{unit}/nomination/rows"
    for officer, hidden in ((CANDIDATE, CANDIDATES[0]), (KIN, CANDIDATES[1])):
        assert hidden not in page(desk, officer, path)


def test_a_row_of_oneself_is_left_out_and_not_counted(desk: Desk, case: Case) -> None:
    kin: Row = {
        "jurisdiction": PLACE,
        "person": f"p-{COUNTY}-0064",
        "kin": NOT_TALKED_TO,
        "kinship": "spouse",
    }
    before = page(desk, LEAVER)
    assert NAME in before
    case.deliver("kin", kin)
    after = page(desk, LEAVER)
    assert NAME not in after
    assert NOTHING not in after


def test_whom_the_register_gives_another_role_sees_nothing(desk: Desk, case: Case) -> None:
    assert NAME in page(desk, LEAVER)
    case.deliver("officers", {**officer_row(LEAVER), "organ": "petition-office"})
    assert NOTHING in page(desk, LEAVER)


def test_a_gate_that_is_not_is_told(desk: Desk) -> None:
    with reader_of(desk, LIAISON) as reader:
        assert reader.get(f"/gate/{UNIT}/none/rows").status_code == 404
        assert reader.get("/gate/999999-congress/plan/rows").status_code == 409


# Ask lists


def test_an_ask_list_is_taken_away_by_the_organ_that_supplies(tmp_path: Path) -> None:
    case = case_of("lacking", tmp_path)
    with desk_of(case) as desk:
        path = f"/ask-lists/{COUNTY}"
        with reader_of(desk, SECRETARY) as reader:
            assert f'href="{path}"' in reader.get("/ask-lists").text
            given = reader.get(path)
            assert given.status_code == 200
            book = CalamineWorkbook.from_filelike(io.BytesIO(given.content))
            tables = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
            assert NOT_TALKED_TO in [cell for table in tables for row in table for cell in row]
        for officer in (NEIGHBOUR, TOWN_SECRETARY, DISCIPLINE):
            with reader_of(desk, officer) as reader:
                assert path not in reader.get("/ask-lists").text
                assert reader.get(path).status_code == 404
        with reader_of(desk) as stranger:
            assert stranger.get(path).status_code == 303


def test_a_list_of_an_organ_without_officers_is_for_who_can_hand_it_over(tmp_path: Path) -> None:
    """The organisation department there and above; nobody else, and not once somebody can."""
    case = case_of("decided", tmp_path)
    case.withdraw("measures", meeting())
    case.launch()
    path = f"/ask-lists/{COUNTY}?organ=party-committee"
    nobody = "nobody of this organ can sign in"

    def offered(desk: Desk, officer: str) -> tuple[bool, bool]:
        with reader_of(desk, officer) as reader:
            shown = reader.get("/ask-lists", **{"accept-language": "en"}).text
            link = f'href="{path}"' in shown
            assert (reader.get(path).status_code == 200) is link
            return link, nobody in shown

    with desk_of(case) as desk:
        frame = desk.known.facts.facts.tables["candidates"]
        theirs = frame.loc[frame["person"] == CANDIDATES[1], "candidate"].item()
        for officer in (LIAISON, CITY_LIAISON):
            assert offered(desk, officer) == (True, True)
        for officer in (NEIGHBOUR, TOWN_SECRETARY, DISCIPLINE, SECRETARY, PETITION):
            assert offered(desk, officer) == (False, False)
        with reader_of(desk, LIAISON) as reader:
            assert (
                "该机关没有可以登录的责任人员"
                in reader.get("/ask-lists", **{"accept-language": "zh"}).text
            )
        # Who or whose kin is a candidate of the unit does not see what is asked for of its gate.
        assert not may_hand_over(desk.known.facts, [{"unit": UNIT}], key_of(desk, KIN_LIAISON))
        assert not may_hand_over(
            desk.known.facts, [{"candidate": theirs}], key_of(desk, KIN_LIAISON)
        )
        assert may_hand_over(desk.known.facts, [{"unit": OTHER}], key_of(desk, KIN_LIAISON))
        assert may_hand_over(desk.known.facts, [{"unit": UNIT}], key_of(desk, LIAISON))
        keys.enrol(case.recorder, who(SECOND))
        keys.vouch(case.recorder, SECOND, fingerprint(who(SECOND).key), who(DISCIPLINE))
        assert offered(desk, LIAISON) == (False, False)
        with reader_of(desk, SECOND) as reader:
            assert f'href="/ask-lists/{COUNTY}"' in reader.get("/ask-lists").text


# What came back, and deadlines


def test_what_came_back_is_for_who_delivered_it(desk: Desk, case: Case) -> None:
    with reader_of(desk, DELIVERER) as reader:
        given = {"sheet": sheet(later(), wrong())}
        assert reader.act("deliver", given, DELIVERER)[1].status_code == 200
        (entry,) = (one for one in cycle.entries(case.home, "submitted")
                    if one["officer"] == DELIVERER)  # fmt: skip
        path = f"/came-back/{entry['seq']}"
        assert f'href="{path}"' in reader.get("/").text
        given_back = reader.get(path)
        assert given_back.status_code == 200
        assert given_back.content[:2] == b"PK"
        assert reader.get("/came-back/1").status_code == 404
        assert reader.get("/came-back/999999").status_code == 404
    with reader_of(desk, SECRETARY) as reader:
        assert reader.get(path).status_code == 404
        assert path not in reader.get("/").text


def test_deadlines_are_those_of_the_own_place_and_below(desk: Desk) -> None:
    assert f"<small>{UNIT}</small></td>" in page(desk, SECRETARY, "/deadlines")
    assert f"<small>{UNIT}</small></td>" not in page(desk, NEIGHBOUR, "/deadlines")
    assert Stage.NOMINATION.label.en in page(desk, SECRETARY, "/deadlines")


def test_the_history_is_shown_in_parts(desk: Desk, case: Case, monkeypatch: object) -> None:
    from deployments.desk import history_page

    assert isinstance(monkeypatch, pytest.MonkeyPatch)
    monkeypatch.setattr(history_page, "PAGE", 3)
    head = desk.known.head()
    with reader_of(desk, LIAISON) as reader:
        shown = reader.get("/history").text
        assert [f'id="e{head - n}"' in shown for n in range(4)] == [True] * 3 + [False]
        older = shown.partition('href="/history?')[2].partition('"')[0].replace("&amp;", "&")
        assert f"until={head - 3}" in older
        assert f'id="e{head - 3}"' in reader.get(f"/history?{older}").text
        first = reader.get("/history?until=2", **{"accept-language": "en"}).text
        assert "older ones" not in first
