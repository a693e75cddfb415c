"""One validation for each hand-off: what is remembered, and what makes it be forgotten."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.home import Home
from schemas.canonical import digest
from schemas.findings import by_unit
from schemas.handoffs import HANDOFFS
from schemas.vocabulary import STAGES, Stage
from tasks.gate.snapshot import Snapshot, open_snapshot, snapshot_at
from tasks.handoff import passes, validation
from tasks.handoff.passes import FILE, keep_in, kept_in, keys_of, suite_digest
from tasks.handoff.validated import validated
from tests.support import cycle
from tests.tasks.test_handoff import EDITS, frame, rounds

KEYS = [digest(name.encode()) for name in ("one", "two", "three")]
Validated = list[tuple[Stage, set[str]]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Validated:
    """What Great Expectations is asked to validate: stages and units, in order."""
    cycle.forget()
    seen: Validated = []
    real = validation.validate

    def validate(stage: Stage, given: pd.DataFrame) -> pd.DataFrame:
        seen.append((stage, set(given["unit"].dropna())))
        return real(stage, given)

    monkeypatch.setattr(validation, "validate", validate)
    return seen


@pytest.fixture
def given(tmp_path: Path) -> Snapshot:
    """Today's facts of a small cycle that was not run."""
    return open_snapshot(cycle.small_home(tmp_path / "home"), "cycle", cycle.ON)


# What passes alone is what passes among others


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_remembered_changes_no_finding(
    stage: str, given: Snapshot, asked: Validated
) -> None:
    validated(given, Stage(stage), frame(stage))
    for planned in rounds(stage):
        changed = frame(stage)
        for code, _, row in planned:
            changed = EDITS[stage][code](changed, row)
        whole = by_unit(validation.validate(Stage(stage), changed))
        asked.clear()
        found = validated(given, Stage(stage), changed)
        assert {unit: list(one) for unit, one in found.items()} == {
            unit: list(one) for unit, one in whole.items()
        }
        # Only the units of which something changed are validated again.
        assert asked == [(stage, {unit for _, unit, _ in planned})]


@pytest.mark.parametrize("stage", STAGES)
def test_no_expectation_compares_rows_of_two_units(stage: str) -> None:
    handed = frame(stage)
    whole = by_unit(validation.validate(Stage(stage), handed))
    for unit in sorted(whole)[:4]:
        own = handed[handed["unit"] == unit].reset_index(drop=True)
        assert by_unit(validation.validate(Stage(stage), own)) == {unit: whole[unit]}


def test_what_is_left_and_received_is_validated_once(given: Snapshot, asked: Validated) -> None:
    home = given.home
    cycle.run_all(home)
    first = list(asked)
    assert {stage for stage, _ in first} == set(STAGES)
    for stage in STAGES:
        units = [unit for at, some in first if at is stage for unit in some]
        assert len(units) == len(set(units))
    cycle.forget()
    cycle.run_all(home)
    assert asked == first


def test_a_unit_that_changed_is_validated_and_no_other(given: Snapshot, asked: Validated) -> None:
    validated(given, Stage.PLAN, frame("plan"))
    changed = other_cell(frame("plan"))
    unit = str(changed.loc[5, "unit"])
    asked.clear()
    for _ in range(2):
        found = validated(given, Stage.PLAN, changed)
        assert [one.status for one in found[unit]] == ["pass"]
    assert asked == [(Stage.PLAN, {unit})]


def test_what_fails_is_validated_every_time(given: Snapshot, asked: Validated) -> None:
    handed = frame("plan")
    handed.loc[5, "seats"] = -1
    unit = str(handed.loc[5, "unit"])
    told = [list(validated(given, Stage.PLAN, handed)[unit]) for _ in range(3)]
    assert [one[0].reason for one in told] == ["seats-range"] * 3
    assert [units for _, units in asked[1:]] == [{unit}] * 2


