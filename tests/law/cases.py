"""Cases of the law: read from YAML, made into rows, and put before the real checks of their gates.

Rules: a case says what it changes in the lawful base, and nothing else; it names its articles in
today's numbering, and `tests.law.articles` gives that of the cycle. A case is looked at by the gate
of its stage and by every gate before it, since a gate stands on open earlier ones. Whatever a case
needs that no register holds stands under `needs`, and the case is not run until a register does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from math import ceil
from typing import Any

import pandas as pd
import yaml

from schemas.columns import ID_PATTERN
from schemas.decisions import CLOSING
from schemas.facts import Facts, facts_of
from schemas.policy import PackCheck
from schemas.registers import REGISTERS, Register
from schemas.rules.catalogue import BROKEN
from schemas.tables import Tables, frame_of
from schemas.vocabulary import STAGES, Stage
from tasks.gate.evaluation import run_check
from tasks.handoff.frames import handoff_frame
from tests.law.base import (
    CODES,
    COUNTED,
    PACKS,
    Base,
    Row,
    Rows,
    Setting,
    pack_of,
    rows_of_base,
)
from tests.support.tree import ROOT

GATES = tuple(stage.value for stage in STAGES)
# The day on which a case is looked at that says none: all of it is over and on record.
_AFTER = {"cn-2016": date(2017, 6, 30), "cn-2026": date(2027, 6, 30)}
_DAY = re.compile(r"([a-z_]+)([+-]\d+)?")
KEYS = frozenset(
    {"id", "packs", "unit", "stage", "day", "articles", "zh", "en", "facts", "sure", "needs",
     "base", "nominees", "votes", "put", "set", "drop", "checks", "pair"}
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One situation; `given` is what its file says of it."""

    id: str
    lawful: bool
    given: Mapping[str, Any]

    @property
    def packs(self) -> tuple[str, ...]:
        """The cycles in which it is so."""
        return tuple(self.given.get("packs", PACKS))

    @property
    def stage(self) -> str:
        """The gate at which it shows."""
        return str(self.given["stage"])

    @property
    def needs(self) -> Mapping[str, str]:
        """What no register holds, by the name of a register or column that would."""
        return dict(self.given.get("needs", {}))

    @property
    def articles(self) -> tuple[str, ...]:
        """Law and article, in today's numbering."""
        return tuple(self.given["articles"])

    @property
    def checks(self) -> frozenset[str]:
        """The checks by one of which a breach closes a gate, and by no other."""
        return frozenset(self.given.get("checks", ()))


FOLDERS = {True: ROOT / "tests" / "lawful", False: ROOT / "tests" / "breaches"}


@cache
def cases(*, lawful: bool) -> tuple[Case, ...]:
    """All cases of one corpus, in the order of the stages."""
    found: list[Case] = []
    for gate in GATES:
        content = (FOLDERS[lawful] / f"{gate}.yaml").read_text(encoding="utf-8")
        # The loader in C reads the same and takes a tenth of the time.
        for given in yaml.load(content, Loader=yaml.CSafeLoader):
            if unknown := set(given) - KEYS:
                raise ValueError(f"{given['id']}: unknown {sorted(unknown)}")
            found.append(Case(given["id"], lawful, {"stage": gate, **given}))
    return tuple(found)


def runs(*, lawful: bool) -> Iterator[tuple[Case, str]]:
    """Every case that registers can hold, in each of its cycles."""
    return ((case, pack) for case in cases(lawful=lawful) if not case.needs for pack in case.packs)


# Rows


def day_of(setting: Setting, said: Any) -> Any:
    """A day that is named, with days added or taken off (`vote-3`); anything else as it is."""
    if not isinstance(said, str):
        return said
    found = _DAY.fullmatch(said)
    if found is None or found[1] not in setting.days:
        return said
    return setting.days[found[1]] + timedelta(days=int(found[2] or 0))


