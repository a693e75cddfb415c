"""The compose file, the manifests and the image's recipe: valid, pinned, closed, and of one mind.

Nothing here runs a container engine or a cluster: docs/operating.md lists what was not run.
"""

from __future__ import annotations

import copy
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deployments.embedded import SETTINGS
from tests.machines import shipped
from tests.machines.shipped import DEPLOYMENTS, compose, environment, kubernetes, objects
from tests.support.programs import path_of
from tests.support.tree import ROOT

SECRET = re.compile(r"PASSWORD|LOGIN|AUTH_STRING|_URL$")
# What two servers must not keep each in its own memory.
SHARED = {
    "PREFECT_MESSAGING_BROKER": "prefect_redis.messaging",
    "PREFECT_MESSAGING_CACHE": "prefect_redis.messaging",
    "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
    "PREFECT_SERVER_WORKER_CHANNEL_CLEANUP_QUEUE_STORAGE": "prefect_redis.cleanup_queue",
}
BATCHES = {name: value for name, value in SETTINGS.items() if "_SERVICES_" in name}
OUR_PARTS = ("migrate", "server-1", "server-2", "services")

GIVEN = {
    "PREFECT_DATABASE_PASSWORD": "a1",
    "LEDGER_PASSWORD": "b2",
    "LEDGER_OWNER_PASSWORD": "c3",
    "POSTGRES_PASSWORD": "d4",
    "REDIS_PASSWORD": "e5",
    "TERMGATE_LOGIN": "us:f6",
    "TERMGATE_ADDRESS": "https://termgate.example.org",
    "TERMGATE_HOST": "termgate.example.org",
    "TERMGATE_DESK": "https://desk.example.org",
}


# Compose


def test_the_compose_file_is_valid() -> None:
    assert shipped.wrong_in_compose(compose()) == []


@pytest.mark.parametrize("where", ["services", "worker"])
def test_a_field_that_does_not_exist_is_found(where: str) -> None:
    broken = copy.deepcopy(compose())
    (broken if where == "services" else broken["services"][where])["helthcheck"] = {}
    assert shipped.wrong_in_compose(broken)


def test_every_password_is_asked_for_and_has_no_default() -> None:
    text = (DEPLOYMENTS / "compose.yaml").read_text(encoding="utf-8")
    found = shipped.PLACEHOLDER.findall(text)
    secrets = {name for name, _, _ in found if SECRET.search(name)}
    assert secrets == {name for name in GIVEN if SECRET.search(name)}
    assert not [name for name, kind, _ in found if name in secrets and kind == "-"]
    asked = {name for name, kind, _ in found if kind == "?"}
    assert asked == set(GIVEN)


@pytest.mark.parametrize("missing", sorted(GIVEN))
def test_nothing_starts_without_one_of_them(missing: str) -> None:
    given = {name: value for name, value in GIVEN.items() if name != missing}
    refused: set[str] = set()
    for service in compose()["services"]:
        try:
            environment(service, given)
        except KeyError as error:
            refused.add(str(error))
    assert refused == {repr(missing)}


def test_no_secret_stands_on_a_command_line() -> None:
    for name, service in compose()["services"].items():
        said = yaml.safe_dump([service.get("command"), service.get("healthcheck")])
        # $$ is left to the shell inside; ${…} would be put into the command itself.
        assert not shipped.PLACEHOLDER.search(said.replace("$$", "")), name


def test_every_service_is_pinned_checked_and_started_again() -> None:
    for name, service in compose()["services"].items():
        image = service["image"]
        assert re.search(r":[0-9]+\.[0-9]+\.[0-9]+|:[0-9]+\.[0-9]+-|termgate:0\.1\.0", image), name
        if service["restart"] == "unless-stopped" and name not in ("balancer", "desks", "watch"):
            assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL"), name


def test_our_containers_may_do_nothing_that_they_need_not() -> None:
    for name, service in compose()["services"].items():
        if name in ("postgres", "redis"):
            continue
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_only_the_balancers_are_reached_from_outside() -> None:
    services = compose()["services"]
    assert {name: one["ports"] for name, one in services.items() if "ports" in one} == {
        "balancer": ["127.0.0.1:${TERMGATE_PORT:-4200}:4200"],
        "desks": ["127.0.0.1:${TERMGATE_DESK_PORT:-4210}:4210"],
    }
    outside = {name for name, one in services.items() if "outside" in one["networks"]}
    assert outside == {"balancer", "desks"}
    assert compose()["networks"]["inside"]["internal"] is True


