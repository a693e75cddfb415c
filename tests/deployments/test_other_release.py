"""A cycle of an earlier release, which digested evidence in another way, is never misread."""

from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from data import ledger
from data.home import Home, OtherRelease
from data.ledger import LedgerBroken, Transaction
from deployments.exits import BAD_INPUT, DONE
from schemas.canonical import EVIDENCE_SCHEME
from schemas.text import LANGUAGES
from schemas.vocabulary import Stage
from tasks.gate.snapshot import open_snapshot
from tests.deployments.conftest import By
from tests.support import cycle
from tests.support.command import Run

UNIT = "640302103-congress"
append = Transaction.append
OLDER = {"evidence": "termgate-evidence-1"}


UNCONFIRMED = {"evidence": EVIDENCE_SCHEME, "record": None}


@pytest.fixture(params=[{}, OLDER, UNCONFIRMED], ids=["silent", "older", "unconfirmed"])
def old(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose first entry says as much of its evidence digests as earlier releases did."""

    def appended(transaction: Transaction, kind: str, *more: Any, **fields: Any) -> int:
        if kind == "opened":
            del fields["evidence"]
            said = {**fields, **request.param}
            # This release writes no such entry.
            with patch.object(ledger, "entry_of"):
                return append(transaction, kind, **{x: y for x, y in said.items() if y is not None})
        return append(transaction, kind, *more, **fields)

    monkeypatch.setenv("TERMGATE_HOME", str(tmp_path / "home"))
    with patch.object(Transaction, "append", appended):
        return cycle.open_home(tmp_path / "home", cycle.small_rows())


def test_whatever_decides_signs_or_replays_refuses_it_in_one_line(
    old: Home, termgate: Run, by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting = by("o-640302-01")
    before = cycle.stored(old)
    commands = (
        ("run", "plan", "--scope", UNIT),
        ("run", "cycle"),
        ("sign", UNIT, "plan", "--yes", *acting),
        ("refuse", UNIT, "plan", *acting, "--reason", "x"),
        ("waive", UNIT, "plan.measures", UNIT, *acting, "--reason", "x", "--until", "2027-01-01"),
        ("withdraw", "1", *acting, "--reason", "x"),
        ("inbox", "--as", "o-640302-01"),
        ("submit", "officers", "x.csv", *acting),
        ("audit", "replay"),
        ("policy", "diff", "cn-2016", "cn-2026"),
    )
    told = OtherRelease(old.path).text
    for lang in LANGUAGES:
        monkeypatch.setenv("TERMGATE_LANG", lang)
        for command in commands:
            code, out, err = termgate(*command)
            assert (code, out) == (BAD_INPUT, ""), command
            assert err.strip() == told.render(lang=lang), command
            assert len(err.splitlines()) == 1
    assert cycle.stored(old) == before


@pytest.mark.parametrize("old", [OLDER], indirect=True)
def test_what_only_reads_its_history_goes_on(old: Home, termgate: Run) -> None:
    assert old.has_cycle()
    assert termgate("audit", "verify")[0] == DONE
    assert termgate("audit", "log", "--unit", UNIT)[0] == DONE


def test_nothing_in_this_process_looks_at_its_facts(old: Home) -> None:
    for look in (
        partial(open_snapshot, old, "cycle"),
        partial(cycle.launch, old, Stage.PLAN, UNIT),
    ):
        with pytest.raises((OtherRelease, LedgerBroken)):
            look(cycle.ON)
