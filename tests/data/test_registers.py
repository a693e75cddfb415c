"""Registers are folds of their submissions: newest wins, withdrawn is gone, any past is there."""

import random
import time
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from timeit import repeat
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import registers
from data.blobs import BlobError, BlobStore, Folder
from data.home import Home
from data.ledger import Ledger
from data.memory import Memory
from data.registers import (
    delivered_among,
    delivered_cells,
    fold,
    read_register,
    read_registers,
)
from data.submissions import (
    ACCEPT,
    WITHDRAW,
    encode_keys,
    encode_rows,
    submissions_of,
)
from schemas.canonical import row_digest
from schemas.frames import DIGEST, dtypes_of
from schemas.registers import REGISTERS
from schemas.tables import frame_of
from tests.support import cycle, reference

Key = tuple[str, str]
PLACES = ("640300", "640302")


def clause(place: str, stage: str, number: int) -> dict[str, object]:
    found = cycle.small_rows()["notice_clauses"][0]
    return {**found, "jurisdiction": place, "stage": stage, "document": f"第{number}号"}


@st.composite
def submissions(draw: st.DrawFn) -> list[tuple[str, dict[Key, int]]]:
    """Submissions of a register with a key of two columns: mode, key → what the row says."""
    keys = st.tuples(st.sampled_from(PLACES), st.sampled_from(["plan", "vetting"]))
    rows = st.dictionaries(keys, st.integers(0, 9), min_size=1, max_size=4)
    return draw(st.lists(st.tuples(st.sampled_from([ACCEPT, WITHDRAW]), rows), max_size=5))


def encoded(mode: str, rows: Mapping[Key, int]) -> bytes:
    listed = [clause(*key, number) for key, number in rows.items()]
    encode = encode_keys if mode == WITHDRAW else encode_rows
    return encode("notice_clauses", listed)


def expected(given_: list[tuple[str, dict[Key, int]]]) -> dict[Key, str]:
    state: dict[Key, str] = {}
    for mode, rows in given_:
        for key, number in rows.items():
            if mode == WITHDRAW:
                state.pop(key, None)
            else:
                state[key] = f"第{number}号"
    return state


@settings(max_examples=40)
@given(given_=submissions())
def test_the_newest_row_of_a_key_wins_and_a_withdrawn_key_is_gone(
    given_: list[tuple[str, dict[Key, int]]],
) -> None:
    frame = cycle.folded("notice_clauses", [(mode, encoded(mode, rows)) for mode, rows in given_])
    keys = list(zip(frame["jurisdiction"], frame["stage"], strict=True))
    assert dict(zip(keys, frame["document"], strict=True)) == expected(given_)
    assert keys == sorted(keys)
    types = {**dtypes_of(REGISTERS["notice_clauses"]), DIGEST: "str"}
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == types


@pytest.mark.parametrize("name", REGISTERS)
def test_rows_come_back_as_they_were_with_their_digest(name: str) -> None:
    rows = reference.with_faults()[name][:50]
    frame = cycle.folded(name, [(ACCEPT, encode_rows(name, rows))])
    assert len(frame) == len(rows)
    back = frame.drop(columns=DIGEST).astype(object).where(frame.drop(columns=DIGEST).notna(), None)
    again = [
        {
            str(column): value.date() if isinstance(value, pd.Timestamp) else value
            for column, value in row.items()
        }
        for row in back.to_dict("records")
    ]
    key = REGISTERS[name].key
    ordered = sorted(rows, key=lambda row: tuple(str(row[column]) for column in key))
    assert again == ordered
    assert list(frame[DIGEST]) == [row_digest(name, row) for row in again]
    assert frame[DIGEST].is_unique


