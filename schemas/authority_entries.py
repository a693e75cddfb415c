"""Who vouches, delivers, signs, waives, rules and adopts, out of tables that were checked."""

from __future__ import annotations

from typing import Any

from schemas.authority import (
    LIFTING,
    REJECTING,
    REOPENING,
    At,
    Deliverers,
    Panel,
    Requirement,
    Rulings,
    Vouching,
    WaiverRule,
    Within,
)
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


def deliverers_in(tables: Tables) -> tuple[Deliverers, ...]:
    """Who delivers what, as the tables of today's format say."""
    return tuple(
        Deliverers(
            tuple(Organ(organ) for organ in one["organs"]),
            tuple(one["registers"]),
            Within(one["within"]),
            Text(**one["basis"]),
        )
        for one in tables["deliveries"]
    )


def vouching_in(tables: Tables) -> tuple[Vouching, ...]:
    """Who vouches for whose keys, as the tables of today's format say."""
    return tuple(
        Vouching(
            tuple(Organ(organ) for organ in one["organs"]),
            tuple(Organ(organ) for organ in one["holders"]),
            At(one["at"]),
            Text(**one["basis"]),
        )
        for one in tables["vouching"]
    )


def adopters_in(tables: Tables) -> tuple[Organ, ...]:
    """The organs of which two adopt another pack, as the tables of today's format say."""
    return tuple(Organ(one) for one in tables["adoption"]["organs"])


def rulings_in(tables: Tables) -> Rulings:
    """Who rules on objections and refusals, as the tables of today's format say."""
    objections, refusals = tables["objections"], tables["refusals"]
    given = {**objections, **refusals}
    reject, reopen, lift = (
        Panel(tuple(Organ(one) for one in given[name]["organs"]), number, At(given[name]["at"]))
        for name, number in (("reject", REJECTING), ("reopen", REOPENING), ("lift", LIFTING))
    )
    bases = (Text(**one["basis"]) for one in (objections, refusals))
    return Rulings(reject, reopen, lift, *bases)
