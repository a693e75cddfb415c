"""The inbox folder: what is dropped becomes a submission once, whatever happens in between."""

from __future__ import annotations

import multiprocessing
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from data.home import Home
from data.ledger import LedgerBroken
from deployments.cli import run_command
from deployments.exits import BAD_INPUT, DONE
from schemas.text import reading_in
from tasks.intake import accept, inbox_folder
from tasks.intake.inbox_folder import Taken, inbox_of, take_inbox, waits
from tasks.intake.inbox_strays import set_aside
from tests.intake.files import csv_file, sheet_table, workbook
from tests.support import cycle
from tests.support.keyfiles import acting
from tests.support.patience import PATIENCE
from tests.support.signing import delivers

OFFICER = cycle.OFFICER
OTHER = "o-640300-09"
REGISTER = "reports"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(inbox_folder, "QUIET_SECONDS", 0.02)
    with cycle.unsynced():
        yield


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return cycle.small_home(tmp_path / "home")


def rows(register: str = REGISTER, count: int = 2) -> list[Any]:
    return list(cycle.small_rows()[register])[:count]


def drop(home: Home, name: str = "reports.csv", officer: str = OFFICER, count: int = 2) -> Path:
    """Drop a file as somebody does who writes it elsewhere and moves it in."""
    folder = inbox_of(home) / officer
    folder.mkdir(parents=True, exist_ok=True)
    aside = home.path / "aside"
    if name.endswith("xlsx"):
        workbook(aside, {"reports": sheet_table(rows(count=count), REGISTER)})
    else:
        csv_file(aside, rows(count=count), REGISTER)
    path = aside.rename(folder / name)
    cycle.sign_dropped(home, path, officer)
    return path


def standing(home: Home) -> set[str]:
    """Every file and link of the inbox, by its path."""
    inbox = inbox_of(home)
    return {
        str(path.relative_to(inbox))
        for path in inbox.rglob("*")
        if path.name != ".lock"
        and path.suffix != ".sig"
        and (path.is_symlink() or not path.is_dir())
    }


def submitted(home: Home) -> list[tuple[str, str, int, int]]:
    return [
        (entry["officer"], entry["register"], entry["accepted"], entry["rejected"])
        for entry in cycle.submissions(home)
    ]


def head(home: Home) -> int:
    return int(cycle.entries(home)[-1]["seq"])


@pytest.mark.parametrize(
    "name", ["reports.csv", "reports.xlsx", "举报.csv", "reports.CSV", "补报.xlsx"]
)
def test_what_is_dropped_becomes_a_submission_of_that_officer(name: str, home: Home) -> None:
    before = head(home)
    drop(home, name)
    named = "" if name.startswith("补") else REGISTER
    assert take_inbox(home) == [Taken(OFFICER, named, before + 2, 2, 0)]
    assert submitted(home) == [(OFFICER, REGISTER, 2, 0)]
    assert standing(home) == {f"{OFFICER}/taken/{before + 2:06d}-{name}"}
    signature = inbox_of(home) / OFFICER / "taken" / f"{before + 2:06d}-{name}.sig"
    assert signature.is_file()
    assert take_inbox(home) == []
    assert head(home) == before + 2


def test_no_inbox_and_an_empty_one_cost_nothing(home: Home, monkeypatch: Any) -> None:
    def never(_: float) -> None:
        raise AssertionError

    monkeypatch.setattr(time, "sleep", never)
    assert take_inbox(home) == []
    (inbox_of(home) / OFFICER).mkdir(parents=True)
    assert take_inbox(home) == []
    assert standing(home) == set()


def test_registers_are_taken_in_their_order(home: Home) -> None:
    folder = inbox_of(home) / OFFICER
    folder.mkdir(parents=True)
    for register in ("reviews", "candidates"):
        path = csv_file(folder / f"{register}.csv", rows(register), register)
        cycle.sign_dropped(home, path, OFFICER)
    assert [one.register for one in take_inbox(home)] == ["candidates", "reviews"]


def test_only_what_is_asked_for_is_taken(home: Home) -> None:
    other = "o-640300-04"
    drop(home), drop(home, officer=other), drop(home, "reports.xlsx", officer=other)
    assert [one.officer for one in take_inbox(home, OFFICER)] == [OFFICER]
    assert take_inbox(home, other, "reviews") == []
    assert len(take_inbox(home, other, REGISTER)) == 2


def test_a_file_that_is_being_written_is_left_alone(home: Home) -> None:
    path = drop(home)
    with path.open("ab") as writing:
        assert take_inbox(home) == []
        writing.write(b"\n")
    cycle.sign_dropped(home, path, OFFICER)
    assert len(take_inbox(home)) == 1


