"""What officers do, as operations on a world: sign, refuse, take back, waive; and their keys.

Rules: every deed may be done by anybody; what is taken is what the product takes, and the model
says at once whether it may be. `seen` is what an officer sees of a gate who signs it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from schemas.envelopes import Enveloped
from schemas.vocabulary import STAGES, Stage
from tasks.officers import keys, signing, waiving
from tasks.officers.gates import Given
from tasks.officers.recording import Recorder
from tasks.officers.signatories import Signatory
from tests.histories import oracle
from tests.histories.model import (
    Act,
    Gate,
    Key,
    KeyName,
    Sights,
    panels,
    vouches,
    waiver_panels,
)
from tests.histories.rows import PLACES, UNITS, in_scope
from tests.histories.world import World
from tests.support.signing import UNKNOWN, private_of

REASON = "原因"


def brought(name: KeyName) -> Signatory:
    """An officer with one of their keys."""
    return Signatory(name[0], private_of(*name))


def key_at_hand(world: World, officer: str) -> KeyName:
    """The key that an officer brings: the one that signs, else the last one they had."""
    held = [name for name in world.model.keys if name[0] == officer]
    return world.model.key_of(officer) or max(held, default=(officer, 1))


def seen(world: World, gate: Gate) -> Sights:
    """The rows, and the waivers of the decision that stands."""
    return world.model.sight(gate, world.model.standing(gate).waivers)


# Gates


def sign(
    world: World, gate: Gate, officer: str, *, crash: int = 0, key: KeyName | None = None
) -> str:
    """Sign a gate open."""
    name = key or key_at_hand(world, officer)
    given = Act(0, "signed", gate, officer, name, seen(world, gate))
    who = Signatory(officer, private_of(*name))
    return world.act("signed", lambda recorder: signing.sign(recorder, *gate, who), given, crash)


def sign_ready(world: World, stage: Stage, scope: str, officer: str) -> str:
    """Sign every gate of a stage that waits for an officer."""
    name = key_at_hand(world, officer)
    gates = [(unit, stage) for unit in in_scope(scope)]
    given = [Act(0, "signed", gate, officer, name, seen(world, gate)) for gate in gates]

    def does(recorder: Recorder) -> signing.Signatures:
        return signing.sign_ready(recorder, stage, scope, brought(name))

    return world.some_acts("signed", does, given)


def refuse(world: World, gate: Gate, officer: str, crash: int = 0) -> str:
    """Refuse to sign a gate."""
    name = key_at_hand(world, officer)
    given = Act(0, "refused", gate, officer, name, seen(world, gate))

    def does(recorder: Recorder) -> int:
        return signing.refuse(recorder, *gate, brought(name), REASON)

    return world.act("refused", does, given, crash)


def withdraw(world: World, act: Act, officer: str, crash: int = 0) -> str:
    """Take an act back."""
    name = key_at_hand(world, officer)
    given = Act(0, "withdrawn", act.gate, officer, name, of=act.seq)
    again = act.seq in world.model.withdrawn()

    def does(recorder: Recorder) -> int:
        return signing.withdraw(recorder, act.seq, brought(name))

    end = world.act("withdrawn", does, given, crash)
    assert end != "done" or (act.officer == officer and not again), "took back what is not theirs"
    return end


def replay(world: World, seq: int, kind: str, unit: str, stage: Stage) -> str:
    """Hand in an envelope of the ledger once more, for any gate."""
    entry = world.ledger.entry(seq).as_json()
    envelope: Enveloped = entry["envelope"]
    given = Given(kind, unit, stage, entry["officer"], entry["key"], envelope)
    name = key_at_hand(world, entry["officer"])
    never = Act(0, "signed", (unit, stage), entry["officer"], name)
    end = world.act(kind, lambda recorder: signing.take(recorder, given), never)
    assert end != "done", "an envelope counted twice"
    return end


# Waivers


def waive(
    world: World, gate: Gate, what: tuple[str, str, date], officer: str, *,
    reason: str = REASON, crash: int = 0,
) -> str:  # fmt: skip
    """Sign a waiver of a check for a subject until a day."""
    check, subject, until = what
    name = key_at_hand(world, officer)
    sight = world.model.check_sight(gate[0], check)
    given = Act(0, "waived", gate, officer, name, sight, check, subject, until, reason)
    wanted = waiving.Wanted(gate[0], check, subject, until)

    def does(recorder: Recorder) -> int:
        return waiving.waive(recorder, wanted, reason, brought(name))

    end = world.act("waived", does, given, crash)
    assert end != "done" or check in waiver_panels(), "waived what nobody may waive"
    return end


def join(world: World, act: Act, officer: str, crash: int = 0) -> str:
    """Sign the words of a waiver too."""
    name = key_at_hand(world, officer)
    given = Act(
        0, "waived", act.gate, officer, name, world.model.check_sight(act.gate[0], act.check),
        act.check, act.subject, act.until, act.reason,
    )  # fmt: skip

    def does(recorder: Recorder) -> int:
        return waiving.join_waiver(recorder, act.seq, brought(name))

    return world.act("waived", does, given, crash)


def waive_all(world: World, gate: Gate, until: date) -> None:
    """Let everybody who is asked sign waivers of what keeps a gate closed."""
    model = world.model
    for check, subject in sorted(oracle.closed(*gate, model.state, world.today)):
        panel = waiver_panels().get(check)
        signed: list[tuple[str, str]] = []
        for officer, (organ, place, _) in sorted(oracle.officers(model.state).items()):
            if panel is None or panel.met(signed):
                break
            fits = model.opens(officer) and panel.admits(organ, place)
            spare = organ in {one for _, one in signed}
            what = (check, subject, until)
            if fits and not spare and waive(world, gate, what, officer) == "done":
                signed.append((officer, organ))


# Keys


def enrol(world: World, officer: str, crash: int = 0) -> str:
    """Enrol a new key of an officer."""
    model = world.model
    name = (officer, 1 + max((n for one, n in model.keys if one == officer), default=0))
    organ, place = model.role(officer)
    active = {key.organ for key in model.keys.values() if key.active}
    founds = len(active) < 2 and organ not in active

    def apply(_: int) -> None:
        assert organ, "nobody on record enrolled a key"
        model.keys[name] = Key(officer, organ, place, active=founds, founder=founds)

    return world.key_act(
        "key-enrolled", lambda recorder: keys.enrol(recorder, brought(name)), apply, officer, crash
    )


def vouch(world: World, officer: str, voucher: str, crash: int = 0) -> str:
    """Vouch for the key that an officer enrolled."""
    model = world.model
    name, by = model.pending(officer), key_at_hand(world, voucher)

    def apply(_: int) -> None:
        assert name is not None
        key, own = model.keys[name], model.keys[by]
        assert model.fit(voucher), "a voucher without a key that signs"
        assert vouches(own.organ, key.organ), "vouched for by an organ that may not"
        assert own.organ not in key.vouchers, "vouched for twice by one organ"
        assert own.place in PLACES[PLACES.index(key.place) :]
        for other, held in model.keys.items():
            if other[0] == officer and other != name and held.current:
                held.over = True
        key.active = True
        key.vouchers |= {own.organ}

    return world.key_act(
        "key-vouched",
        lambda recorder: keys.vouch(
            recorder, officer, brought(name).key if name else UNKNOWN, brought(by)
        ),
        apply,
        officer,
        crash,
    )


def rotate(world: World, officer: str, crash: int = 0) -> str:
    """Replace an officer's key."""
    model = world.model
    old = key_at_hand(world, officer)
    new = (officer, 1 + max((n for one, n in model.keys if one == officer), default=0))

    def apply(_: int) -> None:
        assert model.fit(officer), "rotated by somebody without a key that signs"
        model.keys[old].over = True
        model.keys[new] = replace(model.keys[old], over=False)

    def does(recorder: Recorder) -> int:
        return keys.rotate(recorder, brought(old), private_of(*new))

    return world.key_act("key-rotated", does, apply, officer, crash)


