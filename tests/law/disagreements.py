"""Where today's code differs from the law: what each corpus expects to be told otherwise.

Rules: the list (`disagreements.yaml`) is the work order of those who mend the rules; a case that
differs and is not listed fails, and so does one that is listed and no longer differs. A case is
never changed to fit the code.

A group says which check is wrong: it `closes` what the law allows (or closes beside the right
check, for a wrong reason), or `passes` what the law forbids; with the article and its text, what
the check should do, and the cases, each in all its cycles or in one (`L001/cn-2016`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from schemas.text import Text
from tests.law.cases import Case, Closed

_FILE = Path(__file__).with_name("disagreements.yaml")
# Check, and what it does wrongly; of a breach that passes, no check in particular.
Wrong = tuple[str, str]
PASSES: Wrong = ("", "passes")


@dataclass(frozen=True)
class Group:
    """One fault of one check."""

    check: str
    does: str
    fault: str
    article: str
    text: str
    should: Text
    cases: tuple[str, ...]


@cache
def groups() -> tuple[Group, ...]:
    """All faults on the list."""
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Group(
            one["check"],
            one["does"],
            one["fault"],
            one["article"],
            one["text"],
            Text(one["zh"], one["en"]),
            tuple(one["cases"]),
        )
        for one in read
    )


@cache
def listed() -> dict[str, frozenset[Wrong]]:
    """Case (or case and cycle) → what is known to be wrong."""
    found: defaultdict[str, set[Wrong]] = defaultdict(set)
    for group in groups():
        for case in group.cases:
            found[case].add(PASSES if group.does == "passes" else (group.check, group.does))
    return {case: frozenset(wrong) for case, wrong in found.items()}


def known(case: Case, pack: str) -> frozenset[Wrong]:
    """What is known to be wrong about a case in one cycle."""
    none: frozenset[Wrong] = frozenset()
    return listed().get(case.id, none) | listed().get(f"{case.id}/{pack}", none)


def wrong(case: Case, told: Collection[Closed]) -> frozenset[Wrong]:
    """What the code says otherwise than the law does."""
    closing = {one.check for one in told}
    if case.lawful:
        return frozenset((check, "closes") for check in closing)
    found = {(check, "closes") for check in closing - case.checks}
    return frozenset(found if closing & case.checks else {*found, PASSES})