def test_a_file_that_grows_is_left_alone(home: Home) -> None:
    path = drop(home)
    done = threading.Event()

    def growing() -> None:
        # Opened anew for each line, so that only its size tells.
        while not done.wait(0.002):
            with path.open("ab") as file:
                file.write(b"\n")

    writer = threading.Thread(target=growing)
    writer.start()
    try:
        for _ in range(5):
            assert take_inbox(home) == []
    finally:
        done.set()
        writer.join()
    assert len(take_inbox(home)) == 1


@pytest.mark.parametrize(
    ("name", "officer", "zh", "en"),
    [
        ("reports.csv", "o-nobody", "不在台账", "not on record"),
        ("reprots.csv", OFFICER, "没有名为", "there is no register called"),
        ("reports.txt", OFFICER, "只接收", "the inbox takes tables"),
        ("reviews.csv", OFFICER, "缺少", "column"),
        ("notes", OFFICER, "只接收", "the inbox takes tables"),
    ],
)
def test_what_cannot_be_taken_is_rejected_with_the_reason_beside_it(
    name: str, officer: str, zh: str, en: str, home: Home
) -> None:
    before = head(home)
    drop(home, name, officer)
    (one,) = take_inbox(home)
    assert (one.seq, one.accepted, one.rejected) == (0, 0, 0)
    # Who is nobody has tried something; a file that cannot be read is no act.
    assert head(home) == before + (officer == "o-nobody")
    place = f"{officer}/rejected/{name}"
    assert standing(home) == {place, f"{place}.txt"}
    told = (inbox_of(home) / f"{place}.txt").read_text(encoding="utf-8").splitlines()
    assert len(told) % 2 == 0
    assert zh in told[0]
    assert en in told[1]
    drop(home, name, officer)
    take_inbox(home)
    stem, dot, suffix = name.partition(".")
    assert f"{officer}/rejected/{stem}-2{dot}{suffix}" in standing(home)
    assert place in standing(home)


def test_rejected_rows_are_told_beside_the_file_that_was_taken(home: Home) -> None:
    before = head(home)
    path = drop(home)
    path.write_text(path.read_text() + path.read_text().splitlines()[1].replace("r-", "R ") + "\n")
    cycle.sign_dropped(home, path, OFFICER)
    assert take_inbox(home) == [Taken(OFFICER, REGISTER, before + 2, 2, 1)]
    name = f"{before + 2:06d}-reports.csv"
    assert standing(home) == {f"{OFFICER}/taken/{name}", f"{OFFICER}/taken/{name}.txt"}
    told = (inbox_of(home) / OFFICER / "taken" / f"{name}.txt").read_text(encoding="utf-8")
    assert "接收2行，退回1行" in told
    assert "2 rows accepted, 1 rejected" in told
    assert (home.path / "quarantine" / f"{before + 2:06d}-reports.xlsx").is_file()


def test_rejected_rows_come_back_in_the_language_of_who_signed(home: Home) -> None:
    """Serving has a language of its own, and the workbook that comes back is part of the act."""
    before = head(home)
    with reading_in("zh"):
        path = drop(home)
        good, bad = path.read_text(), path.read_text().splitlines()[1].replace("r-", "R ")
        path.write_text(good + bad + "\n")
        cycle.sign_dropped(home, path, OFFICER)
    with reading_in("en"):
        assert take_inbox(home) == [Taken(OFFICER, REGISTER, before + 2, 2, 1)]
    name = f"{before + 2:06d}-reports.xlsx"
    book = CalamineWorkbook.from_path(home.path / "quarantine" / name)
    assert book.sheet_names == ["举报"]


def test_a_quarantine_workbook_is_mended_and_dropped_again(home: Home) -> None:
    before = head(home)
    path = drop(home)
    good, bad = path.read_text(), path.read_text().splitlines()[1].replace("r-", "R ")
    path.write_text(good + bad + "\n")
    cycle.sign_dropped(home, path, OFFICER)
    take_inbox(home)
    name = f"{before + 2:06d}-reports.xlsx"
    sheet = CalamineWorkbook.from_path(home.path / "quarantine" / name).get_sheet_by_index(0)
    table = sheet.to_python()
    assert str(table[1][0]).startswith("R ")
    table[1][0] = "r-999"
    cycle.sign_dropped(home, workbook(inbox_of(home) / OFFICER / name, {"举报": table}), OFFICER)
    (taken,) = take_inbox(home)
    assert (taken.register, taken.accepted, taken.rejected) == (REGISTER, 1, 0)
    assert f"{OFFICER}/taken/{before + 4:06d}-{name}" in standing(home)