def setting_of(case: Case, pack: str) -> Setting:
    """The setting of a case in one cycle."""
    level, body = str(case.given["unit"]).split()
    sizes = dict(case.given.get("base", {}))
    seats = tuple(sorted(sizes.pop("seats", {}).items()))
    setting = Setting(pack, level, body, date.min, seats, **sizes)
    on = day_of(setting, case.given.get("day", _AFTER[pack]))
    if not isinstance(on, date):
        raise TypeError(f"{case.id}: {on!r} is no day")
    return replace(setting, on=on)


def rows_of(case: Case, setting: Setting) -> Rows:
    """The rows that a case puts on record; registers that it does not touch are the base's own."""
    base = Base(setting)
    base.rows.update(rows_of_base(setting))
    given = case.given
    for one in given.get("nominees", ()):
        _nominate(base, dict(one))
    _vote(base, list(given.get("votes", ())))
    for name, change in given.get("set", {}).items():
        values = _plain(setting, REGISTERS[name], change)
        base.rows[name] = [{**row, **values} for row in base.rows[name]]
    for name, changes in given.get("put", {}).items():
        for change in changes:
            _put(base, REGISTERS[name], _plain(setting, REGISTERS[name], change))
    for name, where in given.get("drop", {}).items():
        _drop(base, name, where, setting)
    touched = {name for how in ("put", "set", "drop") for name in given.get(how, {})}
    if "differentials" not in touched:
        _fix_differentials(base)
    if "case_handlers" not in touched:
        _handle_cases(base)
    _count_incidents(base, given)
    _allot(base, given)
    return dict(base.rows)


