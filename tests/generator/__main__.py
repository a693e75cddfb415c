"""`python -m tests.generator --out DIR`: write the reference cycle, or one of another size."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.generator.base import REFERENCE_SEED, Size
from tests.generator.cycle import generate
from tests.generator.output import write_cycle


def main() -> None:
    """Write the files and say what was written."""
    parser = argparse.ArgumentParser(prog="python -m tests.generator", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--seed", type=int, default=REFERENCE_SEED)
    parser.add_argument("--cities", type=int, default=1)
    parser.add_argument("--candidates-per-unit", type=int, help="implies --clean")
    parser.add_argument("--clean", action="store_true", help="without faults and mends")
    given = parser.parse_args()
    try:
        size = Size(given.cities, given.candidates_per_unit, given.seed)
    except ValueError as error:
        parser.error(str(error))
    rows = generate(size)
    clean = given.clean or given.candidates_per_unit is not None
    found = write_cycle(given.out, rows, clean=clean)
    total = sum(map(len, rows.values()))
    sys.stdout.write(f"{total} rows, {len(found)} faults: {given.out / 'book.xlsx'}\n")


if __name__ == "__main__":
    main()
