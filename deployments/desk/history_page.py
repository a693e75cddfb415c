"""The history at the desk: the entries that are asked for, how the gates went, and both as a file.

Rules: entries, picture and file are of the same question. What cannot be asked for is said beside
the form, which keeps what was chosen. Addresses hold codes and ids, and no names of people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from data.acts import Gate, Key
from data.ledger import Ledger
from deployments.desk import views
from deployments.desk.known import Known
from deployments.scopes import WHOLE, UnknownScope, scope_of, scopes
from schemas.entries import Decided, Entry, HandedOn
from schemas.text import Refusal, Text
from schemas.vocabulary import STAGES
from schemas.words import organ_name
from tasks.export.history import Unit
from tasks.export.log import HEADINGS, Wanted, cells_of, gate_codes, selected, wanted
from tasks.export.page.timeline import Timeline, TimelineData, timeline
from tasks.intake.readings import csv_bytes
from tasks.places import Places

# What may be asked for, as it stands in addresses: `from` and `to` are days of the cycle.
ASKED = ("unit", "stage", "officer", "check", "outcome", "subject", "from", "to", "since", "until")
# Entries of a page of the history, newest first.
PAGE = 200
# So many units are drawn at most; a county has some twenty.
DRAWN = 60
# What the fields are called where something of theirs is refused.
LABELS: dict[str, Text] = {
    "unit": Text("行政区或单位", "place or unit"),
    "stage": Text("环节", "stage"),
    "officer": Text("责任人员", "officer"),
    "check": Text("检查", "check"),
    "outcome": Text("决定", "outcome"),
    "subject": Text("对象编号", "id of a person or subject"),
    "from": Text("核查日期从", "days of the cycle from"),
    "to": Text("核查日期至", "days of the cycle to"),
    "since": Text("记录从（日期或记录号）", "recorded from (day or entry)"),
    "until": Text("记录至（日期或记录号）", "recorded to (day or entry)"),
}


def shown(known: Known, asked: Mapping[str, str], mine: Key) -> dict[str, Any]:
    """The page for what is asked."""
    head, places = known.head(), scopes(known.ledger)
    page: dict[str, Any] = {
        "asked": asked,
        "labels": LABELS,
        "scopes": places,
        "officers": _officers(known, mine),
        "check_codes": sorted(gate_codes(), key=_by_stage),
        "entries": [],
        "older": "",
        "picture": None,
        "warning": "",
    }
    try:
        what = _question(known, places, asked)
    except Refusal as refusal:
        return {**page, "warning": refusal.text.render()}
    found = _newest(known.ledger, head, what, PAGE)
    older = urlencode({**asked, "until": found[PAGE].seq}) if len(found) > PAGE else ""
    picture = _picture(known.ledger, head, what)
    return {**page, "entries": found[:PAGE], "older": older, "picture": picture}


def _by_stage(check: str) -> tuple[int, str]:
    order = {stage.value: number for number, stage in enumerate(STAGES)}
    return order[check.partition(".")[0]], check


def _officers(known: Known, mine: Key) -> dict[str, Text]:
    """Every officer who ever had a key, with what tells them apart for who asks."""
    return {
        key.officer: Text(
            f"{organ_name(key.organ).zh} {key.jurisdiction}",
            f"{organ_name(key.organ).en} {key.jurisdiction}",
        )
        for key in sorted(known.keys.keys.values(), key=lambda one: one.officer)
    }


def _question(known: Known, places: dict[str, Text], asked: Mapping[str, str]) -> Wanted:
    """What was chosen.

    Raises:
        Refusal: there is no such place, unit, officer, stage, check, outcome or day.
    """
    scope = scope_of(places, asked["unit"])
    officer = asked["officer"]
    if officer and not known.keys.had_by(officer):
        raise UnknownScope(
            Text(
                f"没有编号为“{officer}”的责任人员；请从列表中选取",
                f"no officer on record has the id “{officer}”; choose one from the list",
            )
        )
    names = {"from": "first", "to": "last"}
    given = {names.get(name, name): asked[name] or None for name in ASKED if name != "unit"}
    what = wanted(lambda field: _label(field).render(), **given)
    if scope == WHOLE:
        return what
    below = set(Places(known.ledger).below(scope))
    units = {one for one in known.names if one == scope or one.partition("-")[0] in below}
    return replace(what, units=frozenset(units))


def _label(field: str) -> Text:
    return LABELS[{"first": "from", "last": "to"}.get(field, field)]


def _naming(what: Wanted) -> re.Pattern[bytes]:
    """What the bytes of an entry hold that is asked for."""
    return re.compile(b"|".join(re.escape(one.encode()) for one in sorted(what.units)))


def _found(ledger: Ledger, since: int, until: int, what: Wanted) -> Iterator[Entry]:
    """The entries of a span that are asked for."""
    entries = views.entries_in(ledger, since, until, _naming(what))
    return selected(entries, what)


def _newest(ledger: Ledger, head: int, what: Wanted, most: int) -> list[Entry]:
    """The last entries that are asked for, newest first: `most`, and one where there are more.

    Raises:
        LedgerBroken: an entry that is looked at is not what was written; so below.
    """
    found: list[Entry] = []
    until = min(head, what.until.seq or head)
    while until > 0 and until >= what.since.seq and len(found) <= most:
        since = max(until - views.LOOKED_AT, 0)
        found += list(_found(ledger, since, until, what))[::-1]
        until = since
    return found[: most + 1]


def _picture(ledger: Ledger, head: int, what: Wanted) -> Timeline | None:
    """How the gates of the units that are asked for went; nothing where no unit is named."""
    units = what.units
    if not units or len(units) > DRAWN:
        return None
    rows = ledger.query("SELECT unit, jurisdiction, name, level, body, parent, 0 FROM units")
    drawn = {str(row[0]): Unit(*row) for row in rows if row[0] in units}
    decisions: dict[Gate, list[Decided]] = {}
    handed: dict[Gate, list[HandedOn]] = {}
    last = min(head, what.until.seq or head)
    for entry in _found(ledger, max(what.since.seq - 1, 0), last, what):
        match entry:
            case Decided():
                decisions.setdefault(entry.gate, []).append(entry)
            case HandedOn():
                handed.setdefault(entry.gate, []).append(entry)
    return timeline(TimelineData(drawn, decisions, handed, head, lambda seq: ledger.entry(seq).at))


def as_csv(known: Known, asked: Mapping[str, str]) -> bytes:
    """Every entry that is asked for, oldest first, as it stands on the page.

    Raises:
        Refusal: as for the page.
    """
    what = _question(known, scopes(known.ledger), asked)
    found = _found(known.ledger, 0, known.head(), what)
    return csv_bytes((one.render() for one in HEADINGS), map(cells_of, found))
