"""A cycle of an earlier release opens, runs, is signed, verifies and replays under this one.

Expected from issue 13, "Packs that live", and DESIGN.md, promise 4.
"""

import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.bundle import export_bundle
from data.home import Home
from data.verify import verify
from schemas.vocabulary import Stage
from tasks.replay import replay
from tasks.replaying.comparison import Verdict
from tests.golden.__main__ import KEPT
from tests.support import cycle
from tests.support.signing import sign_all
from tests.tamper.verifiers import by_library, by_single_file

RELEASES = sorted(KEPT.glob("*.zip"))


@pytest.fixture(params=RELEASES, ids=[one.stem for one in RELEASES])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """The home of a cycle that a release wrote, its evaluator's key for its user alone."""
    folder = tmp_path / "home"
    with zipfile.ZipFile(request.param) as archive:
        archive.extractall(folder)
    for key in (folder / "evaluators").iterdir():
        key.chmod(0o600)
    return Home(folder)


def test_there_is_one() -> None:
    assert RELEASES


def test_it_verifies_and_so_does_its_bundle(kept: Home, tmp_path: Path) -> None:
    entries = len(cycle.stored(kept))
    assert verify(kept, blobs=True, acts=True) == (entries, None)
    export_bundle(kept, tmp_path / "bundle.zip")
    bundle = (tmp_path / "bundle.zip").read_bytes()
    assert by_library(bundle) == by_single_file(bundle)
    assert by_single_file(bundle) == ("", entries)


def test_every_decision_replays(kept: Home) -> None:
    found = replay(kept, every=True)
    assert len(found.decisions) > 50
    assert found.objections
    assert {one.verdict for one in found.every} == {Verdict.SAME}


def test_it_goes_on(kept: Home) -> None:
    """A row is delivered, the gate is closed by it, signed anew, and open again."""
    unit, stage = "640302103-congress", Stage.PLAN
    place = unit.partition("-")[0]
    row = next(one for one in cycle.small_rows()["measures"] if one["jurisdiction"] == place)
    held = row["held_on"]
    assert isinstance(held, date)
    before = len(cycle.stored(kept))
    cycle.deliver(kept, "measures", [{**row, "held_on": held + timedelta(days=1)}])
    cycle.launch(kept, stage, unit)
    sign_all(kept, stage, unit)
    cycle.launch(kept, stage, unit)
    assert len(cycle.stored(kept)) > before + 2
    assert verify(kept, blobs=True, acts=True)[1] is None
    assert {one.verdict for one in replay(kept).decisions} == {Verdict.SAME}
