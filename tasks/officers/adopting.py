"""Another policy pack, adopted in an open cycle: proposed by one organ, adopted by another.

Rules: an officer of an organ that the pack in force names, at a place above which none stands,
signs the bytes of the pack and the day from which it is to be in force; another person of another
such organ signs the same pack and day, under the same pack in force, and it is adopted. The day has
not passed when either signs. A pack of another format than today's, the one in force, and one whose
days of validity hold not every session that is planned and the day itself are refused. Who signs
may be shown before what would become of every gate that the pack touches: nothing is written then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from data.acts import Key
from data.adoptions import ADOPTED, PROPOSED, Held, Proposed
from data.blobs import BlobStore
from data.policies import InForce, parsed
from schemas.pack_formats import newest
from schemas.policy import Pack
from schemas.rules.base import Reach
from schemas.statements import Adoption, statement
from tasks.consequences import Consequence, between
from tasks.gate.snapshot import Snapshot
from tasks.officers.entitled import adopting_fault, partner_fault
from tasks.officers.keys import acting, one_person
from tasks.officers.recording import Record, Recorder
from tasks.officers.signatories import Identified, Principal
from tasks.replaying.packs import PackChange, pack_changes


@dataclass(frozen=True)
class Adopting:
    """A pack that is to be adopted: its bytes, and the day from which it is to be in force."""

    pack: Pack
    content: bytes
    starts: date


def adopting(content: bytes, where: str, starts: date) -> Adopting:
    """The pack in the bytes of a file, which `where` names in refusals.

    Raises:
        PolicyRefused: this release cannot use it.
    """
    return Adopting(parsed(content, where), content, starts)


@dataclass(frozen=True)
class AdoptionEffects:
    """What a pack would do from now on: what it changes, and what becomes of gates by that."""

    changes: tuple[PackChange, ...]
    consequences: tuple[Consequence, ...]


def effects_of(recorder: Recorder, wanted: Adopting) -> AdoptionEffects:
    """What a pack would do if it were in force now; nothing is written."""
    before = recorder.whole
    changes = pack_changes(before.pack, wanted.pack)
    return AdoptionEffects(changes, tuple(between(before, _under(before, wanted))))


def _under(before: Snapshot, wanted: Adopting) -> Snapshot:
    """The same facts on the same day under another pack."""
    history, on = before.history.copy(), before.on
    held = Held(history.seq + 1, on.isoformat(), wanted.pack.name, wanted.pack.digest)
    history.packs.held = (*history.packs.until(on.isoformat()), held)
    blobs = BlobStore(before.home.blobs, beside=[wanted.content])
    in_force = InForce(blobs, history.packs, on)
    return replace(before, history=history, blobs=blobs, pack=wanted.pack, in_force=in_force)


# Who may, and what


def _topmost(whole: Snapshot, place: str) -> bool:
    """Whether a place is the uppermost over units of the cycle."""
    above = whole.facts.relatives(Reach.ANCESTORS)
    return any(above[one][-1] == place for one in whole.facts.units["jurisdiction"].tolist())


def _officer_fault(recorder: Record, key: Key) -> str:
    whole = recorder.whole
    topmost = _topmost(whole, key.jurisdiction)
    return adopting_fault(whole.in_force.authorities.adopters, key, topmost=topmost)


def _pack_fault(recorder: Record, wanted: Adopting) -> str:
    pack, whole = wanted.pack, recorder.whole
    if pack.digest == whole.pack.digest:
        return "same-pack"
    sessions = whole.facts.tables["calendar"]["session_opens_on"].dropna()
    days = [wanted.starts, *(one.date() for one in sessions)]
    if not all(pack.valid_from <= day <= pack.valid_to for day in days):
        return "pack-not-valid"
    return "backdated" if wanted.starts < recorder.on else ""


def _joined(recorder: Record, wanted: Adopting, key: Key) -> tuple[int, str]:
    """The proposal that an officer's signature completes, and what is wrong where it cannot.

    It is 0 where there is none: then theirs is the first signature.
    """
    history, on = recorder.history, recorder.on.isoformat()
    said = (wanted.pack.name, wanted.pack.digest, wanted.starts.isoformat())
    waiting = history.packs.waiting(on, history.acts.keys)
    alike = {seq: one for seq, one in waiting.items() if one[: len(said)] == said}
    codes = {seq: _partner_fault(recorder, one, key) for seq, one in alike.items()}
    joined = next((seq for seq, code in codes.items() if not code), 0)
    return joined, "" if joined else next(iter(codes.values()), "")


def _partner_fault(recorder: Record, one: Proposed, key: Key) -> str:
    if one_person(recorder, one.officer, key.officer):
        return "own-proposal"
    return partner_fault(key, one)


def assessed_adoption(recorder: Record, wanted: Adopting, who: Identified) -> tuple[int, str]:
    """The proposal that an officer's signature completes (0 for none), and why it may not be."""
    key, code = acting(recorder, who)
    if code or key is None:
        return 0, code
    code = _officer_fault(recorder, key) or _pack_fault(recorder, wanted)
    return (0, code) if code else _joined(recorder, wanted, key)


def adopt(recorder: Recorder, wanted: Adopting, who: Principal) -> int:
    """Sign a pack and its day: propose it, or adopt what another organ proposed.

    Returns:
        The number of the entry.

    Raises:
        ActRefused: the officer may not, the pack or the day cannot be, or they or their organ
            signed it already; it is on record.
    """

    def attempt() -> int:
        of, code = assessed_adoption(recorder, wanted, who)
        if not code and wanted.pack.format != newest():
            code = "other-format"
        if code:
            recorder.refuse("adopt", code, who.officer)
        return _record(recorder, wanted, who, of)

    return recorder.take(attempt)


def _record(recorder: Recorder, wanted: Adopting, who: Principal, of: int) -> int:
    pack, starts = wanted.pack, wanted.starts.isoformat()
    predicate = Adoption(
        **recorder.said(who),
        reason="",
        act="adopt" if of else "propose",
        pack=pack.name,
        policy=recorder.whole.pack.digest,
        starts=starts,
    )
    payload = statement(predicate, pack.digest).payload()
    envelope = who.seal(payload)
    BlobStore(recorder.home.blobs).put(wanted.content)
    joining = {"of": of} if of else {}
    return recorder.put(
        ADOPTED if of else PROPOSED,
        payload,
        **joining,
        pack=pack.name,
        policy=pack.digest,
        starts=starts,
        officer=who.officer,
        key=who.key,
        envelope=envelope,
    )
