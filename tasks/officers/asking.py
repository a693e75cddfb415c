"""Whether an officer's act would be taken now, and if not why: what taking asks, asked beforehand.

Rules: the functions that take acts give the answer, and no other ones. They judge an act that is
really sealed, by a key that was made for the question and stands for the officer's own in a copy of
the keys and nowhere else. Nothing of it is recorded, no refused attempt either, and nobody who
takes an act believes the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from typing import NoReturn

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.acts import CONFIRM, DECLINE, Gate, Key
from data.days import utc_now
from data.history import History
from data.ledger import Transaction
from schemas.entries import Entry, Waived
from schemas.envelopes import key_id, raw_public
from schemas.refusals import ActRefused
from schemas.vocabulary import Stage
from tasks.gate.approvals import NOT_IN_FORCE, Authority, same_words
from tasks.gate.snapshot import Snapshot
from tasks.intake import confirming
from tasks.officers import keys, ruling, signing, waiving
from tasks.officers.recording import Recorder, Taken
from tasks.officers.signatories import Signatory

# A reason is not judged, but that there is one.
REASON = "?"
# What is said about the gates of a unit at a stage.
Authorities = Callable[[str, Stage], Authority]


class _WouldBeTaken(Exception):
    """Nothing is left but to record it."""


@cache
def _stand_in() -> Ed25519PrivateKey:
    """A key of nobody's, made once in a process; what it signs is never recorded."""
    return Ed25519PrivateKey.generate()


class _Judging(Recorder):
    """What takes an officer's acts, on a snapshot of the whole cycle, and records none of them."""

    def __init__(self, whole: Snapshot, mine: Key, authorities: Authorities) -> None:
        self.home, self.ledger, self.clock = whole.home, whole.ledger, utc_now
        self._authorities = authorities
        public = raw_public(_stand_in())
        keys = whole.history.acts.keys.beside(replace(mine, name=key_id(public), public=public))
        acts = replace(whole.history.acts, keys=keys)
        self._whole = replace(whole, history=replace(whole.history, acts=acts))

    @property
    def history(self) -> History:
        return self._whole.history

    @property
    def whole(self) -> Snapshot:
        return self._whole

    @property
    def on(self) -> date:
        return self._whole.on

    def authority(self, scope: str, stage: Stage) -> Authority:
        return self._authorities(scope, stage)

    def entry(self, number: int) -> Entry:
        return self.ledger.entry(number)

    def take(self, attempt: Callable[[], Taken]) -> Taken:
        return attempt()

    def follow(self) -> None:
        """The snapshot stays what it is."""

    def keep(self, reason: str) -> None:
        """No reason was given."""

    @contextmanager
    def writing(self, *gates: Gate) -> Iterator[Transaction]:
        raise _WouldBeTaken
        yield

    def refuse(
        self, act: str, code: str, officer: str, unit: str = "", stage: str = ""
    ) -> NoReturn:
        raise ActRefused(code)


class Judge:
    """Why the officer of a key cannot do something now: a code, empty where it would be taken.

    `whole` is a snapshot of the whole cycle; `authorities` gives what is said about a unit's gate.

    Raises:
        SnapshotRefused: there is no such unit; so does each question.
        BlobError: a blob is missing or was changed.
    """

    def __init__(self, whole: Snapshot, mine: Key, authorities: Authorities) -> None:
        self._judging = _Judging(whole, mine, authorities)
        self._who = Signatory(mine.officer, _stand_in())

    def _asked(self, act: Callable[[], object]) -> str:
        try:
            act()
        except _WouldBeTaken:
            return ""
        except ActRefused as refused:
            return refused.code
        raise AssertionError("an act that was only asked about was recorded")

    def sign(self, unit: str, stage: Stage) -> str:
        """Sign a gate open."""
        return self._asked(lambda: signing.sign(self._judging, unit, stage, self._who))

    def refuse(self, unit: str, stage: Stage, reason: str = REASON) -> str:
        """Refuse to."""
        return self._asked(lambda: signing.refuse(self._judging, unit, stage, self._who, reason))

    def withdraw(self, seq: int) -> str:
        """Take back an act of one's own."""
        return self._asked(lambda: signing.withdraw(self._judging, seq, self._who))

    def waive(
        self, of: tuple[str, str, str], until: date | None = None, reason: str = REASON
    ) -> str:
        """Waive for a unit a check of a subject, until a day: today, if none is given."""
        wanted = waiving.Wanted(*of, until or self._judging.on)
        return self._asked(lambda: waiving.waive(self._judging, wanted, reason, self._who))

    def join_waiver(self, seq: int) -> str:
        """Sign another officer's waiver too."""
        return self._asked(lambda: waiving.join_waiver(self._judging, seq, self._who))

    def rule(self, objection: int, verdict: ruling.Verdict, reason: str = REASON) -> str:
        """Rule on an objection."""
        return self._asked(
            lambda: ruling.rule(self._judging, objection, verdict, self._who, reason)
        )

    def lift(self, seq: int, reason: str = REASON) -> str:
        """Lift another officer's refusal."""
        return self._asked(lambda: ruling.lift(self._judging, seq, self._who, reason))

    def waivers_to_join(self) -> list[Waived]:
        """Waivers that lack signatures, of which this officer can give one: each by its first."""
        found: list[Waived] = []
        for (unit, stage), acts in self._judging.history.acts.gates.items():
            given = [act for act in acts if isinstance(act, Waived)]
            if not given:
                continue
            void = self._judging.authority(unit, Stage(stage)).waivers(unit)[1]
            lacking = [act for act in given if void.get(act.seq) == NOT_IN_FORCE]
            found += [group[0] for group in same_words(lacking)]
        return [one for one in found if not self.join_waiver(one.seq)]

    def vouch(self, officer: str, key: str) -> str:
        """Vouch for a key that an officer enrolled."""
        return self._asked(lambda: keys.vouch(self._judging, officer, key, self._who))

    def revoke(self, officer: str, reason: str = REASON) -> str:
        """Revoke an officer's key."""
        return self._asked(lambda: keys.revoke(self._judging, officer, self._who, reason))

    def confirm(self, seq: int) -> str:
        """Confirm a delivery that says who is who."""
        return self._asked(lambda: confirming.confirm(self._judging, seq, CONFIRM, self._who))

    def decline(self, seq: int, reason: str = REASON) -> str:
        """Decline one."""
        return self._asked(
            lambda: confirming.confirm(self._judging, seq, DECLINE, self._who, reason)
        )
