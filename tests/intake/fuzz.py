"""`python -m tests.intake.fuzz`: decorated and damaged files, a line for each kind of them.

Rules: no traceback, no hang, and never a value that did not stand there. What is only decorated
reads as the known rows, or a rejection names the cell. A packed workbook has checksums, so whatever
is damaged in it must be noticed or without effect; in a text, in a part that is packed again and in
a map damage makes another one, and there only that all adds up is asked. Whatever was read goes to
the quarantine, and from there in again. It exits 1, naming the seed, where one does not.
"""

from __future__ import annotations

import argparse
import faulthandler
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from schemas.registers import REGISTERS
from tasks.intake import reasons
from tasks.intake.delivery import Delivery
from tasks.intake.mapped import look_through_mapped
from tasks.intake.mapping import read_map
from tasks.intake.quarantine import write_quarantine
from tasks.intake.reading import look_through, read_register
from tasks.intake.refusal import Refused
from tasks.intake.sets import check_set
from tests.intake import test_decorations, test_mapped_books
from tests.intake.decorations import decorated, known_rows
from tests.intake.own_sheets import kept

FORMATS = Path(__file__).parent / "formats"
NAMES = ("roster", "reviews", "candidates", "officers", "sessions", "jurisdictions")
# A file of some kilobytes; far more than any of them takes, on a machine that is busy.
SECONDS, HANGS = 20, 300
FILES = 10_000


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


def repacked(path: Path, dice: Random) -> None:
    """A packed file of which one part is damaged, and whose checksums hold."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = dice.choice(sorted(parts))
    parts[name] = damaged(parts[name], dice)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for one, content in parts.items():
            packed.writestr(one, content)


def _add_up(deliveries: Iterable[Delivery]) -> str:
    """Hold what was read against itself; whether all of it was taken."""
    taken = True
    for delivery in deliveries:
        assert delivery.accepted + delivery.rejected == delivery.delivered
        assert not {x.of_row for x in delivery.rejections} & set(delivery.row_numbers)
        columns = list(REGISTERS[delivery.register].model.model_fields)
        assert all(set(row) == set(columns) for row in delivery.rows)
        assert all(line.isprintable() for one in delivery.rejections for line in
                   (one.render("zh"), one.render("en")))  # fmt: skip
        taken &= not delivery.rejections
    return "taken" if taken else "rejected"


def _read(path: Path, read: Callable[[], Mapping[str, Delivery]]) -> tuple[str, list[Delivery]]:
    """What becomes of a file, and what it delivers; what comes back stands beside `path`."""
    try:
        deliveries = read()
    except Refused as refused:
        lines = [line for one in refused.lines for line in (one.zh, one.en)]
        assert lines
        assert all(line.isprintable() for line in lines)
        return "refused", []
    outcome = _add_up(deliveries.values())
    _add_up(check_set(deliveries).values())
    back = path.with_name("quarantine.xlsx")
    rejected = [one for one in deliveries.values() if one.rejections]
    if rejected:
        write_quarantine(back, rejected, "zh")
        if not any(one.origins for one in rejected):
            _again(back)
    return outcome, list(deliveries.values())


def _again(back: Path) -> None:
    """Hand the quarantine in again: it has a row, or nothing stood under a heading of ours."""
    try:
        again = look_through(back, needed=())
    except Refused as refused:
        if refused.reason is not reasons.NO_ROW:
            raise
    else:
        assert sum(one.delivered for one in again.deliveries.values()) >= 1


def _only_decorated(seed: int, dice: Random, _folder: Path) -> str:
    test_decorations.same_or_named(dice.choice(NAMES), seed)
    return "as known"


def _in_people_s_sheets(seed: int, _dice: Random, _folder: Path) -> str:
    test_mapped_books.same_or_named(seed)
    return "as known"


def _bytes(_seed: int, dice: Random, folder: Path) -> str:
    """Decorated, and some bytes of it damaged."""
    register = dice.choice(NAMES)
    known = known_rows(register)
    path = decorated(register, known, folder, dice).path
    path.write_bytes(damaged(path.read_bytes(), dice))
    outcome, found = _read(path, lambda: {register: read_register(register, path)})
    if path.suffix == ".xlsx":
        assert all(row in known for one in found for row in one.rows)
    return outcome


def _part(_seed: int, dice: Random, folder: Path) -> str:
    """A part of a workbook damaged, and packed again."""
    if dice.random() < 0.5:
        name = dice.choice(("libreoffice.xlsx", "libreoffice.ods"))
        path = folder / name
        path.write_bytes((FORMATS / name).read_bytes())
        repacked(path, dice)
        return _read(path, lambda: look_through(path, needed=()).deliveries)[0]
    register = dice.choice(NAMES)
    path = folder / "a.xlsx"
    while not path.exists():
        decorated(register, known_rows(register), folder, dice)
    repacked(path, dice)
    return _read(path, lambda: {register: read_register(register, path)})[0]


def _older(_seed: int, dice: Random, folder: Path) -> str:
    """A workbook of Excel 97, of WPS or of LibreOffice, some bytes of it damaged."""
    name = dice.choice(sorted(one.name for one in FORMATS.iterdir()))
    path = folder / name
    path.write_bytes(damaged((FORMATS / name).read_bytes(), dice))
    return _read(path, lambda: look_through(path, needed=()).deliveries)[0]


def _mapped(_seed: int, dice: Random, folder: Path) -> str:
    """People's sheets and their map, one of them damaged."""
    known = {name: known_rows(name) for name in dice.sample(NAMES, 2)}
    made = kept(known, folder, dice)
    files = sorted(folder.iterdir())
    path = made.map if dice.random() < 0.5 else dice.choice(files)
    path.write_bytes(damaged(path.read_bytes(), dice))
    return _read(
        path, lambda: look_through_mapped(folder, read_map(made.map), (), None).deliveries
    )[0]


KINDS: Mapping[str, Callable[[int, Random, Path], str]] = {
    "decorated": _only_decorated,
    "people's sheets and their map": _in_people_s_sheets,
    "bytes damaged: XLSX, CSV, HTML": _bytes,
    "a part damaged and packed again: XLSX, ODS": _part,
    "bytes damaged: XLS, ET, ODS, XLSX of other programs": _older,
    "people's sheets or their map damaged": _mapped,
}


def one_file(seed: int) -> tuple[str, str]:
    """Try the file of a seed: its kind, and what became of it."""
    kind = list(KINDS)[seed % len(KINDS)]
    faulthandler.dump_traceback_later(HANGS, exit=True)
    began = time.process_time()
    with TemporaryDirectory() as folder:
        outcome = KINDS[kind](seed, Random(seed), Path(folder))
    assert time.process_time() - began < SECONDS
    faulthandler.cancel_dump_traceback_later()
    return kind, outcome


def main() -> int:
    """Try as many files as are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.intake.fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    given = parser.parse_args()
    counted: Counter[tuple[str, str]] = Counter()
    wrong = 0
    for seed in range(given.first, given.first + given.files):
        try:
            counted[one_file(seed)] += 1
        except Exception as error:
            wrong += 1
            sys.stdout.write(f"seed {seed}: {type(error).__name__}: {error}\n"[:2000])
            sys.stdout.flush()
    for (kind, outcome), number in sorted(counted.items()):
        sys.stdout.write(f"{number:6} {kind}: {outcome}\n")
    sys.stdout.write(f"{given.files} files, {wrong} not as they must be\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
