"""Refusals: one line, the right exit code, nothing written, and never an open gate."""

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from data.blobs import Folder
from data.home import Home
from deployments import read
from schemas.registers import REGISTERS
from schemas.text import LANGUAGES
from tests.deployments.conftest import By
from tests.generator.book import mend_bytes, write_book
from tests.intake.files import csv_file
from tests.support import cycle
from tests.support.command import BAD_INPUT, CLOSED, FAULT, Run, answer, files
from tests.support.places import rewrite

WRONG: dict[str, str] = {
    "no such command": "vote",
    "no such option": "status --all",
    "a word too many": "status 640302",
    "a value for a switch": "status --json=maybe",
    "no cycle there": "status --home absent",
    "no such scope": "status --scope 640399",
    "an empty scope": "status --scope=",
    "no such unit": "gate show 640302-court plan",
    "a unit with markup": "gate show [bold] plan",
    "no such stage": "gate show 640302-congress harvest",
    "a stage less": "gate show 640302-congress",
    "no such check": "policy show plan.weather",
    "no such pack": "policy show --policy cn-1999",
    "a pack that is none": "policy show --policy file.csv",
    "no such day": "audit log --since 2016-02-31",
    "a day in words": "audit log --since yesterday",
    "a number that is none": "audit log --since ²",
    "a negative number": "audit log --since=-5",
    "the log of no unit": "audit log --unit 640302-court",
    "the log of no stage": "audit log --stage harvest",
    "a stage that is none": "run harvest",
    "run on no day": "run plan --day 2016-02-31",
    "run without a stage": "run",
    "run nowhere": "run plan --home absent",
    "init without a book": "init --policy cn-2016",
    "init without a policy": "init --book file.csv",
    "init without founders": "init --policy cn-2016 --book file.csv --home new",
    "init again": "init --policy cn-2016 --book file.csv --trial t",
    "init from nothing": "init --policy cn-2016 --book absent.xlsx --home new --trial t",
    "init from no book": "init --policy cn-2016 --book file.csv --home new --trial t",
    "init from an empty folder": "init --policy cn-2016 --book empty --home new --trial t",
    "init under no pack": "init --policy cn-1999 --book absent.xlsx --home new --trial t",
    "init into a file": "init --policy cn-2016 --book book.xlsx --home file.csv --trial t",
    "submit nothing": "submit",
    "submit no file": "submit officers --as o-640300-03",
    "submit by nobody": "submit officers file.csv",
    "submit without a key": "submit officers file.csv --as o-640300-03",
    "submit by no officer": "submit officers file.csv --as o-999 --dry-run",
    "submit what is absent": "submit officers absent.csv --as o-640300-03 --dry-run",
    "submit a folder": "submit officers empty --as o-640300-03 --dry-run",
    "submit to no register": "submit weather file.csv --as o-640300-03 --dry-run",
    "submit the wrong columns": "submit reports file.csv --as o-640300-03 --dry-run",
    "submit an empty file": "submit officers empty.csv --as o-640300-03 --dry-run",
    "template nowhere": "template absent/book.xlsx",
    "template over a folder": "template empty",
    "template of no register": "template t.xlsx --register weather",
    "verify nowhere": "audit verify --home absent",
}
# All that is wrong with a book is told, a line for each: here that two registers are missing.
LINES = {"init from an empty folder": 2}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    rows = cycle.small_rows()
    small = ("jurisdictions", "units")
    write_book(path, {name: rows[name] if name in small else [] for name in rows})
    return path


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_usage_is_one_line_and_changes_nothing(
    home: Home,
    termgate: Run,
    tmp_path: Path,
    book: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(book, "book.xlsx")
    rows = cycle.small_rows()["officers"][:1]
    Path("file.csv").write_bytes(mend_bytes(REGISTERS["officers"], rows, rows[0]))
    Path("empty.csv").touch()
    Path("empty").mkdir()
    before = files(tmp_path)
    for lang in LANGUAGES:
        monkeypatch.setenv("TERMGATE_LANG", lang)
        code, out, err = termgate(*WRONG[name].split())
        assert (code, out) == (BAD_INPUT, "")
        assert err.count("\n") == LINES.get(name, 1)
        assert len(err) > 10
        assert "Traceback" not in err
    assert files(tmp_path) == before


# What cannot be trusted


def flip(path: Path, at: int | None = None) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if at is None else at] ^= 1
    path.write_bytes(content)


def overwrite(path: Path) -> None:
    path.write_bytes(b"x" * 4096)


