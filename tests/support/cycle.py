"""Homes with an opened cycle, made from rows in a moment, and short cycles for many histories.

Rules: rows and template homes are made once per process and never changed; a test gets a copy of
its own. What is stored is stored by the functions that intake itself uses, past its reading.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd

from data import signers
from data.days import Clock, utc_now
from data.home import Home
from data.ledger import Ledger
from data.registers import fold
from data.status import decision
from schemas.aliases import register_read
from schemas.canonical import canonical, digest
from schemas.columns import ColumnSpec
from schemas.decisions import CLOSING, Decision, sign_off_code, unpacked
from schemas.findings import Finding
from schemas.registers import REGISTERS
from schemas.text import Refusal
from schemas.vocabulary import STAGES, Outcome, Stage
from tasks import additions
from tasks.gate import evaluation, snapshot
from tasks.gate.snapshot import Snapshot
from tasks.handoff import passes
from tasks.intake import accept, reading
from tasks.intake.delivery import Delivery
from tasks.intake.inbox_folder import SIGNATURE_SUFFIX
from tasks.moved import FactsMoved
from tasks.officers import independence
from tasks.officers.signatories import Principal
from tasks.recording import recorded
from tasks.recording.recorded import Recorded, record_each
from tests.generator import REFERENCE_ON, Row, Rows, Size, generate
from tests.support import reference
from tests.support.evaluators import placed_key
from tests.support.places import copied
from tests.support.signing import confirm, delivers, enrol, founding, sign_all
from tests.support.stages import run_stage
from tests.support.templates import made_once

PACK = "cn-2016"
ON = REFERENCE_ON
OFFICER = "o-640300-03"
# A city, one of its counties, two townships of it: ten units with a bit of everything.
SMALL = ("640300", "640302", "640302100", "640302103")
# Of each of two cities a county, and two townships of it.
CITIES = ("640300", "640400")
_PARTS = ("00", "02", "02100", "02103")

Entry = dict[str, Any]  # as it stands in the ledger
Outcomes = dict[str, Outcome | None]
Gate = tuple[str, str]  # unit, stage


# Rows


def home_of(rows: Mapping[str, Iterable[Row]], register: str, row: Row) -> str:
    """The jurisdiction at which a row is at home."""
    column = REGISTERS[register].home
    value = str(row[column])
    if column == "unit":
        return value.partition("-")[0]
    if column == "jurisdiction":
        return value
    target = REGISTERS[register].references[column]
    key = REGISTERS[target].key[0]
    return home_of(rows, target, next(one for one in rows[target] if one[key] == row[column]))


def only(rows: Rows, places: Iterable[str]) -> Rows:
    """The rows that are at home in `places`; what they refer to must be among them."""
    kept: Rows = {}
    keys: dict[str, set[object]] = {}
    chosen = set(places)
    for name, register in REGISTERS.items():
        if register.via:
            target = register.references[register.via]
            kept[name] = [row for row in rows[name] if row[register.via] in keys[target]]
        else:
            kept[name] = [row for row in rows[name] if home_of(rows, name, row) in chosen]
        keys[name] = {row[register.key[0]] for row in kept[name]}
        for column, target in register.references.items():
            dangling = {row[column] for row in kept[name]} - keys[target] - {None}
            if dangling:
                raise LookupError(f"{name}.{column} points out of {sorted(chosen)}: {dangling}")
    return kept


@cache
def small_rows(*, planted: bool = False) -> Rows:
    """A city with one county and two townships; `planted`: with the faults that stand there."""
    return only(reference.with_faults() if planted else reference.clean(), SMALL)


@cache
def rows_of_cities() -> Rows:
    """Two cities, each with one county and two townships."""
    places = [f"{city[:4]}{part}" for city in CITIES for part in _PARTS]
    return only(generate(Size(cities=len(CITIES))), places)


def changed(rows: Rows, register: str, **edits: Mapping[str, object]) -> Rows:
    """The rows with some of a register's rows edited; `edits` are key → column → value."""
    key = REGISTERS[register].key[0]
    table = [{**row, **edits.get(str(row[key]), {})} for row in rows[register]]
    return {**rows, register: table}  # type: ignore[dict-item]


# Homes


@contextmanager
def unsynced() -> Iterator[None]:
    """Blobs without waiting for the disk: for homes that need not outlive a power cut."""
    with patch.object(os, "fsync"):
        yield


def _columns(register: str, *, keys_only: bool) -> Sequence[ColumnSpec]:
    columns = REGISTERS[register].columns
    key = REGISTERS[register].key
    return [spec for spec in columns if spec.name in key] if keys_only else columns


