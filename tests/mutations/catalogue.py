"""All mutations, in the order of the stages of a cycle and of what is said of it afterwards."""

from __future__ import annotations

from tests.mutations.mutation import Mutation
from tests.mutations.of_acts import OF_ACTS
from tests.mutations.of_checks import OF_CHECKS
from tests.mutations.of_gates import OF_GATES
from tests.mutations.of_ledger import OF_LEDGER
from tests.mutations.of_objections import OF_OBJECTIONS
from tests.mutations.of_the_rest import OF_THE_REST

MUTATIONS: tuple[Mutation, ...] = (
    *OF_CHECKS, *OF_GATES, *OF_ACTS, *OF_OBJECTIONS, *OF_LEDGER, *OF_THE_REST
)  # fmt: skip
