"""The facts that checks look at: register frames, the units in scope, and the day.

Rules: a check sees only what its rule reads, to the cell (`schemas.selection`); what a unit's
findings are must not depend on the scope in which they were asked for. Time is an argument.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from itertools import chain
from operator import is_
from typing import Any, TypeVar
from weakref import ref

import numpy as np
import pandas as pd

from schemas.frames import DIGEST
from schemas.registers import REGISTERS
from schemas.rules.base import Reach, Read
from schemas.selection import Positions, selected
from schemas.tables import Tables, frame_of
from schemas.text import Refusal, Text

Found = TypeVar("Found")

HOME_COLUMNS = ("_home", "_unit")
UNIT_COLUMNS = ("unit", "jurisdiction", "body", "level", "parent")


class FactsError(Refusal):
    """Facts that cannot be put together; the text names register and column."""


def lineage_of(jurisdictions: pd.DataFrame) -> pd.DataFrame:
    """Pairs (`jurisdiction`, `ancestor`), each jurisdiction being its own ancestor too."""
    parent = dict(zip(jurisdictions["jurisdiction"], jurisdictions["parent"], strict=True))
    pairs: list[tuple[str, str]] = []
    for code in parent:
        seen: set[str] = set()
        at: object = code
        while isinstance(at, str) and at not in seen:
            pairs.append((code, at))
            seen.add(at)
            at = parent.get(at)
    return pd.DataFrame(pairs, columns=["jurisdiction", "ancestor"], dtype="str")


def _relatives(lineage: pd.DataFrame, reach: Reach) -> dict[str, tuple[str, ...]]:
    if reach is Reach.EVERYWHERE:
        places = tuple(lineage["jurisdiction"].unique())
        return dict.fromkeys(places, places)
    start, end = (
        ("jurisdiction", "ancestor") if reach is Reach.ANCESTORS else ("ancestor", "jurisdiction")
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one, other in zip(lineage[start].tolist(), lineage[end].tolist(), strict=True):
        found[one].append(other)
    return {one: tuple(others) for one, others in found.items()}


@cache
def _empty(name: str) -> pd.DataFrame:
    homes = {column: pd.Series(dtype="str") for column in (*HOME_COLUMNS, DIGEST)}
    return frame_of(name).assign(**homes)


@cache
def _empty_cut(name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    return _empty(name)[[*columns, *HOME_COLUMNS]]


def _with_home(
    name: str, frame: pd.DataFrame | None, homed: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """A register's frame with `_home` and `_unit`; `homed` are those of all registers."""
    if frame is None or frame.empty:
        return _empty(name)
    register = REGISTERS[name]
    column = frame[register.home]
    if register.via:
        referred = register.column[register.via].column.references or ""
        key = pd.Index(homed[referred][REGISTERS[referred].key[0]])
        rows = key.get_indexer(column)
        home, unit = (
            pd.Series(homed[referred][name].array.take(rows, allow_fill=True), column.index)
            for name in HOME_COLUMNS
        )
    elif register.home == "unit":
        places = {code: code.partition("-")[0] for code in column.dropna().unique()}
        home, unit = column.map(places).astype("str"), column
    else:
        home, unit = column, pd.Series("", index=frame.index, dtype="str")
    if home.isna().any():
        where = f"{name}.{register.home}"
        raise FactsError(
            Text(f"{where}：有一行指向不存在的记录", f"{where}: a row points to nothing")
        )
    return frame.assign(_home=home, _unit=unit)


class State:
    """A register as it stands: its frame with homes, and what follows from that alone.

    `behind` are the frames that it was made of, its own first.
    """

    def __init__(self, frame: pd.DataFrame, behind: list[pd.DataFrame | None]) -> None:
        self.frame = frame
        self.behind = behind
        self.known: dict[Hashable, Any] = {}


# The states of each register that some facts hold, the newest first.
_STATES: dict[str, list[ref[State]]] = {}


