"""Typed entries: what is written is read back as it was, and anything else is read by nobody."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from data.home import Home
from data.ledger import Ledger, LedgerBroken
from data.verify import Fault, verify
from schemas.entries import KINDS, EntryError, entry_of
from tasks.export.history import read_record
from tasks.gate.snapshot import open_snapshot
from tests.export.ledgers import eventful
from tests.replay import scenes
from tests.support import cycle
from tests.support.templates import made_once


@cache
def written() -> dict[str, dict[str, Any]]:
    """An entry of each kind, as it stands in a ledger."""
    rows = cycle.stored(Home(made_once("told", eventful)))
    found = {entry["kind"]: entry for entry in (json.loads(body) for _, _, body in rows)}
    about = {"unit": "", "stage": "plan", "subject": "640300", "jurisdiction": "640300"}
    days = {"due": "2016-09-10", "on": "2016-09-01", "deadline": "notice"}
    common = {name: found["listed"][name] for name in ("seq", "prev", "at", "on")}
    who = {name: found["signed"][name] for name in ("officer", "key", "envelope")}
    pack = {"pack": "local", "policy": found["opened"]["policy"], "starts": "2016-09-10", **who}
    return {
        **found,
        "reminded": {**common, "kind": "reminded", **about, **days},
        "pack-proposed": {**common, "kind": "pack-proposed", **pack},
        "pack-adopted": {**common, "kind": "pack-adopted", **pack, "of": 1},
    }


def test_every_kind_is_told_of() -> None:
    assert written().keys() == KINDS.keys()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_read_is_what_was_written(kind: str) -> None:
    entry = entry_of(written()[kind])
    assert type(entry) is KINDS[kind]
    assert entry.as_json() == written()[kind]
    assert json.loads(json.dumps(entry.as_json())) == written()[kind]
    for text in (entry.label, entry.line):
        assert text.zh
        assert text.en
    assert all(isinstance(told, str) for told in entry.announcement.values())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_field_is_needed_and_none_may_be_of_another_type(kind: str) -> None:
    whole = written()[kind]
    for name in whole:
        with pytest.raises(EntryError):
            entry_of({other: value for other, value in whole.items() if other != name})
        for odd in (1.5, b"", [[1]], 1 if name in ("historical", "trial") else True):
            with pytest.raises(EntryError):
                entry_of({**whole, name: odd})
    with pytest.raises(EntryError):
        entry_of({**whole, "more": ""})


ODD: dict[str, object] = {
    "kind": "of-tomorrow",
    "more": "than is written",
    "outcome": "ajar",
    "stage": "planning",
    "position": "1",
    "signers": "o-640300-01",
    "on": "20161231",
    "evidence": "0" * 63,
    "findings": {"plan.notice": {"odd": ["x"]}},
    "void": {"01": "twice"},
    "reopened": {"of": 1},
}


@pytest.mark.parametrize("name", ODD)
def test_an_entry_that_this_version_does_not_write_closes_everything(
    tmp_path: Path, name: str
) -> None:
    """However well it is chained, nobody reads past it."""
    home = cycle.small_home(tmp_path / "home", planted=True, run=True)
    seq = cycle.entries(home, "decided")[-1]["seq"]
    scenes.edited(home, seq, **{name: ODD[name]})
    assert verify(home) == (seq - 1, Fault(seq, "form"))
    assert verify(home, acts=True) == (seq - 1, Fault(seq, "form"))
    readings: list[Callable[[], object]] = [
        lambda: list(Ledger(home.ledger).entries()),
        lambda: open_snapshot(home, "cycle", cycle.ON),
        lambda: read_record(home),
    ]
    for reading in readings:
        with pytest.raises(LedgerBroken):
            reading()
