"""Who sits before the UI, and the homes whose stages are run from it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.home import VARIABLE, Home
from tests.buttons.rows import Call
from tests.buttons.runs import DECIDED, SCOPE, SIGNED, STAGE, UNSIGNED, Runs, standing
from tests.buttons.ui import Ui
from tests.support import cycle
from tests.support.signing import sign_all

# Asked, not pressed: the server has them as POST for the size of their questions.
READS = re.compile(
    r"/(filter|count|paginate|history|lateness|validate|next-runs|count-\w+(-\w+)*|counts"
    r"|concurrency_status|count-by/\{countable\})$"
)


@pytest.fixture(scope="module")
def ui(server: str) -> Iterator[Ui]:
    seated = Ui(server)
    yield seated
    seated.close()


@pytest.fixture(scope="module")
def offered(ui: Ui) -> frozenset[Call]:
    """Every call by which the server lets something be changed."""
    # The description stands beside the API, not below it.
    described = ui.get(f"{ui.url.removesuffix('/api')}/openapi.json")["paths"]
    return frozenset(
        (method.upper(), path.removeprefix("/api"))
        for path, methods in described.items()
        for method in methods
        if method != "get" and not (method == "post" and READS.search(path))
    )


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with an open gate, a signed one that a run will open, and one that nobody signed."""
    home = cycle.small_home(tmp_path_factory.mktemp("signed"))
    cycle.run(home, STAGE, DECIDED)
    cycle.launch(home, STAGE, SCOPE)
    sign_all(home, STAGE, SIGNED)
    return home


@pytest.fixture(scope="module")
def plain(signed: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The same after the plain procedure, where nobody pressed anything."""
    home = copied(signed, tmp_path_factory.mktemp("plain"))
    cycle.launch(home, STAGE, SCOPE)
    assert standing(home) == {DECIDED: "open", SIGNED: "open", UNSIGNED: "waiting"}
    return home


def copied(home: Home, path: Path) -> Home:
    shutil.copytree(home.path, path, dirs_exist_ok=True)
    return Home(path)


@pytest.fixture
def runs(ui: Ui, signed: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    home = copied(signed, tmp_path / "home")
    monkeypatch.setenv(VARIABLE, str(home.path))
    ui.forget()
    return Runs(ui, home)
