"""Key files: encrypted, for one pair of eyes, whole or absent, and as openssl and OpenSSH do it.

Expected (issue 16): what the command line makes the desk opens: PKCS #8 under PBES2 with
PBKDF2-HMAC-SHA-256 of 600,000 rounds (OWASP) and AES-256-CBC, as openssl reads it too.
"""

import os
import stat
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_public_key,
)
from hypothesis import given
from hypothesis import strategies as st

from data.keyfiles import (
    FAULTS,
    SHORTEST_PASSPHRASE,
    KeyFileRefused,
    check_key,
    convert_key,
    load_key,
    make_key,
    public_of,
    public_path,
)
from data.pkcs8 import ROUNDS
from schemas.envelopes import raw_public
from schemas.text import LANGUAGES
from tests.support.programs import path_of

OFFICER = "o-640302-02"
PASSPHRASE = "换届 correct horse battery"  # noqa: S105 (of keys that are made here)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    make_key(path, OFFICER, PASSPHRASE, rounds=1)
    return path


def refused(code: str, act: Callable[[], object]) -> str:
    """The refusal's one line in English, after looking at both languages."""
    with pytest.raises(KeyFileRefused) as told:
        act()
    assert told.value.code == code
    lines = [told.value.text.render(lang=lang) for lang in LANGUAGES]
    assert all(line and "\n" not in line and "{" not in line for line in lines)
    return lines[1]


