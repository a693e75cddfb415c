"""The slate before the vote: how many candidates, who nominated them, and who can stand.

Rules: candidates are those whose names are printed, proposed or nominated on the floor; who has
withdrawn, lost the pre-election or was excluded counts neither for a post nor against a nominator,
nor does who is nominated only after the vote, for a further election (地方组织法 art. 29).
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.nationalities import nationalities_in
from schemas.partial_days import ends_of
from schemas.places import AUTONOMOUS, ETHNIC_TOWNSHIP, TOWN
from schemas.rules.parameters import ChannelRule, EligibilityRule, NoParameters
from schemas.rules.slate import CAPS, CHANNEL, DIFFERENTIAL, ELIGIBILITY
from schemas.vocabulary import (
    CHIEF_POSTS,
    NOMINEES,
    Body,
    CandidateStatus,
    Level,
    NominationChannel,
    PostKind,
)
from tasks.checks.election_deputies import able_signers
from tasks.checks.judge import Judge, known
from tasks.checks.plan_subjects import on_record, with_calendar
from tasks.checks.registry import check

FROM_DEPUTIES = (
    PostKind.CHAIR,
    PostKind.VICE_CHAIR,
    PostKind.SECRETARY_GENERAL,
    PostKind.MEMBER,
)


def nominees(facts: Facts) -> pd.DataFrame:
    """The candidates whose names are printed, with body and level of their unit."""
    candidates = facts.candidates[facts.candidates["status"].isin(NOMINEES)]
    units = facts.units[["unit", "jurisdiction", "body", "level"]]
    rows = candidates.drop(columns=["_home", "_unit"]).merge(units, on="unit")
    return rows.assign(subject=rows["candidate"])


def for_later(facts: Facts) -> pd.DataFrame:
    """The nominations for a further election: made when the vote was held, or after it.

    The day of the vote is no day of nomination but in a township, where the law sets no days.
    """
    votes = facts.sessions[facts.sessions["opened_on"] <= facts.sessions["voted_on"]]
    rows = facts.nominations.merge(votes[["unit", "voted_on"]], on="unit")
    rows = rows.merge(facts.units[["unit", "level"]], on="unit")
    same_day = (rows["nominated_on"] == rows["voted_on"]) & (rows["level"] != Level.TOWNSHIP)
    return rows[same_day | (rows["nominated_on"] > rows["voted_on"])]


def first_slate(facts: Facts) -> pd.DataFrame:
    """The nominees but those who were nominated for a further election only."""
    slate, later = nominees(facts), set(for_later(facts)["nomination"])
    earlier = facts.nominations[~facts.nominations["nomination"].isin(later)]
    only_later = set(facts.nominations["candidate"]) - set(earlier["candidate"])
    return slate[~slate["candidate"].isin(only_later)]


def posts_of(facts: Facts) -> pd.DataFrame:
    """The posts of the units in scope, with body and level of their unit."""
    units = facts.units[["unit", "body", "level"]]
    posts = facts.posts.drop(columns=["_home", "_unit"]).merge(units, on="unit")
    return posts.assign(subject=posts["post"])


def nominations_over(facts: Facts) -> pd.DataFrame:
    """`unit`, `over`: whether nobody can be nominated any more before the first vote.

    In a city or county nominations end with the discussion, in a township with the vote, for which
    the law sets no days; a CPPCC's come from consultation, which has ended when it meets.
    """
    sessions = facts.sessions[["unit", "opened_on", "voted_on"]]
    ends = facts.deliberations[["unit", "closed_on"]]
    rows = facts.units[["unit", "body", "level"]].merge(sessions, on="unit", how="left")
    rows = rows.merge(ends, on="unit", how="left")
    discussed = (rows["body"] != Body.CPPCC) & (rows["level"] != Level.TOWNSHIP)
    opened = facts.came(rows["opened_on"])
    over = opened.mask(discussed, facts.came(rows["closed_on"]))
    return rows[["unit"]].assign(over=over | facts.came(rows["voted_on"]))


def lawful_more(seats: pd.Series, kind: pd.Series) -> tuple[pd.Series, pd.Series]:
    """By how many, least and most, deputies of a chief and members of a committee are exceeded."""
    member = kind == PostKind.MEMBER
    return ((seats + 9) // 10).where(member, 1), (seats // 5).where(member, 3)


@check(DIFFERENTIAL)
def differential(facts: Facts, rule: NoParameters) -> pd.DataFrame:
    """More candidates than seats, by what the post is (地方组织法 art. 27; 政协 等额).

    A chief may have a rival, deputies one to three, members of a standing committee a tenth to a
    fifth more; a CPPCC proposes as many as there are seats.
    """
    posts = posts_of(facts)
    number = first_slate(facts).groupby(["unit", "post"]).size().rename("candidates").reset_index()
    rows = posts.merge(number, on=["unit", "post"], how="left")
    judge = Judge(rows.merge(nominations_over(facts), on="unit", how="left"), facts.units)
    seats, candidates = judge["seats"], judge["candidates"].astype("Int64").fillna(0)
    cppcc = judge["body"] == Body.CPPCC
    chief = judge["kind"].isin(CHIEF_POSTS)
    fewest, highest = lawful_more(seats, judge["kind"])
    least = (seats + fewest).case_when([(cppcc, seats), (chief, seats)])
    most = (seats + highest).case_when([(cppcc, seats), (chief, seats + 1)])
    judge.fail(seats == 0, "zero-seats")
    judge.fail(least > most, "no-lawful-number", seats=seats)
    judge.missing(candidates == 0, "no-candidates", seats=seats)
    numbers = {"seats": seats, "candidates": candidates, "least": least, "most": most}
    judge.not_yet(~judge["over"] & (candidates < least), "nominations-open", **numbers)
    judge.fail(candidates < least, "too-few", **numbers)
    judge.fail(candidates > most, "too-many", **numbers)
    return judge.findings()


def nominations_of(facts: Facts) -> pd.DataFrame:
    """The nominations on record, in a fixed order."""
    rows = on_record(facts, "nominations", "nominated_on")
    return rows.sort_values("nomination", ignore_index=True)


@check(CHANNEL)
def channel(facts: Facts, rule: ChannelRule) -> pd.DataFrame:
    """By the presidium, or by enough deputies jointly (地方组织法 art. 26).

    In a CPPCC by consultation. Only deputies who are in office on that day count. One lawful
    nomination is enough; a second petition with too few signers does no harm. There is no presidium
    before it was elected, and whom it nominates is proposed by the party side, and vetted.
    """
    slate = nominees(facts)
    needed = {"city": rule.city, "county": rule.county, "township": rule.township}
    rows = slate[["candidate", "unit", "post", "body", "level", "status"]].merge(
        nominations_of(facts), on=["candidate", "unit"], suffixes=("", "_nominated")
    )
    rows = rows.merge(facts.sessions[["unit", "presidium_on"]], on="unit", how="left")
    rows = rows.assign(needed=rows["level"].map(needed).astype("Int64"))
    by_consultation = rows["channel"] == NominationChannel.CONSULTATION
    joint = rows["channel"] == NominationChannel.DEPUTIES
    able = rows["nomination"].map(able_signers(facts, rows)).astype("Int64").fillna(0)
    rows = rows.assign(signers=able)
    enough = ~joint | (rows["signers"] >= rows["needed"])

    judge = Judge(slate, facts.units)

    def first(condition: pd.Series) -> pd.DataFrame:
        found = rows[condition.astype(bool)].drop_duplicates("candidate").set_index("candidate")
        return found.reindex(judge["candidate"]).reset_index()

    another_post = first(rows["post"] != rows["post_nominated"])
    wrong = first(by_consultation != (rows["body"] == Body.CPPCC))
    by_presidium = rows["channel"] == NominationChannel.PRESIDIUM
    floor = first(by_presidium & (rows["status"] == CandidateStatus.FROM_THE_FLOOR))
    none = first(by_presidium & rows["presidium_on"].isna())
    early = first(by_presidium & (rows["nominated_on"] < rows["presidium_on"]))
    short = first(~enough)
    judge.missing(~judge["candidate"].isin(rows["candidate"]), "not-nominated")
    judge.fail(
        another_post["nomination"].notna(), "another-post", nomination=another_post["nomination"]
    )
    judge.fail(
        wrong["nomination"].notna(),
        "wrong-channel",
        nomination=wrong["nomination"],
        nomination_channel=wrong["channel"],
    )
    judge.fail(floor["nomination"].notna(), "not-from-the-floor", nomination=floor["nomination"])
    judge.missing(none["nomination"].notna(), "no-presidium", nomination=none["nomination"])
    judge.fail(
        early["nomination"].notna(),
        "before-the-presidium",
        nomination=early["nomination"],
        nominated=early["nominated_on"],
        elected=early["presidium_on"],
    )
    judge.fail(
        ~judge["candidate"].isin(rows.loc[enough, "candidate"]),
        "too-few-signers",
        signers=short["signers"],
        needed=short["needed"],
    )
    return judge.findings()


@check(CAPS)
def caps(facts: Facts, rule: NoParameters) -> pd.DataFrame:
    """Neither the presidium nor any deputy nominates more than there are seats (art. 26).

    The cap is that of each election: nominations for a further one are not added to the first.
    """
    slate = nominees(facts)[["unit", "post", "candidate"]]
    rows = nominations_of(facts).merge(slate, on=["unit", "post", "candidate"])
    rows = rows[~rows["nomination"].isin(for_later(facts)["nomination"])]
    presidium = rows[rows["channel"] == NominationChannel.PRESIDIUM]
    presidium = presidium.groupby(["unit", "post"], as_index=False).agg(
        presidium=("candidate", "nunique")
    )
    posts = posts_of(facts)
    signed = rows[["unit", "post", "candidate", "nomination"]].merge(
        facts.signers[["nomination", "deputy"]], on="nomination"
    )
    signed = signed.groupby(["unit", "post", "deputy"], as_index=False).agg(
        signed=("candidate", "nunique")
    )
    signed = signed.merge(posts[["unit", "post", "seats"]], on=["unit", "post"])
    offenders = signed[signed["signed"] > signed["seats"]]
    offenders = offenders.groupby(["unit", "post"], as_index=False).agg(
        deputies=("deputy", "nunique"), deputy=("deputy", "min")
    )
    posts = posts.assign(nominated=posts["post"].isin(rows["post"]))
    posts = posts.merge(presidium, on=["unit", "post"], how="left")
    judge = Judge(posts.merge(offenders, on=["unit", "post"], how="left"), facts.units)
    seats, named = judge["seats"], judge["presidium"].astype("Int64")
    judge.not_applicable(judge["body"] == Body.CPPCC, "consultation")
    judge.missing(~judge["nominated"], "not-nominated")
    judge.fail(known(named > seats, unknown=False), "presidium", candidates=named, seats=seats)
    judge.fail(
        judge["deputy"].notna(),
        "deputies",
        deputies=judge["deputies"],
        deputy=judge["deputy"],
        seats=seats,
    )
    return judge.findings()


def binding(judge: Judge) -> pd.Series:
    """Where the head must be of certain nationalities: autonomous places and ethnic townships."""
    name, founding = judge["name"], judge["founding_ethnicity"].notna()
    town = judge["level"] == Level.TOWNSHIP
    ethnic = town & (name.str.endswith(ETHNIC_TOWNSHIP) | founding) & ~name.str.endswith(TOWN)
    autonomous = ~town & (name.str.endswith(AUTONOMOUS) | founding)
    return (judge["kind"] == PostKind.HEAD) & (ethnic | autonomous)


@check(ELIGIBILITY)
def eligibility(facts: Facts, rule: EligibilityRule) -> pd.DataFrame:
    """Chosen from the deputies and free of incompatible offices (地方组织法 art. 18, 47).

    The head of an ethnic township is of a nationality that founded it (art. 70), that of an
    autonomous county or prefecture of the one that exercises autonomy (民族区域自治法 art. 17);
    everybody is of age on the day of the vote, at the latest the session's last.
    """
    posts = facts.posts[["unit", "post", "kind"]]
    places = facts.jurisdictions[["jurisdiction", "name", "founding_ethnicity"]]
    rows = nominees(facts).merge(posts, on=["unit", "post"], how="left")
    rows = with_calendar(facts, rows.merge(places, on="jurisdiction", how="left"))
    rows = rows.merge(facts.sessions[["unit", "voted_on"]], on="unit", how="left")
    judge = Judge(rows, facts.units)
    kind, voted = judge["kind"], judge["voted_on"].fillna(judge["session_closes_on"])
    founding = judge["founding_ethnicity"].map(nationalities_in)
    own = judge["ethnicity"].map(nationalities_in)
    shared = pd.Series(
        [bool(one & other) for one, other in zip(founding, own, strict=True)], dtype=bool
    )
    bound = binding(judge)
    cppcc = judge["body"] == Body.CPPCC
    committee = (judge["body"] == Body.CONGRESS) & kind.isin(FROM_DEPUTIES)
    judge.missing(kind.isna(), "unknown-post")
    judge.missing(voted.isna(), "no-calendar")
    judge.fail((cppcc | committee) & ~judge["assembly_member"], "not-a-member", post_kind=kind)
    judge.fail(
        committee & judge["incompatible_office"] & ~judge["will_resign"],
        "incompatible-office",
        post_kind=kind,
    )
    judge.missing(bound & (founding.map(len) == 0), "founding-unknown")
    judge.fail(bound & ~shared, "founding-ethnicity")
    for born, finds, reason in zip(
        ends_of(judge["birth_date"]), (judge.fail, judge.missing), ("too-young", "month-only"),
        strict=True,
    ):  # fmt: skip
        of_age = born + pd.DateOffset(years=rule.age)
        finds(~(of_age <= voted), reason, voted=voted, age=rule.age)
    return judge.findings()
