"""Runs and receipts at the desk: a stage is launched through Prefect, and a proof is looked at.

Rules: what Prefect's API answers opens nothing; a run is shown in Prefect's own pages. A receipt is
held against itself and against the keys of this cycle, and nothing of it is kept.
"""

from __future__ import annotations

from typing import Annotated

import httpx
from pydantic import BaseModel, ConfigDict, Field

from data.history import keyring
from data.home import Home
from data.ledger import Ledger
from data.receipts import verify_receipt
from deployments.asking import Api
from deployments.receipts import proven
from deployments.serving import record
from schemas.notes import VerifierKey
from schemas.text import Refusal, Text
from schemas.vocabulary import Work


class Launch(BaseModel):
    """A piece of work to be run for a scope: a place, a unit, or the whole cycle."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    work: Annotated[Work, Field(strict=False)]
    scope: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]


def launched(home: Home, wanted: Launch) -> str:
    """Launch a run, and give the address of its page.

    Raises:
        Refusal: no serve of this home runs, or it takes none.
    """
    served = record.read(home)
    if served is None:
        raise Refusal(
            Text(
                "没有为本次换届运行的 termgate serve，不能启动环节",
                "no `termgate serve` runs for this cycle, so that no stage can be launched",
            )
        )
    try:
        with Api(served) as api:
            run = api.launch(wanted.work.value, wanted.scope, None)
    except httpx.HTTPError as error:
        kind = type(error).__name__
        raise Refusal(
            Text(f"serve 没有接受这次运行（{kind}）", f"serve takes no run ({kind})")
        ) from None
    return f"{served.api.removesuffix('/api')}/runs/flow-run/{run}"


def looked_at(home: Home, content: bytes) -> str:
    """What a receipt proves, and whose keys of this cycle signed its checkpoint.

    Raises:
        ReceiptBroken: it does not hold, or nobody of this cycle signed it.
    """
    keys = keyring(Ledger(home.ledger)).keys.values()
    known = [VerifierKey(key.officer, key.public).text() for key in keys if not key.revoked]
    held = verify_receipt(content, known)
    names = [key.partition("+")[0] for key in held.trusted]
    signers = Text("；存证点由以下人员签字：", "; its checkpoint is signed by ").render()
    return proven(held) + signers + Text("、", ", ").render().join(names)
