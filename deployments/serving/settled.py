"""Loaded last in the process that is copied for each run: it rehearses, and keeps what it loaded.

Rules: the rehearsal decides one unit at every stage on today's facts and puts nothing on record, so
that what libraries make ready at their first use is ready in every copy. No thread of Python's is
left, because only the one that copies goes on in a copy; those of Arrow, OpenBLAS and jemalloc have
handlers of their own for that.
"""

from __future__ import annotations

import gc
import os
from contextlib import suppress

from tqdm import tqdm

from data.home import current_home
from schemas.vocabulary import STAGES
from tasks.gate.decision import decisions_of
from tasks.gate.snapshot import open_snapshot


def rehearse() -> None:
    """Decide one unit at every stage; nothing is recorded."""
    snapshot = open_snapshot(current_home(), "cycle")
    one = snapshot.within(set(snapshot.units[:1]))
    for stage in STAGES:
        decisions_of(one, stage)


# Great Expectations has bars that nobody sees, and a thread that looks after them.
tqdm.monitor_interval = 0
# What fails here fails in the runs, and is reported there.
with suppress(Exception):
    rehearse()
# Signals of the terminal are for the process that serves; it ends the runs in order.
os.setpgid(0, 0)
gc.collect()
gc.freeze()
