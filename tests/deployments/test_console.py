"""The console script in a process of its own: exit codes, languages, quick answers."""

import json
import os
import resource
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from data.home import Home
from data.ledger import Ledger
from schemas.registers import REGISTERS
from schemas.vocabulary import STAGES, Stage
from tests.intake.files import csv_file, csv_text, sheet_table, workbook
from tests.support import cycle, reference
from tests.support.forks import Forks
from tests.support.keyfiles import acting
from tests.support.marks import long_but
from tests.support.tree import ROOT

PROGRAM = Path(sysconfig.get_path("scripts"), "termgate")
HEAVY = ("prefect", "pandas", "numpy", "pyarrow", "great_expectations")
QUICK = ("status", "gate show 640302103-congress plan", "audit log")
OFFICERS = ("inbox --as o-640300-01", "key list")
READING = (*QUICK, *OFFICERS, "policy show", "audit verify --quick", "audit log --check plan.posts")
# What only those commands load that check, sign or verify.
CHECKING = ("pydantic", "securesystemslib", "cryptography")
# How many times as long as loading the console's libraries alone: about a third of a second. The
# same tree took from 2.9 to 4.4 times as long on one machine and another.
AS_LONG, TIMES = 5.0, 7
LIBRARIES = "import cyclopts, rich.console, rich.table"
# The same for a small submission, and what it cannot do without, a signature among it; pandas alone
# is once more as much.
AS_NEEDED = 2.6
NEEDED = "import cyclopts, pydantic.main, rich.console, rich.table, pyarrow.parquet"