def revoke(world: World, officer: str, by: str, crash: int = 0) -> str:
    """Revoke an officer's key."""
    model = world.model
    name = model.key_of(officer) or model.pending(officer)
    own = key_at_hand(world, by)

    def apply(_: int) -> None:
        assert name is not None
        key, acting = model.keys[name], model.keys[own]
        assert model.fit(by), "revoked by somebody without a key that signs"
        above = acting.place in PLACES[PLACES.index(key.place) :]
        assert officer == by or (acting.organ == "discipline-commission" and above)
        key.revoked = True

    def does(recorder: Recorder) -> int:
        return keys.revoke(recorder, officer, brought(own), REASON)

    return world.key_act("key-revoked", does, apply, officer, crash)


# What the right people do


def able(world: World, gate: Gate) -> list[str]:
    """Officers who, one after the other, meet what a gate asks for."""
    model = world.model
    unit, stage = gate
    reads = oracle.gate_reads(stage)
    standing = model.judge(gate, world.today)
    done = [model.acts[seq] for seq in standing.sign_offs]
    persons = {model.person(act.officer) for act in done}
    chosen: list[str] = []
    for panel in panels(unit, stage):
        members = [
            (act.officer, model.keys[act.key].organ)
            for act in done
            if panel.admits(model.keys[act.key].organ, model.keys[act.key].place)
        ]
        for officer, (organ, place, person) in sorted(oracle.officers(model.state).items()):
            if panel.met(members):
                break
            spare = len(panel.organs) > 1 and organ in {one for _, one in members}
            fits = model.opens(officer) and panel.admits(organ, place) and person not in persons
            if fits and not spare and not model.barred(person, unit, reads):
                members.append((officer, organ))
                persons.add(person)
                chosen.append(officer)
    return chosen


def waits(world: World, gate: Gate) -> bool:
    """Whether a gate waits for signatures and for nothing else, by its decision and by the rows."""
    model = world.model
    verdict, standing = model.judge(gate, world.today), model.standing(gate)
    return (
        model.open_before(gate)
        and bool(standing.seq)
        and not standing.open
        and not standing.refused
        and standing.holds
        and seen(world, gate) == standing.sight == verdict.sight
        and verdict.holds
        and not verdict.refused
    )


def sign_waiting(world: World, stage: Stage) -> int:
    """Let the right officers sign every gate of a stage that waits; each must be taken."""
    count = 0
    for unit in UNITS:
        gate = (unit, stage)
        if waits(world, gate):
            for officer in able(world, gate):
                assert sign(world, gate, officer) == "done", "a good signature was not taken"
                count += 1
    return count


def pass_stages(world: World, last: Stage, on: date) -> None:
    """Launch and sign every stage up to one."""
    for stage in STAGES[: STAGES.index(last) + 1]:
        world.launch(stage, "cycle", on)
        if sign_waiting(world, stage):
            world.launch(stage, "cycle", on)
