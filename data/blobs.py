"""The blob store: immutable bytes under the SHA-256 of their content.

Rules: a blob is complete or absent, and on record only once it is kept; what is read is hashed
again, so a changed or deleted blob is an error that names it and never an empty answer. A store
that does not answer is told apart from a blob that is not there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from schemas.canonical import digest
from schemas.text import Refusal, Text, Unanswered


class BlobError(Refusal):
    """A blob that is not there or not what its name says."""

    def __init__(self, name: str, *, missing: bool) -> None:
        self.name = name
        self.missing = missing
        super().__init__(
            Text(f"原始数据文件 {name} 不存在或无法读取，相关关口暂停；请从备份恢复",
                 f"blob {name} is missing or unreadable, gates stay closed; restore a backup")
            if missing
            else Text(f"原始数据文件 {name} 的内容已被改动，相关关口暂停；请从备份恢复",
                      f"blob {name} was changed, its gates stay closed; restore it from a backup")
        )  # fmt: skip


class BlobsAway(Unanswered):
    """The store of the blobs does not answer; whether it keeps a blob is not known."""

    def __init__(self, name: str, where: str, why: str) -> None:
        self.name = name
        super().__init__(
            Text(
                f"原始数据文件 {name}：{where} 没有应答（{why}），没有写入任何内容；"
                f"恢复后再运行一次",
                f"blob {name}: {where} does not answer ({why}); nothing was written, run it again "
                "once this is mended",
            )
        )


class BlobAddress:
    """An address that fsspec knows, such as `s3://bucket/prefix`; printed without who logs in."""

    def __init__(self, url: str) -> None:
        protocol, mark, rest = url.partition("://")
        if not (mark and protocol and rest):
            raise Refusal(
                Text(
                    "TERMGATE_BLOBS 不是可用的地址；应如 s3://桶/前缀 或 file:///目录",
                    "TERMGATE_BLOBS is no address; expected one such as s3://bucket/prefix or "
                    "file:///folder",
                )
            )
        self.secret = url.rstrip("/")
        self.protocol = protocol

    @property
    def folder(self) -> Path | None:
        """The folder that a `file:` address means."""
        return Path(self.secret.removeprefix("file://")) if self.protocol == "file" else None

    def __repr__(self) -> str:
        rest = self.secret.partition("://")[2]
        return f"{self.protocol}://{rest.rpartition('@')[2].partition('?')[0]}"


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
    settle(path.parent)


def settle(folder: Path) -> None:
    """Names that were given or taken away in a folder are on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_absent(path: Path) -> None:
    """Refuse to write over what stands.

    Raises:
        Refusal: something does, and be it a link to nowhere.
    """
    if os.path.lexists(path):
        raise Refusal(
            Text(
                f"{path}：已经存在，不予覆盖；换一个名称",
                f"{path}: exists already and is not written over; choose another name",
            )
        )


class Store(Protocol):
    """Where bytes are kept under names."""

    def read(self, name: str) -> bytes:
        """What stands under a name.

        Raises:
            FileNotFoundError, OSError: nothing that can be read does.
            BlobsAway: the store does not answer.
        """
        ...

    def write(self, name: str, content: bytes) -> None:
        """Keep bytes, all or none of them, before it returns."""
        ...


class Folder:
    """One file for each blob, spread over 256 subfolders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where the blob of that digest stands."""
        return self.folder / name[:2] / name[2:]

    def read(self, name: str) -> bytes:
        """What stands under a name."""
        return self.path(name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """Keep bytes, all or none of them, before it returns."""
        write_durably(self.path(name), content)


class Beside:
    """A store with some bytes beside those that it keeps; nothing is written to it."""

    def __init__(self, store: Store, contents: Iterable[bytes]) -> None:
        self._store = store
        self._contents = {digest(one): one for one in contents}

    def read(self, name: str) -> bytes:
        """What stands under a name."""
        return self._contents[name] if name in self._contents else self._store.read(name)

    def write(self, name: str, content: bytes) -> None:
        """Refuse to keep anything."""
        raise PermissionError(name)


class BlobStore:
    """Blobs in a folder, or wherever an address points that fsspec knows.

    `beside` are bytes that are read as if they were kept there, and are not.
    """

    def __init__(self, place: Path | BlobAddress, beside: Iterable[bytes] = ()) -> None:
        store = store_at(place)
        self._store = Beside(store, contents) if (contents := list(beside)) else store

    def put(self, content: bytes) -> str:
        """Keep `content`; returns its digest.

        Raises:
            BlobsAway: the store does not answer, and nothing is kept.
        """
        name = digest(content)
        if not self._keeps(name):
            self._store.write(name, content)
        return name

    def _keeps(self, name: str) -> bool:
        try:
            return digest(self._store.read(name)) == name
        except OSError:
            return False

    def get(self, name: str) -> bytes:
        """The bytes of a blob.

        Raises:
            BlobError: it is missing, or its content does not have this digest.
            BlobsAway: the store does not answer.
        """
        try:
            content = self._store.read(name)
        except OSError:
            raise BlobError(name, missing=True) from None
        if digest(content) != name:
            raise BlobError(name, missing=False)
        return content


def store_at(place: Path | BlobAddress) -> Store:
    """The store at a place; what only an address needs is loaded for an address."""
    if isinstance(place, Path):
        return Folder(place)
    if place.folder is not None:
        return Folder(place.folder)
    from data.blobs_elsewhere import Elsewhere

    return Elsewhere(place)
