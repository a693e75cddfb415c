"""What a rule is, apart from the code that checks it.

Rules: a rule has a stable code, a title, a legal basis, the registers that it reads and how far it
reads them, parameters with bounds, and a text for every reason that it can give. Parameters have
no defaults: the policy pack says each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING

from schemas.text import Text
from schemas.vocabulary import Organ, Stage

if TYPE_CHECKING:
    from schemas.rules.parameters import Parameters


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


@dataclass(frozen=True)
class Rule:
    """A rule of a stage.

    `model` names what its parameters must be, in `schemas.rules.parameters`, which is loaded when
    they are first asked for. `reasons` maps every reason code that the check can give to its text;
    `provider` is who can supply what is missing; `absolute` marks what the law makes absolute (no
    waiver, ever).
    """

    code: str
    title: Text
    basis: Text
    reads: tuple[Read, ...]
    model: str
    provider: Organ
    reasons: Mapping[str, Text]
    absolute: bool = False

    @property
    def parameters(self) -> type[Parameters]:
        """What its parameters must be."""
        found: type[Parameters] = getattr(import_module("schemas.rules.parameters"), self.model)
        return found

    @property
    def stage(self) -> Stage:
        """The stage that the code names."""
        return Stage(self.code.split(".", 1)[0])
