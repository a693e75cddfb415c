"""Replay: past decisions made again on the evidence, policy and day of theirs, and compared.

Rules: what decides today decides here too, on facts read again and acts followed entry by entry;
only what cannot be read is left out, and then it is named. A hand-off is compared as well: its
digest must be that of the frame made again. Of the whole record, so is every act that more than its
signature has to justify. Nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass

from data.blobs import BlobError, BlobStore
from data.home import Home
from data.ledger import Ledger
from data.policies import InForce
from data.status import UnknownPlace, unit_names
from data.version import code_version
from schemas.decisions import Decision
from schemas.entries import Decided, HandedOn, Objected
from schemas.policy import Pack
from schemas.text import Unanswered
from schemas.vocabulary import Stage
from tasks.replaying.acts import Judged, judged
from tasks.replaying.bench import Bench, erased_for
from tasks.replaying.comparison import Difference, Verdict, compared, compared_hand_on
from tasks.replaying.past import (
    POLICY,
    AnyPast,
    Chosen,
    Erased,
    Moment,
    Progress,
    chosen,
    chronicle_of,
    moments,
    silent,
)


@dataclass(frozen=True)
class Replayed:
    """What a replay says of an entry; `kind` is `decided`, `objected` or `handed-on`.

    `erased` is what could not be read for it. `code` is the code version of a decision, `decision`
    the entry of the decision that a hand-off names.
    """

    seq: int
    kind: str
    unit: str
    stage: str
    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    erased: tuple[Erased, ...] = ()
    code: str = ""
    decision: int | None = None


@dataclass(frozen=True)
class Replay:
    """What was replayed by the code version `code`, in the order of the ledger.

    `acts` are what officers did besides on gates; where a part of the record was asked for, none.
    """

    code: str
    decisions: tuple[Replayed, ...]
    hand_ons: tuple[Replayed, ...]
    objections: tuple[Replayed, ...]
    acts: tuple[Judged, ...]

    @property
    def every(self) -> tuple[Replayed, ...]:
        """Decisions, hand-offs and objections."""
        return (*self.decisions, *self.hand_ons, *self.objections)

    @property
    def agrees(self) -> bool:
        """Whether nothing differs and nothing was left out."""
        made = all(one.verdict in (Verdict.SAME, Verdict.CRASH) for one in self.every)
        return made and all(one.verdict is Verdict.SAME for one in self.acts)

    @property
    def other_code(self) -> dict[str, int]:
        """Code version → how many decisions it made, where it is not today's."""
        found: dict[str, int] = {}
        for one in self.decisions:
            if one.code != self.code:
                found[one.code] = found.get(one.code, 0) + 1
        return found


def _alike(
    moment: Moment,
    verdict: Verdict,
    differences: tuple[Difference, ...] = (),
    erased: tuple[Erased, ...] = (),
) -> list[Replayed]:
    """The same said of every decision of a moment and of what was handed on by it."""
    return [
        _of_entry(entry, verdict, differences, erased)
        for past in moment.past
        for entry in past.entries
    ]


def _of_entry(
    entry: Decided | Objected | HandedOn,
    verdict: Verdict,
    differences: tuple[Difference, ...] = (),
    erased: tuple[Erased, ...] = (),
) -> Replayed:
    return Replayed(
        entry.seq,
        entry.kind,
        entry.unit,
        entry.stage,
        verdict,
        differences,
        erased,
        "" if isinstance(entry, HandedOn) else entry.code,
        entry.decision if isinstance(entry, HandedOn) else None,
    )


def _stumbled(error: Exception) -> tuple[Difference, ...]:
    # Whatever an auditor stumbles over is a difference: one that throws can be silenced. Only the
    # kind of error is kept: its message may quote people's data.
    return (Difference("evaluation", None, type(error).__name__),)


