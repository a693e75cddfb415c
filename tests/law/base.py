"""The lawful base that a case changes: one unit with all its papers in order, in either cycle.

Rules: written from the statutes and the article, not from the checks; days are counted from the
day on which the session opens, so that both cycles have the same; what lies after the day of the
case is not on record yet. Ids are short and the same in every base: candidates are
`c-<post>-<number>`, their persons `p-<post>-<number>`, officers `o-<level>-<organ>`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import ceil

from data.policies import read_pack
from schemas.policy import Pack
from schemas.registers import REGISTERS
from schemas.vocabulary import WORKS

Cell = str | int | bool | date | None
Row = dict[str, Cell]
Rows = dict[str, list[Row]]

PACKS = ("cn-2016", "cn-2026")
LEVELS = ("city", "county", "township")
CODES = {"city": "640300", "county": "640302", "township": "640302100"}
NAMES = {"city": "和安市", "county": "清源区", "township": "白塔镇"}
POPULATION = {"city": 1_400_000, "county": 320_000, "township": 30_000}
# Deputies of a congress and members of a CPPCC.
MEMBERS = {"city": 290, "county": 180, "township": 58}
CPPCC_MEMBERS = {"city": 300, "county": 200, "township": 40}
_OPENS = {
    ("cn-2016", "city"): date(2017, 1, 10),
    ("cn-2016", "county"): date(2016, 12, 20),
    ("cn-2016", "township"): date(2016, 12, 6),
    ("cn-2026", "city"): date(2027, 1, 12),
    ("cn-2026", "county"): date(2026, 12, 22),
    ("cn-2026", "township"): date(2026, 12, 8),
}
# Days before (-) and after the opening of the session.
_DAYS = {
    "plan": -106,
    "nomination": -100,
    "consulted": -92,
    "vetting": -85,
    "answered": -75,
    "examined": -70,
    "signed": -68,
    "decided": -66,
    "shown": -64,
    "shown_until": -54,
    "elected": -40,
    "credentials": -30,
    "letter": -5,
    "opens": 0,
    "nominated": 0,
    "vote": 2,
    "closes": 3,
}
_DEPLOYED = {"city": -128, "county": -120, "township": -112}
_STEPS = {
    "city": (
        ("superior-deployment", 0), ("secretaries-meeting", 1), ("committee-meeting", 2),
        ("conduct-meeting", 4), ("notice", 6),
    ),
    "county": (
        ("superior-deployment", 0), ("secretaries-meeting", 1), ("committee-meeting", 2),
        ("conduct-meeting", 4), ("notice", 5),
    ),
    "township": (("superior-deployment", 0), ("committee-meeting", 1), ("conduct-meeting", 2)),
}  # fmt: skip
_ORGANS = (
    "secretary", "discipline-commission", "organisation-department", "congress-party-group",
    "government-party-group", "cppcc-party-group", "united-front", "inspection-office",
    "petition-office", "audit-office", "law-enforcement",
)  # fmt: skip
_DUTIES = {
    "first-responsible": "secretary",
    "leads-first": "discipline-commission",
    "liaison": "organisation-department",
    "congress-plan": "congress-party-group",
    "government-plan": "government-party-group",
    "cppcc-plan": "cppcc-party-group",
    "consultation": "united-front",
}
# Post, seats, and how many candidates more than seats.
_POSTS: dict[tuple[str, str], tuple[tuple[str, int], ...]] = {
    ("city", "congress"): (
        ("chair", 1), ("vice-chair", 3), ("secretary-general", 1), ("member", 26),
        ("court-president", 1), ("chief-procurator", 1),
    ),
    ("county", "congress"): (
        ("chair", 1), ("vice-chair", 3), ("member", 12), ("court-president", 1),
        ("chief-procurator", 1),
    ),
    ("township", "congress"): (("chair", 1), ("vice-chair", 1)),
    ("city", "government"): (("head", 1), ("deputy-head", 6)),
    ("county", "government"): (("head", 1), ("deputy-head", 5)),
    ("township", "government"): (("head", 1), ("deputy-head", 2)),
    ("city", "cppcc"): (("chair", 1), ("vice-chair", 5), ("secretary-general", 1), ("member", 20)),
    ("county", "cppcc"): (
        ("chair", 1), ("vice-chair", 4), ("secretary-general", 1), ("member", 12),
    ),
    # There is none; a case says so.
    ("township", "cppcc"): (("chair", 1),),
}  # fmt: skip
_VICE = ("vice-chair", "deputy-head")
SIGNERS = {"city": 20, "county": 10, "township": 10}
# The rank below that of the post, by level: chiefs, others.
_RANK = {
    "city": ("bureau-deputy", "county"),
    "county": ("county-deputy", "township"),
    "township": ("township-deputy", "below-township-deputy"),
}
_AUDITED = ("chair", "head", "court-president", "chief-procurator")
_DECLARING = ("county-deputy", "county", "bureau-deputy", "bureau")
_REVIEWED_BY = {
    "archive": "organisation-department",
    "declaration": "organisation-department",
    "organs-heard": "discipline-commission",
    "reports": "discipline-commission",
    "inspection": "inspection-office",
    "audit": "audit-office",
}
_CHECKED = ("responsibility", "education", "enforcement", "institutions", "reviews")
COUNTED = ("reports", "violations", "kin", "kin_offices", "sanctions", "problems")
_PROHIBITIONS = {"cn-2016": "nine-2016", "cn-2026": "ten-2026"}
# What says beforehand on which day something will be.
_PLANNED = ("calendar",)


@cache
def pack_of(name: str) -> Pack:
    """A pack of the cycle, read once."""
    return read_pack(name)


@dataclass(frozen=True)
class Setting:
    """What a base is made of: the cycle, the unit, the day, and sizes where they matter.

    `seats` are pairs of post and seats (0: the post is not filled), `members` all deputies or
    members, `present` those at the vote; `population` is that of the unit's place, `opens` the day
    on which its session opens.
    """

    pack: str
    level: str
    body: str
    on: date
    seats: tuple[tuple[str, int], ...] = ()
    members: int | None = None
    present: int | None = None
    population: int | None = None
    opens: date | None = None

    @property
    def place(self) -> str:
        """Code of the unit's jurisdiction."""
        return CODES[self.level]

    @property
    def unit(self) -> str:
        """The unit under test."""
        return f"{self.place}-{self.body}"

    @property
    def above(self) -> str:
        """The level above, as far as the cycle has one."""
        return LEVELS[max(0, LEVELS.index(self.level) - 1)]

    @property
    def assembly_body(self) -> str:
        """The body whose session elects: a government is elected by the congress."""
        return "cppcc" if self.body == "cppcc" else "congress"

    @property
    def assembly(self) -> int:
        """All deputies (of a CPPCC all members)."""
        table = CPPCC_MEMBERS if self.body == "cppcc" else MEMBERS
        return self.members if self.members is not None else table[self.level]

    @property
    def attending(self) -> int:
        """Those present at the vote."""
        return self.present if self.present is not None else self.assembly - 6

    @property
    def openings(self) -> dict[str, int]:
        """Post → seats."""
        posts = dict(_POSTS[self.level, self.body])
        if self.pack != "cn-2016" and self.body == "congress" and self.level != "township":
            posts["supervision-director"] = 1
        return {kind: number for kind, number in (posts | dict(self.seats)).items() if number}

    def day(self, name: str) -> date:
        """A day of the base by its name."""
        return self.days[name]

    @property
    def days(self) -> dict[str, date]:
        """The days of the base by their names."""
        return days_of(self.pack, self.level, self.opens)


