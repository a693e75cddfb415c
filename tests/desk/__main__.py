"""The pictures of the desk in the READMEs: `python -m tests.desk FOLDER --lang zh`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import expect

from schemas.encodings import from_base64
from tests.authority.scene import DELIVERER, SECRETARY, case_of
from tests.browser.scene import chromium
from tests.desk.scene import desk_alone
from tests.desk.test_browser import GATE, WIDE, Person, key_file
from tests.desk.test_handing_in import later, sheet, wrong


def main() -> None:
    """Take them: what is about to be signed, and a file of which a cell is to be mended."""
    parser = argparse.ArgumentParser(prog="python -m tests.desk", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lang", choices=["en", "zh"], default="en")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    locale = {"en": "en-GB", "zh": "zh-CN"}[given.lang]
    with tempfile.TemporaryDirectory() as work:
        case = case_of("decided", Path(work, "home"))
        with desk_alone(case.home) as address, chromium() as browser:
            secretary = Person(browser, address, locale, WIDE)
            secretary.enter(SECRETARY, key_file(SECRETARY, Path(work)))
            page = secretary.page
            page.goto(f"{address}{GATE}")
            page.locator("form[data-act=sign] button").click()
            expect(page.locator("dialog[open]")).to_be_visible()
            page.screenshot(path=given.folder / "signing.png")
            supplier = Person(browser, address, locale, WIDE)
            supplier.enter(DELIVERER, key_file(DELIVERER, Path(work)))
            file = Path(work, "measures.csv")
            file.write_bytes(from_base64(sheet(later(), wrong("9月31日"))["content"]))
            page = supplier.page
            page.goto(f"{address}/hand-in")
            page.set_input_files("[name=files]", str(file))
            page.locator("#choose button").click()
            expect(page.locator("form.mend")).to_be_visible()
            page.locator(".sheet").scroll_into_view_if_needed()
            page.screenshot(path=given.folder / "handing-in.png")


if __name__ == "__main__":
    main()
