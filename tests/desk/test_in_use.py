"""What only a browser shows of the desk in use: key files, where the keyboard stands, filters.

Expected (issue 16): key files of the command line work at the desk, and what is no key is told what
it is; what is typed is not lost; whoever closes a dialog stands where they were; nobody signs by
pressing Enter on what has just opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from playwright.sync_api import Browser, Page, expect

from data.keyfiles import make_key
from deployments.desk.pages import FIRST
from schemas.encodings import from_base64
from schemas.envelopes import fingerprint
from tasks.officers import keys
from tasks.officers.recording import Recorder
from tests.authority.scene import (
    CITY_SECRETARY,
    COUNTY,
    DELIVERER,
    DISCIPLINE,
    KEYLESS,
    LIAISON,
    SECRETARY,
    Case,
    case_of,
)
from tests.browser.scene import chromium
from tests.desk.scene import desk_alone
from tests.desk.test_browser import GATE, NARROW, PASSPHRASE, WIDE, Person, in_place, key_file
from tests.desk.test_handing_in import later, sheet
from tests.support import cycle
from tests.support.keyfiles import key_of
from tests.support.programs import needs_chromium
from tests.support.signing import who

pytestmark = [pytest.mark.browser, needs_chromium]


@dataclass(frozen=True)
class Served:
    """A desk that the tests of this file share, and where keys lie; nothing is recorded there."""

    case: Case
    address: str
    browser: Browser
    folder: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("desk")
    case = case_of("decided", folder / "home")
    keys.enrol(Recorder(case.home), who(KEYLESS))
    with desk_alone(case.home) as address, chromium() as browser:
        yield Served(case, address, browser, folder)


@pytest.fixture(params=["en-GB", "zh-CN"])
def stranger(served: Served, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody who has not signed in, in each language."""
    made = Person(served.browser, served.address, request.param, NARROW)
    yield made
    assert (made.left, made.faults) == ([], [])
    made.page.context.close()


