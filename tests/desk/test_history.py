"""The history at the desk, as it is asked for.

Expected (issue 16): by unit or county, by code or name, by stage, officer, check, outcome and
subject, by the day of the cycle and by when it was recorded; what there is not is told in the
reader's language, beside the form; picture and file are of what was asked for.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from schemas.decisions import unpacked
from schemas.vocabulary import Status
from tests.authority.scene import (
    COUNTY,
    LIAISON,
    NOT_TALKED_TO,
    OTHER,
    PLACE,
    SECRETARY,
    TALKS,
    UNIT,
    Case,
    case_of,
    meeting,
)
from tests.desk.scene import Reader, desk_of, reader_of
from tests.support import cycle

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A home that was looked at on two days, with a waiver, a hand-off and two units' gates."""
    case = case_of("excepted", tmp_path_factory.mktemp("history") / "home")
    case.deliver("measures", meeting(1))
    cycle.launch(case.home, "plan", PLACE, cycle.ON + DAY)
    return case


@pytest.fixture(scope="module")
def reader(case: Case) -> Iterator[Reader]:
    with desk_of(case) as desk, reader_of(desk, SECRETARY) as reader:
        yield reader


def page(reader: Reader, asked: str, lang: str = "en") -> str:
    answer = reader.get(f"/history?{asked}", **{"accept-language": lang})
    assert answer.status_code == 200
    return answer.text


def numbers(shown: str) -> list[int]:
    """The entries that a page lists."""
    return [int(one) for one in re.findall(r'<tr id="e([0-9]+)"', shown)]


def drawn(shown: str) -> set[int]:
    """The entries that the picture leads to."""
    picture = shown.partition('class="timeline"')[2].partition("</svg>")[0]
    return {int(one) for one in re.findall(r"#e([0-9]+)", picture)}


# By what it is asked


@pytest.mark.parametrize("asked", [COUNTY, "清源区", f" {COUNTY} "])
def test_a_county_by_code_or_name_gives_its_units(reader: Reader, case: Case, asked: str) -> None:
    shown = page(reader, f"unit={asked}")
    below = [
        one["seq"]
        for one in cycle.entries(case.home)
        if str(one.get("unit", "")).startswith(COUNTY)
    ]
    assert numbers(shown) == below[::-1]
    units = {one["unit"] for one in cycle.entries(case.home) if one["seq"] in below}
    assert units >= {UNIT, OTHER}
    # What is drawn is of the same units: a line for each, decisions and hand-offs alike.
    picture = shown.partition('class="timeline"')[2].partition("</svg>")[0]
    assert {UNIT, OTHER} <= set(re.findall(r"/history\?unit=([0-9a-z-]+)", picture))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("unit=乌有县", ("没有叫“乌有县”的行政区或单位", "no place or unit is called “乌有县”")),
        ("officer=o-1-1", ("没有编号为“o-1-1”的责任人员", "no officer on record has the id")),
        ("check=plan.x", ("检查 plan.x：没有这项检查", "check plan.x: no such check")),
        ("from=2016-13-01", ("核查日期从 2016-13-01：填日期", "from 2016-13-01: give a day")),
        ("since=never", ("记录从（日期或记录号） never", "recorded from (day or entry) never")),
    ],
)  # fmt: skip
def test_what_there_is_not_is_told_beside_the_form(
    reader: Reader, asked: str, told: tuple[str, str], lang: str
) -> None:
    shown = page(reader, asked, lang)
    assert told[lang == "en"] in shown.partition('role="alert">')[2]
    assert "<form" in shown
    assert numbers(shown) == []
    assert 'class="none"' not in shown
    name, _, value = asked.partition("=")
    # It stays where it was typed; a check is chosen from those that there are.
    assert name == "check" or f'value="{value}"' in shown


def test_by_the_day_of_the_cycle_and_by_when_it_was_recorded(reader: Reader, case: Case) -> None:
    every = cycle.entries(case.home)
    later = (cycle.ON + DAY).isoformat()
    assert {one["on"] for one in every} == {cycle.ON.isoformat(), later}
    of_day = [one["seq"] for one in every if one["on"] == later]
    assert numbers(page(reader, f"from={later}")) == of_day[::-1]
    until = numbers(page(reader, f"to={cycle.ON.isoformat()}"))
    assert not set(until) & set(of_day)
    assert until
    # All of it was recorded on a day of our own.
    assert numbers(page(reader, f"until={later}")) == []
    assert numbers(page(reader, f"since={later}&from={later}")) == of_day[::-1]


def test_by_subject_check_and_officer(reader: Reader, case: Case) -> None:
    waived = [one["seq"] for one in cycle.entries(case.home, "waived")]
    found = numbers(page(reader, f"subject={NOT_TALKED_TO}"))
    assert set(waived) < set(found)
    # Whoever passed was looked at too.
    decided = [
        (one["seq"], each)
        for one in cycle.entries(case.home, "decided")
        for each in unpacked(one["findings"])
    ]
    passed = next(
        one.subject for _, one in decided if one.status is Status.PASS and "/" not in one.subject
    )
    told = {seq for seq, one in decided if passed in one.subject.split("/")}
    assert 0 < len(told) < len(cycle.entries(case.home, "decided"))
    assert set(numbers(page(reader, f"subject={passed}"))) == told
    assert numbers(page(reader, "subject=p-999999-0001")) == []
    assert set(waived) <= set(numbers(page(reader, f"check={TALKS}")))
    signed = [one["seq"] for one in cycle.entries(case.home, "signed") if one["officer"] == LIAISON]
    assert set(signed) <= set(numbers(page(reader, f"officer={LIAISON}")))


def test_fields_are_chosen_from_what_there_is(reader: Reader) -> None:
    shown = page(reader, "")
    for listed in (
        f'<option value="{COUNTY}">清源区</option>',
        f'<option value="{UNIT}">',
        f'<option value="{LIAISON}">',
        f'<option value="{TALKS}">',
        'name="from" type="date"',
    ):
        assert listed in shown
    assert f'<option value="{TALKS}" selected>' in page(reader, f"check={TALKS}")


# What follows it


def test_picture_and_file_are_of_what_was_asked_for(reader: Reader, case: Case) -> None:
    decided = [
        one["seq"]
        for one in cycle.entries(case.home, "decided")
        if (one["unit"], one["stage"]) == (UNIT, "plan")
    ]
    shown = page(reader, f"unit={UNIT}&outcome=open")
    opened = [
        one["seq"]
        for one in cycle.entries(case.home, "decided")
        if (one["unit"], one["outcome"]) == (UNIT, "open")
    ]
    assert drawn(shown) == set(opened)
    assert set(opened) < set(decided)
    link = shown.partition('href="/export/entries?')[2].partition('"')[0].replace("&amp;", "&")
    assert link
    given = reader.get(f"/export/entries?{link}", **{"accept-language": "en"})
    assert given.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(given.content.decode("utf-8-sig"))))
    assert rows[0][0] == "entry"
    assert [int(one[0]) for one in rows[1:]] == opened
    assert reader.get("/export/entries?unit=乌有县").status_code == 409