DAMAGES: dict[str, tuple[Callable[[Home], object], str]] = {
    "a blob deleted": (
        lambda home: Folder(home.blobs_folder).path(cycle.entries(home)[3]["blob"]).unlink(),
        "entry 4",
    ),
    "a blob changed": (
        lambda home: flip(Folder(home.blobs_folder).path(cycle.entries(home)[5]["blob"])),
        "entry 6",
    ),
    "the policy deleted": (
        lambda home: Folder(home.blobs_folder).path(cycle.entries(home)[0]["policy"]).unlink(),
        "entry 1",
    ),
    "an entry changed": (lambda home: rewrite(home, b'"seq":9', b'"seq":8'), "entry 9"),
    # The first of the page that the entries begin on, for some bytes of a database hold nothing.
    "a byte flipped": (lambda home: flip(home.ledger_file, 4096), "cannot be read"),
    "the ledger emptied": (
        lambda home: home.ledger_file.write_bytes(b"x" * 4096),
        "cannot be read",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_told_by_verifying_and_opens_nothing(
    home: Home, termgate: Run, name: str
) -> None:
    damage, words = DAMAGES[name]
    opened = [one for one in answer(termgate, "status", code=CLOSED)
              if "open" in one["stages"].values()]  # fmt: skip
    damage(home)
    code, out, err = termgate("audit", "verify")
    assert (code, err) == (CLOSED, "")
    assert words in out
    assert len(out.splitlines()) == 1
    code, out, err = termgate("status", "--json")
    assert code == CLOSED
    shown = json.loads(out) if out else []
    assert err.count("\n") == (not out)
    assert [one for one in shown if "open" in one["stages"].values() and one not in opened] == []


def test_without_its_policy_a_cycle_shows_none(home: Home, termgate: Run) -> None:
    policy = cycle.entries(home)[0]["policy"]
    Folder(home.blobs_folder).path(policy).unlink()
    code, out, err = termgate("policy", "show")
    assert (code, out) == (CLOSED, "")
    assert f"blob {policy} is missing" in err
    assert answer(termgate, "policy", "show", "--policy", "cn-2016")["pack"] == "cn-2016"


@pytest.mark.parametrize("error", [ValueError("马文博"), RecursionError(), OSError(5, "broken")])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_fault_of_ours_is_one_line_that_quotes_nobody(
    home: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, lang: str
) -> None:
    def crash(*_given: object, **_more: object) -> int:
        raise error

    monkeypatch.setenv("TERMGATE_LANG", lang)
    monkeypatch.setattr(read, "statuses", crash)
    code, out, err = termgate("status")
    assert (code, out) == (FAULT, "")
    assert err.count("\n") == 1
    assert type(error).__name__ in err
    assert "马文博" not in err


@pytest.mark.parametrize("stop", [KeyboardInterrupt, BrokenPipeError])
def test_an_interruption_is_no_traceback(
    home: Home, termgate: Run, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    def stopped(*_given: object, **_more: object) -> int:
        raise stop

    monkeypatch.setattr(read, "statuses", stopped)
    code, out, err = termgate("status")
    assert (code, out) == (FAULT, "")
    assert err.count("\n") <= 1
    assert os.environ["TERMGATE_HOME"] == str(home.path)


FULL = {"zh": "磁盘已满", "en": "the disk is full"}


def no_page_left(*_: object) -> None:
    """What SQLite says where it may write no page more."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA max_page_count = 1")
        connection.execute("CREATE TABLE t (x)")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", ["ledger", "blob", "verify"])
def test_a_full_disk_is_told_as_that(
    home: Home,
    termgate: Run,
    tmp_path: Path,
    by: By,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    language: str,
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", language)
    before = cycle.stored(home)
    file = csv_file(tmp_path / "duties.csv", cycle.small_rows()["duties"][:1], "duties")
    command: tuple[str, ...] = ("submit", "duties", str(file), *by(cycle.OFFICER))
    if what == "ledger":
        monkeypatch.setattr("data.sqlite._Session.run", no_page_left)
    elif what == "blob":
        monkeypatch.setattr(os, "fsync", full)
    else:
        command = ("audit", "verify")
        monkeypatch.setattr("data.sqlite._Reading.query", no_page_left)
    code, _, told = termgate(*command)
    assert code == BAD_INPUT
    (line,) = told.splitlines()
    assert FULL[language] in line
    monkeypatch.undo()
    if what != "verify":
        assert cycle.stored(home) == before


def full(_: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
