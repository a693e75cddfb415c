"""Checks of registers that may lawfully be empty: what they say of nothing, and each reason.

Expected from the statutes: nobody has to pass a report on, introduce candidates or find an election
void; a method has its differentials, and a case has somebody who handles it (fail closed).
"""

from collections import defaultdict
from datetime import date
from functools import cache
from math import ceil
from typing import Any

import pytest

from schemas.rules import election_after, inspection_handling, slate_method, vetting_kin
from schemas.rules.base import Rule
from tasks.gate.evaluation import run_check
from tests.law.base import PACKS, pack_of
from tests.law.cases import Case, _by_day, _facts, cases, runs_of

RULES: tuple[Rule, ...] = (
    *inspection_handling.RULES,
    *vetting_kin.RULES,
    *slate_method.RULES,
    *election_after.RULES,
)
CODES = frozenset(rule.code for rule in RULES)


@cache
def told() -> dict[str, set[tuple[str, str]]]:
    """Check → status and reason of whatever it says in the cases that are about one of them."""
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    chosen = [
        (case, pack)
        for lawful in (True, False)
        for case in cases(lawful=lawful)
        if case.checks & CODES or case.id == "vice-heads-four-more"
        for pack in case.packs
    ]
    for group in _by_day(runs_of(chosen)):
        facts = _facts(group)
        for code in sorted(CODES):
            if (check := pack_of(group[0].setting.pack).check(code)) is None:
                continue
            for findings in run_check(check, facts).values():
                found[code] |= {(one.status.value, one.reason) for one in findings}
    return dict(found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_reason_is_given_by_a_case(rule: Rule) -> None:
    said = {reason for _, reason in told()[rule.code]}
    assert said >= rule.reasons.keys() - told_below(rule.code)
    assert "pass" in {status for status, _ in told()[rule.code]}


def test_both_packs_hold_to_them_but_for_what_came_later() -> None:
    later = {"inspection.objections"}
    for pack in PACKS:
        named = {code for code in CODES if pack_of(pack).check(code)}
        assert named == CODES - (later if pack == "cn-2016" else set())


Said = set[tuple[str, str, str]]
GOVERNMENT, CONGRESS = "county government", "county congress"


def said(code: str, unit: str, pack: str = "cn-2026", **given: Any) -> Said:
    """Subject, status and reason of what one check says of a case."""
    stage = code.partition(".")[0]
    (run,) = runs_of([(Case("x", True, {"id": "x", "stage": stage, "unit": unit, **given}), pack)])
    check = pack_of(pack).check(code)
    assert check is not None
    found = run_check(check, _facts([run]))[run.unit]
    mine = f"--{run.number}"
    return {
        (run.said(one.subject.replace(mine, "")), one.status.value, one.reason) for one in found
    }


def sister(**values: Any) -> dict[str, Any]:
    """She leads an office of the county government that p-head-1 is to lead."""
    return {"person": "p-head-1", "works_at": "640302", **values}


# Check, unit, case, and what is said of one subject.
EXAMPLES: list[tuple[str, str, dict[str, Any], tuple[str, str, str]]] = [
    ("vetting.kin-offices", GOVERNMENT, {"drop": {"posts": "all"}},
     ("c-head-1", "missing", "no-post")),
    ("vetting.kin-offices", GOVERNMENT,
     {"put": {"kin_offices": [sister(leaves_on="closes-1")]}, "drop": {"calendar": "all"}},
     ("c-head-1", "missing", "no-calendar")),
    # Whether she leaves in time is no question where she stays.
    ("vetting.kin-offices", GOVERNMENT,
     {"put": {"kin_offices": [sister()]}, "drop": {"calendar": "all"}},
     ("c-head-1", "fail", "under-the-lead")),
    ("vetting.kin-offices", GOVERNMENT,
     {"put": {"kin_offices": [sister(leaves_on="closes-1"), sister(relative="k-2")]}},
     ("c-head-1", "fail", "under-the-lead")),
    ("vetting.kin-offices", GOVERNMENT,
     {"put": {"kin_offices": [sister(relative="k-2"), sister(leaves_on="closes-1")]}},
     ("c-head-1", "fail", "under-the-lead")),
    ("vetting.kin-offices", GOVERNMENT,
     {"put": {"kin_offices": [sister(leaves_on="closes-1"),
                              sister(relative="k-2", leaves_on="closes+1")]}},
     ("c-head-1", "fail", "under-the-lead")),
    ("vetting.kin-offices", GOVERNMENT,
     {"put": {"kin_offices": [sister(relationship="further"), sister(relative="k-2",
                                                                       office="other")]}},
     ("c-head-1", "pass", "")),
    ("vetting.kin-offices", GOVERNMENT, {"put": {"kin_offices": [sister()]}},
     ("c-deputy-head-1", "pass", "")),
    ("vetting.freeze", GOVERNMENT, {"drop": {"reviews": "all"}},
     ("640302-government", "not_applicable", "not-reviewed")),
    ("vetting.freeze", GOVERNMENT,
     {"put": {"documents": [{"kind": "freeze-date", "issued_on": "vetting"}],
              "reviews": [{"candidate": "c-head-1", "item": "archive", "answered_on": None}]}},
     ("c-head-1/archive", "missing", "not-answered")),
    ("inspection.objections", GOVERNMENT,
     {"day": date(2045, 3, 1),
      "put": {"reports": [{"report": "r-1", "received_on": date(2045, 1, 2)}],
              "referrals": [{"report": "r-1", "received_on": date(2045, 1, 3),
                             "objected_on": date(2045, 1, 9)}]}},
     ("r-1/区纪委", "missing", "no-workdays")),
    ("slate.method-differential", GOVERNMENT,
     {"day": "opens",
      "put": {"differentials": [{"post": "deputy-head", "more": 2, "document": "x"}]}},
     ("640302-government-deputy-head", "not_yet", "nominations-open")),
    ("slate.method-differential", GOVERNMENT,
     {"day": "opens",
      "put": {"differentials": [{"post": "deputy-head", "more": 1, "document": "x"}]}},
     ("640302-government-deputy-head", "pass", "")),
    ("slate.method-differential", GOVERNMENT,
     {"put": {"differentials": [{"post": "deputy-head", "more": 0, "document": "x"}]}},
     ("640302-government-deputy-head", "fail", "not-lawful")),
    ("slate.introductions", CONGRESS,
     {"put": {"introductions": [{"introduction": "i-1", "introduced_on": "vote-1"}]},
      "drop": {"sessions": "all"}},
     ("i-1", "missing", "no-day")),
    ("slate.introductions", CONGRESS,
     {"put": {"introductions": [{"introduction": "i-1", "election": "by-voters",
                                 "introduced_on": "elected-1"}]},
      "drop": {"sessions": "all"}},
     ("i-1", "pass", "")),
    ("result.void-elections", GOVERNMENT,
     {"put": {"void_elections": [{"finding": "f-1", "elected_as": "post", "candidate": "c-head-1",
                                  "decided_on": "vote+3", "voided_on": "vote+4"}],
              "results": [{"post": "head", "candidate": "c-head-1", "voided_on": "vote+4"}]}},
     ("f-1", "pass", "")),
    ("result.procurator-approval", CONGRESS,
     {"day": "vote+9",
      "put": {"approvals": [{"candidate": "c-chief-procurator-1", "proposed_at": "640300",
                             "approved_at": "640300", "approved_on": "vote+10",
                             "took_office_on": "vote+9"}]}},
     ("c-chief-procurator-1", "fail", "took-office-unapproved")),
    ("result.procurator-approval", CONGRESS,
     {"put": {"results": [{"post": "chief-procurator", "candidate": "c-chief-procurator-1",
                           "voided_on": "vote+4"}]}},
     ("640302-congress", "not_applicable", "nobody-elected")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "unit", "given", "expected"), EXAMPLES)
def test_what_a_check_says(
    code: str, unit: str, given: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert expected in said(code, unit, **given)


def told_below(code: str) -> set[str]:
    """The reasons that examples give, which need not be those of a case."""
    return {reason for check, _, _, (_, _, reason) in EXAMPLES if check == code}


@pytest.mark.parametrize("members", [11, 20, 24, 25])
def test_the_method_keeps_within_a_tenth_and_a_fifth(members: int) -> None:
    """地方组织法 art. 27: a tenth to a fifth more; as many as the method has are nominated."""
    least, most = ceil(members / 10), members // 5
    for more in (least - 1, least, most, most + 1):
        found = said(
            "slate.method-differential",
            CONGRESS,
            base={"seats": {"member": members}},
            put={"differentials": [{"post": "member", "more": more, "document": "x"}]},
        )
        lawful = "pass" if more == least else "fail"
        expected = "" if more == least else "too-few" if more == most else "not-lawful"
        assert ("640302-congress-member", lawful, expected) in found, more
