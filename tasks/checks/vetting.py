"""Vetting (考察) beyond the reviews: bars, examination, avoidance, decision, public notice.

Rules: whoever is proposed is looked at; public regard and "otherwise unsuitable" are decided by
people and only read here.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules.parameters import (
    BarsRule,
    ExaminationRule,
    NoParameters,
    PublicNoticeRule,
    QualificationRule,
    SanctionsRule,
)
from schemas.rules.vetting import (
    AVOIDANCE,
    BARS,
    COMMITTEE,
    EXAMINATION,
    INTEGRITY,
    PUBLIC_NOTICE,
    QUALIFICATION,
    SANCTIONS,
)
from schemas.vocabulary import (
    Appraisal,
    Education,
    Level,
    NoticeExemption,
    Organ,
    PostKind,
    Rank,
    SanctionKind,
)
from schemas.workdays import working_days
from tasks.checks.judge import Judge, of_unit
from tasks.checks.registry import check
from tasks.checks.returns import judge_returns
from tasks.checks.vetting_slate import (
    slate,
    until,
    with_place,
    with_post,
    with_record,
    with_session,
    within_reach,
)

GOOD_APPRAISALS = (Appraisal.EXCELLENT, Appraisal.COMPETENT)
DEPUTY_RANKS = (Rank.TOWNSHIP_DEPUTY, Rank.COUNTY_DEPUTY, Rank.BUREAU_DEPUTY)
CHIEF_RANKS = (Rank.TOWNSHIP, Rank.COUNTY, Rank.BUREAU)
QUALIFYING = (
    "rank",
    "education",
    "years_worked",
    "years_grassroots",
    "years_in_rank",
    "terms_in_post",
    "years_at_level",
)
LIMITED_POSTS = (
    PostKind.HEAD,
    PostKind.DEPUTY_HEAD,
    PostKind.SUPERVISION_DIRECTOR,
    PostKind.COURT_PRESIDENT,
    PostKind.CHIEF_PROCURATOR,
)


@check(BARS)
def bars(facts: Facts, rule: BarsRule) -> pd.DataFrame:
    """Nobody is examined whom the regulation bars (条例 2019 art. 24; 2014 three years)."""
    judge = Judge(with_record(slate(facts), facts.assessments), facts.units)
    last, worst = judge["appraisal_last_year"], judge["worst_appraisal"]
    judge.missing(judge["political_breach"].isna(), "not-assessed")
    judge.fail(judge["political_breach"], "political-breach")
    judge.fail(~last.isin(GOOD_APPRAISALS), "appraisal", appraisal=last)
    if rule.appraisal_years > 1:
        judge.fail(~worst.isin(GOOD_APPRAISALS), "appraisal", appraisal=worst)
    judge.fail(judge["canvassing"], "canvassing")
    judge.fail(judge["spouse_emigrated"] & ~judge["special_post"], "emigrated")
    judge.missing(judge["decided_by"].isna() | judge["document"].isna(), "undecided")
    judge.fail(judge["low_regard"], "low-regard")
    judge.fail(judge["otherwise_unsuitable"], "unsuitable")
    return judge.findings()


def sanctions_of(facts: Facts, rows: pd.DataFrame, rule: SanctionsRule) -> pd.DataFrame:
    """Per candidate the sanction that bars longest; a dismissal, which never ends, comes last."""
    decided = facts.sanctions[facts.sanctions["decided_on"] <= facts.today]
    decided = decided[["person", "kind", "decided_on", "_home"]]
    found = rows[["candidate", "person", "jurisdiction"]].merge(decided, on="person")
    found = found[within_reach(facts, found["jurisdiction"], found["_home"])]
    ends = pd.Series(pd.NaT, found.index, dtype="datetime64[s]")
    for kind, months in (
        (SanctionKind.WARNING, rule.warning),
        (SanctionKind.DEMERIT, rule.demerit),
        (SanctionKind.SERIOUS_DEMERIT, rule.serious_demerit),
        (SanctionKind.DEMOTION, rule.demotion),
        (SanctionKind.REMOVAL, rule.removal),
    ):
        ends = ends.mask(found["kind"] == kind, found["decided_on"] + pd.DateOffset(months=months))
    found = found.assign(ends=ends).sort_values(["ends", "decided_on"], na_position="last")
    return found.drop_duplicates("candidate", keep="last").drop(columns=["person", "jurisdiction"])


@check(SANCTIONS)
def sanctions(facts: Facts, rule: SanctionsRule) -> pd.DataFrame:
    """No sanction is still running when the session opens (政务处分法 art. 8, 19)."""
    rows = with_session(with_place(slate(facts, "person"), facts), facts)
    judge = Judge(
        rows.merge(sanctions_of(facts, rows, rule), on="candidate", how="left"), facts.units
    )
    decided, ends, opens = judge["decided_on"], judge["ends"], judge["session_opens_on"]
    sanctioned = judge["kind"].notna()
    judge.fail(sanctioned & ends.isna(), "dismissed", decided=decided)
    judge.missing(sanctioned & opens.isna(), "no-session")
    judge.fail(
        sanctioned & ~(ends <= opens),
        "running",
        sanction=judge["kind"],
        decided=decided,
        ends=ends,
        opens=opens,
    )
    return pd.concat([judge.findings(), judge_returns(facts, "sanctions")], ignore_index=True)


@check(EXAMINATION)
def examination(facts: Facts, rule: ExaminationRule) -> pd.DataFrame:
    """A team of two or more examines each candidate to the end (条例 2019 art. 33)."""
    judge = Judge(with_record(slate(facts), facts.examinations), facts.units)
    size, started, ended = judge["team_size"], judge["started_on"], judge["ended_on"]
    judge.missing(until(facts, started).isna(), "not-examined")
    judge.fail(size < rule.team_size, "team", members=size, needed=rule.team_size)
    judge.missing(until(facts, ended).isna(), "not-ended", started=started)
    judge.fail(~(started <= ended), "dates", started=started, ended=ended)
    return judge.findings()


@check(INTEGRITY)
def integrity(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Party secretary and discipline secretary both sign the opinion (条例 2019 art. 31)."""
    rows = with_place(with_record(slate(facts), facts.integrity_opinions), facts)
    judge = Judge(rows, facts.units)
    officers = facts.officers.set_index("officer")
    party, discipline = judge["party_secretary"], judge["discipline_secretary"]

    def of_organ(signer: pd.Series, organ: Organ) -> pd.Series:
        near = within_reach(facts, judge["jurisdiction"], signer.map(officers["_home"]))
        return near & (signer.map(officers["organ"]) == organ)

    judge.missing(until(facts, judge["signed_on"]).isna(), "no-opinion")
    judge.fail(party == discipline, "one-signer", officer=party)
    judge.fail(~of_organ(party, Organ.SECRETARY), "not-secretary", officer=party)
    judge.fail(~of_organ(discipline, Organ.DISCIPLINE), "not-discipline", officer=discipline)
    judge.fail(~judge["favourable"], "unfavourable", signed=judge["signed_on"])
    return judge.findings()