@pytest.mark.parametrize("part", OUR_PARTS)
def test_servers_share_what_they_must_and_migrate_once(part: str) -> None:
    found = environment(part, GIVEN)
    assert {name: found[name] for name in SHARED} == SHARED
    assert found["PREFECT_SERVER_DOCKET_URL"] == "redis://:e5@redis:6379/1"
    assert found["PREFECT_SERVER_DATABASE_MIGRATE_ON_START"] == "false"
    assert found["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert {name: found[name] for name in BATCHES} == BATCHES


def test_the_two_servers_are_the_same_and_closed() -> None:
    services = compose()["services"]
    first, second = ({**services[name], "depends_on": None} for name in ("server-1", "server-2"))
    assert first == second
    found = environment("server-1", GIVEN)
    assert found["PREFECT_SERVER_API_AUTH_STRING"] == "us:f6"
    assert found["PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED"] == "true"
    assert found["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"] == "https://termgate.example.org"
    assert "--no-services" in services["server-1"]["command"]


def test_the_two_desks_are_the_same() -> None:
    services = compose()["services"]
    assert services["desk-1"] == services["desk-2"]
    assert "ports" not in services["desk-1"]


@pytest.mark.parametrize("part", ["worker", "desk-1"])
def test_who_runs_flows_or_shows_pages_knows_neither_prefect_s_database_nor_redis(
    part: str,
) -> None:
    found = environment(part, GIVEN)
    assert found["PREFECT_API_AUTH_STRING"] == "us:f6"
    assert not {"a1", "c3", "d4", "e5"} & set(found.values())
    assert not any("redis" in value for value in found.values())
    # The role that may append, not the owner of the tables.
    assert found["TERMGATE_LEDGER"] == "postgresql://termgate@postgres:5432/ledger"
    assert found["PGPASSWORD"] == "b2"


# The address before the servers


@pytest.mark.parametrize(
    ("balancer", "before"), [("balancer", "SERVER"), ("desks", "DESK")], ids=["servers", "desks"]
)
def test_the_balancers_settings_hold(balancer: str, before: str) -> None:
    program = path_of("haproxy")
    (mounted,) = compose()["services"][balancer]["volumes"]
    checked = subprocess.run(
        (program, "-c", "-f", str(DEPLOYMENTS / mounted.split(":")[0])),
        env=environment(balancer, GIVEN)
        | {f"{before}_1": "127.0.0.1:1", f"{before}_2": "127.0.0.1:2"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr
    assert "Warnings were found" not in checked.stdout


# Kubernetes


def test_every_object_is_valid() -> None:
    assert len(kubernetes()) > 10
    for one in kubernetes():
        assert shipped.wrong_in_object(one) == [], one["metadata"]["name"]


def test_a_field_that_an_object_lacks_is_found() -> None:
    broken = copy.deepcopy(objects("Deployment")["server"])
    broken["spec"]["template"]["spec"]["containers"][0]["livenesProbe"] = {}
    assert shipped.wrong_in_object(broken)


def pods() -> dict[str, dict[str, Any]]:
    """What every pod is made of; that of a run without its placeholders."""
    found = {name: one["spec"]["template"]["spec"] for name, one in objects("Deployment").items()}
    for kind in ("Job", "StatefulSet"):
        found |= {name: one["spec"]["template"]["spec"] for name, one in objects(kind).items()}
    manifest = shipped.job_template()["job_configuration"]["job_manifest"]
    return {**found, "run": manifest["spec"]["template"]["spec"]}


def test_no_pod_is_root_or_writes_to_its_image() -> None:
    for name, pod in pods().items():
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name
        if name != "worker":
            assert pod["automountServiceAccountToken"] is False, name


def test_the_job_of_a_run_is_valid_once_it_is_filled_in() -> None:
    template = shipped.job_template()
    filled: dict[str, Any] = {
        "labels": {"app": "termgate"},
        "namespace": "termgate",
        "name": "vetting",
        "finished_job_ttl": 3600,
        "service_account_name": "run",
        "env": [{"name": "PREFECT_API_URL", "value": "http://server:4200/api"}],
        "image": "termgate:0.1.0",
        "image_pull_policy": "IfNotPresent",
        "command": ["prefect", "flow-run", "execute"],
        "cpu_limit": "2",
        "memory_limit": "4Gi",
        "cpu_request": "500m",
        "memory_request": "1Gi",
    }

    def fill(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: fill(value) for name, value in part.items()}
        if isinstance(part, list):
            return [fill(value) for value in part]
        if isinstance(part, str) and (found := re.fullmatch(r"\{\{ (\w+) \}\}", part)):
            return filled[found[1]]
        return (
            re.sub(r"\{\{ (\w+) \}\}", lambda one: str(filled[one[1]]), part)
            if isinstance(part, str)
            else part
        )

    job = fill(template["job_configuration"]["job_manifest"])
    assert shipped.wrong_in_object(job) == []
    names = set(template["variables"]["properties"])
    assert set(filled) <= names


def test_secrets_are_named_and_never_written() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (DEPLOYMENTS / "kubernetes").iterdir()]
    assert not any("kind: Secret" in text for text in texts)
    for one in objects("ConfigMap").values():
        assert not [name for name in one["data"] if re.search("PASSWORD|AUTH|REDIS", name)]
    secrets = {"termgate", "termgate-run"}
    named = {
        source["secretRef"]["name"]
        for pod in pods().values()
        for container in pod["containers"]
        for source in container.get("envFrom", ())
        if "secretRef" in source
    }
    assert named == secrets


def test_both_ways_of_running_use_the_same_settings() -> None:
    server = objects("ConfigMap")["termgate-server"]["data"]
    composed = environment("server-1", GIVEN)
    assert {name: server[name] for name in SHARED | BATCHES} == SHARED | BATCHES
    secret = {
        name
        for name in composed
        if SECRET.search(name) and not name.startswith("PREFECT_SERVER_UI")
    }
    assert set(server) | secret == set(composed) - {
        "GX_ANALYTICS_ENABLED",
        "PREFECT_SERVER_EPHEMERAL_ENABLED",
    }
    runs = objects("ConfigMap")["termgate-run"]["data"]
    worker = environment("worker", GIVEN)
    for name in ("TERMGATE_HOME", "TERMGATE_LEDGER", "TERMGATE_DESK", "PREFECT_CLIENT_MAX_RETRIES"):
        assert runs[name] == worker[name]


def test_a_browser_stays_at_one_desk_in_both_ways_of_running() -> None:
    (desk,) = pods()["desk"]["containers"]
    assert desk["command"] == compose()["services"]["desk-1"]["command"]
    assert {"name": "FORWARDED_ALLOW_IPS", "value": "*"} in desk["env"]
    (before,) = pods()["desks"]["containers"]
    composed = compose()["services"]["desks"]
    assert before["image"] == composed["image"]
    assert {one["name"] for one in before["env"]} == set(composed["environment"])
    # The same file; and nobody but what has it reaches a desk.
    assert composed["volumes"][0].startswith("./kubernetes/desks.cfg:")
    (allowed,) = objects("NetworkPolicy")["desk"]["spec"]["ingress"]
    (who,) = allowed["from"]
    assert who["podSelector"]["matchLabels"] == {"app": "termgate", "part": "desks"}


# The image


def test_the_image_has_a_pinned_base_hashed_packages_and_no_root() -> None:
    steps = shipped.containerfile()
    bases = [rest for word, rest in steps if word == "FROM"]
    assert bases == ["${PYTHON} AS build", "${PYTHON}"]
    (base,) = [rest for word, rest in steps if word == "ARG"]
    assert re.search(r"python:3\.1[1-4]\.[0-9]+-slim-bookworm$", base)
    installs = [rest for word, rest in steps if word == "RUN" and "pip install" in rest]
    assert "--require-hashes" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]
    assert [rest for word, rest in steps if word == "USER"] == ["10001:10001"]
    assert [word for word, _ in steps][-2:] == ["HEALTHCHECK", "CMD"]
    assert not [rest for word, rest in steps if word in ("ARG", "ENV") and SECRET.search(rest)]


def test_what_is_copied_into_the_image_stands_and_may_be_sent() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = {line[1:] for line in ignored if line.startswith("!")}
    for word, rest in shipped.containerfile():
        if word != "COPY" or rest.startswith("--from"):
            continue
        *sources, _ = rest.split()
        for source in sources:
            assert (ROOT / source).exists(), source
            assert Path(source).parts[0] in sent, source


def text(name: str) -> str:
    """A file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_image_has_the_versions_that_developers_have() -> None:
    locks = [
        dict(
            re.findall(
                r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)",
                (ROOT / name).read_text("utf-8"),
                re.MULTILINE,
            )
        )
        for name in ("requirements.lock", "deployments/requirements.lock")
    ]
    developers, image = locks
    assert image.items() <= developers.items()
    assert {"prefect", "prefect-redis", "hatchling"} <= set(image)
    assert not {"pytest", "mypy", "playwright", "ruff"} & set(image)
