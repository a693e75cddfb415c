"""What a changed policy pack would have decided over all past decisions of a home.

Rules: every past decision is evaluated under both packs, on the facts, acts and day of its own and
after what stood before it, each gate by itself. What officers signed counts under either pack
as it did under the pack of their day: they signed the evidence that they were shown. A gate whose
checks would hold is no open gate: where nobody could sign it then, that is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from data.history import History
from data.home import Home
from data.ledger import LedgerBroken
from schemas.decisions import Decision, closing_of, sign_off_code
from schemas.entries import Decided
from schemas.findings import Finding
from schemas.policy import Pack
from schemas.vocabulary import Outcome, Stage, Status
from tasks.replaying.bench import Bench, erased_for
from tasks.replaying.packs import PackChange, pack_changes
from tasks.replaying.past import Erased, Past, Progress, chosen, chronicle_of, moments, silent


@dataclass(frozen=True)
class Changed:
    """A past decision that the packs decide differently.

    `findings` close the gate under the pack that closes it. `unsigned`: its checks would hold, and
    signatures would have been asked for.
    """

    seq: int
    unit: str
    stage: Stage
    on: date
    old: Outcome
    new: Outcome
    findings: tuple[Finding, ...]
    unsigned: bool = False


@dataclass(frozen=True)
class NotEvaluated:
    """A past decision of which the evidence cannot be read."""

    seq: int
    unit: str
    stage: Stage
    erased: tuple[Erased, ...]


@dataclass(frozen=True)
class WhatIf:
    """Two packs compared over `decisions` past decisions: what closes, what opens."""

    old: Pack
    new: Pack
    changes: tuple[PackChange, ...]
    decisions: int
    closes: tuple[Changed, ...]
    opens: tuple[Changed, ...]
    not_evaluated: tuple[NotEvaluated, ...]

    @property
    def nothing(self) -> bool:
        """Whether no past decision changes, as far as every one could be evaluated."""
        return not (self.closes or self.opens or self.not_evaluated)


def _closing(decision: Decision) -> tuple[Finding, ...]:
    return tuple(closing_of(decision.findings))


def _asks_for_signatures(decision: Decision) -> bool:
    """Whether signatures are all that keeps a gate closed; a refusal is more than that."""
    code = sign_off_code(decision.stage)
    closing = _closing(decision)
    return bool(closing) and all(
        one.check == code and one.status is Status.MISSING for one in closing
    )


def _checks_hold(decision: Decision) -> bool:
    """Whether it came to signatures at all."""
    return sign_off_code(decision.stage) in decision.findings.checks


def _seen(history: History, past: Past[Decided]) -> frozenset[str]:
    """For which evidence signatures counted in a past decision."""
    acts = history.acts.of(past.unit, past.stage.value)
    carried = (act.said.evidence for act in acts if act.seq in past.entry.carried)
    return frozenset({past.entry.evidence, *carried})


def bearing(past: Past[Decided], old: Decision, new: Decision) -> Changed | None:
    """What another pack makes of a past decision, if it bears on the gate being open."""
    opens = new.outcome is Outcome.OPEN
    unsigned = not opens and not _checks_hold(old) and _asks_for_signatures(new)
    closes = old.outcome is Outcome.OPEN and not opens
    if not closes and not unsigned and (old.outcome is Outcome.OPEN) is opens:
        return None
    return Changed(
        past.seq,
        past.unit,
        past.stage,
        past.on,
        old.outcome,
        new.outcome,
        _closing(new if closes else old),
        unsigned,
    )


def what_if(home: Home, old: Pack, new: Pack, progress: Progress = silent) -> WhatIf:
    """Every past decision of a home under `old` and under `new`.

    `progress` learns how many decisions are done, and of how many.

    Raises:
        LedgerBroken: the ledger does not verify, or decides about what it does not have.
    """
    chronicle = chronicle_of(home)
    question = chosen(chronicle, every=True)
    if question.strange:
        raise LedgerBroken(question.strange[0].seq, "decision")
    past = {one.seq: one for one in question.past}
    bench = Bench(home)
    changed: list[Changed] = []
    left: list[NotEvaluated] = []
    done = 0
    for moment in moments(chronicle, question.past):
        done += len(moment.past)
        if erased := erased_for(moment, old, new):
            left += [NotEvaluated(one.seq, one.unit, one.stage, erased) for one in moment.past]
        else:
            mine = [past[one.seq] for one in moment.past]
            seen = {one.unit: _seen(moment.history, one) for one in mine}
            before = bench.decisions(moment, old, seen)
            after = bench.decisions(moment, new, seen)
            for one in mine:
                if one.unit not in before:
                    raise LedgerBroken(one.seq, "decision")
                found = bearing(one, before[one.unit], after[one.unit])
                changed += [found] if found else []
        progress(done, len(past))
    changed.sort(key=lambda one: one.seq)
    return WhatIf(
        old,
        new,
        pack_changes(old, new),
        len(past),
        tuple(one for one in changed if one.old is Outcome.OPEN),
        tuple(one for one in changed if one.old is not Outcome.OPEN),
        tuple(sorted(left, key=lambda one: one.seq)),
    )
