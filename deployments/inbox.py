"""What waits for an officer: the gates that only signatures keep closed, and theirs is asked for.

Rules: it follows from the ledger and the policy pack alone, without the registers, so it does not
know who must stand back (`sign` does, and says so). A gate is listed only where it is reached, its
checks and hand-off hold, and another signature of this officer would count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.acts import REFUSED, SIGNED, WITHDRAWN, Act, Gate, Key, Keyring, act_of
from data.blobs import BlobStore
from data.home import Home
from data.ledger import Entry, Ledger, checked_entry
from data.policies import pack_of
from data.status import UnitStatus, statuses
from deployments.exits import CLOSED, DONE
from deployments.gates import signed_since
from deployments.keys import keyring
from deployments.show import as_json, columns, console
from schemas.authority import Requirement
from schemas.decisions import CLOSING, sign_off_code, unpacked
from schemas.envelopes import payload_of
from schemas.names import NAME, UNIT, unit_name
from schemas.policy import Pack
from schemas.refusals import ActRefused
from schemas.statements import parse_statement
from schemas.text import Text
from schemas.vocabulary import Body, Level, Organ, Outcome, Stage

Places = tuple[str, ...]  # a jurisdiction and those above it

STAGE = Text("环节", "stage")
EVIDENCE = Text("证据", "evidence")
MISSING = Text("还缺谁签字", "who else is still missing")
WHY = Text("原因", "why")

NOTHING_NEEDED: dict[str, Text] = {
    "signed": Text("您已签字", "you signed"),
    "refused": Text("您已拒签", "you refused"),
    "not-needed": Text("已有足够签字", "enough signed without you"),
    "complete": Text("已签齐，待再次运行该环节", "all signed; the stage is to be launched again"),
}


@dataclass(frozen=True)
class Gap:
    """A requirement that is not met: of `need` signatures `have` count; `organs` may still sign."""

    requirement: str
    organs: tuple[str, ...]
    need: int
    have: int
    refused: bool


@dataclass(frozen=True)
class Item:
    """A gate that waits for signatures; `needs` are the requirements that this officer can fill.

    `missing` are those that remain when they have signed; `state` says why nothing is needed of
    them, empty where something is.
    """

    unit: UnitStatus
    stage: Stage
    evidence: str
    seq: int
    needs: tuple[str, ...]
    missing: tuple[Gap, ...]
    state: str

    def as_json(self) -> dict[str, Any]:
        """The item as it is printed for programs."""
        return {
            "unit": self.unit.unit,
            "name": unit_name(self.unit.name, self.unit.body),
            "stage": self.stage.value,
            "evidence": self.evidence,
            "seq": self.seq,
            "requirements": list(self.needs),
            "missing": [
                {
                    "requirement": gap.requirement,
                    "organs": list(gap.organs),
                    "need": gap.need,
                    "have": gap.have,
                    "refused": gap.refused,
                }
                for gap in self.missing
            ],
            "state": self.state,
        }


class Inbox:
    """Looks at every gate with the eyes of one officer."""

    def __init__(self, home: Home, officer: str) -> None:
        self._ledger = Ledger(home.ledger)
        self._keys: Keyring = keyring(self._ledger)
        mine = self._keys.of(officer)
        if mine is None:
            raise ActRefused("no-key", officer)
        self.mine: Key = mine
        self._pack: Pack = pack_of(self._ledger, BlobStore(home.blobs))
        self._closed = _closed(self._ledger)
        self._acts = _acts(self._ledger)
        self._places = _places(self._ledger)

    def items(self) -> list[Item]:
        """Every reached gate that only signatures keep closed and that the officer may sign."""
        found = []
        for unit in statuses(self._ledger):
            stage = next((name for name, one in unit.stages.items() if one != Outcome.OPEN), None)
            entry = self._closed.get((unit.unit, stage)) if stage else None
            if stage and entry and _only_signatures(Stage(stage), entry):
                item = self._item(unit, Stage(stage), entry)
                found += [item] if item else []
        return found

    def _item(self, unit: UnitStatus, stage: Stage, entry: Entry) -> Item | None:
        places = self._places[unit.jurisdiction]
        required = self._pack.signers(stage, Level(unit.level), Body(unit.body))
        asked = [one for one in required if _admits(one, self.mine, places)]
        if not asked:
            return None
        acts = self._standing(unit.unit, stage, entry)
        done = {act.kind for act in acts if act.officer == self.mine.officer}
        signed = [self._keys.keys[act.key] for act in acts if act.kind == SIGNED]
        refused = [self._keys.keys[act.key] for act in acts if act.kind == REFUSED]

        def gaps(keys: list[Key]) -> list[Gap]:
            every = [_gap(one, keys, refused, places) for one in required]
            return [gap for gap in every if gap.refused or gap.have < gap.need]

        left = {gap.requirement for gap in gaps(signed)}
        needs = [
            one.name
            for one in asked
            if one.name in left
            and _have(one, [*signed, self.mine], places) > _have(one, signed, places)
        ]
        state = "refused" if REFUSED in done else "signed" if done else ""
        if not state and not needs:
            state = "not-needed"
        return Item(
            unit,
            stage,
            entry["evidence"],
            entry["seq"],
            () if state else tuple(needs),
            tuple(gaps(signed if state else [*signed, self.mine])),
            state if left else "complete",
        )

    def _standing(self, unit: str, stage: Stage, entry: Entry) -> list[Act]:
        """The sign-offs and refusals of a gate that count, as far as the ledger alone tells."""
        acts = self._acts.get((unit, stage.value), [])
        gone = {act.of for act in acts if act.kind == WITHDRAWN}
        return [
            act
            for act in acts
            if act.kind != WITHDRAWN
            and act.seq not in gone
            and str(act.seq) not in entry["void"]
            and not self._keys.keys[act.key].revoked
            and (act.kind == REFUSED or act.seq > signed_since(entry))
            and parse_statement(payload_of(act.envelope)).evidence == entry["evidence"]
        ]


def _only_signatures(stage: Stage, entry: Entry) -> bool:
    """Whether a decision waits for signatures and for nothing else."""
    closing = {one.check for one in unpacked(entry["findings"]) if one.status in CLOSING}
    return closing == {sign_off_code(stage)}


def _admits(one: Requirement, key: Key, places: Places) -> bool:
    return one.admits(key.organ, key.jurisdiction, places)


def _have(one: Requirement, keys: list[Key], places: Places) -> int:
    return one.have([(key.officer, key.organ) for key in keys if _admits(one, key, places)])


def _gap(one: Requirement, signed: list[Key], refused: list[Key], places: Places) -> Gap:
    counted = {key.organ for key in signed if _admits(one, key, places)}
    organs = [organ.value for organ in one.organs]
    if len(organs) > 1:
        organs = [organ for organ in organs if organ not in counted]
    return Gap(
        one.name,
        tuple(organs),
        one.number,
        _have(one, signed, places),
        any(_admits(one, key, places) for key in refused),
    )


def _closed(ledger: Ledger) -> Mapping[Gate, Entry]:
    """Gate → the decision that keeps it closed; `statuses` has held them against their entries."""
    rows = ledger.query(
        "SELECT g.unit, g.stage, e.seq, e.hash, e.body "
        "FROM gates g JOIN entries e ON e.seq = g.seq WHERE g.outcome <> ?",
        Outcome.OPEN.value,
    )
    return {
        (unit, stage): checked_entry(int(seq), name, bytes(body))
        for unit, stage, seq, name, body in rows
    }


def _acts(ledger: Ledger) -> Mapping[Gate, list[Act]]:
    """Gate → what was signed, refused and withdrawn there, of the gates that are not open."""
    found: dict[Gate, list[Act]] = {}
    for seq, name, body in ledger.query(
        "SELECT e.seq, e.hash, e.body FROM acts a JOIN entries e ON e.seq = a.seq "
        "JOIN gates g ON g.unit = a.unit AND g.stage = a.stage "
        "WHERE g.outcome <> ? AND a.kind IN (?, ?, ?) ORDER BY e.seq",
        Outcome.OPEN.value, SIGNED, REFUSED, WITHDRAWN,
    ):  # fmt: skip
        act = act_of(checked_entry(int(seq), name, bytes(body)))
        found.setdefault((act.unit, act.stage), []).append(act)
    return found


def _places(ledger: Ledger) -> dict[str, Places]:
    """Jurisdiction → itself and those above it."""
    parents: dict[str, str | None] = dict(ledger.query("SELECT jurisdiction, parent FROM units"))
    found: dict[str, Places] = {}
    for place in parents:
        chain = [place]
        while (above := parents.get(chain[-1])) and above not in chain:
            chain.append(above)
        found[place] = tuple(chain)
    return found


def inbox(home: Home, officer: str, *, json: bool) -> int:
    """Show what waits for an officer; 3 where something does, 0 where nothing does."""
    box = Inbox(home, officer)
    items = box.items()
    waiting = [item for item in items if not item.state]
    others = [item for item in items if item.state]
    if json:
        as_json(
            {
                "officer": officer,
                "organ": box.mine.organ,
                "jurisdiction": box.mine.jurisdiction,
                "key": box.mine.name,
                "waiting": [item.as_json() for item in waiting],
                "others": [item.as_json() for item in others],
            }
        )
    else:
        _print(waiting, others)
    return CLOSED if waiting else DONE


def _print(waiting: list[Item], others: list[Item]) -> None:
    to = console()
    to.print(
        Text(
            f"{len(waiting)}个关口等待您签字，{len(others)}个无需您办理",
            f"{len(waiting)} gates wait for your signature, {len(others)} need nothing of you",
        ).render()
    )
    headings = [text.render() for text in (UNIT, NAME, STAGE, EVIDENCE, MISSING)]
    if waiting:
        columns([headings, *map(_row, waiting)])
    if others:
        to.print(Text("\n无需您办理：", "\nnothing is needed of you:").render())
        rows = [[*_row(item), NOTHING_NEEDED[item.state].render()] for item in others]
        columns([[*headings, WHY.render()], *rows])


def _row(item: Item) -> list[str]:
    return [
        item.unit.unit,
        unit_name(item.unit.name, item.unit.body),
        item.stage.label.render(),
        item.evidence[:12],
        Text("；", "; ").render().join(map(_gap_text, item.missing)),
    ]


def _gap_text(gap: Gap) -> str:
    organs = "/".join(Organ(organ).label.render() for organ in gap.organs)
    if gap.refused:
        return Text(f"{organs}（已有人拒签）", f"{organs} (somebody refused)").render()
    left = gap.need - gap.have
    return Text(f"{organs}{left}人", f"{organs}: {left}").render()
