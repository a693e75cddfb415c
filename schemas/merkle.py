"""Merkle trees over a history, by RFC 6962 (and RFC 9162), section 2.1, with SHA-256.

Rules: pure, and nothing but `hashlib`; a tree is a sequence of leaf hashes; leaves and nodes are
hashed under different prefixes, so that neither passes for the other. Whoever verifies a proof
gets false for anything that does not hold, odd sizes and lengths included, and never an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY = sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\x00" + content).digest()


def leaf_hashes(contents: Iterable[bytes]) -> list[bytes]:
    """The hashes of many leaves."""
    return [sha256(b"\x00" + content).digest() for content in contents]


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _above(level: Sequence[bytes]) -> list[bytes]:
    """The next level up; a last one without a neighbour moves up as it is."""
    pairs = zip(level[::2], level[1::2], strict=False)
    nodes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    if len(level) % 2:
        nodes.append(level[-1])
    return nodes


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def roots(leaves: Sequence[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """The root over the first `size` leaf hashes, for each of `sizes`, in one pass."""
    wanted = {size for size in sizes if 0 <= size <= len(leaves)}
    found = {0: EMPTY} if 0 in wanted else {}
    # Complete subtrees of what was seen, largest first: their sizes are the bits of the count.
    peaks: list[bytes] = []
    for count, leaf in enumerate(leaves[: max(wanted, default=0)], start=1):
        node, bits = leaf, count
        while not bits & 1:
            node = _node(peaks.pop(), node)
            bits >>= 1
        peaks.append(node)
        if count in wanted:
            found[count] = _joined(peaks)
    return found


def _joined(peaks: Sequence[bytes]) -> bytes:
    node = peaks[-1]
    for left in reversed(peaks[:-1]):
        node = _node(left, node)
    return node


# Inclusion


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The proof that the leaf at `index` (from 0) is in the tree, lowest hash first.

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    proof: list[bytes] = []
    level = list(leaves)
    while len(level) > 1:
        other = index ^ 1
        if other < len(level):
            proof.append(level[other])
        level, index = _above(level), index >> 1
    return proof


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root to which a proof leads, or None where it does not fit index and size."""
    if not 0 <= index < size or not _are_hashes(leaf, *proof):
        return None
    node, last = leaf, size - 1
    steps = iter(proof)
    while last:
        if index & 1 or index < last:
            other = next(steps, None)
            if other is None:
                return None
            node = _node(other, node) if index & 1 else _node(node, other)
        index, last = index >> 1, last >> 1
    return node if next(steps, None) is None else None


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], top: bytes) -> bool:
    """Whether `leaf` is at `index` in the tree of `size` leaves whose root is `top`."""
    return root_by_inclusion(leaf, index, size, proof) == top


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)
