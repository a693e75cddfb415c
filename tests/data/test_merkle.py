"""Merkle trees: published vectors, an independent implementation, and everything that is wrong."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InclusionProof, InmemoryTree, verify_inclusion

from schemas import merkle
from tests.support.processor import measured

# The example tree of the Certificate Transparency implementations of RFC 6962.
CONTENTS = [
    bytes.fromhex(content)
    for content in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAF_0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
LEAF_1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
PAIR_0 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
PAIR_2 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
PAIR_6 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
FOUR_0 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
FOUR_4 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
INCLUSION = [
    (0, 1, []),
    (0, 8, [LEAF_1, PAIR_2, FOUR_4]),
    (5, 8, [LEAF_4, PAIR_6, FOUR_0]),
    (2, 3, [PAIR_0]),
    (1, 5, [LEAF_0, PAIR_2, LEAF_4]),
]

LEAVES = merkle.leaf_hashes(CONTENTS)


def hashes(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in texts]


def contents(most: int = 70) -> st.SearchStrategy[list[bytes]]:
    return st.lists(st.binary(max_size=40), min_size=1, max_size=most)


def theirs(entries: list[bytes]) -> InmemoryTree:
    """A tree by `pymerkle`, which shares nothing with ours."""
    tree = InmemoryTree(algorithm="sha256")
    for entry in entries:
        tree.append_entry(entry)
    return tree


# Published vectors


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]
    assert merkle.roots(LEAVES, [size]) == {size: bytes.fromhex(ROOTS[size])}


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION)
def test_the_published_proofs_of_inclusion(index: int, size: int, proof: list[str]) -> None:
    assert merkle.inclusion_proof(LEAVES[:size], index) == hashes(proof)
    top = bytes.fromhex(ROOTS[size])
    assert merkle.includes(LEAVES[index], index, size, hashes(proof), top)


def test_leaves_and_nodes_are_hashed_apart() -> None:
    assert merkle.leaf_hash(b"x") == sha256(b"\x00x").digest()
    pair = LEAVES[0] + LEAVES[1]
    assert merkle.root(LEAVES[:2]) == sha256(b"\x01" + pair).digest() != merkle.leaf_hash(pair)


# An independent implementation


@given(entries=contents())
def test_another_implementation_has_the_same_roots(entries: list[bytes]) -> None:
    tree = theirs(entries)
    leaves = merkle.leaf_hashes(entries)
    sizes = range(1, len(entries) + 1)
    assert [tree.get_leaf(size) for size in sizes] == leaves
    found = merkle.roots(leaves, sizes)
    for size in sizes:
        assert tree.get_root(size) == merkle.root(leaves[:size]) == found[size]


@given(entries=contents(), data=st.data())
def test_another_implementation_takes_our_proofs_and_we_theirs(
    entries: list[bytes], data: st.DataObject
) -> None:
    tree = theirs(entries)
    leaves = merkle.leaf_hashes(entries)
    size = data.draw(st.integers(1, len(entries)))
    index = data.draw(st.integers(0, size - 1))
    given_ = tree.prove_inclusion(index + 1, size)
    own = merkle.inclusion_proof(leaves[:size], index)
    assert given_.path == [leaves[index], *own]
    assert merkle.includes(leaves[index], index, size, given_.path[1:], tree.get_root(size))
    ours = InclusionProof("sha256", True, size, index + 1, given_.rule, [leaves[index], *own])
    verify_inclusion(leaves[index], tree.get_root(size), ours, index + 1, size, "sha256")


# What is wrong


@given(entries=contents(), data=st.data())
def test_no_other_leaf_place_size_or_proof_is_included(
    entries: list[bytes], data: st.DataObject
) -> None:
    leaves = merkle.leaf_hashes(dict.fromkeys(entries))
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    leaf, top = leaves[index], merkle.root(leaves)
    proof = merkle.inclusion_proof(leaves, index)
    assert merkle.includes(leaf, index, size, proof, top)
    other = data.draw(st.integers(-2, size + 2).filter(lambda one: one != index))
    assert not merkle.includes(leaf, other, size, proof, top)
    assert not merkle.includes(merkle.leaf_hash(b"no"), index, size, proof, top)
    assert not merkle.includes(leaf, index, size, [*proof, top], top)
    assert not merkle.includes(leaf, index, size, proof, merkle.EMPTY)
    for place in range(len(proof)):
        assert not merkle.includes(leaf, index, size, proof[:place] + proof[place + 1 :], top)
        odd = [*proof[:place], proof[place][:-1], *proof[place + 1 :]]
        assert not merkle.includes(leaf, index, size, odd, top)


@given(
    index=st.integers(-3, 300),
    size=st.integers(-3, 300),
    proof=st.lists(st.binary(max_size=33), max_size=12),
)
def test_a_verifier_answers_whatever_it_is_given(index: int, size: int, proof: list[bytes]) -> None:
    assert not merkle.includes(LEAVES[0], index, size, [*proof, b""], LEAVES[1])


@pytest.mark.parametrize("place", [-1, 8, 9])
def test_there_is_no_proof_of_what_is_not_there(place: int) -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_proof(LEAVES, place)


def test_sizes_that_are_not_there_have_no_root() -> None:
    assert set(merkle.roots(LEAVES, [-1, 3, 9])) == {3}
    assert merkle.roots([], [0, 1]) == {0: merkle.EMPTY}


def test_a_large_tree_is_quick() -> None:
    leaves = merkle.leaf_hashes(number.to_bytes(4, "big") for number in range(100_000))
    top, seconds = measured(lambda: merkle.root(leaves))
    assert seconds < 1
    assert merkle.roots(leaves, [100_000]) == {100_000: top}
