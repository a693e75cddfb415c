"""Deliveries and acts on keys that nobody may do alone, or at all.

Expected as in `rows_acts`; whose delivery waits for nobody and takes effect at once is named too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from schemas.canonical import canonical, digest
from tests.authority.scene import (
    CITY,
    CITY_CONTROLLER,
    CITY_DISCIPLINE,
    CITY_SECRETARY,
    CITY_TWIN,
    COUNTY,
    DELIVERER,
    DISCIPLINE,
    KEYLESS,
    KIN_BACK,
    LEAVER,
    LIAISON,
    NEIGHBOUR,
    PETITION,
    SECOND,
    SECRETARY,
    TOWN_DISCIPLINE,
    UNIT,
    UNITED_FRONT,
    meeting,
    rows,
)
from tests.forgeries.deeds import (
    OTHER_DIGEST,
    deliver,
    enrol,
    keep_waiting,
    on_evaluator,
    revoke,
    rotate,
    submitted,
    vouch,
)
from tests.forgeries.forging import (
    IN_FORCE,
    MADE_UP_ID,
    REPLAY,
    Forge,
    Forger,
    Forgery,
    Kind,
    public,
)
from tests.forgeries.scene import stranger
from tests.generator import Row
from tests.support import cycle
from tests.support.evaluators import signer

NEIGHBOURING = "640303"


# Deliveries


def _brought(name: str, fault: str, forge: Forge, *keys: str, code: str = "") -> Forgery:
    return Forgery(Kind.DELIVERY, name, fault, forge, keys, code)


def _delivered(
    officer: str, register: str, row: Callable[[], Row], *, remove: bool = False
) -> Forge:
    return lambda one: deliver(one, officer, register, row(), remove=remove)


def _meeting() -> Row:
    return meeting(1)


def _next_door() -> Row:
    return {**meeting(), "jurisdiction": "640303"}


def _of_the_city() -> Row:
    return next(row for row in rows()["measures"] if row["jurisdiction"] == CITY)


def _pledge() -> Row:
    return next(iter(rows()["pledges"]))


def _last(**content: object) -> Forge:
    """What was delivered last says something else."""
    return lambda one: one.change(one.latest("submitted")["seq"], **content)


def _twice(one: Forger) -> int:
    given, took = one.latest("delivered"), one.latest("submitted")
    named = ("officer", "key", "envelope")
    seq = one.append("delivered", **{name: given[name] for name in named})
    submitted(one, {name: took[name] for name in took if name not in given or name == "officer"})
    return seq


DELIVERIES = [
    _brought("in an officer's name", "signature", _delivered(LIAISON, "measures", _meeting)),
    _brought("with a key that is revoked", "signature", _delivered(LEAVER, "measures", _meeting),
             LEAVER),
    _brought("with a key that nobody vouched for", "signature",
             _delivered(SECOND, "measures", _meeting), SECOND),
    _brought("who is who, as what nobody has to confirm", "signature",
             _delivered(LIAISON, "officers", lambda: stranger(8)), LIAISON),
    _brought("the same once more", "signature", _twice),
    _brought("what was delivered, by another", "signature", _last(officer=SECRETARY)),
    _brought("what was withdrawn, delivered", "signature", _last(mode="accept")),
    _brought("what was delivered, other rows", "signature", _last(blob=OTHER_DIGEST)),
    _brought("to a register that is another organ's", REPLAY,
             _delivered(PETITION, "measures", _meeting), PETITION, code="may-not-deliver"),
    _brought("who is who, by an organ that does not know them", REPLAY,
             lambda one: keep_waiting(one, DISCIPLINE, "officers", stranger(8)), DISCIPLINE,
             code="may-not-deliver"),
    _brought("who is who, in another office by now", REPLAY,
             lambda one: keep_waiting(one, CITY_CONTROLLER, "officers", stranger(8)),
             CITY_CONTROLLER, code="role-changed"),
    _brought("rows of another place", REPLAY, _delivered(LIAISON, "measures", _next_door), LIAISON,
             code="not-your-place"),
    _brought("rows of a place above", REPLAY, _delivered(LIAISON, "measures", _of_the_city),
             LIAISON, code="not-your-place"),
    _brought("rows of a place above, withdrawn", REPLAY,
             _delivered(LIAISON, "measures", _of_the_city, remove=True), LIAISON,
             code="not-your-place"),
    _brought("in another office by now", REPLAY,
             _delivered(CITY_CONTROLLER, "pledges", _pledge), CITY_CONTROLLER,
             code="role-changed"),
    _brought("by somebody who left", REPLAY, _delivered(KIN_BACK, "measures", _meeting), KIN_BACK,
             code="unknown-officer"),
]  # fmt: skip


# Lists of units, which nobody signs


def _listing(name: str, forge: Forge) -> Forgery:
    return Forgery(Kind.LISTING, name, REPLAY, forge, (), "other-places")


def _standing(edit: Callable[[list[Any]], list[Any]]) -> Forge:
    """The units stand elsewhere, as whoever verifies would believe."""

    def forge(one: Forger) -> int:
        last = one.latest("listed")
        content = json.loads(
            (one.home.blobs / last["places"][:2] / last["places"][2:]).read_bytes()
        )
        places = one.keep(canonical([edit(unit) for unit in content]))
        said = {name: last[name] for name in ("units", "digest")}
        return one.append("listed", **said, places=places)

    return forge


def _under_a_neighbour(unit: list[Any]) -> list[Any]:
    """A township stands below another county."""
    return [*unit[:4], NEIGHBOURING, *unit[5:]] if unit[0] == UNIT else unit


def _of_another_level(unit: list[Any]) -> list[Any]:
    return [unit[0], "county", *unit[2:]] if unit[0] == UNIT else unit


def _topmost(unit: list[Any]) -> list[Any]:
    """Nothing stands above the county."""
    return [one for one in unit if one != CITY or unit[1] == "city"]


def _hidden(one: Forger) -> int:
    """A unit is on no list any more."""
    one.units = [row for row in one.units if row[0] != UNIT]
    named = digest(canonical(one.units))
    places = one.latest("listed")["places"]
    return one.append("listed", units=len(one.units), digest=named, places=places)


LISTINGS = [
    _listing("of a township below another county", _standing(_under_a_neighbour)),
    _listing("of a township as a county", _standing(_of_another_level)),
    _listing("of counties that nothing stands above", _standing(_topmost)),
    _listing("of all units but one", _hidden),
]

# Keys


def _key(name: str, fault: str, forge: Forge, *keys: str, code: str = "") -> Forgery:
    return Forgery(Kind.KEY, name, fault, forge, keys, code)


def _vouched(by: str, officer: str = KEYLESS) -> Forge:
    def forge(one: Forger) -> int:
        found = one.latest("key-enrolled", officer=officer)
        return vouch(one, by, found["seq"])

    return forge


def _waiting_again(one: Forger) -> int:
    """The officer's own key, vouched for by who is the same person."""
    return vouch(one, DELIVERER, one.latest("key-enrolled", officer=SECOND)["seq"])