@cache
def days_of(pack: str, level: str, opens: date | None = None) -> dict[str, date]:
    """The named days of a cycle and level."""
    offsets = {**_DAYS, "deployed": _DEPLOYED[level]}
    if level == "city":
        # Elected by the county's congress on the third day of its session.
        offsets |= {"elected": -19, "credentials": -12}
    if level == "township":
        offsets |= {"vote": 1, "closes": 1}
    first = opens or _OPENS[pack, level]
    return {name: first + timedelta(days=number) for name, number in offsets.items()}


def extra(setting: Setting, kind: str, seats: int) -> int:
    """How many candidates more than seats the law wants (OL 27); none in a CPPCC."""
    if setting.body == "cppcc":
        return 0
    if kind == "member":
        return ceil(seats / 10)
    return int(kind in _VICE)


class Base:
    """The rows of a base while they are made; a case adds nominees and votes by the same means."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.rows: Rows = defaultdict(list)
        self.papers = 0

    def add(self, register: str, **row: Cell) -> None:
        """One more row."""
        self.rows[register].append(row)

    def paper(self) -> str:
        """The next document number."""
        self.papers += 1
        return f"清换〔{self.setting.day('opens').year}〕{self.papers}号"

    def person(self, person: str, *, obliged: bool = True, responsible: bool = False) -> None:
        """A person of the unit's place, who pledged and was talked to where obliged."""
        setting = self.setting
        self.add(
            "roster",
            person=person,
            jurisdiction=setting.place,
            name=f"人员{person}",
            must_pledge=obliged,
            must_talk=obliged,
            responsibility_talk=responsible,
        )
        if obliged:
            self.add("pledges", person=person, signed_on=setting.day("nomination") + _days(3))
            self.add("talk_participants", talk="t-must", person=person)
        if responsible:
            self.add("talk_participants", talk="t-responsibility", person=person)

    def candidate(self, candidate: str, kind: str, **values: Cell) -> None:
        """A candidate of the unit and the person, who is new unless one is named."""
        setting = self.setting
        chief, other = _RANK[setting.level]
        rank = other if kind == "member" else chief
        row: Row = {
            "candidate": candidate,
            "unit": setting.unit,
            "post": f"{setting.unit}-{kind}",
            "person": candidate.replace("c-", "p-", 1),
            "status": "proposed",
            "birth_date": date(1972, 3, 12),
            "ethnicity": "汉族",
            "home_division": "640100",
            "assembly_member": True,
            "incompatible_office": False,
            "will_resign": False,
            "rank": rank,
            "education": "bachelor",
            "years_worked": 22,
            "years_grassroots": 6,
            "years_in_rank": 4,
            "promoted": True,
            "terms_in_post": 0,
            "years_at_level": 4,
            "headed_organ_months": 24 if kind in _AUDITED else 0,
            "headed_as": "chief" if kind in _AUDITED else None,
            "inspected_unit": False,
        }
        self.rows["candidates"].append(row | values)

    def nominated(
        self,
        candidate: str,
        kind: str,
        channel: str,
        *,
        signers: Iterable[int] = (),
        on: date | None = None,
    ) -> None:
        """A nomination, and the numbers of the deputies who signed it."""
        setting = self.setting
        nomination = candidate.replace("c-", "n-", 1)
        self.add(
            "nominations",
            nomination=nomination,
            unit=setting.unit,
            post=f"{setting.unit}-{kind}",
            candidate=candidate,
            channel=channel,
            nominated_on=on or setting.day("nominated"),
        )
        for number in signers:
            self.add("signers", nomination=nomination, deputy=f"d-{number:03d}")

    def vetted(self, candidate: str, kind: str, **values: Cell) -> None:
        """Everything that vetting asks of a candidate whom the party side proposes."""
        setting = self.setting
        row = next(one for one in self.rows["candidates"] if one["candidate"] == candidate)
        manager = setting.level if kind == "member" else setting.above
        needed = {
            "declaration": row["rank"] in _DECLARING,
            "inspection": row["inspected_unit"],
            "audit": _whole(row["headed_organ_months"]) >= 12,
        }
        for item, organ in _REVIEWED_BY.items():
            due = needed.get(item, True)
            self.add(
                "reviews",
                candidate=candidate,
                item=item,
                organ=organ,
                asked_on=setting.day("vetting") + _days(1),
                answered_on=setting.day("answered"),
                result="clear" if due else "not-required",
                reason=None if due else "依规定不需要",
                document=self.paper(),
            )
        self.add(
            "assessments",
            candidate=candidate,
            political_breach=False,
            low_regard=False,
            appraisal_last_year="competent",
            worst_appraisal="competent",
            canvassing=False,
            spouse_emigrated=False,
            special_post=False,
            otherwise_unsuitable=False,
            decided_by=f"o-{manager}-organisation-department",
            document=self.paper(),
        )
        self.add(
            "examinations",
            candidate=candidate,
            team_size=3,
            officer=f"o-{manager}-organisation-department",
            started_on=setting.day("vetting") + _days(2),
            ended_on=setting.day("examined"),
        )
        self.add(
            "integrity_opinions",
            candidate=candidate,
            party_secretary=f"o-{manager}-secretary",
            discipline_secretary=f"o-{manager}-discipline-commission",
            signed_on=setting.day("signed"),
            favourable=True,
        )
        self.add(
            "public_notices",
            candidate=candidate,
            exemption="none",
            opened_on=setting.day("shown"),
            closed_on=setting.day("shown_until"),
        )

    def voted(
        self,
        opening: str,
        votes: Mapping[str, int | list[int]],
        /,
        *,
        elected: Iterable[str],
        round_: int = 1,
        **ballot: Cell,
    ) -> None:
        """One vote on a post: the papers, both counts, and what was declared after it.

        `votes` are those in favour, or in favour, against, abstained and (where there are any)
        unreadable; whoever of them is not in `elected` was not elected by this vote.
        """
        setting = self.setting
        post = f"{setting.unit}-{opening}"
        optional = ("voted_on", "present", "annulled", "paper", "printed", "unused", "spoiled")
        own = {name: ballot[name] for name in optional if name in ballot}
        given = {
            name: _whole(value) for name, value in ballot.items() if name not in {*own, "kind"}
        }
        seats = given.get("seats", setting.openings.get(opening, 1))
        issued = given.get("issued", setting.attending)
        returned = given.get("returned", issued - 1)
        void = given.get("void", 1)
        valid = given.get("valid", returned - void)
        self.add(
            "ballots",
            unit=setting.unit,
            post=post,
            round=round_,
            kind=ballot.get("kind", "first-vote" if round_ == 1 else "further"),
            seats=seats,
            issued=issued,
            returned=returned,
            not_returned=given.get("not_returned", issued - returned),
            valid=valid,
            void=void,
            **own,
        )
        won = set(elected)
        for candidate, count in votes.items():
            favour, against, abstained, unclear = _split(count, valid)
            for role, number in (("first", 1), ("second", 2)):
                self.add(
                    "tallies",
                    unit=setting.unit,
                    post=post,
                    round=round_,
                    candidate=candidate,
                    role=role,
                    officer=f"o-{setting.level}-scrutineer-{number}",
                    in_favour=favour,
                    against=against,
                    abstained=abstained,
                    unclear=unclear,
                )
            self.declared(opening, candidate, round_, candidate in won, ballot.get("voted_on"))

    def declared(
        self, kind: str, candidate: str, round_: int, elected: bool, on: Cell = None
    ) -> None:
        """What was declared of a candidate; a later vote replaces what an earlier one left open."""
        setting = self.setting
        post = f"{setting.unit}-{kind}"
        self.rows["results"] = [
            row
            for row in self.rows["results"]
            if (row["post"], row["candidate"]) != (post, candidate)
        ]
        self.add(
            "results",
            unit=setting.unit,
            post=post,
            candidate=candidate,
            round=round_,
            elected=elected,
            declared_by="presidium",
            declared_on=on or setting.day("vote"),
        )


