"""Ledgers for the tampering tests, told once per process."""

from pathlib import Path

import pytest

from tests.tamper.attack import Pool
from tests.tamper.material import Material
from tests.tamper.stories import story


@pytest.fixture(scope="package")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tamper")


@pytest.fixture(scope="package")
def pool(scratch: Path) -> Pool:
    """Ledgers that are long enough for every attack to find its entry."""
    return Pool(8, (60, 90), 13, scratch)


@pytest.fixture(scope="package")
def long_ledger(scratch: Path) -> Material:
    """A ledger of at least two hundred entries."""
    return story(scratch / "long", 20161231, 200)
