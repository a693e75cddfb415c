"""Formats of pack files: what an older release wrote asks for the same under a later one."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from typing import Annotated, Any
from unittest.mock import patch

import pytest
from pydantic import Field

from data import policies
from data.policies import bundled, pack_bytes
from data.verify import verify
from schemas.authority import Within
from schemas.pack_formats import STEPS, Step, newest, tables_in, upgraded
from schemas.pack_gates import gate_digest
from schemas.policy import PolicyRefused, parse_pack
from schemas.registers import REGISTERS
from schemas.rules import parameters
from schemas.rules.parameters import DeploymentRule, Listed
from schemas.text import Text
from schemas.vocabulary import Body, Level, MeasureKind, Organ, Outcome, Stage
from tasks.checks.registry import CHECKS
from tasks.replay import replay
from tests.support import cycle
from tests.support.packs import HEAD, HEAD_1, HEAD_2, HEAD_3, entry, pack, sign_off

UNIT = "640302103-congress"


def read(text: str) -> Any:
    return parse_pack(text.encode(), "local.toml")


def refusal(text: str) -> PolicyRefused:
    with pytest.raises(PolicyRefused) as told:
        read(text)
    return told.value


# Today's formats


def test_a_file_without_a_format_is_of_the_first_and_asks_for_the_same() -> None:
    old, new = read(pack(head=HEAD_1)), read(pack())
    assert (old.format, new.format) == (1, 4)
    assert (len(old.steps), new.steps) == (3, ())
    assert (old.checks, old.sign_offs) == (new.checks, new.sign_offs)
    assert touched(pack(head=HEAD_1), pack()) == set()
    # It never said who may adopt another pack, so nobody may.
    assert old.adopters == ()
    assert new.adopters == (Organ.SECRETARY, Organ.DISCIPLINE)


def test_of_the_second_format_everybody_delivers_and_nobody_lifts() -> None:
    old, new = read(pack(head=HEAD_2)), read(pack())
    assert (old.format, len(old.steps)) == (2, 2)
    assert (old.adopters, old.rulings.reopen) == (new.adopters, new.rulings.reopen)
    assert (old.rulings.lift.organs, new.rulings.lift.organs) == ((), new.adopters)
    (everybody,) = old.deliverers
    assert everybody.within is Within.ANYWHERE
    assert set(product(everybody.organs, everybody.registers)) == set(product(Organ, REGISTERS))


def test_of_the_third_format_every_other_organ_vouches() -> None:
    old, new = read(pack(head=HEAD_3)), read(pack())
    assert (old.format, len(old.steps)) == (3, 1)
    assert old.deliverers == new.deliverers
    (everybody,) = old.vouching
    assert set(everybody.organs) == set(everybody.holders) == set(Organ)
    assert everybody.covers(Organ.PETITION_OFFICE, Organ.SECRETARY)
    assert not everybody.covers(Organ.SECRETARY, Organ.SECRETARY)


def test_registers_that_came_after_a_pack_are_the_organisation_departments() -> None:
    later = "vacancies"
    old = read(pack(head=HEAD_3.replace(f', "{later}"', "")))
    organs = [one.organs for one in old.deliverers if later in one.registers]
    assert organs == [(Organ.ORGANISATION,)]
    # Of today's format a pack has to say so itself.
    assert later in refusal(pack(head=HEAD.replace(f', "{later}"', ""))).text.en


@pytest.mark.parametrize(
    "organs", ['["secretary", "audit-office"]', '["secretary"]', '["audit-office"]']
)
def test_each_organ_has_two_others_who_vouch(organs: str) -> None:
    before, text = HEAD.split("[[vouching]]")
    other = re.sub(r"organs = .*", f"organs = {organs}", text)
    told = refusal(pack(head=f"{before}[[vouching]]{other}")).text.en
    assert "secretary: fewer than 2 other organs vouch" in told
    assert ("presidium: fewer" in told) is ("," not in organs)


@pytest.mark.parametrize("name", bundled())
def test_our_packs_are_of_todays_format(name: str) -> None:
    assert parse_pack(pack_bytes(name), name).format == newest()


@pytest.mark.parametrize("number", ["0", "-1", "5", "99", '"2"', "true", "2.0", "[2]"])
def test_no_other_format_is_read(number: str) -> None:
    told = refusal(pack(head=HEAD.replace("format = 4", f"format = {number}")))
    assert "this release reads 1 to 4" in told.text.en


def test_a_file_of_the_first_format_has_nothing_of_the_second() -> None:
    assert "adoption" in refusal(pack(head=HEAD.replace("adoption", "adopting"))).text.en
    assert "adoption is missing" in refusal(pack(head="format = 2" + HEAD_1)).text.en


@pytest.mark.parametrize(
    "organs",
    ['["secretary"]', '["secretary", "secretary"]', '["mayor", "secretary"]', '"secretary"'],
)
def test_another_pack_takes_two_organs(organs: str) -> None:
    text = pack(head=HEAD.replace('["secretary", "discipline-commission"]', organs))
    assert "adoption" in refusal(text).text.en


def test_a_pack_may_say_that_none_takes_its_place() -> None:
    text = pack(head=HEAD.replace('["secretary", "discipline-commission"]', "[]"))
    assert read(text).adopters == ()


# Faults


def test_every_fault_is_told_in_a_line_of_its_own() -> None:
    text = pack(
        head=HEAD.replace("2017-12-31", "2015-12-31").replace('version = "1"', "version = 1"),
        plan=entry("plan", "plan.deployment", "city = []\ndays = 1.5"),
        inspection=entry("inspection", "inspection.rectified", "months = 99"),
    )
    told = [line.en.removeprefix("policy pack local.toml: ") for line in refusal(text).lines]
    assert told == [
        "version = 1 is no text",
        "plan.deployment: city is empty",
        "plan.deployment: county is missing",
        "plan.deployment: township is missing",
        "plan.deployment: days = 1.5 is no whole number",
        "inspection.rectified: months = 99; at most 24",
    ]
    assert all(line.zh.startswith("规则包 local.toml：") for line in refusal(text).lines)


@pytest.mark.parametrize("value", ["nan", "inf", "1979-05-27T07:32:00Z", "07:32:00", "{}"])
def test_whatever_toml_can_say_is_a_fault_where_it_is_not_due(value: str) -> None:
    text = pack(inspection=entry("inspection", "inspection.rectified", f"months = {value}"))
    assert "inspection.rectified: months = " in refusal(text).text.en


# What a gate goes by

TOWNSHIP, CITY = (Level.TOWNSHIP, Body.CONGRESS), (Level.CITY, Body.CPPCC)


def touched(before: str, after: str, *kinds: tuple[Level, Body]) -> set[Stage]:
    """The stages at which gates of units of these kinds go by something else."""
    old, new = (upgraded(tables_in(one.encode()))[0] for one in (before, after))
    return {
        stage
        for stage in Stage
        for kind in kinds or (TOWNSHIP, CITY)
        if gate_digest(old, stage, *kind) != gate_digest(new, stage, *kind)
    }


@pytest.mark.parametrize(
    ("before", "after", "stages"),
    [
        ("months = 2", "months = 3", {Stage.INSPECTION}),
        ("2017-12-31", "2018-12-31", {Stage.PLAN}),
        ('basis = {zh = "试", en = "test"}', 'basis = {zh = "另", en = "other"}', set()),
        ('version = "1"', 'version = "2"', set()),
        ('["secretary", "discipline-commission"]', "[]", set()),
    ],
)
def test_the_digest_of_a_gate_is_of_what_decides_there(
    before: str, after: str, stages: set[Stage]
) -> None:
    assert before in pack()
    assert touched(pack(), pack().replace(before, after)) == stages


def test_a_sign_off_is_of_the_units_that_need_it() -> None:
    every, some = '["city", "county", "township"]', '["city", "county"]'
    more = pack() + sign_off("slate", name='"more"', organs='["presidium"]', levels=some)
    assert touched(pack(), more, CITY) == {Stage.SLATE}
    assert touched(pack(), more, TOWNSHIP) == set()
    everywhere = more.replace(some, every)
    assert touched(more, everywhere, CITY) == set()
    assert touched(more, everywhere, TOWNSHIP) == {Stage.SLATE}


# A later release


class _Later(parameters.Parameters):
    """The parameters of the next release: `days` has another name, and one is new."""

    city: Listed[MeasureKind]
    county: Listed[MeasureKind]
    township: Listed[MeasureKind]
    within: parameters.Days
    grace: Annotated[int, Field(ge=0, le=30)]


def _renamed(tables: Mapping[str, Any]) -> Mapping[str, Any]:
    plan = []
    for one in tables["stages"]["plan"]:
        given = dict(one["parameters"])
        if one["check"] == "plan.deployment":
            given |= {"within": given.pop("days"), "grace": 0}
            unsettled = ["within" if name == "days" else name for name in one["unsettled"]]
            plan.append({**one, "unsettled": unsettled, "parameters": given})
        else:
            plan.append(one)
    return {**tables, "stages": {**tables["stages"], "plan": plan}}


def _by_later(facts: Any, given: _Later) -> Any:
    steps = {name: getattr(given, name) for name in ("city", "county", "township")}
    return TODAY(facts, DeploymentRule(**steps, days=given.within + given.grace))


TODAY = CHECKS["plan.deployment"]


@contextmanager
def later_release() -> Iterator[None]:
    """The next release, in which a parameter has another name and one is new."""
    changes = (
        patch.object(parameters, "DeploymentRule", _Later),
        patch.dict(CHECKS, {"plan.deployment": _by_later}),
        patch.dict(STEPS, {newest(): Step(Text("改名", "renamed"), _renamed)}),
    )
    with ExitStack() as stack:
        for change in changes:
            stack.enter_context(change)
        policies.parsed.cache_clear()
        cycle.forget()
        yield
    policies.parsed.cache_clear()
    cycle.forget()


def test_a_cycle_of_the_release_before_runs_is_signed_verifies_and_replays(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path / "home")
    assert cycle.run(home, "plan", UNIT)[UNIT] is Outcome.OPEN
    before = cycle.stored(home)
    with later_release():
        # A pack of that release's own format names what this one has.
        assert "within is missing" in refused_as_it_is()
        told = replay(home)
        assert told.agrees
        assert told.decisions
        assert cycle.run(home, "nomination", UNIT)[UNIT] is Outcome.OPEN
        assert verify(home, blobs=True, acts=True)[1] is None
        assert replay(home, every=True).agrees
    assert cycle.stored(home)[: len(before)] == before


def refused_as_it_is() -> str:
    """What is told of our pack if it claims to be of the later format."""
    text = pack_bytes(cycle.PACK).decode()
    text = text.replace(f"format = {newest() - 1}", f"format = {newest()}")
    return refusal(text).text.en


def test_without_the_step_the_same_cycle_is_refused_in_one_line(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path / "home")
    nothing = {newest(): Step(Text("无", "none"), lambda tables: tables)}
    with (
        later_release(),
        patch.dict(STEPS, nothing),
        pytest.raises(PolicyRefused, match="within is missing"),
    ):
        cycle.launch(home, "plan", UNIT)
