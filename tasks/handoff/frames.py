"""The frames that stages hand on, made from the facts.

Rules: a unit in scope is in its frame, with an empty row where it has nothing to hand on, so that
validation names it; only candidates who are proposed are handed on, and in the end, as the ballot,
those who were nominated on the floor too.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from schemas.canonical import HANDOFF_SCHEME, canonical, digest
from schemas.facts import Facts
from schemas.handoffs import HANDOFFS
from schemas.rules.base import Among, NamedBy, Read, read
from schemas.rules.selections import nominees, of_proposed, proposed
from schemas.vocabulary import CandidateStatus, ReviewItem, Stage
from tasks.checks.plan_subjects import before_the_vote

_POSTS = read("posts", "unit post seats")
_OF_POSTS = NamedBy("post", ((_POSTS, "post"),))
READS: dict[Stage, tuple[Read, ...]] = {
    Stage.PLAN: (
        read("posts", "unit post kind seats"),
        read("calendar", "unit session_opens_on session_closes_on"),
    ),
    Stage.NOMINATION: (_POSTS, proposed("post person")),
    Stage.VETTING: (
        proposed("post"),
        *(of_proposed("reviews", "item result", Among("item", (one.value,))) for one in ReviewItem),
    ),
    Stage.INSPECTION: (
        proposed("post"),
        of_proposed(
            "reports",
            "unit received_on closed_on clear_leads concrete",
            Among("clear_leads", (True,)),
            Among("concrete", (True,)),
        ),
        read("sessions", "unit voted_on"),
    ),
    Stage.SLATE: (_POSTS, nominees("post person")),
    Stage.RESULT: (
        _POSTS,
        read("ballots", "post round issued returned not_returned valid void annulled", _OF_POSTS),
        read("results", "post elected voided_on", _OF_POSTS, Among("elected", (True,))),
        read("vacancies", "post seats decided_on", _OF_POSTS),
    ),
}


def _of_units(facts: Facts, frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return facts.units[["unit"]].merge(frame[columns], on="unit", how="left")


def _proposed(facts: Facts) -> pd.DataFrame:
    candidates = facts.candidates
    return candidates[candidates["status"].eq(CandidateStatus.PROPOSED.value)]


def _posts_and_calendar(facts: Facts) -> pd.DataFrame:
    posts = _of_units(facts, facts.posts, ["unit", "post", "kind", "seats"])
    days = facts.calendar[["unit", "session_opens_on", "session_closes_on"]]
    return posts.merge(days, on="unit", how="left")


def _slate(facts: Facts) -> pd.DataFrame:
    posts = _of_units(facts, facts.posts, ["unit", "post", "seats"])
    slate = facts.candidates[["unit", "post", "candidate", "person", "status"]]
    return posts.merge(slate, on=["unit", "post"], how="left")


def _vetted_slate(facts: Facts) -> pd.DataFrame:
    slate = _of_units(facts, _proposed(facts), ["unit", "post", "candidate"])
    key = ["candidate", "item"]
    given = facts.reviews.dropna(subset="result").drop_duplicates(key, keep="last")
    results = given.set_index(key)["result"].unstack("item")
    results = results.reindex(columns=[item.value for item in ReviewItem])
    return slate.merge(results.astype("str"), left_on="candidate", right_index=True, how="left")


def _cleared_slate(facts: Facts) -> pd.DataFrame:
    slate = _of_units(facts, _proposed(facts), ["unit", "post", "candidate"])
    # What comes after the vote touches it no more.
    reports = before_the_vote(facts, facts.reports)
    received = facts.came(reports["received_on"])
    closed = facts.came(reports["closed_on"]).fillna(False)
    specific = reports["clear_leads"] & reports["concrete"]
    still_open = reports[received & ~closed & specific].groupby("candidate").size()
    count = slate["candidate"].map(still_open).fillna(0).astype("Int64")
    return slate.assign(open_reports=count)


def _result_report(facts: Facts) -> pd.DataFrame:
    posts = _of_units(facts, facts.posts, ["unit", "post", "seats"])
    results, vacancies = facts.results, facts.vacancies
    voided = facts.came(results["voided_on"])
    elected = results[results["elected"].fillna(False) & ~voided].groupby("post").size()
    decided = vacancies[facts.came(vacancies["decided_on"])].set_index("post")["seats"]
    posts["elected"] = posts["post"].map(elected).fillna(0).astype("Int64")
    posts["left_open"] = posts["post"].map(decided).fillna(0).astype("Int64")
    posts["settled"] = posts["elected"] + posts["left_open"]
    papers = ["post", "round", "issued", "returned", "not_returned", "valid", "void"]
    ballots = facts.ballots[~facts.ballots["annulled"].fillna(False)]
    report = posts.merge(ballots[papers], on="post", how="left")
    return report.assign(
        papers_issued=report["returned"] + report["not_returned"],
        papers_returned=report["valid"] + report["void"],
    )


_FRAMES: dict[Stage, Callable[[Facts], pd.DataFrame]] = {
    Stage.PLAN: _posts_and_calendar,
    Stage.NOMINATION: _slate,
    Stage.VETTING: _vetted_slate,
    Stage.INSPECTION: _cleared_slate,
    Stage.SLATE: _slate,
    Stage.RESULT: _result_report,
}


def handoff_frame(stage: Stage, facts: Facts) -> pd.DataFrame:
    """What `stage` hands on for the units in scope: the columns of its `HandOff`, sorted."""
    asked = ("hand-off", stage, *facts.units["unit"].tolist())
    # A lazy copy: what its reader does to it stays with its reader.
    return facts.once(asked, lambda: _made(stage, facts)).copy(deep=False)


def _made(stage: Stage, facts: Facts) -> pd.DataFrame:
    handoff = HANDOFFS[stage]
    frame = _FRAMES[stage](facts.restricted(READS[stage]))
    return frame[list(handoff.columns)].sort_values(["unit", *handoff.key], ignore_index=True)


def frame_digests(frame: pd.DataFrame) -> dict[str, str]:
    """Unit → SHA-256 of its rows in a hand-off frame."""
    plain = frame.astype("str").fillna("")
    rows: dict[str, list[list[str]]] = {}
    for unit, *values in plain.itertuples(index=False, name=None):
        rows.setdefault(unit, []).append(values)
    return {unit: digest(canonical([HANDOFF_SCHEME, *sorted(own)])) for unit, own in rows.items()}
