"""What a mutation is: a place of the product, what stands there instead, and who must notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


class OutdatedError(ValueError):
    """A mutation whose text does not stand exactly once in its file."""


@dataclass(frozen=True)
class Mutation:
    """One change of one file.

    `rule` is the rule that it breaks; `before` must stand exactly once in `file` (relative to the
    root); `tests` are files or node ids, one of which at least must fail.
    """

    name: str
    rule: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]

    def applied(self, text: str) -> str:
        """The text of the file with the mutation in it.

        Raises:
            OutdatedError: the place is not there, or is there more than once.
        """
        if text.count(self.before) != 1:
            raise OutdatedError(f"{self.name}: {text.count(self.before)} times in {self.file}")
        return text.replace(self.before, self.after)


def mutating(file: str, tests: str) -> Callable[..., Mutation]:
    """Mutations of one file that tests of one file notice.

    Each is given by name, rule, before, after, and the functions that notice it (none: any may).
    """

    def mutation(name: str, rule: str, before: str, after: str, *functions: str) -> Mutation:
        noticing = tuple(f"{tests}::{function}" for function in functions) or (tests,)
        return Mutation(name, rule, file, before, after, noticing)

    return mutation
