"""The chain of entries: whatever was changed, removed, inserted or swapped is named."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from data.ledger import FAULTS, GENESIS, LedgerBroken
from data.verify import Fault, verify_chain
from schemas.canonical import canonical, digest
from schemas.text import LANGUAGES
from tests.support import cycle

Row = tuple[int, str, bytes]


@cache
def chain() -> tuple[Row, ...]:
    """The entries of a small cycle that was run."""
    with TemporaryDirectory() as folder:
        return tuple(cycle.stored(cycle.small_home(Path(folder), planted=True, run=True)))


def head() -> tuple[int, str]:
    """The head that belongs to it."""
    return len(chain()), chain()[-1][1]


def some_entry() -> st.SearchStrategy[int]:
    return st.deferred(lambda: st.integers(1, len(chain())))


def fault_in(rows: Iterable[Row]) -> Fault:
    """The fault of a changed chain; the entries before it hold."""
    entries, fault = verify_chain(rows, head())
    assert fault is not None
    assert len(entries) < max(fault.seq, 1)
    assert entries == [json.loads(body) for _, _, body in chain()[: len(entries)]]
    return fault


def rewritten(row: Row, **content: Any) -> Row:
    """An entry that says something else, under a hash that fits it."""
    body = canonical({**json.loads(row[2]), **content})
    return row[0], digest(body), body


def rechained(rows: Iterable[Row]) -> list[Row]:
    """The rows numbered and linked again, as a careful forger would."""
    made: list[Row] = []
    previous = GENESIS
    for seq, row in enumerate(rows, start=1):
        made.append(rewritten((seq, *row[1:]), seq=seq, prev=previous))
        previous = made[-1][1]
    return made


# The chain


def test_an_untouched_chain_holds() -> None:
    entries, fault = verify_chain(chain(), head())
    assert (len(entries), fault) == (len(chain()), None)
    assert len(entries) > 80
    assert rechained(chain()) == list(chain())


@given(seq=some_entry(), at=st.integers(0, 10**6), mask=st.integers(1, 255))
def test_a_changed_byte_names_its_entry(seq: int, at: int, mask: int) -> None:
    rows = list(chain())
    body = bytearray(rows[seq - 1][2])
    body[at % len(body)] ^= mask
    rows[seq - 1] = (seq, rows[seq - 1][1], bytes(body))
    assert fault_in(rows) == Fault(seq, "changed")


@given(seq=some_entry(), name=st.one_of(st.just(""), st.binary(min_size=32, max_size=32)))
def test_a_changed_hash_names_its_entry(seq: int, name: bytes | str) -> None:
    rows = list(chain())
    rows[seq - 1] = (seq, name.hex() if isinstance(name, bytes) else name, rows[seq - 1][2])
    assert fault_in(rows) == Fault(seq, "changed")


@given(seq=some_entry(), at=st.datetimes())
def test_an_entry_rewritten_with_its_hash_names_its_entry(seq: int, at: Any) -> None:
    rows = list(chain())
    rows[seq - 1] = rewritten(rows[seq - 1], at=at.isoformat())
    assert fault_in(rows) == Fault(seq, "changed")


@given(seq=some_entry())
def test_a_removed_entry_is_named(seq: int) -> None:
    rows = [row for row in chain() if row[0] != seq]
    assert fault_in(rows) == Fault(seq, "removed")


@given(first=some_entry(), second=some_entry())
def test_a_removed_stretch_is_named_by_its_first(first: int, second: int) -> None:
    start, end = sorted((first, second))
    rows = [row for row in chain() if not start <= row[0] <= end]
    assume(rows)
    assert fault_in(rows) == Fault(start, "removed")


@given(seq=some_entry(), other=some_entry())
def test_two_swapped_entries_are_named_by_the_first(seq: int, other: int) -> None:
    assume(seq != other)
    rows = list(chain())
    rows[seq - 1], rows[other - 1] = (
        (seq, *chain()[other - 1][1:]),
        (other, *chain()[seq - 1][1:]),
    )
    assert fault_in(rows) == Fault(min(seq, other), "moved")


@given(seq=some_entry(), fits=st.booleans())
def test_an_inserted_entry_is_named(seq: int, fits: bool) -> None:
    """Before `seq`, all that follows moved on; `fits`: right in itself, else a copy."""
    rows = list(chain())
    added = (seq, *rows[seq - 1][1:])
    if fits:
        added = rewritten(added, seq=seq, kind="invented")
    moved = [(number + 1, name, body) for number, name, body in rows[seq - 1 :]]
    assert fault_in([*rows[: seq - 1], added, *moved]) == Fault(seq, "moved")


def test_an_entry_added_at_the_end_is_named() -> None:
    seq, name, body = chain()[-1]
    added = rewritten((seq + 1, name, body), seq=seq + 1, prev=name)
    assert fault_in([*chain(), added]) == Fault(seq + 1, "head")


@given(seq=some_entry())
def test_a_removed_entry_closed_up_is_found(seq: int) -> None:
    rows = [row for row in chain() if row[0] != seq]
    closed_up = [(number, *row[1:]) for number, row in enumerate(rows, start=1)]
    expected = Fault(seq, "moved") if seq < len(chain()) else Fault(seq, "removed")
    assert fault_in(closed_up) == expected


@pytest.mark.parametrize("seq", [1, 30, 60, -1])
@pytest.mark.parametrize("content", ["outcome", "evidence", "kind", "new"])
def test_a_chain_linked_again_is_found_by_its_head(seq: int, content: str) -> None:
    rows = list(chain())
    rows[seq] = rewritten(rows[seq], **{content: "forged"})
    forged = rechained(rows)
    assert forged[seq][2] != chain()[seq][2]
    assert verify_chain(forged, head())[1] == Fault(len(forged), "changed")
    assert verify_chain(forged[:-1], head())[1] == Fault(len(forged), "removed")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"text"', b"{", b"\xff\xfe", b"[" * 10**5])
def test_an_entry_that_is_no_object_is_changed(body: bytes) -> None:
    assert fault_in([(1, digest(body), body), *chain()[1:]]) == Fault(1, "changed")


def test_no_head_and_no_entries() -> None:
    assert verify_chain(chain(), None)[1] == Fault(len(chain()), "head")
    assert verify_chain([], None)[1] == Fault(0, "empty")
    assert verify_chain([], head())[1] == Fault(0, "empty")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_names_its_entry_in_words(
    fault: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    assert ("17" in Fault(17, fault).text()) is (fault not in ("empty", "unreadable"))
    assert Fault(17, fault).text() in str(LedgerBroken(17, fault))
