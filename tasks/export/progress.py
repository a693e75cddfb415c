"""How far a long export is: shown to whoever asks, in both languages."""

from __future__ import annotations

from collections.abc import Callable

from schemas.text import Text

Progress = Callable[[Text, int, int], None]  # what, done, of how many


def silent(_what: Text, _done: int, _of: int) -> None:
    """Progress that nobody watches."""
