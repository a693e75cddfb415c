"""The registers (台账): named tables of facts with a row model, a key and a home.

Rules: every register has one key, and the newest accepted row of a key wins; every row has a home,
a unit or a jurisdiction, by which it becomes evidence of units; references are to single-column
keys. The order of `REGISTERS` is one in which a register comes after all that it refers to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from schemas.text import Text
from schemas.vocabulary import Organ

if TYPE_CHECKING:
    from schemas.columns import ColumnSpec, Row


@dataclass(frozen=True)
class Register:
    """A table of facts.

    `rows` names the row model, in a module beside this one, which is loaded when it is first asked
    for. `via` names the column whose reference leads to the row's home where the row itself has
    neither a `unit` nor a `jurisdiction` column. `provider` is who can supply what is missing.
    """

    name: str
    rows: str
    key: tuple[str, ...]
    title: Text
    provider: Organ
    via: str | None = None

    @cached_property
    def model(self) -> type[Row]:
        """What a row must be."""
        module, _, name = self.rows.partition(".")
        found: type[Row] = getattr(import_module(f"{__name__}.{module}"), name)
        return found

    @cached_property
    def columns(self) -> tuple[ColumnSpec, ...]:
        """The columns in their order."""
        from schemas.columns import columns_of

        return columns_of(self.model)

    @cached_property
    def column(self) -> dict[str, ColumnSpec]:
        """The columns by name."""
        return {spec.name: spec for spec in self.columns}

    @property
    def home(self) -> str:
        """The column that names the row's home: `unit`, `jurisdiction`, or `via`."""
        if self.via:
            return self.via
        return "unit" if "unit" in self.model.model_fields else "jurisdiction"

    @cached_property
    def references(self) -> dict[str, str]:
        """Column → register that it points to."""
        return {
            spec.name: spec.column.references for spec in self.columns if spec.column.references
        }


_ORGANISATION = Organ.ORGANISATION
_DISCIPLINE = Organ.DISCIPLINE


def _register(
    name: str, rows: str, key: str, zh: str, provider: Organ, via: str | None = None
) -> Register:
    title = Text(zh, name.replace("_", " "))
    return Register(name, rows, tuple(key.split()), title, provider, via)


