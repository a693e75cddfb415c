"""A cycle of which nothing but the places is on record: every check answers, and none crashes.

Rules: a cycle begins with a few registers and gets the others over months; whatever is still empty
is missing, ahead of its day or does not apply, and never a fault of ours.
"""

from __future__ import annotations

from functools import cache

import pytest

from data.policies import read_pack
from schemas.facts import Facts
from schemas.registers import REGISTERS
from schemas.rules.catalogue import BROKEN
from schemas.vocabulary import STAGES
from tasks.gate.evaluation import run_check
from tests.support import reference
from tests.support.cycle import small_rows

PACKS = ("cn-2016", "cn-2026")
EVERY = [(pack, one.rule.code) for pack in PACKS for stage in STAGES
         for one in read_pack(pack).checks[stage]]  # fmt: skip
THERE = ("jurisdictions", "units")


@cache
def facts() -> Facts:
    """The places and units of the small cycle, and nothing else."""
    rows = small_rows()
    return reference.facts({name: rows[name] if name in THERE else () for name in REGISTERS})


@pytest.mark.parametrize(("pack", "code"), EVERY)
def test_a_check_answers_while_nothing_is_on_record(pack: str, code: str) -> None:
    check = read_pack(pack).check(code)
    assert check is not None
    found = run_check(check, facts())
    assert [one.reason for told in found.values() for one in told if one.reason in BROKEN] == []
