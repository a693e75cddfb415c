"""What holds for every check of vetting: nothing vanishes unnoticed, scopes do not matter."""

import ast
import inspect
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd
import pytest

from schemas.facts import Facts
from schemas.rules.vetting import RULES
from tasks.checks import returns, vetting, vetting_decision, vetting_reviews, vetting_slate
from tests.support.vetting import PARAMETERS, RULE, facts, findings
from tests.support.vetting_book import (
    CITY,
    COUNTY,
    OTHER,
    SUBJECT,
    TOWNSHIP,
    UNIT,
    UNITS,
    Book,
    add,
    changed,
    good_book,
    put,
)

INCIDENTS = {"reports", "sanctions", "kin"}
# Who was never sanctioned needs no opening day to compare with.
# What is not there makes the rule stricter, or is missed by another check of the stage.
UNNOTICED = {
    ("vetting.sanctions", "calendar"),
    ("vetting.bars", "reviews"),
    ("vetting.reports", "sessions"),
    ("vetting.avoidance", "jurisdictions"),
}
CODES = sorted(rule.code for rule in RULES)


@cache
def good_facts() -> Facts:
    return facts(good_book())


def without(registers: Iterable[str]) -> Facts:
    """The facts of the good book with `registers` empty."""
    of = good_facts()
    return replace(of, tables={**of.tables, **{name: of.tables[name][:0] for name in registers}})


def closed(found: pd.DataFrame) -> set[str]:
    """The units that have something missing or wrong."""
    return set(found.loc[found["status"].isin(["missing", "fail"]), "unit"])


@pytest.mark.parametrize("code", CODES)
def test_the_good_book_is_good(code: str) -> None:
    assert closed(findings(code, good_facts())) == set()


@pytest.mark.parametrize("code", CODES)
def test_nothing_on_record_never_passes(code: str) -> None:
    registers = {read.register for read in RULE[code].reads}
    found = findings(code, without(registers))
    assert set(found["status"]) == {"missing"}
    assert closed(found) == set(UNITS)


@pytest.mark.parametrize(
    ("code", "register"),
    dict.fromkeys(
        (rule.code, read.register)
        for rule in RULES
        for read in rule.reads
        if read.register not in INCIDENTS and (rule.code, read.register) not in UNNOTICED
    ),
)
def test_no_register_vanishes_unnoticed(code: str, register: str) -> None:
    found = findings(code, without([register]))
    township = {f"{TOWNSHIP}-government"} if code == "vetting.qualification" else set()
    assert closed(found) >= set(UNITS) - (township if register == "posts" else set())


@pytest.mark.parametrize("code", CODES)
def test_a_slate_without_evidence_never_passes_whole(code: str) -> None:
    kept = {"jurisdictions", "units", "candidates", "posts", "calendar", "roster", "officers"}
    of = without(set(good_book()) - kept)
    expected = set() if code == "vetting.qualification" else set(UNITS)
    assert closed(findings(code, of)) == expected


def muddled_book() -> Book:
    """Rows that reach from one unit into another, rightly and wrongly."""
    deputy = "p-640302-deputy-head"
    changes = [
        add(
            "sanctions",
            sanction=f"s-{home}-{person}",
            jurisdiction=home,
            person=person,
            kind="removal",
            decided_on=date(2016, 1, 1),
        )
        for home in (CITY, COUNTY, OTHER, TOWNSHIP)
        for person in ("p-640302-head", "p-640302001-head", "p-640321-head")
    ]
    pairs = [
        (OTHER, f"p-{SUBJECT}", deputy),
        (COUNTY, f"p-{SUBJECT}", "p-640321-head"),
        (TOWNSHIP, "p-640302001-head", f"p-{SUBJECT}"),
    ]
    changes += [
        add("kin", jurisdiction=home, person=one, kin=two, kinship="spouse")
        for home, one, two in pairs
    ]
    opinions = {
        SUBJECT: f"o-{OTHER}-1",
        "640302001-head": f"o-{CITY}-1",
        "640321-head": "o-640302-1",
    }
    changes += [
        put("integrity_opinions", {"candidate": candidate}, party_secretary=officer)
        for candidate, officer in opinions.items()
    ]
    changes += [
        put("candidates", {"candidate": "640321-head"}, post=f"{UNIT}-head"),
        add(
            "reports",
            report="r-1",
            unit=f"{OTHER}-government",
            candidate=SUBJECT,
            channel="phone",
            received_on=date(2016, 10, 1),
            clear_leads=True,
            concrete=True,
            real_name=False,
        ),
    ]
    return changed(*changes)


@pytest.mark.parametrize("code", CODES)
def test_findings_of_a_unit_do_not_depend_on_the_scope(code: str) -> None:
    of = facts(muddled_book())
    whole = findings(code, of)
    for unit in UNITS:
        alone = findings(code, of.within([unit])).sort_values("subject", ignore_index=True)
        among = whole[whole["unit"] == unit].sort_values("subject", ignore_index=True)
        pd.testing.assert_frame_equal(alone, among)


def test_the_muddled_book_muddles() -> None:
    of = facts(muddled_book())
    county, township, other = UNIT, f"{TOWNSHIP}-government", f"{OTHER}-government"
    assert closed(findings("vetting.sanctions", of)) == {county, township, other}
    assert closed(findings("vetting.integrity", of)) == {county, other}
    assert closed(findings("vetting.avoidance", of)) == {other}
    assert closed(findings("vetting.qualification", of)) == {other}


def test_every_reason_is_given_somewhere() -> None:
    said = {
        node.value
        for module in (vetting, vetting_decision, vetting_reviews, vetting_slate, returns)
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Constant)
    }
    assert {reason for rule in RULES for reason in rule.reasons} - said == set()


def test_a_zero_or_an_empty_list_in_a_rule_is_refused() -> None:
    for code, parameters in PARAMETERS.items():
        model = RULE[code].parameters
        model.model_validate(parameters)
        for name, value in parameters.items():
            nothing: object = [] if isinstance(value, list) else None if value is True else 0
            with pytest.raises(ValueError, match=name):
                model.model_validate(parameters | {name: nothing})
