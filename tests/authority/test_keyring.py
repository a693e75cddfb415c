"""Key acts in any order: one key that signs for each officer, none that comes by itself."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from data.acts import ENROLLED, KEY_KINDS, REVOKED, ROTATED, VOUCHED, Key, Keyring
from data.verify import verify
from schemas.entries import KeyAct, KeyVouched, entry_of
from schemas.envelopes import key_id, public_text
from schemas.refusals import ActRefused
from tasks.officers import keys
from tests.authority.scene import (
    CITY_DISCIPLINE,
    CITY_SECRETARY,
    DISCIPLINE,
    LIAISON,
    SECRETARY,
    TWIN,
    Case,
    case_of,
)
from tests.support import cycle
from tests.support.cycle import Entry
from tests.support.marks import of_all
from tests.support.signing import private_of, vouch, who

ORGANS = {
    "o-1": "secretary",
    "o-2": "secretary",
    "o-3": "discipline-commission",
    "o-4": "organisation-department",
}
KINDS = (ENROLLED, VOUCHED, ROTATED, REVOKED)
PLACE = "640302"
# By the number of the entry that a key is enrolled in: what `Told.do` makes of it.
FOUNDERS = frozenset(
    (officer, ORGANS[officer], PLACE, key_id(hashlib.sha256(str(seq).encode()).digest()))
    for officer, seq in (("o-1", 1), ("o-3", 2), ("o-4", 3))
)
Deed = tuple[str, str, int]  # kind, officer, which of the keys that it may be about


# Entries as docs/history.md lets them stand


@dataclass
class Told:
    """Entries about keys, each of which may follow from those before it."""

    ring: Keyring = field(default_factory=lambda: Keyring(FOUNDERS))
    entries: list[KeyAct] = field(default_factory=list)

    def do(self, deed: Deed) -> None:
        """Append an entry, where it may stand."""
        kind, officer, which = deed
        seq = len(self.entries) + 1
        about = [key for key in self.ring.keys.values() if key.officer == officer]
        fit = [key for key in about if _may(kind, key)]
        entry: Entry = {
            "kind": kind,
            "seq": seq,
            "prev": "",
            "at": "",
            "on": "2016-12-31",
            "officer": officer,
        }
        entry["envelope"] = {}
        if kind in (ENROLLED, ROTATED):
            public = hashlib.sha256(str(seq).encode()).digest()
            entry |= {"key": key_id(public), "public": public_text(public)}
            entry |= {"organ": ORGANS[officer], "jurisdiction": PLACE}
        if kind != ENROLLED:
            if not fit:
                return
            key = fit[which % len(fit)]
            entry["previous" if kind == ROTATED else "key"] = key.name
            if kind == VOUCHED:
                able = [
                    one
                    for one in self.ring.keys.values()
                    if one.current and key.awaits(one.officer, one.organ)
                ]
                if not able:
                    return
                by = able[which % len(able)]
                entry |= {"voucher": by.officer, "voucher_key": by.name}
        if kind == REVOKED:
            entry |= {"by": officer, "by_key": "9" * 64, "reason": ""}
        act = entry_of(entry)
        assert isinstance(act, KeyAct)
        self.ring.take(act)
        self.entries.append(act)


def _may(kind: str, key: Key) -> bool:
    if kind == VOUCHED:
        return not (key.full or key.replaced or key.revoked)
    return key.current if kind == ROTATED else not key.revoked


def folded(entries: Iterable[KeyAct], ring: Keyring | None = None) -> Keyring:
    found = ring or Keyring(FOUNDERS)
    for entry in entries:
        found.take(entry)
    return found


DEEDS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(sorted(ORGANS)), st.integers(0, 3)),
    max_size=30,
)


def told(deeds: list[Deed]) -> Told:
    found = Told()
    for deed in deeds:
        found.do(deed)
    return found


def signing_at(ring: Keyring, officer: str, seq: int) -> list[Key]:
    return [one for one in ring.keys.values() if one.officer == officer and one.signs_at(seq)]


@given(DEEDS)
def test_an_officer_never_has_two_keys_that_sign(deeds: list[Deed]) -> None:
    found = told(deeds)
    for count in range(len(found.entries) + 1):
        ring = folded(found.entries[:count])
        for officer in ORGANS:
            current = [one for one in ring.keys.values() if one.officer == officer and one.current]
            assert len(current) <= 1
            assert ring.of(officer) == (current[0] if current else None)
            assert signing_at(ring, officer, count + 1) == current


@given(DEEDS)
def test_what_a_key_could_sign_is_one_stretch_of_the_history(deeds: list[Deed]) -> None:
    found = told(deeds)
    last = len(found.entries) + 1
    for officer in ORGANS:
        assert all(len(signing_at(found.ring, officer, seq)) <= 1 for seq in range(last + 1))
    for key in found.ring.keys.values():
        stretch = [seq for seq in range(last + 1) if key.signs_at(seq)]
        assert stretch == list(range(stretch[0], stretch[-1] + 1)) if stretch else True
        assert all(seq > key.enrolled for seq in stretch)
        ended = min((seq for seq in (key.replaced, key.revoked) if seq), default=last)
        assert all(seq <= ended for seq in stretch)
        assert not (key.revoked and key.current)


@given(DEEDS)
def test_a_revoked_key_never_signs_again(deeds: list[Deed]) -> None:
    found = told(deeds)
    revoked: set[str] = set()
    for count, entry in enumerate(found.entries, start=1):
        if entry.kind == REVOKED:
            revoked.add(entry.key)
        ring = folded(found.entries[:count])
        assert not any(ring.keys[name].current for name in revoked)
        assert not any(ring.keys[name].signs_at(count + 1) for name in revoked)


@given(DEEDS)
def test_nobody_gets_a_key_alone_but_the_founders(deeds: list[Deed]) -> None:
    found = told(deeds)
    by_others = {one.key for one in found.entries if one.kind in (VOUCHED, ROTATED)}
    founding = [one for one in found.ring.keys.values() if one.active and one.name not in by_others]
    named = {(one.officer, one.organ, one.jurisdiction, one.name) for one in founding}
    assert named <= found.ring.founders
    assert all(one.active == one.enrolled for one in founding)


@given(DEEDS)
def test_a_key_opens_gates_once_two_other_organs_vouched_for_it(deeds: list[Deed]) -> None:
    found = told(deeds)
    for key in found.ring.keys.values():
        mine = {key.name}
        for entry in reversed(found.entries):
            if entry.kind == ROTATED and entry.key in mine:
                mine.add(entry.previous)  # type: ignore[attr-defined]
        organs = {
            found.ring.keys[one.voucher_key].organ
            for one in found.entries
            if isinstance(one, KeyVouched) and one.key in mine
        }
        founded = any((key.officer, key.organ, PLACE, one) in FOUNDERS for one in mine)
        assert bool(key.full) == (founded or len(organs) >= 2)
        assert key.organ not in organs


@given(DEEDS, st.integers(0, 30))
def test_the_ring_follows_from_the_entries_alone(deeds: list[Deed], cut: int) -> None:
    found = told(deeds)
    half = folded(found.entries[:cut])
    kept = dict(half.keys)
    assert folded(found.entries[cut:], half.copy()).keys == found.ring.keys
    assert half.keys == kept


# The acts themselves, with whatever keys


OFFICERS = (CITY_SECRETARY, SECRETARY, DISCIPLINE, CITY_DISCIPLINE, LIAISON, TWIN)
Try = tuple[str, str, str, int]  # deed, officer, who acts, with which of their keys


def _do(case: Case, tried: Try) -> None:
    deed, officer, by, number = tried
    acting = who(by, number)
    deeds: dict[str, Callable[[], int]] = {
        "enrol": lambda: keys.enrol(case.recorder, who(officer, number)),
        "vouch": lambda: vouch(case.recorder, officer, acting),
        "rotate": lambda: keys.rotate(case.recorder, acting, private_of(by, number % 3 + 1)),
        "revoke": lambda: keys.revoke(case.recorder, officer, acting, "?"),
    }
    deeds[deed]()


@pytest.mark.reduced("histories are drawn by lot")
@settings(max_examples=of_all(5, 30), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("enrol", "enrol", "vouch", "vouch", "rotate", "revoke")),
            st.sampled_from(OFFICERS),
            st.sampled_from(OFFICERS),
            st.integers(1, 2),
        ),
        min_size=4,
        max_size=14,
    )
)
def test_every_act_is_recorded_or_refused_on_record(tries: list[Try]) -> None:
    with tempfile.TemporaryDirectory() as path:
        case = case_of("bare", Path(path))
        before = len(cycle.entries(case.home))
        refused = []
        for tried in tries:
            try:
                _do(case, tried)
            except ActRefused as told_off:
                refused.append(told_off.code)
        new = cycle.entries(case.home)[before:]
        attempts = [one for one in new if one["kind"] == "attempted"]
        assert len(new) == len(tries)
        assert [one["code"] for one in attempts] == refused
        assert {one["kind"] for one in new} <= KEY_KINDS | {"attempted"}
        # What was taken holds for an auditor too, and the ring is what the entries say.
        assert verify(case.home, acts=True)[1] is None
        acts = (entry_of(one) for one in new)
        first, *_ = cycle.entries(case.home, "key-enrolled")
        begun = case.recorder.history.acts.keys.founders
        enrolled = [entry_of(first), *acts]
        ring = folded((one for one in enrolled if isinstance(one, KeyAct)), Keyring(begun))
        case.recorder.follow()
        assert ring.keys == case.recorder.history.acts.keys.keys
        for officer in OFFICERS:
            assert (
                len([one for one in ring.keys.values() if one.officer == officer and one.current])
                <= 1
            )
        _vouched_by_others(case, new)


def _vouched_by_others(case: Case, entries: list[Entry]) -> None:
    """Nobody vouched for a key of their own, under whatever id, nor for one of their organ."""
    ring = case.recorder.history.acts.keys.keys
    for one in entries:
        if one["kind"] == VOUCHED:
            holder, voucher = (
                case.recorder.holder(one["officer"]),
                case.recorder.holder(one["voucher"]),
            )
            assert holder
            assert voucher
            assert holder.person != voucher.person
            assert ring[one["key"]].organ != ring[one["voucher_key"]].organ
