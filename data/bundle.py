"""Bundles: a whole history in one file, for whoever verifies it elsewhere and trusts nobody.

Rules: docs/history.md, "The bundle". The same ledger gives the same bytes; the archive has no
freedom, and a file that differs from what its own members would be written as is none. It is read
without its checksums first, so that a changed byte of an entry is reported as that entry's.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.blobs import BlobStore, write_durably
from data.checkpoints import filed
from data.home import Home
from data.ledger import Ledger, LedgerBroken, typed_entry
from data.verify_chain import Head, verify_chain
from data.verify_ground import Ground, ground_of
from schemas.text import Refusal, Text

ENTRIES = "entries.txt"
HEAD = "head.txt"
_FIRST = [ENTRIES, HEAD]
_PACK = re.compile(r"packs/([0-9a-f]{64})\.toml")
_PLACES = re.compile(r"places/([0-9a-f]{64})\.json")
_NOTE = re.compile(r"checkpoints/([1-9][0-9]{0,14})\.txt")
_NUMBER = re.compile(rb"[1-9][0-9]{0,14}")
_HEAD = re.compile(rb"([1-9][0-9]{0,14}) ([0-9a-f]{64})\n")

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_FIRST_DAY = 0x0021
_VERSION = 20
_UNIX = 0x0300 | _VERSION
_MODE = 0o100644 << 16
_SIZE_AT, _NAME_AT = 18, 26

Row = tuple[int, str, bytes]
Member = tuple[str, bytes]
# What a line that is none stands for: it has no hash, so its place is reported as changed.
_NO_HASH = ""


class BundleError(ValueError):
    """A file that is no bundle."""


@dataclass(frozen=True)
class Bundle:
    """What a bundle holds; `notes` are its checkpoints with the sizes in their names.

    `ground` are the packs, and where units stand, by the digests in their names.
    """

    rows: list[Row]
    head: Head | None
    ground: Ground
    notes: list[tuple[int, bytes]]
    members: list[Member]

    def whole(self, content: bytes) -> bool:
        """Whether `content` is exactly what its members are written as."""
        return b"".join(_written(self.members)) == content


# Writing


def _written(members: Sequence[Member]) -> list[bytes]:
    """The parts of a stored archive."""
    parts: list[bytes] = []
    central: list[bytes] = []
    offset = 0
    for name, data in members:
        encoded = name.encode()
        about = (0, 0, 0, _FIRST_DAY, zlib.crc32(data), len(data), len(data), len(encoded), 0)
        parts += [_LOCAL.pack(b"PK\3\4", _VERSION, *about), encoded, data]
        header = _CENTRAL.pack(b"PK\1\2", _UNIX, _VERSION, *about, 0, 0, 0, _MODE, offset)
        central += [header, encoded]
        offset += _LOCAL.size + len(encoded) + len(data)
    size = sum(map(len, central))
    count = len(members)
    end = _END.pack(b"PK\5\6", 0, 0, count, count, size, offset, 0)
    return [*parts, *central, end]


def packed(
    rows: Iterable[Row], head: Head, ground: Ground, notes: Iterable[tuple[int, bytes]]
) -> bytes:
    """The bytes of a bundle.

    Raises:
        struct.error: it would be too large for its format.
    """
    lines = b"".join(b"%d %s %s\n" % (seq, name.encode(), body) for seq, name, body in rows)
    members = [
        (ENTRIES, lines),
        (HEAD, f"{head[0]} {head[1]}\n".encode()),
        *((f"packs/{name}.toml", content) for name, content in sorted(ground.packs.items())),
        *((f"places/{name}.json", content) for name, content in sorted(ground.places.items())),
        *((f"checkpoints/{size}.txt", note) for size, note in notes),
    ]
    return b"".join(_written(members))


def bundle_bytes(home: Home) -> tuple[bytes, int]:
    """The bundle of a ledger that holds, with the checkpoints on record; how many entries it has.

    Raises:
        LedgerBroken: the ledger does not hold.
        Refusal: it is too large for one file.
    """
    with Ledger(home.ledger).reading() as reader:
        heads = reader.query("SELECT seq, hash FROM head")
        rows = [
            (int(seq), str(name), bytes(body))
            for seq, name, body in reader.query("SELECT seq, hash, body FROM entries ORDER BY seq")
        ]
    contents, fault = verify_chain(rows, heads[0] if heads else None)
    if fault:
        raise LedgerBroken(fault.seq, fault.fault)
    ground = ground_of(contents, BlobStore(home.blobs))
    if fault := ground.fault(contents):
        raise LedgerBroken(fault.seq, fault.fault)
    notes = [(size, note.encode()) for size, note in filed(map(typed_entry, contents)).items()]
    try:
        content = packed(rows, heads[0], ground, notes)
    except struct.error:
        raise Refusal(
            Text(
                "记录超过 4 GiB 或存证点超过 65,533 个，不能导出为一个文件",
                "more than 4 GiB of entries or 65,533 checkpoints do not fit into one bundle",
            )
        ) from None
    return content, len(rows)


def export_bundle(home: Home, path: Path) -> int:
    """Write the bundle of a ledger; how many entries it has. It raises as `bundle_bytes` does."""
    content, entries = bundle_bytes(home)
    write_durably(path, content)
    return entries


# Reading


def _members(content: bytes) -> list[Member]:
    found: list[Member] = []
    place = 0
    while content[place : place + 4] == b"PK\3\4":
        if place + _LOCAL.size > len(content):
            raise BundleError("header")
        (size,) = struct.unpack_from("<I", content, place + _SIZE_AT)
        (length,) = struct.unpack_from("<H", content, place + _NAME_AT)
        start = place + _LOCAL.size + length
        end = start + size
        if end > len(content):
            raise BundleError("length")
        name = content[place + _LOCAL.size : start].decode("latin-1")
        found.append((name, content[start:end]))
        place = end
    return found


def _row(line: bytes, place: int) -> Row:
    parts = line.split(b" ", 2)
    if len(parts) < len(("number", "hash", "body")) or not _NUMBER.fullmatch(parts[0]):
        return place, _NO_HASH, b""
    return int(parts[0]), parts[1].decode("latin-1"), parts[2]


def _rows(data: bytes) -> list[Row]:
    lines = data.split(b"\n")
    rest = lines.pop()
    rows = [_row(line, place) for place, line in enumerate(lines, start=1)]
    if rest:
        # What stands after the last line feed is a line that was cut.
        rows.append((len(rows) + 1, _NO_HASH, b""))
    return rows


def _digests(
    members: list[Member], pattern: re.Pattern[str]
) -> tuple[dict[str, bytes], list[Member]]:
    """The first members whose names have a pattern with a digest, and the others.

    Raises:
        BundleError: the digests do not ascend.
    """
    named = [pattern.fullmatch(name) for name, _ in members]
    count = next((place for place, one in enumerate(named) if one is None), len(named))
    digests = [one[1] for one in named if one][:count]
    if digests != sorted({*digests}):
        raise BundleError("members")
    contents = [data for _, data in members[:count]]
    return dict(zip(digests, contents, strict=True)), members[count:]


def read_bundle(content: bytes) -> Bundle:
    """What a bundle's bytes hold; nothing in it is believed yet.

    Raises:
        BundleError: it is none.
    """
    members = _members(content)
    names = [name for name, _ in members]
    if names[: len(_FIRST)] != _FIRST:
        raise BundleError("members")
    rest = members[len(_FIRST) :]
    packs, rest = _digests(rest, _PACK)
    places, rest = _digests(rest, _PLACES)
    sizes = [_NOTE.fullmatch(name) for name, _ in rest]
    notes = [
        (int(named[1]), data)
        for named, (_, data) in zip(sizes, rest, strict=True)
        if named is not None
    ]
    ascending = [size for size, _ in notes]
    if len(notes) != len(sizes) or ascending != sorted(set(ascending)):
        raise BundleError("members")
    head = _HEAD.fullmatch(members[1][1])
    return Bundle(
        _rows(members[0][1]),
        (int(head[1]), head[2].decode()) if head else None,
        Ground(packs, places),
        notes,
        members,
    )
