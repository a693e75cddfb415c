"""`python -m tests.histories`: many long histories, and what happened in them."""

from __future__ import annotations

import argparse
import time

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from rich.console import Console

from tests.histories.machine import TOLD, Histories


def main() -> None:
    """Run histories, and print what was done in them."""
    parser = argparse.ArgumentParser(prog="python -m tests.histories", description=__doc__)
    parser.add_argument("--histories", type=int, default=500)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-shrink", action="store_true", help="stop at the first finding")
    given = parser.parse_args()
    phases = [Phase.explicit, Phase.generate]
    console = Console(highlight=False)
    machine = seed(given.seed)(Histories)
    began, cpu = time.monotonic(), time.process_time()
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=given.histories,
                stateful_step_count=given.steps,
                deadline=None,
                database=None,
                verbosity=Verbosity.normal,
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
                phases=phases if given.no_shrink else [*phases, Phase.shrink],
            ),
        )
    finally:
        console.print(f"{time.monotonic() - began:.0f} s, {time.process_time() - cpu:.0f} s CPU")
        for name, count in sorted(TOLD.items()):
            console.print(f"{count:8} {name}")


if __name__ == "__main__":
    main()