def delivery(register: str, rows: Iterable[Row], *, keys_only: bool = False) -> Delivery:
    """What reading a file with these rows gives; its digest is that of its content."""
    columns = [spec.name for spec in _columns(register, keys_only=keys_only)]
    taken = [{name: row.get(name) for name in columns} for row in rows]
    plain = [
        {name: str(value) if isinstance(value, date) else value for name, value in row.items()}
        for row in taken
    ]
    return Delivery(
        register=register,
        source=f"{register}.csv",
        sheet=register,
        digest=digest(canonical([register, plain])),
        headings={name: name for name in columns},
        rows=taken,
        row_numbers=range(2, len(taken) + 2),
        rejections=(),
        rejected_keys={},
        delivered=len(taken),
        head=columns,
        cells={
            number: ["" if x is None else x for x in row.values()]
            for number, row in enumerate(taken, start=2)
        },
        places={name: index for index, name in enumerate(columns)},
    )


def open_home(
    path: Path,
    rows: Rows,
    pack: str = PACK,
    clock: Clock = utc_now,
    historical: date | None = ON,
) -> Home:
    """A home in which a cycle was opened with these rows, all of which intake accepts.

    It is historical from the day `historical` on, or live where there is none.
    """
    book = {name: delivery(name, rows[name]) for name in REGISTERS if rows.get(name)}
    home = Home(path)
    given = reading.Book(book, (), frozenset())
    with (
        patch.object(reading, "look_through", return_value=given),
        patch.object(signers, "first_key", placed_key),
        unsynced(),
    ):
        receipts = accept.open_cycle(
            home, pack, Path("book"), founding, clock, historical=historical
        )
    refused = [receipt for receipt in receipts if receipt.rejected]
    if refused:
        raise ValueError(f"the book does not hold as a set: {refused[0].first}")
    return home


# What is delivered without a file. Two threads that deliver at once would each put back what the
# other had put in place, if each replaced the function for itself.
_GIVEN: ContextVar[Delivery | None] = ContextVar("given", default=None)
_read_file = reading.read_register


def _read_given(*arguments: Any, **options: Any) -> Delivery:
    return _GIVEN.get() or _read_file(*arguments, **options)


patch.object(reading, "read_register", _read_given).start()


def deliver(
    home: Home,
    register: str,
    rows: Iterable[Row],
    *,
    remove: bool = False,
    by: str | Principal = OFFICER,
    day: date | None = None,
    clock: Clock = utc_now,
    confirmed: bool = True,
) -> accept.Receipt:
    """Deliver rows (or withdraw them: `remove`) as `termgate submit` does, without a file.

    What says who is who is `confirmed` right away, by somebody of another organ.
    """
    given = _GIVEN.set(delivery(register, rows, keys_only=remove))
    try:
        with unsynced():
            receipt = accept.submit(
                home,
                register,
                Path("x.csv"),
                delivers(home, by) if isinstance(by, str) else by,
                withdraw=remove,
                day=day,
                clock=clock,
            )
    finally:
        _GIVEN.reset(given)
    if receipt.waits and confirmed:
        confirm(home, receipt.waits, day=day, clock=clock)
    return receipt


def to_sign(home: Home, register: str, rows: Iterable[Row], officer: str) -> bytes:
    """What an officer would sign for a delivery of rows, as a dry run says it."""
    given = _GIVEN.set(delivery(register, rows))
    try:
        return accept.try_out(home, register, Path("x.csv"), officer).to_sign
    finally:
        _GIVEN.reset(given)


def sign_dropped(home: Home, path: Path, officer: str) -> None:
    """Sign a file that is dropped, as `submit --sign-only` does, if it can be taken."""
    register = register_read(path.stem)
    by = delivers(home, officer)
    try:
        signing = accept.try_out(home, register, path, officer).to_sign
    except Refusal:
        return
    path.with_name(f"{path.name}{SIGNATURE_SUFFIX}").write_bytes(canonical(by.seal(signing)))


def withdraw(home: Home, register: str, rows: Iterable[Row]) -> accept.Receipt:
    """Withdraw rows by their key, as `termgate submit --withdraw` does."""
    return deliver(home, register, rows, remove=True)


def _template(name: str) -> Path:
    return made_once(name, partial(_make, name))


def _make(name: str, path: Path) -> None:
    plain, _, ran = name.partition("-ran")
    if ran:
        home = copied(_template(plain), path)
        with unsynced():
            run_all(home, declared=ran == "-all")
        return
    if name.startswith("small"):
        home = open_home(path, small_rows(planted=name == "small-planted"))
    else:
        home = open_home(path, reference.with_faults() if name == "planted" else reference.clean())
    enrol(home)


def small_home(
    path: Path, *, planted: bool = False, run: bool = False, declared: bool = True
) -> Home:
    """A copy of the small cycle; `run`: after all stages, or all before the vote (`declared`).

    A unit of which the result is declared is concluded: later evidence closes none of its gates.
    """
    ran = ("-ran-all" if declared else "-ran-before") if run else ""
    return copied(_template(f"small{'-planted' * planted}{ran}"), path)


