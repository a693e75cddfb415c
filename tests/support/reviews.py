"""What a sign-off has to say of the decision that it names, worked out from docs/history.md.

Rules: it shares no code with what the program signs, so that a mistake there does not bend it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

# One row of one register, of which nobody but a replay knows.
CHANGES: dict[str, dict[str, int]] = {"candidates": {"changed": 1}}


def counts(decided: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Check → status → how many, of the findings of a decision."""
    return {
        check: {status: len(items) for status, items in by.items()}
        for check, by in decided["findings"].items()
    }


def review(
    decided: Mapping[str, Any],
    acts: Iterable[tuple[int, str]] = (),
    changes: Mapping[str, Mapping[str, int]] = CHANGES,
) -> dict[str, Any]:
    """What a sign-off says of a decision; `acts` are the gate's signatures, refusals, evidence.

    `changes` are said where one of them was on other evidence before it.
    """
    others = [seq for seq, on in acts if seq < decided["seq"] and on != decided["evidence"]]
    return {
        "decided": decided["seq"],
        "on": decided["on"],
        "outcome": decided["outcome"],
        "findings": counts(decided),
        "since": {"entry": max(others), "changes": changes} if others else None,
    }


def checks_of(decided: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """The same as `counts`, of all that nobody signs."""
    own = f"{decided['stage']}.sign-off"
    return {check: by for check, by in counts(decided).items() if check != own}
