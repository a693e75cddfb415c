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

from data.ledger import FAULTS, LedgerBroken
from data.verify import Fault, verify_chain
from schemas.canonical import digest
from schemas.encodings import EncodingError, strict_object
from schemas.text import LANGUAGES
from tests.support import cycle
from tests.support.history import Row, rechained, rewritten


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
    """The fault of a changed chain, the same in both forms; the entries before it hold."""
    given_ = list(rows)
    entries, fault = verify_chain(given_, head(), strict=True)
    assert verify_chain(given_, head()) == (entries, fault)
    assert fault is not None
    assert len(entries) < max(fault.seq, 1)
    assert entries == [json.loads(body) for _, _, body in chain()[: len(entries)]]
    return fault


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
        added = rewritten(added, seq=seq, at="invented")
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


def with_text(seq: int, more: bytes) -> Row:
    """An entry with more text before its end, under a hash that fits."""
    _, _, body = chain()[seq - 1]
    damaged = body[:-1] + b',"zz":' + more + b"}"
    return seq, digest(damaged), damaged


# Two libraries would not read these alike.
LOOSE = {
    "a name twice": b'1,"zz":1',
    "a name twice, deep in it": b'{"a":[{"b":1,"b":1}]}',
    "a fraction": b"1.0",
    "an exponent": b"1e2",
    "a large number": str(2**53).encode(),
    "a large negative number": str(-(2**53)).encode(),
    "too deep": b"[" * 64 + b"]" * 64,
}
NO_JSON = {
    "not a number": b"NaN",
    "a very large number": b"1" * 5000,
    "infinity": b"-Infinity",
    "half a pair": rb'"\ud800"',
    "no UTF-8": b'"\xff"',
    "half a pair in UTF-8": b'"\xed\xa0\x80"',
    "a control character": b'"\x01"',
    "a leading zero": b"01",
    "a plus": b"+1",
    "a trailing comma": b"[1,]",
    "a comment": b"1/**/",
    "much too deep": b"[" * 10**5 + b"]" * 10**5,
}


@pytest.mark.parametrize("name", [*LOOSE, *NO_JSON])
def test_an_entry_that_is_not_strict_is_changed(name: str) -> None:
    rows = list(chain())
    rows[29] = with_text(30, {**LOOSE, **NO_JSON}[name])
    assert verify_chain(rows, head(), strict=True)[1] == Fault(30, "changed")
    # The quick form tells what is no JSON; what is loosely written changes the link all the same.
    quick = verify_chain(rows[:30], (30, rows[29][1]))
    assert quick[1] == (Fault(30, "changed") if name in NO_JSON else None)


@pytest.mark.parametrize(
    "more",
    [
        b"0",
        b"-0",
        str(2**53 - 1).encode(),
        str(1 - 2**53).encode(),
        b"[" * 63 + b"]" * 63,
        rb'"\ud83d\ude00"',
        b' { "a" : [ ] } ',
        b'{"a":{"zz":1},"b":{"zz":1}}',
        "{}",
    ],
    ids=str,
)
def test_what_is_strict_holds(more: bytes | str) -> None:
    row = with_text(30, more if isinstance(more, bytes) else more.encode())
    rows = [*chain()[:29], row]
    for strict in (True, False):
        assert verify_chain(rows, (30, row[1]), strict=strict)[1] is None


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf{}", b"[]", b"1", b"", b"{} {}", b"{}\0"])
def test_strict_json_is_one_object(content: bytes) -> None:
    with pytest.raises(EncodingError):
        strict_object(content)


@given(content=st.binary(max_size=60))
def test_strict_json_refuses_or_reads_as_everybody_does(content: bytes) -> None:
    try:
        found = strict_object(content)
    except EncodingError:
        return
    assert found == json.loads(content)


NUMBERS = [None, True, 30.0, "30", 0, -1, 31, 10**6]


@pytest.mark.parametrize("own", NUMBERS)
def test_an_entry_with_another_number_in_it_was_moved(own: object) -> None:
    rows = list(chain())
    rows[29] = rewritten(rows[29], seq=own)
    # A fraction is no strict JSON.
    expected = "changed" if isinstance(own, float) else "moved"
    assert verify_chain(rows, head(), strict=True)[1] == Fault(30, expected)
    rows[29] = rewritten(chain()[29], seq=17)
    assert fault_in(rows) == Fault(17, "moved")


@pytest.mark.parametrize("field", ["kind", "at"])
@pytest.mark.parametrize("content", [None, 1, ["decided"]])
def test_an_entry_without_kind_or_moment_is_changed(field: str, content: object) -> None:
    rows = list(chain())
    rows[29] = rewritten(rows[29], **{field: content})
    assert fault_in(rows) == Fault(30, "changed")


def test_a_history_begins_once() -> None:
    other = rechained([rewritten(chain()[0], kind="listed"), *chain()[1:]])
    assert verify_chain(other, (len(other), other[-1][1]), strict=True)[1] == Fault(1, "unlinked")
    spliced = rechained([*chain()[:40], *chain()])
    found = verify_chain(spliced, (len(spliced), spliced[-1][1]), strict=True)
    assert found[1] == Fault(41, "unlinked")
    assert len(found[0]) == 40


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
