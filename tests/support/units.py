"""Which tests are run in one process one after the other, and which of them are begun first.

Rules: a unit is a module, or more where they share what is dear to make: the modules that use the
Prefect server of the tests, the ledgers that are tampered with, the corpora of the law, everything
on PostgreSQL. The longest units are begun first, so that no process is left alone with one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from xdist.scheduler import LoadScopeScheduling

ON_POSTGRESQL = "on-postgresql"
# Start of the names of tests → their unit. The main job is long, and needs no server.
_TOGETHER = {
    "tests/flows/test_main_job.py": "main job",
    "tests/flows/": "server",
    "tests/buttons/": "server",
    "tests/serve/test_warm.py": "server",
    "tests/tamper/": "tamper",
    # All of them ask what the cases of the corpora are told.
    "tests/law/": "law",
    "tests/lawful/": "law",
    "tests/breaches/": "law",
}


def unit_of(nodeid: str) -> str:
    """The unit of a test."""
    name, _, case = nodeid.partition("[")
    if ON_POSTGRESQL in case:
        return ON_POSTGRESQL
    module = name.partition("::")[0]
    return next((unit for start, unit in _TOGETHER.items() if module.startswith(start)), module)


def arranged(
    items: Iterable[pytest.Item], together: Callable[[Iterable[pytest.Item]], float]
) -> list[pytest.Item]:
    """The tests in units, the longest first; `together` says how long some of them take.

    In a unit those come first that use the server, so that it can end after them.
    """
    units: dict[str, list[pytest.Item]] = {}
    for item in items:
        units.setdefault(unit_of(item.nodeid), []).append(item)
    ordered = sorted(units.values(), key=together, reverse=True)
    return [
        item for unit in ordered for item in sorted(unit, key=lambda item: not uses_server(item))
    ]


def uses_server(item: pytest.Item) -> bool:
    """Whether a test uses the Prefect server that tests share."""
    return "server" in getattr(item, "fixturenames", ())


class Units(LoadScopeScheduling):  # type: ignore[misc]
    """Hands units to the processes, each to the first that has nothing left."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
