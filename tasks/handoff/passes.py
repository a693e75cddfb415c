"""Hand-offs that passed validation, remembered by what was validated: one validation for each.

Rules: only a pass is remembered, of the rows of one unit; its key names everything that the pass
follows from: the expectations, their code and the releases that evaluate them, the columns with
their types, and every cell. No expectation compares rows of two units, so that a unit passes alone
as it passes among others. From one process to the next a pass is kept in a folder that only this
user can read or write, never where the ledger is; a folder or file of which anything is otherwise
is as good as none, and the hand-off is validated again.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex

import pandas as pd

from data.memory import Memory
from data.version import code_version
from schemas.canonical import canonical, cells_digests, digest
from schemas.handoffs import HANDOFFS
from schemas.vocabulary import Stage

FILE = "passes"
MOST = 1 << 17  # that are remembered, so that neither file nor memory grows for ever
_KEY = re.compile(rb"[0-9a-f]{64}")
_EVALUATED_BY = ("great_expectations", "pandas", "numpy")

PASSED: Memory[str, bool] = Memory(MOST)


@lru_cache(maxsize=len(Stage))
def suite_digest(stage: Stage) -> str:
    """What a pass follows from besides the rows: expectations, code, and releases of libraries."""
    handoff = HANDOFFS[stage]
    expected = [[one.code, one.kind, dict(one.arguments)] for one in handoff.expectations]
    releases = [[name, version(name)] for name in _EVALUATED_BY]
    return digest(canonical([code_version(), releases, stage.value, list(handoff.key), expected]))


def _cells(column: pd.Series) -> list[object]:
    """Cells to be hashed: text as it stands in a column of text, elsewhere with what it is."""
    found: list[object] = column.astype(object).where(column.notna(), None).tolist()
    if column.dtype == "str":
        return found
    return [None if one is None else f"{type(one).__name__} {one}" for one in found]


def keys_of(stage: Stage, frame: pd.DataFrame) -> dict[str, str]:
    """Unit → the key of its rows in a hand-off frame, whatever their order."""
    columns = [[name, str(kind)] for name, kind in frame.dtypes.items()]
    cells = zip(*(_cells(frame[name]) for name in frame.columns), strict=True)
    hashed = cells_digests(stage.value, list(frame.columns), cells)
    rows: dict[str, list[str]] = {}
    for unit, row in zip(frame["unit"].tolist(), hashed, strict=True):
        if isinstance(unit, str):
            rows.setdefault(unit, []).append(row)
    head = digest(canonical([suite_digest(stage), columns]))
    return {unit: digest(canonical([head, *sorted(own)])) for unit, own in rows.items()}


# The folder


@contextmanager
def _private(folder: Path) -> Iterator[int]:
    """The folder's descriptor.

    Raises:
        OSError: it is not there, or not this user's alone.
    """
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _refuse_others(os.fstat(opened))
        yield opened
    finally:
        os.close(opened)


def _refuse_others(found: os.stat_result) -> None:
    """Refuse what is not this user's alone.

    Raises:
        PermissionError: somebody else owns it, or may read or write it.
    """
    if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise PermissionError


def _content(folder: int) -> bytes:
    # A pipe would be waited for.
    opened = os.open(FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    with os.fdopen(opened, "rb") as file:
        found = os.fstat(file.fileno())
        _refuse_others(found)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
            raise PermissionError
        return file.read()


def _keys_in(content: bytes) -> dict[str, None]:
    """The keys of a file, oldest first; none where it is not whole."""
    head, _, body = content.partition(b"\n")
    lines = body.splitlines()
    if head != digest(body).encode() or not all(map(_KEY.fullmatch, lines)):
        return {}
    return dict.fromkeys(line.decode() for line in lines)


def kept_in(folder: Path) -> dict[str, None]:
    """The keys that an earlier process of this user kept there, oldest first."""
    try:
        with _private(folder) as opened:
            return _keys_in(_content(opened))
    except OSError:
        return {}


def keep_in(folder: Path, fresh: Iterable[str]) -> None:
    """Keep keys there for later processes; the file is replaced whole.

    What cannot be kept is validated again.
    """
    with suppress(OSError):
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        every = [*kept_in(folder), *fresh][-MOST:]
        body = "".join(f"{key}\n" for key in every).encode()
        with _private(folder) as opened:
            _replace(opened, digest(body).encode() + b"\n" + body)


def _replace(folder: int, content: bytes) -> None:
    name = f".{token_hex(8)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    opened = os.open(name, flags, 0o600, dir_fd=folder)
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(content)
        os.replace(name, FILE, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        os.unlink(name, dir_fd=folder)
        raise


# What is remembered


def passed(keys: Mapping[str, str], folder: Path | None) -> set[str]:
    """Of units with their keys those that passed before: in this process, or as `folder` says."""
    known = {unit for unit, key in keys.items() if PASSED.get(key)}
    if folder is None or len(known) == len(keys):
        return known
    kept = kept_in(folder)
    return known | {unit for unit, key in keys.items() if key in kept}


def remember(keys: Collection[str], folder: Path | None) -> None:
    """Remember keys that passed, in this process and in `folder`."""
    for key in keys:
        PASSED.keep(key, True)
    if folder is not None and keys:
        keep_in(folder, keys)
