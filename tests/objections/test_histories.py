"""Histories of a concluded unit in which days pass: reports, rulings, launches, in any order.

Whatever comes in which order: a concluded unit is undone by nothing but a granted objection, no
result is handed on over an open one, and verifiers and replay agree with the record.
"""

import shutil
import tempfile
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from data.bundle import export_bundle
from data.home import Home
from data.ledger import Ledger
from schemas.refusals import ActRefused
from tasks.replay import replay
from tests.objections.scene import (
    DISCIPLINE,
    LIAISON,
    SECRETARY,
    UNIT,
    concluded_home,
    launched,
    raised,
    report,
    rule,
    take_back,
)
from tests.support import cycle
from tests.support.marks import of_all
from tests.support.signing import sign_what_waits
from tests.tamper.verifiers import by_library, by_single_file, of_home

# By whom each is: the organs whom the pack of the cycle names.
ORGANS = {
    DISCIPLINE: "discipline-commission",
    SECRETARY: "secretary",
    LIAISON: "organisation-department",
}
DEEDS = st.lists(
    st.sampled_from(
        ("report", "take back", "launch", "launch", "sign", "day", "reject", "reopen", "another")
    ),
    min_size=4,
    max_size=10,
)


def deed(home: Home, number: int, kind: str, day: date) -> None:
    """One of them; what is refused is on record as an attempt."""
    every = raised(home)
    match kind:
        case "report":
            report(home, number, day)
        case "take back":
            for earlier in range(number):
                take_back(home, earlier, day)
        case "launch" | "day":
            launched(home, day)
        case "sign":
            sign_what_waits(home, UNIT)
        case "reject" | "reopen" | "another" if every:
            verdict = "reject" if kind == "reject" else "reopen"
            officer = {"reject": DISCIPLINE, "reopen": SECRETARY, "another": LIAISON}[kind]
            for one in every[-2:]:
                with suppress(ActRefused):
                    rule(home, one["seq"], verdict, officer, day)  # type: ignore[arg-type]


def states(entries: list[cycle.Entry], concluded: int) -> dict[int, str]:
    """How each objection to the unit stands after these entries, by what the design says."""
    found: dict[int, str] = {}
    for entry in entries:
        if entry["kind"] == "objected":
            found[entry["seq"]] = "open" if entry["handed_on"] == concluded else "lapsed"
    organs: dict[int, set[str]] = {}
    ruled: dict[int, str] = {}
    for entry in entries:
        if entry["kind"] == "ruled" and entry["of"] not in ruled:
            organs.setdefault(entry["of"], set()).add(ORGANS[entry["officer"]])
            if entry["verdict"] == "reject":
                ruled[entry["of"]] = "rejected"
            elif len(organs[entry["of"]]) > 1:
                ruled[entry["of"]] = "granted"
    return {**found, **ruled}


def assert_undone_by_nothing_but_a_grant(home: Home) -> None:
    own = [one for one in cycle.entries(home) if one.get("unit") == UNIT]
    concluded = 0
    for place, entry in enumerate(own):
        known = states(own[:place], concluded)
        if entry["kind"] == "handed-on" and entry["stage"] == "result":
            assert "open" not in known.values()
            concluded = entry["seq"]
        if entry["kind"] == "decided" and entry["outcome"] != "open" and concluded:
            granted = [seq for seq, state in known.items() if state == "granted"]
            to = {one["handed_on"] for one in own if one["seq"] in granted}
            assert concluded in to
            concluded = 0
        if entry["kind"] == "objected":
            assert entry["handed_on"] == concluded


@pytest.mark.reduced("histories are drawn by lot")
@settings(max_examples=of_all(2, 12))
@given(deeds=DEEDS)
def test_a_concluded_unit_is_undone_by_nothing_but_a_granted_objection(deeds: list[str]) -> None:
    folder = tempfile.mkdtemp(prefix="termgate-objections-")
    try:
        home = concluded_home(Path(folder) / "home")
        for number, kind in enumerate(["report", "launch", *deeds]):
            reached = Ledger(home.ledger).day()
            deed(home, number, kind, reached + timedelta(days=int(kind == "day")))
        launched(home, Ledger(home.ledger).day())
        assert_undone_by_nothing_but_a_grant(home)
        bundle = Path(folder) / "bundle.zip"
        export_bundle(home, bundle)
        content = bundle.read_bytes()
        entries = len(cycle.entries(home))
        told = {of_home(home), by_library(content), by_single_file(content)}
        assert told == {("", entries)}
        assert replay(home, every=True).agrees
    finally:
        shutil.rmtree(folder, ignore_errors=True)
