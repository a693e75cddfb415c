"""Findings: what a check says about each subject that it had to look at.

Rules: a finding names its unit and subject by id; a reason is a code with arguments (ids, counts,
dates, terms), never a name; it becomes text only when somebody reads it, in the reader's language.
Of a large unit nearly all subjects pass or are left out for the same reason: their ids are kept
together, and an object is made of each other finding only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schemas.vocabulary import Status

if TYPE_CHECKING:
    import pandas as pd

Argument = str | int

# What many subjects have in common, and nobody looks at one by one.
_ALIKE = frozenset({Status.PASS.value, Status.NOT_APPLICABLE.value})
_STATUSES = {status.value: status for status in Status}

FINDING_COLUMNS = ("unit", "subject", "status", "reason", "arguments")


@dataclass(frozen=True, slots=True)
class Finding:
    """What `check` says about `subject`; `reason` is empty exactly when the subject passes."""

    check: str
    subject: str
    status: Status
    reason: str = ""
    arguments: dict[str, Argument] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alike:
    """What `check` says of all `subjects` alike, as `Finding` says it of one."""

    check: str
    status: Status
    reason: str
    arguments: dict[str, Argument]
    subjects: list[str]


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings of a unit: `others` one by one as they came, and those that are `alike`.

    Iterating gives each as a `Finding`, those that are alike last.
    """

    alike: tuple[Alike, ...] = ()
    others: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Findings:
        """Findings from single ones."""
        return findings if isinstance(findings, Findings) else cls(others=tuple(findings))

    def __iter__(self) -> Iterator[Finding]:
        yield from self.others
        for one in self.alike:
            for subject in one.subjects:
                yield Finding(one.check, subject, one.status, one.reason, one.arguments)

    def __len__(self) -> int:
        return len(self.others) + sum(len(one.subjects) for one in self.alike)

    def __add__(self, more: Findings) -> Findings:
        return Findings(self.alike + more.alike, self.others + more.others)

    def having(self, statuses: Collection[Status]) -> Findings:
        """Only what was said with one of `statuses`."""
        return Findings(
            tuple(one for one in self.alike if one.status in statuses),
            tuple(one for one in self.others if one.status in statuses),
        )

    @property
    def checks(self) -> set[str]:
        """The checks that said something."""
        return {one.check for one in self.alike} | {one.check for one in self.others}

    @property
    def statuses(self) -> set[Status]:
        """What was said."""
        return {one.status for one in self.alike} | {one.status for one in self.others}


def by_unit(frame: pd.DataFrame) -> dict[str, Findings]:
    """Findings of a frame (columns `check`, `unit`, …) grouped by unit."""
    alike: defaultdict[str, dict[object, Alike]] = defaultdict(dict)
    others: defaultdict[str, list[Finding]] = defaultdict(list)
    columns = ("check", "unit", "subject", "status", "reason", "arguments")
    for check, unit, subject, status, reason, arguments in zip(
        *(frame[name].to_numpy(dtype=object) for name in columns), strict=True
    ):
        if status in _ALIKE:
            # Arguments that are the same are one object.
            said = (check, status, reason, id(arguments))
            if said not in alike[unit]:
                group = Alike(check, _STATUSES[status], reason, arguments or {}, [])
                alike[unit][said] = group
            alike[unit][said].subjects.append(subject)
        else:
            finding = Finding(check, subject, _STATUSES[status], reason, arguments or {})
            others[unit].append(finding)
    return {
        unit: Findings(tuple(alike[unit].values()), tuple(others[unit]))
        for unit in dict.fromkeys(frame["unit"].tolist())
    }


def together(parts: Iterable[Mapping[str, Findings]]) -> dict[str, Findings]:
    """Unit → all that was found of it, in the order of the parts."""
    alike: defaultdict[str, list[Alike]] = defaultdict(list)
    others: defaultdict[str, list[Finding]] = defaultdict(list)
    for part in parts:
        for unit, findings in part.items():
            alike[unit] += findings.alike
            others[unit] += findings.others
    return {unit: Findings(tuple(alike[unit]), tuple(others[unit])) for unit in alike}
