"""Attempts to open a gate by another policy pack: alone, within one organ, backdated, forged.

Rules: the other pack asks for no secretary, whose signature is all that the gate lacks.
"""

import re
from datetime import date, timedelta
from functools import cache
from typing import Any

from data.adoptions import ADOPTED, PROPOSED
from data.blobs import BlobStore
from data.policies import pack_bytes
from schemas.canonical import digest
from schemas.envelopes import sealed
from schemas.statements import Adoption, statement
from tasks.officers import adopting, keys
from tests.authority.attempts import Attempt, Shown
from tests.authority.rows_forged import append
from tests.authority.scene import (
    CITY_CONTROLLER,
    CITY_DISCIPLINE,
    CITY_LIAISON,
    CITY_SECRETARY,
    CITY_TWIN,
    DISCIPLINE,
    KEYLESS,
    SECRETARY,
    UNITED_FRONT,
    Case,
    panel,
    with_sign_offs,
)
from tests.support import cycle
from tests.support.cycle import ON
from tests.support.signing import private_of, vouch, who

MISSING = "sign-off-missing"
# Of the city's commission, without a key.
CITY_COLLEAGUE = "o-640300-16"


@cache
def weaker() -> bytes:
    """Our pack, but that the plan is signed by the organisation department alone."""
    return with_sign_offs(panel("liaison", ["organisation-department"], 1)).encode()


def older() -> bytes:
    """The same in the format before, which knows neither deliveries nor who lifts a refusal."""
    blocks = re.split(r"\n(?=\[)", weaker().decode().replace("format = 4", "format = 2"))
    return "\n".join(b for b in blocks if not re.match(r"\[refusals|\[\[(deliv|vouch)", b)).encode()


def adopt(
    case: Case, *officers: str, content: bytes | None = None, starts: date = ON, number: int = 1
) -> list[int]:
    """Officers sign the same pack and day, one after the other."""
    wanted = adopting.adopting(content or weaker(), "other.toml", starts)
    return [adopting.adopt(case.recorder, wanted, who(one, number)) for one in officers]


def _by(*officers: str, **given: Any) -> Any:
    return lambda case: adopt(case, *officers, **given)


def _other_days(case: Case) -> None:
    adopt(case, CITY_SECRETARY)
    adopt(case, CITY_DISCIPLINE, starts=ON + timedelta(days=1))


def _other_packs(case: Case) -> None:
    adopt(case, CITY_SECRETARY)
    adopt(case, CITY_DISCIPLINE, content=weaker() + b"\n")


def _revoked_between(case: Case) -> None:
    adopt(case, CITY_SECRETARY)
    keys.revoke(case.recorder, CITY_SECRETARY, who(CITY_DISCIPLINE), "密钥遗失")
    adopt(case, CITY_DISCIPLINE)


def _overtaken(case: Case) -> None:
    """What was proposed under one pack is adopted under the next."""
    adopt(case, CITY_SECRETARY)
    adopt(case, CITY_SECRETARY, CITY_LIAISON, content=pack_bytes(cycle.PACK) + b"\n")
    adopt(case, CITY_DISCIPLINE)


def _half_vouched(case: Case) -> None:
    keys.enrol(case.recorder, who(CITY_COLLEAGUE))
    vouch(case.recorder, CITY_COLLEAGUE, who(CITY_SECRETARY))
    adopt(case, CITY_COLLEAGUE)


def _adopted(case: Case) -> None:
    adopt(case, CITY_SECRETARY, CITY_DISCIPLINE)


def _refused_before(case: Case) -> None:
    """The secretary refuses, and another pack asks for no secretary."""
    case.refuse(SECRETARY)
    _adopted(case)
    case.launch()


def _signed_at_once(case: Case) -> None:
    """The secretary signs under a pack under which nobody decided the gate yet."""
    stricter = pack_bytes(cycle.PACK).replace(b"days = 30", b"days = 31", 1)
    adopt(case, CITY_SECRETARY, CITY_DISCIPLINE, content=stricter)
    case.sign(SECRETARY)


def _old_key(case: Case) -> None:
    keys.rotate(case.recorder, who(CITY_SECRETARY), private_of(CITY_SECRETARY, 2))
    adopt(case, CITY_SECRETARY)


# Past the program, with real keys


def forge(
    case: Case, act: str, officer: str, *, of: int = 0, starts: date = ON, **changes: str
) -> int:
    """Write an act on a pack into the database, signed by an officer's own key."""
    BlobStore(case.home.blobs).put(weaker())
    case.recorder.follow()
    said = {
        **case.recorder.said(who(officer)),
        "reason": "",
        "act": act,
        "pack": "cn-2016",
        "policy": case.recorder.whole.pack.digest,
        "starts": starts.isoformat(),
        **changes,
    }
    payload = statement(Adoption.model_validate(said), digest(weaker())).payload()
    envelope = sealed(payload, who(officer).private)
    fields = {"pack": "cn-2016", "policy": digest(weaker()), "starts": starts.isoformat()}
    own = {"officer": officer, "key": who(officer).key, **({"of": of} if of else {})}
    return append(case, ADOPTED if of else PROPOSED, envelope, **fields, **own)


def forged(first: str, second: str, **given: Any) -> Any:
    """Both signatures are written into the database."""

    def tries(case: Case) -> None:
        forge(case, "adopt", second, of=forge(case, "propose", first, **given), **given)

    return tries


