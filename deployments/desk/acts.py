"""What officers do at the desk, as their browsers send it.

Rules: an act is sent twice. First without an envelope: it is judged, nothing is recorded, and the
answer is the statement that it would put on record. The browser shows exactly that statement, signs
it with a key that never leaves it, and sends the same act with the envelope: it is judged anew and
recorded only if the statement would be the same. What is not exactly such a message is none.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from data.acts import CONFIRM, DECLINE
from deployments.desk.guarding import LARGEST_BODY, LARGEST_FILE
from deployments.desk.known import Known
from deployments.desk.sessions import Session
from deployments.desk.sheets import Sheet
from deployments.warnings import before_revoking, before_withdrawing
from schemas.envelopes import payload_digest, payload_of, public_bytes
from schemas.refusals import ActRefused
from schemas.statements import Moment, Name, Public, Subject
from schemas.vocabulary import Stage
from tasks.intake import accept, confirming
from tasks.intake.replacing import replaced_digest
from tasks.officers import keys, ruling, signing, waiving
from tasks.officers.asking import Judge
from tasks.officers.recording import Recorder
from tasks.officers.signatories import Principal, RemoteSigner, ToSign
from tasks.officers.waiving import Wanted

Reason = Annotated[str, Field(max_length=2_000)]
Entry = Annotated[int, Field(ge=1)]
GateStage = Annotated[Stage, Field(strict=False)]


class Act(BaseModel):
    """An act: its moment and envelope are empty where the statement is only asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    # How many bytes it takes at most.
    largest: ClassVar[int] = LARGEST_BODY

    at: Moment | None = None
    envelope: dict[str, Any] | None = None

    @abstractmethod
    def give(self, recorder: Recorder, who: Principal) -> int:
        """Judge and record it; returns the number of its entry.

        Raises:
            ToSign: the statement is still to be signed.
            ActRefused: it is not taken.
        """

    def fault(self, judge: Judge) -> str:
        """Why it would not be taken now, as far as that is known before it is signed."""
        return ""

    def warnings(self, known: Known) -> Iterable[str]:
        """What it would take away, shown before it is signed."""
        return ()

    def by(self, session: Session | None, now: str) -> RemoteSigner:
        """Who gives it, with what they brought; `session` is that of who signed in.

        Raises:
            ActRefused: nobody did.
        """
        if session is None:
            raise ActRefused("no-key")
        return RemoteSigner(session.officer, session.public, self.at or now, self.envelope)


class _OnGate(Act):
    unit: Name
    stage: GateStage


class Sign(_OnGate):
    """Sign a gate open."""

    def fault(self, judge: Judge) -> str:
        """As `tasks.officers.asking.Judge.sign`."""
        return judge.sign(self.unit, self.stage)

    def give(self, recorder: Recorder, who: Principal) -> int:
        """As `signing.sign`."""
        return signing.sign(recorder, self.unit, self.stage, who)


class Refuse(_OnGate):
    """Refuse to sign a gate."""

    reason: Reason

    def fault(self, judge: Judge) -> str:
        """As `tasks.officers.asking.Judge.refuse`."""
        return judge.refuse(self.unit, self.stage, self.reason)

    def give(self, recorder: Recorder, who: Principal) -> int:
        """As `signing.refuse`."""
        return signing.refuse(recorder, self.unit, self.stage, who, self.reason)


class Withdraw(Act):
    """Take back an own act."""

    seq: Entry
    reason: Reason

    def fault(self, judge: Judge) -> str:
        """As `tasks.officers.asking.Judge.withdraw`."""
        return judge.withdraw(self.seq)

    def warnings(self, known: Known) -> Iterable[str]:
        """The gates that it would close."""
        act = known.history.acts.at(self.seq)
        return before_withdrawing(known.facts, act) if act else ()

    def give(self, recorder: Recorder, who: Principal) -> int:
        """As `signing.withdraw`."""
        return signing.withdraw(recorder, self.seq, who, self.reason)


class Waive(Act):
    """Except a subject from a check until a day."""

    unit: Name
    check: Annotated[str, Field(pattern=r"^[a-z]+\.[a-z-]+$")]
    subject: Subject
    until: date
    reason: Reason

    def fault(self, judge: Judge) -> str:
        """As `tasks.officers.asking.Judge.waive`."""
        of = self.unit, self.check, self.subject
        return judge.waive(of, self.until, self.reason)

    def give(self, recorder: Recorder, who: Principal) -> int:
        """As `waiving.waive`."""
        wanted = Wanted(self.unit, self.check, self.subject, self.until)
        return waiving.waive(recorder, wanted, self.reason, who)


class JoinWaiver(Act):
    """Sign the waiver that another officer signed."""

    seq: Entry

    def fault(self, judge: Judge) -> str:
        """As `tasks.officers.asking.Judge.join_waiver`."""
        return judge.join_waiver(self.seq)

    def give(self, recorder: Recorder, who: Principal) -> int:
        """As `waiving.join_waiver`."""
        return waiving.join_waiver(recorder, self.seq, who)


