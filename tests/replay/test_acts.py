"""Acts that a real key signed, and that nothing but the registers can tell to be out of order.

Rules: whoever runs the database runs a program without the rule: the act is on record, chained and
signed as any, so that both verifiers hold. A replay names it, and `audit verify` with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from data.acts import CONFIRM, DECLINE
from data.bundle import export_bundle
from data.reference import Row
from data.verify import Fault
from tasks.intake import accept, confirming
from tasks.intake.entitlement import Entitlement
from tasks.officers import adopting, evaluators, keys
from tasks.replaying.acts import judged
from tasks.replaying.comparison import Verdict
from tasks.replaying.past import chronicle_of
from tasks.verifying import REPLAY, replay_fault
from tests.authority.rows_confirmations import confirms, invented, kept_waiting
from tests.authority.rows_packs import adopt, weaker
from tests.authority.scene import (
    CANDIDATES,
    CITY,
    CITY_DISCIPLINE,
    CITY_SECRETARY,
    CITY_TWIN,
    DELIVERER,
    DISCIPLINE,
    KEYLESS,
    KIN,
    LIAISON,
    NEIGHBOUR,
    PETITION,
    SECOND,
    SECRETARY,
    TOWN_DISCIPLINE,
    TWIN,
    UNITED_FRONT,
    Case,
    case_of,
    meeting,
    officer_row,
    rows,
)
from tests.support import cycle
from tests.support.signing import private_of, vouch, who
from tests.tamper.verifiers import by_library, by_single_file, of_home


@contextmanager
def without(*rules: tuple[Any, str, Any]) -> Iterator[None]:
    """A program that lacks some of its rules."""
    places = [patch.object(module, name, with_it) for module, name, with_it in rules]
    for one in places:
        one.start()
    try:
        yield
    finally:
        for one in places:
            one.stop()


def _whoever(*_: Any, **__: Any) -> str:
    return ""


# Keys


def _vouched(officer: str, by: str, before: Callable[[Case], object] | None = None) -> Forge:
    def forge(case: Case) -> None:
        keys.enrol(case.recorder, who(officer))
        if before:
            before(case)
        case.recorder.follow()
        ring = case.recorder.history.acts.keys
        key = ring.pending(officer)
        with without((keys, "judged_vouching", lambda *_: (key, ""))):
            vouch(case.recorder, officer, who(by))

    return forge


def _moved(officer: str, organ: str) -> Callable[[Case], object]:
    """Somebody's office changes on the register."""
    return lambda case: case.deliver("officers", {**officer_row(officer), "organ": organ})


def _left(officer: str) -> Callable[[Case], object]:
    return lambda case: case.withdraw("officers", officer_row(officer))


def _revoked(officer: str, by: str) -> Forge:
    def forge(case: Case) -> None:
        with without((keys, "revoking_fault", _whoever)):
            keys.revoke(case.recorder, officer, who(by), "密钥遗失")

    return forge


# Who is who


def _confirmed(
    by: str,
    deliverer: str = LIAISON,
    register: str = "officers",
    row: Row | None = None,
    *,
    remove: bool = False,
    then: Callable[[Case], object] | None = None,
    verdict: str = CONFIRM,
) -> Forge:
    def forge(case: Case) -> None:
        seq = kept_waiting(case, register, row or invented(), by=deliverer, remove=remove)
        if then:
            then(case)
        with without(
            (confirming, "confirm_fault", _whoever),
            (confirming, "passed_over", _whoever),
            (confirming, "unfit", lambda *_: []),
        ):
            confirms(case, seq, by, verdict, "查无此人" if verdict == DECLINE else "")

    return forge


def _again(case: Case) -> None:
    case.deliver("officers", {**invented(), "organ": "petition-office"})


# Packs


def _adopted(first: str, second: str, content: bytes | None = None) -> Forge:
    def forge(case: Case) -> None:
        with without((adopting, "judged_adoption", lambda *_: (0, ""))):
            (of,) = adopt(case, first, content=content)
        with without((adopting, "judged_adoption", lambda *_: (of, ""))):
            adopt(case, second, content=content)

    return forge


def _proposed_in_another_office(case: Case) -> None:
    _moved(CITY_DISCIPLINE, "petition-office")(case)
    with without((adopting, "judged_adoption", lambda *_: (0, ""))):
        adopt(case, CITY_DISCIPLINE)


# Evaluators


def _evaluator_revoked(by: str) -> Forge:
    def forge(case: Case) -> None:
        key = case.recorder.history.acts.keys.of(by)
        with without((evaluators, "in_charge", lambda *_: (key, ""))):
            evaluators.revoke(case.recorder, who(by), "密钥遗失")

    return forge


def _evaluator_put_in_force(by: str, voucher: str) -> Forge:
    def forge(case: Case) -> None:
        evaluators.revoke(case.recorder, who(CITY_DISCIPLINE), "密钥遗失")
        ring = case.recorder.history.acts.keys
        with without((evaluators, "in_charge", lambda *_: (ring.of(by), ""))):
            evaluators.enrol(case.recorder, who(by), private_of("evaluator", 2))
        with without(
            (evaluators, "in_charge", lambda *_: (ring.of(voucher), "")),
            (evaluators, "vouching_fault", _whoever),
        ):
            evaluators.vouch(case.recorder, who(voucher))

    return forge


# Deliveries


def _delivered(by: str, register: str, row: Row, *, remove: bool = False) -> Forge:
    def forge(case: Case) -> None:
        with without((accept, "refuse_others", _whoever), (Entitlement, "of", lambda _, one: one)):
            act = case.withdraw if remove else case.deliver
            act(register, row, by=by)

    return forge


