"""The main job and the command `run`, as a user starts them, on a server that runs already."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from pathlib import Path

import pytest

from data.home import Home
from data.ledger import Ledger
from data.policies import read_pack
from data.receipts import verify_receipt
from data.status import statuses
from data.verify import verify
from schemas.vocabulary import Body, Level, Outcome, Stage
from tasks.desk import Desk
from tests.support import cycle
from tests.support.patience import PATIENCE
from tests.support.signing import sign_all

LARGEST = 3_000_000  # bytes of the report

pytestmark = pytest.mark.server


def termgate(*arguments: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    """Run the console script."""
    program = Path(sysconfig.get_path("scripts"), "termgate")
    return subprocess.run(
        (str(program), *arguments),
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, "TERMGATE_LANG": lang, "COLUMNS": "200"},
    )


def assert_signed_by_whom_the_pack_demands(home: Home) -> None:
    """Every open gate carries the signatures of enough officers of the organs that it asks for."""
    history = Desk(home).history
    pack = read_pack(history.pack)
    levels = {one.unit: (Level(one.level), Body(one.body)) for one in statuses(Ledger(home.ledger))}
    opened = [gate for gate, one in history.standings.items() if one.outcome == Outcome.OPEN]
    assert len(opened) == 577
    for unit, stage in opened:
        signed = set(history.standings[unit, stage].sign_offs)
        acts = [act for act in history.acts.of(unit, stage) if act.seq in signed]
        organs = [(act.officer, history.acts.keys.keys[act.key].organ) for act in acts]
        for required in pack.signers(Stage(stage), *levels[unit]):
            fit = [one for one in organs if one[1] in required.organs]
            assert required.have(fit) >= required.number, (unit, stage, required.name)


def test_the_main_job_ends_as_the_article_does(server: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = termgate("demo", "--home", str(home))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "113 units done, the city's own 3 under way" in done.stdout
    assert "8258" in done.stdout
    assert "chain, blobs, signatures and checkpoint hold" in done.stdout
    replayed = re.search(
        r"replayed (\d+) decisions and (\d+) hand-ons: (\d+) give the same", done.stdout
    )
    assert replayed, done.stdout[-3000:]
    decisions, hand_ons, same = map(int, replayed.groups())
    assert (decisions > 1000, decisions + hand_ons) == (True, same)
    assert_signed_by_whom_the_pack_demands(Home(home))
    for content in home.glob("receipt-*.json"):
        assert verify_receipt(content.read_bytes()).entry["kind"] == "handed-on"
    assert len(list(home.glob("receipt-*.json"))) == 2
    note = (home / "checkpoint.txt").read_text(encoding="utf-8")
    assert verify(Home(home), acts=True, checkpoints=[note])[1] is None
    units = statuses(Ledger(Home(home).ledger))
    assert sum(one.done for one in units) == 113
    assert {one.level for one in units if not one.done} == {"city"}
    report = tmp_path / "report.html"
    assert termgate("audit", "export", str(report), "--home", str(home)).returncode == 0
    assert report.stat().st_size <= LARGEST
    again = termgate("status", "--home", str(home))
    assert again.returncode == 3


@pytest.mark.long
def test_run_says_how_the_stage_stands(server: str, tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path, planted=True)
    where = ("--home", str(home.path), "--on", cycle.ON.isoformat())
    closed = termgate("run", "plan", *where)
    assert closed.returncode == 3, closed.stderr
    assert "plan.posts" in closed.stdout or "Posts and their numbers" in closed.stdout
    sign_all(home, Stage.PLAN, "640302103")
    opened = termgate("run", "plan", "--scope", "640302103", *where, lang="zh")
    assert opened.returncode == 0, opened.stderr
    assert "2个单位中2个通过" in opened.stdout
    assert opened.stderr == ""


def test_run_refuses_what_does_not_exist_before_it_starts(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path)
    for arguments in (("voting",), ("plan", "--scope", "999999"), ("plan", "--on", "31 February")):
        refused = termgate("run", *arguments, "--home", str(home.path))
        assert refused.returncode == 2, refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
        assert "Traceback" not in refused.stderr
