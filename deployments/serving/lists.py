"""The ask lists of a home that is served, made anew as things change.

Rules: each time a process of its own makes them, which gives way to the runs, once the record has
been quiet for a while and no run is under way; what fails is named once and tried again at the next
change. It ends with the watch. The folder is the home's, for its user alone.
"""

from __future__ import annotations

import os
import time
from multiprocessing.process import BaseProcess

from data.home import current_home
from deployments.exits import print_stderr
from deployments.serving.warm import context, end_with_parent
from schemas.text import Refusal, language
from tasks.asklists.keeping import keep_lists
from tasks.gate.snapshot import open_snapshot

# Seconds without a new entry before the lists are made anew: a crowd of acts is waited for.
QUIET_SECONDS = 5.0
_GIVES_WAY = 10


def make_lists() -> int:
    """Bring the lists of the current home up to date; how many changed.

    Raises:
        LedgerBroken: the ledger does not verify.
    """
    home = current_home()
    return keep_lists(home.lists, open_snapshot(home, "cycle"), language())


def make() -> None:
    """Make them in a process that does nothing else, and report what is refused or fails."""
    end_with_parent()
    os.nice(_GIVES_WAY)
    make_or_report()


def make_or_report() -> None:
    """Make them; of an error only the kind is printed, for its message may quote people's data."""
    try:
        make_lists()
    except Refusal as refusal:
        print_stderr(refusal.text.render())
    except Exception as error:
        print_stderr(type(error).__name__)


def started() -> BaseProcess:
    """A process that makes them, started."""
    process = context().Process(target=make, daemon=True)
    process.start()
    return process


class Lists:
    """Follows the record, and has the lists of the current home made anew."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._made: object = None
        self._seen: object = None
        self._since = 0.0

    def follow(self, state: object, *, busy: bool) -> None:
        """Have them made once `state` (of the ledger, and the day) has stood for a while."""
        if state != self._seen:
            self._seen, self._since = state, time.monotonic()
        quiet = time.monotonic() - self._since >= QUIET_SECONDS
        making = self._process is not None and self._process.is_alive()
        if busy or making or not quiet or state == self._made:
            return
        self._made = state
        self._process = started()

    def close(self) -> None:
        """Give up what is being made: each list is whole or as it was."""
        if self._process:
            self._process.terminate()
            self._process.join()
