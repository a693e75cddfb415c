"""The voter roll: who may be on it, and what becomes of objections (选举法 art. 4, 27, 29).

Rules: nobody has a row but of whom the roll was questioned, or who was struck or left off; how many
they are the committee says, so that none is silently left out. Who is of age, and by when a court
judges, is counted to election day.
"""

from __future__ import annotations

import pandas as pd

from schemas.direct_terms import RollGround
from schemas.facts import Facts
from schemas.rules.direct import ROLL
from schemas.rules.parameters import LevelsRule
from tasks.checks.direct import asked
from tasks.checks.judge import Judge, of_unit
from tasks.checks.plan_subjects import on_record
from tasks.checks.registry import check

AGE = 18
OBJECTION_DAYS, DECISION_DAYS, SUIT_DAYS = 5, 3, 5
# Who may not vote, and who may be left off where a decision says so; nobody else may.
LEAVES = [one.value for one in (RollGround.DEPRIVED, RollGround.DIED, RollGround.MOVED)]
BY_DECISION = [one.value for one in (RollGround.SUSPENDED, RollGround.ILL)]


def judge_numbers(facts: Facts, units: pd.DataFrame) -> pd.DataFrame:
    """As many questions are on record as the committee reports."""
    recorded = facts.roll_questions.groupby("unit").size()
    committees = facts.election_committees[["unit", "roll_questions"]]
    rows = of_unit(units).merge(committees, on="unit", how="left")
    rows = rows.assign(recorded=rows["unit"].map(recorded).astype("Int64").fillna(0))
    judge = Judge(rows, units)
    said, recorded = judge["roll_questions"], judge["recorded"]
    judge.missing(said.isna(), "not-said")
    judge.missing(said != recorded, "numbers-differ", said=said, recorded=recorded)
    return judge.findings()


def judge_places(judge: Judge) -> None:
    """Whoever is of age is on the roll, but for those whom the law takes off it."""
    ground, on_roll = judge["ground"], judge["on_roll"]
    of_age = judge["birth_date"] + pd.DateOffset(years=AGE) <= judge["election_day"]
    leaves, by_decision = ground.isin(LEAVES), ground.isin(BY_DECISION)
    judge.fail(on_roll & ~of_age, "under-age")
    judge.fail(on_roll & leaves, "may-not-stay", roll_ground=ground)
    judge.fail(~on_roll & of_age & ~leaves & ~by_decision, "must-stay", roll_ground=ground)
    judge.fail(
        ~on_roll & of_age & by_decision & judge["decision_document"].isna(),
        "no-decision",
        roll_ground=ground,
    )


def judge_objections(facts: Facts, judge: Judge) -> None:
    """An objection in time is decided in three days, and a suit in time before the election."""
    objected, decided = judge["objected_on"], judge["decided_on"]
    sued, judged, election = judge["sued_on"], judge["judged_on"], judge["election_day"]
    due = objected + pd.Timedelta(days=DECISION_DAYS)
    in_time = objected <= judge["published_on"] + pd.Timedelta(days=OBJECTION_DAYS)
    days = {"objected": objected, "due": due}
    judge.fail(decided < objected, "decided-before", decided=decided, objected=objected)
    judge.fail(in_time & ((decided > due) | (decided.isna() & facts.over(due))),
               "decided-late", **days)  # fmt: skip
    judge.not_yet(in_time & decided.isna(), "to-be-decided", **days)
    heard = sued <= election - pd.Timedelta(days=SUIT_DAYS)
    days = {"sued": sued, "election": election}
    judge.fail(heard & ((judged >= election) | (judged.isna() & facts.came(election))),
               "judged-late", **days)  # fmt: skip
    judge.not_yet(heard & judged.isna(), "to-be-judged", **days)


def judge_questions(facts: Facts, units: pd.DataFrame) -> pd.DataFrame:
    """Each question of the roll."""
    rows = facts.roll_questions.drop(columns=["_home", "_unit"])
    days = facts.calendar[["unit", "election_day"]]
    rows = rows.merge(days, on="unit", how="left")
    published = on_record(facts, "notices", "published_on")[["unit", "published_on"]]
    rows = rows.merge(published, on="unit", how="left")
    judge = Judge(rows.assign(subject=rows["voter"]), units)
    judge.missing(judge["election_day"].isna(), "no-election-day")
    judge_places(judge)
    judge_objections(facts, judge)
    return judge.judged()


@check(ROLL)
def roll(facts: Facts, rule: LevelsRule) -> pd.DataFrame:
    """Whoever is of age and not deprived of political rights is on the roll (选举法 art. 4, 27)."""
    units, others = asked(facts, rule)
    found = judge_numbers(facts, units), judge_questions(facts, units), others
    return pd.concat(found, ignore_index=True)
