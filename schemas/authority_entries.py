"""Sign-offs and waivers out of the tables of a pack file that was read and checked before."""

from __future__ import annotations

from typing import Any

from schemas.authority import At, Requirement, WaiverRule
from schemas.pack_formats import Tables
from schemas.text import Text
from schemas.vocabulary import STAGES, Body, Level, Organ, Stage


def _panel(raw: Tables) -> tuple[tuple[Organ, ...], int, At]:
    return tuple(Organ(one) for one in raw["organs"]), raw["number"], At(raw["at"])


def waiver_in(raw: Tables) -> WaiverRule:
    """Who may waive a check."""
    return WaiverRule(*_panel(raw), raw["days"])


def requirement_in(raw: Tables) -> Requirement:
    """Who must sign."""
    levels = frozenset(Level(one) for one in raw["levels"])
    bodies = frozenset(Body(one) for one in raw["bodies"])
    return Requirement(*_panel(raw), raw["name"], levels, bodies, Text(**raw["basis"]))


def sign_offs_in(tables: Tables) -> dict[Stage, tuple[Requirement, ...]]:
    """Who signs each gate, as the tables of today's format say."""
    every: dict[str, list[Any]] = tables["sign_offs"]
    return {stage: tuple(map(requirement_in, every[stage.value])) for stage in STAGES}
