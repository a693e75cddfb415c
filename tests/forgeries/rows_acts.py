"""Confirmations and adoptions that nobody may give alone, or at all.

Expected (docs/history.md, "Acts", "Deliveries", "Decisions"): what keys, organs and statements tell
is `signature`; what the pack of the day and the places of units tell is `decision`. What only the
registers tell (who is one person, whose rows they are, where somebody is in office) holds for both
verifiers, and the replay names it by the code with which the program refuses it.
"""

from __future__ import annotations

from collections.abc import Callable

from data.acts import DECLINE
from tests.authority.rows_packs import weaker
from tests.authority.scene import (
    CITY_CONTROLLER,
    CITY_DISCIPLINE,
    CITY_LIAISON,
    CITY_SECRETARY,
    CITY_TWIN,
    CITY_UNITED_FRONT,
    DISCIPLINE,
    KEYLESS,
    KIN,
    KIN_BACK,
    LEAVER,
    LIAISON,
    NEIGHBOUR,
    SECOND,
    SECRETARY,
    TOWN_DISCIPLINE,
)
from tests.forgeries.deeds import (
    OTHER_DIGEST,
    adopt,
    confirm,
    confirm_whole,
    propose,
    submitted,
    waiting,
)
from tests.forgeries.forging import (
    REPLAY,
    Forge,
    Forger,
    Forgery,
    Kind,
)

# Confirmations


def _row(name: str, fault: str, forge: Forge, *keys: str) -> Forgery:
    return Forgery(Kind.CONFIRMATION, name, fault, forge, keys)


def _told(name: str, code: str, forge: Forge, *keys: str) -> Forgery:
    return Forgery(Kind.CONFIRMATION, name, REPLAY, forge, keys, code)


def _by(officer: str, name: str) -> Forge:
    """An officer, or somebody in their name, confirms a delivery that has a name."""
    return lambda one: confirm_whole(one, officer, one.marks[name])


def _other_rows(**changes: object) -> Forge:
    """What takes effect is not what was delivered."""

    def forge(one: Forger) -> int:
        confirm(one, DISCIPLINE, one.marks["county"])
        parts = waiting(one, one.marks["county"])
        return submitted(one, *[{**part, **changes} for part in parts])

    return forge


def _one_more(one: Forger) -> int:
    confirm(one, DISCIPLINE, one.marks["county"])
    (part,) = waiting(one, one.marks["county"])
    return submitted(one, part, part)


def _unconfirmed(one: Forger) -> int:
    return submitted(one, *waiting(one, one.marks["county"]))


def _turned(one: Forger) -> int:
    """The decline after the checkpoint is made a confirmation."""
    return one.change(one.marks["decline"], verdict="confirm")


def _turned_to_another(one: Forger) -> int:
    """What was signed about one delivery is put under another."""
    was = one.at(one.marks["confirmation"])
    named = {name: was[name] for name in ("officer", "key", "envelope", "verdict")}
    return one.append("confirmed", of=one.marks["county"], **named)


def _of_another_cycle(one: Forger) -> int:
    return confirm(one, DISCIPLINE, one.marks["county"], changes={"cycle": OTHER_DIGEST})


def _no_reason(one: Forger) -> int:
    return confirm(one, DISCIPLINE, one.marks["county"], DECLINE)


def _declined_from_below(one: Forger) -> int:
    reason = {"reason": OTHER_DIGEST}
    return confirm(one, DISCIPLINE, one.marks["city"], DECLINE, reason)


