"""What an officer is shown before an act that takes something away: gates by name, as they stand.

Rules: it is worked out by what decides, and nothing is said where nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from data.status import unit_names
from deployments.app import _
from deployments.consent import agreed, check_asked
from deployments.show import Line
from schemas.entries import GateAct
from schemas.text import Text, comma_separated, plural
from schemas.vocabulary import Stage

if TYPE_CHECKING:
    from tasks.gate.snapshot import Snapshot

# So many units are named of each stage.
NAMED = 6


def before_withdrawing(snapshot: Snapshot, act: GateAct) -> Iterator[str]:
    """What withdrawing an act would close."""
    from tasks.consequences import of_withdrawal

    found = of_withdrawal(snapshot, act)
    unit, stage = unit_names(snapshot.ledger)[act.unit].render(), found.stage.label
    if found.objects:
        yield _(
            f"撤回之后，将对已完成的单位{unit}（“{stage.zh}”）提出异议",
            f"withdrawing it raises an objection to {unit} ({stage.en}), which is concluded",
        )
    if found.closes:
        yield _(
            f"撤回之后，{unit}已通过的关口“{stage.zh}”将暂停",
            f"withdrawing it closes the gate {stage.en} of {unit}, which stands open",
        )
    if found.held:
        held = comma_separated(one.label for one in found.held)
        yield _(
            f"其后已通过的关口随之无效：{held.zh}",
            f"open gates after it count no more: {held.en}",
        )


def agreed_to_withdraw(snapshot: Snapshot, seq: int, officer: str, *, json: bool) -> bool:
    """Whether an officer who withdraws an act of theirs agrees to what that would close, if any.

    Raises:
        Refusal: it does, and nobody could be asked.
    """
    act = snapshot.history.acts.at(seq)
    own = act if act and act.officer == officer else None
    lost = list(before_withdrawing(snapshot, own)) if own else []
    if lost:
        check_asked(yes=False, json=json)
    return not lost or agreed(map(Line, lost))


def before_delivering(
    names: Mapping[str, Text], barred: Sequence[tuple[str, Stage]]
) -> Iterator[str]:
    """Which gates somebody could no longer sign who delivers this."""
    if not barred:
        return
    yield _(
        f"报送之后，您不能再为以下{len(barred)}个关口签字（谁报送依据材料，谁不签字）：",
        f"once you deliver this you may no longer sign {plural(len(barred), 'gate')}, for who "
        "delivers evidence may not sign:",
    )
    for stage in dict.fromkeys(stage for _unit, stage in barred):
        units = [names[unit] for unit, at in barred if at is stage]
        listed, more = comma_separated(units[:NAMED]), len(units) - NAMED
        zh, en = (f"等{len(units)}个单位", f" and {more} more") if more > 0 else ("", "")
        yield _(f"{stage.label.zh}：{listed.zh}{zh}", f"{stage.label.en}: {listed.en}{en}")
