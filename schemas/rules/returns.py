"""What every rule over a register of incidents says about the jurisdiction's return (零报告)."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.text import Text


def return_reasons(zh: str, en: str) -> Mapping[str, Text]:
    """The reasons of `tasks.checks.returns`, for the incidents that `zh` and `en` name."""
    return {
        "not-returned": Text(
            f"没有报送{zh}条数（没有的也要报零）",
            f"the number of {en} has not been reported (zero is to be reported too)",
        ),
        "fewer-than-returned": Text(
            f"报送{zh}{{entries}}条，台账只有{{recorded}}条，应补齐",
            f"of {en}, {{entries}} {{entries:was|were}} reported and only {{recorded}} "
            "{recorded:is|are} on record",
        ),
    }
