"""The HTML report in a real browser: read, searched, translated and printed, from a file alone."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from data.home import Home
from data.ledger import Ledger
from schemas.text import reading_in
from tasks.export import write
from tests.browser.scene import chromium, patient
from tests.export.ledgers import EVIL, eventful
from tests.support import cycle
from tests.support.programs import needs_chromium

LARGEST = 3_000_000
pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    with cycle.unsynced(), reading_in("zh"):
        write(eventful(folder / "home"), "html", folder / "report.html")
    return folder / "report.html"


@pytest.fixture(scope="module")
def entry(report: Path) -> Callable[[str, str], int]:
    """The newest entry of a kind about a unit, in the record of the report."""
    ledger = Ledger(Home(report.parent / "home").ledger)
    rows = ledger.query("SELECT seq, body FROM entries")
    told = [(int(seq), json.loads(bytes(body))) for seq, body in rows]

    def newest(kind: str, unit: str) -> int:
        return max(seq for seq, one in told if (one["kind"], one.get("unit", "")) == (kind, unit))

    return newest


class Reader:
    """A page that was opened, with whatever it asked for or complained about."""

    def __init__(self, browser: Browser, path: Path) -> None:
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        patient(self.page)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.url = path.as_uri()
        self.page.goto(self.url)
        self.page.wait_for_selector("html[data-ready]")

    def went_nowhere(self) -> None:
        """Nothing but the file itself was asked for, and nothing went wrong."""
        assert self.requests == [self.url]
        assert self.complaints == []

    def rows(self) -> list[str]:
        return self.page.locator(".decisions tbody tr:visible").all_inner_texts()


@pytest.fixture
def reader(browser: Browser, report: Path) -> Iterator[Reader]:
    opened = Reader(browser, report)
    yield opened
    opened.went_nowhere()
    opened.page.close()


def hidden(page: Page, selector: str) -> bool:
    return not page.locator(selector).first.is_visible()


def test_the_board_is_read_and_leads_to_a_decision(
    reader: Reader, entry: Callable[[str, str], int]
) -> None:
    page, decided = reader.page, entry("decided", "640300-cppcc")
    cell = page.locator(f'table.board a[href="#e{decided}"]')
    assert f"记录第{decided}号" in str(cell.get_attribute("title"))
    cell.click()
    assert page.locator("#sheet h1").inner_text() == "清宁市政协"
    assert hidden(page, "#report")
    asked = page.locator(f"#d{decided} details").first
    assert asked.get_attribute("open") is not None
    told = page.locator(f"#d{decided}").inner_text()
    for said in ("密钥被吊销或更换", "会签", "统战部：应签", "该密钥已被吊销", "党委书记",
                 "本决定计入"):  # fmt: skip
        assert said in told
    page.locator(f"#d{decided} .quiet summary").first.click()
    assert "640300-cppcc-1" in page.locator(f"#d{decided}").inner_text()
    page.go_back()
    page.locator("#report").wait_for()
    assert hidden(page, "#sheet")


def test_a_unit_tells_how_its_gates_went(reader: Reader) -> None:
    page = reader.page
    page.locator('svg.timeline a[href="#unit/640302-government"]').click()
    assert page.locator("#sheet h1").inner_text() == "清源区政府"
    kinds = page.locator("#sheet table").last.inner_text()
    for said in ("拒签", "撤回", "被拒办理", "方案未经常委会审议"):
        assert said in kinds
    assert EVIL.replace("\u2028", "") in kinds.replace("\u2028", "").replace("\n", "")
    assert page.locator(".course svg a").count() == 6
    page.locator('#sheet a[href="#/"]').click()
    page.locator("#report").wait_for()


def test_entries_without_a_unit_can_be_opened(
    reader: Reader, entry: Callable[[str, str], int]
) -> None:
    page = reader.page
    page.locator(f'#s-officers a[href="#e{entry("key-revoked", "")}"]').click()
    page.locator("#sheet h1").wait_for()
    assert "吊销密钥" in page.locator("#sheet").inner_text()


def test_the_language_is_switched(reader: Reader) -> None:
    page = reader.page
    assert page.locator("h1").first.inner_text() == "换届关口审计报告"
    page.locator('label[for="lang-en"]').click()
    assert page.locator("h1:visible").inner_text() == "Audit report of the gate history"
    assert page.locator("html").get_attribute("lang") == "en"
    assert str(page.locator("#query").get_attribute("placeholder")).startswith("search units")
    assert page.locator("#by-stage option").first.inner_text() == "all stages"
    shown = page.locator("#s-again").inner_text()
    assert "a key was revoked or replaced" in shown
    assert "密钥被吊销" not in shown


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("拒签", ["640302-government"]),
        ("o-640300-uf-1", ["640300-cppcc", "640300-cppcc"]),
        ("640302-cppcc-2", ["640302-cppcc"]),
        ("nomination people's", ["640300-congress"]),
        ("nothing of the kind", []),
    ],
)
def test_decisions_are_searched(reader: Reader, words: str, found: list[str]) -> None:
    reader.page.fill("#query", words)
    rows = reader.page.locator(".decisions tbody tr:visible")
    assert [one.get_attribute("data-unit") for one in rows.all()] == found
    assert reader.page.locator("#count").inner_text() == f"{len(found)} / 9"


def test_decisions_are_filtered(reader: Reader) -> None:
    page = reader.page
    page.select_option("#by-stage", "nomination")
    assert len(reader.rows()) == 2
    page.select_option("#by-state", "held")
    assert len(reader.rows()) == 1
    page.select_option("#by-stage", "")
    page.select_option("#by-state", "")
    page.select_option("#by-unit", "640300-government")
    assert len(reader.rows()) == 1
    page.check("#earlier")
    assert len(reader.rows()) == 4


def pages_of(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ")


def test_it_prints_the_board_or_the_unit_that_is_chosen(reader: Reader) -> None:
    page = reader.page
    page.emulate_media(media="print")
    assert page.locator("table.board").is_visible()
    assert hidden(page, ".bar")
    assert hidden(page, ".decisions")
    board = page.pdf(prefer_css_page_size=True)
    page.goto(f"{reader.url}#unit/640300-government")
    page.wait_for_selector("#sheet h1")
    assert hidden(page, "table.board")
    assert page.locator("#sheet .strip").is_visible()
    unit = page.pdf(prefer_css_page_size=True)
    assert (board[:5], unit[:5]) == (b"%PDF-", b"%PDF-")
    assert 1 <= pages_of(unit) < pages_of(board) + 2


def test_without_scripts_the_tables_can_be_read(
    browser: Browser, report: Path, entry: Callable[[str, str], int]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("noscript").inner_text().startswith("浏览器未启用脚本")
    assert page.locator("table.board").is_visible()
    assert page.locator(".decisions tbody tr").count() == 9
    assert hidden(page, "#query")
    page.locator('label[for="lang-en"]').click()
    assert page.locator("h1").locator("visible=true").inner_text().startswith("Audit report")
    decided = f"#e{entry('decided', '640300-cppcc')}"
    page.locator(f'table.board a[href="{decided}"]').click()
    assert page.url.endswith(decided)
    assert page.locator(decided).is_visible()
    context.close()


@pytest.mark.long
def test_the_reference_cycle_fits_and_is_read(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    home = cycle.whole_home(tmp_path / "home", planted=True, run=True)
    target = tmp_path / "report.html"
    with reading_in("en"):
        write(home, "html", target)
    assert target.stat().st_size <= LARGEST
    browser: Browser = request.getfixturevalue("browser")  # after what needs no browser
    opened = Reader(browser, target)
    assert opened.page.locator("table.board a").count() > 300
    total = len(opened.rows())
    opened.page.select_option("#by-state", "blocked")
    assert 0 < len(opened.rows()) < total
    opened.page.locator(".decisions tbody tr:visible .seq").last.click()
    opened.page.locator("#sheet .asked .findings").first.wait_for()
    opened.went_nowhere()
    opened.page.close()
