"""Vetting (考察) beyond the reviews: bars, examination, avoidance, decision, public notice.

Rules: whoever is proposed is looked at; public regard and "otherwise unsuitable" are decided by
people and only read here.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.places import AUTONOMOUS, ETHNIC_TOWNSHIP
from schemas.rules.parameters import (
    AvoidanceRule,
    BarsRule,
    ExaminationRule,
    NoParameters,
    QualificationRule,
    SanctionsRule,
)
from schemas.rules.vetting import (
    AVOIDANCE,
    BARS,
    EXAMINATION,
    INTEGRITY,
    QUALIFICATION,
    SANCTIONS,
)
from schemas.vocabulary import (
    Appraisal,
    Education,
    Level,
    Organ,
    PostKind,
    Rank,
    SanctionKind,
)
from tasks.checks.judge import Judge
from tasks.checks.plan_subjects import on_record, person_of
from tasks.checks.registry import check
from tasks.checks.returns import judge_returns
from tasks.checks.vetting_slate import (
    judge_recusal,
    kin_pairs,
    no_cadre,
    slate,
    until,
    with_place,
    with_post,
    with_record,
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
    "exceptional_approval",
)
EXCEPTIONAL_YEARS = 1
# Of 县（市）政府、纪检机关、法院、检察院等正职 those that a congress elects (2006 art. 5).
BARRED_AT_HOME = {
    Level.COUNTY: (PostKind.HEAD, PostKind.COURT_PRESIDENT, PostKind.CHIEF_PROCURATOR),
    Level.TOWNSHIP: (PostKind.HEAD,),
}
LIMITED_POSTS = (
    PostKind.HEAD,
    PostKind.DEPUTY_HEAD,
    PostKind.SUPERVISION_DIRECTOR,
    PostKind.COURT_PRESIDENT,
    PostKind.CHIEF_PROCURATOR,
)


@check(BARS)
def bars(facts: Facts, rule: BarsRule) -> pd.DataFrame:
    """Nobody is examined whom the regulation bars (条例 2019 art. 24; 2014 three years).

    Who is no cadre has no yearly appraisal: a candidate of a CPPCC whose archive needs no review.
    """
    archive = facts.reviews[["candidate", "result", "reason"]]
    rows = with_record(slate(facts, "person"), facts.assessments)
    rows = rows.merge(archive, on="candidate", how="left")
    judge = Judge(rows.merge(facts.units[["unit", "body"]], on="unit"), facts.units)
    exempt = no_cadre(judge)
    last, worst = (
        judge[column].where(~(exempt & judge[column].isna()), Appraisal.COMPETENT.value)
        for column in ("appraisal_last_year", "worst_appraisal")
    )
    judge.missing(judge["political_breach"].isna(), "not-assessed")
    judge.missing(last.isna() | worst.isna(), "no-appraisal")
    judge.fail(judge["political_breach"], "political-breach")
    judge.fail(~last.isin(GOOD_APPRAISALS), "appraisal", appraisal=last)
    if rule.appraisal_years != 1:
        judge.fail(~worst.isin(GOOD_APPRAISALS), "appraisal", appraisal=worst)
    judge.fail(judge["canvassing"], "canvassing")
    judge.fail(judge["spouse_emigrated"] & ~judge["special_post"], "emigrated")
    judge.missing(judge["decided_by"].isna() | judge["document"].isna(), "undecided")
    judge_recusal(judge, facts, judge["decided_by"])
    judge.fail(judge["low_regard"], "low-regard")
    judge.fail(judge["otherwise_unsuitable"], "unsuitable")
    return judge.findings()


def months_of(rule: SanctionsRule) -> dict[str, int]:
    """Kind of sanction → the months of its period."""
    return {
        SanctionKind.WARNING.value: rule.warning,
        SanctionKind.DEMERIT.value: rule.demerit,
        SanctionKind.SERIOUS_DEMERIT.value: rule.serious_demerit,
        SanctionKind.DEMOTION.value: rule.demotion,
        SanctionKind.REMOVAL.value: rule.removal,
    }


def sanctions_of(facts: Facts, rows: pd.DataFrame, rule: SanctionsRule) -> pd.DataFrame:
    """Per candidate the sanction that bars longest; a dismissal, which never ends, comes last.

    `ends` is the day that the decision names, else that of the sanction's own period (`least`);
    `most` is the last on which joined periods may end.
    """
    decided = facts.sanctions[facts.came(facts.sanctions["decided_on"])]
    decided = decided[["person", "kind", "decided_on", "ends_on", "_home"]]
    found = rows[["candidate", "person", "jurisdiction"]].merge(decided, on="person")
    found = found[within_reach(facts, found["jurisdiction"], found["_home"])]
    least = pd.Series(pd.NaT, found.index, dtype="datetime64[s]")
    for kind, months in months_of(rule).items():
        period = found["decided_on"] + pd.DateOffset(months=months)
        least = least.mask(found["kind"] == kind, period)
    ends = found["ends_on"].fillna(least).where(least.notna())
    most = found["decided_on"] + pd.DateOffset(months=rule.joined)
    found = found.assign(least=least, ends=ends, most=most)
    found = found.sort_values(["ends", "decided_on"], na_position="last")
    return found.drop_duplicates("candidate", keep="last").drop(columns=["person", "jurisdiction"])


def judge_sanctions(facts: Facts, rows: pd.DataFrame, rule: SanctionsRule, day: str) -> Judge:
    """Candidates (`rows` with `person`) whose sanctions run on a `day` of the calendar."""
    rows = with_place(rows, facts).merge(facts.calendar[["unit", day]], on="unit", how="left")
    judge = Judge(
        rows.merge(sanctions_of(facts, rows, rule), on="candidate", how="left"), facts.units
    )
    decided, ends, kind, from_day = judge["decided_on"], judge["ends"], judge["kind"], judge[day]
    sanctioned = kind.notna()
    judge.fail(sanctioned & ends.isna(), "dismissed", decided=decided)
    judge.fail(
        sanctioned & ~((judge["least"] <= ends) & (ends <= judge["most"])),
        "period",
        sanction=kind,
        decided=decided,
        ends=ends,
        least=judge["least"],
        most=judge["most"],
    )
    judge.missing(sanctioned & from_day.isna(), "no-session")
    judge.fail(
        sanctioned & ~(ends <= from_day),
        "running",
        sanction=kind,
        decided=decided,
        ends=ends,
        from_day=from_day,
    )
    return judge


@check(SANCTIONS)
def sanctions(facts: Facts, rule: SanctionsRule) -> pd.DataFrame:
    """No sanction is still running when vetting begins (政务处分法 art. 8, 15, 19; 条例 24)."""
    judge = judge_sanctions(facts, slate(facts, "person"), rule, "vetting_on")
    return pd.concat([judge.findings(), judge_returns(facts, "sanctions")], ignore_index=True)


@check(EXAMINATION)
def examination(facts: Facts, rule: ExaminationRule) -> pd.DataFrame:
    """A team of two or more examines each candidate to the end (条例 2019 art. 33).

    It begins when the recommendation is complete (1990年若干规定 art. 3).
    """
    steps = on_record(facts, "documents", "issued_on")
    recommended = steps.groupby("unit", as_index=False).agg(recommended=("issued_on", "max"))
    rows = with_record(slate(facts, "person"), facts.examinations)
    judge = Judge(rows.merge(recommended, on="unit", how="left"), facts.units)
    size, started, ended = judge["team_size"], judge["started_on"], judge["ended_on"]
    judge.missing(until(facts, started).isna(), "not-examined")
    judge.fail(size < rule.team_size, "team", members=size, needed=rule.team_size)
    judge.missing(judge["recommended"].isna(), "not-recommended")
    judge.fail(
        started < judge["recommended"],
        "before-recommendation",
        started=started,
        recommended=judge["recommended"],
    )
    judge.missing(until(facts, ended).isna(), "not-ended", started=started)
    judge.fail(~(started <= ended), "dates", started=started, ended=ended)
    judge_recusal(judge, facts, judge["officer"])
    return judge.findings()


@check(INTEGRITY)
def integrity(facts: Facts, _rule: NoParameters) -> pd.DataFrame:
    """Party secretary and discipline secretary, two persons, sign the opinion (条例 2019 art. 31).

    Neither signs about themselves or their kin.
    """
    rows = with_place(with_record(slate(facts, "person"), facts.integrity_opinions), facts)
    judge = Judge(rows, facts.units)
    officers = facts.officers.set_index("officer")
    party, discipline = judge["party_secretary"], judge["discipline_secretary"]

    def of_organ(signer: pd.Series, organ: Organ) -> pd.Series:
        near = within_reach(facts, judge["jurisdiction"], signer.map(officers["_home"]))
        return near & (signer.map(officers["organ"]) == organ)

    judge.missing(until(facts, judge["signed_on"]).isna(), "no-opinion")
    same = (party == discipline) | (person_of(facts, party) == person_of(facts, discipline))
    judge.fail(same, "one-signer", officer=party, other=discipline)
    judge.fail(~of_organ(party, Organ.SECRETARY), "not-secretary", officer=party)
    judge.fail(~of_organ(discipline, Organ.DISCIPLINE), "not-discipline", officer=discipline)
    judge_recusal(judge, facts, party)
    judge_recusal(judge, facts, discipline)
    judge.fail(~judge["favourable"], "unfavourable", signed=judge["signed_on"])
    return judge.findings()


@check(QUALIFICATION)
def qualification(facts: Facts, rule: QualificationRule) -> pd.DataFrame:
    """A promotion needs its years (条例 2014 art. 8), and a term-limited post has an end.

    An exceptional promotion that the level above approved needs one year in the rank (art. 9).

    任期规定 2006 art. 3, 6, 7: posts of government, supervision, court and procuracy at county
    level and above; not those of people's congress and CPPCC.
    """
    rows = slate(facts, "post", "promoted", *QUALIFYING)
    judge = Judge(with_post(with_place(rows, facts), facts), facts.units)
    limited = judge["kind"].isin(LIMITED_POSTS)
    exceptional = judge["promoted"] & judge["exceptional_approval"].notna()
    promoted = judge["promoted"] & ~exceptional
    rank, in_rank = judge["rank"], judge["years_in_rank"]
    worked, grassroots = judge["years_worked"], judge["years_grassroots"]
    terms, level_years = judge["terms_in_post"], judge["years_at_level"]
    degrees = list(Education)
    enough = degrees[degrees.index(rule.education) :]

    judge.not_applicable(judge["level"] == Level.TOWNSHIP, "township")
    judge.missing(judge["kind"].isna(), "no-post")
    judge.not_applicable(~judge["promoted"] & ~limited, "neither")
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
    judge.fail(exceptional & (in_rank < EXCEPTIONAL_YEARS), "too-new-for-exception", rank=rank)
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
    pairs = kin_pairs(facts)
    mine = rows[["unit", "jurisdiction", "candidate", "person"]]
    others = facts.tables["others"][["unit", "candidate", "person"]]
    others = others.set_axis(["unit", "other", "kin"], axis=1)
    found = mine.merge(pairs, on="person").merge(others, on=["unit", "kin"])
    found = found[within_reach(facts, found["jurisdiction"], found["_home"])]
    found = found[found["person"] != found["kin"]].sort_values(["candidate", "other"])
    return found.drop_duplicates("candidate")[["candidate", "other", "kinship"]]


def judge_avoidance(facts: Facts, rows: pd.DataFrame, rule: AvoidanceRule) -> Judge:
    """Candidates (`rows`) who are kin of another on the slate, or grew up in the place."""
    rows = with_post(with_place(rows, facts), facts)
    places = facts.jurisdictions[["jurisdiction", "name", "founding_ethnicity"]]
    rows = rows.merge(places, on="jurisdiction", how="left")
    judge = Judge(rows.merge(kin_on_slate(facts, rows), on="candidate", how="left"), facts.units)
    other, level, kind, home = (
        judge["other"], judge["level"], judge["kind"], judge["home_division"]
    )  # fmt: skip
    township = level == Level.TOWNSHIP
    county = judge["parent"].where(township, judge["jurisdiction"])
    barred = pd.Series(False, index=level.index)
    for at, kinds in BARRED_AT_HOME.items():
        barred |= (level == at) & kind.isin(kinds)
    own_people = judge["name"].str.endswith((*AUTONOMOUS, *ETHNIC_TOWNSHIP))
    barred &= ~((kind == PostKind.HEAD) & own_people)
    by_county = (level == Level.COUNTY) | (rule.township_home == Level.COUNTY)
    at_home = (by_county & (home.str[:6] == county)) | (home == judge["jurisdiction"])
    judge.missing(kind.isna(), "no-post")
    judge.fail(other.notna(), "kin", other=other, kinship=judge["kinship"])
    judge.fail(barred & at_home, "home", place=judge["jurisdiction"], post_kind=kind)
    judge.missing(barred & township & (home == county), "home-imprecise", place=county)
    return judge


@check(AVOIDANCE)
def avoidance(facts: Facts, rule: AvoidanceRule) -> pd.DataFrame:
    """Close kin do not stand for one body; certain chiefs do not serve where they grew up.

    公务员法 art. 74, 75; 任职回避暂行规定 2006 art. 3-5: a county's head, court president and chief
    procurator, a township's head. Where the head must be of the place's own nationality the home
    place is no bar.
    """
    judge = judge_avoidance(facts, slate(facts, "post", "person", "home_division"), rule)
    return pd.concat([judge.findings(), judge_returns(facts, "kin")], ignore_index=True)
