"""What a rule is, apart from the code that checks it.

Rules: a rule has a stable code, a title, a legal basis, the registers that it reads and how far it
reads them, parameters with bounds, and a text for every reason that it can give. Parameters have
no defaults: the policy pack says each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schemas.text import Text
from schemas.vocabulary import Organ, Stage


class Reach(StrEnum):
    """Whose rows of a register are evidence for a unit.

    `OWN`: rows of the unit and of its jurisdiction. `ANCESTORS`: rows at home in its jurisdiction
    or any above. `SUBTREE`: rows at home in its jurisdiction or any below.
    """

    OWN = "own"
    ANCESTORS = "ancestors"
    SUBTREE = "subtree"


@dataclass(frozen=True, slots=True)
class Read:
    """A register that a check reads, and how far."""

    register: str
    reach: Reach = Reach.OWN


def reads(
    *own: str, ancestors: tuple[str, ...] = (), subtree: tuple[str, ...] = ()
) -> tuple[Read, ...]:
    """The reads of a rule: `own` registers, then those read further up or down."""
    return (
        *(Read(name) for name in own),
        *(Read(name, Reach.ANCESTORS) for name in ancestors),
        *(Read(name, Reach.SUBTREE) for name in subtree),
    )


class Parameters(BaseModel):
    """Parameters of a rule: frozen, bounded, all of them needed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoParameters(Parameters):
    """For a rule that the law settles whole."""


Days = Annotated[int, Field(ge=0, le=3660)]
Codes = Annotated[tuple[str, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Rule:
    """A rule of a stage.

    `reasons` maps every reason code that the check can give to its text; `provider` is who can
    supply what is missing; `absolute` marks what the law makes absolute (no waiver, ever).
    """

    code: str
    title: Text
    basis: Text
    reads: tuple[Read, ...]
    parameters: type[Parameters]
    provider: Organ
    reasons: Mapping[str, Text]
    absolute: bool = False

    @property
    def stage(self) -> Stage:
        """The stage that the code names."""
        return Stage(self.code.split(".", 1)[0])
