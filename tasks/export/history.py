"""The gate history read once: checked entries, and what every export needs to know of them.

Rules: all is read in one moment; a ledger whose chain, end or list of units does not hold is not
exported at all; nothing here depends on when or where it is read. Free texts of reasons come from
their blobs, and stay empty where a blob was erased or is no longer what its digest says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from data.acts import GATE_KINDS, KEY_KINDS, Gate, Keyring
from data.blobs import BlobError, BlobStore
from data.home import Home
from data.ledger import Entry, Ledger, LedgerBroken
from data.status import reached
from data.verify_chain import verify_chain
from schemas.canonical import canonical, digest
from schemas.envelopes import EnvelopeError, payload_of
from schemas.statements import SignOff, StatementError, Waiver, parse_statement
from schemas.text import Text
from schemas.vocabulary import NOT_REACHED, STAGES, Outcome
from tasks.export.progress import Progress, silent
from tasks.export.words import HELD

READING = Text("读取留痕", "reading the ledger")


# What an entry of a kind must have to be told of, and the fault of one that has not.
_ON = ("unit", "stage")
_COUNTED = ("signers", "sign_offs", "waivers", "evidence", "policy")
_SIGNED = (*_ON, "officer", "key", "envelope")
_NEEDED: dict[str, tuple[str, tuple[str, ...]]] = {
    "opened": ("changed", ("pack", "policy")),
    "submitted": (
        "changed",
        ("register", "mode", "accepted", "rejected", "blob", "quarantine", "source", "officer"),
    ),
    "listed": ("changed", ("units", "digest")),
    "decided": (
        "decision",
        (*_ON, *_COUNTED, "outcome", "on", "position", "findings", "decision", "void", "since",
         "reopened", "code", "run"),
    ),
    "handed-on": ("decision", (*_ON, *_COUNTED, "decision", "digest")),
    "key-enrolled": ("signature", ("officer", "organ", "jurisdiction", "key", "public",
                                   "envelope")),
    "key-vouched": ("signature", ("officer", "key", "voucher", "voucher_key", "envelope")),
    "key-rotated": ("signature", ("officer", "organ", "jurisdiction", "key", "public",
                                  "previous", "envelope")),
    "key-revoked": ("signature", ("officer", "key", "by", "by_key", "envelope")),
    "signed": ("signature", _SIGNED),
    "refused": ("signature", _SIGNED),
    "waived": ("signature", (*_SIGNED, "check", "subject", "until")),
    "withdrawn": ("signature", (*_SIGNED, "of")),
    "attempted": ("changed", (*_ON, "act", "officer", "code")),
    "checkpointed": ("checkpoint", ("size", "root", "note", "signers")),
    "reminded": ("changed", (*_ON, "deadline", "jurisdiction", "subject", "due", "on")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the cycle; `seq` is the entry that lists or first names it."""

    unit: str
    jurisdiction: str
    name: str
    level: str
    body: str
    parent: str | None
    seq: int


@dataclass(frozen=True, slots=True)
class Said:
    """What an officer signed; everything is empty where the statement cannot be read."""

    payload: str = ""
    evidence: str = ""
    policy: str = ""
    organ: str = ""
    jurisdiction: str = ""
    time: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GateNow:
    """A gate as it counts now: `state` is an outcome, `not_reached`, or `held`."""

    state: str
    recorded: str
    held_by: str
    seq: int | None


@dataclass
class Record:
    """The entries of a ledger and what follows from them."""

    entries: list[Entry]
    hashes: list[str]
    units: dict[str, Unit]
    reasons: dict[str, str]
    keys: Keyring = field(default_factory=Keyring)
    decisions: dict[Gate, list[Entry]] = field(default_factory=dict)
    handed: dict[Gate, list[Entry]] = field(default_factory=dict)
    acts: dict[Gate, list[Entry]] = field(default_factory=dict)
    withdrawn: dict[int, int] = field(default_factory=dict)
    _said: dict[int, Said] = field(default_factory=dict)
    _gates: dict[str, dict[str, GateNow]] = field(default_factory=dict)

    @property
    def cycle(self) -> str:
        """The hash of the first entry."""
        return self.hashes[0]

    @property
    def last(self) -> Entry:
        """The newest entry."""
        return self.entries[-1]

    @cached_property
    def latest(self) -> Entry | None:
        """The decision on the latest day, the newest of several: what is shown is as of its day."""
        return max(
            (one for found in self.decisions.values() for one in found),
            key=lambda one: (one["on"], one["seq"]),
            default=None,
        )

    @property
    def day(self) -> str:
        """The latest day on which facts were looked at, or nothing."""
        return self.latest["on"] if self.latest else ""

    @cached_property
    def next_of(self) -> dict[int, Entry]:
        """Decision → the one that came after it at the same gate."""
        return {
            one["seq"]: after for found in self.decisions.values() for one, after in pairwise(found)
        }

    @cached_property
    def _by_kind(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry["kind"], []).append(entry)
        return found

    def of_kind(self, *kinds: str) -> list[Entry]:
        """The entries of these kinds, in order."""
        found = [entry for kind in kinds for entry in self._by_kind.get(kind, ())]
        return sorted(found, key=lambda entry: int(entry["seq"])) if len(kinds) > 1 else found

    def standing(self, gate: Gate) -> Entry | None:
        """The decision that stands for a gate."""
        found = self.decisions.get(gate)
        return found[-1] if found else None

    def gates(self, unit: str) -> dict[str, GateNow]:
        """Stage → how the unit's gate counts now."""
        if unit not in self._gates:
            self._gates[unit] = self._gates_of(unit)
        return self._gates[unit]

    def _gates_of(self, unit: str) -> dict[str, GateNow]:
        standing = {stage.value: self.standing((unit, stage.value)) for stage in STAGES}
        counted = reached({name: one["outcome"] for name, one in standing.items() if one})
        holding = next((name for name, state in counted.items() if state != Outcome.OPEN), "")
        found: dict[str, GateNow] = {}
        for name, state in counted.items():
            one = standing[name]
            held = state == NOT_REACHED and one is not None
            found[name] = GateNow(
                HELD if held else state,
                one["outcome"] if one else "",
                holding if held else "",
                one["seq"] if one else None,
            )
        return found

    def said(self, entry: Entry) -> Said:
        """What the signed statement of an act says."""
        seq = entry["seq"]
        if seq not in self._said:
            self._said[seq] = _said_in(entry)
        return self._said[seq]

    def reason(self, name: str) -> str | None:
        """The text of a reason by its digest; None where none was given or none is kept."""
        return self.reasons.get(name)