def test_links_and_odd_names_are_not_followed(home: Home, tmp_path: Path) -> None:
    secret = csv_file(tmp_path / "secret.csv", rows(), REGISTER)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    csv_file(elsewhere / "reports.csv", rows(), REGISTER)
    inbox = inbox_of(home)
    folder = inbox / OFFICER
    folder.mkdir(parents=True)
    (folder / "reports.csv").symlink_to(secret)
    (inbox / "o-640300-04").symlink_to(elsewhere)
    for odd in (".reports.csv", "~$reports.xlsx", "reports\n.csv", "re\x07ports.csv"):
        csv_file(folder / odd, rows(), REGISTER)
    csv_file(Path(os.fsdecode(os.fsencode(folder) + b"/reports\xff.csv")), rows(), REGISTER)
    (inbox / "O 1").mkdir()
    csv_file(inbox / "O 1" / "reports.csv", rows(), REGISTER)
    csv_file(inbox / "reports.csv", rows(), REGISTER)
    os.mkfifo(folder / "reviews.csv")
    before = standing(home)
    assert take_inbox(home) == []
    assert standing(home) == before
    assert submitted(home) == []


def test_a_file_that_nobody_signed_is_set_aside(home: Home) -> None:
    path = drop(home)
    path.with_name("reports.csv.sig").unlink()
    (one,) = take_inbox(home)
    assert (one.accepted, submitted(home)) == (0, [])
    told = (inbox_of(home) / OFFICER / "rejected" / "reports.csv.txt").read_text(encoding="utf-8")
    assert "--sign-only" in told
    (attempt,) = cycle.entries(home, "attempted")
    assert [attempt[name] for name in ("act", "officer", "code")] == [
        "deliver",
        OFFICER,
        "unsigned",
    ]


@pytest.mark.parametrize(
    ("signed", "code"),
    [
        (lambda home, path: cycle.sign_dropped(home, path, OTHER), "other-key"),
        (lambda _, path: path.with_name(f"{path.name}.sig").write_text("{}"), "envelope"),
        (
            lambda _, path: path.write_text(path.read_text().replace("phone", "web")),
            "other-statement",
        ),
    ],
    ids=["by another officer", "with no envelope", "and changed afterwards"],
)
def test_a_file_with_another_signature_is_set_aside_and_on_record(
    home: Home, signed: Callable[[Home, Path], object], code: str
) -> None:
    path = drop(home)
    signed(home, path)
    (one,) = take_inbox(home)
    assert (one.accepted, submitted(home)) == (0, [])
    assert cycle.entries(home, "attempted")[-1]["code"] == code
    assert standing(home) == {
        f"{OFFICER}/rejected/reports.csv",
        f"{OFFICER}/rejected/reports.csv.txt",
    }


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("reports", "名单.csv"), BAD_INPUT),
        (("reports", "reports.csv", "--withdraw"), BAD_INPUT),
        (("举报", "reports.csv"), DONE),
        (("reports.csv",), DONE),
    ],
)
def test_only_what_the_inbox_can_take_is_signed_for_it(
    given: tuple[str, ...], code: int, home: Home, tmp_path: Path
) -> None:
    """The inbox knows a file by its name, and withdraws nothing."""
    delivers(home, OFFICER)
    keys = acting(tmp_path / "keys", OFFICER)
    *register, name = [one for one in given if one != "--withdraw"]
    file = csv_file(tmp_path / name, rows(), REGISTER)
    rest = ("--withdraw",) if "--withdraw" in given else ()
    signed = ("submit", *register, str(file), *rest, *keys, "--sign-only", "--home", str(home.path))
    assert run_command(list(signed)) == code
    assert Path(f"{file}.sig").exists() is (code == DONE)


def test_a_link_in_the_place_of_our_own_folder_is_not_followed(home: Home, tmp_path: Path) -> None:
    drop(home)
    (inbox_of(home) / OFFICER / "taken").symlink_to(tmp_path)
    with pytest.raises(NotADirectoryError):
        take_inbox(home)
    assert not list(tmp_path.glob("*.csv"))
    assert submitted(home) == [(OFFICER, REGISTER, 2, 0)]
    (inbox_of(home) / OFFICER / "taken").unlink()
    assert len(take_inbox(home)) == 1
    assert submitted(home) == [(OFFICER, REGISTER, 2, 0)]


STRAYS: dict[str, Callable[[Path], object]] = {
    f".claims/{OFFICER}/.DS_Store": Path.touch,
    ".claims/.DS_Store": Path.touch,
    f".claims/{OFFICER}/7/deep/reports.csv": Path.touch,
    f"{OFFICER}/taken": Path.touch,
    f"{OFFICER}/rejected": lambda path: path.symlink_to(path.parent),
    f"{OFFICER}/reports.csv": lambda path: path.symlink_to("/etc/hostname"),
    "o-640300-04": lambda path: path.symlink_to(path.parent),
}


