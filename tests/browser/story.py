"""The story of a coordinator at the browser: a gate that is closed, and how it opens.

Rules: everything is pressed and read in the pages as its user does; the officers' work (a file
dropped into the inbox, signatures) is done beside them, as theirs is. Pictures are taken along.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from playwright.sync_api import Page, expect

from data.home import Home
from schemas.vocabulary import Stage
from tasks.intake.inbox_folder import inbox_of
from tests.browser.scene import COUNTY, OFFICER, UNIT, candidate, mended_notice
from tests.support import cycle
from tests.support.patience import until
from tests.support.served import Served
from tests.support.signing import sign_all


class Story:
    """One page of a browser before a served cycle; pictures go into `pictures`."""

    def __init__(self, served: Served, page: Page, pictures: Path) -> None:
        self._served = served
        self._page = page
        self._pictures = pictures

    @property
    def home(self) -> Home:
        """The home that is served."""
        return self._served.home

    def picture(self, name: str) -> None:
        """Take a picture of what is seen."""
        self._page.screenshot(path=self._pictures / f"{name}.png")

    def open_deployments(self) -> None:
        """Open the list of deployments."""
        self._page.goto(f"{self._served.url}/deployments")
        expect(self._page.get_by_role("link", name="vetting", exact=True).first).to_be_visible()
        self.picture("deployments")

    def launch_vetting(self) -> None:
        """Launch the stage for the county by the form, and go to its run."""
        page = self._page
        page.get_by_role("link", name="vetting", exact=True).first.click()
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text("Custom run").click()
        scope = page.locator(".schema-form-property-string").first
        scope.locator(".p-select-button__icon").click()
        page.get_by_role("option", name=re.compile(rf"^{COUNTY} \S+$")).click()
        expect(scope.locator(".p-select-button__control")).to_contain_text(COUNTY)
        self.picture("form")
        with page.expect_response("**/create_flow_run") as made:
            page.get_by_role("button", name="Submit").click()
        # The form gives way to the deployment's page, on a slow machine only after the offer to
        # view the run was taken, and then in place of the run's page.
        page.wait_for_url("**/deployments/deployment/*tab=Runs*")
        page.goto(f"{self._served.url}/runs/flow-run/{made.value.json()['id']}")

    def see_it_end(self, state: str) -> None:
        """Wait until the run that is shown has ended so."""
        expect(self._page.locator(".p-tab", has_text="Artifacts")).to_be_visible()
        expect(self._page.locator(".state-badge").first).to_have_text(state)

    def read_what_is_missing(self) -> None:
        """Follow the run's artifacts to what keeps the gate closed."""
        page = self._page
        page.locator(".p-tab", has_text="Artifacts").click()
        page.get_by_role("link", name="decided-vetting").first.click()
        expect(page.get_by_text(UNIT).first).to_be_visible()
        expect(page.get_by_text(candidate()).first).to_be_visible()
        gate = f"{self._served.desk}/gate/{UNIT}/vetting"
        expect(page.locator(f"a[href='{gate}']").first).to_be_visible()
        self.picture("missing")

    def submit(self, folder: Path) -> None:
        """An officer drops the corrected file into the inbox."""
        inbox = inbox_of(self.home) / OFFICER
        inbox.mkdir(parents=True)
        file = Path(shutil.move(mended_notice(folder), inbox))
        cycle.sign_dropped(self.home, file, OFFICER)

    def wait_for(self, outcome: str) -> None:
        """Wait until the gate of the story is decided so, by what the watch launches."""
        # A run's page draws its graph anew for each frame, with half a processor.
        self._page.goto("about:blank")
        gate = (UNIT, Stage.VETTING.value)
        until(lambda: cycle.decisions(self.home)[gate][0] == outcome, f"{UNIT} is {outcome}")

    def sign(self) -> None:
        """The officers sign what they see."""
        sign_all(self.home, Stage.VETTING, UNIT)

    def see_newest_run(self, stage: str, state: str) -> None:
        """Open the newest run of a stage that covers the unit, and see that it ended so.

        It is launched for the unit or, where more had moved by then, for its county.
        """
        run = until(lambda: self._newest(stage, state), f"the newest run of {stage} is {state}")
        self._page.goto(f"{self._served.url}/runs/flow-run/{run}")
        self.see_it_end(state)

    def _newest(self, stage: str, state: str) -> str | None:
        with self._served.api() as api:
            begun = [one for one in api.runs(stage) if one["start_time"]]
        newest = max(begun, key=lambda one: str(one["start_time"]), default=None)
        return str(newest["id"]) if newest and newest["state_name"] == state else None

    def tell(self, folder: Path) -> None:
        """The whole story; `folder` is where an officer writes a file."""
        self.open_deployments()
        self.launch_vetting()
        self.see_it_end("Blocked")
        self.picture("blocked")
        self.read_what_is_missing()
        self.submit(folder)
        self.wait_for("waiting")
        self.see_newest_run("vetting", "Waiting")
        self.sign()
        self.wait_for("open")
        self.see_newest_run("vetting", "Open")
        self.picture("open")
        self.see_newest_run("inspection", "Waiting")
        self.picture("next")
