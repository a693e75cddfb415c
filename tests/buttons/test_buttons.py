"""The table of buttons: each pressed before, during and after a run of a stage.

What is asked of each, by the ledger and never by what Prefect shows: no gate stands open that its
officers did not sign; what is decided is what the plain procedure decides, once; the history
verifies; and an honest run afterwards says what it says where nobody pressed anything.
"""

from __future__ import annotations

import pytest
from _pytest.mark import ParameterSet

from data.home import Home
from data.verify import verify
from tests.buttons.rows import Button, Call
from tests.buttons.rows_deployments import DEPLOYMENT_BUTTONS
from tests.buttons.rows_runs import RUN_BUTTONS
from tests.buttons.rows_shown import SHOWN_BUTTONS
from tests.buttons.runs import DECIDED, FLOW, SCOPE, SIGNED, STAGE, Runs, decided, opened
from tests.buttons.ui import execute
from tests.support import cycle

pytestmark = pytest.mark.server

# What a coordinator has at hand; `make long` presses all the others too.
EVERY_TIME = {
    "run set completed as Open", "run cancelled", "run deleted", "task runs set by hand",
    "deployment edited", "artifacts deleted",
}  # fmt: skip
BUTTONS = (*RUN_BUTTONS, *DEPLOYMENT_BUTTONS, *SHOWN_BUTTONS)


def marked(button: Button) -> ParameterSet:
    marks = [] if button.name in EVERY_TIME else [pytest.mark.long]
    return pytest.param(button, marks=marks, id=button.name)


@pytest.mark.parametrize("button", [marked(one) for one in BUTTONS if one.moments])
def test_no_button_on_a_run_opens_a_gate_or_loses_a_decision(
    button: Button, runs: Runs, plain: Home, offered: frozenset[Call]
) -> None:
    before = cycle.stored(runs.home)
    for moments in button.moments:
        runs.run(button.press, moments)
        assert {DECIDED} <= opened(runs.home) <= {DECIDED, SIGNED}
        runs.serve()
    assert runs.pressed == sum(map(len, button.moments))
    assert button.calls <= runs.ui.calls(offered)
    assert_honest(runs, before, plain, by_deployment=button in DEPLOYMENT_BUTTONS)


def test_no_button_elsewhere_opens_a_gate_or_loses_a_decision(
    runs: Runs, plain: Home, offered: frozenset[Call]
) -> None:
    before = cycle.stored(runs.home)
    for button in BUTTONS:
        if not button.moments:
            runs.ui.forget()
            runs.press(button.press)
            assert button.calls <= runs.ui.calls(offered), button.name
            assert cycle.stored(runs.home) == before, button.name
    assert runs.pressed
    assert_honest(runs, before, plain, by_deployment=True)


def assert_honest(
    runs: Runs, before: list[tuple[int, str, bytes]], plain: Home, *, by_deployment: bool
) -> None:
    """A run by the book ends as where nobody pressed anything, and all that was still is.

    `by_deployment`: it is launched as coordinators do, where that is what was pressed at.
    """
    home = runs.home
    if by_deployment:
        run = runs.launch()
        execute(FLOW, run)
        assert runs.ui.state(run)["name"] == "Waiting"
    else:
        cycle.launch(home, STAGE, SCOPE)
    assert cycle.stored(home)[: len(before)] == before
    assert cycle.said(home) == cycle.said(plain)
    assert cycle.handed_on(home) == cycle.handed_on(plain)
    assert decided(home) == decided(plain)
    assert verify(home, blobs=True, acts=True)[1] is None


def test_the_table_has_every_button_that_the_server_offers(offered: frozenset[Call]) -> None:
    listed = {call for button in BUTTONS for call in button.calls}
    names = {button.name for button in BUTTONS}
    assert len(names) == len(BUTTONS)
    assert names >= EVERY_TIME
    assert listed - offered == set(), "no such call"
    assert offered - listed == set(), "nobody presses these"
