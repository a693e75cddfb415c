"""What a button is, and what it is pressed on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import uuid4

from tests.buttons.ui import Json, Ui

# Runs, and the moments of each in which a button is pressed: as one run goes by, or one run for
# what would end it and one for the rest.
Moments = tuple[tuple[str, ...], ...]
ALL: Moments = (("before", "during", "after"),)
APART: Moments = (("before",), ("during", "after"))
EACH: Moments = (("before",), ("during",), ("after",))
EARLY: Moments = (("before",), ("during",))
BEFORE: Moments = (("before",),)
AFTER: Moments = (("after",),)
# Nothing that a run has: it is pressed, and runs go on.
ASIDE: Moments = ()

# A method and the path that the server's own description gives it.
Call = tuple[str, str]


@dataclass(frozen=True)
class Scene:
    """What stands on the screen: a deployment of the stage `plan`, and a run of it if any."""

    ui: Ui
    flow: str
    deployment: str
    run: str
    scope: str


@dataclass(frozen=True)
class Button:
    """Something that can be pressed, by these calls, in these moments of runs."""

    name: str
    calls: frozenset[Call]
    press: Callable[[Scene], object]
    moments: Moments


def button(
    name: str,
    calls: Iterable[str],
    press: Callable[[Scene], object],
    moments: Moments = ALL,
) -> Button:
    """A row of the table; a call is written as `POST /flow_runs/{id}/resume`."""
    split = frozenset((call.split(" ")[0], call.split(" ")[1]) for call in calls)
    return Button(name, split, press, moments)


def state(kind: str, name: str | None = None, **more: Json) -> Json:
    """A state as the UI sends it."""
    return {"type": kind, "name": name or kind.capitalize(), "message": "opened by hand", **more}


def some_name() -> str:
    """A name that nothing has yet: tests share a server."""
    return f"made-up-{uuid4().hex[:12]}"
