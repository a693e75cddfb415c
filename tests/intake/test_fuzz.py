"""Decorated and damaged files: no traceback, no hang, never a value that did not stand there."""

import pytest

from tests.intake.fuzz import FILES, KINDS, one_file
from tests.support.marks import of_all

PARTS = 20


@pytest.mark.reduced("ten thousand files take minutes")
@pytest.mark.parametrize("part", range(PARTS))
def test_decorated_and_damaged_files(part: int) -> None:
    files = of_all(15, FILES // PARTS)
    tried = {one_file(seed)[0] for seed in range(part * files, (part + 1) * files)}
    assert tried == set(KINDS)