def files(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


# Making


def test_a_pair_is_made_and_loaded(tmp_path: Path) -> None:
    path = tmp_path / "key"
    public = raw_public(make_key(path, OFFICER, PASSPHRASE, rounds=1))
    assert len(public) == 32
    check_key(path)
    assert raw_public(load_key(path, PASSPHRASE)) == public
    assert public_of(public_path(path)) == public
    kind, _, officer = (tmp_path / "key.pub").read_text().removesuffix("\n").split(" ")
    assert (kind, officer) == ("ssh-ed25519", OFFICER)
    assert sorted(files(tmp_path)) == ["key", "key.pub"]


def test_the_private_key_is_for_its_owner_alone_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    synced = os.fsync

    def fsync(handle: int) -> None:
        mode = os.fstat(handle).st_mode
        if stat.S_ISREG(mode):
            seen.append(stat.S_IMODE(mode))
        synced(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    before = os.umask(0)
    try:
        make_key(tmp_path / "key", OFFICER, PASSPHRASE, rounds=1)
    finally:
        os.umask(before)
    assert seen == [0o600, 0o644]
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert b"ENCRYPTED PRIVATE KEY" in (tmp_path / "key").read_bytes()


def test_files_and_folder_are_on_disk_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    synced, linked = os.fsync, Path.hardlink_to

    def fsync(handle: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        synced(handle)

    def hardlink_to(self: Path, target: Path) -> None:
        steps.append(self.name)
        linked(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "hardlink_to", hardlink_to)
    make_key(tmp_path / "key", OFFICER, PASSPHRASE, rounds=1)
    assert steps == ["file", "file", "key", "key.pub", "folder"]


@pytest.mark.parametrize("taken", ["key", "key.pub"])
def test_what_stands_is_never_written_over(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_bytes(b"mine")
    line = refused("exists", lambda: make_key(tmp_path / "key", OFFICER, PASSPHRASE, rounds=1))
    assert taken in line
    assert files(tmp_path) == {taken: b"mine"}


@pytest.mark.parametrize("fails_at", [0, 1, 2])
def test_a_disk_that_is_full_leaves_neither_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    calls: list[int] = []
    synced, linked = os.fsync, Path.hardlink_to

    def fsync(handle: int) -> None:
        calls.append(handle)
        if len(calls) > fails_at:
            raise OSError(28, "No space left on device")
        synced(handle)

    def hardlink_to(self: Path, target: Path) -> None:
        if self.suffix == ".pub":
            raise OSError(28, "No space left on device")
        linked(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "hardlink_to", hardlink_to)
    with pytest.raises(OSError, match="No space"):
        make_key(tmp_path / "key", OFFICER, PASSPHRASE, rounds=1)
    assert files(tmp_path) == {}


def test_of_many_who_make_the_same_key_one_does(tmp_path: Path) -> None:
    made: list[bytes] = []
    told: list[str] = []

    def make() -> None:
        try:
            made.append(raw_public(make_key(tmp_path / "key", OFFICER, PASSPHRASE, rounds=1)))
        except KeyFileRefused as refusal:
            told.append(refusal.code)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["exists"] * 7
    assert made == [public_of(tmp_path / "key.pub")]
    assert raw_public(load_key(tmp_path / "key", PASSPHRASE)) == made[0]


@pytest.mark.parametrize(
    ("code", "folder", "officer", "passphrase"),
    [
        ("short-passphrase", ".", OFFICER, ""),
        ("short-passphrase", ".", OFFICER, "x" * (SHORTEST_PASSPHRASE - 1)),
        ("no-folder", "absent", OFFICER, PASSPHRASE),
        ("officer", ".", "o 1", PASSPHRASE),
        ("officer", ".", "o-1\nssh-ed25519", PASSPHRASE),
        ("officer", ".", "", PASSPHRASE),
    ],
)
def test_what_cannot_be_made_is_refused(
    tmp_path: Path, code: str, folder: str, officer: str, passphrase: str
) -> None:
    refused(code, lambda: make_key(tmp_path / folder / "key", officer, passphrase, rounds=1))
    assert files(tmp_path) == {}


@given(passphrase=st.text(min_size=SHORTEST_PASSPHRASE, max_size=200))
def test_every_passphrase_that_makes_a_key_opens_it(
    tmp_path_factory: pytest.TempPathFactory, passphrase: str
) -> None:
    path = tmp_path_factory.mktemp("key") / "key"
    public = raw_public(make_key(path, OFFICER, passphrase, rounds=1))
    assert raw_public(load_key(path, passphrase)) == public
    refused("passphrase", lambda: load_key(path, passphrase + "x"))


def test_guessing_at_a_passphrase_takes_its_time(tmp_path: Path) -> None:
    make_key(tmp_path / "key", OFFICER, PASSPHRASE)
    shown = openssl("asn1parse", "-in", tmp_path / "key")
    named = ("PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc", f"INTEGER           :{ROUNDS:06X}")
    assert all(one in shown for one in named)
    assert ROUNDS >= 600_000
    load_key(tmp_path / "key", PASSPHRASE)


# Loading


def test_a_wrong_passphrase_is_refused(key: Path) -> None:
    for wrong in ("", PASSPHRASE[:-1], "x" * 200):
        assert "wrong passphrase" in refused("passphrase", partial(load_key, key, wrong))


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o602, 0o601, 0o677])
def test_a_key_that_others_may_touch_is_refused(key: Path, mode: int) -> None:
    key.chmod(mode)
    assert f"chmod 600 {key}" in refused("readable-by-others", lambda: load_key(key, PASSPHRASE))
    refused("readable-by-others", lambda: check_key(key))
    key.chmod(0o400)
    assert raw_public(load_key(key, PASSPHRASE)) == public_of(public_path(key))


def test_a_key_without_a_passphrase_is_refused(key: Path) -> None:
    plain = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()
    )
    key.write_bytes(plain)
    for passphrase in (PASSPHRASE, ""):
        line = refused("unencrypted", partial(load_key, key, passphrase))
        assert f"ssh-keygen -p -f {key}" in line
    refused("unencrypted", lambda: check_key(key))


def test_a_pem_without_a_passphrase_is_refused_and_mended_as_it_says(key: Path) -> None:
    private = Ed25519PrivateKey.generate()
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    refused("unencrypted-pem", lambda: check_key(key))
    line = refused("unencrypted-pem", lambda: load_key(key, PASSPHRASE))
    # As it is told, with the passphrase given otherwise than by hand.
    told = line.partition("`openssl ")[2].partition("`")[0].split()
    mended = key.with_name("NEW")
    openssl(*(mended if one == "NEW" else one for one in told), "-passout", f"pass:{PASSPHRASE}")
    mended.chmod(0o600)
    assert raw_public(load_key(mended, PASSPHRASE)) == raw_public(private)


def test_a_key_beside_another_s_public_half_is_refused(tmp_path: Path, key: Path) -> None:
    make_key(tmp_path / "other", OFFICER, PASSPHRASE, rounds=1)
    (tmp_path / "other.pub").rename(public_path(key))
    assert f"{key}.pub" in refused("other-public", lambda: load_key(key, PASSPHRASE))
    public_path(key).unlink()
    load_key(key, PASSPHRASE)


NO_KEYS: dict[str, bytes] = {
    "empty": b"",
    "text": b"my key\n",
    "zeros": bytes(400),
    "no end": b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n",
    "no content": b"-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----\n",
    "a certificate": b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
}


@pytest.mark.parametrize("content", NO_KEYS.values(), ids=NO_KEYS)
def test_what_is_no_key_is_refused(key: Path, content: bytes) -> None:
    key.write_bytes(content)
    refused("not-a-key", lambda: load_key(key, PASSPHRASE))
    refused("not-a-key", lambda: check_key(key))


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "folder").mkdir(0o700)
    for act in (check_key, public_of):
        refused("missing", partial(act, tmp_path / "absent"))
        refused("not-a-key", partial(act, tmp_path / "pipe"))
        refused("not-a-key", partial(act, tmp_path / "folder"))


