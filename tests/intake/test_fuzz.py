"""Damaged and decorated files: no traceback, no hang, and never a value that did not stand there.

A packed workbook has checksums, so whatever is damaged in it must be noticed or without effect; in
a text file damage makes another text, and there only that all adds up is asked.
"""

import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from schemas.registers import REGISTERS
from tasks.intake.delivery import Delivery
from tasks.intake.quarantine import write_quarantine
from tasks.intake.reading import read_register
from tasks.intake.refusal import Refused
from tasks.intake.sets import check_set
from tests.intake.decorations import decorated, known_rows

FORMATS = Path(__file__).parent / "formats"
NAMES = ("roster", "reviews", "candidates", "officers", "sessions", "jurisdictions")
# A file of some kilobytes; far more than any of them takes, on a machine that is busy.
SECONDS = 20
FILES, ALL_FILES = 300, 10_000


def damaged(content: bytes, dice: Random) -> bytes:
    """Bytes with a few of them changed, left out, doubled or put elsewhere."""
    made = bytearray(content)
    for _ in range(dice.choice((1, 1, 2, 5))):
        at = dice.randrange(len(made) + 1)
        width = dice.choice((1, 2, 8, 64, 512))
        kind = dice.randrange(5)
        if kind == 0:
            made[at : at + 1] = dice.randbytes(1)
        elif kind == 1:
            del made[at : at + width]
        elif kind == 2:
            made[at:at] = made[at : at + width]
        elif kind == 3:
            made[at:at] = dice.choice((b"\0", b"\xff", b'"', b"\r\n", b"<f>", b"&x;", b"\x1a"))
        else:
            del made[at:]
    return bytes(made)


def adds_up(delivery: Delivery) -> None:
    assert delivery.accepted + delivery.rejected == delivery.delivered
    assert not {x.row for x in delivery.rejections} & set(delivery.row_numbers)
    assert all(x.row == 0 or x.row not in delivery.cells or x.row in delivery.row_numbers
               or not x.column for x in delivery.readings if x.read_as)  # fmt: skip


def one_file(seed: int) -> None:
    """Read one damaged file."""
    dice = Random(seed)
    register = dice.choice(NAMES)
    known = known_rows(register)
    with TemporaryDirectory() as folder:
        if seed % 7 == 0:
            register, path = "pledges", Path(folder) / "a.xls"
            path.write_bytes((FORMATS / "pledges.xls").read_bytes())
            known = list(map(dict, read_register(register, path).rows))
        else:
            path = decorated(register, known, Path(folder), dice).path
        packed = path.suffix == ".xlsx"
        path.write_bytes(damaged(path.read_bytes(), dice))
        began = time.process_time()
        try:
            delivery = read_register(register, path)
        except Refused as refused:
            lines = [line for one in refused.lines for line in (one.zh, one.en)]
        else:
            lines = []
            adds_up(delivery)
            adds_up(check_set({register: delivery})[register])
            if packed:
                assert all(row in known for row in delivery.rows)
            assert all(list(row) == list(REGISTERS[register].model.model_fields)
                       for row in delivery.rows)  # fmt: skip
            write_quarantine(Path(folder) / "q.xlsx", [delivery], "zh")
        assert all(line.isprintable() for line in lines)
        assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("part", range(3))
def test_damaged_files(part: int) -> None:
    for seed in range(part * FILES // 3, (part + 1) * FILES // 3):
        one_file(seed)


@pytest.mark.long
@pytest.mark.parametrize("part", range(20))
def test_ten_thousand_damaged_files(part: int) -> None:
    for seed in range(part * ALL_FILES // 20, (part + 1) * ALL_FILES // 20):
        one_file(seed)
