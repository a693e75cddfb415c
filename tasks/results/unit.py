"""The rows of one unit that a result report prints, and what its people and posts are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from schemas.facts import Facts
from schemas.names import post_name
from schemas.registers import REGISTERS
from schemas.rules.election_result import WINNERS
from schemas.text import Text
from schemas.vocabulary import Body, Level, PostKind
from tasks.checks.election_result import outcome
from tasks.checks.election_votes import members, votes, with_quorum
from tasks.results.source import Source

Row = Mapping[str, Any]


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame, in its order, with None where a cell is empty."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in plain.to_dict("records")]


def label_of(register: str, column: str) -> Text:
    """The heading of a column."""
    return REGISTERS[register].column[column].column.label


def rows_of(facts: Facts, register: str) -> list[dict[str, Any]]:
    """The rows of a register that are those of the unit in scope."""
    frame = facts.tables[register]
    return _rows(frame[frame["_unit"].isin(facts.units["unit"])])


def day_of(day: Any) -> Text:
    """A day as each language writes it."""
    return Text(f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}")


class UnitRows:
    """The rows of one unit, and the names of its people."""

    def __init__(self, source: Source) -> None:
        facts = source.facts
        self.source, self.facts = source, facts
        (self.unit,) = _rows(facts.units)
        places = facts.tables["jurisdictions"].set_index("jurisdiction")["name"]
        self.place = str(places[self.unit["jurisdiction"]])
        self.body, self.level = Body(self.unit["body"]), Level(self.unit["level"])
        (self.session,) = rows_of(facts, "sessions")
        self.posts = rows_of(facts, "posts")
        order = {kind.value: number for number, kind in enumerate(PostKind)}
        self.posts.sort(key=lambda post: order[post["kind"]])
        self.candidates = {row["candidate"]: row for row in rows_of(facts, "candidates")}
        self.tallies = rows_of(facts, "tallies")
        self.names = self._names("roster", "person")
        self.officers = self._names("officers", "officer")
        held = with_quorum(facts, votes(facts))
        held = held[held["unit"].isin(facts.units["unit"])]
        self.votes = _rows(held.sort_values(["post", "round"]))
        self.outcomes = {
            (row["post"], row["round"], row["candidate"]): row
            for row in _rows(outcome(facts.restricted(WINNERS.reads)))
        }
        self.members = int(members(facts)["members"].iloc[0])

    def _names(self, register: str, key: str) -> dict[str, str]:
        frame = self.facts.tables[register]
        return dict(zip(frame[key].tolist(), frame["name"].tolist(), strict=True))

    def name(self, candidate: str) -> str:
        """The name of a candidate."""
        person = str(self.candidates[candidate]["person"])
        return self.names.get(person, person)

    def post(self, post: Row) -> Text:
        """What a post is called."""
        return post_name(PostKind(post["kind"]), self.body, self.level, self.place)
