"""What the subjects of findings are called.

Expected: a code of ours in a subject is named as the registers' columns name it, in each language;
where one code is a term of several columns, it is the one that the check reads. Ids stay as they
are, and what has to be typed stands in brackets behind the name.
"""

import pytest

from data.policies import bundled, read_pack
from schemas.findings import Finding
from schemas.registers import REGISTERS
from schemas.rules.catalogue import RULES
from schemas.rules.parameters import ActivitiesRule, FilmsRule
from schemas.subjects import (
    PARAMETERS,
    TERMS,
    VISITED,
    finding_name,
    subject_name,
    subject_shown,
)
from schemas.text import reading_in
from schemas.vocabulary import Stage, Status
from tasks.checks.inspection_teams import FIVE_ITEMS

PLACE, UNIT = "640302", "640302-congress"
NAMED = [
    ("nomination.activities", f"{PLACE}/one-card", "一张提醒卡", "reminder card"),
    ("nomination.lists", f"{UNIT}/deputies-final", "代表候选人正式名单", "final deputy list"),
    # The same code: a document, a duty, an item of the reviews, a stage.
    ("nomination.consultation", f"{UNIT}/consultation", "民主协商记录", "consultation record"),
    ("plan.duties", f"{PLACE}/consultation", "协商提名推荐", "consultation on nominations"),
    ("vetting.freeze", "c-640300-0043/inspection", "巡视巡察结果必用", "inspection results used"),
    ("plan.notice", f"{PLACE}/inspection", "督导", "inspection"),
    # Posts, as the law of the level has them; whoever heads a government is called by the place.
    ("result.counts", f"{UNIT}-member/1/c-640302-0021", "人大常委会委员", "committee member"),
    ("slate.caps", f"{UNIT}-chair", "人大常委会主任", "chair"),
    ("slate.caps", "640302100-congress-chair", "人大主席", "chair"),
    ("slate.caps", f"{PLACE}-cppcc-vice-chair", "政协副主席", "vice chair"),
    ("slate.caps", f"{PLACE}-government-head", "政府正职", "head of government"),
    ("slate.caps", f"{UNIT}-court-president", "法院院长", "court president"),
    # A register of which nothing is on record, and a thing that a visit looks at.
    ("vetting.avoidance", f"{PLACE}/kin", "亲属关系", "kin"),
    ("inspection.five-items", f"{PLACE}/institutions", "查制度执行", "checked institutions"),
]
UNNAMED = [
    ("plan.seats", UNIT),
    ("nomination.must-talks", "p-640300-0170"),
    ("slate.caps", f"{PLACE}-congress-minister"),
    ("plan.hand-off", UNIT),
    ("nomination.activities", f"{PLACE}/kite-flying"),
]


@pytest.mark.parametrize(("check", "subject", "zh", "en"), NAMED)
def test_codes_are_named_by_what_the_check_reads(
    check: str, subject: str, zh: str, en: str
) -> None:
    name = subject_name(check, subject)
    assert name is not None
    assert name.zh == zh
    assert en in name.en
    with reading_in("zh"):
        assert subject_shown(check, subject) == f"{zh}（{subject}）"
    with reading_in("en"):
        assert subject_shown(check, subject) == f"{name.en} ({subject})"


@pytest.mark.parametrize(("check", "subject"), UNNAMED)
def test_ids_stay_as_they_are(check: str, subject: str) -> None:
    assert subject_name(check, subject) is None
    assert subject_shown(check, subject) == subject


def test_sign_offs_are_named_by_who_must_sign() -> None:
    required = read_pack("cn-2016").sign_offs[Stage.PLAN]
    one = Finding("plan.sign-off", "liaison", Status.PASS)
    name = finding_name(one, required)
    assert name is not None
    assert "组织部" in name.zh
    # Without the pack what the finding itself says.
    assert finding_name(one) is None
    missing = Finding(
        "plan.sign-off", "liaison", Status.MISSING, "", {"organ": "organisation-department"}
    )
    told = finding_name(missing)
    assert told is not None
    assert told.zh == "组织部"
    with reading_in("zh"):
        assert subject_shown(one.check, one.subject, told.zh) == "组织部"


def test_the_names_are_those_of_the_registers_columns() -> None:
    read = {
        (one.register, column)
        for rule in RULES.values()
        for one in rule.reads
        for column in one.columns
        if column in REGISTERS[one.register].key and REGISTERS[one.register].column[column].terms
    }
    assert {f"{register}.{column}" for register, column in read} <= TERMS.keys()
    for name, terms in TERMS.items():
        register, _, column = name.partition(".")
        assert REGISTERS[register].column[column].terms is terms
    visits = REGISTERS["visits"].column
    assert {name: visits[name].column.label for name in FIVE_ITEMS} == VISITED


@pytest.mark.parametrize("pack", bundled())
def test_what_the_packs_name_is_called_something(pack: str) -> None:
    named: set[str] = set()
    for checks in read_pack(pack).checks.values():
        for one in checks:
            match one.parameters:
                case ActivitiesRule(activities=codes) | FilmsRule(films=codes):
                    named.update(codes)
    assert len(named) >= 10
    assert named <= PARAMETERS.keys()
