"""Ed25519 of the single file and of the library: RFC 8032, `cryptography`, edge cases.

Both must say of any 128 bytes what OpenSSL says: no cofactor, S below L, R byte for byte; and of
keys, that none stands under two encodings.
"""

import random
from itertools import product

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schemas import ed25519
from schemas.envelopes import raw_public
from tests.tamper.verifiers import single_file

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493

# RFC 8032, section 7.1: secret key, message, signature.
RFC_8032 = {
    "test 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
        "f9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "test 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0"
        "f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "test 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f76098"
        "4dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "test sha(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c664"
        "31e0303dca179c138ac17ad9bef1177331a704",
    ),
}  # fmt: skip


def by_single_file(public: bytes, message: bytes, signature: bytes) -> bool:
    module = single_file()
    try:
        return bool(module.signed_by(public, message, signature))
    except module.Fault:
        # What is no point is stumbled over, and counts as tampered.
        return False


def by_openssl_in_python(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize("name", RFC_8032)
def test_the_vectors_of_the_rfc(name: str) -> None:
    secret, text, signed = (bytes.fromhex(part) for part in RFC_8032[name])
    private = Ed25519PrivateKey.from_private_bytes(secret)
    public = raw_public(private)
    assert private.sign(text) == signed
    for holds in (by_single_file, by_openssl_in_python):
        assert holds(public, text, signed)
        assert not holds(public, text + b"x", signed)
    assert ed25519.holds(public, signed, text)


def test_random_signatures_and_whatever_is_changed_in_them() -> None:
    dice = random.Random(8032)
    for length in range(40):
        private = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32))
        public, message = raw_public(private), dice.randbytes(length)
        signature = private.sign(message)
        assert by_single_file(public, message, signature)
        for _ in range(4):
            parts = [bytearray(public), bytearray(message), bytearray(signature)]
            part = dice.choice([one for one in parts if one])
            part[dice.randrange(len(part))] ^= 1 << dice.randrange(8)
            changed = (bytes(parts[0]), bytes(parts[1]), bytes(parts[2]))
            assert by_single_file(*changed) == by_openssl_in_python(*changed)


def test_a_larger_s_is_refused() -> None:
    """S + L gives the same point: whoever takes it has two signatures for one."""
    private = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
    public = raw_public(private)
    signature = private.sign(b"x")
    s = int.from_bytes(signature[32:], "little")
    for more in (s + L, s + 2 * L, L, L + 1, 2**256 - 1):
        twin = signature[:32] + more.to_bytes(32, "little")
        assert not by_single_file(public, b"x", twin)
        assert not by_openssl_in_python(public, b"x", twin)
        assert not ed25519.holds(public, twin, b"x")


# Points of small order, and other encodings of them


def multiple(number: int, point: tuple[int, ...]) -> tuple[int, ...]:
    module, found = single_file(), (0, 1, 1, 0)
    for bit in f"{number:b}":
        found = module.plus(found, found)
        found = module.plus(found, point) if bit == "1" else found
    return found


def encoded(point: tuple[int, ...]) -> bytes:
    x, y = (part * pow(point[2], -1, P) % P for part in point[:2])
    return (y | (x & 1) << 255).to_bytes(32, "little")


def small_order() -> set[bytes]:
    """The eight points whose order divides eight, each by its own encoding."""
    module, found, y = single_file(), set[bytes](), 1
    while len(found) < 8:
        y += 1
        try:
            found.add(encoded(multiple(L, module.point(y.to_bytes(32, "little")))))
        except module.Fault:
            # Half of all numbers are the y of no point.
            continue
    return found


def every_encoding() -> list[bytes]:
    """Every encoding that some decoder takes for one of the eight."""
    low = {int.from_bytes(one, "little") % 2**255 for one in small_order()}
    ys = [y for one in low for y in (one, one + P) if y < 2**255]
    return sorted((y | sign << 255).to_bytes(32, "little") for y in ys for sign in (0, 1))


def test_edge_cases_are_answered_as_openssl_answers_them() -> None:
    encodings = every_encoding()
    assert len(encodings) == 14
    private = Ed25519PrivateKey.from_private_bytes(b"\2" * 32)
    keys = [*encodings, raw_public(private)]
    taken = 0
    for public, first, s in product(keys, [*encodings, private.sign(b"0")[:32]], (0, 1, L)):
        for number in range(2):
            message, signature = b"%d" % number, first + s.to_bytes(32, "little")
            expected = by_openssl_in_python(public, message, signature)
            assert by_single_file(public, message, signature) == expected
            strict = ed25519.holds(public, signature, message)
            assert strict == (expected and ed25519.is_public(public))
            taken += expected
    assert taken > 10, "no edge case that anybody takes was tried"


def test_a_public_key_has_one_encoding() -> None:
    """The library and the specification leave out what has two, and points without direction."""
    allowed = {one for one in every_encoding() if ed25519.is_public(one)}
    assert allowed < small_order()
    assert len(allowed) == 4
    for one in set(every_encoding()) - allowed:
        assert not 1 < int.from_bytes(one, "little") % 2**255 < P - 1


def test_mixed_order_keys_are_answered_as_openssl_answers_them() -> None:
    """A key with a part of small order: with and without the cofactor the answers differ."""
    module, dice = single_file(), random.Random(25519)
    torsion = [module.point(one) for one in sorted(small_order())]
    base = module.point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    answers: set[bool] = set()
    for _ in range(24):
        secret = dice.randrange(1, L)
        public = encoded(module.plus(multiple(secret, base), dice.choice(torsion)))
        nonce, message = dice.randrange(1, L), dice.randbytes(8)
        first = encoded(module.plus(multiple(nonce, base), dice.choice(torsion)))
        s = (nonce + module_hash(first + public + message) * secret) % L
        signature = first + s.to_bytes(32, "little")
        answer = by_single_file(public, message, signature)
        assert answer == by_openssl_in_python(public, message, signature)
        answers.add(answer)
    assert answers == {False, True}


def module_hash(content: bytes) -> int:
    return int.from_bytes(single_file().hashlib.sha512(content).digest(), "little") % L