def _days(number: int) -> timedelta:
    return timedelta(days=number)


def _whole(value: Cell) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _split(count: int | list[int], valid: int) -> tuple[int, int, int, int]:
    if isinstance(count, list):
        favour, against, abstained, *unclear = count
        return favour, against, abstained, sum(unclear)
    return count, (valid - count) // 2, valid - count - (valid - count) // 2, 0


@cache
def rows_of_base(setting: Setting) -> Rows:
    """All rows of a base, as on its day: what is dated later is left out, but for plans.

    Equal settings share them: nobody may change a row or a list.
    """
    base = Base(setting)
    _structure(base)
    _plan(base)
    _slate(base)
    _conduct(base)
    _watch(base)
    _session(base)
    return {
        name: [
            row for row in base.rows.get(name, ()) if name in _PLANNED or _known(row, setting.on)
        ]
        for name in REGISTERS
    }


def _known(row: Row, on: date) -> bool:
    return all(value <= on for value in row.values() if isinstance(value, date))


def _structure(base: Base) -> None:
    setting = base.setting
    levels = LEVELS[: LEVELS.index(setting.level) + 1]
    below = ("county",) if setting.level == "city" else ()
    for level in (*levels, *below):
        parent = CODES[LEVELS[LEVELS.index(level) - 1]] if level != "city" else None
        people = POPULATION[level]
        if level == setting.level and setting.population is not None:
            people = setting.population
        base.add(
            "jurisdictions",
            jurisdiction=CODES[level],
            name=NAMES[level],
            level=level,
            parent=parent,
            population=people,
            founding_ethnicity=None,
        )
        for organ in _ORGANS:
            _officer(base, level, organ, f"p-{level}-{organ}")
        for number in (1, 2):
            _officer(base, level, "scrutineer", f"p-{level}-scrutineer-{number}", f"-{number}")
    for body in {setting.body, setting.assembly_body}:
        base.add("units", unit=f"{setting.place}-{body}", jurisdiction=setting.place, body=body)
    if below:
        county = f"{CODES['county']}-congress"
        base.add("units", unit=county, jurisdiction=CODES["county"], body="congress")
        days = days_of(setting.pack, "county")
        base.rows["calendar"].append(_calendar(county, days, deputies=True))


