"""Entries about facts: opening, deliveries, units; and about time: checkpoints, reminders."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any

from schemas import words
from schemas.encodings import from_base64
from schemas.entries.base import (
    Day,
    Digest,
    DigestOrNone,
    Entry,
    Envelope,
    Founders,
    Mode,
    Numbers,
    StageName,
    Texts,
    read_confirmation,
)
from schemas.entries.signed import SignedAct
from schemas.text import Text, comma_separated, plural


@dataclass(frozen=True, slots=True)
class Opened(Entry):
    """The first entry: the cycle, under which pack, from which book, and who decides.

    `record` is the scheme of its entries, `evidence` that of the cycle's evidence digests;
    `evaluator` is the id of the key that signs decisions, `public` its raw bytes in base64.
    `founders` are the first officers, of two organs or more, whose keys are in force once they are
    enrolled, with nobody to vouch. In a `historical` cycle, one that is put on record after it was,
    acts and deliveries are of the days that they are given. In a `trial` one person holds
    everybody's keys.
    """

    kind = "opened"
    label = Text("开始换届", "cycle opened")

    pack: str
    policy: Digest
    book: Digest
    founders: Founders
    record: str
    evidence: str
    evaluator: Digest
    public: str
    historical: bool
    trial: bool

    @property
    def line(self) -> Text:
        """The policy pack, and that the cycle is a trial, or historical, if it is."""
        named = [Text(f"规则包 {self.pack}", f"policy pack {self.pack}")]
        named += [words.HISTORICAL] * self.historical + [words.TRIAL] * self.trial
        return words.joined(named)

    @property
    def blobs(self) -> list[str]:
        """The policy pack."""
        return [self.policy]


@dataclass(frozen=True, slots=True)
class Delivered(SignedAct, Entry):
    """An officer signed what the `submitted` entries that follow say."""

    kind = "delivered"
    label = Text("报送签字", "signed delivery")
    roles = (("officer", "submitter"),)

    officer: str
    key: Digest
    envelope: Envelope

    @property
    def line(self) -> Text:
        """Who."""
        return Text(f"{self.officer} 签字报送", f"delivered and signed by {self.officer}")


@dataclass(frozen=True, slots=True)
class Proposed(SignedAct, Entry):
    """An officer signed a delivery that says who is who: it waits for a confirmation.

    `accepted`, `rejected` and `readings` are those of each register in turn, as they will stand in
    the `submitted` entries that follow its confirmation.
    """

    kind = "proposed"
    label = Text("待确认的报送", "delivery to be confirmed")
    roles = (("officer", "submitter"),)
    announced = ("officer",)

    officer: str
    key: Digest
    envelope: Envelope
    accepted: Numbers
    rejected: Numbers
    readings: Numbers

    @property
    def parts(self) -> list[dict[str, Any]]:
        """What was signed of each register: its name, and digests of file and rows."""
        shown = json.loads(from_base64(self.envelope["payload"]))
        found: list[dict[str, Any]] = shown["predicate"]["registers"]
        return found

    @property
    def registers(self) -> list[str]:
        """The registers that it speaks of, in their order."""
        return [str(one["register"]) for one in self.parts]

    @property
    def submissions(self) -> list[Submitted]:
        """What it has for each register, as it will stand on record once it is confirmed."""
        counts = zip(self.accepted, self.rejected, self.readings, strict=True)
        return [
            Submitted(
                self.seq, self.prev, self.at, self.on, one["register"], one["mode"], one["rows"],
                *counted, one["quarantine"], one["mapping"], one["source"], self.officer,
                self.payload,
            )
            for one, counted in zip(self.parts, counts, strict=True)
        ]  # fmt: skip

    @property
    def line(self) -> Text:
        """Which registers, by whom."""
        named = comma_separated(map(words.register_name, dict.fromkeys(self.registers)))
        return Text(
            f"{self.officer} 签字报送，待另一机关确认：{named.zh}",
            f"delivered and signed by {self.officer}, waits for another organ to confirm it: "
            f"{named.en}",
        )

    @property
    def blobs(self) -> list[str]:
        """The rows, those that were rejected, and the map."""
        return [name for one in self.submissions for name in one.blobs]


@dataclass(frozen=True, slots=True)
class Confirmed(SignedAct, Entry):
    """An officer of another organ confirms the delivery of the entry `of`, or declines it.

    What it has for each register follows a confirmation as `submitted` entries.
    """

    kind = "confirmed"
    label = Text("报送确认", "confirmation")
    roles = (("officer", "confirmer"),)
    announced = ("of", "verdict")

    officer: str
    key: Digest
    envelope: Envelope
    of: int
    verdict: Annotated[str, read_confirmation]

    @property
    def line(self) -> Text:
        """Which delivery, and what became of it."""
        verdict = words.named(words.CONFIRMATIONS, self.verdict)
        return Text(
            f"{self.officer} 对记录第{self.of}号报送：{verdict.zh}",
            f"delivery {self.of} {verdict.en} by {self.officer}",
        )


@dataclass(frozen=True, slots=True)
class Submitted(Entry):
    """What a delivery has for a register, or withdraws; `blob` is None where none was taken.

    `officer` is who signed the delivery, `delivery` the digest of what they signed.
    `mapping` is the map by which people's own sheets were read, None where they were read without.
    `readings` counts what was read although it was not in its plain form, or left out.
    """

    kind = "submitted"
    label = Text("报送", "submission")
    roles = (("officer", "submitter"),)
    announced = ("register", "mode", "accepted", "rejected")

    register: str
    mode: Mode
    blob: DigestOrNone
    accepted: int
    rejected: int
    readings: int
    quarantine: DigestOrNone
    mapping: DigestOrNone
    source: Digest
    officer: str
    delivery: Digest

    @property
    def of_register(self) -> str:
        """The register."""
        return self.register

    @property
    def line(self) -> Text:
        """The register, how many rows, by whom."""
        register, mode = words.register_name(self.register), words.named(words.MODES, self.mode)
        took, left = self.accepted, self.rejected
        return Text(
            f"{register.zh}：{mode.zh}，接收{took}行，退回{left}行（{self.officer}）",
            f"{register.en}: {mode.en}, {plural(took, 'row')} accepted, {left} rejected "
            f"({self.officer})",
        )

    @property
    def blobs(self) -> list[str]:
        """The rows, those that were rejected, and the map."""
        return [name for name in (self.blob, self.quarantine, self.mapping) if name]


@dataclass(frozen=True, slots=True)
class Listed(Entry):
    """The units of the cycle from here on: how many, and the digest of their table.

    `places` is a blob: of each unit its level and body, its place and those above.
    """

    kind = "listed"
    label = Text("单位清单", "list of units")

    units: int
    digest: Digest
    places: Digest

    @property
    def line(self) -> Text:
        """How many units."""
        return Text(f"共{self.units}个单位", plural(self.units, "unit"))

    @property
    def blobs(self) -> list[str]:
        """Where each unit stands."""
        return [self.places]


@dataclass(frozen=True, slots=True)
class Checkpointed(Entry):
    """A checkpoint over the first `size` entries, as organs signed it."""

    kind = "checkpointed"
    label = Text("存证点", "checkpoint")
    roles = (("signers", "signer"),)

    size: int
    root: Digest
    note: str
    signers: Texts

    @property
    def line(self) -> Text:
        """How many entries it covers, and how many signed."""
        return Text(
            f"覆盖{self.size}条，{len(self.signers)}人签字",
            f"{plural(self.size, 'entry', 'entries')}, signed by {len(self.signers)}",
        )


@dataclass(frozen=True, slots=True)
class Reminded(Entry):
    """A deadline that was reminded of; `unit` is empty where it is a place's."""

    kind = "reminded"
    label = Text("期限提醒", "reminder")
    announced = ("unit", "stage", "deadline", "due")

    deadline: str
    jurisdiction: str
    unit: str
    stage: StageName
    subject: str
    due: Day

    @property
    def of_unit(self) -> str:
        """The unit."""
        return self.unit

    @property
    def of_stage(self) -> str:
        """The stage."""
        return self.stage

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What it reminds of: each such thing is on record once."""
        return self.deadline, self.unit or self.jurisdiction, self.subject, self.due

    @property
    def line(self) -> Text:
        """Which deadline, and when it is."""
        what = words.deadline_name(self.deadline)
        return Text(
            f"{what.zh}，期限 {self.due}（{self.subject}）",
            f"{what.en}, due {self.due} ({self.subject})",
        )
