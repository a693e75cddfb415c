"""The server that the tests of machines share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.server import prefect_server


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with prefect_server() as url:
        yield url
