"""Checkpoints and bundles of homes, as officers and auditors would make them.

Rules: whoever signs has a key that the ledger made active (tests.support.signing); nothing is
forged here but by `rewritten` and `rechained`.
"""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.acts import Key
from data.blobs import BlobStore
from data.bundle import export_bundle, packed
from data.checkpoints import (
    Checkpoint,
    file_checkpoint,
    filed,
    new_checkpoint,
    read_log,
    sign_checkpoint,
)
from data.home import Home
from data.ledger import GENESIS, Ledger
from data.policies import pack_bytes
from data.verify_ground import Ground, ground_of
from schemas.authority import VOUCHING_ORGANS
from schemas.canonical import digest
from schemas.entries import Checkpointed, entry_of
from schemas.envelopes import raw_public
from schemas.notes import VerifierKey, signed
from schemas.refusals import ActRefused
from schemas.vocabulary import Stage
from tasks.officers import adopting, evaluators, keys
from tasks.officers.recording import Recorder
from tasks.officers.ruling import rule
from tasks.officers.signing import refuse, sign, withdraw
from tasks.officers.waiving import Wanted, join_waiver, waive
from tests.support import cycle
from tests.support.evaluators import evaluated, evaluator, place_key
from tests.support.places import copied
from tests.support.signing import private_of, vouched, who
from tests.support.templates import made_once

Row = tuple[int, str, bytes]