_ALL = (
    _register("jurisdictions", "structure.Jurisdiction", "jurisdiction", "行政区", _ORGANISATION),
    _register("units", "structure.Unit", "unit", "单位", _ORGANISATION),
    _register("officers", "structure.Officer", "officer", "责任人员", _ORGANISATION),
    _register("roster", "structure.RosterEntry", "person", "人员名册", _ORGANISATION),
    _register("posts", "structure.Post", "post", "职位", _ORGANISATION),
    _register("measures", "plan.Measure", "jurisdiction kind", "部署步骤", Organ.PARTY_COMMITTEE),
    _register(
        "notice_clauses", "plan.NoticeClause", "jurisdiction stage", "通知要求", _DISCIPLINE
    ),
    _register("duties", "plan.DutyEntry", "jurisdiction duty", "责任清单", Organ.PARTY_COMMITTEE),
    _register("talks", "plan.Talk", "talk", "谈话批次", Organ.SECRETARY),
    _register(
        "talk_participants", "plan.TalkParticipant", "talk person", "谈话人员", Organ.SECRETARY,
        via="person",
    ),
    _register("calendar", "plan.CalendarEntry", "unit", "换届时间表", _ORGANISATION),
    _register("assemblies", "plan.Assembly", "unit", "代表委员名额", Organ.STANDING_COMMITTEE),
    _register(
        "election_committees", "direct.ElectionCommittee", "unit", "选举委员会",
        Organ.STANDING_COMMITTEE,
    ),
    _register(
        "constituencies", "direct.Constituency", "constituency", "选区", Organ.ELECTION_COMMITTEE
    ),
    _register(
        "nationality_seats", "direct.NationalitySeats", "unit nationality", "少数民族代表名额",
        Organ.ELECTION_COMMITTEE,
    ),
    _register("documents", "plan.Document", "unit kind", "文件", _ORGANISATION),
    _register("candidates", "nomination.Candidate", "candidate", "人选", _ORGANISATION),
    _register("nominations", "nomination.Nomination", "nomination", "提名", Organ.PRESIDIUM),
    _register(
        "signers", "nomination.Signer", "nomination deputy", "联名代表", Organ.PRESIDIUM,
        via="nomination",
    ),
    _register("deliberations", "nomination.Deliberation", "unit", "酝酿", Organ.PRESIDIUM),
    _register("pledges", "nomination.Pledge", "person", "承诺书", _DISCIPLINE, via="person"),
    _register(
        "screenings", "nomination.Screening", "jurisdiction key_point film", "观看警示片",
        _DISCIPLINE,
    ),
    _register(
        "activities", "nomination.Activity", "jurisdiction activity", "十个一活动", _DISCIPLINE
    ),
    _register("card_lots", "nomination.CardLot", "lot", "宣传卡发放", _DISCIPLINE),
    _register("publicity", "nomination.Publicity", "jurisdiction kind", "公开宣传", _ORGANISATION),
    _register("notices", "nomination.Notice", "unit kind", "名单公布", Organ.ELECTION_COMMITTEE),
    _register(
        "deputy_lists", "direct.DeputyList", "constituency", "代表候选人名单",
        Organ.ELECTION_COMMITTEE, via="constituency",
    ),
    _register(
        "deputy_candidates", "direct.DeputyCandidate", "deputy_candidate", "代表候选人情况",
        Organ.ELECTION_COMMITTEE, via="constituency",
    ),
    _register(
        "roll_questions", "direct.RollQuestion", "voter", "选民名单问题", Organ.ELECTION_COMMITTEE
    ),
    _register(
        "reviews", "vetting.Review", "candidate item", "六项审核", _ORGANISATION, via="candidate"
    ),
    _register(
        "assessments", "vetting.Assessment", "candidate", "考察认定", _ORGANISATION, via="candidate"
    ),
    _register("sanctions", "vetting.Sanction", "sanction", "处分", _DISCIPLINE),
    _register(
        "examinations", "vetting.Examination", "candidate", "考察", _ORGANISATION, via="candidate"
    ),
    _register(
        "integrity_opinions", "vetting.IntegrityOpinion", "candidate", "廉洁意见", _DISCIPLINE,
        via="candidate",
    ),
    _register(
        "committee_votes", "vetting.CommitteeVote", "unit", "讨论决定", Organ.PARTY_COMMITTEE
    ),
    _register(
        "public_notices", "vetting.PublicNotice", "candidate", "任前公示", _ORGANISATION,
        via="candidate",
    ),
    _register("kin", "vetting.Kin", "person kin", "亲属关系", _ORGANISATION),
    _register("kin_offices", "vetting.KinOffice", "person relative", "亲属任职", _ORGANISATION),
    _register("teams", "inspection.Team", "team", "督导巡察组", Organ.INSPECTION_OFFICE),
    _register(
        "team_members", "inspection.TeamMember", "team officer", "组员", Organ.INSPECTION_OFFICE,
        via="team",
    ),
    _register(
        "visits", "inspection.Visit", "jurisdiction team visited_on", "巡回督导",
        Organ.SUPERVISION_TEAM,
    ),
    _register(
        "inspections", "inspection.Inspection", "jurisdiction team", "专项巡察",
        Organ.INSPECTION_TEAM,
    ),
    _register("problems", "inspection.Problem", "problem", "发现问题", Organ.SUPERVISION_TEAM),
    _register(
        "report_channels", "inspection.ReportChannel", "jurisdiction channel", "举报渠道",
        Organ.PETITION_OFFICE,
    ),
    _register("reports", "inspection.Report", "report", "举报", Organ.PETITION_OFFICE),
    _register("cases", "inspection.Case", "case", "立项专办", _DISCIPLINE),
    _register(
        "report_scopes", "inspection.ReportScope", "report", "举报受理范围", Organ.PETITION_OFFICE,
        via="report",
    ),
    _register(
        "referrals", "inspection.Referral", "report recipient", "举报转送", Organ.PETITION_OFFICE,
        via="report",
    ),
    _register(
        "case_handlers", "inspection.CaseHandler", "case officer", "案件承办人", _DISCIPLINE,
        via="case",
    ),
    _register("violations", "inspection.Violation", "violation", "违纪认定", _DISCIPLINE),
    _register(
        "returns", "inspection.Return", "jurisdiction register_name", "零报告", _DISCIPLINE
    ),
    _register(
        "direct_votes", "direct.DirectVote", "constituency round", "选区投票结果",
        Organ.ELECTION_COMMITTEE, via="constituency",
    ),
    _register("sessions", "election.Session", "unit", "选举会议", Organ.PRESIDIUM),
    _register(
        "differentials", "session_papers.Differential", "post", "选举办法差额数", Organ.PRESIDIUM
    ),
    _register(
        "introductions", "session_papers.Introduction", "introduction", "介绍代表候选人",
        Organ.PRESIDIUM,
    ),
    _register(
        "credentials", "election.Credentials", "unit", "代表（委员）人数",
        Organ.CREDENTIALS_COMMITTEE,
    ),
    _register(
        "deputies", "deputies.Deputy", "unit deputy", "代表名册", Organ.CREDENTIALS_COMMITTEE
    ),
    _register("ballots", "election.Ballot", "post round", "选票", Organ.SCRUTINEER),
    _register(
        "tallies", "election.Tally", "post round candidate role", "计票", Organ.SCRUTINEER
    ),
    _register("halls", "halls.Hall", "post round hall", "会场和计票单", Organ.SCRUTINEER),
    _register(
        "hall_tallies", "halls.HallTally", "post round hall candidate role", "分会场计票",
        Organ.SCRUTINEER,
    ),
    _register("signs", "halls.MarkSign", "unit sign", "选票符号", Organ.PRESIDIUM),
    _register(
        "ballot_staff", "election.BallotStaff", "unit person", "监票计票人员", Organ.PRESIDIUM
    ),
    _register("results", "election.Result", "post candidate", "选举结果", Organ.PRESIDIUM),
    _register("vacancies", "election.Vacancy", "post", "留待下次会议的名额", Organ.PRESIDIUM),
    _register(
        "approvals", "session_papers.Approval", "candidate", "检察长报批", Organ.STANDING_COMMITTEE
    ),
    _register(
        "void_elections", "session_papers.VoidElection", "finding", "当选无效认定", _DISCIPLINE
    ),
)  # fmt: skip

REGISTERS: dict[str, Register] = {register.name: register for register in _ALL}


def behind(names: Iterable[str]) -> set[str]:
    """The registers `names` and those that say where their rows are at home."""
    found = {"jurisdictions", "units"}
    todo = list(names)
    while todo:
        register = REGISTERS[todo.pop()]
        found.add(register.name)
        if register.via:
            todo.append(register.references[register.via])
    return found
