"""Findings: what a check says about each subject that it had to look at.

Rules: a finding names its unit and subject by id; a reason is a code with arguments (ids, counts,
dates, terms), never a name; it becomes text only when somebody reads it, in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas.vocabulary import Status

Argument = str | int

FINDING_COLUMNS = ("unit", "subject", "status", "reason", "arguments")


@dataclass(frozen=True, slots=True)
class Finding:
    """What `check` says about `subject`; `reason` is empty exactly when the subject passes."""

    check: str
    subject: str
    status: Status
    reason: str = ""
    arguments: dict[str, Argument] = field(default_factory=dict)
