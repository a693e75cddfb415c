"""The words of a term change (换届) that have a fixed set of values.

Rules: a value's code is what is stored and digested; its labels are what people read and may type.
Ids use `[a-z0-9-]` only, so that they serve as Prefect artifact keys.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from schemas.text import Text


class Term(StrEnum):
    """An enumerated value with a label in both languages: `CODE = code, zh, en`."""

    label: Text

    def __new__(cls, code: str, zh: str = "", en: str = "") -> Self:
        """Keep the code as the value and the labels beside it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = Text(zh, en)
        return member


class Level(Term):
    """Administrative level of a jurisdiction; a province, or a municipality, has no units here."""

    PROVINCE = "province", "省级", "province"
    CITY = "city", "市", "city"
    COUNTY = "county", "县区", "county"
    TOWNSHIP = "township", "乡镇", "township"


class Body(Term):
    """A governing body (班子); townships have no CPPCC."""

    CONGRESS = "congress", "人大", "people's congress"
    GOVERNMENT = "government", "政府", "government"
    CPPCC = "cppcc", "政协", "CPPCC"


class Stage(Term):
    """What a unit passes in order, each ending at a gate; the election is two, by the vote."""

    PLAN = "plan", "方案", "plan"
    NOMINATION = "nomination", "提名", "nomination"
    VETTING = "vetting", "考察", "vetting"
    INSPECTION = "inspection", "督导", "inspection"
    SLATE = "slate", "候选人", "slate"
    RESULT = "result", "选举结果", "result"

    @property
    def work(self) -> Work:
        """The work that it is a part of, and the flow that runs it."""
        return Work.ELECTION if self in (Stage.SLATE, Stage.RESULT) else Work(self.value)