def _officer(base: Base, level: str, organ: str, person: str, number: str = "") -> None:
    base.add(
        "officers",
        officer=f"o-{level}-{organ}{number}",
        name=f"经办人{level}{organ}{number}",
        person=person,
        organ=organ,
        jurisdiction=CODES[level],
    )


def _calendar(unit: str, days: Mapping[str, date], *, deputies: bool) -> Row:
    return {
        "unit": unit,
        "term_years": 5,
        "plan_on": days["plan"],
        "nomination_on": days["nomination"],
        "vetting_on": days["vetting"],
        # Voters elect those of counties and townships; a city's are elected by the counties.
        "election_day": days["elected"] if deputies and unit[:6] != CODES["city"] else None,
        "deputies_elected_on": days["elected"] if deputies else None,
        "credentials_on": days["credentials"] if deputies else None,
        "session_opens_on": days["opens"],
        "session_closes_on": days["closes"],
    }


def _plan(base: Base) -> None:
    setting = base.setting
    place, day = setting.place, setting.day
    for kind, after in _STEPS[setting.level]:
        base.add(
            "measures",
            jurisdiction=place,
            kind=kind,
            held_on=day("deployed") + _days(after),
            document=base.paper(),
        )
    for work in WORKS:
        base.add(
            "notice_clauses",
            jurisdiction=place,
            stage=work.value,
            issued_on=day("deployed") + _days(5),
            document=base.paper(),
            discipline_list=_PROHIBITIONS[setting.pack],
        )
    for duty, organ in _DUTIES.items():
        base.add(
            "duties",
            jurisdiction=place,
            duty=duty,
            officer=f"o-{setting.level}-{organ}",
            assigned_on=day("deployed") + _days(3),
        )
    _talks(base)
    calendar = _calendar(setting.unit, setting.days, deputies=setting.body != "cppcc")
    base.rows["calendar"].insert(0, calendar)
    _assembly(base)
    _direct(base)
    _documents(base)


