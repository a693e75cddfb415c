"""Every forgery is named, by its class and the number of its entry, by who can tell it.

Rules: both verifiers say the same of home and bundle; what no signature tells they take for any
other act, and the replay inside `audit verify` names it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from data.bundle import export_bundle
from data.home import Home
from data.verify import Fault
from tasks.replaying.acts import judged
from tasks.replaying.comparison import Verdict
from tasks.replaying.past import chronicle_of
from tasks.verifying import replay_fault
from tests.forgeries import rows_acts, rows_decisions, rows_others, rows_sign_offs
from tests.forgeries.forging import REPLAY, Forger, Forgery, Kind
from tests.forgeries.scene import scene
from tests.support import cycle
from tests.support.tree import ROOT
from tests.tamper.verifiers import Verdict as Verified
from tests.tamper.verifiers import by_library, by_single_file, of_home

FORGERIES = [
    *rows_decisions.ROWS,
    *rows_sign_offs.ROWS,
    *rows_acts.ROWS,
    *rows_others.ROWS,
]
LEAST = 8
# By whom and how: both verifiers, or the replay.
CLASSES = ("signature", "decision", "evaluator", "day", REPLAY)


def verified(home: Home) -> set[Verified]:
    """What the verifiers say of a home and of its bundle."""
    path = home.path.with_name("bundle.zip")
    with cycle.unsynced():
        export_bundle(home, path)
    content = path.read_bytes()
    return {of_home(home), by_library(content), by_single_file(content)}


def told(home: Home) -> list[tuple[int, str]]:
    """The acts that are not justified, with their codes."""
    found = judged(chronicle_of(home))
    return [(one.seq, one.code) for one in found if one.verdict is not Verdict.SAME]


@pytest.mark.parametrize("one", FORGERIES, ids=[f"{one.kind} {one.name}" for one in FORGERIES])
def test_it_is_named(one: Forgery, tmp_path: Path) -> None:
    home, marks = scene(tmp_path / "home")
    forger = Forger(home, one.keys, marks)
    seq = one.forge(forger)
    forger.write()
    if one.fault != REPLAY:
        assert verified(home) == {(one.fault, seq)}
        return
    assert verified(home) == {("", forger.last)}
    if one.code:
        assert told(home) == [(seq, one.code)]
    else:
        assert replay_fault(home) == Fault(seq, REPLAY)


def test_what_nobody_forged_is_not_named(tmp_path: Path) -> None:
    home, _ = scene(tmp_path / "home")
    assert verified(home) == {("", len(cycle.entries(home)))}
    assert replay_fault(home) is None


def test_there_are_enough_and_each_is_another() -> None:
    """What the issue asks for: forty of these four kinds, each with one real key at most."""
    named = [Kind.DECISION, Kind.HAND_ON, Kind.CONFIRMATION, Kind.ADOPTION]
    of_one = Counter(one.kind for one in FORGERIES if len(one.keys) <= 1)
    assert sum(of_one[kind] for kind in named) >= 40
    assert all(of_one[kind] >= LEAST for kind in Kind if kind is not Kind.LISTING)
    assert len({(one.kind, one.name) for one in FORGERIES}) == len(FORGERIES)


def test_the_table_of_who_names_what_is_documented() -> None:
    counted = Counter((one.kind, one.fault) for one in FORGERIES)
    text = (ROOT / "docs" / "trials.md").read_text(encoding="utf-8")
    for kind in Kind:
        cells = [counted[kind, fault] for fault in CLASSES]
        row = " | ".join(map(str, (sum(cells), *cells)))
        assert f"| {kind} | {row} |" in text
    assert f"a list of {counted.total()} decisions" in text