class Work(Term):
    """The five pieces of work (环节) of a term change: each is planned, supervised and one flow."""

    PLAN = "plan", "方案", "plan"
    NOMINATION = "nomination", "提名", "nomination"
    VETTING = "vetting", "考察", "vetting"
    INSPECTION = "inspection", "督导", "inspection"
    ELECTION = "election", "选举", "election"

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that its flow decides, in order."""
        return tuple(stage for stage in Stage if stage.work is self)


STAGES: tuple[Stage, ...] = tuple(Stage)
WORKS: tuple[Work, ...] = tuple(Work)


class Outcome(Term):
    """What a gate says about a unit."""

    OPEN = "open", "通过", "open"
    WAITING = "waiting", "待补", "waiting"
    BLOCKED = "blocked", "受阻", "blocked"


NOT_REACHED = "not_reached"
# How a gate that is not reached is shown where there is a forecast of it.
AHEAD_COMPLETE, AHEAD_INCOMPLETE = "forecast_complete", "forecast_incomplete"
OUTCOME_LABELS: dict[str, Text] = {
    **{outcome.value: outcome.label for outcome in Outcome},
    NOT_REACHED: Text("尚未进入", "not reached"),
    AHEAD_COMPLETE: Text("尚未进入，预评材料齐全", "not reached, forecast: complete"),
    AHEAD_INCOMPLETE: Text("尚未进入，预评材料不全", "not reached, forecast: incomplete"),
}


def ended_as(state: str | None) -> str:
    """How a run ended: as its gates stand, or by the server's name of a state that is no gate's."""
    name = str(state).lower()
    label = Text("出错", "failed") if name == "failed" else OUTCOME_LABELS.get(name)
    return label.render() if label else str(state)


class Status(Term):
    """What a check says about one subject."""

    PASS = "pass", "合格", "pass"
    FAIL = "fail", "不合格", "fail"
    MISSING = "missing", "缺失", "missing"
    NOT_YET = "not_yet", "尚未到期", "not yet"
    NOT_APPLICABLE = "not_applicable", "不适用", "not applicable"
    WAIVED = "waived", "例外审批", "waived"


class Organ(Term):
    """Who supplies evidence, decides or signs."""

    SECRETARY = "secretary", "党委书记", "party secretary"
    PARTY_COMMITTEE = "party-committee", "党委", "party committee"
    SUPERIOR_COMMITTEE = "superior-committee", "上级党委", "party committee one level up"
    DISCIPLINE = "discipline-commission", "纪委", "discipline commission"
    ORGANISATION = "organisation-department", "组织部", "organisation department"
    CONGRESS_GROUP = "congress-party-group", "人大常委会党组", "congress party group"
    GOVERNMENT_GROUP = "government-party-group", "政府党组", "government party group"
    CPPCC_GROUP = "cppcc-party-group", "政协党组", "CPPCC party group"
    UNITED_FRONT = "united-front", "统战部", "united front department"
    STANDING_COMMITTEE = "standing-committee", "人大常委会", "congress standing committee"
    PROVINCE_STANDING_COMMITTEE = (
        "province-standing-committee",
        "省人大常委会",
        "province congress standing committee",
    )
    COUNTY_STANDING_COMMITTEE = (
        "county-standing-committee",
        "县人大常委会",
        "county congress standing committee",
    )
    CPPCC_CHAIRMEN = "cppcc-chairmen", "政协主席会议", "CPPCC chairpersons' meeting"
    CPPCC_STANDING_COMMITTEE = (
        "cppcc-standing-committee",
        "政协常委会",
        "CPPCC standing committee",
    )
    ELECTION_COMMITTEE = "election-committee", "选举委员会", "election committee"
    CREDENTIALS_COMMITTEE = (
        "credentials-committee",
        "代表资格审查委员会",
        "credentials committee",
    )
    PRESIDIUM = "presidium", "主席团", "presidium"
    PLENARY = "plenary", "全体会议", "plenary session"
    SCRUTINEER = "scrutineer", "监票人", "scrutineer"
    SUPERVISION_TEAM = "supervision-team", "巡回督导组", "roving supervision team"
    INSPECTION_TEAM = "inspection-team", "专项巡察组", "special inspection team"
    INSPECTION_OFFICE = "inspection-office", "巡察机构", "inspection office"
    LAW_ENFORCEMENT = "law-enforcement", "执法机关", "law-enforcement organs"
    AUDIT_OFFICE = "audit-office", "审计机关", "audit office"
    PETITION_OFFICE = "petition-office", "信访部门", "petition office"


class PostKind(Term):
    """A post that a congress or a CPPCC plenary session fills (地方组织法 art. 11, 12)."""

    CHAIR = "chair", "主任（主席）", "chair"
    VICE_CHAIR = "vice-chair", "副主任（副主席）", "vice chair"
    SECRETARY_GENERAL = "secretary-general", "秘书长", "secretary-general"
    MEMBER = "member", "常委会委员（政协为常务委员）", "standing committee member"
    HEAD = "head", "政府正职", "head of government"
    DEPUTY_HEAD = "deputy-head", "政府副职", "deputy head of government"
    SUPERVISION_DIRECTOR = "supervision-director", "监委主任", "supervision commission director"
    COURT_PRESIDENT = "court-president", "法院院长", "court president"
    CHIEF_PROCURATOR = "chief-procurator", "检察长", "chief procurator"


CHIEF_POSTS: frozenset[str] = frozenset(
    {"chair", "secretary-general", "head", "supervision-director", "court-president",
     "chief-procurator"}
)  # fmt: skip


class Duty(Term):
    """The duty list of a term change (责任清单, seed article 压力传导突出“实”)."""

    FIRST_RESPONSIBLE = "first-responsible", "第一责任人", "first responsible person"
    LEADS_FIRST = "leads-first", "线索优先办理", "leads on breaches handled first"
    LIAISON = "liaison", "沟通联络", "liaison"
    CONGRESS_PLAN = "congress-plan", "人大换届方案", "congress plan"
    GOVERNMENT_PLAN = "government-plan", "政府换届方案", "government plan"
    CPPCC_PLAN = "cppcc-plan", "政协换届方案", "CPPCC plan"
    CONSULTATION = "consultation", "协商提名推荐", "consultation on nominations"


class MeasureKind(Term):
    """Steps of an early deployment (部署突出“早”), in their order."""

    SUPERIOR_DEPLOYMENT = "superior-deployment", "上级部署", "deployment by the level above"
    SECRETARIES_MEETING = "secretaries-meeting", "书记专题会", "secretaries' meeting"
    COMMITTEE_MEETING = "committee-meeting", "常委会（党委会）", "committee meeting"
    CONDUCT_MEETING = "conduct-meeting", "换届风气监督工作会议", "meeting on supervising conduct"
    NOTICE = "notice", "换届风气监督通知", "notice on supervising conduct"


class TalkKind(Term):
    """Why a talk is held."""

    RESPONSIBILITY = "responsibility", "约谈", "responsibility talk"
    MUST_TALK = "must-talk", "必谈", "must-talk"


class DocumentKind(Term):
    """Formal documents of a unit's file (domain.md §11, hand-off documents)."""

    WORK_PLAN = "work-plan", "换届工作方案", "work plan"
    PERSONNEL_PLAN = "personnel-plan", "人事安排方案", "personnel plan"
    SUPERIOR_APPROVAL = "superior-approval", "上级批复", "approval by the level above"
    RECOMMENDATION_TALKS = "recommendation-talks", "谈话调研推荐", "recommendation talks"
    REFERENCE_LIST = "reference-list", "推荐参考人选", "reference list"
    RECOMMENDATION_MEETING = "recommendation-meeting", "会议推荐", "recommendation meeting"
    RECOMMENDATION_REPORT = "recommendation-report", "推荐情况报告", "report on recommendations"
    CONSULTATION = "consultation", "民主协商记录", "consultation record"
    RECOMMENDATION_LETTER = "recommendation-letter", "推荐书", "letter of recommendation"
    MEMBERSHIP_AGREED = (
        "membership-agreed",
        "委员名单审议同意",
        "member list agreed by the chairpersons",
    )
    MEMBERSHIP_DECIDED = (
        "membership-decided",
        "委员名单协商决定",
        "member list decided by the standing committee",
    )
    CREDENTIALS_REPORT = "credentials-report", "代表资格审查报告", "credentials report"
    CREDENTIALS_CONFIRMED = "credentials-confirmed", "代表资格确认", "credentials confirmed"
    FREEZE_DATE = "freeze-date", "审核冻结日期通知", "notice of the freeze date of reviews"


