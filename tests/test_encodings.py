"""Strict JSON: the fast reader takes what the slow one takes, and the verifier of one file too."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas import encodings
from schemas.encodings import EncodingError, strict_object
from tests.tamper.verifiers import single_file

NUMBERS = st.one_of(
    st.integers(-(2**70), 2**70),
    st.sampled_from([0, -0.0, 2**53, 2**53 - 1, -(2**53), 1 - 2**53, 2**63, 2**64, 2**64 - 1]),
    st.floats(allow_nan=True),
)
# Marks that delimit strings and numbers, in them too; escapes; characters of every length.
WORDS = st.text(st.sampled_from('ab"\\:,[]{}0.e-é中😀\x00\x7f\ud800'), max_size=6)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, WORDS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.lists(st.tuples(WORDS, inner), max_size=4),
    max_leaves=12,
)


def written(value: Any, gap: str) -> str:
    """JSON of a value; a list of pairs is an object, with a name as often as it comes."""
    if isinstance(value, list) and value and all(isinstance(one, tuple) for one in value):
        pairs = (f"{written(name, gap)}{gap}:{gap}{written(inner, gap)}" for name, inner in value)
        return f"{{{gap}{','.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{','.join(gap + written(one, gap) for one in value)}]"
    return json.dumps(value, ensure_ascii=False)


def answer(read: Any, content: bytes) -> Any:
    """What is read, with the types of its numbers; nothing where it is refused."""
    try:
        found = read(content)
    except Exception:
        return None
    return json.dumps(found) if isinstance(found, dict) else None


def same(content: bytes) -> None:
    """All three readers answer alike."""
    found = answer(strict_object, content)
    assert found == answer(encodings._looked_through, content)
    assert found == answer(single_file().strict, content)


@given(
    pairs=st.lists(st.tuples(WORDS, VALUES), min_size=1, max_size=5),
    gap=st.sampled_from(["", " ", "\n"]),
)
@example(pairs=[("a", 1), ("a", ":x")], gap=" ")
@example(pairs=[("a", ["x"]), ("a", [])], gap="")
def test_whatever_is_written_is_read_alike(pairs: list[tuple[str, Any]], gap: str) -> None:
    same(written(pairs, gap).encode("utf-8", "surrogatepass"))


@given(data=st.data())
def test_a_changed_byte_is_read_alike(data: st.DataObject) -> None:
    pairs = data.draw(st.lists(st.tuples(WORDS, VALUES), min_size=1, max_size=4))
    content = bytearray(written(pairs, "").encode("utf-8", "surrogatepass"))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    same(bytes(content))


@pytest.mark.parametrize("deep", [1, 62, 63, 64, 65, 1023, 1024, 1025, 100_000])
@pytest.mark.parametrize("brackets", [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("inner", ["", "1", '"a"', r'"\u0041"'])
def test_what_nests_is_read_alike(deep: int, brackets: tuple[str, str], inner: str) -> None:
    opened, closed = brackets
    inner = inner or ("1" if opened != "[" else "")
    same(f'{{"a":{opened * deep}{inner}{closed * deep}}}'.encode())


@pytest.mark.parametrize(
    "content",
    [
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":9007199254740992}',
        b'{"a":[{"b":1,"b":2}]}',
    ],
)
def test_what_only_the_slow_reader_tells_is_refused(content: bytes) -> None:
    with pytest.raises(EncodingError):
        strict_object(content)
