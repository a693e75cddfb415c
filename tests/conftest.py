"""How tests run: away from the developer's own Prefect, and with nothing skipped in CI."""

import gc
import os
import tempfile
from collections.abc import Generator, Iterator

import hypothesis
import pytest

from tests.support import places, templates

SERVICES_REQUIRED = os.environ.get("TERMGATE_REQUIRE_SERVICES") == "1"
SERVICE_MARKERS = ("server", "browser", "postgresql")

hypothesis.settings.register_profile("local", deadline=None)
# In CI the same commit gives the same answer.
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
# What fails is known beforehand to be broken: nobody reads the smallest example of it.
hypothesis.settings.register_profile(
    "mutations",
    deadline=None,
    derandomize=True,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_configure(config: pytest.Config) -> None:
    """Give every test process a Prefect home of its own, before anything imports Prefect."""
    home = tempfile.TemporaryDirectory(prefix="termgate-test-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    if templates.VARIABLE not in os.environ:
        # Of the process that starts the others, which end before it.
        shared = tempfile.TemporaryDirectory(prefix="termgate-templates-")
        config.add_cleanup(shared.cleanup)
        os.environ[templates.VARIABLE] = shared.name
    for name in ("PREFECT_API_URL", "PREFECT_PROFILE", "TERMGATE_HOME", "TERMGATE_LEDGER",
                 "TERMGATE_BLOBS"):  # fmt: skip
        os.environ.pop(name, None)
    os.environ |= {
        "PREFECT_HOME": home.name,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "GX_ANALYTICS_ENABLED": "false",
        # States are asserted on; a line for every gate would drown what failed.
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
    }
    places.install()


def pytest_collection_finish() -> None:
    """Keep the collector from what is loaded for good, which is most of a test process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where ledgers stand in PostgreSQL, what is of a file has no meaning."""
    if places.on_postgresql():
        of_files = [item for item in items if item.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=of_files)
        items[:] = [item for item in items if item not in of_files]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where services are required, a test that skips for want of one has failed."""
    report = yield
    needs_service = any(item.get_closest_marker(name) for name in SERVICE_MARKERS)
    if SERVICES_REQUIRED and needs_service and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where TERMGATE_REQUIRE_SERVICES=1: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Where services are required, no module may be skipped as a whole either."""
    report = yield
    if SERVICES_REQUIRED and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped where TERMGATE_REQUIRE_SERVICES=1: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the one Prefect server that the tests of a process share."""
    # Reading commands are tested in processes that never load Prefect.
    from tests.support.server import prefect_server

    with prefect_server() as url:
        yield url
