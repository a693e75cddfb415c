"""The main job as a user starts it, without a server; and on one that the user named."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from data.home import Home
from data.keyfiles import load_key
from data.ledger import Ledger
from data.policies import read_pack
from data.receipts import verify_receipt
from data.status import statuses
from data.verify import verify
from deployments.cli import run_command
from deployments.demo_days import REFERENCE
from schemas.vocabulary import STAGES, Body, Level, Outcome, Stage
from tasks.officers.recording import Recorder
from tests.support.command import CLOSED, DONE
from tests.support.patience import PATIENCE

LARGEST = 4_000_000  # bytes of the report on 19 days
TABLE = json.loads(
    (Path(__file__).parents[1] / "timeline" / "reference-days.json").read_text(encoding="utf-8")
)
FAULTS = json.loads((REFERENCE / "cycle.json").read_text(encoding="utf-8"))["faults"]
FAILING = {"blocked", "forecast fail"}
LACKING = {"waiting", "forecast missing"}


def demonstrated(home: Path) -> str:
    """What the console script prints of the main job, in a process of its own."""
    program = Path(sysconfig.get_path("scripts"), "termgate")
    done = subprocess.run(
        (str(program), "demo", "--home", str(home)),
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, "TERMGATE_LANG": "en", "COLUMNS": "200"},
    )
    assert done.returncode == DONE, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def assert_signed_by_whom_the_pack_demands(home: Home) -> None:
    """Every open gate carries the signatures of enough officers of the organs that it asks for."""
    history = Recorder(home).history
    pack = read_pack(history.packs.at(history.latest).name)
    levels = {one.unit: (Level(one.level), Body(one.body)) for one in statuses(Ledger(home.ledger))}
    opened = [gate for gate, one in history.current.items() if one.outcome == Outcome.OPEN]
    # Six gates each of those that are done, and of the city those before its session.
    assert len(opened) == 113 * 6 + 3 * 4
    for unit, stage in opened:
        signed = set(history.current[unit, stage].sign_offs)
        acts = [act for act in history.acts.of(unit, stage) if act.seq in signed]
        organs = [(act.officer, history.acts.keys.keys[act.key].organ) for act in acts]
        for required in pack.signers(Stage(stage), *levels[unit]):
            fit = [one for one in organs if one[1] in required.organs]
            assert required.have(fit) >= required.number, (unit, stage, required.name)


def assert_every_evening_agrees(days: dict[str, Any]) -> None:
    """Units stood every evening where law, calendar and papers put them."""
    differs = []
    for unit, listed in TABLE["units"].items():
        entry: dict[str, Any] = {}
        for day, stood in days.items():
            entry = listed["days"].get(day, entry)
            for stage in STAGES:
                also = entry.get("also_acceptable", {}).get(stage.value, ())
                allowed = {entry[stage.value], *also}
                if stood[unit][stage.value] not in allowed:
                    differs.append((unit, day, stage.value, stood[unit][stage.value], allowed))
    assert differs == []


def assert_every_fault_shows_until_it_is_mended(days: dict[str, Any]) -> None:
    """From the evening of its day on its gate, reached or not, fails or lacks; then it opens."""
    seen: set[str] = set()
    for fault in FAULTS:
        allowed = FAILING if fault["status"] == "fail" else {*FAILING, *LACKING}
        for day, stood in days.items():
            for unit in fault["units"]:
                if fault["shows"] <= day < fault["mend"]["on"]:
                    assert stood[unit][fault["stage"]] in allowed, (fault["id"], unit, day)
                    seen.add(fault["id"])
    assert seen == {fault["id"] for fault in FAULTS}
    last = days[max(days)]
    ended = {last[unit][fault["stage"]] for fault in FAULTS for unit in fault["units"]}
    assert ended == {"open"}


def assert_lived(home: Path) -> None:
    """It went from August to January, and a late report closed again what stood open."""
    days = json.loads((home / "days.json").read_bytes())
    assert (len(days) >= 12, min(days)[:7], max(days)[:7]) == (True, "2016-08", "2017-01")
    assert_every_evening_agrees(days)
    assert_every_fault_shows_until_it_is_mended(days)
    counties = {
        unit: stood["vetting"]
        for unit, stood in days["2016-12-02"].items()
        if len(unit.partition("-")[0]) == 6 and not unit.startswith("640300")
    }
    assert (len(counties), set(counties.values())) == (15, {"open"})
    for unit, came, settled in (
        ("640381-government", "2016-11-29", "2016-12-02"),
        ("640300-government", "2016-12-30", "2017-01-03"),
    ):
        evenings = list(days)
        before = evenings[evenings.index(came) - 1]
        told = [days[day][unit]["vetting"] for day in (before, came, settled)]
        assert told == ["open", "blocked", "open"]


def as_the_article_does(home: Path) -> None:
    """Run the main job, and look at everything that it leaves."""
    told = demonstrated(home)
    assert told.count("closed again") >= 2
    assert_lived(home)
    assert "113 units done, the city's own 3 under way" in told
    assert "8258" in told
    assert "chain, blobs, signatures and checkpoint hold" in told
    passphrase = re.search(r"its passphrase is (\S+)", told)
    assert passphrase, told[-3000:]
    # The officer whose inbox it says to look at: another passphrase is refused.
    load_key(home / "keys" / "o-640300-52", passphrase[1])
    replayed = re.search(
        r"replayed (\d+) decisions, (\d+) hand-offs and (\d+) acts: (\d+) give the same", told
    )
    assert replayed, told[-3000:]
    decisions, hand_ons, acts, same = map(int, replayed.groups())
    assert (decisions > 1000, acts > 500, decisions + hand_ons + acts) == (True, True, same)
    assert_signed_by_whom_the_pack_demands(Home(home))
    for content in home.glob("receipt-*.json"):
        assert verify_receipt(content.read_bytes()).entry["kind"] == "handed-on"
    assert len(list(home.glob("receipt-*.json"))) == 2
    note = (home / "checkpoint.txt").read_text(encoding="utf-8")
    assert verify(Home(home), acts=True, checkpoints=[note])[1] is None
    units = statuses(Ledger(Home(home).ledger))
    assert sum(one.done for one in units) == 113
    assert {one.level for one in units if not one.done} == {"city"}
    report = home / "report.html"
    assert run_command(["audit", "export", str(report), "--home", str(home)]) == DONE
    assert report.stat().st_size <= LARGEST
    assert run_command(["status", "--home", str(home)]) == CLOSED


def test_the_main_job_ends_as_the_article_does(tmp_path: Path) -> None:
    as_the_article_does(tmp_path / "home")


@pytest.mark.long
@pytest.mark.server
def test_on_a_server_that_the_user_named_it_ends_so_too(server: str, tmp_path: Path) -> None:
    as_the_article_does(tmp_path / "home")
