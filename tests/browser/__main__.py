"""The pictures of the READMEs: `python -m tests.browser FOLDER --lang zh`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.browser.scene import chromium, county_home, opened_page
from tests.browser.story import Story
from tests.support.served import serving


def main() -> None:
    """Tell the story and keep its pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lang", choices=["en", "zh"], default="en")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        home = county_home(Path(work, "home"))
        with serving(home, lang=given.lang) as served, chromium() as browser:
            Story(served, opened_page(browser, [], served.password), given.folder).tell(Path(work))


if __name__ == "__main__":
    main()