@given(data=st.data())
def test_a_damaged_key_is_refused_or_is_the_same_key(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("key") / "key"
    public = raw_public(make_key(path, OFFICER, PASSPHRASE, rounds=1))
    content = bytearray(path.read_bytes())
    # What is before names the rounds: a damaged number may be billions of them.
    place = data.draw(st.integers(120, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    with suppress(KeyFileRefused):
        assert raw_public(load_key(path, PASSPHRASE)) == public


@pytest.mark.parametrize(
    "line", [b"", b"my key\n", b"ssh-ed25519\n", b"ssh-ed25519 AAAA o-1\n", b"ssh-odd AAAAC3Nz\n"]
)
def test_a_broken_public_key_is_refused(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "key.pub").write_bytes(line)
    refused("not-ed25519", lambda: public_of(tmp_path / "key.pub"))


def test_every_refusal_is_told_in_both_languages() -> None:
    for code in FAULTS:
        lines = [KeyFileRefused(code, Path("a{b}")).text.render(lang=lang) for lang in LANGUAGES]
        assert lines[0] != lines[1]


# openssl


def openssl(*arguments: object) -> str:
    done = subprocess.run(
        (path_of("openssl"), *map(str, arguments)), check=True, capture_output=True, text=True
    )
    return done.stdout


def test_openssl_reads_a_key_of_ours(key: Path) -> None:
    public = openssl("pkey", "-in", key, "-passin", f"pass:{PASSPHRASE}", "-pubout")
    read = load_pem_public_key(public.encode())
    assert isinstance(read, Ed25519PublicKey)
    assert read.public_bytes_raw() == public_of(public_path(key))


def test_a_key_of_openssl_loads(tmp_path: Path) -> None:
    path = tmp_path / "key"
    openssl("genpkey", "-algorithm", "ed25519", "-aes-256-cbc", "-pass", f"pass:{PASSPHRASE}",
            "-out", path)  # fmt: skip
    path.chmod(0o600)
    load_key(path, PASSPHRASE)
    refused("passphrase", lambda: load_key(path, PASSPHRASE + "x"))
    openssl("genpkey", "-algorithm", "x25519", "-aes-256-cbc", "-pass", f"pass:{PASSPHRASE}",
            "-out", path)  # fmt: skip
    refused("not-ed25519", lambda: load_key(path, PASSPHRASE))


# OpenSSH


def keygen(*arguments: object) -> str:
    done = subprocess.run(
        (path_of("ssh-keygen"), "-q", *map(str, arguments)),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.mark.parametrize("cipher", ["aes256-ctr", "aes256-gcm@openssh.com"])
def test_a_key_of_ssh_keygen_loads(tmp_path: Path, cipher: str) -> None:
    path = tmp_path / "key"
    keygen("-t", "ed25519", "-a", 1, "-Z", cipher, "-N", PASSPHRASE, "-C", "", "-f", path)
    private = load_key(path, PASSPHRASE)
    assert raw_public(private) == public_of(tmp_path / "key.pub")
    refused("passphrase", lambda: load_key(path, PASSPHRASE + "x"))


def test_an_openssh_key_is_converted_and_stays_the_same(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    keygen("-t", "ed25519", "-a", 1, "-N", PASSPHRASE, "-f", old)
    public = public_of(public_path(old))
    refused("passphrase", lambda: convert_key(old, new, OFFICER, PASSPHRASE + "x"))
    assert not new.exists()
    assert raw_public(convert_key(old, new, OFFICER, PASSPHRASE)) == public
    assert raw_public(load_key(new, PASSPHRASE)) == public == public_of(public_path(new))
    assert b"ENCRYPTED PRIVATE KEY" in new.read_bytes()
    assert raw_public(load_key(old, PASSPHRASE)) == public
    refused("exists", lambda: convert_key(old, new, OFFICER, PASSPHRASE))


def test_what_is_refused_is_mended_as_it_says(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keygen("-t", "ed25519", "-N", "", "-f", path)
    refused("unencrypted", lambda: load_key(path, PASSPHRASE))
    keygen("-p", "-P", "", "-N", PASSPHRASE, "-a", 1, "-Z", "chacha20-poly1305@openssh.com",
           "-f", path)  # fmt: skip
    assert f"-Z aes256-ctr -f {path}" in refused(
        "unknown-encryption", lambda: load_key(path, PASSPHRASE)
    )
    keygen("-p", "-P", PASSPHRASE, "-N", PASSPHRASE, "-a", 1, "-Z", "aes256-ctr", "-f", path)
    assert raw_public(load_key(path, PASSPHRASE)) == public_of(public_path(path))


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    keygen("-t", "ecdsa", "-a", 1, "-N", PASSPHRASE, "-f", path)
    refused("not-ed25519", lambda: load_key(path, PASSPHRASE))
    refused("not-ed25519", lambda: public_of(tmp_path / "key.pub"))
