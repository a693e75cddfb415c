"""The slate before the vote: what the law asks of candidates whom deputies nominated on the floor.

Rules: nobody vets them; what bars a person by statute bars them all the same, and is looked at on
the day on which the session opens.
"""

from __future__ import annotations

import pandas as pd

from schemas.facts import Facts
from schemas.rules.parameters import AvoidanceRule, SanctionsRule
from schemas.rules.slate import FLOOR_AVOIDANCE, FLOOR_SANCTIONS
from schemas.vocabulary import Status
from tasks.checks.judge import Judge
from tasks.checks.registry import check
from tasks.checks.vetting import judge_avoidance, judge_sanctions
from tasks.checks.vetting_slate import from_the_floor


def _findings(judge: Judge) -> pd.DataFrame:
    judge.nothing(Status.NOT_APPLICABLE, "nobody-from-the-floor")
    return judge.findings()


@check(FLOOR_SANCTIONS)
def sanctions(facts: Facts, rule: SanctionsRule) -> pd.DataFrame:
    """No sanction of theirs is still running (政务处分法 art. 8, 15, 19)."""
    people = from_the_floor(facts, "person")
    return _findings(judge_sanctions(facts, people, rule, "session_opens_on"))


@check(FLOOR_AVOIDANCE)
def avoidance(facts: Facts, rule: AvoidanceRule) -> pd.DataFrame:
    """They are no kin of another candidate, nor stand where they grew up (公务员法 art. 74, 75)."""
    return _findings(
        judge_avoidance(facts, from_the_floor(facts, "post", "person", "home_division"), rule)
    )
