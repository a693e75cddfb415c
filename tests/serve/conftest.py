"""The served system that these tests share: a small cycle, behind a password."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import cycle
from tests.support.served import Served, password_file, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small cycle, opened and undecided; the serve makes its database itself."""
    folder = tmp_path_factory.mktemp("served")
    home = cycle.small_home(folder / "home")
    with serving(home, "--password-file", str(password_file(folder)), fresh=True) as running:
        yield running