@pytest.fixture(params=[SECRETARY])
def officer(served: Served, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody who signed in: for the secretary a gate waits."""
    made = Person(served.browser, served.address, "zh-CN", WIDE)
    made.enter(request.param, key_file(request.param, served.folder))
    yield made
    assert (made.left, made.faults) == ([], [])
    made.page.context.close()


# Key files


def odd_files(folder: Path) -> dict[str, tuple[Path, str, str]]:
    """Files that are no keys of the desk: by what they are, with what is told in each language."""
    private, secret = Ed25519PrivateKey.generate(), BestAvailableEncryption(PASSPHRASE.encode())
    pem, pkcs8 = Encoding.PEM, PrivateFormat.PKCS8
    mine = key_file(SECRETARY, folder).read_bytes()
    public = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    other = X25519PrivateKey.generate().private_bytes(pem, pkcs8, secret)
    contents = {
        "openssh": (key_of(folder / "ssh", SECRETARY).read_bytes(), "OpenSSH", "OpenSSH"),
        "plain": (private.private_bytes(pem, pkcs8, NoEncryption()), "no passphrase", "没有用口令"),
        "public": (public, "public key", "公钥"),
        "text": (b"a letter", "no key file", "不是密钥文件"),
        "large": (mine + bytes(1 << 17), "no key file", "不是密钥文件"),
        "cut off": (mine[:120] + mine[-40:], "damaged", "已损坏"),
        "another kind": (other, "no Ed25519 key", "不是 Ed25519"),
    }
    found = {}
    for what, (content, en, zh) in contents.items():
        file = folder / f"{what}.key"
        file.write_bytes(content)
        found[what] = (file, en, zh)
    return found


def test_what_is_no_key_is_told_what_it_is(served: Served, stranger: Person) -> None:
    page = stranger.page
    page.goto(f"{served.address}/sign-in")
    zh = page.evaluate("document.documentElement.lang").startswith("zh")
    page.fill("[name=officer]", SECRETARY)
    page.fill("[name=passphrase]", PASSPHRASE)
    told = set()
    for file, *said in odd_files(served.folder).values():
        page.set_input_files("[name=file]", str(file))
        page.press("[name=passphrase]", "Enter")
        expect(page.locator("#sign-in .error")).to_contain_text(said[zh])
        told.add(page.locator("#sign-in .error").inner_text())
    page.set_input_files("[name=file]", str(key_file(SECRETARY, served.folder)))
    page.fill("[name=passphrase]", PASSPHRASE + "x")
    page.press("[name=passphrase]", "Enter")
    wrong = "口令不对" if zh else "wrong passphrase"
    expect(page.locator("#sign-in .error")).to_contain_text(wrong)
    assert len(told) == len(odd_files(served.folder)) - 1
    assert in_place(stranger) == []
    # Another's key is refused, and does not take the place of one's own.
    page.set_input_files("[name=file]", str(key_file(CITY_SECRETARY, served.folder)))
    page.fill("[name=passphrase]", PASSPHRASE)
    page.press("[name=passphrase]", "Enter")
    expect(page.locator("#sign-in .error")).not_to_be_empty()
    assert page.evaluate("localStorage.length") == 0
    stranger.enter(SECRETARY, key_file(SECRETARY, served.folder))
    assert page.evaluate("localStorage.length") == 1


def test_a_new_key_of_the_command_line_opens_at_the_desk(served: Served, stranger: Person) -> None:
    file = served.folder / f"made-{len(list(served.folder.iterdir()))}"
    make_key(file, SECRETARY, PASSPHRASE)
    page = stranger.page
    page.goto(f"{served.address}/sign-in")
    page.fill("[name=officer]", SECRETARY)
    page.fill("[name=passphrase]", PASSPHRASE)
    page.set_input_files("[name=file]", str(file))
    page.press("[name=passphrase]", "Enter")
    # It opens and signs; it is not the one on record.
    expect(page.locator("#sign-in .error")).to_contain_text(
        "现用" if "zh" in page.evaluate("document.documentElement.lang") else "current key"
    )


# Where the keyboard stands


def focused(somebody: Person) -> str:
    """What has the keyboard: its id, else its element and text."""
    return str(
        somebody.page.evaluate(
            """() => { const one = document.activeElement;
            return one.id || `${one.tagName} ${one.textContent.trim()}`; }"""
        )
    )


def test_a_dialog_is_read_first_and_leaves_one_where_one_was(officer: Person) -> None:
    page, dialog = officer.page, officer.page.locator("dialog[open]")
    page.goto(f"{officer.desk}{GATE}")
    sign = page.locator("form[data-act=sign] button")
    for close in ("Escape", "cancel"):
        sign.focus()
        page.keyboard.press("Enter")
        expect(dialog).to_be_visible()
        assert focused(officer) == "signing-title"
        # Enter there signs nothing.
        page.keyboard.press("Enter")
        expect(dialog).to_be_visible()
        if close == "Escape":
            page.keyboard.press("Escape")
        else:
            dialog.locator("button[value=cancel]").press("Enter")
        expect(dialog).to_be_hidden()
        expect(sign).to_be_focused()
    # From a field it is the field.
    reason = page.locator("form[data-act=refuse] [name=reason]")
    reason.fill("材料不实")
    reason.press("Enter")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(reason).to_be_focused()
    expect(reason).to_have_value("材料不实")
    # What is typed stands when the page is shown anew, and so does who typed it.
    page.evaluate("renew()")
    expect(reason).to_have_value("材料不实")
    expect(reason).to_be_focused()


def test_what_is_gone_leaves_one_at_the_heading(officer: Person) -> None:
    page = officer.page
    page.goto(f"{officer.desk}{GATE}")
    page.locator("form[data-act=sign] button").focus()
    page.evaluate("document.querySelector('form[data-act=sign]').dataset.unit = 'gone'")
    page.evaluate("renew()")
    assert focused(officer).startswith("H1 ")
    page.evaluate("renew()")
    assert focused(officer).startswith("H1 ")


# Keys


@pytest.mark.parametrize("officer", [DISCIPLINE], indirect=True)
def test_a_fingerprint_is_shown_in_groups_where_one_vouches(officer: Person) -> None:
    page = officer.page
    page.goto(f"{officer.desk}/officers")
    shown = page.locator("p.fingerprint").inner_text()
    assert shown == fingerprint(who(KEYLESS).key)
    page.locator("form[data-act=vouch] button").press("Enter")
    statement = page.locator("dialog[open] #statement")
    expect(statement).to_contain_text(shown)
    expect(statement).not_to_contain_text("=")
    page.keyboard.press("Escape")


def test_a_filter_keeps_what_is_typed(officer: Person) -> None:
    page = officer.page
    page.goto(f"{officer.desk}/officers")
    page.locator("#find-keys [name=organ]").select_option("discipline-commission")
    page.fill("#find-keys [name=text]", COUNTY)
    page.evaluate("renew()")
    page.wait_for_timeout(100)
    expect(page.locator("#find-keys [name=text]")).to_have_value(COUNTY)
    expect(page.locator("#find-keys [name=organ]")).to_have_value("discipline-commission")
    page.press("#find-keys [name=text]", "Enter")
    page.wait_for_url("**/officers?text=*")
    expect(page.locator("#find-keys [name=text]")).to_have_value(COUNTY)
    assert page.locator("main tbody tr").count() >= 1
    assert in_place(officer) == []


def test_an_export_is_made_while_the_page_stays(officer: Person) -> None:
    page = officer.page
    page.goto(f"{officer.desk}/history")
    with page.expect_download() as loading:
        page.click("a[href='/export/sqlite']")
    assert loading.value.suggested_filename.endswith(".sqlite")
    expect(page.locator("#exporting")).to_be_hidden()
    assert page.url.endswith("/history")


# What is signed is what was looked at


@pytest.fixture
def handing(tmp_path: Path, served: Served) -> Iterator[tuple[Case, Person]]:
    """Whoever delivers, at a desk of their own, on the page that takes files."""
    case = case_of("decided", tmp_path / "home")
    with desk_alone(case.home) as address:
        made = Person(served.browser, address, "zh-CN", WIDE)
        made.enter(DELIVERER, key_file(DELIVERER, tmp_path))
        made.page.goto(f"{address}/hand-in")
        yield case, made
        assert (made.left, made.faults) == ([], [])
        made.page.context.close()


def test_other_rows_than_were_shown_are_not_signed(
    handing: tuple[Case, Person], tmp_path: Path
) -> None:
    case, somebody = handing
    page, file = somebody.page, tmp_path / "talk_participants.csv"
    row = next(one for one in cycle.small_rows()["talks"] if one["jurisdiction"] == COUNTY)
    talk = {**row, "talk": "t-640302-99"}
    person = next(one for one in cycle.small_rows()["roster"] if one["jurisdiction"] == COUNTY)
    file.write_text(f"talk,person\n{talk['talk']},{person['person']}\n")
    page.set_input_files("[name=files]", str(file))
    page.click("#choose button")
    counts = page.locator(".sheet tbody td").first
    expect(counts).to_have_text("0")
    # The talk that the row names comes, and the row would be taken now.
    case.deliver("talks", talk)
    before = len(cycle.stored(case.home))
    page.click("form[data-act=deliver] button")
    expect(page.locator(".sheet [role=alert]").first).to_contain_text("行已经不同")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert len(cycle.stored(case.home)) == before
    # Looked at again, it is what it is by now, and is signed as that.
    expect(counts).to_have_text("1")
    somebody.act("deliver")
    expect(page.locator(".sheet [role=status]")).to_contain_text("已报送")
    assert len(cycle.stored(case.home)) > before


def about_to_deliver(somebody: Person, folder: Path) -> Page:
    """Their page, with a later deployment step chosen and the dialog open."""
    page, file = somebody.page, folder / "measures.csv"
    file.write_bytes(from_base64(sheet(later())["content"]))
    page.set_input_files("[name=files]", str(file))
    page.click("#choose button")
    page.click("form[data-act=deliver] button")
    expect(page.locator("dialog[open]")).to_be_visible()
    return page


def test_a_row_that_came_while_the_dialog_was_open_is_looked_at_first(
    handing: tuple[Case, Person], tmp_path: Path
) -> None:
    case, somebody = handing
    page = about_to_deliver(somebody, tmp_path)
    case.deliver("measures", later(3))
    seq = cycle.entries(case.home, "submitted")[-1]["seq"]
    page.click("dialog [value=sign]")
    expect(page.locator(".sheet [role=alert]").first).to_contain_text("会接收或替换的行已经不同")
    expect(page.locator(f".sheet a[href$='#e{seq}']")).to_be_visible()
    assert cycle.entries(case.home, "submitted")[-1]["seq"] == seq
    assert in_place(somebody) == []
    somebody.act("deliver")
    expect(page.locator(".sheet [role=status]")).to_contain_text("已报送")


def test_what_a_delivery_takes_away_stands_in_the_dialog(
    handing: tuple[Case, Person], tmp_path: Path
) -> None:
    _, somebody = handing
    page = about_to_deliver(somebody, tmp_path)
    expect(page.locator("#warnings")).to_contain_text("您不能再为以下2个关口签字")
    page.click("dialog [value=cancel]")
    # Nothing is lost by signing, and nothing of before stands there.
    page.goto(f"{somebody.desk}{GATE}")
    page.click("form[data-act=sign] button")
    expect(page.locator("dialog[open]")).to_be_visible()
    expect(page.locator("#warnings")).to_have_text("")


def test_a_private_key_that_is_handed_in_by_mistake_is_not_sent(
    handing: tuple[Case, Person], tmp_path: Path
) -> None:
    _, somebody = handing
    page, sent = somebody.page, []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    file = str(key_file(DELIVERER, tmp_path))
    page.set_input_files("[name=files]", file)
    page.click("#choose button")
    expect(page.locator("#choose .error")).to_contain_text("没有发送")
    page.goto(f"{somebody.desk}/history")
    page.set_input_files("#receipt [name=file]", file)
    page.click("#receipt button")
    expect(page.locator("#refusal")).to_contain_text("没有发送")
    assert sent == []


@pytest.mark.parametrize("officer", [SECRETARY], indirect=True)
def test_a_reason_is_shown_as_it_was_written(officer: Person) -> None:
    page = officer.page
    page.goto(f"{officer.desk}{GATE}")
    page.fill("form[data-act=refuse] [name=reason]", "  会议记录缺一页 ")
    page.click("form[data-act=refuse] button")
    expect(page.locator("#statement")).to_contain_text("会议记录缺一页（")
    page.keyboard.press("Escape")


def test_today_and_the_history_are_short_on_a_telephone(served: Served) -> None:
    """Groups to be opened, with their numbers; entries in two lines each, the rest on demand."""
    made = Person(served.browser, served.address, "zh-CN", NARROW)
    made.enter(LIAISON, key_file(LIAISON, served.folder))
    page = made.page
    screens = f"document.documentElement.scrollHeight / {NARROW['height']}"
    expect(page.locator(".from details").first).to_be_visible()
    assert page.evaluate(screens) <= 2
    group = page.locator(".from details").first
    group.locator("summary").click()
    expect(group.locator("tbody tr").first).to_be_visible()
    page.goto(f"{served.address}/history")
    every = page.locator(".entries tbody tr")
    assert every.count() > FIRST
    seen = page.locator(".entries tbody tr:visible")
    expect(seen).to_have_count(FIRST)
    assert page.evaluate(screens) <= 5
    page.check("#all-entries")
    expect(seen).to_have_count(every.count())
    # On a wider screen all of them stand there at once.
    page.uncheck("#all-entries")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    expect(seen).to_have_count(every.count())
    assert (made.left, made.faults) == ([], [])
    page.context.close()