def _of_the_city() -> Row:
    return next(row for row in rows()["measures"] if row["jurisdiction"] == CITY)


Forge = Callable[[Case], None]


@dataclass(frozen=True)
class Forged:
    """What was put on record, and the code that names it."""

    code: str
    forge: Forge


FORGED = {
    "vouched for by the same person": Forged("same-person", _vouched(SECOND, DELIVERER)),
    "vouched for by who entered them": Forged("entered-them", _vouched(KEYLESS, cycle.OFFICER)),
    "vouched for from below": Forged("not-above", _vouched(KEYLESS, TOWN_DISCIPLINE)),
    "vouched for by somebody in another office since": Forged(
        "role-changed", _vouched(KEYLESS, DISCIPLINE, _moved(DISCIPLINE, "petition-office"))
    ),
    "vouched for by somebody who left": Forged(
        "unknown-officer", _vouched(KEYLESS, TWIN, _left(TWIN))
    ),
    "revoked from below": Forged("may-not-revoke", _revoked(SECRETARY, TOWN_DISCIPLINE)),
    "confirmed under another id of the deliverer's": Forged(
        "own-delivery", _confirmed(SECRETARY, TWIN)
    ),
    "one's own row confirmed": Forged(
        "rows-about-self",
        _confirmed(
            CITY_DISCIPLINE,
            cycle.OFFICER,
            row={**officer_row(CITY_DISCIPLINE), "organ": "secretary"},
        ),
    ),
    "another's row confirmed that becomes one's own": Forged(
        "rows-about-self",
        _confirmed(
            SECRETARY,
            row={
                **officer_row(UNITED_FRONT),
                **{name: officer_row(SECRETARY)[name] for name in ("person", "name")},
            },
        ),
    ),
    "one's own kinship taken away": Forged(
        "rows-about-self",
        _confirmed(
            KIN,
            register="kin",
            row={"person": officer_row(KIN)["person"], "kin": CANDIDATES[1]},
            remove=True,
        ),
    ),
    "confirmed from below": Forged("not-above", _confirmed(DISCIPLINE, cycle.OFFICER)),
    "confirmed from a township": Forged("not-above", _confirmed(TOWN_DISCIPLINE)),
    "confirmed by another county": Forged("not-above", _confirmed(NEIGHBOUR)),
    "confirmed in another office": Forged(
        "role-changed", _confirmed(DISCIPLINE, then=_moved(DISCIPLINE, "petition-office"))
    ),
    "confirmed though delivered again": Forged("overtaken", _confirmed(DISCIPLINE, then=_again)),
    "declined from below": Forged(
        "not-above", _confirmed(DISCIPLINE, cycle.OFFICER, verdict=DECLINE)
    ),
    "a pack adopted by one person under two ids": Forged(
        "own-proposal", _adopted(CITY_SECRETARY, CITY_TWIN)
    ),
    "a pack whose days do not hold the sessions": Forged(
        "pack-not-valid",
        _adopted(CITY_SECRETARY, CITY_DISCIPLINE, weaker().replace(b"_to = 2017-", b"_to = 2016-")),
    ),
    "a pack proposed in another office": Forged("role-changed", _proposed_in_another_office),
    "an evaluator's key revoked by a county": Forged("not-topmost", _evaluator_revoked(DISCIPLINE)),
    "an evaluator's key put in force by one person": Forged(
        "same-person", _evaluator_put_in_force(CITY_SECRETARY, CITY_TWIN)
    ),
    "an evaluator's key enrolled by a county": Forged(
        "not-topmost", _evaluator_put_in_force(SECRETARY, CITY_DISCIPLINE)
    ),
    "a register delivered that is another organ's": Forged(
        "may-not-deliver", _delivered(PETITION, "measures", meeting(1))
    ),
    "rows delivered of another place": Forged(
        "not-your-place", _delivered(LIAISON, "measures", {**meeting(), "jurisdiction": "640303"})
    ),
    "rows delivered of a place above": Forged(
        "not-your-place", _delivered(LIAISON, "measures", _of_the_city())
    ),
    "rows withdrawn of a place above": Forged(
        "not-your-place", _delivered(LIAISON, "measures", _of_the_city(), remove=True)
    ),
}


def _told(case: Case) -> list[tuple[int, str]]:
    """The acts that are not justified, with their codes."""
    found = judged(chronicle_of(case.home))
    return [(one.seq, one.code) for one in found if one.verdict is not Verdict.SAME]


@pytest.mark.parametrize("name", FORGED)
def test_a_replay_names_what_no_signature_tells(name: str, tmp_path: Path) -> None:
    one, case = FORGED[name], case_of("short", tmp_path / "home")
    assert _told(case) == []
    one.forge(case)
    told = _told(case)
    assert {code for _, code in told} == {one.code}
    assert replay_fault(case.home) == Fault(told[0][0], REPLAY)
    # The verifiers have no registers: to them it is an act as any.
    export_bundle(case.home, tmp_path / "bundle.zip")
    content = (tmp_path / "bundle.zip").read_bytes()
    entries = len(cycle.entries(case.home))
    assert {of_home(case.home), by_library(content), by_single_file(content)} == {("", entries)}


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    case = case_of("short", tmp_path / "home")
    case.deliver("measures", meeting(1))
    entry = cycle.entries(case.home, "submitted")[-1]
    (case.home.blobs / entry["blob"][:2] / entry["blob"][2:]).unlink()
    found = [one for one in judged(chronicle_of(case.home)) if one.verdict is Verdict.ERASED]
    assert [one.seq for one in found] == [entry["seq"] - 1]