class Rule(Act):
    """Rule on an objection."""

    seq: Entry
    verdict: Literal["reject", "reopen"]
    reason: Reason

    def fault(self, judge: Judge) -> str:
        """As `tasks.officers.asking.Judge.rule`."""
        return judge.rule(self.seq, self.verdict, self.reason)

    def give(self, recorder: Recorder, who: Principal) -> int:
        """As `ruling.rule`."""
        return ruling.rule(recorder, self.seq, self.verdict, who, self.reason)


class Lift(Act):
    """Lift another officer's refusal."""

    seq: Entry
    reason: Reason

    def fault(self, judge: Judge) -> str:
        """As `tasks.officers.asking.Judge.lift`."""
        return judge.lift(self.seq, self.reason)

    def give(self, recorder: Recorder, who: Principal) -> int:
        """As `ruling.lift`."""
        return ruling.lift(recorder, self.seq, who, self.reason)


class Confirm(Act):
    """Confirm a delivery that says who is who."""

    seq: Entry

    def fault(self, judge: Judge) -> str:
        """As `tasks.officers.asking.Judge.confirm`."""
        return judge.confirm(self.seq)

    def give(self, recorder: Recorder, who: Principal) -> int:
        """As `confirming.confirm`."""
        return confirming.confirm(recorder, self.seq, CONFIRM, who)


class Decline(Act):
    """Decline such a delivery."""

    seq: Entry
    reason: Reason

    def fault(self, judge: Judge) -> str:
        """As `tasks.officers.asking.Judge.decline`."""
        return judge.decline(self.seq, self.reason)

    def give(self, recorder: Recorder, who: Principal) -> int:
        """As `confirming.confirm`."""
        return confirming.confirm(recorder, self.seq, DECLINE, who, self.reason)


class Vouch(Act):
    """Vouch for a key that another officer enrolled."""

    officer: Name
    key: Name

    def fault(self, judge: Judge) -> str:
        """As `tasks.officers.asking.Judge.vouch`."""
        return judge.vouch(self.officer, self.key)

    def give(self, recorder: Recorder, who: Principal) -> int:
        """As `keys.vouch`."""
        return keys.vouch(recorder, self.officer, self.key, who)


class Revoke(Act):
    """Revoke a key."""

    officer: Name
    reason: Reason

    def fault(self, judge: Judge) -> str:
        """As `tasks.officers.asking.Judge.revoke`."""
        return judge.revoke(self.officer, self.reason)

    def warnings(self, known: Known) -> Iterable[str]:
        """The signatures, gates and results that it would take away."""
        key = known.keys.of(self.officer)
        return before_revoking(known.facts, key) if key else ()

    def give(self, recorder: Recorder, who: Principal) -> int:
        """As `keys.revoke`."""
        return keys.revoke(recorder, self.officer, who, self.reason)


class Deliver(Act):
    """Deliver a file."""

    largest = LARGEST_FILE
    sheet: Sheet
    # The digest of what it was shown to replace.
    replaces: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""

    def by(self, session: Session | None, now: str) -> RemoteSigner:
        """Who gives it, with what they were shown."""
        return replace(super().by(session, now), replaces=self.replaces)

    def give(self, recorder: Recorder, who: Principal) -> int:
        """As `accept.submit`; what was shown stands in the envelope."""
        sheet, home = self.sheet, recorder.home
        if self.envelope is None:
            # Nothing is written for who only asks: not the rows that would come back, either.
            tried = sheet.tried(home, who.officer, lambda: datetime.fromisoformat(who.at))
            if not tried.to_sign:
                raise ActRefused("no-key", who.officer)
            if self.replaces not in ("", replaced_digest(tried.replaced)):
                raise ActRefused("other-delivery", who.officer)
            raise ToSign(tried.to_sign)
        with sheet.on_disk() as path:
            if sheet.goes_to:
                accept.submit(home, sheet.goes_to, path, who, withdraw=sheet.withdraw)
            else:
                accept.submit_file(home, path, who)
        name = payload_digest(payload_of(self.envelope))
        (found,) = recorder.ledger.query("SELECT seq FROM acts WHERE payload = ?", name)
        return int(found[0])


class Enrol(Act):
    """Enrol an own key, by whoever has none that signs."""

    officer: Name
    public: Public

    def by(self, _: Session | None, now: str) -> RemoteSigner:
        """Who gives it: whoever holds the key that is enrolled."""
        return RemoteSigner(self.officer, public_bytes(self.public), self.at or now, self.envelope)

    def give(self, recorder: Recorder, who: Principal) -> int:
        """As `keys.enrol`."""
        return keys.enrol(recorder, who)


# By the name under which they are sent; all but the last are of somebody who signed in.
ACTS: dict[str, type[Act]] = {
    "sign": Sign,
    "refuse": Refuse,
    "withdraw": Withdraw,
    "waive": Waive,
    "join-waiver": JoinWaiver,
    "rule": Rule,
    "lift": Lift,
    "confirm": Confirm,
    "decline": Decline,
    "vouch": Vouch,
    "revoke": Revoke,
    "deliver": Deliver,
    "enrol": Enrol,
}
