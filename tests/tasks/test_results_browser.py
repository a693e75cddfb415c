"""The result report on paper: it fits A4, nothing is cut, and it asks for nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tasks.results.content import document_of
from tasks.results.page import page_bytes
from tasks.results.source import source_of
from tests.browser.scene import chromium, patient
from tests.export.test_browser import pages_of
from tests.support import cycle
from tests.support.programs import needs_chromium

pytestmark = [pytest.mark.browser, needs_chromium]
# Pages: a township's three posts on two, a county's congress or CPPCC with twenty people on four.
MOST = {"640302103-government": 2, "640302-congress": 4, "640302-cppcc": 4}
A4_WIDTH, A4_HEIGHT = "594.9", "841.9"
# Of everything that is printed: is it wider than what holds it?
CUT = """() => [...document.querySelectorAll("body *")].filter(
    one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0).map(one => one.tagName)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("results")
    home = cycle.small_home(folder / "home", run=True)
    made = {}
    for unit in MOST:
        document = document_of(source_of(home, unit))
        for lang in ("zh", "en"):
            made[f"{unit}/{lang}"] = folder / f"{unit}-{lang}.html"
            content = page_bytes(document, "zh" if lang == "zh" else "en")
            made[f"{unit}/{lang}"].write_bytes(content)
    return made


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("unit", MOST)
def test_it_prints_on_a4(browser: Browser, reports: dict[str, Path], unit: str, lang: str) -> None:
    page = browser.new_page(viewport={"width": 800, "height": 1100})
    patient(page)
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(reports[f"{unit}/{lang}"].as_uri())
    page.emulate_media(media="print")
    assert page.evaluate(CUT) == []
    pdf = page.pdf(prefer_css_page_size=True)
    page.close()
    assert (len(requests), complaints) == (1, [])
    assert 1 <= pages_of(pdf) <= MOST[unit]
    assert f"/MediaBox [0 0 {A4_WIDTH}".encode() in pdf
    assert A4_HEIGHT.encode() in pdf
