"""What gates that are not reached would say, so that nobody waits months to see what is missing.

Rules: evaluated as a gate is, by the same checks on the same facts, and never decided: nothing goes
on record, nobody signs for it, nothing is handed on by it. What a forecast was worked out from is
kept with it, so that it is worked out again only where that changed.
"""

from __future__ import annotations

import orjson

from data.forecasts import Forecast, grounds, keep
from data.status import statuses
from data.version import code_version
from schemas.canonical import canonical, digest
from schemas.decisions import WANTING, packed
from schemas.findings import Findings
from schemas.vocabulary import NOT_REACHED, STAGES, Stage
from tasks.gate.answers import Answer, answers_of
from tasks.gate.approvals import Authority, reads_of
from tasks.gate.evidence import evidence_of
from tasks.gate.snapshot import Snapshot


def _grounds(snapshot: Snapshot, stage: Stage) -> dict[str, str]:
    """Unit → the digest of all that the forecast of its gate follows from."""
    common = [snapshot.pack.digest, snapshot.on.isoformat(), code_version()]
    acts = snapshot.history.acts
    return {
        unit: digest(canonical([*common, evidence, [a.seq for a in acts.of(unit, stage.value)]]))
        for unit, evidence in evidence_of(snapshot.facts, reads_of(snapshot, stage)).items()
    }


def _forecast(snapshot: Snapshot, stage: Stage, answer: Answer, ground: str) -> Forecast:
    closing = list(answer.findings.having(WANTING))
    checks = {one.rule.code for one in snapshot.pack.checks[stage]}
    return Forecast(
        answer.unit,
        stage.value,
        ground,
        snapshot.on.isoformat(),
        snapshot.history.seq,
        not closing and checks <= answer.findings.checks,
        orjson.dumps(packed(Findings.of(closing))).decode(),
    )


def forecast_ahead(snapshot: Snapshot, scope: str) -> list[Forecast]:
    """Work out and keep the forecasts of the gates in scope that are not reached; the new ones.

    Raises:
        LedgerBroken: a gate on record is not what its entry says.
    """
    stands = {one.unit: one.stages for one in statuses(snapshot.ledger, scope)}
    known = grounds(snapshot.ledger)
    made: list[Forecast] = []
    for stage in STAGES:
        ahead = {unit for unit in snapshot.units if stands[unit][stage.value] == NOT_REACHED}
        if not ahead:
            continue
        now = _grounds(snapshot.within(ahead), stage)
        anew = {unit for unit, ground in now.items() if known.get((unit, stage.value)) != ground}
        if anew:
            looked = snapshot.within(anew)
            answers, _ = answers_of(looked, stage, Authority(looked, stage))
            made += [_forecast(looked, stage, one, now[one.unit]) for one in answers]
    keep(snapshot.ledger, made)
    return made