def _fix_differentials(base: Base) -> None:
    """The method fixes as many candidates more as were nominated, as far as the law lets it."""
    setting, vote = base.setting, base.setting.day("vote")
    method = next((row for row in base.rows["sessions"]), None)
    if method is None or setting.body == "cppcc":
        return
    voted = next((row["voted_on"] for row in base.rows["sessions"]), vote)
    days = {row["candidate"]: row["nominated_on"] for row in base.rows["nominations"]}
    first = [
        row
        for row in base.rows["candidates"]
        if row["status"] in ("proposed", "from-the-floor") and not _later(setting, days, row, voted)
    ]
    fixed: list[Row] = []
    for post in base.rows["posts"]:
        seats, kind = _number(post["seats"]), str(post["kind"])
        if kind not in ("vice-chair", "deputy-head", "member"):
            continue
        more = sum(row["post"] == post["post"] for row in first) - seats
        least, most = (ceil(seats / 10), seats // 5) if kind == "member" else (1, 3)
        fixed.append(
            {
                "unit": post["unit"],
                "post": post["post"],
                "more": max(least, min(most, more)),
                "document": method["method_document"],
            }
        )
    base.rows["differentials"] = fixed


def _later(setting: Setting, days: Mapping[Any, Any], row: Row, voted: Any) -> bool:
    """Whether somebody was nominated for a further election: when the vote was held, or after."""
    day = days.get(row["candidate"])
    return day is not None and (day > voted or (day == voted and setting.level != "township"))


def _number(cell: object) -> int:
    if not isinstance(cell, int):
        raise TypeError(f"{cell!r} is no whole number")
    return cell


def _handle_cases(base: Base) -> None:
    """Every case has somebody of the discipline commission who handles it."""
    base.rows["case_handlers"] = [
        {
            "case": row["case"],
            "officer": f"o-{base.setting.level}-discipline-commission",
            "interested": False,
        }
        for row in base.rows.get("cases", [])
    ]


def _plain(setting: Setting, register: Register, change: Mapping[str, Any]) -> Row:
    """A row as it is stored: days by their dates, posts with their unit."""
    row: Row = {}
    for name, value in change.items():
        row[name] = value
        if register.column[name].kind is date:
            row[name] = day_of(setting, value)
        elif name == "post" and not value[0].isdigit():
            row[name] = f"{setting.unit}-{value}"
    return row


def _own(base: Base, *names: str) -> None:
    """Registers of which the rows are about to change: no longer those that bases share."""
    for name in names:
        base.rows[name] = list(base.rows.get(name, []))


def _nominate(base: Base, one: dict[str, Any]) -> None:
    """A further candidate; `vetted` says whether the party side proposed and vetted the person."""
    _own(base, "roster", "candidates", "nominations", "signers", "pledges", "talk_participants")
    _own(base, "reviews", "assessments", "examinations", "integrity_opinions", "public_notices")
    candidate, kind = str(one.pop("candidate")), str(one.pop("post"))
    channel, signers = one.pop("channel", None), int(one.pop("signers", 0))
    first_signer = int(one.pop("first_signer", 1))
    on, vetted = one.pop("day", None), bool(one.pop("vetted", False))
    if not any(row["person"] == one.get("person") for row in base.rows["roster"]):
        base.person(str(one.get("person", candidate.replace("c-", "p-", 1))), obliged=vetted)
    floor = channel == "deputies" and not vetted
    status = "from-the-floor" if floor else "proposed"
    row = _plain(base.setting, REGISTERS["candidates"], {"status": status, **one})
    base.candidate(candidate, kind, **row)
    if channel:
        day = day_of(base.setting, on)
        base.nominated(
            candidate,
            kind,
            channel,
            signers=range(first_signer, first_signer + signers),
            on=day if isinstance(day, date) else None,
        )
    if vetted:
        base.vetted(candidate, kind)


def _vote(base: Base, votes: list[Mapping[str, Any]]) -> None:
    """Votes in place of those that the base has on the same post."""
    if not votes:
        return
    posts = {f"{base.setting.unit}-{one['post']}" for one in votes}
    for name in ("ballots", "tallies", "results"):
        base.rows[name] = [row for row in base.rows[name] if row["post"] not in posts]
    for one in votes:
        left = {**one}
        kind, counts, elected = left.pop("post"), left.pop("for"), left.pop("elected", ())
        if "voted_on" in left:
            left["voted_on"] = day_of(base.setting, left["voted_on"])
        base.voted(kind, counts, elected=elected, round_=int(left.pop("round", 1)), **left)


def _put(base: Base, register: Register, row: Row) -> None:
    """A row in place of the one with its key, of which it keeps what it does not say."""
    setting = base.setting
    homes: Row = {"unit": setting.unit, "jurisdiction": setting.place}
    if register.name in ("credentials", "deputies"):
        homes["unit"] = f"{setting.place}-{setting.assembly_body}"
    silent = homes | _SILENT.get(register.name, {})
    key = {name: row.get(name, silent.get(name)) for name in register.key}
    table = base.rows.get(register.name, [])
    same = [one for one in table if all(one[name] == value for name, value in key.items())]
    rest = [one for one in table if one not in same]
    if register.name == "calendar" and same and same[0]["election_day"]:
        # Where the case is silent, the election was complete on the day on which voters voted.
        row = {"election_day": row.get("deputies_elected_on", same[0]["election_day"]), **row}
    known = same[0] if same else _blank(base, register, homes)
    base.rows[register.name] = [*rest, {**known, **key, **row}]


# What a new row says where the case is silent.
_SILENT: dict[str, Row] = {
    "posts": {"seats": 1, "fixed_by": "province-standing-committee", "document": "编〔1〕号"},
    "roster": {
        "name": "某人", "must_pledge": False, "must_talk": False, "responsibility_talk": False,
    },
    "officers": {"name": "经办人", "organ": "organisation-department"},
    "documents": {"document": "文〔1〕号", "issued_by": "party-committee"},
    "measures": {"document": "文〔1〕号"},
    "notices": {"document": "公〔1〕号"},
    "activities": {"document": "文〔1〕号"},
    "sanctions": {"kind": "warning"},
    "kin": {"kinship": "spouse"},
    "kin_offices": {
        "relative": "k-1", "relationship": "collateral", "organ": "government", "office": "leader",
        "leaves_on": None,
    },
    "report_scopes": {"officer": "o-city-discipline-commission"},
    "referrals": {"recipient": "区纪委", "reported_party": False, "objected_on": None},
    "case_handlers": {"interested": False},
    "approvals": {"approved_by": "standing-committee", "approved_on": None, "took_office_on": None},
    "void_elections": {
        "candidate": None, "elected_as": "deputy", "ground": "foreign-funding", "voided_on": None,
        "officer": "o-city-discipline-commission",
    },
    "introductions": {"election": "by-congress", "occasion": "第四代表团会议"},
    "talks": {"kind": "must-talk"},
    "reports": {
        "channel": "phone", "clear_leads": True, "concrete": True, "real_name": False,
        "candidate": None, "accepted_on": None, "closed_on": None,
    },
    "halls": {"kind": "hall", "scrutineers": None},
    "hall_tallies": {"unclear": None},
    "vacancies": {"decided_by": "plenary", "document": "决〔1〕号"},
    "cases": {
        "organ": "discipline-commission", "closed_on": None, "outcome": None, "joint": True,
    },
    "violations": {
        "candidate": None, "officer": "o-city-discipline-commission", "effective_on": None,
    },
    "problems": {
        "team": "g-roving", "rectified_on": None, "rectified_by": None, "verified_on": None,
        "verified_by": None,
    },
    "visits": {
        "team": "g-roving", "responsibility": True, "education": True, "enforcement": True,
        "institutions": True, "reviews": True,
    },
    "report_channels": {"staffed": True},
    "returns": {"document": "零〔1〕号"},
    "teams": {"mandate": "授〔1〕号"},
    "inspections": {"ended_on": None, "watched_teams": True},
    "public_notices": {"exemption": "none", "opened_on": None, "closed_on": None},
    "jurisdictions": {"founding_ethnicity": None, "parent": None},
    "constituencies": {"kind": "residence", "townships": None},
    "deputy_lists": {"fewest_signers": None, "agreed": None, "pre_elected_on": None},
    "deputy_candidates": {
        "listed": True, "first_votes": None, "further": False, "elected": False,
        "false_data": False, "announced_on": None, "foreign_funding": False,
    },
    "direct_votes": {
        "round": 1, "kind": "first-vote", "registered": 3000, "voted": 2400, "returned": 2390,
        "valid": 2380, "fewest_elected": 1500, "most_others": 700,
    },
    "nationality_seats": {"decided_by": None, "decided_on": None},
    "roll_questions": {
        "decision_document": None, "objected_on": None, "decided_on": None, "sued_on": None,
        "judged_on": None,
    },
}  # fmt: skip


def _blank(base: Base, register: Register, homes: Row) -> Row:
    own = {name: value for name, value in homes.items() if name in register.column}
    return {**own, **_SILENT.get(register.name, {})}


def _drop(base: Base, name: str, where: object, setting: Setting) -> None:
    """Without the rows that are like one of `where`; there must be such a row each."""
    if where == "all":
        base.rows[name] = []
        return
    if not isinstance(where, list):
        raise TypeError(f"{name}: {where!r}")
    for one in where:
        wanted = _plain(setting, REGISTERS[name], one)
        kept = [
            row
            for row in base.rows[name]
            if any(row[column] != value for column, value in wanted.items())
        ]
        if len(kept) == len(base.rows[name]):
            raise LookupError(f"{name} has no row like {wanted}")
        base.rows[name] = kept


def _count_incidents(base: Base, given: Mapping[str, Any]) -> None:
    """Returns that agree with what is known on the day, but for a case that is about returns."""
    if "returns" in {**given.get("put", {}), **given.get("drop", {}), **given.get("set", {})}:
        return
    counts: dict[tuple[str, str], int] = {}
    for register in COUNTED:
        for row in base.rows.get(register, []):
            if any(isinstance(cell, date) and cell > base.setting.on for cell in row.values()):
                continue
            home = row.get("jurisdiction") or str(row["unit"]).partition("-")[0]
            counts[str(home), register] = counts.get((str(home), register), 0) + 1
    if not counts:
        return
    base.rows["returns"] = [
        {**row, "entries": counts.get((str(row["jurisdiction"]), str(row["register_name"])), 0)}
        for row in base.rows["returns"]
    ]


def _allot(base: Base, given: Mapping[str, Any]) -> None:
    """What a case about something else leaves lawful: seats of townships and nationalities."""
    setting = base.setting
    if setting.body != "congress" or setting.level == "city":
        return
    if "constituencies" not in {**given.get("put", {}), **given.get("drop", {})}:
        below = [
            row["jurisdiction"]
            for row in base.rows["jurisdictions"]
            if row["parent"] == setting.place and row["level"] == "township"
        ]
        divided = base.rows["constituencies"]
        own = [{**row, "townships": code} for row, code in zip(divided, below, strict=False)]
        base.rows["constituencies"] = [*own, *divided[len(own) :]]
    if "nationality_seats" in {**given.get("put", {}), **given.get("drop", {})}:
        return
    (place,) = [one for one in base.rows["jurisdictions"] if one["jurisdiction"] == setting.place]
    base.rows["nationality_seats"] = [
        {
            "unit": setting.unit,
            "nationality": name,
            "population": int(str(place["population"])) * 2 // 5,
            "seats": setting.assembly * 2 // 5,
            "decided_by": None,
            "decided_on": None,
        }
        for name in re.findall("[^、]+", str(place["founding_ethnicity"] or ""))
    ]


# Checks


@dataclass(frozen=True, order=True)
class Closed:
    """A finding that closes a gate."""

    check: str
    subject: str
    status: str
    reason: str

    def __str__(self) -> str:
        return f"{self.check} {self.status} {self.reason} ({self.subject})"


def wrong(case: Case, told: Iterable[Closed]) -> frozenset[str]:
    """The checks that tell otherwise than the law: they close what it allows, or beside the right.

    A breach that no check of the case closes is told by none of them: the empty name says so.
    """
    closing = {one.check for one in told}
    if case.lawful:
        return frozenset(closing)
    missed = set() if closing & case.checks else {""}
    return frozenset(closing - case.checks | missed)


def checks_of(pack: str, gate: str) -> tuple[PackCheck, ...]:
    """The checks of one gate."""
    return pack_of(pack).checks[Stage(gate)]


@dataclass(frozen=True)
class Run:
    """One case in one cycle, as a place of its own among others: the `number` is in all its ids."""

    case: Case
    setting: Setting
    number: int

    @cached_property
    def rows(self) -> Rows:
        """The case's rows under ids that no other run has."""
        rows = rows_of(self.case, self.setting)
        return {name: [self._own(name, row) for row in table] for name, table in rows.items()}

    def _own(self, register: str, row: Row) -> Row:
        own = dict(row)
        ids, places = _OWN[register]
        for name in ids:
            if row.get(name):
                own[name] = f"{row[name]}--{self.number}"
        for name in places:
            code = row.get(name)
            if code == _PROVINCE:
                own[name] = f"{str(self.number)[:2]}0000"
            elif isinstance(code, str):
                own[name] = re.sub(rf"\b{_CITY}", f"{self.number}", code)
        return own

    @property
    def unit(self) -> str:
        """The unit under test, as its rows have it."""
        return f"{self.number}{self.setting.unit.removeprefix(_CITY)}"

    def said(self, subject: str) -> str:
        """A subject as the case names it."""
        plain = re.sub(rf"--{self.number}\b", "", subject)
        return re.sub(rf"^{self.number}(?=\d\d)", _CITY, plain)


_CITY = CODES["city"][:4]
_PROVINCE = "640000"
_PLACES = (
    "jurisdiction", "parent", "unit", "post", "home_division", "works_at", "proposed_at",
    "approved_at", "townships",
)  # fmt: skip


def _own_columns(register: Register) -> tuple[list[str], list[str]]:
    """The columns of a register with ids, and those with codes of places."""
    ids = [
        name
        for name, spec in register.column.items()
        if spec.pattern == ID_PATTERN
        and (spec.column.references or register.key == (name,) or name == "person")
    ]
    return ids, [name for name in register.column if name in _PLACES]


_OWN = {name: _own_columns(register) for name, register in REGISTERS.items()}


def _facts(runs_: Sequence[Run]) -> Facts:
    """The places of all runs as one cycle, with the units under test in scope."""
    made = Tables(lambda name, _: frame_of(name, [row for run in runs_ for row in run.rows[name]]))
    return facts_of(made, runs_[0].setting.on).within(run.unit for run in runs_)


def _findings(check: PackCheck, facts: Facts, runs_: Sequence[Run]) -> Iterator[tuple[str, Closed]]:
    """What closes a gate, by unit; where a check crashes, the runs on which it does."""
    found = run_check(check, facts)
    broken = any(one.reason in BROKEN for findings in found.values() for one in findings)
    if broken and len(runs_) > 1:
        for half in (runs_[: len(runs_) // 2], runs_[len(runs_) // 2 :]):
            yield from _findings(check, _facts(half), half)
        return
    for unit, findings in found.items():
        for one in findings.having(CLOSING):
            yield unit, Closed(one.check, one.subject, one.status.value, one.reason)


def _by_day(runs_: Iterable[Run]) -> list[list[Run]]:
    """Runs of one cycle and day together."""
    groups: defaultdict[tuple[str, date], list[Run]] = defaultdict(list)
    for run in runs_:
        groups[run.setting.pack, run.setting.on].append(run)
    return list(groups.values())


def closed_by(runs_: Iterable[Run]) -> dict[tuple[str, str], frozenset[Closed]]:
    """Case and cycle → what closes the gate of the case, or one before it.

    What is found about a unit does not depend on others: runs of one cycle and day are put before
    the checks together.
    """
    found: dict[tuple[str, str], set[Closed]] = {}
    for group in _by_day(runs_):
        pack = group[0].setting.pack
        by_unit = {run.unit: run for run in group}
        found |= {(run.case.id, pack): set() for run in group}
        facts = _facts(group)
        for gate in GATES:
            reaching = [run for run in group if GATES.index(run.case.stage) >= GATES.index(gate)]
            seen = facts.within(run.unit for run in reaching)
            for check in checks_of(pack, gate) if reaching else ():
                for unit, one in _findings(check, seen, reaching):
                    run = by_unit[unit]
                    said = replace(one, subject=run.said(one.subject))
                    found[run.case.id, pack].add(said)
    return {key: frozenset(one) for key, one in found.items()}


def runs_of(chosen: Iterable[tuple[Case, str]]) -> list[Run]:
    """Runs of cases, each with a number of its own."""
    return [
        Run(case, setting_of(case, pack), _FIRST + place)
        for place, (case, pack) in enumerate(chosen)
    ]


_FIRST = 1000


def not_handed_on(
    runs_: Iterable[Run], closed: Mapping[tuple[str, str], frozenset[Closed]]
) -> dict[tuple[str, str], set[Closed]]:
    """Case and cycle → why a hand-off is refused, of those that no check closes."""
    # Great Expectations takes seconds to load; whoever only collects the tests needs none.
    from tasks.handoff.validation import validate

    passing = [run for run in runs_ if not closed[run.case.id, run.setting.pack]]
    found: dict[tuple[str, str], set[Closed]] = {}
    for stage in STAGES:
        leaving = [
            run for run in passing if GATES.index(run.case.stage) >= GATES.index(stage.value)
        ]
        if not leaving:
            continue
        frames = [handoff_frame(stage, _facts(group)) for group in _by_day(leaving)]
        told = validate(stage, pd.concat(frames, ignore_index=True))
        told = told[told["status"].isin(CLOSING)]
        by_unit = {run.unit: run for run in leaving}
        columns = ("unit", "check", "subject", "status", "reason")
        for unit, *rest in zip(*(told[name].tolist() for name in columns), strict=True):
            run, one = by_unit[unit], Closed(*map(str, rest))
            said = replace(one, subject=run.said(one.subject))
            found.setdefault((run.case.id, run.setting.pack), set()).add(said)
    return found


@cache
def answers(*, lawful: bool) -> dict[tuple[str, str], frozenset[Closed]]:
    """What today's checks say of a whole corpus, and of what they let pass the hand-offs."""
    every = runs_of(runs(lawful=lawful))
    closed = closed_by(every)
    if lawful:
        refused = not_handed_on(every, closed)
        closed = {key: one | refused.get(key, set()) for key, one in closed.items()}
    return closed
