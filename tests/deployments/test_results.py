"""`termgate result`: the file is written once, and nothing else is told of whom it is about."""

from pathlib import Path

import pytest

from data.home import Home
from tests.support import cycle
from tests.support.command import BAD_INPUT, CLOSED, DONE, Run

UNIT = "640302-congress"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return cycle.small_home(tmp_path_factory.mktemp("result") / "home", run=True)


@pytest.mark.parametrize("suffix", ["html", "xlsx"])
def test_the_command_writes_a_file_and_prints_no_name(
    home: Home, tmp_path: Path, termgate: Run, suffix: str
) -> None:
    file = tmp_path / f"result.{suffix}"
    code, out, err = termgate("result", UNIT, str(file), "--home", str(str(home.path)), "--json")
    assert (code, err) == (DONE, "")
    names = [row["name"] for row in cycle.small_rows()["roster"]]
    assert not [name for name in names if str(name) in out]
    assert file.stat().st_mode & 0o777 == 0o600
    assert termgate("result", UNIT, str(file), "--home", str(home.path))[0] == BAD_INPUT


@pytest.mark.parametrize(
    ("unit", "name", "code"),
    [
        ("640300-congress", "x.html", CLOSED),
        ("640399-congress", "x.html", BAD_INPUT),
        (UNIT, "x.pdf", BAD_INPUT),
    ],
)
def test_what_cannot_be_written_is_told_in_one_line(
    home: Home, tmp_path: Path, termgate: Run, unit: str, name: str, code: int
) -> None:
    got, out, err = termgate("result", unit, str(tmp_path / name), "--home", str(home.path))
    assert (got, out, err.count("\n")) == (code, "", 1)
    assert not (tmp_path / name).exists()
