"""What the browser is shown: a county of which one thing keeps one body from going on.

Rules: all other bodies of the county have passed, and whatever else is reached waits for its
signatures, so that nothing happens that the story does not tell. Chromium is kept from its maker's
own connections, and a request that leaves this machine is aborted and remembered.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from data.home import Home
from schemas.vocabulary import Stage
from tests.support import cycle
from tests.support.patience import PATIENCE
from tests.support.programs import CHROMIUM
from tests.support.signing import enrol

COUNTY, UNIT = "640302", "640302-government"
OFFICER = "o-640302-03"
# After the committee decided: six days with a weekend in them, four working days, and five are due.
OPENED, CLOSED, MENDED = date(2016, 10, 20), date(2016, 10, 25), date(2016, 10, 26)

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZE = {"width": 1280, "height": 800}


def candidate() -> str:
    """Somebody proposed for the county's government, whose name was made public."""
    rows = cycle.small_rows()
    proposed = {one["candidate"] for one in rows["candidates"] if one["unit"] == UNIT}
    notices = (one for one in rows["public_notices"] if one["candidate"] in proposed)
    return str(next(one["candidate"] for one in notices if one["opened_on"]))


def county_home(path: Path) -> Home:
    """The home in which the story begins."""
    short = {candidate(): {"opened_on": OPENED, "closed_on": CLOSED}}
    home = cycle.open_home(path, cycle.changed(cycle.small_rows(), "public_notices", **short))
    enrol(home)
    cycle.launch(home, Stage.PLAN)
    with cycle.unsynced():
        cycle.run(home, Stage.VETTING, COUNTY)
    cycle.launch(home, Stage.INSPECTION, COUNTY)
    return home


def mended_notice(folder: Path) -> Path:
    """The file that the county hands in: the notice as it really was."""
    file = folder / "public_notices.csv"
    row = f"{candidate()},无,{OPENED},{MENDED}"
    file.write_text(f"人选编号,免予公示,公示开始日期,公示结束日期\n{row}\n", encoding="utf-8")
    return file


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, connecting to nothing by itself."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def patient(page: Page) -> None:
    """Let a page wait as all tests do."""
    page.set_default_timeout(PATIENCE * 1000)  # milliseconds
    expect.set_options(timeout=PATIENCE * 1000)


def opened_page(browser: Browser, left: list[str], password: str) -> Page:
    """A page of the size of a small screen; what it asks of other machines goes to `left`.

    It has the password as if somebody had typed it.
    """
    page = browser.new_page(
        viewport=SIZE,  # type: ignore[arg-type]
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    patient(page)
    typed = base64.b64encode(password.encode()).decode()
    page.add_init_script(f"localStorage.setItem('prefect-password', '{typed}')")

    def inside(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost"):
            route.continue_()
        else:
            left.append(route.request.url)
            route.abort()

    page.route("**/*", inside)
    return page
