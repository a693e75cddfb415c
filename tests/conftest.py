"""How tests run: away from the developer's own Prefect, and with nothing skipped in CI.

Rules: tests are arranged in units that share what is dear (tests.support.units), and each is
measured (tests.support.costs). A module that is marked `on_both` is run with its ledgers in files,
and again with its ledgers in PostgreSQL.
"""

import gc
import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from typing import Any

import hypothesis
import pytest

from tests.support import places, templates
from tests.support.costs import Costs
from tests.support.units import ON_POSTGRESQL, Units, arranged, uses_server

SERVICES_REQUIRED = os.environ.get("TERMGATE_REQUIRE_SERVICES") == "1"

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


_costs = pytest.StashKey[Costs]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--costs", action="store_true", help="list anew which tests are dear")


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
    costs = Costs(writing=config.getoption("--costs"))
    config.stash[_costs] = costs
    config.pluginmanager.register(costs, "costs")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Units:
    """Processes are given units, in the order in which these were collected."""
    config.option.loadscopereorder = False
    return Units(config, log)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked so with both kinds of ledgers."""
    if metafunc.definition.get_closest_marker("on_both"):
        places_of_ledgers = [
            pytest.param(False, id=pytest.HIDDEN_PARAM),
            pytest.param(True, id=ON_POSTGRESQL, marks=pytest.mark.postgresql),
        ]
        metafunc.parametrize("ledgers", places_of_ledgers, indirect=True, scope="module")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Arrange the tests; what is of a file, or long, is not run again on PostgreSQL."""
    left_out = [item for item in items if _has_no_meaning(item)]
    config.hook.pytest_deselected(items=left_out)
    kept = [item for item in items if not _has_no_meaning(item)]
    items[:] = arranged(kept, config.stash[_costs].together)


def _has_no_meaning(item: pytest.Item) -> bool:
    again = item.get_closest_marker("on_both") and item.get_closest_marker("postgresql")
    return bool(again) and any(item.get_closest_marker(name) for name in ("sqlite", "long"))


def pytest_collection_finish() -> None:
    """Keep the collector from what is loaded for good, which is most of a test process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where services are required, a test that is left out has failed, whatever it lacks."""
    report = yield
    if SERVICES_REQUIRED and report.skipped and not hasattr(report, "wasxfail"):
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


@pytest.fixture(scope="module", autouse=True)
def ledgers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where the ledgers of a module's homes stand: in files, but for `on_both`."""
    if not getattr(request, "param", False):
        yield
        return
    if not places.found():
        pytest.skip("no PostgreSQL for the ledgers (install it, or set TERMGATE_TEST_POSTGRES)")
    with places.in_postgresql():
        yield


class _Server:
    """The Prefect server of the tests: started for the first that needs it, ended after the last.

    One that idles takes a third of a processor; in a unit those that use it follow one another.
    """

    def __init__(self) -> None:
        self._running = ExitStack()
        self._url = ""

    def url(self) -> str:
        # Reading commands are tested in processes that never load Prefect.
        from tests.support.server import prefect_server

        self._url = self._url or self._running.enter_context(prefect_server())
        return self._url

    def end(self) -> None:
        self._running.close()
        self._url = ""

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, nextitem: pytest.Item | None) -> None:
        if nextitem is None or not uses_server(nextitem):
            self.end()


@pytest.fixture(scope="session")
def _server(request: pytest.FixtureRequest) -> Iterator[_Server]:
    kept = _Server()
    request.config.pluginmanager.register(kept)
    yield kept
    kept.end()


@pytest.fixture(scope="module")
def server(_server: _Server) -> str:
    """The address of the one Prefect server that the tests of a process share."""
    return _server.url()
