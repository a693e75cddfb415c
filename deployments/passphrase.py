"""Where the passphrase of a private key comes from.

Rules: `--passphrase-file` first, then `TERMGATE_PASSPHRASE`, then the terminal, which shows
nothing of it and asks twice when a key is made; never the command line, which everybody on the
machine can read. Where none is to be had, that is said and nothing is waited for.
"""

from __future__ import annotations

import getpass
import os
import stat
import termios
import warnings
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data.keyfiles import check_key, load_key
from schemas.text import Refusal, Text

VARIABLE = "TERMGATE_PASSPHRASE"
_LONGEST = 1024


class NoPassphrase(Refusal):
    """There is no passphrase, or none that can be used."""


def passphrase_for(key: Path, file: Path | None, *, new: bool = False) -> str:
    """The passphrase of the private key in `key`; `new`: of one that is about to be made.

    Raises:
        NoPassphrase: none is given and there is no terminal; the file is empty, has more than one
            line, or can be read by others; or the two that were typed differ.
    """
    if file is not None:
        return _from_file(file)
    given = os.environ.get(VARIABLE)
    if given:
        return given
    first = _asked(Text(f"{key} 的口令：", f"passphrase of {key}: "))
    if new and _asked(Text("再输入一次：", "once more: ")) != first:
        raise NoPassphrase(
            Text("两次输入的口令不同，请重来", "the two passphrases differ; start again")
        )
    return first


def _from_file(path: Path) -> str:
    with path.open("rb") as file:
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise NoPassphrase(
                Text(
                    f"{path}：其他人可以读写这个口令文件，不予使用；运行 chmod 600 {path}",
                    f"{path}: others may read or write this passphrase file and it is not used; "
                    f"run `chmod 600 {path}`",
                )
            )
        content = file.read(_LONGEST + 1)
    lines = content.splitlines()
    if len(lines) != 1 or not lines[0] or len(content) > _LONGEST:
        raise NoPassphrase(
            Text(
                f"{path}：口令文件应当只有一行口令",
                f"{path}: a passphrase file holds the passphrase as its only line",
            )
        )
    return lines[0].decode("utf-8", "surrogateescape")


def _asked(question: Text) -> str:
    try:
        with warnings.catch_warnings():
            # What cannot be typed unseen is not typed at all.
            warnings.simplefilter("error", getpass.GetPassWarning)
            given = getpass.getpass(question.render())
    except (getpass.GetPassWarning, termios.error, EOFError, OSError):
        given = ""
    if not given:
        raise NoPassphrase(
            Text(
                f"没有给出口令；用 --passphrase-file 或环境变量 {VARIABLE} 给出，或在终端输入",
                f"no passphrase was given; use --passphrase-file or {VARIABLE}, or type it at a "
                "terminal",
            )
        )
    return given


def private_key(file: Path, passphrase_file: Path | None) -> Ed25519PrivateKey:
    """The private key in a file; its passphrase is asked for only where it can be used."""
    check_key(file)
    return load_key(file, passphrase_for(file, passphrase_file))