def _evaluator_revoked(one: Forger) -> int:
    return on_evaluator(one, "revoke", DISCIPLINE, IN_FORCE, public(signer(2).private))


def _evaluator_revoked_by_another(one: Forger) -> int:
    return on_evaluator(one, "revoke", CITY_SECRETARY, IN_FORCE, public(signer(2).private))


def _in_force_again(first: str, second: str = "") -> Forge:
    """The evaluator's key is revoked, and officers put one of the forger's in its place."""

    def forge(one: Forger) -> int:
        on_evaluator(one, "revoke", CITY_DISCIPLINE, IN_FORCE, public(signer(2).private))
        seq = on_evaluator(one, "enrol", first, MADE_UP_ID, public())
        return on_evaluator(one, "vouch", second, MADE_UP_ID, public()) if second else seq

    return forge


KEYS = [
    _key("vouched for in an officer's name", "signature", _vouched(LIAISON)),
    _key("vouched for by a colleague", "signature", _vouched(DELIVERER), DELIVERER),
    _key("vouched for twice by one officer", "signature", _vouched(DISCIPLINE), DISCIPLINE),
    _key("vouched for with a key that is revoked", "signature", _vouched(LEAVER, SECOND), LEAVER),
    _key("vouched for by an organ that the pack does not let", "decision",
         _vouched(PETITION), PETITION),
    _key("rotated by nobody", "signature", lambda one: rotate(one, SECRETARY)),
    _key("revoked by another organ", "signature", lambda one: revoke(one, LIAISON, SECRETARY),
         LIAISON),
    _key("revoked in a commission's name", "signature",
         lambda one: revoke(one, CITY_DISCIPLINE, SECRETARY)),
    _key("an evaluator's revoked by another organ", "signature", _evaluator_revoked_by_another,
         CITY_SECRETARY),
    _key("vouched for by the same person", REPLAY, _waiting_again, DELIVERER, code="same-person"),
    _key("vouched for by who entered them", REPLAY, _vouched(cycle.OFFICER), cycle.OFFICER,
         code="entered-them"),
    _key("vouched for from another county", REPLAY, _vouched(NEIGHBOUR, SECOND), NEIGHBOUR,
         code="not-above"),
    _key("vouched for from below", REPLAY, _vouched(TOWN_DISCIPLINE, SECOND), TOWN_DISCIPLINE,
         code="not-above"),
    _key("vouched for in another office by now", REPLAY, _vouched(CITY_CONTROLLER, SECOND),
         CITY_CONTROLLER, code="role-changed"),
    _key("vouched for by somebody who left", REPLAY, _vouched(KIN_BACK, SECOND), KIN_BACK,
         code="unknown-officer"),
    _key("revoked from below", REPLAY, lambda one: revoke(one, TOWN_DISCIPLINE, SECRETARY),
         TOWN_DISCIPLINE, code="may-not-revoke"),
    _key("an evaluator's revoked by a county", REPLAY, _evaluator_revoked, DISCIPLINE,
         code="not-topmost"),
    _key("rotated in another office by now", REPLAY, lambda one: rotate(one, CITY_CONTROLLER),
         CITY_CONTROLLER, code="role-changed"),
    _key("enrolled for an officer who is on no register", REPLAY,
         lambda one: enrol(one, "o-640302-97", "organisation-department", COUNTY),
         code="unknown-officer"),
    _key("enrolled for another organ than the officer's", REPLAY,
         lambda one: enrol(one, SECOND, "organisation-department", COUNTY),
         code="role-changed"),
    _key("enrolled for an officer who has one", REPLAY,
         lambda one: enrol(one, UNITED_FRONT, "united-front", COUNTY), code="has-key"),
    # With the keys of two.
    _key("an evaluator's put in force by two officers of one organ", "signature",
         _in_force_again(CITY_DISCIPLINE, CITY_CONTROLLER), CITY_DISCIPLINE, CITY_CONTROLLER),
    _key("an evaluator's enrolled by a county", REPLAY, _in_force_again(SECRETARY), CITY_DISCIPLINE,
         SECRETARY, code="not-topmost"),
    _key("an evaluator's put in force by one person under two ids", REPLAY,
         _in_force_again(CITY_SECRETARY, CITY_TWIN), CITY_DISCIPLINE, CITY_SECRETARY, CITY_TWIN,
         code="same-person"),
]  # fmt: skip

ROWS = [*DELIVERIES, *LISTINGS, *KEYS]