def _state(name: str, frame: pd.DataFrame | None, homed: Tables) -> State:
    """The state of a register whose frame is `frame`; the same as that of other facts with it."""
    register, behind = REGISTERS[name], [frame]
    if register.via and frame is not None:
        behind.append(homed[register.column[register.via].column.references or ""])
    alive = [state for one in _STATES.get(name, ()) if (state := one())]
    for state in alive:
        if len(state.behind) == len(behind) and all(map(is_, state.behind, behind)):
            return state
    made = State(_with_home(name, frame, homed), behind)
    _STATES[name] = [ref(state) for state in (made, *alive)]
    return made


class Homed(Tables):
    """Every frame with `_home` (jurisdiction) and `_unit` (empty where a row is not a unit's)."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        super().__init__(lambda name, _: self.state(name).frame)
        self._tables = tables
        self._states: dict[str, State] = {}

    def state(self, name: str) -> State:
        """The register as it stands."""
        if name not in self._states:
            self._states[name] = _state(name, self._tables.get(name), self)
        return self._states[name]


def units_of(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per unit: unit, jurisdiction, body, level, parent (of the jurisdiction)."""
    places = tables["jurisdictions"][["jurisdiction", "level", "parent"]]
    joined = tables["units"][["unit", "jurisdiction", "body"]].merge(places, on="jurisdiction")
    return joined.sort_values("unit", ignore_index=True)[list(UNIT_COLUMNS)]


