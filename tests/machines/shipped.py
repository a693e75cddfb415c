"""The files that machines are set up with, as tests read them."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from tests.support.tree import ROOT

DEPLOYMENTS = ROOT / "deployments"
SCHEMAS = ROOT / "tests" / "support" / "schemas"
NO_OBJECT = "Kustomization"

# ${NAME}, ${NAME:-default}, ${NAME:?what is missing}
PLACEHOLDER = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


@cache
def compose() -> dict[str, Any]:
    """The compose file, its anchors resolved and its variables left as they stand."""
    text = (DEPLOYMENTS / "compose.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def environment(service: str, given: dict[str, str]) -> dict[str, str]:
    """The environment of one service, with its variables taken from `given`.

    Raises:
        KeyError: one has no default and is not given.
    """

    def value(found: re.Match[str]) -> str:
        name, kind, default = found.groups()
        if name in given:
            return given[name]
        if kind == "-":
            return str(default)
        raise KeyError(name)

    listed: dict[str, str] = compose()["services"][service].get("environment", {})
    return {name: PLACEHOLDER.sub(value, text) for name, text in listed.items()}


@cache
def kubernetes() -> tuple[dict[str, Any], ...]:
    """Every object of the manifests."""
    found: list[dict[str, Any]] = []
    for path in sorted((DEPLOYMENTS / "kubernetes").glob("*.yaml")):
        found += yaml.safe_load_all(path.read_text(encoding="utf-8"))
    return tuple(one for one in found if one["kind"] != NO_OBJECT)


def objects(kind: str) -> dict[str, dict[str, Any]]:
    """Name → object, of one kind."""
    return {one["metadata"]["name"]: one for one in kubernetes() if one["kind"] == kind}


@cache
def _schema(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    return content


def wrong_in_compose(content: dict[str, Any]) -> list[str]:
    """Where a compose file breaks the specification's schema."""
    validator = jsonschema.Draft7Validator({**_schema("compose-spec.json"), "$schema": None})
    return [f"{one.json_path}: {one.message}" for one in validator.iter_errors(content)]


def wrong_in_object(content: dict[str, Any]) -> list[str]:
    """Where an object breaks the schema of its kind; a field that the kind lacks does."""
    schemas = _schema("kubernetes-1.37.json")
    schema = {**schemas["kinds"][content["kind"]], "definitions": schemas["definitions"]}
    validator = jsonschema.Draft202012Validator(schema)
    return [f"{one.json_path}: {one.message}" for one in validator.iter_errors(content)]


def containerfile() -> list[tuple[str, str]]:
    """The instructions of the Containerfile: word and rest, continued lines joined."""
    text = (DEPLOYMENTS / "Containerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    whole = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [
        (word, rest.strip()) for word, _, rest in (one.partition(" ") for one in whole.split("\n"))
    ]


def job_template() -> dict[str, Any]:
    """The base job template of the Kubernetes work pool."""
    path = Path(DEPLOYMENTS, "kubernetes", "pool.json")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
