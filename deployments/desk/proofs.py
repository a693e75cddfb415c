"""Proofs that somebody kept, looked at at the desk: receipts and checkpoints.

Rules: a receipt is held against itself and against the keys of this cycle, a checkpoint against
its entries; nothing of them is kept.
"""

from __future__ import annotations

from data.checkpoints import Checkpoint, is_checkpoint, is_complete, own_checkpoint, read_log
from data.history import keyring
from data.home import Home
from data.ledger import Ledger
from data.receipts import is_receipt, verify_receipt
from deployments.receipts import proven
from schemas.notes import VerifierKey
from schemas.text import Refusal, Text, comma_separated, plural
from tasks.intake.kinds import kind_of


class NoProof(Refusal):
    """A file that does not even say that it is a receipt or a checkpoint."""

    def __init__(self, content: bytes) -> None:
        kind = kind_of(content) if content else Text("空文件", "an empty file")
        kind = kind or Text("别的文件", "a file of another kind")
        super().__init__(
            Text(
                f"这是{kind.zh.strip()}，不是回执或存证点。回执在已通过的关口页面上下载（.receipt），"
                "存证点由 termgate audit checkpoint 生成；记录包用 docs/verify_bundle.py 校验",
                f"this is {kind.en.rstrip(',')}, neither a receipt nor a checkpoint. Receipts are "
                "taken away on the page of an open gate (.receipt), checkpoints made by `termgate "
                "audit checkpoint`; a bundle is verified by docs/verify_bundle.py",
            )
        )


class OtherCycle(Refusal):
    """A receipt of another cycle, whose officers are not those of this one."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "这是另一次换届的回执；请在那次换届的办理台校验，"
                "或用 termgate audit verify --receipt",
                "it is a receipt of another cycle; have it verified at the desk of that one, or by "
                "`termgate audit verify --receipt`",
            )
        )


def looked_at(home: Home, content: bytes) -> str:
    """What a receipt or a checkpoint proves, and who of this cycle signed it.

    Raises:
        NoProof: the file is neither of them.
        OtherCycle: the receipt is of another cycle.
        ReceiptBroken: the receipt does not hold, or nobody of this cycle signed it.
        CheckpointRefused: the checkpoint is not of this ledger, or a signature does not hold.
        LedgerBroken: the ledger does not hold.
    """
    if is_checkpoint(content):
        return _checkpoint(home, content)
    if not is_receipt(content):
        raise NoProof(content)
    return _receipt(home, content)


def _receipt(home: Home, content: bytes) -> str:
    ledger = Ledger(home.ledger)
    if verify_receipt(content).checkpoint.cycle != ledger.cycle():
        raise OtherCycle
    keys = keyring(ledger).keys.values()
    known = [VerifierKey(key.officer, key.public).text() for key in keys if not key.revoked]
    held = verify_receipt(content, known)
    names = [key.partition("+")[0] for key in held.trusted]
    signers = Text("；存证点由以下人员签字：", "; its checkpoint is signed by ").render()
    return proven(held) + signers + comma_separated(names).render()


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
    names = comma_separated(held.signers).render()
    if not complete:
        return Text(
            f"由{names}签字，还须另一机关签字", f"signed by {names}; another organ has to sign"
        ).render()
    count = len(held.signers)
    return Text(
        f"由{names}签字，共{count}人，至少两个机关",
        f"signed by {names}: {plural(count, 'officer')} of two organs or more",
    ).render()