@check(QUALIFICATION)
def qualification(facts: Facts, rule: QualificationRule) -> pd.DataFrame:
    """A promotion needs its years (条例 2014 art. 8), and a term-limited post has an end.

    任期规定 2006 art. 3, 6, 7: posts of government, supervision, court and procuracy at county
    level and above; not those of people's congress and CPPCC.
    """
    rows = slate(facts, "post", "promoted", *QUALIFYING)
    judge = Judge(with_post(with_place(rows, facts), facts), facts.units)
    promoted, limited = judge["promoted"], judge["kind"].isin(LIMITED_POSTS)
    rank, in_rank = judge["rank"], judge["years_in_rank"]
    worked, grassroots = judge["years_worked"], judge["years_grassroots"]
    terms, level_years = judge["terms_in_post"], judge["years_at_level"]
    degrees = list(Education)
    enough = degrees[degrees.index(rule.education) :]

    judge.not_applicable(judge["level"] == Level.TOWNSHIP, "township")
    judge.missing(judge["kind"].isna(), "no-post")
    judge.not_applicable(~promoted & ~limited, "neither")
    judge.fail(
        promoted & (worked < rule.years_worked),
        "years-worked",
        years=worked,
        needed=rule.years_worked,
    )
    judge.fail(
        promoted & (grassroots < rule.years_grassroots),
        "years-grassroots",
        years=grassroots,
        needed=rule.years_grassroots,
    )
    judge.fail(promoted & ~judge["education"].isin(enough), "education", education=rule.education)
    for ranks, needed in (
        (DEPUTY_RANKS, rule.vice_to_chief),
        (CHIEF_RANKS, rule.chief_to_upper_vice),
    ):
        judge.fail(
            promoted & rank.isin(ranks) & (in_rank < needed),
            "years-in-rank",
            rank=rank,
            years=in_rank,
            needed=needed,
        )
    judge.fail(limited & (terms >= rule.terms), "terms", terms=terms, limit=rule.terms)
    judge.fail(
        limited & (level_years >= rule.level_years),
        "level-years",
        years=level_years,
        limit=rule.level_years,
    )
    return judge.findings()


