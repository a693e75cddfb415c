"""What the desk's pages show, from the ledger: the same answers as the command line's.

Rules: nothing here changes anything. A gate is shown as open only where the ledger proves it; who
may sign is as the decision that stands found it. Ids, states and counts, and no rows of registers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.acts import DELIVERED, PROPOSED, Key
from data.home import Home
from data.ledger import Ledger, checked_entry
from data.status import UnitStatus, UnknownPlace, decided_in, statuses
from deployments.desk.known import Known
from deployments.desk.runs import Run
from deployments.gates import gate_json, since_lines
from deployments.inbox import Inbox, Item, head_line
from schemas.decisions import sign_off_code
from schemas.entries import Decided, Entry, Proposed, Submitted, Waived
from schemas.registers import REGISTERS
from schemas.reports import check_title, provider_of
from schemas.text import Text, language
from schemas.vocabulary import STAGES, Stage, Status
from tasks.officers.entitled import may_confirm
from tasks.officers.objected import ToRule
from tasks.officers.outstanding import Outstanding, judged, outstanding_for
from tasks.places import Places

# So many deliveries of one's own are shown.
DELIVERIES = 10
# So many entries are read at once.
LOOKED_AT = 500
_ANY = re.compile(b"")
_ORDER = (Status.FAIL, Status.MISSING, Status.NOT_YET, Status.WAIVED)


@dataclass(frozen=True)
class Today:
    """What waits for an officer, what does not, and what else is outstanding.

    `others` are gates with the code why nothing is to be done about them, so is `not_to_rule`.
    `to_join` are waivers that lack a signature of theirs.
    `changed` has for each gate what changed since somebody signed it, in words; `delivered` is what
    became of what they delivered last, of which the entries `unconfirmed` still wait.
    """

    waiting: list[Item]
    others: list[tuple[Item, str]]
    not_to_rule: list[tuple[ToRule, str]]
    changed: dict[tuple[str, str], list[str]]
    outstanding: Outstanding
    to_join: list[Waived]
    delivered: list[Submitted]
    unconfirmed: Collection[int]


def today(known: Known, mine: Key) -> Today:
    """What waits for the officer of a key.

    Raises:
        ActRefused: they have no key that signs.
    """
    each = _waiting_for(known, mine)
    waiting = [one for one, code in each if not code]
    judge = known.judge(mine)
    found, not_to_rule = judged(outstanding_for(known.home, known.keys, known.waiting, mine), judge)
    return Today(
        waiting,
        [(one, code) for one, code in each if code],
        not_to_rule,
        changed_since(known, waiting),
        found,
        judge.waivers_to_join(),
        delivered_by(known.ledger, mine.officer),
        known.waiting.keys(),
    )


def _waiting_for(known: Known, mine: Key) -> list[tuple[Item, str]]:
    """The gates that wait for the officer of a key, with the code why they cannot sign it now.

    There may be hundreds of each officer: what one cannot do is told from what is known of all.
    """
    unready = known.unready
    items = Inbox(known.pending, mine.officer).items()
    return [(one, one.state or unready[one.unit.unit, one.stage.value]) for one in items]


def changed_since(known: Known, items: Sequence[Item]) -> dict[tuple[str, str], list[str]]:
    """Gate → what changed since somebody signed it, in words."""
    changes = known.changes([act for item in items for act in item.stale])
    return {
        (item.unit.unit, item.stage.value): [
            line for act in item.stale for line in since_lines(changes[act.seq])
        ]
        for item in items
    }


def delivered_by(ledger: Ledger, officer: str) -> list[Submitted]:
    """What became of the last deliveries of an officer, by register, the newest first."""
    rows = ledger.query(
        "SELECT seq, payload FROM acts WHERE kind IN (?, ?) AND officer = ? "
        "ORDER BY seq DESC LIMIT ?",
        DELIVERED,
        PROPOSED,
        officer,
        DELIVERIES,
    )
    found: list[Submitted] = []
    for seq, payload in rows:
        # A delivery has an entry for each register, at most two, right after its own.
        most = int(seq) + 2 * len(REGISTERS)
        entries = entries_in(ledger, int(seq) - 1, most)
        parts = [part for one in entries for part in submissions_at(one) if part.seq <= most]
        mine = [part for part in parts if part.delivery == payload]
        # One that waited stands there once more as soon as it is confirmed.
        found += [part for part in mine if part.seq == int(seq)] or mine
    return found


def submissions_at(entry: Entry) -> Sequence[Submitted]:
    """What an entry says was delivered, be it that it waits for a confirmation."""
    if isinstance(entry, Proposed):
        return entry.submissions
    return [entry] if isinstance(entry, Submitted) else []


@dataclass(frozen=True)
class Waiting:
    """A delivery that waits, as whoever may confirm it sees it.

    `tables` are, by register, what becomes of each row, its cells, and which of them are other.
    """

    one: Proposed
    head: str
    tables: list[tuple[str, list[tuple[list[str], set[int]]]]]
    consequences: list[str]


def delivery(known: Known, key: Key, seq: int) -> Waiting | None:
    """A delivery that waits; nothing for whoever neither made it nor may confirm it.

    Raises:
        BlobError: its rows are missing or were changed.
    """
    from deployments.confirmations import ConfirmationEffects
    from tasks.intake.confirming import about
    from tasks.intake.waiting_rows import lines_of

    one = known.waiting.get(seq)
    places = Places(known.ledger)
    if one is None:
        return None
    may = may_confirm(key, one, places.acting(one.said.jurisdiction))
    # Nobody is shown what others say of them or their kin before it counts.
    if one.officer != key.officer and (not may or about(known.facts, one, key.officer)):
        return None
    found = ConfirmationEffects(known.home, one)
    tables = [
        (part.register, lines_of(found.blobs, found.record, part, language()))
        for part in one.submissions
    ]
    return Waiting(one, head_line(one), tables, list(found.consequences()))


def entries_in(
    ledger: Ledger, since: int, until: int, naming: re.Pattern[bytes] = _ANY
) -> list[Entry]:
    """The entries after `since` and up to `until` whose bytes have what is looked for.

    Each only if its bytes have the hash on record; of others nothing is read.

    Raises:
        LedgerBroken: one of them is not what was written.
    """
    rows = ledger.query(
        "SELECT seq, hash, body FROM entries WHERE seq > ? AND seq <= ? ORDER BY seq", since, until
    )
    return [
        checked_entry(int(seq), str(name), bytes(body))
        for seq, name, body in rows
        if naming.search(bytes(body))
    ]


@dataclass(frozen=True)
class Filtered:
    """The units of a scope that are asked for, and the checks that close gates of that scope."""

    units: list[UnitStatus]
    checks: list[str]


def board(home: Home, scope: str, body: str, state: str, check: str) -> Filtered:
    """The units of a scope: of a body, and with a gate in a state that a check keeps closed.

    What is not named is not asked for; state and check are of one gate.

    Raises:
        UnknownPlace: the scope holds no unit.
    """
    units = statuses(Ledger(home.ledger), scope)
    closed = {one.unit: {stage: one.closed_by(stage) for stage in one.stages} for one in units}
    closing = {code for stages in closed.values() for codes in stages.values() for code in codes}
    order = {stage.value: number for number, stage in enumerate(STAGES)}

    def asked(one: UnitStatus) -> bool:
        return body in ("", one.body) and any(
            state in ("", one.shown(stage)) and (not check or check in codes)
            for stage, codes in closed[one.unit].items()
        )

    return Filtered(
        [one for one in units if asked(one)],
        sorted(closing, key=lambda code: (order.get(code.partition(".")[0], len(order)), code)),
    )


@dataclass(frozen=True)
class Course:
    """A run, how the gates stand now that it is about, by stage, and what it decided.

    `objected` is how many of these units are concluded and objected to.
    """

    run: Run
    counts: dict[Stage, dict[str, int]]
    objected: int
    decided: list[Decided]
    names: Mapping[str, Text]


def course(known: Known, run: Run) -> Course:
    """How far a run is, by Prefect and by the ledger."""
    try:
        units = statuses(known.ledger, run.scope)
        decided = decided_in(known.ledger, run.id, run.scope)
    except UnknownPlace:
        # It was launched for a place that the cycle does not have, and ends so.
        units, decided = [], []
    stages = [stage for work in run.works for stage in work.stages]
    counts = {stage: dict(Counter(one.stages[stage.value] for one in units)) for stage in stages}
    objected = sum(bool(one.objected) for one in units)
    return Course(run, counts, objected, decided, known.names)


@dataclass(frozen=True)
class Found:
    """The findings of one check at a gate that keep it closed, or that are waived."""

    check: str
    title: str
    provider: str
    findings: list[dict[str, Any]]


def gate(known: Known, unit: str, stage: Stage) -> dict[str, Any]:
    """A gate as `gate show` has it, with its findings by check, and who is still to sign.

    Raises:
        UnknownPlace: there is no such unit.
    """
    shown = gate_json(known.home, unit, stage.value, known.history, known)
    found = shown["forecast"]["findings"] if shown["forecast"] else shown["findings"]
    return {
        **shown,
        "name": known.names[unit].render(),
        "found": by_check(found),
    }


def to_sign(known: Known, mine: Key, most: int) -> dict[str, Any]:
    """The gates that wait for an officer's signature, each with what they would sign.

    `more` is how many there are besides the first `most`.

    Raises:
        ActRefused: they have no key that signs.
    """
    items = [one for one, code in _waiting_for(known, mine) if not code]
    return {
        "gates": [(one, _signed_for(known, one)) for one in items[:most]],
        "more": len(items[most:]),
        "changed": changed_since(known, items[:most]),
    }


def _signed_for(known: Known, item: Item) -> dict[str, Any]:
    """A gate with what its checks found; who is missing to sign stands by itself."""
    shown = gate(known, item.unit.unit, item.stage)
    own = [one for one in shown["findings"] if one["check"] != sign_off_code(item.stage)]
    counted = Counter(one["status"] for one in own)
    return {**shown, "found": by_check(own), "counted": counted}


def by_check(findings: Iterable[dict[str, Any]]) -> list[Found]:
    """Findings by check, failures first."""
    order = {status.value: number for number, status in enumerate(_ORDER)}
    closing = sorted(
        (one for one in findings if one["status"] in order), key=lambda one: order[one["status"]]
    )
    return [
        Found(code, check_title(code), provider_of(code),
              [one for one in closing if one["check"] == code])
        for code in dict.fromkeys(one["check"] for one in closing)
    ]  # fmt: skip


def counted(units: Iterable[UnitStatus]) -> dict[str, int]:
    """How many gates have which state."""
    return dict(Counter(one.shown(stage.value) for one in units for stage in STAGES))