def test_a_crash_is_not_remembered(given: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    cycle.forget()

    def crash(*_: object) -> pd.DataFrame:
        raise MemoryError

    with monkeypatch.context() as crashing:
        crashing.setattr(validation, "validate", crash)
        told = validated(given, Stage.PLAN, frame("plan"))
    assert {one.reason for findings in told.values() for one in findings} == {"check-crashed"}
    assert kept_in(given.home.passes) == {}
    again = validated(given, Stage.PLAN, frame("plan"))
    assert {one.status for findings in again.values() for one in findings} == {"pass"}


def test_past_facts_are_validated_whatever_a_file_says(given: Snapshot, asked: Validated) -> None:
    validated(given, Stage.PLAN, frame("plan"))
    cycle.forget()
    past = snapshot_at(given.home, given.ledger, given.history, "cycle", given.on)
    asked.clear()
    validated(past, Stage.PLAN, frame("plan"))
    assert len(asked) == 1


# Keys


def other_cell(handed: pd.DataFrame) -> pd.DataFrame:
    number: Any = handed.loc[5, "seats"]
    handed.loc[5, "seats"] = number + 1
    return handed


def empty_text(handed: pd.DataFrame) -> pd.DataFrame:
    handed.loc[5, "kind"] = ""
    return handed


def no_text(handed: pd.DataFrame) -> pd.DataFrame:
    handed.loc[5, "kind"] = None
    return handed


def row_twice(handed: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([handed, handed.loc[[5]]], ignore_index=True)


def row_less(handed: pd.DataFrame) -> pd.DataFrame:
    return handed.drop(index=5)


def test_the_key_of_a_unit_is_of_every_cell_of_its_rows() -> None:
    handed = frame("plan")
    unit = str(handed.loc[5, "unit"])
    seen = {keys_of(Stage.PLAN, handed)[unit]}
    for edit in (other_cell, empty_text, no_text, row_twice, row_less):
        changed = keys_of(Stage.PLAN, edit(frame("plan")))
        assert {one for one, key in keys_of(Stage.PLAN, handed).items() if changed[one] != key} == {
            unit
        }
        assert changed[unit] not in seen
        seen.add(changed[unit])
    shuffled = handed.sample(frac=1, random_state=3)
    assert keys_of(Stage.PLAN, shuffled) == keys_of(Stage.PLAN, handed)


def test_the_key_is_of_columns_types_and_stage() -> None:
    handed = frame("plan")
    seen = [
        keys_of(Stage.PLAN, handed),
        keys_of(Stage.PLAN, handed.astype({"session_opens_on": "str"})),
        keys_of(Stage.PLAN, handed.astype({"seats": "object"})),
        keys_of(Stage.PLAN, handed.rename(columns={"kind": "sort"})),
        keys_of(Stage.PLAN, handed.drop(columns="kind")),
        keys_of(Stage.RESULT, handed),
    ]
    values = [key for one in seen for key in one.values()]
    assert len(values) == len(set(values))


@pytest.mark.parametrize("library", ["great_expectations", "pandas", "numpy"])
def test_another_release_or_other_code_validates_again(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite_digest.cache_clear()
    before = suite_digest(Stage.PLAN)
    changes: list[tuple[str, Callable[..., str]]] = [
        ("version", lambda name: "9" if name == library else version(name)),
        ("code_version", lambda: "0.0.0+other"),
    ]
    for name, other in changes:
        suite_digest.cache_clear()
        with monkeypatch.context() as changed:
            changed.setattr(passes, name, other)
            assert suite_digest(Stage.PLAN) != before
    suite_digest.cache_clear()
    assert suite_digest(Stage.PLAN) == before


def test_other_expectations_validate_again(monkeypatch: pytest.MonkeyPatch) -> None:
    suite_digest.cache_clear()
    before = suite_digest(Stage.PLAN)
    handoff = HANDOFFS[Stage.PLAN]
    one = next(one for one in handoff.expectations if one.code == "seats-range")
    looser = replace(one, arguments={**one.arguments, "min_value": -5})
    expectations = tuple(looser if it is one else it for it in handoff.expectations)
    suite_digest.cache_clear()
    with monkeypatch.context() as changed:
        made = {Stage.PLAN: replace(handoff, suite=expectations)}
        changed.setattr(passes, "HANDOFFS", made)
        assert suite_digest(Stage.PLAN) != before
    suite_digest.cache_clear()


# The file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that keeps the keys."""
    made = tmp_path / "passes"
    keep_in(made, KEYS)
    assert list(kept_in(made)) == KEYS
    return made


def test_what_is_kept_is_for_its_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "passes"
    before = os.umask(0)
    try:
        keep_in(folder, KEYS[:1])
    finally:
        os.umask(before)
    keep_in(folder, KEYS[1:])
    assert list(kept_in(folder)) == KEYS
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert [one.name for one in folder.iterdir()] == [FILE]


def linked_folder(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to("elsewhere")


def linked_file(folder: Path) -> None:
    (folder / FILE).rename(folder / "elsewhere")
    (folder / FILE).symlink_to("elsewhere")


def twice_named(folder: Path) -> None:
    (folder / "elsewhere").hardlink_to(folder / FILE)


def pipe(folder: Path) -> None:
    (folder / FILE).unlink()
    os.mkfifo(folder / FILE, 0o600)


def changed(edit: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def edited(folder: Path) -> None:
        (folder / FILE).write_bytes(edit((folder / FILE).read_bytes()))

    return edited


def sealed(body: bytes) -> bytes:
    return digest(body).encode() + b"\n" + body


MEDDLING: dict[str, Callable[[Path], Any]] = {
    "gone": shutil.rmtree,
    "a folder that a group reads": lambda folder: folder.chmod(0o750),
    "a folder that all write": lambda folder: folder.chmod(0o702),
    "a file that a group writes": lambda folder: (folder / FILE).chmod(0o620),
    "a file that all read": lambda folder: (folder / FILE).chmod(0o604),
    "a linked folder": linked_folder,
    "a linked file": linked_file,
    "a file of two names": twice_named,
    "a pipe": pipe,
    "nothing in it": changed(lambda _: b""),
    "no digest": changed(lambda content: content.partition(b"\n")[2]),
    "one more": changed(lambda content: content + f"{KEYS[0]}\n".encode()),
    "cut off": changed(lambda content: content[:-70]),
    "a changed bit": changed(lambda content: content[:-2] + bytes([content[-2] ^ 1]) + b"\n"),
    "no keys": changed(lambda _: sealed(b"nonsense\n")),
    "a key among others": changed(lambda _: sealed(f"{KEYS[0]}\nnonsense\n".encode())),
}


@pytest.mark.parametrize("what", MEDDLING)
def test_what_somebody_else_may_have_written_says_nothing(what: str, folder: Path) -> None:
    MEDDLING[what](folder)
    assert kept_in(folder) == {}


def test_what_another_user_owns_says_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    assert kept_in(folder) == {}
    keep_in(folder, ["a" * 64])
    monkeypatch.undo()
    assert list(kept_in(folder)) == KEYS


@pytest.mark.parametrize("what", ["a folder that a group reads", "a linked folder"])
def test_nothing_is_kept_where_others_reach_it(what: str, folder: Path) -> None:
    before = (folder / FILE).read_bytes()
    MEDDLING[what](folder)
    keep_in(folder, ["a" * 64])
    assert (folder / FILE).read_bytes() == before


def test_what_does_not_hold_is_written_anew(folder: Path) -> None:
    MEDDLING["a changed bit"](folder)
    keep_in(folder, KEYS[:1])
    assert list(kept_in(folder)) == KEYS[:1]


def test_the_file_does_not_grow_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "MOST", 3)
    keep_in(folder, ["a" * 64])
    assert list(kept_in(folder)) == [*KEYS[1:], "a" * 64]


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    keep_in(tmp_path / "file" / "passes", KEYS)
    assert kept_in(tmp_path / "file" / "passes") == {}


def test_a_meddled_file_makes_the_gate_be_validated(given: Snapshot, asked: Validated) -> None:
    home: Home = given.home
    expected = cycle.run(home, "plan")
    assert kept_in(home.passes)
    home.passes.chmod(0o770)
    asked.clear()
    cycle.forget()
    assert cycle.run(home, "plan") == expected
    assert [stage for stage, _ in asked] == [Stage.PLAN]
