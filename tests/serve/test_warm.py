"""The process that is copied: what it is to load is there, and nothing of Prefect's inside."""

import asyncio
import multiprocessing
import re
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

import pytest
from prefect.flow_engine import load_flow_run, run_flow_async
from prefect.results import ResultRecord, ResultRecordMetadata  # type: ignore[attr-defined]

from data.home import VARIABLE
from deployments.serving.warm import LOADED, Helper, execute, nothing
from flows.plan import plan
from schemas.text import Refusal
from tests.buttons.ui import Ui, deploy
from tests.support import cycle
from tests.support.tree import ROOT


@pytest.mark.parametrize("name", LOADED)
def test_what_is_loaded_beforehand_is_there(name: str) -> None:
    # A fork server says nothing of what it cannot import; every run would start cold.
    assert find_spec(name)


def test_no_private_member_of_prefect_is_named() -> None:
    """Neither imported from a module of its inside, nor put in the place of one of its members."""
    for file in (ROOT / "deployments").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"(from|import) prefect[\w.]*\._", text), file


def test_a_helper_that_died_is_started_again() -> None:
    made: list[ThreadPoolExecutor] = []

    class Dead(ThreadPoolExecutor):
        def submit(self, *_: object, **__: object) -> NoReturn:
            raise BrokenExecutor

    def make() -> ThreadPoolExecutor:
        made.append(ThreadPoolExecutor(1) if made else Dead(1))
        return made[-1]

    async def asked() -> None:
        with pytest.raises(Refusal, match=r"started again|重新启动"):
            await helper.ask(nothing)
        await helper.ask(nothing)

    with Helper(make) as helper:
        asyncio.run(asked())
    assert len(made) == 2


class Planted:
    """What leaves a file behind where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Callable[..., None], tuple[Path]]:
        return Path.touch, (self._path,)


def _as_prefect(run: str) -> None:
    """Run it for its result, which is what Prefect does."""
    found = load_flow_run(UUID(run))
    asyncio.run(run_flow_async(plan, flow_run=found, parameters=found.parameters))


def _as_we(run: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=execute, args=(UUID(run), "plan"))
    process.start()
    process.join()
    assert process.exitcode == 0


@pytest.mark.server
@pytest.mark.parametrize(("way", "read"), [(_as_prefect, True), (_as_we, False)])
def test_a_result_that_somebody_set_is_not_read(
    way: Callable[[str], None],
    read: bool,
    server: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = cycle.small_home(tmp_path / "home")
    monkeypatch.setenv(VARIABLE, str(home.path))
    trace, result = tmp_path / "trace", tmp_path / "result"
    about = ResultRecordMetadata(storage_key=str(result))
    made: ResultRecord[Any] = ResultRecord(result=Planted(trace), metadata=about)
    result.write_bytes(made.serialize())
    ui = Ui(server)
    run = ui.launch(deploy(plan, "planted"), scope="640302103-congress", on=str(cycle.ON))
    data = {"type": "reference", **about.model_dump(mode="json")}
    ui.set_state(run, {"type": "COMPLETED", "name": "Completed", "data": data})
    ui.close()
    way(run)
    # That it is read otherwise shows that there is something to be kept from.
    assert trace.exists() is read
