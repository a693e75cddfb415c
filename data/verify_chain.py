"""Verification of the chain: bytes, hashes, numbers and links of the entries, and the head.

Rules: docs/history.md, "Chain" and "Head", test by test in their order. The bytes are hashed
again, never trusted; a fault is named with the number of the entry at which it shows. The quick
form reads JSON by a faster library, which does not tell a name that stands twice in an object, and
does not ask how the history begins.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from data.ledger import FAULTS, GENESIS
from schemas.encodings import strict_object

# An entry as it was written; what it must be besides is the business of other tests.
Content = dict[str, Any]
Rows = Iterable[tuple[int, str, bytes]]
Head = tuple[int, str]
OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written; `seq` is 0 where no entry can be named."""

    seq: int
    fault: str

    def text(self) -> str:
        """One line in the reader's language."""
        return FAULTS[self.fault].render({"seq": self.seq})


UNREADABLE = Fault(0, "unreadable")


@contextmanager
def no_collecting() -> Iterator[None]:
    """Nothing read here refers to itself: looking for that over and over takes its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _quick_object(body: bytes) -> Content:
    found: Content = orjson.loads(body)
    if type(found) is not dict:
        raise ValueError("no object")
    return found


def _number_fault(own: object, seq: int) -> Fault:
    # One that was moved on shows by its own number where another was inserted.
    if type(own) is int and 0 < own < seq:
        return Fault(own, "moved")
    return Fault(seq, "moved")


def _content_fault(entry: Content, seq: int, previous: str, *, strict: bool) -> Fault | None:
    """What is wrong with an entry whose bytes have the hash on record."""
    own = entry.get("seq")
    if own != seq or type(own) is not int:
        return _number_fault(own, seq)
    if entry.get("prev") != previous:
        return Fault(seq, "unlinked") if seq == 1 else Fault(seq - 1, "changed")
    kind = entry.get("kind")
    if type(kind) is not str or type(entry.get("at")) is not str:
        return Fault(seq, "changed")
    if strict and (kind == OPENED) is not (seq == 1):
        return Fault(seq, "unlinked")
    return None


class Chain:
    """A chain as far as it holds: its entries, and the hash that the next one must name.

    `strict` asks for strict JSON, and how the history begins; `after` is what it goes on from.
    """

    def __init__(self, *, strict: bool = False, after: Head = (0, GENESIS)) -> None:
        self.entries: list[Content] = []
        self._before, self.last = after
        self._strict = strict
        self._parse: Callable[[bytes], Content] = strict_object if strict else _quick_object

    def take(self, seq: int, name: str, body: bytes) -> Fault | None:
        """Follow the next row; what does not hold is not followed."""
        expected = self._before + len(self.entries) + 1
        if seq != expected:
            return Fault(expected, "removed" if seq > expected else "moved")
        if hashlib.sha256(body).hexdigest() != name:
            return Fault(seq, "changed")
        try:
            entry = self._parse(body)
        except ValueError:
            return Fault(seq, "changed")
        fault = _content_fault(entry, seq, self.last, strict=self._strict)
        if fault is None:
            self.entries.append(entry)
            self.last = name
        return fault


def head_fault(head: Head | None, count: int, last: str) -> Fault | None:
    """What the head says against a chain of `count` entries that ends with the hash `last`."""
    if not count:
        return Fault(0, "empty")
    if head is None or head[0] < count:
        return Fault(count, "head")
    if head[0] > count:
        return Fault(count + 1, "removed")
    return None if head[1] == last else Fault(count, "changed")


def verify_chain(
    rows: Rows, head: Head | None, *, strict: bool = False
) -> tuple[list[Content], Fault | None]:
    """The entries up to the first fault, and that fault; `strict` asks for strict JSON."""
    chain = Chain(strict=strict)
    fault = next((fault for row in rows if (fault := chain.take(*row))), None)
    entries = chain.entries
    fault = fault or head_fault(head, len(entries), chain.last)
    if fault and fault.seq and fault.seq <= len(entries):
        entries = entries[: fault.seq - 1]
    return entries, fault