def whole_home(path: Path, *, planted: bool = False, run: bool = False) -> Home:
    """A copy of the reference cycle, 116 units; `run`: after all five stages."""
    return copied(_template(f"{'planted' if planted else 'clean'}{'-ran-all' * run}"), path)


# What a home says


def forget() -> None:
    """Know no more than a new process; or let everything be worked out again."""
    additions.REMEMBERED.clear()
    evaluation.FOUND.clear()
    independence.TOOK.clear()
    recorded.SIGNED.clear()
    snapshot.FACTS.clear()
    snapshot.PARTS.clear()
    snapshot.VERIFIED.clear()
    passes.PASSED.clear()


def holds(decision: Decision) -> bool:
    """Whether a gate is open, or waits for signatures and for nothing else."""
    closing = {one.check for one in decision.findings if one.status in CLOSING}
    return decision.outcome is Outcome.OPEN or closing == {sign_off_code(decision.stage)}


def run(home: Home, stage: str, scope: str = "cycle", on: date = ON) -> Outcomes:
    """Run one stage and every one before it, each signed by its officers wherever its checks hold.

    Unit → what its gate says, None where an earlier one holds it.
    """
    for earlier in STAGES[: STAGES.index(Stage(stage))]:
        _signed(home, earlier, scope, on)
    return _signed(home, Stage(stage), scope, on)


def _signed(home: Home, stage: Stage, scope: str, on: date) -> Outcomes:
    found = launch(home, stage, scope, on)
    return launch(home, stage, scope, on) if sign_all(home, stage, scope) else found


def launch(home: Home, stage: str, scope: str = "cycle", on: date | None = ON) -> Outcomes:
    """Run one stage; nobody signs."""
    return run_stage(home, Stage(stage), scope, on)


def run_all(
    home: Home, scope: str = "cycle", on: date = ON, *, declared: bool = True
) -> dict[str, Outcomes]:
    """Run every stage in order (unless `declared` all but the last), each signed.

    Stage → what its gates say.
    """
    stages = STAGES if declared else STAGES[:-1]
    return {stage.value: _signed(home, stage, scope, on) for stage in stages}


def record(given: Snapshot, decision: Decision, run: str | None = None) -> Recorded:
    """Put one decision on record.

    Raises:
        FactsMoved: something came after the snapshot that it rests on.
    """
    made, moved = record_each(given, decision.stage, [decision], run)
    if moved:
        raise FactsMoved
    return made[decision.unit]


def folded(name: str, given: Iterable[tuple[str, bytes]]) -> pd.DataFrame:
    """The register after submissions (mode, Parquet)."""
    return fold(name, [(mode, digest(content), content) for mode, content in given])


def submissions(home: Home) -> list[Entry]:
    """What was submitted after the book."""
    found = entries(home, "submitted")
    return [entry for entry in found if entry["delivery"] != found[0]["delivery"]]


def entries(home: Home, kind: str | None = None) -> list[Entry]:
    """The ledger's entries (of one kind)."""
    found = Ledger(home.ledger).entries()
    return [entry.as_json() for entry in found if kind in (None, entry.kind)]


def stored(home: Home) -> list[tuple[int, str, bytes]]:
    """The ledger's rows: number, hash, bytes."""
    statement = "SELECT seq, hash, body FROM entries ORDER BY seq"
    rows = Ledger(home.ledger).query(statement)
    return [(seq, name, bytes(body)) for seq, name, body in rows]


def decisions(home: Home) -> dict[Gate, tuple[str, str]]:
    """Gate → outcome and key of the decision that stands, without when and by whom."""
    rows = Ledger(home.ledger).query("SELECT unit, stage, outcome, decision FROM gates")
    return {(unit, stage): (outcome, key) for unit, stage, outcome, key in rows}


def said(home: Home) -> dict[Gate, tuple[str, str, str, tuple[str, ...]]]:
    """Gate → outcome, evidence, findings and signers of the decision that stands.

    Unlike a decision's key they are the same in every ledger: no numbers of entries are in them.
    """
    standing = {(one["unit"], one["stage"]): one for one in entries(home, "decided")}
    return {
        gate: (
            str(one["outcome"]),
            str(one["evidence"]),
            digest(canonical(one["findings"])),
            tuple(one["signers"]),
        )
        for gate, one in standing.items()
    }


def handed_on(home: Home) -> dict[Gate, str]:
    """Unit and stage → the digest of what the stage handed on for the unit."""
    rows = Ledger(home.ledger).query("SELECT unit, stage, digest FROM handed_on")
    return {(unit, stage): content for unit, stage, content in rows}


def closing(home: Home, unit: str, stage: str) -> list[Finding]:
    """What keeps a gate closed, as its standing decision says."""
    entry = decision(Ledger(home.ledger), unit, stage)
    found = unpacked(entry.findings) if entry else []
    return [one for one in found if one.status in CLOSING]
