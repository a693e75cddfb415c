"""The policy packs that come with Termgate, and how a pack is found and read.

Rules: a pack is named by its id (`cn-2016`) or by the path of a TOML file; the bytes that a cycle
was opened with are kept as a blob, and only they decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from data.blobs import BlobStore
from data.ledger import Ledger
from schemas.authority import Deliverers, Requirement, Rulings
from schemas.authority_entries import deliverers_in, rulings_in, sign_offs_in
from schemas.pack_formats import tables_in, upgraded
from schemas.text import Text
from schemas.vocabulary import Stage

if TYPE_CHECKING:
    from schemas.policy import Pack

FOLDER = Path(__file__).parent


def bundled() -> list[str]:
    """The ids of the packs that come with Termgate."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def pack_bytes(pack: str) -> bytes:
    """The bytes of a bundled pack or of a file.

    Raises:
        PolicyRefused: there is no such pack.
    """
    path = FOLDER / f"{pack}.toml" if pack in bundled() else Path(pack)
    try:
        return path.read_bytes()
    except OSError:
        from schemas.policy import PolicyRefused

        known = "、".join(bundled())
        missing = Text(
            f"找不到；可用 {known}，或给出 TOML 文件的路径",
            f"not found; use {', '.join(bundled())} or the path of a TOML file",
        )
        raise PolicyRefused(pack, missing) from None


@lru_cache(maxsize=8)
def parsed(content: bytes, where: str) -> Pack:
    """A pack out of its bytes, each read once in a process."""
    from schemas.policy import parse_pack

    return parse_pack(content, where)


def read_pack(pack: str) -> Pack:
    """A pack by id or path, parsed and checked."""
    return parsed(pack_bytes(pack), pack)


def kept_pack(blobs: BlobStore, policy: str, name: str) -> Pack:
    """The pack `name` whose bytes were kept under the digest `policy`."""
    return parsed(blobs.get(policy), name)


def pack_of(ledger: Ledger, blobs: BlobStore) -> Pack:
    """The pack under which the cycle was opened, from the bytes that were kept."""
    opened = ledger.opened()
    return kept_pack(blobs, opened.policy, opened.pack)


@dataclass(frozen=True)
class Authorities:
    """Who delivers, signs gates and rules, as a pack says."""

    deliverers: tuple[Deliverers, ...]
    sign_offs: Mapping[Stage, tuple[Requirement, ...]]
    rulings: Rulings


@lru_cache(maxsize=8)
def _authorities(content: bytes) -> Authorities:
    tables, _ = upgraded(tables_in(content))
    return Authorities(deliverers_in(tables), sign_offs_in(tables), rulings_in(tables))


def authorities_of(ledger: Ledger, blobs: BlobStore) -> Authorities:
    """Who delivers, signs gates and rules in the cycle, read without the checks beside it."""
    return _authorities(blobs.get(ledger.opened().policy))
