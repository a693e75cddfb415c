"""What was worked out once in a process, by what it follows from.

Rules: a key names everything that an answer follows from, so that an answer found here is the one
that would be worked out again.
"""

from __future__ import annotations

from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Found = TypeVar("Found")


class Memory(Generic[Asked, Found]):
    """Answers that were worked out, the newest `size` of them (None: all)."""

    def __init__(self, size: int | None = None) -> None:
        self._size = size
        self._answers: dict[Asked, Found] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, asked: Asked) -> Found | None:
        """The answer to a question that was asked before."""
        return self._answers.get(asked)

    def keep(self, asked: Asked, found: Found) -> None:
        """Remember an answer."""
        self._answers[asked] = found
        while self._size is not None and len(self._answers) > self._size:
            # Another thread may have been here first.
            self._answers.pop(next(iter(self._answers)), None)

    def clear(self) -> None:
        """Forget all."""
        self._answers.clear()