@dataclass(frozen=True)
class Facts:
    """What checks look at.

    `units` are the units in scope (`UNIT_COLUMNS`); `lineage` are pairs of jurisdiction and
    ancestor (itself included); `tables` are register frames, reached as attributes:
    `facts.candidates`.
    """

    _on: date
    units: pd.DataFrame
    lineage: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    _alike: list[date] = field(
        default_factory=lambda: [date.min, date.max], init=False, repr=False, compare=False
    )
    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables: Mapping[str, pd.DataFrame] = self.__dict__["tables"]
        if name in tables:
            return tables[name]
        raise AttributeError(name)

    @property
    def on(self) -> date:
        """The day. Who asks which it is may say something else on any other."""
        self._alike[:] = [self._on, self._on]
        return self._on

    @property
    def today(self) -> pd.Timestamp:
        """`on` as a timestamp."""
        return pd.Timestamp(self.on)

    def came(self, days: pd.Series) -> pd.Series:
        """Which of some days have come; an empty one has not."""
        return self._compared(days, np.less_equal)

    def ahead(self, days: pd.Series) -> pd.Series:
        """Which of some days are still to come; an empty one is not."""
        return self._compared(days, np.greater)

    def over(self, days: pd.Series) -> pd.Series:
        """Which of some days are past; an empty one is not."""
        return self._compared(days, np.less)

    def _compared(self, days: pd.Series, holds: np.ufunc) -> pd.Series:
        """For which of some days something holds of them and today."""
        given, today = days.to_numpy(dtype="datetime64[D]"), np.datetime64(self._on, "D")
        # On the day that is named, or on the day after, the answer is another one.
        boundaries = given[~np.isnat(given)] + np.timedelta64(int(holds is np.less), "D")
        before, after = boundaries[boundaries <= today], boundaries[boundaries > today]
        since, until = self._alike
        if len(before):
            since = max(since, before.max().item())
        if len(after):
            until = min(until, (after.min() - np.timedelta64(1, "D")).item())
        self._alike[:] = [since, until]
        return pd.Series(holds(given, today), index=days.index)

    @property
    def alike(self) -> tuple[date, date]:
        """The first and the last of the days on which all that was asked here is answered alike."""
        since, until = self._alike
        return since, until

    def once(self, asked: Hashable, answer: Callable[[], Found]) -> Found:
        """What follows from the tables and the day, whatever is in scope: worked out once."""
        if asked not in self._known:
            self._known[asked] = answer()
        found: Found = self._known[asked]
        return found

    def once_of(self, register: str, asked: Hashable, answer: Callable[[], Found]) -> Found:
        """What follows from one register alone: worked out once for all facts that have it so."""
        if not isinstance(self.tables, Homed):
            return self.once((register, asked), answer)
        known = self.tables.state(register).known
        if asked not in known:
            known[asked] = answer()
        found: Found = known[asked]
        return found

    def relatives(self, reach: Reach) -> dict[str, tuple[str, ...]]:
        """Jurisdiction → those whose rows are read with that reach: itself, then from it on."""
        return self.once(reach, lambda: _relatives(self.lineage, reach))

    @cached_property
    def _selected(self) -> dict[Read, dict[str, Positions]]:
        return {}

    def selected(self, read: Read) -> dict[str, Positions]:
        """Unit in scope → the rows of the register's frame that `read` makes evidence of it.

        Raises:
            ValueError: `read` leaves values to the parameters of a policy pack.
        """
        asked = read.selection
        if asked not in self._selected:
            self._selected[asked] = selected(self, asked)
        return self._selected[asked]

    @cached_property
    def _cuts(self) -> dict[tuple[Read, ...], pd.DataFrame]:
        return {}

    def _cut(self, reads: tuple[Read, ...]) -> pd.DataFrame:
        """The rows and columns of one table that `reads` make evidence for the units in scope."""
        register, columns = reads[0].register, list(reads[0].columns)
        if {(one.register, one.columns) for one in reads} != {(register, reads[0].columns)}:
            raise ValueError(f"{reads[0].name}: its reads differ in register or columns")
        frame = self.tables[register]
        keep = np.zeros(len(frame), dtype=bool)
        for one in reads:
            # Of an empty register too: a read that leaves values open is refused there as well.
            keep[[*chain.from_iterable(self.selected(one).values())]] = True
        if frame.empty:
            return _empty_cut(register, reads[0].columns)
        names = [*columns, *HOME_COLUMNS]
        if keep.all():
            cut = frame[names]
        else:
            # Column by column: of a few rows that takes a third of the time.
            rows = np.flatnonzero(keep)
            cut = pd.DataFrame({name: frame[name].array.take(rows) for name in names}, copy=False)
        if columns and not set(REGISTERS[register].key) <= set(columns):
            # Rows come in the order of their keys, which are not looked at here.
            cut = cut.sort_values(columns)
        return cut.reset_index(drop=True)

    def restricted(self, reads: Iterable[Read]) -> Facts:
        """Only what `reads` name: their columns, of the rows that they select for units in scope.

        What is done to these frames is not done to ours (they are lazy copies).

        Raises:
            ValueError: reads of one table differ in columns, or leave values to a policy pack.
        """
        together: dict[str, tuple[Read, ...]] = {}
        for one in reads:
            together[one.name] = (*together.get(one.name, ()), one)
        tables: dict[str, pd.DataFrame] = {}
        for name, same in together.items():
            if same not in self._cuts:
                self._cuts[same] = self._cut(same)
            tables[name] = self._cuts[same].copy(deep=False)
        lineage = self.lineage.copy(deep=False)
        return Facts(self._on, self.units.copy(deep=False), lineage, tables)

    def within(self, units: Iterable[str]) -> Facts:
        """The same facts with only `units` in scope."""
        wanted = set(units)
        if wanted.issuperset(self.units["unit"].tolist()):
            # What was selected and cut for them is at hand.
            return self
        chosen = self.units[self.units["unit"].isin(wanted)]
        chosen = chosen.reset_index(drop=True)
        facts = Facts(self._on, chosen, self.lineage, self.tables)
        object.__setattr__(facts, "_known", self._known)
        return facts


def facts_of(tables: Mapping[str, pd.DataFrame], on: date) -> Facts:
    """Facts over register frames (absent ones count as empty), with every unit in scope."""
    homed = Homed(tables)
    return Facts(on, units_of(homed), lineage_of(homed["jurisdictions"]), homed)
