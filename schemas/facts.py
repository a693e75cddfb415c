"""The facts that checks look at: register frames, the units in scope, and the day.

Rules: a row is evidence of the units that its register's reach says, and a check sees only the
registers that its rule declares; what a unit's findings are must not depend on the scope in which
they were asked for. Time is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from schemas.frames import DIGEST, frame_of
from schemas.registers import REGISTERS
from schemas.rules.base import Reach, Read
from schemas.tables import Tables
from schemas.text import Refusal, Text

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


@cache
def _empty(name: str) -> pd.DataFrame:
    homes = {column: pd.Series(dtype="str") for column in (*HOME_COLUMNS, DIGEST)}
    return frame_of(name).assign(**homes)


def with_homes(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """Every frame with `_home` (jurisdiction) and `_unit` (empty where a row is not a unit's).

    Raises:
        FactsError: when a table is asked for that has a row which points to nothing.
    """
    homed = Tables(lambda name: _with_homes(name, tables, homed))
    return homed


def _with_homes(
    name: str, tables: Mapping[str, pd.DataFrame], homed: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    register = REGISTERS[name]
    frame = tables.get(name)
    if frame is None or frame.empty:
        return _empty(name)
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

    on: date
    units: pd.DataFrame
    lineage: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables: Mapping[str, pd.DataFrame] = self.__dict__["tables"]
        if name in tables:
            return tables[name]
        raise AttributeError(name)

    @property
    def today(self) -> pd.Timestamp:
        """`on` as a timestamp, to compare with date columns."""
        return pd.Timestamp(self.on)

    def restricted(self, reads: Iterable[Read]) -> Facts:
        """Only the registers of `reads`, each cut to what is evidence for the units in scope.

        What is done to these frames is not done to ours (they are lazy copies).
        """
        places = set(self.units["jurisdiction"])
        above = set(self.lineage.loc[self.lineage["jurisdiction"].isin(places), "ancestor"])
        below = set(self.lineage.loc[self.lineage["ancestor"].isin(places), "jurisdiction"])
        units = {*self.units["unit"], ""}
        tables: dict[str, pd.DataFrame] = {}
        for read in reads:
            frame = self.tables[read.register]
            if read.reach is Reach.OWN:
                keep = frame["_home"].isin(places) & frame["_unit"].isin(units)
            else:
                keep = frame["_home"].isin(above if read.reach is Reach.ANCESTORS else below)
            tables[read.register] = frame.copy(deep=False) if bool(keep.all()) else frame[keep]
        lineage = self.lineage.copy(deep=False)
        return Facts(self.on, self.units.copy(deep=False), lineage, tables)

    def whole(self) -> None:
        """Put every register together.

        Raises:
            FactsError: one cannot be.
        """
        for name in self.tables:
            self.tables[name]

    def within(self, units: Iterable[str]) -> Facts:
        """The same facts with only `units` in scope."""
        chosen = self.units[self.units["unit"].isin(set(units))]
        return Facts(self.on, chosen.reset_index(drop=True), self.lineage, self.tables)


def facts_of(tables: Mapping[str, pd.DataFrame], on: date) -> Facts:
    """Facts over register frames (absent ones count as empty), with every unit in scope.

    A register is put together when it is first asked for; `whole` asks for all of them.
    """
    homed = with_homes(tables)
    return Facts(on, units_of(homed), lineage_of(homed["jurisdictions"]), homed)
