"""A part of the runs of `python -m tests.tamper`, the same every time."""

from pathlib import Path

import pytest

from tests.support.marks import of_all
from tests.tamper.attack import ATTACKS, Pool
from tests.tamper.material import Material
from tests.tamper.mutations import MUTATIONS
from tests.tamper.runs import (
    Outcome,
    agreement,
    attacked,
    every_byte,
    every_byte_of_a_home,
    honest,
)
from tests.tamper.stories import story

KINDS = {
    "opened", "submitted", "proposed", "confirmed", "listed",
    "key-enrolled", "key-vouched", "key-rotated", "key-revoked",
    "signed", "refused", "waived", "withdrawn", "attempted", "decided", "handed-on", "checkpointed",
    "evaluator-enrolled", "evaluator-vouched", "evaluator-rotated", "evaluator-revoked",
    "pack-proposed", "pack-adopted",
}  # fmt: skip


some_by_lot = pytest.mark.reduced("what is changed is drawn by lot, and each change costs the same")


def none_missed(outcome: Outcome, at_least: int) -> None:
    assert outcome.missed.total() == 0, outcome.told
    assert outcome.total >= at_least


def test_a_seed_tells_the_same_ledger(tmp_path: Path) -> None:
    first, second = (story(tmp_path / name, 5, 60) for name in ("a", "b"))
    assert first.rows == second.rows
    assert first.kept == second.kept
    assert first.bundle() == second.bundle()
    assert first.rows != story(tmp_path / "c", 6, 60).rows


def test_a_ledger_told_again_is_the_same(pool: Pool) -> None:
    one = pool.told[0].material
    assert one.rechained(one.entries) == one
    assert one.remade(one.entries, acts=True) == one


def test_every_kind_of_entry_is_told(pool: Pool) -> None:
    kinds = {entry["kind"] for told in pool.told for entry in told.material.entries}
    assert kinds >= KINDS


@some_by_lot
def test_every_changed_byte_is_named(long_ledger: Material) -> None:
    assert len(long_ledger.rows) >= 200
    none_missed(every_byte(long_ledger, of_all(0.01, 0.05), 1, 1), of_all(2_000, 10_000))


@some_by_lot
def test_every_changed_byte_of_a_home_is_named(long_ledger: Material, scratch: Path) -> None:
    share, at_least = of_all(0.002, 0.005), of_all(240, 600)
    none_missed(every_byte_of_a_home(long_ledger, share, 1, 3, scratch), at_least)


def test_there_are_attacks_of_every_sort() -> None:
    assert len(ATTACKS) >= 50
    assert len(MUTATIONS) == 6


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_detected_and_named(name: str, pool: Pool) -> None:
    none_missed(attacked(pool, (name,), 3, 7), 4)


@some_by_lot
def test_an_honest_ledger_raises_no_alarm(scratch: Path) -> None:
    ledgers = of_all(20, 40)
    none_missed(honest(ledgers, (20, 120), 3, scratch), ledgers)


@some_by_lot
def test_the_verifiers_agree_on_mutated_ledgers(scratch: Path) -> None:
    mutants = of_all(200, 400)
    outcome = agreement(mutants, (20, 50), 11, scratch, each=mutants // 10)
    none_missed(outcome, mutants)
    assert {"changed", "signature", "decision", "checkpoint", "rewritten"} <= set(outcome.classes)