class CandidateStatus(Term):
    """Where a person stands on the slate; only a decided finding changes it.

    Proposed is whom the party side proposes and has vetted, whoever then nominates; from the floor
    comes whom deputies alone nominate at the session (地方组织法 art. 26).
    """

    PROPOSED = "proposed", "拟提名", "proposed"
    FROM_THE_FLOOR = "from-the-floor", "代表联名提名", "nominated by deputies on the floor"
    LOST_PRE_ELECTION = "lost-pre-election", "预选未入选", "lost the pre-election"
    WRITE_IN = "write-in", "另选他人", "write-in"
    WITHDRAWN = "withdrawn", "退出", "withdrawn"
    EXCLUDED = "excluded", "取消资格", "excluded"


# Whose names are printed on the paper.
NOMINEES: tuple[str, ...] = (CandidateStatus.PROPOSED.value, CandidateStatus.FROM_THE_FLOOR.value)


class Rank(Term):
    """Rank that the person holds today; declaration of personal matters starts at deputy county."""

    BELOW_TOWNSHIP_DEPUTY = "below-township-deputy", "科员级及以下", "below deputy township rank"
    TOWNSHIP_DEPUTY = "township-deputy", "乡科级副职", "deputy township rank"
    TOWNSHIP = "township", "乡科级正职", "township rank"
    COUNTY_DEPUTY = "county-deputy", "县处级副职", "deputy county rank"
    COUNTY = "county", "县处级正职", "county rank"
    BUREAU_DEPUTY = "bureau-deputy", "厅局级副职", "deputy bureau rank"
    BUREAU = "bureau", "厅局级正职", "bureau rank"


class RefixedFor(Term):
    """Why a number of deputies that stands for good was fixed anew (选举法 art. 14)."""

    BOUNDARY = "boundary", "行政区划变动", "a change of boundaries"
    PROJECT = "project", "重大工程建设等造成人口较大变动", "large projects that moved many people"


class HeadedAs(Term):
    """As what somebody heads an organ of party, government, discipline, court or procuracy."""

    CHIEF = "chief", "正职", "its chief"
    DEPUTY = "deputy", "主持工作的副职", "a deputy in charge"


class Education(Term):
    """Highest completed education."""

    SECONDARY = "secondary", "中专及以下", "secondary or below"
    COLLEGE = "college", "大专", "college"
    BACHELOR = "bachelor", "本科", "bachelor"
    MASTER = "master", "研究生", "postgraduate"


