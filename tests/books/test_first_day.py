"""The first day with people's own sheets: ten of them and a new book, to the first open gate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from data.home import Home
from deployments.cli import run_command
from deployments.exits import DONE
from schemas.vocabulary import Outcome, Stage
from tasks.intake.mapped import look_through_mapped
from tasks.intake.mapping import read_map
from tasks.officers.gates import Gates
from tasks.officers.recording import Recorder
from tests.books.own import OwnSheets, typed_in
from tests.books.typist import Typist, few_divisions
from tests.intake.files import read_book
from tests.support import cycle
from tests.support.keyfiles import founding_options
from tests.support.signing import act_of, enrol

MOST_TYPED = 150
DAY = date(2016, 8, 28)
TOWN = "640302100-government"
FROM_SHEETS = ("officers", "roster", "measures", "notice_clauses", "duties", "talks",
               "talk_participants", "assemblies", "documents")  # fmt: skip


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    with cycle.unsynced():
        yield


def command(*given: object) -> int:
    return run_command([str(one) for one in given])


def known_rows(book: Path) -> dict[str, list[dict[str, Any]]]:
    """What a book that is filled in says, with a name of their own for everybody."""
    rows = {name: [dict(row) for row in one.rows] for name, one in read_book(book).items()}
    people = {str(row["person"]) for name in ("officers", "roster") for row in rows[name]}
    names = ("".join(one) for one in product("马丁王石易梁", "文海小秀", "博峰明琳彬花"))
    called = dict(zip(sorted(people), names, strict=False))
    for name in ("officers", "roster"):
        for row in rows[name]:
            row["name"] = called[str(row["person"])]
    return rows


def test_the_first_day_with_sheets_of_one_s_own(tmp_path: Path) -> None:
    """The first plan gate opens, and all seven units hold, with at most 150 typed cells."""
    new = ("--place", "640302", "--policy", "cn-2016", "--election-day", "2016-11-09",
           "--divisions", few_divisions(tmp_path / "区划.csv"))  # fmt: skip
    known, folder = tmp_path / "known.xlsx", tmp_path / "自有表格"
    assert command("new", known, *new) == DONE
    Typist().fill(known)
    rows = known_rows(known)

    # What the department has: ten sheets.
    folder.mkdir()
    finished = OwnSheets(rows, folder).write()
    assert len(list(folder.iterdir())) == 10
    # What somebody does: of a new book the sheets go that are their own, the rest is filled in.
    book, own = folder / "book.xlsx", folder / "map.toml"
    assert command("new", book, *new) == DONE
    typist = Typist()
    typist.fill(book, without=FROM_SHEETS)
    assert command("map", folder) == DONE
    typed = typist.typed + len(FROM_SHEETS) + typed_in(own.read_text(encoding="utf-8"), finished)
    own.write_text(finished, encoding="utf-8")
    home = Home(tmp_path / "home")
    known_officers = look_through_mapped(folder, read_map(own), (), None).deliveries["officers"]
    # The last of each organ: who delivers is the one more whom the book has for that.
    organs = {str(row["organ"]): str(row["officer"]) for row in known_officers.rows
              if row["jurisdiction"] == "640302"}  # fmt: skip
    founders = founding_options(
        tmp_path / "keys", organs["organisation-department"], organs["secretary"]
    )
    given = ("--policy", "cn-2016", "--book", folder, "--map", own, "--historical", "--day", DAY,
             *founders)  # fmt: skip
    assert command("init", *given, "--home", home.path) == DONE

    facts = Recorder(home).snapshot("cycle").facts
    for name in FROM_SHEETS:
        assert len(getattr(facts, name)) == len(rows[name]), name
    officers = facts.officers
    officers = officers[officers["jurisdiction"] == "640302"]
    signers = {
        str(officers.loc[officers["organ"] == organ, "officer"].min())
        for organ in ("secretary", "organisation-department")
    }
    # A third organ vouches too for who signs, and signs nothing here.
    third = str(officers.loc[officers["organ"] == "discipline-commission", "officer"].min())
    enrol(home, [*signers, third])
    waiting = cycle.launch(home, Stage.PLAN, on=DAY)
    assert len(waiting) == 7
    held = {one.check for unit in waiting for one in cycle.closing(home, unit, "plan")}
    assert held == {"plan.sign-off"}
    for officer in sorted(signers):
        gates = Gates(Recorder(home), Stage.PLAN, TOWN)
        gates.record([act_of(gates, TOWN, officer)])
    assert cycle.launch(home, Stage.PLAN, TOWN, on=DAY) == {TOWN: Outcome.OPEN}
    assert typed <= MOST_TYPED, typed
