"""However a known book is kept: by its map the same rows and digests, or a rejection says where."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.aliases import plain_name
from schemas.canonical import row_digest
from tasks.intake import readings
from tasks.intake.mapped import look_through_mapped
from tasks.intake.mapping import read_map
from tasks.intake.quarantine import write_quarantine
from tests.intake.decorations import known_rows
from tests.intake.own_sheets import kept
from tests.support.marks import of_all

REGISTERS = ("jurisdictions", "officers", "roster", "candidates", "reviews", "sessions")
SOME = settings(
    max_examples=of_all(40, 1_000), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def same_or_named(seed: int) -> None:
    dice = Random(seed)
    known = {name: known_rows(name) for name in dice.sample(REGISTERS, 3)}
    with TemporaryDirectory() as folder:
        made = kept(known, Path(folder), dice)
        sheet_map = read_map(made.map)
        book = look_through_mapped(Path(folder), sheet_map, (), None)
        assert not book.problems
        assert set(book.deliveries) == set(known)
        rejected = 0
        for register, delivery in book.deliveries.items():
            places = {(x.sheet.title, x.row): n for n, x in delivery.origins.items()}
            taken = dict(zip(delivery.row_numbers, delivery.rows, strict=True))
            for row, (title, number, spoilt) in zip(
                known[register], made.places[register], strict=True
            ):
                mine = places.get((title, number))
                if spoilt:
                    found = [x for x in delivery.rejections if (x.sheet, x.row) == (title, number)]
                    assert plain_name(spoilt) in [plain_name(x.column) for x in found]
                    assert mine not in delivery.row_numbers
                    rejected += 1
                elif mine is None:
                    # Said twice over, and taken once.
                    assert row in delivery.rows
                else:
                    assert taken[mine] == row
                    assert row_digest(register, taken[mine]) == row_digest(register, row)
            assert all(row in known[register] for row in delivery.rows)
        if rejected:
            back = Path(folder) / "q.xlsx"
            write_quarantine(back, book.deliveries.values(), "zh")
            again = look_through_mapped(back, sheet_map, (), None)
            assert not again.problems
            # Its sheets are those of the map, under other names.
            told = [x.how for one in again.deliveries.values() for x in one.readings]
            assert readings.LEFT_OUT_SHEET not in told
            assert sum(one.rejected for one in again.deliveries.values()) == rejected
            assert sum(one.accepted for one in again.deliveries.values()) == 0


@pytest.mark.reduced("books are drawn by lot")
@SOME
@given(seed=st.integers(0, 2**32))
def test_a_book_in_people_s_sheets_is_the_same_book(seed: int) -> None:
    same_or_named(seed)