def _one(past: AnyPast, decision: Decision | None, content: str | None) -> list[Replayed]:
    """A decision and what was handed on by it, compared."""
    if decision is None:
        nobody = (Difference("unit", past.unit, None),)
        return [_of_entry(one, Verdict.DIFFERS, nobody) for one in past.entries]
    verdict, found = compared(past, decision)
    replayed = [_of_entry(past.entry, verdict, found)]
    for entry in past.handed:
        wrong = compared_hand_on(entry, past, decision, content)
        replayed.append(_of_entry(entry, Verdict.DIFFERS if wrong else Verdict.SAME, wrong))
    return replayed


def _replayed(bench: Bench, moment: Moment, pack: Pack) -> list[Replayed]:
    """What is said of the decisions of a moment."""
    if erased := erased_for(moment, pack):
        return _alike(moment, Verdict.ERASED, erased=erased)
    try:
        decided = bench.decisions(moment, pack)
        contents = bench.hand_offs(moment, pack)
    except (BlobError, Unanswered):
        raise
    except Exception as error:
        return _alike(moment, Verdict.DIFFERS, _stumbled(error))
    replayed: list[Replayed] = []
    for past in moment.past:
        try:
            replayed += _one(past, decided.get(past.unit), contents.get(past.unit))
        except Exception as error:
            wrong = _stumbled(error)
            replayed += [_of_entry(one, Verdict.DIFFERS, wrong) for one in past.entries]
    return replayed


def _of_its_day(home: Home, moment: Moment) -> tuple[Pack | None, tuple[Erased, ...]]:
    """The pack in force at a moment, or the blob that is not there."""
    try:
        return InForce(BlobStore(home.blobs), moment.history.packs, moment.on).pack, ()
    except BlobError as error:
        packs = moment.history.packs.until(moment.on.isoformat())
        seq = next((one.seq for one in packs if one.policy == error.name), 0)
        return None, (Erased(seq or 1, POLICY, error.name),)


def _impossible(question: Chosen) -> list[Replayed]:
    """Entries that no facts can be found for, or that name no decision of their gate."""
    strange = [
        _of_entry(entry, Verdict.DIFFERS, (Difference("position", entry.position, None),))
        for entry in question.strange
    ]
    orphans = [
        _of_entry(entry, Verdict.DIFFERS, (Difference("decision", entry.decision, None),))
        for entry in question.orphans
    ]
    return strange + orphans


def replay(
    home: Home,
    unit: str | None = None,
    stage: Stage | None = None,
    *,
    every: bool = False,
    among: range | None = None,
    progress: Progress = silent,
) -> Replay:
    """Replay what stands (or `every` decision and objection) of a unit and a stage, where given.

    `among` these numbers of entries alone, where they are given; `progress` learns how many
    decisions and objections are done, and of how many.

    Raises:
        UnknownPlace: there is no such unit.
        LedgerBroken: the ledger does not verify.
    """
    if unit is not None and unit not in unit_names(Ledger(home.ledger)):
        raise UnknownPlace(unit)
    chronicle = chronicle_of(home)
    question = chosen(chronicle, unit, stage, every=every, among=among)
    bench = Bench(home)
    replayed = _impossible(question)
    done = 0
    asked: tuple[AnyPast, ...] = (*question.past, *question.objected)
    for moment in moments(chronicle, asked):
        pack, gone = _of_its_day(home, moment)
        replayed += (
            _replayed(bench, moment, pack) if pack else _alike(moment, Verdict.ERASED, erased=gone)
        )
        done += len(moment.past)
        progress(done, len(asked))
    replayed.sort(key=lambda one: one.seq)
    return Replay(
        code_version(),
        tuple(one for one in replayed if one.kind == Decided.kind),
        tuple(one for one in replayed if one.kind == HandedOn.kind),
        tuple(one for one in replayed if one.kind == Objected.kind),
        tuple(judged(chronicle)) if (unit, stage, among) == (None, None, None) else (),
    )
