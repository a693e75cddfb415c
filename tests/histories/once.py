"""What is pure is worked out once in a process: many histories come by the same rows.

Rules: checks, facts and frames that are handed on follow from rows and the day; everything that
knows of decisions, signatures, waivers or evidence is worked out as it always is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from unittest.mock import patch

import pandas as pd

from schemas.facts import Facts, facts_of
from schemas.frames import DIGEST
from schemas.registers import REGISTERS
from schemas.rules.base import Read, registers_of
from schemas.vocabulary import Stage
from tasks.gate import snapshot
from tasks.handoff import validated
from tasks.handoff.frames import READS, handoff_frame
from tasks.recording import handing_on

Rows = tuple[tuple[str, ...], ...]

_facts: dict[tuple[Rows, date], Facts] = {}
_rows: dict[int, Rows] = {}  # by the identity of tables that `_facts` keeps
_frames: dict[object, pd.DataFrame] = {}
_facts_of, _handoff_frame = facts_of, handoff_frame


def _facts_once(tables: Mapping[str, pd.DataFrame], on: date) -> Facts:
    rows = tuple(tuple(tables[name][DIGEST].tolist()) for name in REGISTERS)
    if (rows, on) not in _facts:
        made = _facts_of(tables, on)
        _facts[rows, on] = made
        _rows[id(made.tables)] = rows
    return _facts[rows, on]


@cache
def _places(read: frozenset[str]) -> tuple[int, ...]:
    """Where the registers that are read stand, and those that say where their rows are at home."""
    found = {"jurisdictions", "units", *read}
    todo = list(found)
    while todo:
        register = REGISTERS[todo.pop()]
        if register.via:
            todo.append(register.references[register.via])
            found.add(todo[-1])
    return tuple(place for place, name in enumerate(REGISTERS) if name in found)


def _seen(facts: Facts, reads: Iterable[Read]) -> tuple[Rows, date, tuple[str, ...]]:
    every = _rows[id(facts.tables)]
    rows = tuple(every[place] for place in _places(frozenset(registers_of(reads))))
    return rows, facts.on, tuple(facts.units["unit"].tolist())


def _handoff_frame_once(stage: Stage, facts: Facts) -> pd.DataFrame:
    asked = (stage, *_seen(facts, READS[stage]))
    if asked not in _frames:
        _frames[asked] = _handoff_frame(stage, facts)
    return _frames[asked].copy()


@contextmanager
def once() -> Iterator[None]:
    """Everything pure is worked out once."""
    # Of facts that another test left there the rows are not known here.
    snapshot.FACTS.clear()
    snapshot.PARTS.clear()
    with (
        patch.object(snapshot, "facts_of", _facts_once),
        patch.object(handing_on, "handoff_frame", _handoff_frame_once),
        patch.object(validated, "handoff_frame", _handoff_frame_once),
    ):
        yield
