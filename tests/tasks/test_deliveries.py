"""One delivery at a time to the finished reference cycle: which gates rest on it, and no other."""

from collections.abc import Mapping
from functools import cache

import pytest

from schemas.facts import Facts
from schemas.registers import REGISTERS
from schemas.rules.base import Read, registers_of
from schemas.vocabulary import STAGES, Stage
from tasks.gate.evidence import evidence_of
from tasks.handoff.frames import READS
from tests.support import edits, reference
from tests.support.deliveries import GONE, NEW, RELATED, UNRELATED, Delivery
from tests.support.edits import Book


@cache
def finished() -> Book:
    return edits.book_of(reference.after_mends())


@cache
def gate_reads(stage: Stage) -> tuple[Read, ...]:
    checks = (one for one in reference.checks() if one.rule.stage is stage)
    return (*(read for one in checks for read in one.reads), *READS[stage])


@cache
def facts_before() -> Facts:
    return finished().facts()


@cache
def before() -> Mapping[Stage, dict[str, str]]:
    return {stage: evidence_of(facts_before(), gate_reads(stage)) for stage in STAGES}


def after(delivery: Delivery) -> Facts:
    """The facts once it is there."""
    name, key = delivery.register, REGISTERS[delivery.register].key
    table = finished().rows[name]
    named = ["/".join(str(row[column]) for column in key) for row in table]
    at = named.index(delivery.key)
    row = {**table[at], **delivery.cells}
    assert row != table[at] or delivery.kind == GONE
    if delivery.kind == NEW:
        assert "/".join(str(row[column]) for column in key) not in named
        return finished().with_rows(name, [row]).facts()
    return finished().edited(name, {at: None if delivery.kind == GONE else row}).facts()


def touched(delivery: Delivery) -> set[str]:
    """The gates whose evidence is another one after a delivery."""
    facts = after(delivery)
    behind = {delivery.register}
    return {
        f"{stage}:{unit}"
        for stage in STAGES
        if behind & registers_of(gate_reads(stage))
        for unit, digest in evidence_of(facts, gate_reads(stage)).items()
        if digest != before()[stage][unit]
    }


def expected(delivery: Delivery) -> set[str]:
    return {
        f"{stage}:{unit}"
        for stage in STAGES
        for unit in before()[stage]
        if delivery.names(stage.value, unit)
    }


def test_the_lists_are_long_enough_and_say_what_they_mean() -> None:
    assert min(len(UNRELATED), len(RELATED)) >= 40
    titles = [one.title for one in (*UNRELATED, *RELATED)]
    assert len(set(titles)) == len(titles)
    assert not any(one.touches for one in UNRELATED)
    assert all(expected(one) for one in RELATED)
    assert {stage for one in RELATED for stage in STAGES if f"{stage}:" in one.touches} == {*STAGES}


@pytest.mark.parametrize("delivery", UNRELATED, ids=lambda one: one.title)
def test_what_nobody_looks_at_touches_no_gate(delivery: Delivery) -> None:
    assert touched(delivery) == set()


@pytest.mark.parametrize("delivery", RELATED, ids=lambda one: one.title)
def test_what_is_looked_at_touches_exactly_the_gates_that_rest_on_it(delivery: Delivery) -> None:
    assert touched(delivery) == expected(delivery)