@pytest.mark.parametrize("name", REGISTERS)
def test_a_large_register_is_folded_as_a_small_one(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home_blobs = BlobStore(tmp_path)
    rows = reference.with_faults()[name][:40]
    given_ = [
        (ACCEPT, encode_rows(name, rows[10:])),
        (WITHDRAW, encode_keys(name, rows[15:20])),
        (ACCEPT, encode_rows(name, rows[:17])),
    ]
    small = [cycle.folded(name, given_[:end]) for end in range(4)]
    monkeypatch.setattr(registers, "_LARGE", 0)
    for end, expected_ in enumerate(small):
        pd.testing.assert_frame_equal(cycle.folded(name, given_[:end]), expected_)
    assert len(rows) == len(small[3]) + len(rows[17:20])
    withdrawn = delivered_cells(home_blobs, name, home_blobs.put(given_[1][1]), (DIGEST,))
    assert not any(isinstance(one, str) for (one,) in withdrawn)
    delivered = home_blobs.put(given_[2][1])
    digests = {(row_digest(name, row),) for row in rows}
    among = {(row_digest(name, row),) for row in rows[:17]}
    assert delivered_among(home_blobs, name, delivered, digests) == among
    monkeypatch.setattr(registers, "_LARGE", 1 << 20)
    assert delivered_among(home_blobs, name, delivered, digests) == among
    assert delivered_among(home_blobs, name, delivered, set()) == set()


@pytest.mark.parametrize("name", ["reports", "calendar", "ballots", "talk_participants"])
def test_the_order_of_rows_changes_no_digest(name: str) -> None:
    rows = list(cycle.small_rows()[name])
    shuffled = random.Random(7).sample(rows, len(rows))
    turned = [dict(reversed(row.items())) for row in shuffled]
    one, other = (
        cycle.folded(name, [(ACCEPT, encode_rows(name, table))]) for table in (rows, turned)
    )
    pd.testing.assert_frame_equal(one, other)


def test_every_cell_is_in_the_digest_of_its_row() -> None:
    row = cycle.small_rows()["reports"][0]
    others: list[object] = ["x", "", 0, 1, True, False, date(2016, 1, 1), None]
    for column in row:
        for value in others:
            if value != row[column] or type(value) is not type(row[column]):
                assert row_digest("reports", {**row, column: value}) != row_digest("reports", row)
    assert row_digest("cases", row) != row_digest("reports", row)


def test_a_register_without_submissions_is_empty_and_typed() -> None:
    for name, register in REGISTERS.items():
        frame = cycle.folded(name, [])
        assert frame.empty
        assert {c: str(d) for c, d in frame.dtypes.items()} == {
            **dtypes_of(register),
            DIGEST: "str",
        }
        pd.testing.assert_frame_equal(
            frame, frame_of(name).assign(**{DIGEST: pd.Series(dtype="str")})
        )


def test_many_small_submissions_cost_little_more_than_one() -> None:
    rows = cycle.small_rows()["duties"]
    whole, change = encode_rows("duties", rows), encode_rows("duties", rows[:1])
    gone = encode_keys("duties", rows[:1])
    one = [(ACCEPT, whole)]
    many = [*one, *[(WITHDRAW, gone), (ACCEPT, change)] * 100]
    pd.testing.assert_frame_equal(cycle.folded("duties", many), cycle.folded("duties", one))
    seconds = [
        min(
            repeat(partial(cycle.folded, "duties", of), number=1, repeat=5, timer=time.process_time)
        )
        for of in (one, many)
    ]
    assert seconds[1] < 10 * seconds[0], seconds


# In a home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return cycle.small_home(tmp_path / "home")


def state(home: Home, name: str, as_of: int = 2**62) -> pd.DataFrame:
    statement = "SELECT mode, blob FROM submissions WHERE register = ? AND seq <= ? ORDER BY seq"
    rows = Ledger(home.ledger).query(statement, name, as_of)
    return read_register(
        BlobStore(home.blobs), name, {name: [(str(mode), str(blob)) for mode, blob in rows]}
    )


def test_any_past_position_gives_the_state_of_then(home: Home) -> None:
    rows = cycle.small_rows()["pledges"]
    signed = "signed_on"
    steps: list[Callable[[], object]] = [
        lambda: cycle.deliver(home, "pledges", [{**rows[0], signed: date(2016, 9, 1)}]),
        lambda: cycle.withdraw(home, "pledges", rows[:3]),
        lambda: cycle.deliver(home, "officers", cycle.small_rows()["officers"][:1]),
        lambda: cycle.deliver(home, "pledges", rows[1:2]),
        lambda: cycle.withdraw(home, "pledges", rows[1:2]),
    ]
    seen: dict[int, pd.DataFrame] = {}
    for step in steps:
        seen[len(cycle.entries(home))] = state(home, "pledges")
        step()
    seen[len(cycle.entries(home))] = state(home, "pledges")
    for position, frame in seen.items():
        pd.testing.assert_frame_equal(state(home, "pledges", as_of=position), frame)
    assert [len(frame) for frame in seen.values()] == [
        len(rows), len(rows), len(rows) - 3, len(rows) - 3, len(rows) - 2, len(rows) - 3,
    ]  # fmt: skip
    assert state(home, "pledges", as_of=1).empty


def test_every_register_is_read_as_it_was_delivered(home: Home) -> None:
    tables = read_registers(BlobStore(home.blobs), submissions_of(Ledger(home.ledger)))
    assert list(tables) == list(REGISTERS)
    lengths = {name: len(frame) for name, frame in tables.items()}
    assert lengths == {name: len(rows) for name, rows in cycle.small_rows().items()}


@pytest.mark.parametrize("large", [False, True])
def test_what_is_remembered_is_the_state_that_is_asked_for(
    home: Home, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    if large:
        monkeypatch.setattr(registers, "_LARGE", 0)
    before = len(cycle.entries(home))
    cycle.withdraw(home, "pledges", cycle.small_rows()["pledges"][:3])
    whole = len(cycle.small_rows()["pledges"])
    for _ in range(2):
        assert len(state(home, "pledges")) == whole - 3
        assert len(state(home, "pledges", as_of=before)) == whole


def test_only_what_is_asked_for_is_decoded(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noted(name: str, *given_: Any) -> pd.DataFrame:
        asked.append(name)
        return fold(name, *given_)

    monkeypatch.setattr(registers, "_FOLDED", Memory())
    monkeypatch.setattr(registers, "fold", noted)
    tables = read_registers(BlobStore(home.blobs), submissions_of(Ledger(home.ledger)))
    assert (asked, list(tables), "pledges" in tables) == ([], list(REGISTERS), True)
    assert len(tables["pledges"]) == len(tables["pledges"]) > 0
    assert asked == ["pledges"]
    with pytest.raises(KeyError):
        tables["nobody"]


@pytest.mark.parametrize("damage", ["deleted", "changed"])
def test_a_blob_is_hashed_each_time_it_is_read(home: Home, damage: str) -> None:
    name = submissions_of(Ledger(home.ledger))["reports"][0][1]
    assert not state(home, "reports").empty
    path = Folder(home.blobs_folder).path(name)
    if damage == "deleted":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(BlobError, match=name):
        state(home, "reports")
    with pytest.raises(BlobError, match=name):
        read_registers(BlobStore(home.blobs), submissions_of(Ledger(home.ledger)))


def test_what_was_read_once_is_not_changed_by_its_reader(home: Home) -> None:
    first = state(home, "units")
    first["body"] = "congress"
    assert set(state(home, "units")["body"]) == {"congress", "government", "cppcc"}


def test_the_bytes_of_a_large_register_are_not_held(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is opened and not asked for costs no memory; what is asked for is hashed again."""
    monkeypatch.setattr(registers, "_LARGE", 0)
    monkeypatch.setattr(registers, "_FOLDED", Memory())
    blobs = BlobStore(home.blobs)
    tables = read_registers(blobs, submissions_of(Ledger(home.ledger)))
    gone = next(one for one in cycle.entries(home, "submitted") if one["register"] == "pledges")
    Folder(home.blobs_folder).path(gone["blob"]).unlink()
    assert len(tables["duties"])
    with pytest.raises(BlobError):
        len(tables["pledges"])