def rewritten(row: Row, **content: Any) -> Row:
    """An entry that says something else, signed by its evaluator, under a hash that fits it."""
    body = json.dumps(
        evaluated({**json.loads(row[2]), **content}),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()
    return row[0], digest(body), body


def rechained(rows: Iterable[Row]) -> list[Row]:
    """The rows numbered and linked again, as a careful forger would."""
    made: list[Row] = []
    previous = GENESIS
    for seq, row in enumerate(rows, start=1):
        made.append(rewritten((seq, *row[1:]), seq=seq, prev=previous))
        previous = made[-1][1]
    return made


def keys_of(home: Home) -> list[Key]:
    """The keys that sign now, in the order of their enrolment."""
    keys = read_log(Ledger(home.ledger)).keys.keys.values()
    return sorted((key for key in keys if key.current), key=lambda key: key.enrolled)


def signers_of_two_organs(home: Home) -> tuple[str, str]:
    """Two officers whose signatures complete a checkpoint."""
    first, *rest = keys_of(home)
    return first.officer, next(key.officer for key in rest if key.organ != first.organ)


def signed_checkpoint(home: Home, *officers: str) -> Checkpoint:
    """A checkpoint of a home as it stands, signed by `officers` (default: two that complete it)."""
    checkpoint = new_checkpoint(home)
    for officer in officers or signers_of_two_organs(home):
        content = checkpoint.text().encode()
        checkpoint = sign_checkpoint(home, content, officer, private_of(officer))
    return checkpoint


def filed_checkpoint(home: Home, *officers: str) -> Checkpoint:
    """The same, put on record."""
    checkpoint = signed_checkpoint(home, *officers)
    file_checkpoint(home, checkpoint.text().encode())
    return checkpoint


def with_line(checkpoint: Checkpoint, name: str, private: Ed25519PrivateKey) -> bytes:
    """The note with a signature of anybody under it."""
    key = VerifierKey(name, raw_public(private))
    return signed(checkpoint.note, key, private.sign).content()


@cache
def ground() -> Ground:
    """The pack of an eventful home, and where its units stand, as its entries name them."""
    home = Home(made_once(EVENTFUL, _make))
    entries = [json.loads(body) for _, _, body in cycle.stored(home)]
    return ground_of(entries, BlobStore(home.blobs))


def bundled(rows: Sequence[Row], notes: Iterable[tuple[int, bytes]] | None = None) -> bytes:
    """A bundle of any rows, with the checkpoints that they tell of unless others are given."""
    if notes is None:
        # The other rows may be of no kind that there is.
        read = (json.loads(body) for _, _, body in rows)
        told = [entry_of(one) for one in read if one["kind"] == Checkpointed.kind]
        notes = [(size, note.encode()) for size, note in filed(told).items()]
    return packed(rows, (rows[-1][0], rows[-1][1]), ground(), notes)


def bundle_of(home: Home, path: Path) -> bytes:
    """The bytes of a home's bundle, which is written to `path`."""
    export_bundle(home, path)
    return path.read_bytes()


# A home in which everything happened that a ledger can tell of

EVENTFUL = "acts-of-every-kind"
WAIVED_GATE = ("640302100-congress", Stage.PLAN)
WAIVED = ("plan.deployment", "640302100/committee-meeting")
OPEN_GATE = ("640302103-congress", Stage.RESULT)
SECRETARY, DISCIPLINE, ORGANISATION = "o-640300-01", "o-640300-02", "o-640300-15"
COUNTY_SECRETARY, COUNTY_DISCIPLINE, SPARE = "o-640302-01", "o-640302-02", "o-640302-05"


def _waive(home: Home) -> None:
    """A check waived by two organs, one of which takes it back."""
    unit, stage = WAIVED_GATE
    until = date.fromisoformat(Recorder(home).history.latest) + timedelta(days=30)
    first = waive(Recorder(home), Wanted(unit, *WAIVED, until), "会议晚了一天", who(SECRETARY))
    join_waiver(Recorder(home), first, who(DISCIPLINE))
    cycle.run(home, stage, unit)
    withdraw(Recorder(home), first, who(SECRETARY), "材料有误")
    cycle.launch(home, stage, unit)


def _revoke(home: Home) -> None:
    """A key of which a gate was opened is revoked, and enrolled anew; the gate opens again.

    The key signed no earlier gate of the unit. The unit is concluded: that is objected to, and
    two organs reopen the unit.
    """
    unit, stage = OPEN_GATE
    current = Recorder(home).history.current[unit, stage.value]
    before = standing_signers(home, unit, Stage.SLATE)
    officer = next(
        act.officer
        for act in Recorder(home).history.acts.of(unit, stage.value)
        if act.seq in current.sign_offs and act.officer not in before
    )
    keys.revoke(Recorder(home), officer, who(COUNTY_DISCIPLINE), "密钥遗失")
    cycle.launch(home, stage, unit)
    objected = cycle.entries(home, "objected")[-1]
    for other in (COUNTY_DISCIPLINE, COUNTY_SECRETARY):
        rule(Recorder(home), objected["seq"], "reopen", who(other), "密钥遗失，重新核查")
    cycle.launch(home, stage, unit)
    keys.enrol(Recorder(home), who(officer, 2))
    recorder = Recorder(home)
    vouched(recorder, officer, VOUCHING_ORGANS)
    for other in standing_signers(home, unit, stage):
        number = 2 if other == officer else 1
        sign(Recorder(home), unit, stage, who(other, number))
    cycle.launch(home, stage, unit)


def standing_signers(home: Home, unit: str, stage: Stage) -> list[str]:
    """Who signed a gate when it last stood open."""
    opened = [
        entry
        for entry in cycle.entries(home, "decided")
        if (entry["unit"], entry["stage"], entry["outcome"]) == (unit, stage, "open")
    ]
    return list(opened[-1]["signers"])


def _refuse(home: Home) -> None:
    """A gate is refused by somebody who takes it back; an attempt is refused and on record."""
    unit, stage = WAIVED_GATE
    seq = refuse(Recorder(home), unit, stage, who(COUNTY_SECRETARY), "还要再看")
    cycle.launch(home, stage, unit)
    with pytest.raises(ActRefused):
        withdraw(Recorder(home), seq, who(COUNTY_DISCIPLINE))
    withdraw(Recorder(home), seq, who(COUNTY_SECRETARY))
    cycle.launch(home, stage, unit)


def replace_evaluators(home: Home) -> None:
    """The evaluator's key is rotated, then revoked, and officers put another in force."""
    for number in (2, 3):
        place_key(home, number)
    evaluators.rotate(Recorder(home), evaluator(2))
    evaluators.revoke(Recorder(home), who(DISCIPLINE), "工作机失窃")
    evaluators.enrol(Recorder(home), who(SECRETARY), evaluator(3))
    evaluators.vouch(Recorder(home), who(DISCIPLINE))


def adopt_another_pack(home: Home) -> None:
    """Two organs adopt our pack with another version, from today on."""
    text = pack_bytes(cycle.PACK).decode()
    content = re.sub(r'(?m)^version = ".*"$', 'version = "local"', text).encode()
    for officer in (SECRETARY, DISCIPLINE):
        recorder = Recorder(home)
        adopting.adopt(recorder, adopting.adopting(content, "local", recorder.on), who(officer))


def _make(path: Path) -> None:
    home = cycle.small_home(path, planted=True, run=True)
    with cycle.unsynced():
        filed_checkpoint(home)
        keys.rotate(Recorder(home), who(SPARE), private_of(SPARE, 2))
        _waive(home)
        _refuse(home)
        _revoke(home)
        replace_evaluators(home)
        cycle.deliver(home, "officers", cycle.small_rows()["officers"][:1])
        cycle.launch(home, "plan")
        filed_checkpoint(home, SECRETARY, DISCIPLINE, ORGANISATION)


def eventful_home(path: Path) -> Home:
    """A copy of a home with acts, refusals and closings of every kind, made once."""
    return copied(made_once(EVENTFUL, _make), path)
