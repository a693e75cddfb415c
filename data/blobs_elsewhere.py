"""Blobs in an object store or on another machine, through fsspec.

Rules: what was written is read back before anybody relies on it; nothing is remembered between
calls, so that forked processes share no connection; an error of a driver goes by its kind alone,
since its words may quote keys.
"""

from __future__ import annotations

from typing import Any

import fsspec

from data.blobs import BlobAddress, BlobsAway
from schemas.text import Refusal, Text

# What must be installed for an address, beyond what comes along.
EXTRAS = {"s3": "termgate[s3]", "s3a": "termgate[s3]"}


class Elsewhere:
    """Blobs below an address."""

    def __init__(self, address: BlobAddress) -> None:
        self._address = address
        self._system(address.protocol)

    def _system(self, protocol: str) -> None:
        try:
            fsspec.get_filesystem_class(protocol)
        except (ImportError, ValueError):
            needed = EXTRAS.get(protocol)
            raise Refusal(
                Text(
                    f"TERMGATE_BLOBS：没有安装 {protocol}:// 的驱动；"
                    + (f"运行 pip install '{needed}'" if needed else "安装对应的 fsspec 驱动"),
                    f"TERMGATE_BLOBS: nothing installed knows {protocol}://; "
                    + (f"run pip install '{needed}'" if needed else "install its fsspec driver"),
                )
            ) from None

    def _at(self, name: str) -> tuple[Any, str]:
        system, root = fsspec.core.url_to_fs(self._address.secret)
        return system, f"{root.rstrip('/')}/{name[:2]}/{name[2:]}"

    def read(self, name: str) -> bytes:
        """What stands under a name."""
        try:
            system, path = self._at(name)
            return bytes(system.cat_file(path))
        except FileNotFoundError:
            raise
        except Exception as error:
            raise self._away(name, error) from None

    def write(self, name: str, content: bytes) -> None:
        """Keep bytes, all or none of them, before it returns."""
        try:
            system, path = self._at(name)
            if not system.async_impl:
                # Object stores have no folders, and would make a bucket.
                system.makedirs(path.rpartition("/")[0], exist_ok=True)
            system.pipe_file(path, content)
            kept = bytes(system.cat_file(path))
        except Exception as error:
            raise self._away(name, error) from None
        if kept != content:
            raise BlobsAway(name, repr(self._address), "it keeps something else")

    def _away(self, name: str, error: Exception) -> BlobsAway:
        return BlobsAway(name, repr(self._address), type(error).__name__)
