"""The command `audit checkpoint`: the state of the ledger, signed by officers, for others to keep.

Rules: a file that is not there is made and covers the whole ledger; one that is there gets one more
signature; once officers of two organs, who are two people, have signed it, it goes on record too.
What counts is that it is kept where nobody who runs the ledger can change it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from data.blobs import write_durably
from data.checkpoints import CheckpointRefused, new_checkpoint
from data.home import named_home
from deployments.app import By, HomeOption, JsonOption, _
from deployments.passphrase import private_key
from deployments.show import Answer, Line
from schemas.text import plural
from tasks import checkpointing

# Why a checkpoint that was signed is not filed, without anything being wrong.
_NOT_FILED = frozenset({"incomplete", "filed"})


def audit_checkpoint(
    file: Annotated[
        Path, Parameter(help=_("存证点文件，没有时生成", "the checkpoint; made where it is absent"))
    ],
    /,
    *,
    by: By,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Make or sign a checkpoint, and file it when it is complete."""
    opened = named_home(home).opened()
    private = private_key(by.key, by.passphrase_file)
    content = file.read_bytes() if file.exists() else new_checkpoint(opened).text().encode()
    signed = checkpointing.sign(opened, content, by.officer, private)
    write_durably(file, signed.text().encode())
    seq = None
    try:
        seq = checkpointing.file(opened, signed.text().encode(), by.day)
    except CheckpointRefused as refused:
        if refused.code not in _NOT_FILED:
            raise
    value = {
        "size": signed.size,
        "root": signed.root.hex(),
        "signers": list(signed.signers),
        "seq": seq,
    }
    keep = _(
        "请把文件保存在记录库管理者改不了的地方",
        "keep the file where nobody who runs the ledger can change it",
    )
    made = _made(file, signed.size, len(signed.signers), seq)
    return Answer(value, [Line(made), keep]).give(json=json)


def _made(file: Path, size: int, signers: int, seq: int | None) -> str:
    made = _(
        f"存证点 {file}：覆盖记录{size}条，已有{signers}人签字",
        f"checkpoint {file}: {plural(size, 'entry', 'entries')}, signed by {signers}",
    )
    if seq is not None:
        return made + _(f"；已登记（记录第{seq}号）", f"; on record (ledger entry {seq})")
    if signers > 1:
        return made
    return made + _(
        "；须有两个机关签字：请另一机关的责任人员用同一命令签字",
        "; officers of two organs must sign: have one of another organ run the same command",
    )
