"""The frames of all registers, each made when it is first asked for.

Rules: whoever signs one gate needs a few registers and should not wait for the others; a table is
made once, and asking for all of them is asking for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from schemas.registers import REGISTERS


class Tables(Mapping[str, pd.DataFrame]):
    """Register → frame, as `make` gives it for the register's name."""

    def __init__(self, make: Callable[[str], pd.DataFrame]) -> None:
        self._make = make
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            if name not in REGISTERS:
                raise KeyError(name)
            self._made[name] = self._make(name)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in REGISTERS

    def __iter__(self) -> Iterator[str]:
        return iter(REGISTERS)

    def __len__(self) -> int:
        return len(REGISTERS)
