"""The days of the main job: what is delivered and mended, decided, signed, and printed of it.

Rules: everything goes the way of the commands `submit`, `confirm`, `run` and `sign --ready`; a day
ends when nothing is left that anybody could sign. Who signs gates delivers nothing.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from data.acts import CONFIRM
from data.blobs import write_durably
from data.home import Home
from data.ledger import Ledger
from deployments.demo_officers import Made, sign_stage
from deployments.demo_story import View, delivered_line, story, view
from deployments.embedded import code_of, run_flow
from deployments.exits import FAULT
from deployments.show import console
from schemas.decisions import closing_checks, waits_for_signatures
from schemas.vocabulary import STAGES, Stage
from tasks.closed import closed_entries
from tasks.intake.accept import Receipt, submit, submit_file
from tasks.intake.confirming import confirm, confirm_fault
from tasks.officers.recording import Recorder
from tasks.officers.signatories import Signatory

REFERENCE = Path(__file__).parent.parent / "data" / "reference"


class Days:
    """The days of a cycle, one after the other."""

    def __init__(
        self,
        home: Home,
        officers: Sequence[Signatory],
        made: Made,
        cycle: Mapping[str, Any],
    ) -> None:
        """`cycle` says who delivers, for what each day is launched, and when faults are mended."""
        self.home = home
        self.signatures = 0
        self._officers = officers
        self._made = made
        self._cycle = cycle
        self._before = View.empty()
        self._evenings: dict[str, dict[str, dict[str, str]]] = {}

    def deliver(self, day: date) -> list[Receipt]:
        """Deliver the day's workbook, if there is one, and have it confirmed where it has to be."""
        book = REFERENCE / "days" / f"{day}.xlsx"
        if not book.exists():
            return []
        receipts = submit_file(self.home, book, self._made.of(self._cycle["by"]), day=day)
        self._confirm(receipts[0].waits, day)
        return receipts

    def _confirm(self, seq: int | None, day: date) -> None:
        """Have a delivery that waits confirmed by the first officer who may."""
        if seq is not None:
            recorder = Recorder(self.home, day=day)
            waiting = recorder.history.waiting[seq]
            able = (
                one for one in self._officers if not confirm_fault(recorder, waiting, CONFIRM, one)
            )
            confirm(recorder, seq, CONFIRM, next(able))

    def live(self, day: date, receipts: Sequence[Receipt]) -> None:
        """Mend what is mended that day, decide and sign until nothing is left, and print it."""
        started = time.perf_counter()
        mended = list(self._mended(day))
        signed = self._decided_and_signed(day)
        self.signatures += signed
        after = view(self.home)
        to = console()
        to.print(delivered_line(day, receipts, mended, time.perf_counter() - started))
        for line in story(self._before, after, signed):
            to.print(f"  {line}", soft_wrap=True)
        self._before = after
        self._evenings[day.isoformat()] = after.states()

    def keep(self) -> Path:
        """Write where every unit stood each evening beside the ledger, as JSON; the file."""
        path = self.home.path / "days.json"
        write_durably(path, json.dumps(self._evenings, indent=1).encode())
        return path

    def _mended(self, day: date) -> Iterator[str]:
        """The checks whose faults are mended that day."""
        for fault in self._cycle["faults"]:
            mend = fault["mend"]
            if mend["on"] == day.isoformat():
                receipt = submit(
                    self.home,
                    mend["register"],
                    REFERENCE / mend["file"],
                    self._made.of(mend["by"]),
                    withdraw=mend["withdraw"],
                    day=day,
                )
                self._confirm(receipt.waits, day)
                yield str(fault["check"])

    def _decided_and_signed(self, day: date) -> int:
        """Launch and sign until there is nothing left to sign; how many signatures.

        The last flow passes all earlier gates again: one launch decides every gate that is reached.
        """
        signed = 0
        while True:
            for scope in self._cycle["days"][day.isoformat()]:
                state, message = asyncio.run(run_flow("election", scope, day))
                if code_of(state) == FAULT:
                    raise RuntimeError(f"{state}: {message}")
            given = sum(sign_stage(self.home, one, self._officers) for one in self._ready())
            if not given:
                return signed
            signed += given

    def _ready(self) -> list[Stage]:
        """The stages of which a gate waits for signatures and for nothing else."""
        closed = closed_entries(Ledger(self.home.ledger)).values()
        waiting = {
            one.stage
            for one in closed
            if waits_for_signatures(closing_checks(one.findings), Stage(one.stage))
        }
        return [stage for stage in STAGES if stage.value in waiting]
