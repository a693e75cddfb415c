"""Places and units by their names on the command line, as at the desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.home import Home
from data.ledger import Ledger
from deployments.scopes import scope_named, unit_named
from tests.support import cycle
from tests.support.command import BAD_INPUT, CLOSED, Run, answer

TOWN, CONGRESS = "640302100", "640302100-congress"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    made = cycle.small_home(tmp_path / "home")
    monkeypatch.setenv("TERMGATE_HOME", str(made.path))
    return made


def test_a_name_that_one_place_or_unit_has_means_it(home: Home) -> None:
    ledger = Ledger(home.ledger)
    for asked, code in (
        ("古渡镇", TOWN),
        (TOWN, TOWN),
        ("古渡镇人大", CONGRESS),
        ("cycle", "cycle"),
    ):
        assert scope_named(ledger, asked) == code
    assert unit_named(ledger, "古渡镇人大") == unit_named(ledger, CONGRESS) == CONGRESS
    # What nothing is called is refused by whoever looks for it.
    assert scope_named(ledger, "天宫镇") == unit_named(ledger, "天宫镇") == "天宫镇"


def test_the_units_of_a_place_stand_under_their_own_names(
    home: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    _, out, _ = termgate("status", "--scope", TOWN)
    assert ("古渡镇人大" in out, "古渡镇政府" in out) == (True, True)


def test_commands_take_names(home: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert answer(termgate, "status", "--scope", "古渡镇", code=CLOSED) == answer(
        termgate, "status", "--scope", TOWN, code=CLOSED
    )
    assert answer(termgate, "objection", "list", "--scope", "古渡镇") == []
    shown = answer(termgate, "gate", "show", "古渡镇人大", "plan", code=CLOSED)
    assert shown["unit"] == CONGRESS
    assert (
        answer(termgate, "run", "plan", "--scope", "古渡镇人大", code=CLOSED)["scope"] == CONGRESS
    )
    (decided,) = answer(termgate, "audit", "log", "--unit", "古渡镇人大")
    assert decided["unit"] == CONGRESS
    monkeypatch.setenv("TERMGATE_LANG", "zh")
    for arguments in (("status", "--scope", "天宫镇"), ("gate", "show", "天宫镇", "plan")):
        code, _, err = termgate(*arguments)
        assert (code, "天宫镇：没有这个单位或行政区" in err) == (BAD_INPUT, True)
    # A place is no unit: those that it has are named.
    code, _, err = termgate("gate", "show", "古渡镇", "方案")
    assert code == BAD_INPUT
    assert "640302100-congress（清宁市清源区古渡镇人大）" in err
    assert "640302100-government（清宁市清源区古渡镇政府）" in err