def termgate(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (str(PROGRAM), *arguments),
        env={**os.environ, "TERMGATE_LANG": "en", **environment},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The reference cycle with a decision for all of its 580 gates, as long as real ones."""
    path = tmp_path_factory.mktemp("console")
    small = cycle.small_home(path / "small", planted=True, run=True)
    of_stage = {entry["stage"]: entry for entry in cycle.entries(small, "decided")}
    home = cycle.whole_home(path / "home")
    ledger = Ledger(home.ledger)
    units = [unit for (unit,) in ledger.query("SELECT unit FROM units")]
    with ledger.transaction() as transaction:
        for stage in STAGES:
            like = of_stage[stage]
            content = {key: like[key] for key in like.keys() - {"seq", "prev", "at", "kind"}}
            for unit in units:
                given = {**content, "unit": unit, "outcome": "open"}
                seq = transaction.append("decided", **given)
                transaction.set_state(
                    "INSERT INTO gates VALUES (?, ?, ?, 'open', ?)",
                    unit, stage.value, seq, content["decision"],
                )  # fmt: skip
    return home


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The reference cycle, its plan decided: all of its 116 units wait for signatures."""
    home = cycle.whole_home(tmp_path_factory.mktemp("waiting") / "home")
    cycle.launch(home, Stage.PLAN)
    return home


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A small cycle after a run: the county and its townships are done, the city is not."""
    return cycle.small_home(tmp_path_factory.mktemp("done") / "home", run=True)


def test_the_exit_code_says_how_it_stands(done: Home, tmp_path: Path) -> None:
    home = ("--home", str(done.path))
    assert termgate("status", "--scope", "640302", *home).returncode == 0
    assert termgate("gate", "show", "640302-congress", "plan", *home).returncode == 0
    assert termgate("audit", "verify", *home).returncode == 0
    other = cycle.small_home(tmp_path / "home")
    assert termgate("status", TERMGATE_HOME=str(other.path)).returncode == 3
    refused = termgate("status", "--scope", "640399", *home)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1


def test_json_is_what_is_printed_and_nothing_else(done: Home) -> None:
    told = termgate("status", "--json", "--home", str(done.path))
    assert len(json.loads(told.stdout)) == 10
    assert told.stderr == ""


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"TERMGATE_LANG": "zh"}, "换届"),
        ({"TERMGATE_LANG": "en"}, "Gated workflows"),
        ({"TERMGATE_LANG": "", "LC_ALL": "zh_CN.UTF-8"}, "换届"),
        ({"TERMGATE_LANG": "", "LC_ALL": "C.UTF-8"}, "Gated workflows"),
    ],
)
def test_help_is_in_the_readers_language(variables: dict[str, str], word: str) -> None:
    told = termgate("--help", **variables)
    assert (told.returncode, told.stderr) == (0, "")
    assert word in told.stdout


def test_a_terminal_that_knows_no_chinese_is_no_fault(done: Home) -> None:
    told = termgate(
        "status", "--scope", "640302", "--home", str(done.path),
        TERMGATE_LANG="zh", PYTHONIOENCODING="utf-8", NO_COLOR="1",
    )  # fmt: skip
    assert told.returncode == 0
    assert "\x1b" not in told.stdout


def test_a_closed_pipe_is_no_traceback(done: Home) -> None:
    command = f"{PROGRAM} audit log --json --home {done.path} | head -1"
    told = subprocess.run(("bash", "-c", command), check=False, capture_output=True, text=True)
    assert told.stdout == "[\n"
    assert "Traceback" not in told.stderr


def spent(command: Sequence[str]) -> float:
    """Seconds of the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=False, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def as_long(command: str, home: Home, libraries: str = LIBRARIES) -> float:
    """How many times as long as the libraries, of both the best of several in the same minute."""
    ours = [str(PROGRAM), *command.split(), "--home", str(home.path)]
    bare = [sys.executable, "-c", libraries]
    pairs = [(spent(ours), spent(bare)) for _ in range(TIMES)]
    return min(one for one, _ in pairs) / min(one for _, one in pairs)


@pytest.mark.parametrize("command", long_but(QUICK[:1], QUICK))
def test_reading_answers_in_a_moment(whole: Home, command: str) -> None:
    assert as_long(command, whole) <= AS_LONG


@pytest.mark.parametrize("command", long_but(OFFICERS[:1], OFFICERS))
def test_an_officer_is_answered_in_a_moment(waiting: Home, command: str) -> None:
    assert as_long(command, waiting) <= AS_LONG


@pytest.fixture(scope="module")
def commands() -> Iterator[Forks]:
    """Commands in processes that have loaded what the console loads for all of them."""
    with Forks("deployments.cli", "run_command") as forks:
        yield forks


@pytest.mark.parametrize("command", READING)
def test_reading_loads_nothing_heavy(commands: Forks, done: Home, command: str) -> None:
    told = commands.call(ROOT, [*command.split(), "--home", str(done.path)])
    assert told.code == (3 if command == "status" else 0), told.said
    loaded = {name.partition(".")[0] for name in told.loaded}
    assert {"deployments", "sqlite3"} <= loaded
    assert loaded.isdisjoint(HEAVY)
    if command in (*QUICK, OFFICERS[0]):
        assert loaded.isdisjoint(CHECKING)


# A small submission


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The reference cycle, and in the working folder one row of it as an office would send it."""
    monkeypatch.chdir(tmp_path)
    rows = reference.clean()["reviews"][:1]
    csv_file(tmp_path / "row.csv", rows, "reviews")
    csv_file(tmp_path / "bad.csv", [{**rows[0], "candidate": "c-none"}], "reviews")
    workbook(tmp_path / "row.xlsx", {"六项审核": sheet_table(rows, "reviews")})
    key = [{name: rows[0][name] for name in REGISTERS["reviews"].key}]
    labels = [REGISTERS["reviews"].column[name].column.zh for name in key[0]]
    (tmp_path / "key.csv").write_text(csv_text([labels, list(map(str, key[0].values()))]), "utf-8")
    return cycle.whole_home(tmp_path / "home")


@pytest.mark.parametrize(
    ("given", "code"),
    [("row.csv", 0), ("row.xlsx", 0), ("key.csv --withdraw", 0), ("bad.csv", 2)],
)
def test_a_small_submission_loads_nothing_that_it_does_not_need(
    commands: Forks, small: Home, given: str, code: int
) -> None:
    command = f"submit reviews {given} {' '.join(acting(small.path / 'keys', cycle.OFFICER))}"
    told = commands.call(Path.cwd(), [*command.split(), "--home", str(small.path)])
    assert told.code == code, told.said
    packages = {name.partition(".")[0] for name in told.loaded}
    assert {"deployments", "pyarrow"} <= packages
    assert packages.isdisjoint({"prefect", "pandas", "great_expectations"})
    # Rejected rows come back as a workbook.
    assert ("xlsxwriter" in packages) == bool(code)
    assert cycle.entries(small, "submitted")[-1]["officer"] == cycle.OFFICER


def test_a_small_submission_costs_little_more_than_its_libraries(small: Home) -> None:
    command = f"submit reviews row.csv {' '.join(acting(small.path / 'keys', cycle.OFFICER))}"
    assert as_long(command, small, NEEDED) <= AS_NEEDED
    assert cycle.entries(small, "submitted")[-1]["accepted"] == 1