def _talks(base: Base) -> None:
    setting = base.setting
    talks = (
        ("t-must", "must-talk", setting.level, "organisation-department", "nomination", 5),
        ("t-responsibility", "responsibility", setting.above, "secretary", "deployed", 3),
    )
    for talk, kind, level, organ, day, after in talks:
        base.add(
            "talks",
            talk=talk,
            jurisdiction=CODES[level],
            kind=kind,
            officer=f"o-{level}-{organ}",
            held_on=setting.day(day) + _days(after),
        )
    if setting.level == "city":
        for body in ("committee", "congress", "government", "cppcc"):
            base.person(f"p-{body}-head", responsible=True)
        # The secretary of each county too.
        base.add(
            "roster",
            person="p-county-secretary",
            jurisdiction=CODES["county"],
            name="县委书记",
            must_pledge=False,
            must_talk=False,
            responsibility_talk=True,
        )
        base.add("talk_participants", talk="t-responsibility", person="p-county-secretary")
    else:
        base.person(f"p-{setting.level}-secretary", responsible=True)


def _assembly(base: Base) -> None:
    setting = base.setting
    fixed_by = "province-standing-committee"
    if setting.level == "township":
        fixed_by = "county-standing-committee"
    if setting.body == "cppcc":
        fixed_by = "cppcc-standing-committee"
    base.add(
        "assemblies",
        unit=f"{setting.place}-{setting.assembly_body}",
        members=setting.assembly,
        increase_document=None,
        fixed_by=fixed_by,
        filing_document=base.paper(),
    )


