"""A backup that is made while people work, restored: it verifies, replays, and goes on."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from data.home import Home
from data.verify import verify
from tasks.replay import replay
from tests.support import cycle
from tests.support.history import filed_checkpoint
from tests.support.record import acted, decided

BACKUPS = 3


def backup(home: Home, target: Path) -> Home:
    """As docs/operating.md says: the blobs, the ledger, the blobs that came meanwhile."""
    shutil.copytree(home.path / "blobs", target / "blobs", dirs_exist_ok=True)
    copy = Home(target)
    with (
        closing(sqlite3.connect(home.ledger_file)) as source,
        closing(sqlite3.connect(copy.ledger_file)) as to,
    ):
        source.backup(to)
    shutil.copytree(home.path / "blobs", target / "blobs", dirs_exist_ok=True)
    return copy


@pytest.mark.long
def test_a_backup_made_while_people_work_is_whole_and_goes_on(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path / "home", planted=True)
    worker = threading.Thread(target=cycle.run_all, args=(home,))
    worker.start()
    copies: list[Home] = []
    while worker.is_alive() or not copies:
        before = len(cycle.stored(home))
        copies.append(backup(home, tmp_path / f"backup-{len(copies)}"))
        assert len(cycle.stored(copies[-1])) >= before
        worker.join(1.0)
    for copy in (*copies[:BACKUPS], copies[-1]):
        assert verify(copy, blobs=True, acts=True)[1] is None
        assert replay(copy).agrees
    assert len(cycle.stored(copies[0])) < len(cycle.stored(home)), "made in the middle"
    cycle.run_all(copies[0])
    assert cycle.said(copies[0]) == cycle.said(home)
    assert cycle.handed_on(copies[0]) == cycle.handed_on(home)
    assert decided(copies[0]) == decided(home)
    assert acted(copies[0]) == acted(home)


def test_a_backup_older_than_a_kept_checkpoint_is_told(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path / "home")
    cycle.run(home, "plan")
    older = backup(home, tmp_path / "older")
    cycle.run(home, "nomination")
    kept = filed_checkpoint(home).text()
    assert verify(home, checkpoints=[kept])[1] is None
    assert verify(backup(home, tmp_path / "newer"), checkpoints=[kept])[1] is None
    fault = verify(older, checkpoints=[kept])[1]
    assert fault is not None
    assert fault.fault == "rolled-back"
