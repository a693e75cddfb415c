"""What is measured, each in a process of its own: `python -m tests.benchmarks.measures …`.

The last line that is printed is the result as JSON. The heavy imports stand in the functions, so
that they can be timed, and so that Prefect finds its settings.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

from data.home import Home
from data.ledger import Ledger
from data.verify import verify
from data.verify_chain import Fault, no_collecting
from deployments.cli import COLLECT_AFTER
from schemas.decisions import Decision, closing_of, sign_off_code
from schemas.ed25519 import holds
from schemas.findings import Findings, together
from schemas.vocabulary import STAGES, Stage
from tests.benchmarks.results import Gates, Timings, Verified, Vetted
from tests.generator.base import REFERENCE_ON
from tests.support.record import chained

Timed = tuple[dict[str, float], float]  # seconds by stage, seconds of keys and signatures
Verification = tuple[int, float, float]  # entries, seconds, seconds of processor time


def peak_megabytes() -> float:
    """The most memory that this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


async def _signed_through(home: Home, run: Callable[[Stage], Awaitable[object]]) -> Timed:
    """The five stages, each decided and then signed, and the last once more on its signatures.

    Only the stages are timed; what the officers do in between is told apart.
    """
    from tests.support.signing import enrol, sign_all

    before = time.perf_counter()
    enrol(home)
    signing = time.perf_counter() - before
    stages: dict[str, float] = {}
    for stage in STAGES:
        before = time.perf_counter()
        await run(stage)
        stages[stage.value] = time.perf_counter() - before
        before = time.perf_counter()
        sign_all(home, stage)
        signing += time.perf_counter() - before
    before = time.perf_counter()
    await run(STAGES[-1])
    stages[f"{STAGES[-1].value}, signed"] = time.perf_counter() - before
    return stages, signing


def measure_gates(home: Home) -> Gates:
    """The stage flows one after the other, on the server that `serve` starts."""
    from deployments.serving.lifetime import own_server
    from deployments.serving.settings import plan_of, prepare
    from tests.support.patience import until
    from tests.support.server import free_port, healthy

    plan = plan_of(home, port=free_port())
    prepare(plan, None)
    started = time.perf_counter()
    import tasks.handoff.validation  # noqa: F401 (else the first hand-off loads it)
    from flows.cycle import STAGE_FLOWS

    imported = time.perf_counter()

    async def flow(stage: Stage) -> None:
        await STAGE_FLOWS[stage.work.value]("cycle", REFERENCE_ON, return_state=True)

    with own_server(plan):
        until(lambda: healthy(plan.api_url), "an answer of the server")
        served = time.perf_counter()
        stages, signing = asyncio.run(_signed_through(home, flow))
    return Gates(
        decided=_decided(home),
        opened=_opened(home),
        imports=imported - started,
        server=served - imported,
        signing=signing,
        stages=stages,
        megabytes=peak_megabytes(),
    )


def measure_plain(home: Home) -> Gates:
    """The same stages without an orchestrator."""
    started = time.perf_counter()
    import tasks.handoff.validation  # noqa: F401 (else the first hand-off loads it)
    from tests.support.stages import run_stage

    imported = time.perf_counter()

    async def run(stage: Stage) -> None:
        run_stage(home, stage, "cycle", REFERENCE_ON)

    stages, signing = asyncio.run(_signed_through(home, run))
    return Gates(
        decided=_decided(home),
        opened=_opened(home),
        imports=imported - started,
        server=0.0,
        signing=signing,
        stages=stages,
        megabytes=peak_megabytes(),
    )


def _waits_for_signatures(decision: Decision) -> bool:
    """Whether everything holds but the signatures."""
    closing = {one.check for one in closing_of(decision.findings)}
    return closing == {sign_off_code(decision.stage)}