def _direct(base: Base) -> None:
    """Deputies elected by voters, three of a constituency, at once and everywhere."""
    setting = base.setting
    if setting.body != "congress" or setting.level == "city":
        return
    base.add(
        "election_committees",
        unit=setting.unit,
        appointed_by="county-standing-committee",
        appointed_on=setting.day("plan") + _days(-20),
        document=base.paper(),
        members_nominated=0,
        members_resigned=None,
        roll_questions=0,
    )
    for number, first in enumerate(range(0, setting.assembly, 3), start=1):
        seats = min(3, setting.assembly - first)
        names = {1: 2, 2: 3, 3: 4}[seats]
        constituency = f"k-{number:02d}"
        base.add(
            "constituencies",
            constituency=constituency,
            unit=setting.unit,
            kind="residence",
            seats=seats,
            townships=None,
        )
        base.add(
            "deputy_lists",
            constituency=constituency,
            nominated=names,
            fewest_signers=12,
            most_by_one=1,
            preliminary=names,
            agreed=None,
            pre_elected_on=None,
            final=names,
        )
        base.add(
            "direct_votes",
            constituency=constituency,
            round=1,
            kind="first-vote",
            voted_on=setting.day("elected"),
            registered=3000,
            voted=2400,
            returned=2390,
            valid=2380,
            seats=seats,
            elected=seats,
            fewest_elected=1500,
            most_others=700,
        )


def _documents(base: Base) -> None:
    setting = base.setting
    papers: list[tuple[str, str, str, int]] = [
        ("work-plan", "party-committee", "plan", -2),
        ("personnel-plan", "party-committee", "plan", -1),
        ("superior-approval", "superior-committee", "plan", 0),
        ("recommendation-talks", "organisation-department", "nomination", 1),
        ("reference-list", "superior-committee", "nomination", 3),
        ("recommendation-meeting", "party-committee", "nomination", 5),
        ("recommendation-report", "organisation-department", "nomination", 6),
        ("consultation", "united-front", "consulted", 0),
    ]
    if setting.body == "cppcc":
        papers += [
            ("membership-agreed", "cppcc-chairmen", "opens", -28),
            ("membership-decided", "cppcc-standing-committee", "opens", -24),
        ]
    else:
        papers.append(("recommendation-letter", "party-committee", "letter", 0))
    if setting.body == "congress":
        confirmed = "presidium" if setting.level == "township" else "standing-committee"
        papers += [
            ("credentials-report", "credentials-committee", "credentials", -2),
            ("credentials-confirmed", confirmed, "credentials", 0),
        ]
    for kind, issuer, day, after in papers:
        base.add(
            "documents",
            unit=setting.unit,
            kind=kind,
            document=base.paper(),
            issued_by=issuer,
            issued_on=setting.day(day) + _days(after),
        )


