"""The parameters of the rules about votes for deputies and what is divided for them.

Rules: as in `schemas.rules.parameters`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from schemas.rules.parameters import LevelsRule


class DirectVotesRule(LevelsRule):
    """`valid_papers`: the third of a further election is of valid papers, not of all returned."""

    valid_papers: bool


class AllocationRule(LevelsRule):
    """`tolerance`: by how many per cent people per deputy of a large nationality may differ."""

    tolerance: Annotated[int, Field(ge=0, le=100)]
