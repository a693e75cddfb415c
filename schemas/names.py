"""Headings and names that people read, apart from the rules behind them (quick to load)."""

from __future__ import annotations

from schemas.text import Language, Text
from schemas.vocabulary import STAGES, Body

# Signs that every font has.
SIGNS = {"open": "●", "waiting": "◐", "blocked": "✗", "not_reached": "·",
         "forecast_complete": "○", "forecast_incomplete": "◌"}  # fmt: skip

UNIT = Text("单位", "unit")
NAME = Text("名称", "name")
CHECK = Text("检查", "check")
SUBJECT = Text("对象", "subject")
REASON = Text("原因", "reason")
PROVIDER = Text("由谁补正", "who can supply it")


def unit_name(name: str, body: str) -> Text:
    """A unit as people call it, such as 清源区人大."""
    shown = Body(body).label
    return Text(f"{name}{shown.zh}", f"{name} {shown.en}")


def officer_name(officer: str, organ: Text, place: str, lang: Language | None = None) -> str:
    """An officer as people know them: the organ, its place, and their id."""
    return Text(f"{place}{organ.zh} {officer}", f"{organ.en} of {place}, {officer}").render(
        lang=lang
    )


def stage_headings() -> list[str]:
    """The headings of the gates."""
    return [stage.label.render() for stage in STAGES]
