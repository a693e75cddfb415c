"""`python -m tests.mutations [NAME ...]`: the mutations named, or all, with a line for each.

Rules: nothing of the tree is changed; it exits 1 unless every one is killed.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutations.catalogue import MUTATIONS
from tests.mutations.running import WORKERS, Verdict, judged


def main() -> int:
    """Run what is named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    parser.add_argument("--workers", type=int, default=WORKERS, help="so many at a time")
    given = parser.parse_args()
    if unknown := set(given.names) - {one.name for one in MUTATIONS}:
        parser.error(f"no such mutation: {', '.join(sorted(unknown))}")
    chosen = [one for one in MUTATIONS if not given.names or one.name in given.names]
    verdicts: Counter[Verdict] = Counter()
    with TemporaryDirectory(prefix="termgate-mutations-") as folder:
        for outcome in judged(chosen, given.workers, Path(folder)):
            verdicts[outcome.verdict] += 1
            one = outcome.mutation
            sys.stdout.write(
                f"{outcome.verdict:14} {outcome.seconds:6.1f} s  {one.name}: {one.rule}\n"
            )
            sys.stdout.flush()
    told = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in Verdict if verdicts[verdict])
    sys.stdout.write(f"{len(chosen)} mutations: {told}\n")
    return 0 if verdicts[Verdict.KILLED] == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
