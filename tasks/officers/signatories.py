"""Who acts, with a key at hand or with what they signed elsewhere; it is loaded in a moment.

Rules: whoever has the private key signs what is put before them; whoever signed elsewhere brings
the envelope, and it is taken for exactly what was signed there, and for nothing else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, Literal, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.acts import Keyring
from data.days import Clock
from schemas.envelopes import (
    Enveloped,
    EnvelopeError,
    key_id,
    opened,
    payload_of,
    public_text,
    raw_public,
    sealed,
)
from schemas.refusals import ActRefused
from schemas.statements import (
    Delivery,
    KeyAct,
    Statement,
    StatementError,
    parse_statement,
    statement,
)
from tasks.officers.validity import Holder

Deed = Literal["enrol", "vouch", "rotate", "revoke"]
# A signature made on another machine may be this far from our clock.
CLOCKS_DIFFER = timedelta(days=1)


class Identified(Protocol):
    """An officer, and the id of the key by which they act or acted."""

    @property
    def officer(self) -> str:
        """The officer's id."""

    @property
    def key(self) -> str:
        """The id of the key."""


class Principal(ABC):
    """Who acts, and by which key; `at` is the moment that what they sign names, if not now."""

    officer: str
    at: str = ""
    # The digests of what they signed already: the workbooks of rejected rows.
    rejected: frozenset[str] = frozenset()
    # The digest of what they were shown that a delivery replaces; empty where they were not.
    replaces: str = ""

    @property
    @abstractmethod
    def public(self) -> bytes:
        """The raw public key."""

    @abstractmethod
    def seal(self, payload: bytes) -> dict[str, Any]:
        """The envelope of a statement's payload, signed by the key."""

    @property
    def key(self) -> str:
        """The id of the key."""
        return key_id(self.public)

    @property
    def said(self) -> Statement | None:
        """What they signed already and bring."""
        return None


@dataclass(frozen=True)
class Signatory(Principal):
    """Who acts, with the private key that they brought."""

    officer: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The raw public key."""
        return raw_public(self.private)

    def seal(self, payload: bytes) -> dict[str, Any]:
        """The envelope of a statement's payload, signed here."""
        return sealed(payload, self.private)


class ToSign(Exception):
    """An act that would be taken as things stand, and whose statement is still to be signed."""

    def __init__(self, payload: bytes) -> None:
        super().__init__()
        self.payload = payload


@dataclass(frozen=True)
class RemoteSigner(Principal):
    """Who acts with a private key that never comes here: a browser's.

    Without an `envelope` an act is judged, nothing of it is recorded, and `ToSign` brings the
    statement that is to be shown and signed. With one, the act is judged anew and recorded only if
    the envelope holds exactly the statement that would be made now, of the moment `at`.
    """

    officer: str
    held: bytes
    at: str
    envelope: Enveloped | None = None
    rejected: frozenset[str] = frozenset()
    replaces: str = ""

    @property
    def public(self) -> bytes:
        """The raw public key."""
        return self.held

    @property
    def said(self) -> Statement | None:
        """The statement in the envelope that was brought; nothing where there is none."""
        try:
            return parse_statement(payload_of(self.envelope)) if self.envelope else None
        except (EnvelopeError, StatementError):
            return None

    def seal(self, payload: bytes) -> dict[str, Any]:
        """The envelope that was brought.

        Raises:
            ToSign: none was.
            ActRefused: it is of another statement, or not by this key.
        """
        if self.envelope is None:
            raise ToSign(payload)
        try:
            if opened(self.envelope, [self.held]) == payload:
                return dict(self.envelope)
        except EnvelopeError:
            raise ActRefused("envelope") from None
        raise ActRefused("other-statement")


def brought(ring: Keyring, officer: str, envelope: Enveloped) -> RemoteSigner:
    """Who signed a delivery elsewhere and brings the envelope, with a key that is on record.

    Raises:
        ActRefused: it is no envelope of a delivery, or its key is none of the officer's.
    """
    try:
        said = parse_statement(payload_of(envelope)).predicate
        (line,) = envelope["signatures"]
    except (EnvelopeError, StatementError, ValueError) as error:
        raise ActRefused("envelope", officer) from error
    if not isinstance(said, Delivery):
        raise ActRefused("other-act", officer)
    key = ring.keys.get(line["keyid"])
    if key is None or key.officer != officer:
        raise ActRefused("other-key", officer)
    rejected = frozenset(one.quarantine for one in said.registers if one.quarantine)
    return RemoteSigner(officer, key.public, said.time, envelope, rejected)


def moment(clock: Clock) -> str:
    """A moment as it stands in statements."""
    return clock().astimezone(UTC).isoformat(timespec="microseconds")


def key_statement(
    cycle: str, time: str, act: Deed, holder: Holder, key: tuple[str, bytes], by: str, **rest: str
) -> bytes:
    """What is signed of a key: `by` whom, and `rest` for a reason and the key before it."""
    officer, public = key
    predicate = KeyAct(
        cycle=cycle,
        officer=officer,
        organ=holder.organ,
        jurisdiction=holder.jurisdiction,
        reason=rest.get("reason", ""),
        time=time,
        act=act,
        public=public_text(public),
        previous=rest.get("previous", ""),
        by=by,
    )
    return statement(predicate, key_id(public)).payload()


def enrolment(
    cycle: str, who: Principal, holder: Holder, time: str
) -> tuple[bytes, dict[str, Any]]:
    """What an officer signs who enrols their key, and what its entry says."""
    public = who.public
    payload = key_statement(cycle, time, "enrol", holder, (who.officer, public), who.officer)
    return payload, {
        "officer": who.officer,
        "organ": holder.organ,
        "jurisdiction": holder.jurisdiction,
        "key": who.key,
        "public": public_text(public),
        "envelope": who.seal(payload),
    }