@pytest.mark.parametrize("stray", STRAYS)
def test_a_stray_is_set_aside_and_named_and_stops_nothing(home: Home, stray: str) -> None:
    path = inbox_of(home) / stray
    path.parent.mkdir(parents=True, exist_ok=True)
    STRAYS[stray](path)
    assert waits(home)
    aside = f"_aside/{path.name}"
    assert set_aside(inbox_of(home)) == [f"{stray} → {aside}"]
    assert standing(home) == {aside}
    assert not waits(home)
    assert set_aside(inbox_of(home)) == []
    drop(home, "reports.xlsx")
    assert [one.accepted for one in take_inbox(home)] == [2]


def test_two_strays_of_one_name_are_both_kept(home: Home) -> None:
    for _ in range(2):
        stray = inbox_of(home) / ".claims" / ".DS_Store"
        stray.parent.mkdir(parents=True, exist_ok=True)
        stray.touch()
        set_aside(inbox_of(home))
    assert standing(home) == {"_aside/.DS_Store", "_aside/.DS_Store-2"}


def test_what_was_taken_is_its_users_alone(home: Home) -> None:
    drop(home).chmod(0o644)
    take_inbox(home)
    (taken,) = (inbox_of(home) / OFFICER / "taken").glob("*.csv")
    assert stat.S_IMODE(taken.stat().st_mode) == 0o600


class Crash(BaseException):
    """The end of the process, as far as the files can tell."""


def crashing(monkeypatch: pytest.MonkeyPatch, at: int, *, after: bool) -> Callable[[], int]:
    """Crash before (or after) the `at`-th call that changes something; how many were made."""
    made = 0

    def breaking(function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            nonlocal made
            made += 1
            chosen = made == at
            if chosen and not after:
                raise Crash
            result = function(*given, **named)
            if chosen:
                raise Crash
            return result

        return called

    for owner, name in (
        (Path, "rename"),
        (Path, "mkdir"),
        (Path, "rmdir"),
        (accept, "submit"),
        (inbox_folder, "write_durably"),
    ):
        monkeypatch.setattr(owner, name, breaking(getattr(owner, name)))
    return lambda: made


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("officer", [OFFICER, "o-nobody"])
def test_a_crash_neither_loses_nor_repeats(officer: str, after: bool, tmp_path: Path) -> None:
    known = officer == OFFICER
    at = 0
    crashed = True
    while crashed:
        at += 1
        home = cycle.small_home(tmp_path / str(at))
        drop(home, officer=officer)
        with pytest.MonkeyPatch.context() as patch:
            crashing(patch, at, after=after)
            try:
                take_inbox(home)
                crashed = False
            except Crash:
                pass
        take_inbox(home)
        assert submitted(home) == [(OFFICER, REGISTER, 2, 0)] * known
        kept = {name for name in standing(home) if not name.endswith(".txt")}
        assert len(kept) == 1, kept
        assert f"/{'taken' if known else 'rejected'}/" in kept.pop()
    assert at > 6


def test_the_same_file_dropped_again_is_a_submission_again(home: Home) -> None:
    for _ in range(2):
        drop(home)
        take_inbox(home)
    assert submitted(home) == [(OFFICER, REGISTER, 2, 0)] * 2


def test_what_cannot_be_taken_now_is_taken_later(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(home)

    def broken(*_: object, **__: object) -> None:
        raise LedgerBroken(1, "changed")

    with monkeypatch.context() as patch:
        patch.setattr(accept, "submit", broken)
        with pytest.raises(LedgerBroken):
            take_inbox(home)
    assert not any("rejected" in name for name in standing(home))
    assert len(take_inbox(home)) == 1
    assert submitted(home) == [(OFFICER, REGISTER, 2, 0)]


def _watch(path: str, ready: Any) -> None:
    ready.wait()
    home = Home(Path(path))
    with cycle.unsynced():
        # A folder's files wait beside `taken` and `rejected`.
        while list(inbox_of(home).glob("o-*/*.csv")):
            take_inbox(home)


def test_two_watchers_take_every_file_once(home: Home) -> None:
    rows = cycle.small_rows()["officers"]
    delivering = ("organisation-department", "petition-office")
    # Those of the city may deliver for every place of the rows.
    officers = [
        str(row["officer"])
        for row in rows
        if row["organ"] in delivering and row["jurisdiction"] == "640300"
    ][:12]
    for officer in officers:
        drop(home, officer=officer)
    # A fork of a process that ran flows would inherit Prefect's threads as they stood.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.intake.test_inbox_folder"])
    ready = context.Event()
    watchers = [context.Process(target=_watch, args=(str(home.path), ready)) for _ in range(3)]
    for one in watchers:
        one.start()
    ready.set()
    for one in watchers:
        one.join(PATIENCE)
        assert one.exitcode == 0
    take_inbox(home)
    assert sorted(submitted(home)) == [(officer, REGISTER, 2, 0) for officer in sorted(officers)]
    assert all("/taken/" in name for name in standing(home))