def measure_vetting(home: Home) -> Vetted:
    """One stage over a large cycle: read, check, decide with evidence digests.

    Not by `run_stage`: bodies that grew too large stop at the plan.
    """
    started = time.perf_counter()
    from tasks.gate.approvals import reads_of
    from tasks.gate.decision import decisions_of
    from tasks.gate.evaluation import run_check
    from tasks.gate.snapshot import open_snapshot

    imported = time.perf_counter()
    snapshot = open_snapshot(home, "cycle", REFERENCE_ON)
    for needed in reads_of(snapshot, Stage.VETTING):
        snapshot.facts.tables[needed.register]  # Decoded when they are asked for.
    read = before = time.perf_counter()
    parts: list[dict[str, Findings]] = []
    checks: dict[str, float] = {}
    for entry in snapshot.pack.checks[Stage.VETTING]:
        before = time.perf_counter()
        parts.append(run_check(entry, snapshot.facts))
        checks[entry.rule.code] = time.perf_counter() - before
    findings = together(parts)
    checked = time.perf_counter()
    decisions = decisions_of(snapshot, Stage.VETTING, findings)
    judged = time.perf_counter()
    # Nobody signed, and the gates before are not open: what holds waits for its signatures.
    signable = [one for one in decisions if _waits_for_signatures(one)]
    return Vetted(
        candidates=len(snapshot.facts.candidates),
        units=len(decisions),
        opened=len(signable),
        findings=sum(len(one.findings) for one in decisions),
        imports=imported - started,
        read=read - imported,
        check=checked - read,
        decide=judged - checked,
        checks=checks,
        megabytes=peak_megabytes(),
    )


def _chain_alone(home: Home) -> tuple[int, Fault | None]:
    with no_collecting():
        entries, fault = chained(Ledger(home.ledger))
    return len(entries), fault


# What a verification looks at: the second is done before every stage, the last by `audit verify`.
DEPTHS: dict[str, Callable[[Home], tuple[int, Fault | None]]] = {
    "chain alone": _chain_alone,
    "chain, state tables, acts on keys": verify,
    "and all acts, decisions, checkpoints": partial(verify, acts=True),
    "and blobs": partial(verify, acts=True, blobs=True),
}


def _timed(verified: Callable[[Home], tuple[int, Fault | None]], home: Home) -> Verification:
    """One verification, no signature remembered from before: entries, seconds, processor time."""
    holds.cache_clear()
    before, busy = time.perf_counter(), time.process_time()
    entries, fault = verified(home)
    seconds, cpu = time.perf_counter() - before, time.process_time() - busy
    if fault:
        raise ValueError(fault.text())
    return entries, seconds, cpu


def measure_verification(home: Home, times: int = 20) -> Verified:
    """The ledger of a home, verified again and again."""
    found: dict[str, Timings] = {}
    entries = 0
    for name, verified in DEPTHS.items():
        runs = [_timed(verified, home) for _ in range(times)]
        entries = runs[0][0]
        found[name] = Timings([one[1] for one in runs], [one[2] for one in runs])
    size = Ledger(home.ledger).query("SELECT sum(length(body)) FROM entries")[0][0]
    return Verified(entries, int(size), found)


def _decided(home: Home) -> int:
    return int(Ledger(home.ledger).query("SELECT count(*) FROM gates")[0][0])


def _opened(home: Home) -> int:
    statement = "SELECT count(*) FROM gates WHERE outcome = 'open'"
    return int(Ledger(home.ledger).query(statement)[0][0])


MEASURES: dict[str, Callable[[Home], Gates | Vetted | Verified]] = {
    "gates": measure_gates,
    "plain": measure_plain,
    "vetting": measure_vetting,
    "verification": measure_verification,
}


def main() -> None:
    """`open HOME [CANDIDATES]`, or one of `MEASURES` with a home."""
    what, path, *rest = sys.argv[1:]
    # As the console script has it.
    gc.set_threshold(COLLECT_AFTER)
    if what == "open":
        from tests.benchmarks.cycles import open_size

        result = asdict(open_size(Path(path), int(rest[0]) if rest else None))
    else:
        result = asdict(MEASURES[what](Home(Path(path))))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