def _slate(base: Base) -> None:
    setting = base.setting
    fixed_by = "province-standing-committee"
    if setting.level == "township":
        fixed_by = "county-standing-committee"
    if setting.body == "cppcc":
        fixed_by = "cppcc-standing-committee"
    for kind, seats in setting.openings.items():
        base.add(
            "posts",
            post=f"{setting.unit}-{kind}",
            unit=setting.unit,
            kind=kind,
            seats=seats,
            fixed_by=fixed_by,
            document=base.paper(),
        )
        for number in range(1, seats + extra(setting, kind, seats) + 1):
            candidate = f"c-{kind}-{number}"
            base.candidate(candidate, kind)
            base.person(candidate.replace("c-", "p-", 1))
            # The presidium puts as many as there are seats, deputies the others (OL 26).
            joint = number > seats
            channel = "deputies" if joint else "presidium"
            base.nominated(
                candidate,
                kind,
                "consultation" if setting.body == "cppcc" else channel,
                signers=range(1, SIGNERS[setting.level] + 1) if joint else (),
            )
            base.vetted(candidate, kind)
    if setting.body != "cppcc":
        opened = setting.day("nominated")
        closed = opened if setting.level == "township" else opened + _days(1)
        base.add("deliberations", unit=setting.unit, opened_on=opened, closed_on=closed)
    base.add(
        "committee_votes",
        unit=setting.unit,
        committee_size=11,
        present=10,
        in_favour=10,
        conflicted_present=0,
        decided_on=setting.day("decided"),
    )
    _lists(base)


def _lists(base: Base) -> None:
    setting = base.setting
    lists: list[tuple[str, str, int]] = []
    if setting.body == "cppcc":
        lists = [("membership", "opens", -20)]
    elif setting.body == "congress":
        lists = [("deputies-elected", "opens", -1)]
        # City deputies are elected by the counties' congresses: no voters' roll.
        if setting.level != "city":
            lists += [
                ("voter-roll", "elected", -22),
                ("deputies-preliminary", "elected", -16),
                ("deputies-final", "elected", -8),
            ]
    for kind, day, after in lists:
        base.add(
            "notices",
            unit=setting.unit,
            kind=kind,
            published_on=setting.day(day) + _days(after),
            document=base.paper(),
        )


def _conduct(base: Base) -> None:
    setting = base.setting
    pack = pack_of(setting.pack)
    films = _parameters(pack, "nomination.films")
    for key_point, after in (("cycle-meeting", -6), ("examiner-training", 11)):
        for film in films["films"]:
            base.add(
                "screenings",
                jurisdiction=setting.place,
                key_point=key_point,
                film=str(film),
                held_on=setting.day("nomination") + _days(after),
                attendance=40,
            )
    for activity in _parameters(pack, "nomination.activities")["activities"]:
        base.add(
            "activities",
            jurisdiction=setting.place,
            activity=str(activity),
            done_on=setting.day("nomination") + _days(8),
            document=base.paper(),
        )
    base.add(
        "card_lots",
        jurisdiction=setting.place,
        lot="k-1",
        handed_on=setting.day("nomination") + _days(4),
        cards=400,
    )
    for kind in ("hotline", "column"):
        base.add(
            "publicity",
            jurisdiction=setting.place,
            kind=kind,
            medium="清源日报",
            published_on=setting.day("nomination") + _days(-3),
        )


def _parameters(pack: Pack, code: str) -> Mapping[str, tuple[str, ...]]:
    found = pack.check(code)
    if found is None:
        raise LookupError(code)
    return found.parameters.model_dump()


