"""The generator: rows that the registers take, the same every time, in any size."""

import re
from datetime import date

import pytest

from deployments.demo_figures import Figure, figures
from schemas.registers import REGISTERS
from schemas.tables import frame_of
from tests.generator import REFERENCE_ON, Rows, Size, each_city, generate
from tests.generator.base import whole
from tests.support import reference


def test_the_same_seed_gives_the_same_rows() -> None:
    assert generate() == reference.clean()
    assert generate(Size(seed=7)) != reference.clean()


@pytest.mark.parametrize("name", REGISTERS)
def test_rows_are_what_the_register_takes(name: str) -> None:
    register = REGISTERS[name]
    rows = reference.clean()[name]
    assert rows, f"{name} is empty"
    columns = [spec.name for spec in register.columns]
    for row in rows:
        assert sorted(row) == sorted(columns)
        register.model.model_validate(row, strict=False)
    keys = {tuple(row[column] for column in register.key) for row in rows}
    assert len(keys) == len(rows)


@pytest.mark.parametrize("name", [name for name in REGISTERS if REGISTERS[name].references])
def test_rows_refer_to_rows(name: str) -> None:
    rows = reference.clean()
    for column, target in REGISTERS[name].references.items():
        key = REGISTERS[target].key[0]
        known = {row[key] for row in rows[target]}
        assert {row[column] for row in rows[name]} - known - {None} == set(), column


def test_no_evidence_is_of_a_day_to_come() -> None:
    later = {
        (name, column)
        for name, rows in reference.clean().items()
        if name != "calendar"
        for row in rows
        for column, value in row.items()
        if isinstance(value, date) and value > REFERENCE_ON
    }
    assert later == set()


def test_nothing_looks_like_an_identity_number() -> None:
    number = re.compile(r"\d{15,}")
    found = [
        value
        for rows in reference.clean().values()
        for row in rows
        for value in row.values()
        if isinstance(value, str) and number.search(value)
    ]
    assert found == []


def counted(rows: Rows) -> dict[str, Figure]:
    """The article's figures of a cycle, by what each is called."""
    found = figures({name: frame_of(name, table) for name, table in rows.items()})
    return {figure.title.en: figure for figure in found}


def test_every_figure_of_the_article_is_there() -> None:
    found = counted(reference.clean())
    assert {name for name, figure in found.items() if not figure.holds} == set()
    exact = {name: figure.ours for name, figure in found.items() if not figure.more}
    assert exact == {
        "counties": 5,
        "townships": 49,
        "governing bodies": 116,
        "bodies done": 113,
        "people audited": 24,
        "reviews for each candidate": 6,
        "batches of must-talks": 76,
        "warning films": 2,
        "“ten ones” activities": 10,
        "roving supervision teams": 2,
        "counties and townships visited": 54,
        "special inspection teams": 5,
        "counties inspected": 5,
        "reporting channels": 4,
    }
    # Counted by hand in the rows, without pandas.
    rows = reference.clean()
    must = {row["talk"] for row in rows["talks"] if row["kind"] == "must-talk"}
    assert {name: figure.ours for name, figure in found.items() if figure.more} == {
        "pledges signed": len(rows["pledges"]),
        "cards handed out": sum(whole(row, "cards") for row in rows["card_lots"]),
        "person-times of must-talks": sum(r["talk"] in must for r in rows["talk_participants"]),
    }


def test_a_figure_that_does_not_hold_says_so() -> None:
    rows = dict(reference.clean())
    rows["pledges"] = rows["pledges"][:7999]
    rows["teams"] = rows["teams"][1:]
    lost = {name for name, figure in counted(rows).items() if not figure.holds}
    assert lost == {"pledges signed", "roving supervision teams"}


def test_a_proposed_candidate_without_a_review_has_none() -> None:
    rows = dict(reference.clean())
    proposed = next(row["candidate"] for row in rows["candidates"] if row["status"] == "proposed")
    rows["reviews"] = [row for row in rows["reviews"] if row["candidate"] != proposed]
    assert counted(rows)["reviews for each candidate"].ours == 0


def test_real_life_is_in_it() -> None:
    rows = reference.clean()
    assert {row["outcome"] for row in rows["cases"]} == {"unfounded", "clarified", "founded"}
    assert {row["kind"] for row in rows["ballots"]} == {"first-vote", "tie-break", "further"}
    assert {row["channel"] for row in rows["nominations"]} == {
        "presidium",
        "deputies",
        "consultation",
    }
    assert {row["status"] for row in rows["candidates"]} == {
        "proposed",
        "from-the-floor",
        "write-in",
        "excluded",
    }
    assert any(row["founding_ethnicity"] for row in rows["jurisdictions"])
    assert any(row["incompatible_office"] for row in rows["candidates"])


def test_a_city_does_not_depend_on_how_many_there_are() -> None:
    cities = list(each_city(Size(cities=2)))
    assert cities[0] == reference.clean()
    assert len(cities[1]["units"]) == len(cities[0]["units"])
    first, second = ({row["unit"] for row in city["units"]} for city in cities)
    assert first.isdisjoint(second)


def test_more_candidates_and_another_seed_pass_too() -> None:
    """Only the size of the bodies is no longer that of the law."""
    seen = reference.facts(generate(Size(candidates_per_unit=10, seed=7)))
    assert len(seen.candidates) >= len(seen.units) * 10
    found = {key for check in reference.checks() for key in reference.closed(check, seen)}
    voted = {key for key in found if not key[1].startswith(reference.CITY)}
    assert {code for code, _, _ in voted} == {"plan.posts"}
    assert {code.partition(".")[0] for code, _, _ in found - voted} == {"slate", "result"}


@pytest.mark.parametrize(("cities", "candidates"), [(0, None), (1001, None), (1, 0)])
def test_sizes_that_cannot_be_made_are_refused(cities: int, candidates: int | None) -> None:
    with pytest.raises(ValueError, match=r"cities|candidates"):
        Size(cities=cities, candidates_per_unit=candidates)
