"""The command `audit checkpoint`: the state of the ledger, signed by officers, for others to keep.

Rules: a file that is not there is made and covers the whole ledger; one that is there gets one more
signature; once officers of two organs have signed it, it goes on record too. What counts is that
it is kept where nobody who runs the ledger can change it.
"""

from __future__ import annotations

from pathlib import Path

from data.blobs import write_durably
from data.checkpoints import (
    CheckpointRefused,
    file_checkpoint,
    new_checkpoint,
    sign_checkpoint,
)
from data.home import Home
from deployments.app import By
from deployments.exits import DONE
from deployments.officers import private_key
from deployments.show import as_json, console
from schemas.text import Text

# Why a checkpoint that was signed is not filed, without anything being wrong.
_NOT_FILED = frozenset({"incomplete", "filed"})


def checkpoint(home: Home, file: Path, by: By, *, json: bool) -> int:
    """Make or sign a checkpoint, and file it when it is complete."""
    private = private_key(by.key, by.passphrase_file)
    content = file.read_bytes() if file.exists() else new_checkpoint(home).text().encode()
    signed = sign_checkpoint(home, content, by.officer, private)
    write_durably(file, signed.text().encode())
    seq = None
    try:
        seq = file_checkpoint(home, signed.text().encode())
    except CheckpointRefused as refused:
        if refused.code not in _NOT_FILED:
            raise
    if json:
        as_json(
            {
                "size": signed.size,
                "root": signed.root.hex(),
                "signers": list(signed.signers),
                "seq": seq,
            }
        )
    else:
        _print(file, signed.size, len(signed.signers), seq)
    return DONE


def _print(file: Path, size: int, signers: int, seq: int | None) -> None:
    made = Text(
        f"检查点 {file}：覆盖留痕{size}条，已有{signers}人签名",
        f"checkpoint {file}: {size} entries, signed by {signers}",
    )
    rest = Text(
        "；须有两个机关签名：请另一机关的经办人用同一命令签名",
        "; officers of two organs must sign: have one of another organ run the same command",
    )
    if seq is not None:
        rest = Text(f"；已登记（留痕第{seq}条）", f"; on record (ledger entry {seq})")
    elif signers > 1:
        rest = Text("", "")
    keep = Text(
        "请把文件保存在留痕管理者改不了的地方",
        "keep the file where nobody who runs the ledger can change it",
    )
    console().print(f"{made.render()}{rest.render()}", markup=False, soft_wrap=True)
    console().print(keep.render())