def _watch(base: Base) -> None:
    setting = base.setting
    for kind in ("roving", "special"):
        base.add(
            "teams",
            team=f"g-{kind}",
            jurisdiction=CODES["city"],
            kind=kind,
            mandate=base.paper(),
        )
        for number in (1, 2, 3):
            officer = f"o-{kind}-{number}"
            base.add(
                "officers",
                officer=officer,
                name=f"组员{kind}{number}",
                person=f"p-{kind}-{number}",
                organ="discipline-commission",
                jurisdiction=CODES["city"],
            )
            base.add("team_members", team=f"g-{kind}", officer=officer)
    if setting.level != "city":
        for after in range(2, 100, 20):
            base.add(
                "visits",
                jurisdiction=setting.place,
                team="g-roving",
                visited_on=setting.day("nomination") + _days(after),
                **dict.fromkeys(_CHECKED, True),
            )
    if setting.level == "county":
        base.add(
            "inspections",
            jurisdiction=setting.place,
            team="g-special",
            started_on=setting.day("vetting") + _days(5),
            ended_on=setting.day("vetting") + _days(25),
            watched_teams=True,
        )
    # One platform with four channels in city and counties; townships share the county's (article).
    keepers = ("city", "county") if setting.level == "township" else (setting.level,)
    for level in keepers:
        for channel in ("phone", "letter", "web", "sms"):
            base.add(
                "report_channels",
                jurisdiction=CODES[level],
                channel=channel,
                live_on=setting.day("nomination") + _days(-4),
                tested_on=setting.day("vetting") + _days(1),
                staffed=True,
            )
    for level in {"city", "county", setting.level}:
        for register in COUNTED:
            base.add(
                "returns",
                jurisdiction=CODES[level],
                register_name=register,
                entries=0,
                reported_on=setting.on,
                document=base.paper(),
            )


def _session(base: Base) -> None:
    setting = base.setting
    day = setting.day
    base.add(
        "credentials",
        unit=f"{setting.place}-{setting.assembly_body}",
        members=setting.assembly,
        document=base.paper(),
    )
    # The list that is published before the first session (EL 47); a CPPCC nominates otherwise.
    for number in range(1, setting.assembly + 1) if setting.body != "cppcc" else ():
        base.add(
            "deputies",
            unit=f"{setting.place}-congress",
            deputy=f"d-{number:03d}",
            status="in-office",
            since=None,
        )
    township = setting.level == "township"
    preparatory = setting.body == "congress" and not township
    # A CPPCC has the quorum of its method, a congress two thirds (statute since 2022-03-12).
    base.add(
        "sessions",
        unit=setting.unit,
        preparatory_on=day("opens") - _days(1) if preparatory else None,
        presidium_on=day("opens") if township else day("opens") - _days(1),
        opened_on=day("opens"),
        voted_on=day("vote"),
        present=setting.attending,
        method_by="plenary",
        method_on=day("opens") if township else day("opens") + _days(1),
        method_document=base.paper(),
        quorum_numerator=1 if setting.body == "cppcc" else 2,
        quorum_denominator=2 if setting.body == "cppcc" else 3,
        quorum_inclusive=setting.body != "cppcc",
        secret=True,
        booth=True,
    )
    staff = [(f"p-{setting.level}-scrutineer-{number}", "scrutineer") for number in (1, 2)]
    staff += [("p-teller-1", "teller"), ("p-teller-2", "teller")]
    for person, role in staff:
        base.person(person)
        base.add("ballot_staff", unit=setting.unit, person=person, role=role)
    valid = setting.attending - 2
    for kind, seats in setting.openings.items():
        names = [f"c-{kind}-{n}" for n in range(1, seats + extra(setting, kind, seats) + 1)]
        votes: dict[str, int | list[int]] = {
            name: valid - 5 - number if number < seats else 1 + number % 2
            for number, name in enumerate(names)
        }
        base.voted(kind, votes, elected=names[:seats])
