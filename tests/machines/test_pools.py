"""`prefect deploy` for each type of work pool, on a real server, against the catalogue."""

from __future__ import annotations

import asyncio
import gc
import json
import warnings
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.client.orchestration import get_client
from prefect.testing.cli import invoke_and_assert

from deployments.pools import ALONE, FILES, JOBS, POOL, POOLED, prefect_file
from tests.machines.shipped import DEPLOYMENTS, job_template

IMAGE = "registry.example.org/termgate:0.1.0"


@pytest.mark.parametrize("kind", FILES)
def test_the_files_follow_from_the_catalogue(kind: str) -> None:
    stands = (DEPLOYMENTS / FILES[kind]).read_text(encoding="utf-8")
    assert stands == prefect_file(kind), "run make pools"
    content = yaml.safe_load(stands)
    assert [one["name"] for one in content["deployments"]] == [one.name for one in POOLED]
    assert all(one["work_pool"]["name"] == POOL for one in content["deployments"])
    assert content["pull"] == []


def prefect(*arguments: str) -> None:
    """Run Prefect's own command, in this process, which has everything loaded."""
    with warnings.catch_warnings():
        # It leaves its connections to the end of the process.
        warnings.simplefilter("ignore", ResourceWarning)
        invoke_and_assert(["--no-prompt", *arguments], expected_code=0)
        gc.collect()


async def _standing() -> dict[str, Any]:
    async with get_client() as client:
        found = [await client.read_deployment_by_name(one.full_name) for one in POOLED]
        pool = await client.read_work_pool(POOL)
    return {"pool": pool, **{one.name: one for one in found}}


async def _forget_pool() -> None:
    async with get_client() as client:
        await client.delete_work_pool(POOL)


@pytest.mark.server
@pytest.mark.long
def test_every_type_of_pool_takes_the_same_deployments(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # From a folder that has nothing of ours in it.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERMGATE_IMAGE", IMAGE)
    ids: set[tuple[Any, ...]] = set()
    for kind, name in FILES.items():
        template = tmp_path / "pool.json"
        template.write_text(json.dumps(job_template()), encoding="utf-8")
        more = ("--base-job-template", str(template)) if kind == "kubernetes" else ()
        prefect("work-pool", "create", POOL, "--type", kind, *more)
        prefect("deploy", "--all", "--prefect-file", str(DEPLOYMENTS / name))
        standing = asyncio.run(_standing())
        assert standing["pool"].type == kind
        for one in POOLED:
            found = standing[one.name]
            assert found.entrypoint == one.entrypoint
            assert set(found.tags) == set(one.tags)
            assert found.parameters == {}
            assert [every.schedule.cron for every in found.schedules] == [one.cron][
                : bool(one.cron)
            ]
            assert found.work_pool_name == POOL
            limit = found.global_concurrency_limit
            assert (limit.limit if limit else None) == (1 if one.name in ALONE else None)
            assert not found.pull_steps
            assert found.path is None
            assert found.enforce_parameter_schema
            assert found.parameter_openapi_schema["properties"]
            expected = {**JOBS[kind], **({"image": IMAGE} if "image" in JOBS[kind] else {})}
            assert found.job_variables == expected
        ids.add(tuple(standing[one.name].id for one in POOLED))
        asyncio.run(_forget_pool())
    assert len(ids) == 1, "a deployment keeps its id when it moves to another pool"