CONFIRMATIONS = [
    _row("in an officer's name", "signature", _by(DISCIPLINE, "county")),
    _row("of what one delivered oneself", "signature", _by(LIAISON, "county"), LIAISON),
    _row("of a colleague's delivery", "signature", _by(CITY_LIAISON, "city"), CITY_LIAISON),
    _row("with a key that one organ vouched for", "signature", _by(KEYLESS, "county"), KEYLESS),
    _row("with a key that nobody vouched for", "signature", _by(SECOND, "county"), SECOND),
    _row("with a key that is revoked", "signature", _by(LEAVER, "county"), LEAVER),
    _row("of what was confirmed", "signature", _by(DISCIPLINE, "confirmed"), DISCIPLINE),
    _row("of what was declined", "signature", _by(DISCIPLINE, "declined"), DISCIPLINE),
    _row("of a deliverer whose key is revoked", "signature", _by(DISCIPLINE, "revoked"),
         DISCIPLINE),
    _row("of what waits for nobody", "signature",
         lambda one: confirm(one, DISCIPLINE, one.latest("delivered")["seq"]), DISCIPLINE),
    _row("without what was delivered", "signature",
         lambda one: confirm(one, DISCIPLINE, one.marks["county"]), DISCIPLINE),
    _row("with other rows", "signature", _other_rows(blob=OTHER_DIGEST), DISCIPLINE),
    _row("with rows of another deliverer", "signature", _other_rows(officer=SECRETARY), DISCIPLINE),
    _row("with something more", "signature", _one_more, DISCIPLINE),
    _row("for another cycle", "signature", _of_another_cycle, DISCIPLINE),
    _row("declined without a reason", "signature", _no_reason, DISCIPLINE),
    _row("that nobody gave", "signature", _unconfirmed),
    _row("that was a decline", "signature", _turned),
    _row("that was of another delivery", "signature", _turned_to_another),
    _told("under another id of the deliverer's", "own-delivery", _by(SECRETARY, "twin"), SECRETARY),
    _told("of one's own row", "rows-about-self", _by(CITY_DISCIPLINE, "own row"), CITY_DISCIPLINE),
    _told("of another's row that becomes one's own", "rows-about-self",
          _by(SECRETARY, "becomes own"), SECRETARY),
    _told("of one's own second id that becomes another's", "rows-about-self",
          _by(CITY_SECRETARY, "was own"), CITY_SECRETARY),
    _told("of one's own kinship, taken away", "rows-about-self", _by(KIN, "own kin"), KIN),
    _told("from below", "not-above", _by(DISCIPLINE, "city"), DISCIPLINE),
    _told("from a township", "not-above", _by(TOWN_DISCIPLINE, "county"), TOWN_DISCIPLINE),
    _told("from another county", "not-above", _by(NEIGHBOUR, "county"), NEIGHBOUR),
    _told("in another office by now", "role-changed", _by(CITY_CONTROLLER, "county"),
          CITY_CONTROLLER),
    _told("by somebody who left", "unknown-officer", _by(KIN_BACK, "county"), KIN_BACK),
    _told("though delivered again", "overtaken", _by(DISCIPLINE, "overtaken"), DISCIPLINE),
    _told("declined from below", "not-above", _declined_from_below, DISCIPLINE),
]  # fmt: skip


# Adoptions


def _pack(name: str, fault: str, forge: Forge, *keys: str, code: str = "") -> Forgery:
    return Forgery(Kind.ADOPTION, name, fault, forge, keys, code)


def _adopted(officer: str, name: str = "pack", **content: str) -> Forge:
    """An officer, or somebody in their name, adopts a proposal that has a name."""
    return lambda one: adopt(one, officer, one.marks[name], instead=content)


def _said(**changes: str) -> Forge:
    """What is signed is of something else."""
    return lambda one: adopt(one, CITY_DISCIPLINE, one.marks["pack"], changes)


def _proposed(officer: str, content: Callable[[], bytes] = weaker, starts: str = "") -> Forge:
    return lambda one: propose(one, officer, content(), starts)


def _other_pack(one: Forger) -> int:
    other = one.keep(weaker() + b"\n\n")
    return adopt(one, CITY_DISCIPLINE, one.marks["pack"], instead={"policy": other})


def _both(one: Forger) -> int:
    return adopt(one, CITY_SECRETARY, propose(one, CITY_SECRETARY, weaker() + b"\n\n"))


def _of_a_delivery(one: Forger) -> int:
    pack = one.at(one.marks["pack"])
    proposed = {name: str(pack[name]) for name in ("pack", "policy", "starts")}
    return adopt(one, CITY_DISCIPLINE, one.latest("delivered")["seq"], instead=proposed)


def _again(one: Forger) -> int:
    """The pack in force is proposed once more."""
    policy = one.latest("pack-adopted")["policy"]
    file = one.home.blobs / policy[:2] / policy[2:]
    return propose(one, CITY_SECRETARY, file.read_bytes())


