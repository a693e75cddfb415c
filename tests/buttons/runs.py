"""Runs of a stage by its deployment, and what the ledger says of them.

Rules: a run is made by the server and executed here; what is pressed during it is pressed when its
gates are decided and what is open is about to be handed on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

from data.home import Home
from flows.cycle import STAGE_FLOWS
from schemas.canonical import canonical, digest
from schemas.vocabulary import Stage
from tasks import steps
from tasks.recording.handing_on import hand_on
from tests.buttons.rows import Scene
from tests.buttons.ui import Ui, deploy, execute
from tests.support import cycle

Press = Callable[[Scene], object]
STAGE = Stage.PLAN
FLOW = STAGE_FLOWS[STAGE.value]
# A township with two bodies, one of which the officers have signed; and a body that is decided.
SCOPE, SIGNED, UNSIGNED = "640302103", "640302103-congress", "640302103-government"
DECIDED = "640302-cppcc"


def decided(home: Home) -> Counter[tuple[str, ...]]:
    """How often each decision is on record, by what it says and not by where it stands."""
    return Counter(
        (
            *(one[name] for name in ("unit", "stage", "outcome", "evidence")),
            digest(canonical(one["findings"])),
            *one["signers"],
        )
        for one in cycle.entries(home, "decided")
    )


def standing(home: Home) -> dict[str, str]:
    """Unit → what its gate says."""
    return {unit: outcome for (unit, _), (outcome, _) in cycle.decisions(home).items()}


def opened(home: Home) -> set[str]:
    """The units whose gate is open."""
    return {unit for unit, outcome in standing(home).items() if outcome == "open"}


class Runs:
    """Runs of the stage by its deployment, with a button pressed before, during or after."""

    def __init__(self, ui: Ui, home: Home) -> None:
        self.ui = ui
        self.home = home
        self.pressed = 0
        self.deployment = self.flow = ""
        self.serve()

    def serve(self) -> None:
        """Put the deployment where it belongs, as serving again does."""
        self.deployment = deploy(FLOW, "buttons")
        self.flow = str(self.ui.get(f"/deployments/{self.deployment}")["flow_id"])

    def press(self, press: Press, run: str = "") -> None:
        """Press a button."""
        press(Scene(self.ui, self.flow, self.deployment, run, SCOPE))
        self.pressed += 1

    def launch(self) -> str:
        """The id of a run as a coordinator launches it."""
        return self.ui.launch(self.deployment, scope=SCOPE, on=cycle.ON.isoformat())

    def run(self, press: Press, moments: Collection[str]) -> None:
        """Launch and execute a run, with the button pressed in these moments of it."""
        run = self.launch()
        if "before" in moments:
            self.press(press, run)
        with self._decided(press, run) if "during" in moments else nullcontext():
            execute(FLOW, run)
        if "after" in moments:
            self.press(press, run)
            # Set to run again, it is taken up again.
            execute(FLOW, run)

    @contextmanager
    def _decided(self, press: Press, run: str) -> Iterator[None]:
        """Press when the gates are decided, while what is open is about to be handed on."""

        def pressed_first(*arguments: Any) -> Any:
            self.press(press, run)
            return hand_on(*arguments)

        with patch.object(steps, "put_on_record", pressed_first):
            yield
