"""The blob store: immutable bytes under the SHA-256 of their content.

Rules: a blob is complete or absent (written aside, flushed, renamed); what is read is hashed again,
so a changed or deleted blob is an error that names it and never an empty answer.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from schemas.canonical import digest
from schemas.text import Refusal, Text


class BlobError(Refusal):
    """A blob that is not there or not what its name says."""

    def __init__(self, name: str, *, missing: bool) -> None:
        self.name = name
        self.missing = missing
        super().__init__(
            Text(f"数据块 {name} 不存在或无法读取，相关关口保持关闭；请从备份恢复",
                 f"blob {name} is missing or unreadable, gates stay closed; restore a backup")
            if missing
            else Text(f"数据块 {name} 的内容已被改动，相关关口保持关闭；请从备份恢复",
                      f"blob {name} was changed, its gates stay closed; restore it from a backup")
        )  # fmt: skip


def write_durably(path: Path, content: bytes) -> None:
    """Write a file so that after a crash it is whole or absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).rename(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class BlobStore:
    """Blobs in a folder, one file each, spread over 256 subfolders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where the blob of that digest stands."""
        return self.folder / name[:2] / name[2:]

    def put(self, content: bytes) -> str:
        """Keep `content`; returns its digest."""
        name = digest(content)
        path = self.path(name)
        if not (path.is_file() and digest(path.read_bytes()) == name):
            write_durably(path, content)
        return name

    def get(self, name: str) -> bytes:
        """The bytes of a blob.

        Raises:
            BlobError: it is missing, or its content does not have this digest.
        """
        try:
            content = self.path(name).read_bytes()
        except OSError:
            raise BlobError(name, missing=True) from None
        if digest(content) != name:
            raise BlobError(name, missing=False)
        return content
