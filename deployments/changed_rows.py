"""Which rows changed of a gate's evidence: since a signature, or so that an objection was raised.

Rules: pandas is loaded only where somebody asks about an act or an objection that there is; of a
row its register and key are named, what became of it, and by which delivery.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from data.home import Home
from deployments.app import _
from deployments.show import Line
from schemas.entries import GateAct, Objected
from schemas.words import ROW_CHANGES, register_name

if TYPE_CHECKING:
    from tasks.changes import Change, Raising


class Rows(Protocol):
    """What knows which rows of a gate's evidence changed."""

    def changes(self, acts: Sequence[GateAct], /) -> Mapping[int, Sequence[Change]]:
        """By the entries of acts, those that changed since."""

    def raised(self, objections: Sequence[Objected], /) -> Mapping[int, Sequence[Raising]]:
        """By the entries of objections, those that raised them."""


@dataclass(frozen=True)
class RowsOf:
    """The rows of a home."""

    home: Home

    def changes(self, acts: Sequence[GateAct], /) -> Mapping[int, Sequence[Change]]:
        """What changed since acts."""
        if not acts:
            return {}
        from tasks.changes import since_acts

        return since_acts(self.home, acts)

    def raised(self, objections: Sequence[Objected], /) -> Mapping[int, Sequence[Raising]]:
        """What raised objections."""
        if not objections:
            return {}
        from tasks.changes import raised_by

        return raised_by(self.home, objections)


def raised_json(rows: Sequence[Raising]) -> list[dict[str, Any]]:
    """The rows that raised an objection, as JSON."""
    return [one.as_json() for one in rows]


def raised_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    """The same in words."""
    for one in rows:
        title, change = register_name(one["register"]), ROW_CHANGES[one["change"]]
        yield Line(
            _(
                f"    台账“{title.zh}”{one['key']}{change.zh}："
                f"{one['by']} 报送，记录第{one['seq']}号",
                f"    “{title.en}” {one['key']} {change.en}: delivered by {one['by']}, entry "
                f"{one['seq']}",
            )
        )
