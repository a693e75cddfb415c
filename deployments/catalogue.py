"""The catalogue of everything that is served: which flows, under which names, with which forms.

Rules: names are ours and stay; a deployment is registered by its name, so that it keeps its id and
its history. The flows are named and not imported, so that the catalogue is read in a moment; what a
form offers and what a description says is theirs (`flows.forms`, `flows.descriptions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from data.ledger import Ledger
from flows.descriptions import description
from flows.forms import form_of
from schemas.vocabulary import WORKS, Work

if TYPE_CHECKING:
    from prefect import Flow

TAG = "termgate"
# Of every schedule.
TIMEZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Deployment:
    """One flow as it is served, under the flow's own name.

    `entrypoint` is where it stands (`module.function`), `cron` when it runs by itself, in China's
    time.
    """

    name: str
    entrypoint: str
    tags: tuple[str, ...] = (TAG,)
    cron: str | None = None

    @property
    def full_name(self) -> str:
        """As Prefect names it: flow and deployment."""
        return f"{self.name}/{self.name}"

    def load(self) -> Flow[..., Any]:
        """The flow itself."""
        module, _, function = self.entrypoint.rpartition(".")
        found: Flow[..., Any] = getattr(import_module(module), function)
        return found

    def fields(self, ledger: Ledger) -> dict[str, Any]:
        """What Prefect is given of it, for the cycle in `ledger`."""
        return {
            "entrypoint": self.entrypoint,
            "description": description(self.name),
            "tags": list(self.tags),
            "parameters": {},
            "parameter_openapi_schema": form_of(self.name, ledger),
            "enforce_parameter_schema": True,
        }


def stage_deployment(work: Work) -> Deployment:
    """The deployment of a stage flow."""
    name = work.value
    return Deployment(name, f"flows.{name}.{name}", (TAG, f"stage:{name}"))


CATALOGUE: tuple[Deployment, ...] = (
    *(stage_deployment(work) for work in WORKS),
    Deployment("cycle", "flows.cycle.cycle"),
    Deployment("intake", "flows.intake.intake", (TAG, "intake")),
    Deployment("reminders", "flows.reminders.reminders", (TAG, "reminders"), cron="30 7 * * *"),
    Deployment("verification", "flows.verification.verification", (TAG, "audit"), cron="0 2 * * *"),
    Deployment("checkpoints", "flows.checkpoints.checkpoints", (TAG, "audit"), cron="0 7 * * *"),
)


def named(name: str) -> Deployment:
    """The deployment of that name."""
    return next(one for one in CATALOGUE if one.name == name)
