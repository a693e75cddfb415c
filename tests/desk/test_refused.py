"""What the desk says when something is refused, and that it goes on saying it.

Expected (WCAG 2.2, 3.3.1 and 2.2.1): a refusal is told in words, has the keyboard, and stays until
whoever reads it dismisses it or does something else; the page beneath shows what is true by now.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.authority.scene import SECRETARY, case_of, meeting
from tests.browser.scene import chromium
from tests.desk.scene import desk_alone
from tests.desk.test_browser import GATE, NARROW, WIDE, in_place, key_file, person
from tests.objections import scene as concluded
from tests.support.programs import needs_chromium

pytestmark = [pytest.mark.browser, needs_chromium]

SIGN = "form[data-act=sign] button"


def test_a_refused_signature_is_told_until_it_is_read(tmp_path: Path) -> None:
    case = case_of("decided", tmp_path / "home")
    with (
        desk_alone(case.home) as desk,
        chromium() as browser,
        person(browser, desk, "zh-CN", NARROW) as secretary,
    ):
        page, refusal = secretary.page, secretary.page.locator("#refusal")
        secretary.enter(SECRETARY, key_file(SECRETARY, tmp_path))
        page.goto(f"{desk}{GATE}")
        page.click(SIGN)
        expect(page.locator("dialog[open]")).to_be_visible()
        case.deliver("measures", meeting(1))
        page.click("dialog [value=sign]")
        expect(refusal).to_contain_text("再次运行该环节后再签字")
        expect(refusal).to_be_focused()
        assert refusal.get_attribute("role") == "alert"
        # The page follows: first that it cannot be signed now, then that it can be again.
        expect(page.locator(SIGN)).to_have_count(0)
        case.launch()
        expect(page.locator(SIGN)).to_be_visible()
        expect(refusal).to_contain_text("再次运行该环节后再签字")
        assert in_place(secretary) == []
        page.click("#dismiss")
        expect(refusal).to_be_hidden()
        # Or until something else is done.
        page.click(SIGN)
        expect(page.locator("dialog[open]")).to_be_visible()
        case.deliver("measures", meeting(2))
        page.click("dialog [value=sign]")
        expect(refusal).to_be_visible()
        case.launch()
        page.click(SIGN)
        expect(page.locator("dialog[open]")).to_be_visible()
        expect(refusal).to_be_hidden()
        page.click("dialog [value=cancel]")


def test_a_refused_ruling_leaves_no_page_that_is_no_longer_true(tmp_path: Path) -> None:
    home = concluded.concluded_home(tmp_path / "home")
    seq, _ = concluded.objected(home)
    with (
        desk_alone(home) as desk,
        chromium() as browser,
        person(browser, desk, "zh-CN", WIDE) as somebody,
    ):
        page = somebody.page
        officer = concluded.DISCIPLINE
        somebody.enter(officer, key_file(officer, tmp_path))
        page.goto(f"{desk}/objections")
        one = page.locator(f"#o{seq}")
        expect(one).to_contain_text("待裁定")
        # Whoever types is not interrupted, and rules in another window meanwhile.
        one.locator("form[data-act=rule] [name=reason]").first.fill("举报不实")
        concluded.rule(home, seq, "reject", officer)
        expect(page.locator("#moved")).to_be_visible()
        expect(one).to_contain_text("待裁定")
        one.locator("form[data-act=rule] button").first.click()
        expect(page.locator("#refusal")).to_be_focused()
        expect(one).to_contain_text("已驳回")
        expect(one.locator("form[data-act=rule]")).to_have_count(0)
        expect(page.locator("#refusal")).to_be_visible()