def _only_adopted(case: Case) -> None:
    """The second signature alone, on a proposal that is none."""
    seq = case.recorder.history.seq
    forge(case, "adopt", CITY_DISCIPLINE, of=seq)


def _proposed_twice(case: Case) -> None:
    """What another organ signed as a proposal is written as the second signature."""
    forge(case, "propose", CITY_DISCIPLINE, of=forge(case, "propose", CITY_SECRETARY))


def _backdated(case: Case) -> None:
    forge(case, "propose", CITY_SECRETARY, starts=ON - timedelta(days=1))


def _other_cycle(case: Case) -> None:
    seq = forge(case, "propose", CITY_SECRETARY)
    forge(case, "adopt", CITY_DISCIPLINE, of=seq, cycle="a" * 64)


def _under_another_pack(case: Case) -> None:
    seq = forge(case, "propose", CITY_SECRETARY)
    forge(case, "adopt", CITY_DISCIPLINE, of=seq, policy="a" * 64)


def _refused(name: str, code: str, by: str, tries: Any) -> Attempt:
    return Attempt(name, "short", code, tries, act="adopt", by=by)


def _no_effect(name: str, tries: Any) -> Attempt:
    return Attempt(name, "short", MISSING, tries, Shown.FINDING, have=0)


def _broken(name: str, code: str, tries: Any) -> Attempt:
    return Attempt(name, "short", code, tries, Shown.BROKEN)


REFUSED = [
    Attempt("a sign-off before the gate is decided under the new pack", "short", "moved",
            _signed_at_once),
    _refused("a pack by one officer who signs twice", "own-proposal", CITY_SECRETARY,
             _by(CITY_SECRETARY, CITY_SECRETARY)),
    _refused("a pack by one person under two officer ids", "own-proposal", CITY_TWIN,
             _by(CITY_SECRETARY, CITY_TWIN)),
    _refused("a pack by two officers of one organ", "own-organ-proposed", CITY_CONTROLLER,
             _by(CITY_DISCIPLINE, CITY_CONTROLLER)),
    _refused("a pack by an organ that the pack in force does not name", "may-not-adopt",
             UNITED_FRONT, _by(CITY_SECRETARY, UNITED_FRONT)),
    _refused("a pack by officers of a county", "not-topmost", DISCIPLINE, _by(DISCIPLINE)),
    _refused("a pack by an officer without a key", "no-key", KEYLESS, _by(KEYLESS)),
    _refused("a pack by an officer for whom one organ vouched", "one-voucher", CITY_COLLEAGUE,
             _half_vouched),
    _refused("a pack under the key before", "other-key", CITY_SECRETARY, _old_key),
    _refused("a pack from a day that has passed", "backdated", CITY_SECRETARY,
             _by(CITY_SECRETARY, starts=ON - timedelta(days=1))),
    _refused("the pack in force once more", "same-pack", CITY_SECRETARY,
             _by(CITY_SECRETARY, content=pack_bytes(cycle.PACK))),
    _refused("a pack of an older format", "other-format", CITY_SECRETARY,
             _by(CITY_SECRETARY, content=older())),
    _refused("a pack whose days do not hold the sessions", "pack-not-valid", CITY_SECRETARY,
             _by(CITY_SECRETARY, content=weaker().replace(b"_to = 2017-", b"_to = 2016-"))),
    _refused("a pack from a day after its last", "pack-not-valid", CITY_SECRETARY,
             _by(CITY_SECRETARY, starts=date(2019, 1, 1))),
]  # fmt: skip

NO_EFFECT = [
    _no_effect("a pack that one officer signed", _by(CITY_SECRETARY)),
    _no_effect("a pack that two organs signed for other days", _other_days),
    _no_effect("two packs, each signed by one organ", _other_packs),
    _no_effect("a pack whose first signature was revoked", _revoked_between),
    _no_effect("a pack that was proposed under the pack before", _overtaken),
    _no_effect("a pack from tomorrow on",
               _by(CITY_SECRETARY, CITY_DISCIPLINE, starts=ON + timedelta(days=1))),
    Attempt("a refusal that another pack does not ask for", "short", "sign-off-refused",
            _refused_before, Shown.FINDING),
    Attempt("a sign-off under the pack before, which asked for more", "short", "other-policy",
            _adopted, Shown.VOID),
    Attempt("a waiver under the pack before", "waived", "other-policy", _adopted, Shown.VOID),
]  # fmt: skip

FORGED = [
    _broken("a pack forged with one key", "signature", forged(CITY_SECRETARY, CITY_SECRETARY)),
    _broken("a pack forged by two officers of one organ", "signature",
            forged(CITY_DISCIPLINE, CITY_CONTROLLER)),
    _broken("a pack forged by an organ that nobody names", "decision",
            forged(CITY_SECRETARY, UNITED_FRONT)),
    _broken("a pack forged for a day that has passed", "signature", _backdated),
    _broken("a pack that nobody proposed", "signature", _only_adopted),
    _broken("a pack that two organs proposed and none adopted", "signature", _proposed_twice),
    _broken("a pack signed for another cycle", "signature", _other_cycle),
    _broken("a pack signed under another one", "signature", _under_another_pack),
]  # fmt: skip

ROWS = [*REFUSED, *NO_EFFECT, *FORGED]
