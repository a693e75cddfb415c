"""What differs between two policy packs, entry by entry.

Rules: what decides is listed: checks, their parameters, who may waive them, who signs, who may
deliver, vouch, rule and adopt; texts and marks that decide nothing are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.authority import Panel, Requirement, WaiverRule
from schemas.policy import Pack, PackCheck
from schemas.vocabulary import STAGES, Stage, Term


class PackChangeKind(Term):
    """What became of an entry of a pack."""

    CHECK_ADDED = "check-added", "增加检查", "check added"
    CHECK_REMOVED = "check-removed", "取消检查", "check removed"
    PARAMETER_CHANGED = "parameter-changed", "参数改变", "parameter changed"
    WAIVER_ADDED = "waiver-added", "改为可以例外审批", "may be waived now"
    WAIVER_REMOVED = "waiver-removed", "改为不得例外审批", "cannot be waived now"
    WAIVER_CHANGED = "waiver-changed", "例外审批权限改变", "who may waive it changed"
    SIGN_OFF_ADDED = "sign-off-added", "增会签字", "sign-off added"
    SIGN_OFF_REMOVED = "sign-off-removed", "取消签字", "sign-off removed"
    SIGN_OFF_CHANGED = "sign-off-changed", "签字要求改变", "sign-off changed"
    AUTHORITY_CHANGED = "authority-changed", "办理权限改变", "who may do it changed"


@dataclass(frozen=True)
class PackChange:
    """One change: of the check or sign-off `subject`, of its parameter `name` where it is one.

    What concerns no stage is who may do what `subject` names: deliver to a register, vouch for keys
    of an organ, rule, adopt. `old` and `new` are JSON values, None where there is nothing.
    """

    kind: PackChangeKind
    stage: Stage | None
    subject: str
    name: str = ""
    old: Any = None
    new: Any = None


def _panel(panel: Panel) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "organs": [organ.value for organ in panel.organs],
        "number": panel.number,
        "at": panel.at.value,
    }
    if isinstance(panel, WaiverRule):
        shown["days"] = panel.days
    if isinstance(panel, Requirement):
        shown["levels"] = sorted(level.value for level in panel.levels)
        shown["bodies"] = sorted(body.value for body in panel.bodies)
    return shown


def _of_check(stage: Stage, old: PackCheck, new: PackCheck) -> Iterator[PackChange]:
    code = old.rule.code
    before = old.parameters.model_dump(mode="json")
    after = new.parameters.model_dump(mode="json")
    for name, value in before.items():
        if after[name] != value:
            yield PackChange(
                PackChangeKind.PARAMETER_CHANGED, stage, code, name, value, after[name]
            )
    waivers = [_panel(one.waiver) if one.waiver else None for one in (old, new)]
    if waivers[0] != waivers[1]:
        kind = PackChangeKind.WAIVER_CHANGED
        if None in waivers:
            added = waivers[0] is None
            kind = PackChangeKind.WAIVER_ADDED if added else PackChangeKind.WAIVER_REMOVED
        yield PackChange(kind, stage, code, "", *waivers)


def _of_sign_offs(stage: Stage, old: Pack, new: Pack) -> Iterator[PackChange]:
    before = {one.name: _panel(one) for one in old.sign_offs[stage]}
    after = {one.name: _panel(one) for one in new.sign_offs[stage]}
    for name in sorted(before.keys() | after.keys()):
        one, other = before.get(name), after.get(name)
        if one is None:
            yield PackChange(PackChangeKind.SIGN_OFF_ADDED, stage, name, new=other)
        elif other is None:
            yield PackChange(PackChangeKind.SIGN_OFF_REMOVED, stage, name, old=one)
        elif one != other:
            yield PackChange(PackChangeKind.SIGN_OFF_CHANGED, stage, name, old=one, new=other)


def _authorities(pack: Pack) -> dict[str, Any]:
    """Act → who may do it, besides signing gates."""
    rulings = ("reject", "reopen", "lift")
    found: dict[str, Any] = {
        "adoption": [one.value for one in pack.adopters],
        **{name: _panel(pack.rulings.panel(name)) for name in rulings},
    }
    for one in pack.deliverers:
        for register in one.registers:
            who = [f"{organ.value} ({one.within.value})" for organ in one.organs]
            found.setdefault(f"deliveries.{register}", []).extend(who)
    for rule in pack.vouching:
        who = [f"{organ.value} ({rule.at.value})" for organ in rule.organs]
        for holder in rule.holders:
            found.setdefault(f"vouching.{holder.value}", []).extend(who)
    return {name: sorted(who) if isinstance(who, list) else who for name, who in found.items()}


def _of_authorities(old: Pack, new: Pack) -> Iterator[PackChange]:
    before, after = _authorities(old), _authorities(new)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield PackChange(
                PackChangeKind.AUTHORITY_CHANGED, None, name, "", before.get(name), after.get(name)
            )


def pack_changes(old: Pack, new: Pack) -> tuple[PackChange, ...]:
    """Everything that decides otherwise in `new`, stage by stage."""
    found: list[PackChange] = []
    for stage in STAGES:
        before = {one.rule.code: one for one in old.checks[stage]}
        after = {one.rule.code: one for one in new.checks[stage]}
        for code in sorted(before.keys() | after.keys()):
            if code not in before:
                found.append(PackChange(PackChangeKind.CHECK_ADDED, stage, code))
            elif code not in after:
                found.append(PackChange(PackChangeKind.CHECK_REMOVED, stage, code))
            else:
                found += _of_check(stage, before[code], after[code])
        found += _of_sign_offs(stage, old, new)
    return (*found, *_of_authorities(old, new))
