"""Five people at the desk, each in a browser of their own, in two languages.

Expected (issue 16): a key is made in the browser and vouched for by somebody who compared its
fingerprint; a gate is refused, the refusal taken back, and two organs sign it open without one
shell command after `serve`; an act is seen by the others by itself; every page is accessible at 390
and 1280 pixels; nothing leaves the origin, and what was signed there verifies everywhere.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from data.checkpoints import file_checkpoint, new_checkpoint, sign_checkpoint
from data.home import Home
from data.keyfiles import load_key
from data.objections import REJECTED
from data.pkcs8 import encrypted
from data.verify import verify
from schemas.envelopes import key_id, raw_public
from schemas.vocabulary import Stage
from tasks.officers.recording import Recorder
from tests.asklists.filling import Person as FillsIn
from tests.authority.rows_confirmations import invented, kept_waiting
from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_SECRETARY,
    COUNTY,
    DISCIPLINE,
    KEYLESS,
    LIAISON,
    SECRETARY,
    TALKS,
    UNIT,
    Case,
    case_of,
)
from tests.browser import scene as county
from tests.browser.scene import chromium, patient
from tests.desk.scene import desk_alone
from tests.desk.test_desk import PATHS
from tests.intake.files import workbook
from tests.objections import scene as concluded
from tests.support import cycle
from tests.support.patience import until
from tests.support.programs import needs_chromium
from tests.support.served import Served, serving
from tests.support.signing import delivers, private_of, signers_of

pytestmark = [pytest.mark.server, pytest.mark.browser, needs_chromium]

PASSPHRASE = "correct horse battery"  # noqa: S105 (of a test)
GATE = f"/gate/{UNIT}/plan"
DROPPED = """(text) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], "checkpoint.txt"));
  document.querySelector("h1").dispatchEvent(
    new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""
# 210 mm without margins of 14 mm, at 96 points an inch.
PRINTED = {"width": 688, "height": 1000}
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def key_file(officer: str, folder: Path) -> Path:
    """A key as the command line writes it; in a browser each opening takes its rounds."""
    file = folder / f"{officer}.key"
    file.write_bytes(encrypted(private_of(officer), PASSPHRASE.encode(), rounds=1000))
    return file


class Person:
    """Somebody at the desk, with a browser of their own."""

    def __init__(self, browser: Browser, desk: str, locale: str, size: dict[str, int]) -> None:
        context = browser.new_context(locale=locale, viewport=size)  # type: ignore[arg-type]
        self.page: Page = context.new_page()
        self.desk = desk
        self.left: list[str] = []
        self.faults: list[str] = []
        patient(self.page)
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._said)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.desk, "blob:", "data:")):
            self.left.append(request.url)

    def _said(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def enter(self, officer: str, file: Path | None = None) -> Person:
        """Sign in."""
        page = self.page
        page.goto(f"{self.desk}/sign-in")
        page.fill("[name=officer]", officer)
        if file:
            page.set_input_files("[name=file]", str(file))
        page.fill("[name=passphrase]", PASSPHRASE)
        page.press("[name=passphrase]", "Enter")
        page.wait_for_url(f"{self.desk}/")
        return self

    def act(self, name: str, reason: str = "") -> None:
        """Do something by the keyboard alone: the button, what is shown, the signature."""
        form = self.page.locator(f"form[data-act={name}]").first
        if reason:
            form.locator("[name=reason]").fill(reason)
        form.locator("button").focus()
        self.page.keyboard.press("Enter")
        dialog = self.page.locator("dialog[open]")
        expect(dialog).to_be_visible()
        dialog.locator("button[value=sign]").focus()
        self.page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()


@contextmanager
def person(browser: Browser, desk: str, locale: str, size: dict[str, int]) -> Iterator[Person]:
    """Somebody, of whom nothing went elsewhere and no script failed."""
    somebody = Person(browser, desk, locale, size)
    yield somebody
    assert somebody.left == []
    assert somebody.faults == []
    somebody.page.context.close()


def outcome(served: Served) -> str:
    return cycle.decisions(served.home)[UNIT, "plan"][0]


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds on the page that is open; in the dark only the colours are others."""
    page.emulate_media(color_scheme="light")
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    of_colours = {"runOnly": {"type": "tag", "values": ["cat.color"]}}
    dark: list[dict[str, Any]] = Axe().run(page, options=of_colours).response["violations"]
    return found + dark


def accessible(somebody: Person, paths: tuple[str, ...]) -> dict[str, list[str]]:
    """What axe finds on pages, light and dark."""
    found = {}
    for path in paths:
        somebody.page.goto(f"{somebody.desk}{path}")
        assert somebody.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        found[path] = [
            f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations(somebody.page)
        ]
    return {path: those for path, those in found.items() if those}


def fits_on_paper(somebody: Person, path: str) -> bool:
    """Whether a page is no wider than what A4 leaves between its margins."""
    page = somebody.page
    page.goto(f"{somebody.desk}{path}")
    page.emulate_media(media="print")
    page.set_viewport_size(PRINTED)  # type: ignore[arg-type]
    fits = bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.emulate_media(media="screen")
    return fits and page.pdf(format="A4")[:5] == b"%PDF-"


def waive(first: Person, second: Person) -> None:
    """Two organs waive what keeps the gate closed."""
    for one in (first, second):
        one.page.goto(f"{one.desk}{GATE}")
    first.page.locator("details:has(form[data-act=waive]) summary").first.press("Enter")
    first.page.locator("[name=until]").first.fill("2017-01-05")
    first.act("waive", "本人住院")
    second.act("join-waiver")


def run_a_stage(somebody: Person) -> None:
    """Launch a stage by hand, and see on its page, which nobody loads anew, how the run ends."""
    page = somebody.page
    page.goto(f"{somebody.desk}/stages")
    page.fill("#launch [name=scope]", UNIT)
    page.press("#launch [name=scope]", "Enter")
    page.wait_for_url("**/stages/*-*")
    page.locator("main").focus()
    expect(page.locator("[data-run]")).to_contain_text("Waiting", ignore_case=True)
    assert "/runs/flow-run/" in str(page.locator("[data-run] a").first.get_attribute("href"))
    assert in_place(somebody) == []


def filtered_board(somebody: Person) -> None:
    """Ask the board for a county's congresses that a check keeps closed, by the keyboard."""
    page = somebody.page
    page.goto(f"{somebody.desk}/board")
    page.fill("[name=scope]", COUNTY)
    for name, option in (("body", "congress"), ("check", TALKS)):
        page.locator(f"[name={name}]").focus()
        page.locator(f"[name={name}]").select_option(option)
    page.press("[name=scope]", "Enter")
    page.wait_for_url(f"**/board?scope={COUNTY}&body=congress&state=&check={TALKS}")
    expect(page.locator("table.board")).to_be_visible()
    assert page.locator("table.board tbody a:not([href*='-congress/'])").count() == 0
    assert in_place(somebody) == []


def make_key(somebody: Person, file: Path) -> str:
    """Make and enrol a key in the browser, and keep its file; its fingerprint."""
    page = somebody.page
    page.goto(f"{somebody.desk}/enrol")
    page.fill("[name=officer]", KEYLESS)
    page.fill("[name=passphrase]", PASSPHRASE)
    page.fill("[name=again]", PASSPHRASE)
    page.click("#enrol button")
    expect(page.locator("#enrolled")).to_be_visible()
    with page.expect_download() as loading:
        page.click("#download")
    loading.value.save_as(file)
    file.chmod(0o600)
    return page.locator("#fingerprint").inner_text()


def confirm_who_is_who(case: Case, deliverer: Person, other: Person) -> None:
    """What one organ delivered of who is who waits, and the other looks at it and confirms it."""
    kept_waiting(case, "officers", invented(), by=LIAISON)
    expect(deliverer.page.locator("main")).to_contain_text("waits for a confirmation")
    expect(other.page.locator("form[data-act=confirm]")).to_be_visible()
    other.page.locator("details[data-from] summary").first.press("Enter")
    expect(other.page.locator("details .from")).to_contain_text("某人")
    assert in_place(other) == []
    other.act("confirm")
    expect(other.page.locator("form[data-act=confirm]")).to_have_count(0)
    expect(deliverer.page.locator("main")).not_to_contain_text("waits for a confirmation")


def test_people_open_a_gate_at_the_desk(tmp_path: Path) -> None:
    case = case_of("lacking", tmp_path / "home")
    files = {one: key_file(one, tmp_path) for one in (SECRETARY, LIAISON, DISCIPLINE)}
    with (
        serving(case.home) as served,
        chromium() as browser,
        person(browser, served.desk, "zh-CN", NARROW) as secretary,
        person(browser, served.desk, "en-GB", WIDE) as liaison,
        person(browser, served.desk, "zh-CN", WIDE) as newcomer,
        person(browser, served.desk, "en-GB", NARROW) as discipline,
    ):
        # Somebody new makes a key, and another organ vouches for it.
        made = tmp_path / "made.key"
        fingerprint = make_key(newcomer, made)
        discipline.enter(DISCIPLINE, files[DISCIPLINE])
        discipline.page.goto(f"{served.desk}/officers")
        expect(discipline.page.locator("p.fingerprint")).to_have_text(fingerprint)
        discipline.act("vouch")
        newcomer.enter(KEYLESS)

        liaison.enter(LIAISON, files[LIAISON])
        confirm_who_is_who(case, liaison, discipline)
        for one in (liaison, discipline):
            filtered_board(one)
        waive(discipline, liaison)

        # The secretary refuses on a telephone; the others see it without doing anything.
        secretary.enter(SECRETARY, files[SECRETARY])
        liaison.page.goto(served.desk)
        expect(liaison.page.locator(f"a[href='{GATE}']")).to_be_visible()
        for one in (secretary, liaison):
            one.page.goto(f"{served.desk}{GATE}")
        secretary.act("refuse", "<b>材料不实</b>")
        expect(liaison.page.locator("main")).to_contain_text("<b>材料不实</b>")
        until(lambda: outcome(served) == "blocked", "blocked")
        expect(liaison.page.locator(".outcome .state")).to_have_text("blocked")
        secretary.act("withdraw", "已核实")
        until(lambda: outcome(served) == "waiting", "waiting")
        run_a_stage(discipline)

        # Both sign; the watch launches the stage, and the gate is open on every page.
        expect(secretary.page.locator("form[data-act=sign]")).to_be_visible()
        secretary.act("sign")
        liaison.page.reload()
        liaison.act("sign")
        until(lambda: outcome(served) == "open", "open")
        expect(secretary.page.locator(".outcome .state")).to_contain_text("通过")

        for one in (secretary, liaison):
            histories = f"/history?unit={UNIT}", f"/history?unit={COUNTY}&stage=plan"
            assert accessible(one, (*PATHS, *histories, "/history?unit=nowhere")) == {}
        for path in (GATE, "/history", f"/history?unit={UNIT}"):
            assert fits_on_paper(newcomer, path)
        for one in (newcomer, discipline):
            one.page.click("#leave")
            one.page.wait_for_url("**/sign-in")
        assert accessible(newcomer, ("/sign-in", "/enrol")) == {}
    # The browser's key file is one of the command line's and of openssl's.
    public = raw_public(load_key(made, PASSPHRASE))
    (enrolled,) = (
        one for one in cycle.entries(case.home, "key-enrolled") if one["officer"] == KEYLESS
    )
    assert key_id(public) == enrolled["key"]
    read = subprocess.run(
        ("openssl", "pkey", "-in", str(made), "-passin", f"pass:{PASSPHRASE}", "-noout"),
        capture_output=True,
        check=False,
    )
    assert read.returncode == 0
    assert verify(case.home, blobs=True, acts=True)[1] is None


# A county's vetting, from its ask list to the open gate


def filled_in(path: Path) -> tuple[str, str]:
    """Fill in an ask list, with one day that is none; gives what stands there, and the true day."""
    rows = cycle.small_rows()
    short = {county.candidate(): {"opened_on": county.OPENED, "closed_on": county.CLOSED}}
    known = cycle.changed(rows, "public_notices", **short)
    assert FillsIn(rows, known, "zh").fill(path)
    book = CalamineWorkbook.from_path(path)
    tables = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    table = next(one for name, one in tables.items() if name == "任前公示")
    at = table[0].index("公示结束日期")
    (row,) = [one for one in table[1:] if county.candidate() in one]
    true, row[at] = str(row[at])[:10], "<i>下周二</i>"
    workbook(path, {"任前公示": table})
    return str(row[at]), true


def in_place(somebody: Person) -> list[str]:
    """What axe finds on the page that is open, light and dark."""
    found = [one["id"] for one in violations(somebody.page)]
    assert somebody.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return found


def hand_in(somebody: Person, folder: Path) -> None:
    """Take an ask list away, fill it in, hand it in as it is, mend a cell there, and deliver."""
    page = somebody.page
    page.goto(f"{somebody.desk}/ask-lists")
    with page.expect_download() as loading:
        page.click(f"a[href='/ask-lists/{county.COUNTY}']")
    asked = folder / loading.value.suggested_filename
    loading.value.save_as(asked)
    odd, true = filled_in(asked)
    page.goto(f"{somebody.desk}/hand-in")
    page.set_input_files("[name=files]", str(asked))
    page.locator("#choose button").press("Enter")
    cell = page.locator("form.mend [data-at]")
    expect(cell).to_have_value(odd)
    assert in_place(somebody) == []
    cell.fill(true)
    cell.press("Enter")
    expect(page.locator("form.mend")).to_have_count(0)
    assert in_place(somebody) == []
    somebody.act("deliver")
    expect(page.locator(".sheet [role=status]")).to_contain_text("已报送")
    page.goto(somebody.desk)
    expect(page.locator("main")).to_contain_text("您报送的")
    expect(page.locator("section[data-from] .from")).to_be_visible()


def verify_receipt(somebody: Person, home: Home, gate: str, receipt: Path) -> None:
    """Take a gate's receipt away, and have it verified in the page."""
    note = new_checkpoint(home).text().encode()
    for officer in (CITY_SECRETARY, CITY_DISCIPLINE):
        note = sign_checkpoint(home, note, officer, private_of(officer)).text().encode()
    file_checkpoint(home, note)
    page = somebody.page
    page.goto(f"{somebody.desk}{gate}")
    with page.expect_download() as loading:
        page.click("a[href^='/receipt/']")
    loading.value.save_as(receipt)
    page.goto(f"{somebody.desk}/history")
    page.set_input_files("#receipt [name=file]", str(receipt))
    page.locator("#receipt button").press("Enter")
    expect(page.locator("#proven")).to_contain_text(county.UNIT)
    # A checkpoint is dropped onto the page.
    page.evaluate(DROPPED, note.decode())
    expect(page.locator("#proven")).to_contain_text("存证点与记录相符")


def test_a_county_is_vetted_from_its_ask_list_to_the_open_gate(tmp_path: Path) -> None:
    home = county.county_home(tmp_path / "home")
    delivers(home, county.OFFICER)
    gate = f"/gate/{county.UNIT}/vetting"
    snapshot = Recorder(home).snapshot("cycle")
    signers = signers_of(home, snapshot.pack, snapshot.history)[county.UNIT, Stage.VETTING]
    files = {one: key_file(one, tmp_path) for one in (*signers, county.OFFICER)}
    with (
        serving(home) as served,
        chromium() as browser,
        person(browser, served.desk, "zh-CN", NARROW) as supplier,
        person(browser, served.desk, "en-GB", WIDE) as first,
        person(browser, served.desk, "zh-CN", WIDE) as second,
    ):

        def stands() -> str:
            return cycle.decisions(served.home)[county.UNIT, "vetting"][0]

        def handed_on() -> bool:
            made = cycle.entries(served.home, "handed-on")
            return (county.UNIT, "vetting") in [(one["unit"], one["stage"]) for one in made]

        assert stands() != "open"
        supplier.enter(county.OFFICER, files[county.OFFICER])
        hand_in(supplier, tmp_path)

        # The stage is run by itself; who signs sees the rows, refuses, takes it back, and signs.
        for one, officer in ((first, signers[0]), (second, signers[1])):
            one.enter(officer, files[officer])
            one.page.goto(f"{served.desk}{gate}")
            expect(one.page.locator("form[data-act=sign]")).to_be_visible()
        first.page.locator("details[data-from] summary").press("Enter")
        expect(first.page.locator("details .from")).to_contain_text(county.candidate())
        first.page.locator("details[data-from] summary").press("Enter")
        first.act("refuse", "待核实")
        until(lambda: stands() == "blocked", "blocked")
        expect(first.page.locator("form[data-act=withdraw]")).to_be_visible()
        first.act("withdraw", "已核实")
        expect(first.page.locator("form[data-act=sign]")).to_be_visible()
        first.act("sign")
        second.page.reload()
        second.act("sign")
        until(lambda: stands() == "open", "open")

        until(handed_on, "handed on")
        verify_receipt(second, home, gate, tmp_path / "receipt")
        for one, path in ((first, f"{gate}/rows"), (second, "/ask-lists")):
            assert accessible(one, (path,)) == {}
    assert verify(home, blobs=True, acts=True)[1] is None


# An objection to a concluded unit


def test_an_objection_is_raised_and_rejected(tmp_path: Path) -> None:
    home = concluded.concluded_home(tmp_path / "home")
    officers = concluded.DISCIPLINE, concluded.LIAISON
    with (
        desk_alone(home) as desk,
        chromium() as browser,
        person(browser, desk, "en-GB", NARROW) as discipline,
        person(browser, desk, "zh-CN", WIDE) as liaison,
    ):
        for one, officer in zip((discipline, liaison), officers, strict=True):
            one.enter(officer, key_file(officer, tmp_path))
            one.page.goto(f"{desk}/objections")
        expect(liaison.page.locator("main")).to_contain_text("没有异议")
        # Both see what is raised, and the ruling, without doing anything.
        seq, other = concluded.objected(home)
        found = [one.page.locator(f"#o{seq}") for one in (discipline, liaison)]
        expect(found[0]).to_contain_text("to be ruled on")
        expect(found[1]).to_contain_text("待裁定")
        discipline.act("rule", "<b>举报不实</b>")
        expect(found[0].locator("p").first).to_have_text("rejected")
        expect(found[1].locator("p").first).to_have_text("已驳回")
        expect(found[1]).to_contain_text("<b>举报不实</b>")
        for one in (discipline, liaison):
            assert in_place(one) == []
        discipline.page.goto(desk)
        expect(discipline.page.locator(f"a[href='/objections#o{other}']")).to_be_visible()
        expect(discipline.page.locator(f"a[href='/objections#o{seq}']")).to_have_count(0)
    assert concluded.settled(home, seq).state == REJECTED
    assert verify(home, acts=True)[1] is None
