"""Several gates signed as one list: each was looked at, and gets a signature of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.authority.scene import (
    CITY_SECRETARY,
    OTHER,
    SECRETARY,
    UNIT,
    Case,
    case_of,
    meeting,
)
from tests.browser.scene import chromium
from tests.desk.scene import desk_alone
from tests.desk.test_browser import Person, in_place, key_file
from tests.support import cycle
from tests.support.programs import needs_chromium

pytestmark = [pytest.mark.browser, needs_chromium]

# So low that no two gates are on the screen at once.
LOW = {"width": 390, "height": 260}


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Two gates that wait for the same signature."""
    return case_of("decided", tmp_path / "home")


@pytest.fixture
def signer(case: Case, tmp_path: Path) -> Iterator[Person]:
    with desk_alone(case.home) as address, chromium() as browser:
        made = Person(browser, address, "en-GB", LOW)
        made.enter(CITY_SECRETARY, key_file(CITY_SECRETARY, tmp_path))
        made.page.goto(f"{address}/sign")
        expect(made.page.locator(".to-sign")).to_have_count(2)
        yield made
        assert made.left == []
        assert made.faults == []


def signed(case: Case) -> list[tuple[str, str]]:
    """Unit and officer of every sign-off on record."""
    return [(one["unit"], one["officer"]) for one in cycle.entries(case.home, "signed")]


def told(page: Page, unit: str) -> str:
    """What is said beneath a gate."""
    return page.locator(f".to-sign[data-unit='{unit}'] .signed").inner_text()


def look_at_each(page: Page) -> None:
    for place in (0, 1):
        page.locator(".to-sign .signed").nth(place).scroll_into_view_if_needed()
        page.wait_for_timeout(100)
    expect(page.locator("#unseen-yet")).to_be_hidden()


def test_several_gates_are_signed_once_each_was_on_the_screen(signer: Person, case: Case) -> None:
    page, before = signer.page, signed(case)
    assert in_place(signer) == []
    button = page.locator("#sign-list button")
    button.evaluate("one => one.form.requestSubmit()")
    expect(page.locator("#refusal")).to_contain_text("look at every gate first")
    look_at_each(page)
    button.press("Enter")
    statement = page.locator("#statement")
    expect(statement).to_contain_text(UNIT)
    expect(statement).to_contain_text(OTHER)
    page.locator("dialog[open] button[value=sign]").press("Enter")
    expect(button).to_be_hidden()
    assert {told(page, one)[:24] for one in (UNIT, OTHER)} == {"signed, on record as ent"}
    assert sorted(signed(case)[len(before) :]) == sorted(
        (one, CITY_SECRETARY) for one in (UNIT, OTHER)
    )


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        (
            "en-GB",
            [
                "looked at on\n2016-12-31",
                "outcome\nwaiting (waiting)",
                "Statutory calendar: pass 1",
                "sign-offs: missing 2",
                "changed since it was last signed or refused\nsigned or refused last as entry",
                "measures: changed 1",
            ],
        ),
        (
            "zh-CN",
            [
                "核查日期\n2016-12-31",
                "核查结论\n待补（waiting）",
                "法定时间表：合格 1",
                "会签：缺失 2",
                "上次签字或拒签之后的变化\n上次签字或拒签的记录号：",
                "部署步骤：有改动 1",
            ],
        ),
    ],
)
def test_what_was_looked_at_is_read_in_words_from_the_first_line_on(
    tmp_path: Path, locale: str, words: list[str]
) -> None:
    case = case_of("open", tmp_path / "home")
    case.deliver("measures", meeting(1))
    case.launch()
    with desk_alone(case.home) as address, chromium() as browser:
        made = Person(browser, address, locale, {"width": 390, "height": 500})
        made.enter(SECRETARY, key_file(SECRETARY, tmp_path))
        made.page.goto(f"{address}/gate/{UNIT}/plan")
        made.page.locator("form[data-act=sign] button").click()
        dialog = made.page.locator("dialog[open]")
        expect(dialog).to_be_visible()
        told = made.page.locator("#statement").inner_text()
        assert [one for one in words if one not in told] == []
        assert "{" not in told
        assert "[object" not in told
        assert dialog.evaluate("one => one.scrollTop") == 0
        dialog.locator("button[value=sign]").click()
        expect(dialog).to_be_hidden()
        assert made.faults == []
    assert cycle.entries(case.home, "signed")[-1]["officer"] == SECRETARY


def test_what_changed_since_it_was_shown_is_not_signed(signer: Person, case: Case) -> None:
    page = signer.page
    look_at_each(page)
    page.locator("#sign-list button").press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    planned = next(row for row in cycle.small_rows()["calendar"] if row["unit"] == OTHER)
    days = {**planned, "vetting_on": planned["nomination_on"]}
    case.deliver("calendar", days)
    page.locator("dialog[open] button[value=sign]").press("Enter")
    expect(page.locator(f".to-sign[data-unit='{UNIT}'] .signed")).to_contain_text("signed")
    expect(page.locator(f".to-sign[data-unit='{OTHER}'] .signed")).not_to_be_empty()
    assert "signed, on record" not in told(page, OTHER)
    assert [unit for unit, _ in signed(case)][-1] == UNIT
    assert OTHER not in dict(signed(case))
