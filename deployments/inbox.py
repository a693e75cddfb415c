"""What waits for an officer: gates to sign, objections, deliveries, keys, and a policy pack.

Rules: gates follow from the ledger and the policy pack alone, without the registers; who may not
sign is as the decision that stands found it. A gate is listed only where it is reached, its checks
and hand-off hold, and it asks for this officer. Everything else is listed as taking it would say,
as at the desk; the registers are read only where there is something to ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data.acts import REFUSED, Key
from data.adoptions import Proposed as ProposedPack
from data.home import Home, named_home
from data.ledger import Ledger
from data.status import UnitStatus
from data.waiting import doubtful_officers
from deployments.alarms import alarm
from deployments.app import HomeOption, JsonOption, OfficerOption, _
from deployments.changed_rows import RowsOf
from deployments.exits import CLOSED, DONE
from deployments.gates import since_lines
from deployments.reviews import EVALUATED_ON, EVIDENCE, FOUND, totals
from deployments.show import Answer, Columns, Line, Part
from schemas.decisions import found_by_check
from schemas.entries import Decided, GateAct, Proposed
from schemas.names import NAME, UNIT, officer_name, unit_name
from schemas.refusals import ACT_FAULTS, ActRefused
from schemas.text import Text, comma_separated, plural
from schemas.vocabulary import Stage
from schemas.words import VERDICTS, organ_name, register_name
from tasks.officers.objected import ToRule
from tasks.officers.outstanding import Outstanding, judged, outstanding_for
from tasks.officers.pending import Gap, PendingGate, PendingSignatures

if TYPE_CHECKING:
    from tasks.changes import Change

STAGE = Text("环节", "stage")
MISSING = Text("还缺谁签字", "who else is still missing")
WHY = Text("原因", "why")
HEADINGS = (UNIT, NAME, STAGE, EVALUATED_ON, FOUND, EVIDENCE, MISSING)

NOTHING_NEEDED: dict[str, Text] = {
    "signed": Text("您已签字", "you signed"),
    "refused": Text("您已拒签", "you refused"),
    "not-needed": Text("已有足够签字", "enough signed without you"),
    "complete": Text("已签齐，待再次运行该环节", "all signed; the stage is to be launched again"),
}


@dataclass(frozen=True)
class Item:
    """A gate that waits for signatures; `needs` are the requirements that this officer can fill.

    `missing` are those that remain when they have signed; `state` says why nothing is needed of
    them, empty where something is.
    """

    unit: UnitStatus
    stage: Stage
    entry: Decided
    needs: tuple[str, ...]
    missing: tuple[Gap, ...]
    state: str
    stale: tuple[GateAct, ...]

    def as_json(self, changes: Mapping[int, Sequence[Change]]) -> dict[str, Any]:
        """The item as it is printed for programs; `changes` are those since an act."""
        return {
            "unit": self.unit.unit,
            "name": unit_name(self.unit.name, self.unit.body).render(),
            "stage": self.stage.value,
            "on": self.entry.on,
            "outcome": self.entry.outcome,
            "findings": found_by_check(self.entry.findings),
            "evidence": self.entry.evidence,
            "seq": self.entry.seq,
            "requirements": list(self.needs),
            "missing": [
                {
                    "requirement": gap.requirement,
                    "organs": list(gap.organs),
                    "need": gap.need,
                    "have": gap.have,
                    "refused": gap.refused,
                    "able": list(gap.able),
                    "enough": gap.enough,
                }
                for gap in self.missing
            ],
            "stale": [
                {
                    "seq": act.seq,
                    "officer": act.officer,
                    "changes": [one.as_json() for one in changes[act.seq]],
                }
                for act in self.stale
            ],
            "state": self.state,
        }


class Inbox:
    """Every gate as one officer finds it."""

    def __init__(self, pending: PendingSignatures, officer: str) -> None:
        mine = pending.keys.of(officer)
        if mine is None:
            raise ActRefused("no-key", officer)
        self._gates = pending.gates
        self.keys = pending.keys
        self.mine: Key = mine

    def items(self) -> list[Item]:
        """Every reached gate that only signatures keep closed and they may sign."""
        return [self._item(gate) for gate in self._gates if gate.admitting(self.mine)]

    def _item(self, gate: PendingGate) -> Item:
        done, needs = gate.done_by(self.mine.officer), gate.filled_by(self.mine)
        state = (
            "refused" if REFUSED in done else "signed" if done else gate.barred(self.mine.officer)
        )
        if not state and not needs:
            state = "not-needed"
        return Item(
            gate.unit,
            gate.stage,
            gate.entry,
            () if state else tuple(needs),
            tuple(gate.gaps(() if state else (self.mine,))),
            state if gate.gaps() else "complete",
            gate.stale,
        )


def inbox(*, officer: OfficerOption, home: HomeOption = None, json: JsonOption = False) -> int:
    """Show what waits for an officer; 3 where something does, 0 where nothing does."""
    opened = named_home(home).of_this_release()
    pending = PendingSignatures(opened)
    box = Inbox(pending, officer)
    items = box.items()
    changes = RowsOf(opened).changes([act for item in items for act in item.stale])
    outstanding = _outstanding(opened, pending, box.mine)
    waiting = [item for item in items if not item.state]
    others = [item for item in items if item.state]
    value = {
        "officer": officer,
        "organ": box.mine.organ,
        "jurisdiction": box.mine.jurisdiction,
        "key": box.mine.name,
        "waiting": [item.as_json(changes) for item in waiting],
        "others": [item.as_json(changes) for item in others],
        "objections": [_objection_json(one, officer) for one in outstanding.objections],
        "confirmations": [one.seq for one in outstanding.deliveries],
        "keys": [{"officer": key.officer, "key": key.name} for key in outstanding.keys],
        "packs": [_pack_json(seq, one) for seq, one in outstanding.packs.items()],
    }
    who = officer_name(officer, organ_name(box.mine.organ), box.mine.jurisdiction)
    code = CLOSED if waiting or outstanding else DONE
    parts = (
        *_parts(who, waiting, others, changes),
        *_objections(outstanding.objections, officer),
        *_confirmations(outstanding.deliveries),
        *_keys(outstanding.keys),
        *_packs(outstanding.packs),
        *alarm(doubtful_officers(Ledger(opened.ledger))),
    )
    return Answer(value, parts, code).give(json=json)


def _outstanding(home: Home, pending: PendingSignatures, mine: Key) -> Outstanding:
    """What an officer may do besides gates."""
    found = outstanding_for(home, pending.keys, pending.waiting, mine)
    if not (found.objections or found.deliveries or found.keys):
        return found
    from deployments.desk.known import Known

    return judged(found, Known(home).judge(mine))[0]


def head_line(one: Proposed) -> str:
    """Who delivered what, in one line."""
    counts: dict[str, int] = {}
    for part in one.submissions:
        counts[part.register] = counts.get(part.register, 0) + part.accepted
    named = {register_name(register): count for register, count in counts.items()}
    what = comma_separated(
        Text(f"{name.zh}{count}行", f"{name.en} ({plural(count, 'row')})")
        for name, count in named.items()
    )
    who = officer_name(one.officer, organ_name(one.said.organ), one.said.jurisdiction)
    return _(
        f"记录第{one.seq}号（{one.on}）{who}：{what.zh}", f"{one.seq} of {one.on}, {who}: {what.en}"
    )


def _confirmations(deliveries: list[Proposed]) -> Iterator[Part]:
    """The deliveries that the officer may confirm."""
    for one in deliveries:
        yield Line(
            _(
                f"报送待您或他人确认：{head_line(one)}；见 termgate pending {one.seq}",
                f"to be confirmed by you or others: {head_line(one)}; see `termgate pending "
                f"{one.seq}`",
            )
        )


def _keys(keys: Sequence[Key]) -> Iterator[Part]:
    """The keys for which the officer may vouch."""
    for key in keys:
        who = officer_name(key.officer, organ_name(key.organ), key.jurisdiction)
        yield Line(
            _(
                f"密钥待您或他人核验确认：{who}；请本人读出指纹，"
                f"再 termgate key vouch {key.officer}",
                f"a key to be vouched for by you or others: {who}; have its fingerprint read out, "
                f"then `termgate key vouch {key.officer}`",
            )
        )


def _pack_json(seq: int, one: ProposedPack) -> dict[str, Any]:
    return {"seq": seq, "pack": one.pack, "policy": one.policy, "starts": one.starts}


def _packs(packs: Mapping[int, ProposedPack]) -> Iterator[Part]:
    """The packs that the officer's signature would adopt."""
    for seq, one in packs.items():
        what = f"{one.pack} ({one.policy[:12]})"
        yield Line(
            _(
                f"规则包待您或他人签字通过：{what}，自{one.starts}起执行（记录第{seq}号）；"
                f"见 termgate policy adopt FILE --from {one.starts} --dry-run",
                f"a pack to be adopted by you or others: {what}, from {one.starts} on (entry "
                f"{seq}); see `termgate policy adopt FILE --from {one.starts} --dry-run`",
            )
        )