class NominationChannel(Term):
    """Who may nominate (地方组织法 art. 26; 政协章程 art. 45)."""

    PRESIDIUM = "presidium", "主席团提名", "presidium"
    DEPUTIES = "deputies", "代表联合提名", "deputies jointly"
    CONSULTATION = "consultation", "协商提名", "consultation"


class NoticeKind(Term):
    """Lists that must be published by a date (选举法 art. 28, 32, 47; 政协章程 art. 40)."""

    VOTER_ROLL = "voter-roll", "选民名单", "voter roll"
    DEPUTIES_PRELIMINARY = "deputies-preliminary", "代表候选人初步名单", "preliminary deputy list"
    DEPUTIES_FINAL = "deputies-final", "代表候选人正式名单", "final deputy list"
    MEMBERSHIP = "membership", "委员名单", "CPPCC member list"
    DEPUTIES_ELECTED = "deputies-elected", "当选代表名单", "list of deputies elected"


class KeyPoint(Term):
    """Key points at which the warning films are watched (seed article 宣传教育突出“广”)."""

    CYCLE_MEETING = "cycle-meeting", "换届工作会议", "cycle meeting"
    EXAMINER_TRAINING = "examiner-training", "换届考察培训", "training of examination teams"


class PublicityKind(Term):
    """What is made public."""

    HOTLINE = "hotline", "举报电话", "reporting phone number"
    COLUMN = "column", "媒体专栏", "media column"


class ReviewItem(Term):
    """The six "whoever is proposed must be …" (六个凡提必)."""

    ARCHIVE = "archive", "档案必审", "archive reviewed"
    DECLARATION = "declaration", "个人有关事项必核", "personal-matters report verified"
    ORGANS_HEARD = (
        "organs-heard",
        "执纪执法机关意见必听",
        "discipline and law-enforcement organs heard",
    )
    REPORTS = "reports", "举报必查", "reports investigated"
    INSPECTION = "inspection", "巡视巡察结果必用", "inspection results used"
    AUDIT = "audit", "经济责任必审", "economic responsibility audited"


class ReviewResult(Term):
    """How a review ended."""

    CLEAR = "clear", "未发现影响", "clear"
    CLEARED = "cleared-with-decision", "查清并有结论", "cleared with a decision"
    # Of the declaration alone (个人有关事项报告查核结果处理办法 2017, art. 3, 4).
    OMITTED = "omitted", "漏报", "something left out"
    CONCEALED = "concealed", "瞒报", "something concealed"
    SUSPEND = "suspend", "建议暂缓", "suspend"
    UNFIT = "unfit", "不宜", "unfit"
    NOT_REQUIRED = "not-required", "无需", "not required"


class Appraisal(Term):
    """Annual appraisal (年度考核)."""

    EXCELLENT = "excellent", "优秀", "excellent"
    COMPETENT = "competent", "称职", "competent"
    BASICALLY_COMPETENT = "basically-competent", "基本称职", "basically competent"
    INCOMPETENT = "incompetent", "不称职", "incompetent"


class SanctionKind(Term):
    """Sanctions of 公职人员政务处分法 art. 7."""

    WARNING = "warning", "警告", "warning"
    DEMERIT = "demerit", "记过", "demerit"
    SERIOUS_DEMERIT = "serious-demerit", "记大过", "serious demerit"
    DEMOTION = "demotion", "降级", "demotion"
    REMOVAL = "removal", "撤职", "removal from post"
    DISMISSAL = "dismissal", "开除", "dismissal"


class NoticeExemption(Term):
    """Why a person need not be shown in a public notice (条例 2019 art. 42)."""

    NONE = "none", "无", "none"
    SPECIAL_POST = "special-post", "特殊岗位", "special post"
    SHOWN_AT_EXAMINATION = "shown-at-examination", "换届考察时已公示", "shown at the examination"


class Kinship(Term):
    """The four kinds of kin that must avoid each other (公务员法 art. 74)."""

    SPOUSE = "spouse", "夫妻", "spouse"
    LINEAL = "lineal", "直系血亲", "lineal relative"
    COLLATERAL = "collateral", "三代以内旁系血亲", "collateral relative within three generations"
    IN_LAW = "in-law", "近姻亲", "close in-law"


class Channel(Term):
    """The 12380 reporting system, "four in one"."""

    PHONE = "phone", "电话", "phone"
    LETTER = "letter", "信访", "letter"
    WEB = "web", "网络", "web"
    SMS = "sms", "短信", "SMS"
