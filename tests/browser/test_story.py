"""A coordinator at the browser, from the form to the next stage, on a served cycle."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.verify import verify
from schemas.vocabulary import Stage
from tests.browser.scene import UNIT, chromium, county_home, opened_page
from tests.browser.story import Story
from tests.support import cycle
from tests.support.programs import needs_chromium
from tests.support.served import serving

pytestmark = [
    pytest.mark.server,
    pytest.mark.browser,
    needs_chromium,
]


def test_a_coordinator_opens_a_gate_at_the_browser(tmp_path: Path) -> None:
    """Form, Blocked, what is missing, submission, the run that follows, Open, the next stage."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    home = county_home(tmp_path / "home")
    assert cycle.decisions(home)[UNIT, Stage.VETTING.value][0] == "blocked"
    left: list[str] = []
    with serving(home) as served, chromium() as browser:
        Story(served, opened_page(browser, left, served.password), pictures).tell(tmp_path)
    assert left == [], "no request leaves this machine"
    assert {"form.png", "blocked.png", "missing.png", "open.png", "next.png"} <= {
        one.name for one in pictures.iterdir()
    }
    assert cycle.decisions(home)[UNIT, Stage.VETTING.value][0] == "open"
    handed_on = {(one["unit"], one["stage"]) for one in cycle.entries(home, "handed-on")}
    assert (UNIT, Stage.VETTING.value) in handed_on
    assert verify(home, blobs=True, acts=True)[1] is None
