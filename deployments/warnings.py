"""What an officer is shown before an act that takes something away: gates by name, as they stand.

Rules: it is worked out by what decides, and nothing is said where nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from data.acts import Key
from data.home import Home
from data.ledger import Ledger
from data.status import unit_names
from deployments.app import _
from deployments.consent import agreed, check_asked
from deployments.show import Line
from schemas.entries import GateAct
from schemas.text import Refusal, Text, comma_separated, plural
from schemas.vocabulary import Stage
from tasks.officers.keys import assessed_revocation

if TYPE_CHECKING:
    from tasks.consequences import Bar, Consequence
    from tasks.gate.snapshot import Snapshot
    from tasks.intake.accept import Trial
    from tasks.officers.recording import Recorder
    from tasks.officers.signatories import Signatory

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
    return _agreed_to(lost, json=json)


def before_revoking(snapshot: Snapshot, key: Key) -> Iterator[str]:
    """What revoking a key would take away: signatures, open gates, what is concluded."""
    from tasks.consequences import of_revocation

    lost = list(_undone(unit_names(snapshot.ledger), of_revocation(snapshot, key)))
    if not lost:
        return
    yield _("吊销之后：", "once it is revoked:")
    yield from lost
    yield _(
        "只是更换密钥的，用 termgate key rotate，已签的仍然有效",
        "a key that is only to be replaced is rotated (termgate key rotate): what it signed stands",
    )


def agreed_to_revoke(
    recorder: Recorder, officer: str, who: Signatory, reason: str, *, json: bool
) -> bool:
    """Whether who revokes an officer's key agrees to what that takes away, if it is taken.

    Raises:
        Refusal: something is, and nobody could be asked.
    """
    key, fault = assessed_revocation(recorder, officer, who, reason)
    lost = list(before_revoking(recorder.whole, key)) if key and not fault else []
    return _agreed_to(lost, json=json)


def _agreed_to(lost: Sequence[str], *, json: bool) -> bool:
    if lost:
        check_asked(yes=False, json=json)
    return not lost or agreed(map(Line, lost))


def _undone(names: Mapping[str, Text], found: Sequence[Consequence]) -> Iterator[str]:
    """What an act would take away: signatures, open gates, objections; nothing where it is none."""
    void = sum(len(one.lost) for one in found)
    closes = [(one.unit, one.stage) for one in found if one.closes]
    held = {(one.unit, stage) for one in found for stage in one.held} - set(closes)
    objects = [(one.unit, one.stage) for one in found if one.objects]
    if void:
        yield _(f"{void}个有效的签字将无效", f"signatures that count no more: {void}")
    if closes:
        yield _(
            f"以下{len(closes)}个已通过的关口将暂停：",
            f"gates that stand open and close: {len(closes)}",
        )
        yield from _by_stage(names, closes)
    if held:
        yield _(
            f"其后已通过的{len(held)}个关口随之无效",
            f"open gates after them that count no more: {len(held)}",
        )
    if objects:
        yield _(
            f"对已完成的单位将提出{len(objects)}项异议：",
            f"objections to concluded units: {len(objects)}",
        )
        yield from _by_stage(names, objects)


def _by_stage(names: Mapping[str, Text], gates: Sequence[tuple[str, Stage]]) -> Iterator[str]:
    """Gates by their stages: the first few units, and how many more."""
    for stage in dict.fromkeys(stage for _unit, stage in gates):
        units = [names[unit] for unit, at in gates if at is stage]
        listed, more = comma_separated(units[:NAMED]), len(units) - NAMED
        zh, en = (f"等{len(units)}个单位", f" and {more} more") if more > 0 else ("", "")
        yield _(f"{stage.label.zh}：{listed.zh}{zh}", f"{stage.label.en}: {listed.en}{en}")


def before_delivering(
    names: Mapping[str, Text],
    found: Sequence[Consequence],
    barred: Sequence[Bar],
    *,
    waits: bool,
) -> Iterator[str]:
    """What a delivery would take away, once it is confirmed where it waits for that."""
    if lost := list(_undone(names, found)):
        yield (
            _("另一机关确认之后：", "once another organ confirmed it:")
            if waits
            else _("报送之后：", "once it is delivered:")
        )
        yield from lost
    yield from before_barring(names, barred)


def agreed_to_deliver(
    home: Home, try_out: Callable[[], Trial], officer: str, day: date | None
) -> bool:
    """Whether who sits at the terminal agrees to what their delivery takes away, if anything."""
    from tasks.consequences import bars_of, consequences

    try:
        tried = try_out()
    except Refusal:
        # Delivering it is refused the same way, on record and with the rows that come back.
        return True
    if not tried.parts:
        return True
    found = consequences(home, tried.parts, officer, day)
    barred = bars_of(home, tried.parts, officer, day)
    names = unit_names(Ledger(home.ledger))
    lost = list(before_delivering(names, found, barred, waits=tried.waits))
    return _agreed_to(lost, json=False)


def before_barring(names: Mapping[str, Text], barred: Sequence[Bar]) -> Iterator[str]:
    """Which gates somebody could no longer sign who delivers this."""
    if not barred:
        return
    yield _(
        f"报送之后，您不能再为以下{len(barred)}个关口签字（谁报送依据材料，谁不签字）：",
        f"once you deliver this you may no longer sign {plural(len(barred), 'gate')}, for who "
        "delivers evidence may not sign:",
    )
    yield from _by_stage(names, [(one.unit, one.stage) for one in barred])
    if last := [(one.unit, one.stage) for one in barred if one.last]:
        yield _(
            f"此后再无人可为其中{len(last)}个关口签字；可增补一名责任人员并登记密钥：",
            f"nobody is left then who may sign {len(last)} of them in your place; another officer "
            "may be added, with a key:",
        )
        yield from _by_stage(names, last)