def _said_in(entry: Entry) -> Said:
    try:
        payload = payload_of(entry["envelope"])
        statement = parse_statement(payload)
    except (EnvelopeError, StatementError):
        return Said()
    told = statement.predicate
    return Said(
        digest(payload),
        statement.evidence,
        told.policy if isinstance(told, SignOff | Waiver) else "",
        told.organ,
        told.jurisdiction,
        told.time,
        told.reason,
    )


def _listed(entries: list[Entry], rows: list[tuple[Any, ...]]) -> dict[str, Unit]:
    """The units of the cycle; the table must be what the last `listed` entry says."""
    listed = next((one for one in reversed(entries) if one["kind"] == "listed"), None)
    if rows and (listed is None or digest(canonical(rows)) != listed["digest"]):
        raise LedgerBroken(listed["seq"] if listed else 1, "state")
    seq = listed["seq"] if listed else 0
    units = {
        unit: Unit(unit, jurisdiction, name, level, body, parent, seq)
        for unit, jurisdiction, name, level, body, parent in rows
    }
    for entry in entries:
        name = entry.get("unit")
        if name and name not in units:
            # It was taken from the cycle; what it went through stays.
            place, _, body = name.partition("-")
            units[name] = Unit(name, place, "", "", body, None, entry["seq"])
    return dict(sorted(units.items()))


def _follow(record: Record, entry: Entry) -> None:
    kind = entry["kind"]
    if kind in KEY_KINDS:
        record.keys.take(entry)
    if kind not in ("decided", "handed-on") and kind not in GATE_KINDS:
        return
    gate = (entry["unit"], entry["stage"])
    if kind == "decided":
        record.decisions.setdefault(gate, []).append(entry)
    elif kind == "handed-on":
        record.handed.setdefault(gate, []).append(entry)
    else:
        record.acts.setdefault(gate, []).append(entry)
        if kind == "withdrawn":
            record.withdrawn[entry["of"]] = entry["seq"]


def record_of(
    entries: list[Entry],
    hashes: list[str],
    units: list[tuple[Any, ...]],
    reasons: BlobStore | None = None,
) -> Record:
    """The record that checked entries make; reasons are read from `reasons`, if it is given.

    Raises:
        LedgerBroken: an entry has another form than its kind, or the units are not those listed.
    """
    record = Record(entries, hashes, _listed(entries, units), {})
    for entry in entries:
        fault, needed = _NEEDED.get(entry["kind"], ("changed", ()))
        if not all(name in entry for name in needed):
            raise LedgerBroken(entry["seq"], fault)
        try:
            _follow(record, entry)
            if reasons and (name := _reason_named(record, entry)):
                record.reasons[name] = reasons.get(name).decode("utf-8", "backslashreplace")
        except BlobError:
            continue  # erased: its digest stays in the export, and says that there was one
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise LedgerBroken(entry["seq"], fault) from error
    return record


def _reason_named(record: Record, entry: Entry) -> str:
    return record.said(entry).reason if entry["kind"] in KEY_KINDS | GATE_KINDS else ""


def read_record(home: Home, *, reasons: bool = True, progress: Progress = silent) -> Record:
    """Read a home's ledger once, as of one moment.

    Raises:
        LedgerBroken: something in it does not hold; nothing is exported then.
    """
    progress(READING, 0, 1)
    with Ledger(home.ledger).reading() as reader:
        heads = reader.query("SELECT seq, hash FROM head")
        rows = [
            (int(seq), str(name), bytes(body))
            for seq, name, body in reader.query("SELECT seq, hash, body FROM entries ORDER BY seq")
        ]
        units = reader.query(
            "SELECT unit, jurisdiction, name, level, body, parent FROM units ORDER BY unit"
        )
    entries, fault = verify_chain(rows, heads[0] if heads else None)
    if fault:
        raise LedgerBroken(fault.seq, fault.fault)
    store = BlobStore(home.blobs) if reasons else None
    record = record_of(entries, [name for _, name, _ in rows], units, store)
    progress(READING, 1, 1)
    return record