def _made_an_adoption(one: Forger) -> int:
    """The proposal after the checkpoint is made the second signature of the one before."""
    before, seq = one.at(one.marks["pack"]), one.marks["colleague's pack"]
    changes = {name: before[name] for name in ("pack", "policy", "starts")}
    return one.change(seq, kind="pack-adopted", of=before["seq"], **changes)


def _of_another_pack(one: Forger) -> int:
    seq = one.marks["colleague's pack"]
    return one.change(seq, policy=one.at(one.marks["pack"])["policy"])


def _ended() -> bytes:
    """A pack whose days hold no session."""
    return weaker().replace(b"_to = 2017-", b"_to = 2016-")


ADOPTIONS = [
    _pack("in an officer's name", "signature", _adopted(CITY_DISCIPLINE)),
    _pack("by who proposed it", "signature", _adopted(CITY_SECRETARY), CITY_SECRETARY),
    _pack("proposed and adopted by one", "signature", _both, CITY_SECRETARY),
    _pack("by a colleague of who proposed it", "signature",
          _adopted(CITY_CONTROLLER, "colleague's pack"), CITY_CONTROLLER),
    _pack("by an organ that the pack does not name", "decision", _adopted(CITY_UNITED_FRONT),
          CITY_UNITED_FRONT),
    _pack("by a county", "decision", _adopted(DISCIPLINE), DISCIPLINE),
    _pack("proposed by a county", "decision", _proposed(DISCIPLINE), DISCIPLINE),
    _pack("with a key that one organ vouched for", "signature", _adopted(KEYLESS), KEYLESS),
    _pack("with a key that is revoked", "signature", _adopted(LEAVER), LEAVER),
    _pack("of what was proposed under the pack before", "signature",
          _adopted(CITY_DISCIPLINE, "overtaken pack"), CITY_DISCIPLINE),
    _pack("of another pack than was proposed", "signature",
          _other_pack,
          CITY_DISCIPLINE),
    _pack("from another day than was proposed", "signature",
          _adopted(CITY_DISCIPLINE, starts="2017-06-01"), CITY_DISCIPLINE),
    _pack("under another name than was proposed", "signature",
          _adopted(CITY_DISCIPLINE, pack="cn-2021"), CITY_DISCIPLINE),
    _pack("of what is no proposal", "signature", _of_a_delivery, CITY_DISCIPLINE),
    _pack("for another cycle", "signature", _said(cycle=OTHER_DIGEST), CITY_DISCIPLINE),
    _pack("under another pack than the one in force", "signature", _said(policy=OTHER_DIGEST),
          CITY_DISCIPLINE),
    _pack("signed as a proposal", "signature", _said(act="propose"), CITY_DISCIPLINE),
    _pack("proposed for a day that has passed", "signature",
          _proposed(CITY_SECRETARY, starts="2016-01-01"), CITY_SECRETARY),
    _pack("proposed though it is in force", "signature", _again, CITY_SECRETARY),
    _pack("that was a proposal of another pack", "signature", _made_an_adoption),
    _pack("proposed, and turned to another pack", "signature", _of_another_pack),
    _pack("by one person under two ids", REPLAY, _adopted(CITY_TWIN), CITY_TWIN,
          code="own-proposal"),
    _pack("in another office by now", REPLAY, _adopted(CITY_CONTROLLER), CITY_CONTROLLER,
          code="role-changed"),
    _pack("proposed in another office by now", REPLAY, _proposed(CITY_CONTROLLER), CITY_CONTROLLER,
          code="role-changed"),
    _pack("proposed, which another organ proposed", REPLAY, _proposed(CITY_DISCIPLINE),
          CITY_DISCIPLINE, code="own-proposal"),
    _pack("proposed, whose days do not hold the sessions", REPLAY,
          _proposed(CITY_SECRETARY, _ended), CITY_SECRETARY, code="pack-not-valid"),
    _pack("proposed, that nobody can read", REPLAY,
          _proposed(CITY_SECRETARY, lambda: b"format = 4"), CITY_SECRETARY, code="stumbled"),
]  # fmt: skip

ROWS = [*CONFIRMATIONS, *ADOPTIONS]
