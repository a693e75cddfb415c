"""Writing an export: whole or absent, never over something, in any format, and with light tools."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from data.home import Home
from data.ledger import LedgerBroken
from schemas.text import Refusal, Text
from tasks.export import FORMATS, rows, write
from tests.export.ledgers import eventful
from tests.support import cycle
from tests.support.places import rewrite
from tests.support.tree import ROOT, dotted, modules


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return eventful(tmp_path_factory.mktemp("home"))


@pytest.fixture(autouse=True)
def _unsynced() -> Iterator[None]:
    with cycle.unsynced():
        yield


def contents(target: Path) -> dict[str, bytes]:
    if target.is_file():
        return {"": target.read_bytes()}
    return {path.name: path.read_bytes() for path in target.iterdir()}


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_written_and_always_the_same(home: Home, tmp_path: Path, kind: str) -> None:
    told: list[tuple[int, int]] = []

    def progress(what: Text, done: int, of: int) -> None:
        assert what.zh
        assert what.en
        told.append((done, of))

    entries = write(home, kind, tmp_path / "one", progress=progress)
    assert entries == len(cycle.entries(home))
    assert all(0 <= done <= of for done, of in told)
    assert told[-1][0] == told[-1][1]
    write(home, kind, tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


@pytest.mark.parametrize("kind", ["xlsx", "html"])
def test_what_is_for_people_is_in_their_language(
    home: Home, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for lang in ("zh", "en"):
        monkeypatch.setenv("TERMGATE_LANG", lang)
        write(home, kind, tmp_path / lang)
    assert contents(tmp_path / "zh") != contents(tmp_path / "en")


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_is_overwritten(home: Home, tmp_path: Path, kind: str) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("file", "folder", "link"):
        with pytest.raises(Refusal, match="exists already"):
            write(home, kind, tmp_path / name)
    assert (tmp_path / "file").read_text() == "mine"
    assert list((tmp_path / "folder").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "link"]


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_that_fails_leaves_nothing(
    home: Home, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_content: object) -> NoReturn:
        raise RuntimeError("no more")

    if kind == "html":
        monkeypatch.setattr("tasks.export.page.facts.packed", breaks)
    else:
        monkeypatch.setitem(rows.ROWS, "entries", breaks)
    with pytest.raises(RuntimeError, match="no more"):
        write(home, kind, tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_a_ledger_that_does_not_hold_is_not_exported(tmp_path: Path, kind: str) -> None:
    home = eventful(tmp_path / "home")
    rewrite(home, b'"outcome":"blocked"', b'"outcome":"blocker"')
    with pytest.raises(LedgerBroken):
        write(home, kind, tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_reasons_can_be_left_out(home: Home, tmp_path: Path) -> None:
    write(home, "csv", tmp_path / "whole")
    write(home, "csv", tmp_path / "bare", reasons=False)
    told = {name: (tmp_path / name / "refusals.csv").read_text("utf-8") for name in
            ("whole", "bare")}  # fmt: skip
    assert "方案未经常委会审议" in told["whole"]
    assert "方案未经常委会审议" not in told["bare"]


def loaded_by(*names: str) -> set[str]:
    program = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)\n"
    command = (sys.executable, "-c", program + "print(*sys.modules, sep='\\n')", *names)
    return set(subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split())  # fmt: skip


def test_exporting_loads_neither_frames_nor_an_orchestrator() -> None:
    names = [dotted(path) for path in modules("tasks") if path.parts[1] == "export"]
    assert "tasks.export.report" in names
    heavy = {"prefect", "pandas", "great_expectations"}
    assert loaded_by(*names).isdisjoint(heavy)


def test_the_log_loads_nothing_that_writes() -> None:
    assert loaded_by("tasks.export.log").isdisjoint({"xlsxwriter", "tasks.export.history"})