def kin_on_slate(facts: Facts, rows: pd.DataFrame) -> pd.DataFrame:
    """Per candidate one other candidate of the same unit who is kin, whoever named whom."""
    named = facts.kin[["person", "kin", "kinship", "_home"]]
    turned = named.rename(columns={"person": "kin", "kin": "person"})
    pairs = pd.concat([named, turned]).rename(columns={"_home": "jurisdiction"})
    mine = rows[["unit", "jurisdiction", "candidate", "person"]]
    others = mine[["unit", "candidate", "person"]].set_axis(["unit", "other", "kin"], axis=1)
    found = mine.merge(pairs, on=["jurisdiction", "person"]).merge(others, on=["unit", "kin"])
    found = found[found["person"] != found["kin"]].sort_values(["candidate", "other"])
    return found.drop_duplicates("candidate")[["candidate", "other", "kinship"]]


@check(AVOIDANCE)
def avoidance(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Close kin do not stand for one body; nobody heads the government of the home county.

    公务员法 art. 74, 75; 任职回避暂行规定 2006 art. 3-5.
    """
    rows = with_place(slate(facts, "post", "person", "home_division"), facts)
    rows = with_post(rows, facts)
    judge = Judge(rows.merge(kin_on_slate(facts, rows), on="candidate", how="left"), facts.units)
    other, level = judge["other"], judge["level"]
    county = judge["parent"].where(level == Level.TOWNSHIP, judge["jurisdiction"])
    heads = (judge["kind"] == PostKind.HEAD) & (level != Level.CITY)
    judge.missing(judge["kind"].isna(), "no-post")
    judge.fail(other.notna(), "kin", other=other, kinship=judge["kinship"])
    judge.fail(heads & (judge["home_division"].str[:6] == county), "home", county=county)
    return pd.concat([judge.findings(), judge_returns(facts, "kin")], ignore_index=True)


@check(COMMITTEE)
def committee(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Two thirds are present, more than half of all agree, the concerned withdraw.

    条例 2019 art. 37, 38; 2014 art. 53.
    """
    votes = facts.committee_votes.drop(columns=["_home", "_unit"])
    judge = Judge(of_unit(facts.units).merge(votes, on="unit", how="left"), facts.units)
    size, present, yes = judge["committee_size"], judge["present"], judge["in_favour"]
    conflicted = judge["conflicted_present"]
    judge.missing(until(facts, judge["decided_on"]).isna(), "not-decided")
    judge.fail(size == 0, "no-members")
    judge.fail(
        ~((yes <= present) & (present <= size)), "numbers", size=size, present=present, yes=yes
    )
    judge.fail(3 * present < 2 * size, "quorum", size=size, present=present)
    judge.fail(2 * yes <= size, "majority", size=size, yes=yes)
    judge.fail(conflicted > 0, "conflicted", conflicted=conflicted)
    return judge.findings()


@check(PUBLIC_NOTICE)
def public_notice(facts: Facts, rule: PublicNoticeRule) -> pd.DataFrame:
    """Whoever is not exempt is shown to the public long enough (条例 2019 art. 42)."""
    rows = with_session(with_record(slate(facts), facts.public_notices), facts)
    judge = Judge(rows, facts.units)
    exemption, opens = judge["exemption"], judge["session_opens_on"]
    opened, closed = judge["opened_on"], judge["closed_on"]
    days = working_days(opened, closed)
    judge.not_applicable(exemption == NoticeExemption.SPECIAL_POST, "special-post")
    judge.not_applicable(exemption == NoticeExemption.SHOWN_AT_EXAMINATION, "shown-at-examination")
    judge.missing(exemption.isna() | until(facts, opened).isna(), "no-notice")
    judge.fail(closed < opened, "dates", opened=opened, closed=closed)
    judge.missing(until(facts, closed).isna(), "not-over")
    judge.missing(days.isna(), "workdays-unknown", opened=opened, closed=closed)
    judge.fail(
        days < rule.workdays,
        "too-short",
        opened=opened,
        closed=closed,
        days=days,
        needed=rule.workdays,
    )
    judge.missing(opens.isna(), "no-session")
    judge.fail(~(closed <= opens), "after-session", closed=closed, opens=opens)
    return judge.findings()
