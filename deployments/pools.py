"""The catalogue as `prefect deploy` reads it, one file for each type of work pool.

Rules: the files follow from `deployments.catalogue` and are never edited (`make pools` writes them,
a test compares); the same deployments under the same names whichever the pool, so that automations
and histories outlive a move; no code is fetched when a run starts, it is installed where runs are.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from deployments.catalogue import CATALOGUE, TIMEZONE, Deployment

POOL = "termgate"
# One machine has nobody to fan out to, so `termgate serve` does not serve the last. It waits for
# the runs that it launched: two of it at once could take each other's last free worker.
POOLED = (*CATALOGUE, Deployment("cities", "flows.cities.cities"))
ALONE = {"cities"}

# What is asked of a pool for every run of ours; the environment of `prefect deploy` fills in
# {{ $NAME }}. Secrets never stand here: Prefect keeps and shows these values.
JOBS: dict[str, dict[str, Any]] = {
    # A run takes over its worker's environment.
    "process": {},
    "docker": {
        "image": "{{ $TERMGATE_IMAGE }}",
        "image_pull_policy": "IfNotPresent",
        "networks": ["termgate_inside"],
        "volumes": [
            "termgate_home:/srv/termgate/home",
            # PostgreSQL's password for the ledger, as a file of mode 600 that uid 10001 owns.
            "/etc/termgate/pgpass:/srv/termgate/.pgpass:ro",
        ],
        "env": {
            "TERMGATE_HOME": "/srv/termgate/home",
            "TERMGATE_LEDGER": "postgresql://termgate@postgres:5432/ledger",
        },
        "auto_remove": True,
        "mem_limit": "4g",
    },
    # The rest stands in kubernetes/pool.json, which the pool is made with.
    "kubernetes": {"image": "{{ $TERMGATE_IMAGE }}"},
}
FILES = {
    "process": "prefect.yaml",
    "docker": "prefect-docker.yaml",
    "kubernetes": "prefect-kubernetes.yaml",
}

_HEAD = """\
# Written by `make pools` from deployments/catalogue.py: do not edit.
# For a work pool of type {kind}:
#   prefect --no-prompt deploy --all --prefect-file deployments/{file}

name: termgate
# The code is where the runs are, in the installed package: nothing is built, pushed or pulled.
# Forms and descriptions follow from the opened cycle: `termgate serve` adds them.
build: []
push: []
pull: []

definitions:
  pool: &pool
    name: {pool}
    job_variables: {jobs}

deployments:
"""


def _value(value: object) -> str:
    """A value as YAML on one line; JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)


def _entry(one: Deployment) -> str:
    schedules = [{"cron": one.cron, "timezone": TIMEZONE}] if one.cron else []
    lines = [
        f"  - name: {one.name}",
        f"    entrypoint: {one.entrypoint}",
        f"    tags: {_value(list(one.tags))}",
        f"    schedules: {_value(schedules)}",
        "    work_pool: *pool",
        *(["    concurrency_limit: 1"] if one.name in ALONE else []),
    ]
    return "\n".join(lines) + "\n"


def prefect_file(kind: str) -> str:
    """What `prefect deploy` is to register in a pool of this type."""
    head = _HEAD.format(kind=kind, file=FILES[kind], pool=POOL, jobs=_value(JOBS[kind]))
    return head + "".join(_entry(one) for one in POOLED)


def main() -> None:
    """Write the files."""
    for kind, name in FILES.items():
        Path(__file__).with_name(name).write_text(prefect_file(kind), encoding="utf-8")


if __name__ == "__main__":
    main()
