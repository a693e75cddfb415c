"""Who uses the desk: whoever proves to hold an officer's active key, until they are idle.

Rules: signing in is a signed challenge that is good once, for a minute, for this desk alone; a
session ends after some idle time, or at once when its key is no longer the officer's current one.
The server sees neither a private key nor a passphrase. Sessions stand in this process's memory: an
address in front of several desks keeps a browser at one of them.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from data.acts import Key, Keyring
from schemas.canonical import canonical, digest
from schemas.envelopes import Enveloped, EnvelopeError, opened
from schemas.refusals import ActRefused

SESSION = "urn:termgate:session:1"
CHALLENGE_SECONDS = 60.0
IDLE_SECONDS = 20 * 60.0
# So many may be open at once; the oldest give way.
CHALLENGES, SESSIONS = 1_000, 10_000

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in; `token` is what their pages send along with what they change."""

    officer: str
    key: str
    public: bytes
    token: str


@dataclass(frozen=True, slots=True)
class _Held:
    session: Session
    used: float


class Sessions:
    """The challenges and sessions of a desk under `origin`; `clock` gives seconds."""

    def __init__(self, cycle: str, origin: str, clock: Clock) -> None:
        self._cycle = cycle
        self._origin = origin
        self._clock = clock
        # Requests are answered in threads of their own.
        self._lock = threading.Lock()
        self._challenges: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._held: OrderedDict[str, _Held] = OrderedDict()

    def challenge(self, officer: str) -> bytes:
        """What an officer signs to sign in: the payload of an envelope."""
        made = secrets.token_hex(32)
        with self._lock:
            self._challenges[made] = (officer, self._clock())
            while len(self._challenges) > CHALLENGES:
                self._challenges.popitem(last=False)
        return self._payload(officer, made)

    def _payload(self, officer: str, challenge: str) -> bytes:
        # No statement has this type, so that nothing which is signed here is an act.
        return canonical(
            {
                "_type": SESSION,
                "cycle": self._cycle,
                "origin": self._origin,
                "officer": officer,
                "challenge": challenge,
            }
        )

    def open(self, officer: str, challenge: str, envelope: Enveloped, keys: Keyring) -> str:
        """Open a session; returns what the browser keeps as its cookie.

        Raises:
            ActRefused: the challenge was not given to this officer, was used or is too old, or the
                officer's current key did not sign it.
        """
        with self._lock:
            known, given = self._challenges.pop(challenge, ("", 0.0))
        if known != officer or self._clock() - given > CHALLENGE_SECONDS:
            raise ActRefused("challenge")
        key = keys.of(officer)
        if key is None:
            raise ActRefused("no-key", officer)
        try:
            payload = opened(envelope, [key.public])
        except EnvelopeError:
            raise ActRefused("other-key", officer) from None
        if payload != self._payload(officer, challenge):
            raise ActRefused("challenge")
        return self._keep(key)

    def _keep(self, key: Key) -> str:
        cookie = secrets.token_urlsafe(32)
        made = Session(key.officer, key.name, key.public, secrets.token_urlsafe(32))
        with self._lock:
            self._held[digest(cookie.encode())] = _Held(made, self._clock())
            while len(self._held) > SESSIONS:
                self._held.popitem(last=False)
        return cookie

    def of(self, cookie: str, keys: Keyring) -> Session | None:
        """The session of a cookie; none where it ended."""
        name = digest(cookie.encode())
        with self._lock:
            held = self._held.pop(name, None)
            if held is None:
                return None
            key = keys.of(held.session.officer)
            idle = self._clock() - held.used > IDLE_SECONDS
            if idle or key is None or key.name != held.session.key:
                return None
            # The last used are the last to give way.
            self._held[name] = _Held(held.session, self._clock())
            return held.session

    def end(self, cookie: str) -> None:
        """End a session."""
        with self._lock:
            self._held.pop(digest(cookie.encode()), None)