def _verdicts(one: ToRule, officer: str) -> list[str]:
    """How an officer may rule on an objection."""
    return [verdict for verdict, officers in one.able.items() if officer in officers]


def _objection_json(one: ToRule, officer: str) -> dict[str, Any]:
    return {
        "seq": one.entry.seq,
        "unit": one.entry.unit,
        "stage": one.entry.stage,
        "verdicts": _verdicts(one, officer),
    }


def _objections(objected: list[ToRule], officer: str) -> Iterator[Part]:
    """The objections on which the officer may rule."""
    for one in objected:
        stage = Stage(one.entry.stage).label
        said = comma_separated(VERDICTS[verdict] for verdict in _verdicts(one, officer))
        yield Line(
            _(
                f"异议待裁定：记录第{one.entry.seq}号，{one.entry.unit} {stage.zh}；"
                f"您可以{said.zh}",
                f"objection {one.entry.seq} to {one.entry.unit} ({stage.en}) is to be ruled on; "
                f"you may rule: {said.en}",
            )
        )


def _parts(
    who: str, waiting: list[Item], others: list[Item], changes: Mapping[int, Sequence[Change]]
) -> Iterator[Part]:
    yield _(
        f"{who}：{len(waiting)}个关口等待您签字，{len(others)}个无需您办理",
        f"{who}: {plural(len(waiting), 'gate')} to be signed by you, {len(others)} without "
        f"anything for you to do",
    )
    headings = [text.render() for text in HEADINGS]
    if waiting:
        yield Columns([headings, *map(_row, waiting)])
        for item in waiting:
            yield from map(Line, _stale_lines(item, changes))
    if others:
        yield _("\n无需您办理：", "\nnothing is needed of you:")
        rows = [[*_row(item), _why(item.state).render()] for item in others]
        yield Columns([[*headings, WHY.render()], *rows])


def _stale_lines(item: Item, changes: Mapping[int, Sequence[Change]]) -> Iterator[str]:
    """What changed since somebody signed the gate on other evidence."""
    for act in item.stale:
        where, said = f"{item.unit.unit} {item.stage.label.render()}", since_lines(changes[act.seq])
        for line in said:
            yield f"{where}: {act.officer}: {line}"


def _why(state: str) -> Text:
    """Why nothing is needed of this officer."""
    return NOTHING_NEEDED.get(state) or ACT_FAULTS[state]


def _row(item: Item) -> list[str]:
    return [
        item.unit.unit,
        unit_name(item.unit.name, item.unit.body).render(),
        item.stage.label.render(),
        item.entry.on,
        totals(item.entry),
        item.entry.evidence[:12],
        Text("；", "; ").render().join(gap.text.render() for gap in item.missing),
    ]
