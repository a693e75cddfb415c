"""However a known table is decorated: the same rows and digests, or a rejection names the cell."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.aliases import plain_name
from schemas.canonical import row_digest
from tasks.intake.delivery import Delivery
from tasks.intake.quarantine import write_quarantine
from tasks.intake.reading import read_register
from tests.intake.decorations import decorated, known_rows
from tests.support.marks import of_all

REGISTERS = ("roster", "reviews", "candidates", "officers", "sessions", "jurisdictions")
SOME = settings(
    max_examples=of_all(120, 2_000), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def same_or_named(register: str, seed: int) -> None:
    dice = Random(seed)
    rows = known_rows(register)
    with TemporaryDirectory() as folder:
        made = decorated(register, rows, Path(folder), dice)
        delivery = read_register(register, made.path)
        taken = dict(zip(delivery.row_numbers, delivery.rows, strict=True))
        for number, known in enumerate(rows):
            if number in made.spoilt:
                _rejected(delivery, made.rows[number], made.spoilt[number])
            else:
                row = taken.pop(made.rows[number])
                assert row == known
                assert row_digest(register, row) == row_digest(register, known)
        assert not taken
        write_quarantine(Path(folder) / "q.xlsx", [delivery], "zh")
        again = read_register(register, Path(folder) / "q.xlsx")
        assert again.delivered == again.rejected == delivery.rejected


def _rejected(delivery: Delivery, row: int, heading: str) -> None:
    found = [x for x in delivery.rejections if x.row == row]
    assert [plain_name(x.column) for x in found] == [plain_name(heading)]
    assert row not in delivery.row_numbers


@pytest.mark.reduced("tables are drawn by lot")
@SOME
@given(register=st.sampled_from(REGISTERS), seed=st.integers(0, 2**32))
def test_a_decorated_table_is_the_same_table(register: str, seed: int) -> None:
    same_or_named(register, seed)
