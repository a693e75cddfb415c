"""What the desk's pages show, from the ledger: the same answers as the command line's.

Rules: nothing here changes anything. A gate is shown as open only where the ledger proves it; who
may sign is as the decision that stands found it. Ids, states and counts, and no rows of registers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from data.acts import Key, Keyring
from data.blobs import BlobStore
from data.history import keyring
from data.home import Home
from data.ledger import Ledger
from data.policies import pack_of
from data.status import UnitStatus, statuses, unit_names
from deployments.gates import changes_since, gate_json, since_lines
from deployments.inbox import Inbox, Item
from deployments.objections import objection_json
from schemas.names import unit_name
from schemas.refusals import ActRefused
from schemas.reports import check_title, provider_of
from schemas.vocabulary import STAGES, Stage, Status
from tasks.officers.objected import ToRule, may_rule, objections_on_record

_ORDER = (Status.FAIL, Status.MISSING, Status.NOT_YET, Status.WAIVED)


@dataclass(frozen=True)
class Today:
    """What waits for an officer, what does not, and the objections they may rule on.

    `changed` has for each gate what changed since somebody signed it, in words.
    """

    waiting: list[Item]
    others: list[Item]
    changed: dict[tuple[str, str], list[str]]
    objections: list[ToRule]
    pending: list[Key]


def today(home: Home, officer: str) -> Today:
    """What waits for an officer.

    Raises:
        ActRefused: they have no key that signs.
    """
    box = Inbox(home, officer)
    items = box.items()
    changes = changes_since(home, [act for item in items for act in item.stale])
    changed = {
        (item.unit.unit, item.stage.value): [
            line for act in item.stale for line in since_lines(changes[act.seq])
        ]
        for item in items
    }
    ring = keyring(Ledger(home.ledger))
    return Today(
        [item for item in items if not item.state],
        [item for item in items if item.state],
        changed,
        may_rule(objections_on_record(home), box.mine),
        [key for key in pending_keys(ring) if key.organ != box.mine.organ],
    )


def pending_keys(ring: Keyring) -> list[Key]:
    """The keys that wait for somebody to vouch for them, oldest first."""
    waiting = (ring.pending(officer) for officer in {key.officer for key in ring.keys.values()})
    return sorted((key for key in waiting if key), key=lambda key: key.enrolled)


def keys_by_officer(ring: Keyring) -> list[Key]:
    """Every key, by officer and age."""
    return sorted(ring.keys.values(), key=lambda key: (key.officer, key.enrolled))


def board(home: Home, scope: str, state: str) -> list[UnitStatus]:
    """The units of a scope, or those of them of which a gate has the state.

    Raises:
        UnknownPlace: the scope holds no unit.
    """
    units = statuses(Ledger(home.ledger), scope or "cycle")
    return [one for one in units if not state or state in map(one.shown, one.stages)]


@dataclass(frozen=True)
class Found:
    """The findings of one check at a gate that keep it closed, or that are waived."""

    check: str
    title: str
    provider: str
    findings: list[dict[str, Any]]


def gate(home: Home, unit: str, stage: Stage) -> dict[str, Any]:
    """A gate as `gate show` has it, with its findings by check, and who is still to sign.

    Raises:
        UnknownPlace: there is no such unit.
    """
    shown = gate_json(home, unit, stage.value)
    found = shown["forecast"]["findings"] if shown["forecast"] else shown["findings"]
    names = unit_names(Ledger(home.ledger))
    return {
        **shown,
        "name": unit_name(*names[unit]),
        "found": by_check(found),
        "waivable": waivable(home),
    }


def waivable(home: Home) -> frozenset[str]:
    """The checks that the cycle's pack lets named organs waive."""
    pack = pack_of(Ledger(home.ledger), BlobStore(home.blobs))
    return frozenset(
        one.rule.code for every in pack.checks.values() for one in every if one.waiver is not None
    )


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


def mine(home: Home, officer: str, unit: str, stage: Stage) -> Item | None:
    """The gate as it waits for an officer; nothing where it asks for nobody of theirs."""
    try:
        items = Inbox(home, officer).items()
    except ActRefused:
        return None
    return next((one for one in items if (one.unit.unit, one.stage) == (unit, stage)), None)


def objections(home: Home) -> list[dict[str, Any]]:
    """Every objection on record, with the rulings and who may rule."""
    blobs = BlobStore(home.blobs)
    return [objection_json(one, blobs) for one in objections_on_record(home)]


def counted(units: Iterable[UnitStatus]) -> dict[str, int]:
    """How many gates have which state."""
    found: dict[str, int] = {}
    for one in units:
        for stage in STAGES:
            shown = one.shown(stage.value)
            found[shown] = found.get(shown, 0) + 1
    return found
