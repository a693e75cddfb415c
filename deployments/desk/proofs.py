"""Proofs that somebody kept, looked at at the desk: receipts and checkpoints.

Rules: a receipt is held against itself and against the keys of this cycle, a checkpoint against
its entries; nothing of them is kept.
"""

from __future__ import annotations

from data.checkpoints import Checkpoint, is_checkpoint, is_complete, own_checkpoint, read_log
from data.history import keyring
from data.home import Home
from data.ledger import Ledger
from data.receipts import verify_receipt
from deployments.receipts import proven
from schemas.notes import VerifierKey
from schemas.text import Text, plural

COMMA = Text("、", ", ")


def looked_at(home: Home, content: bytes) -> str:
    """What a receipt or a checkpoint proves, and who of this cycle signed it.

    Raises:
        ReceiptBroken: the receipt does not hold, or nobody of this cycle signed it.
        CheckpointRefused: the checkpoint is not of this ledger, or a signature does not hold.
        LedgerBroken: the ledger does not hold.
    """
    return _checkpoint(home, content) if is_checkpoint(content) else _receipt(home, content)


def _receipt(home: Home, content: bytes) -> str:
    keys = keyring(Ledger(home.ledger)).keys.values()
    known = [VerifierKey(key.officer, key.public).text() for key in keys if not key.revoked]
    held = verify_receipt(content, known)
    names = [key.partition("+")[0] for key in held.trusted]
    signers = Text("；存证点由以下人员签字：", "; its checkpoint is signed by ").render()
    return proven(held) + signers + COMMA.render().join(names)


def _checkpoint(home: Home, content: bytes) -> str:
    log = read_log(Ledger(home.ledger))
    held = own_checkpoint(content, log)
    return _covers(held) + _signed(held, complete=is_complete(held, log.keys))


def _covers(held: Checkpoint) -> str:
    return Text(
        f"存证点与记录相符：记录第1号至第{held.size}号未被改写；",
        f"the checkpoint is of this ledger: entries 1 to {held.size} were not rewritten; ",
    ).render()


def _signed(held: Checkpoint, *, complete: bool) -> str:
    if not held.signers:
        return Text("无人签字，什么也证明不了", "nobody signed it: it proves nothing").render()
    names = COMMA.render().join(held.signers)
    if not complete:
        return Text(
            f"由{names}签字，还须另一机关签字", f"signed by {names}; another organ has to sign"
        ).render()
    count = len(held.signers)
    return Text(
        f"由{names}签字，共{count}人，至少两个机关",
        f"signed by {names}: {plural(count, 'officer')} of two organs or more",
    ).render()
