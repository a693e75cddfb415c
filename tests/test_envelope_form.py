"""An envelope has one form: ours is what `securesystemslib` writes, and nothing else is."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import Error

from schemas.envelopes import PAYLOAD_TYPE, EnvelopeError, payload_of, sealed
from tests.support.signing import private_of

SEALED = sealed(b'{"a":"\xff\xfb"}', private_of("o-1"), private_of("o-2"))
VALUES = st.one_of(
    st.none(),
    st.integers(),
    st.text(max_size=8),
    st.sampled_from(["e30=", "e31=", "e30", "-_-_", "+/+/", "e30=\n", " e30=", [], {}, [{}],
                     ["e30="]]),
)  # fmt: skip
PLACES = st.sampled_from(
    [("payload",), ("payloadType",), ("signatures",), ("more",), ("signatures", 0),
     *(("signatures", number, name) for number in (0, 1) for name in ("keyid", "sig", "more"))]
)  # fmt: skip


def in_the_librarys_form(enveloped: dict[str, Any]) -> bytes | None:
    """The payload, if the library reads the envelope and writes the same one."""
    try:
        found = Envelope.from_dict(copy.deepcopy(enveloped))
        same = found.to_dict() == enveloped
    except (KeyError, TypeError, ValueError, AttributeError, Error):
        return None
    return found.payload if same and found.payload_type == PAYLOAD_TYPE else None


@given(place=PLACES, value=VALUES)
def test_what_the_library_would_write_otherwise_is_no_envelope(
    place: tuple[Any, ...], value: Any
) -> None:
    changed = copy.deepcopy(SEALED)
    within: Any = changed
    for step in place[:-1]:
        within = within[step]
    within[place[-1]] = value
    payload = in_the_librarys_form(changed)
    if payload is None:
        with pytest.raises(EnvelopeError):
            payload_of(changed)
    else:
        assert payload_of(changed) == payload


@pytest.mark.parametrize("missing", ["payload", "payloadType", "signatures"])
def test_every_field_is_needed(missing: str) -> None:
    with pytest.raises(EnvelopeError):
        payload_of({name: value for name, value in SEALED.items() if name != missing})


def test_a_key_signs_once() -> None:
    twice = {**SEALED, "signatures": [*SEALED["signatures"], SEALED["signatures"][0]]}
    assert in_the_librarys_form(twice) is None
    with pytest.raises(EnvelopeError):
        payload_of(twice)
