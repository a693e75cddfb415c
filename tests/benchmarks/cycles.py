"""Homes for measuring, opened from generated rows of any size.

Rules: what is stored is stored by the functions that intake uses; reading and checking a book is
not measured here, so it is left out.
"""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from data.blobs import BlobStore
from data.days import utc_now
from data.history import keyring
from data.home import Home
from data.ledger import Ledger
from data.policies import pack_bytes
from data.submissions import ACCEPT, encode_rows
from schemas.canonical import EVIDENCE_SCHEME, RECORD_SCHEME, digest
from schemas.envelopes import key_id, public_text, raw_public
from schemas.registers import REGISTERS
from tasks.intake.delivering import Taken, record_delivery
from tasks.intake.delivery import Delivery
from tasks.intake.founding import enrol_founder, founders_in
from tasks.intake.unit_list import project_units
from tests.generator.base import REFERENCE_ON, Row, Rows, Size
from tests.generator.cycle import each_city, generate
from tests.support.cycle import delivery
from tests.support.evaluators import placed_key
from tests.support.signing import founding

PACK = "cn-2016"
MOST_PER_CITY = 10_000


@dataclass(frozen=True)
class Opened:
    """How long it took to make a home; nothing of this counts as deciding."""

    cities: int
    rows: int
    generate: float
    store: float


def size_for(candidates: int) -> Size:
    """The size of a cycle with as many candidates as fit into `candidates`."""
    lawful = Counter(row["unit"] for row in generate()["candidates"]).values()
    cities = -(-candidates // MOST_PER_CITY)
    each = 1
    while sum(max(least, each + 1) for least in lawful) * cities <= candidates:
        each += 1
    return Size(cities, each)


def open_home(home: Home, cities: Iterable[Rows]) -> Opened:
    """Open a cycle whose rows come city by city, one submission for each register."""
    blobs = BlobStore(home.blobs)
    parts: dict[str, list[bytes]] = {name: [] for name in REGISTERS}
    counts: Counter[str] = Counter()
    made, number, started = 0.0, 0, time.perf_counter()
    before = started
    officers: list[Row] = []
    for city in cities:
        officers = officers or list(city["officers"])
        made += time.perf_counter() - before
        number += 1
        for name, rows in city.items():
            if rows:
                parts[name].append(encode_rows(name, rows))
                counts[name] += len(rows)
        before = time.perf_counter()
    ledger = Ledger(home.ledger, day=REFERENCE_ON)
    home.path.mkdir(parents=True, exist_ok=True)
    ledger.create()
    with ledger.transaction() as transaction:
        policy = blobs.put(pack_bytes(PACK))
        public = raw_public(placed_key(home))
        by, keys = founding(officers)
        named = founders_in(officers, by, keys, {})
        transaction.append(
            "opened", pack=PACK, policy=policy, book=policy,
            founders=[one._asdict() for one in named],
            record=RECORD_SCHEME,
            evidence=EVIDENCE_SCHEME,
            evaluator=key_id(public), public=public_text(public), historical=True,
            trial=False,
        )  # fmt: skip
        enrol_founder(transaction, by, named, utc_now)
        kept = {name: _joined(encoded) for name, encoded in parts.items() if encoded}
        parts_made = [
            Taken(ACCEPT, _counted(name, counts[name], rows), rows, None)
            for name, rows in kept.items()
        ]
        key = keyring(transaction).keys[by.key]
        record_delivery(transaction, blobs, by, key, parts_made, None, utc_now)
        project_units(home, transaction)
    took = time.perf_counter() - started
    return Opened(number, counts.total(), made, took - made)


def _counted(register: str, count: int, rows: bytes) -> Delivery:
    """A delivery of so many rows, which are encoded already."""
    empty = delivery(register, ())
    return replace(empty, rows=[{}] * count, digest=digest(rows))


def open_size(path: Path, candidates: int | None) -> Opened:
    """Open the clean reference cycle, or one with about that many candidates."""
    size = Size() if candidates is None else size_for(candidates)
    return open_home(Home(path), each_city(size))


def _joined(encoded: list[bytes]) -> bytes:
    if len(encoded) == 1:
        return encoded[0]
    buffer = io.BytesIO()
    pq.write_table(pa.concat_tables([pq.read_table(io.BytesIO(one)) for one in encoded]), buffer)
    return buffer.getvalue()
