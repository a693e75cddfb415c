"""Key files: an officer's Ed25519 key pair, and the private key of a process that decides.

Rules: an officer's private key is PKCS #8, as the desk makes it in a browser too (`data/pkcs8.py`),
or an OpenSSH file, that is encrypted with a passphrase and that nobody but its owner may read; one
that is not is refused, with how to mend it. Its public half stands beside it as one line in
`FILE.pub`. Both are written whole or not at all, and never over something that stands. A process
has nobody to type a passphrase: its key is an OpenSSH file that is not encrypted, and is its user's
alone, or root's and readable by a group, as secrets are mounted in containers. Keys made by
`ssh-keygen -t ed25519` are as good as ours, but for browsers, for which they are converted.
"""

from __future__ import annotations

import base64
import os
import re
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.ssh import (
    load_ssh_private_key,
    load_ssh_public_key,
)

from data.blobs import settle
from data.pkcs8 import ENCRYPTED, PLAIN, ROUNDS, encrypted
from schemas.columns import ID_PATTERN
from schemas.envelopes import raw_public
from schemas.text import LANGUAGES, Refusal, Text

SHORTEST_PASSPHRASE = 12
# A key file has some hundred bytes; anything much larger is none.
_LARGEST = 1 << 16
_BODY = re.compile(rb"-----BEGIN OPENSSH PRIVATE KEY-----(.*?)-----END", re.DOTALL)

FAULTS: dict[str, Text] = {
    "missing": Text(
        "{file}：没有这个密钥文件；用 termgate key new 生成，或检查路径",
        "{file}: no such key file; make one with `termgate key new`, or mend the path",
    ),
    "exists": Text(
        "{file}：文件已存在，密钥不予覆盖；换一个文件名",
        "{file}: exists, and a key is never written over; choose another name",
    ),
    "no-folder": Text(
        "{file}：所在目录不存在；先建立目录", "{file}: its folder does not exist; make it first"
    ),
    "not-a-key": Text(
        "{file}：不是密钥文件（PKCS #8 或 OpenSSH 格式）；用 termgate key new 生成",
        "{file}: no key file, neither PKCS #8 nor OpenSSH's; make one with `termgate key new`",
    ),
    "not-ed25519": Text(
        "{file}：不是 Ed25519 密钥；用 termgate key new 生成",
        "{file}: no Ed25519 key; make one with `termgate key new`",
    ),
    "unknown-encryption": Text(
        "{file}：密钥类型或加密方式不受支持；用 ssh-keygen -p -Z aes256-ctr -f {file} 重新加密",
        "{file}: this kind of key or encryption is not read; encrypt it anew with "
        "`ssh-keygen -p -Z aes256-ctr -f {file}`",
    ),
    "unencrypted": Text(
        "{file}：私钥没有用口令加密，不予使用；用 ssh-keygen -p -f {file} 设置口令",
        "{file}: this private key is not encrypted and is not used; give it a passphrase with "
        "`ssh-keygen -p -f {file}`",
    ),
    "unencrypted-pem": Text(
        "{file}：私钥没有用口令加密，不予使用；用 openssl pkcs8 -topk8 -v2 aes-256-cbc "
        "-v2prf hmacWithSHA256 -iter 600000 -in {file} -out NEW 设置口令",
        "{file}: this private key is not encrypted and is not used; give it a passphrase with "
        "`openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 600000 -in {file} "
        "-out NEW`",
    ),
    "passphrase": Text(
        "{file}：口令不对，或文件已损坏", "{file}: wrong passphrase, or the file is damaged"
    ),
    "other-public": Text(
        "{file}：与旁边的公钥文件 {file}.pub 不是一对：其中一个已损坏，或是另一把密钥的",
        "{file}: no pair with the public key in {file}.pub: one of them is damaged, or is of "
        "another key",
    ),
    "readable-by-others": Text(
        "{file}：其他人可以读写这个私钥，不予使用；运行 chmod 600 {file}",
        "{file}: others may read or write this private key and it is not used; "
        "run `chmod 600 {file}`",
    ),
    "others-own": Text(
        "{file}：这个私钥的属主既不是运行本程序的用户，也不是 root，不予使用",
        "{file}: this private key is owned neither by the user who runs this nor by root and is "
        "not used",
    ),
    "encrypted": Text(
        "{file}：核查私钥不能用口令加密，程序无法输入口令；"
        "用 ssh-keygen -p -N '' -f {file} 去掉口令",
        "{file}: an evaluator's key has no passphrase, since no process can type one; take it away "
        "with `ssh-keygen -p -N '' -f {file}`",
    ),
    "short-passphrase": Text(
        f"口令太短：至少{SHORTEST_PASSPHRASE}个字符",
        f"this passphrase is too short: take {SHORTEST_PASSPHRASE} characters or more",
    ),
    "officer": Text(
        "责任人员编号只用小写字母、数字和连字符，如 o-640302-01",
        "an officer's id has lower-case letters, digits and hyphens only, such as o-640302-01",
    ),
}


# What is wrong with a file's owner and mode, or nothing.
Secrecy = Callable[[os.stat_result], str]


def _public(_: os.stat_result) -> str:
    return ""


def _own_alone(about: os.stat_result) -> str:
    return "readable-by-others" if stat.S_IMODE(about.st_mode) & 0o077 else ""


def _of_process(about: os.stat_result) -> str:
    """The rule of PostgreSQL for its keys: 0600 where it is ours, 0640 where it is root's."""
    if about.st_uid == os.geteuid():
        return _own_alone(about)
    if about.st_uid:
        return "others-own"
    return "readable-by-others" if stat.S_IMODE(about.st_mode) & 0o037 else ""


class KeyFileRefused(Refusal):
    """A key file that cannot be made or used; `code` is one of `FAULTS`."""

    def __init__(self, code: str, path: Path) -> None:
        self.code = code
        zh, en = (FAULTS[code].render({"file": path}, lang) for lang in LANGUAGES)
        super().__init__(Text(zh, en))


def public_path(path: Path) -> Path:
    """Where the public half of the key in `path` stands."""
    return path.with_name(f"{path.name}.pub")


def check_new(path: Path, officer: str) -> None:
    """Refuse what `make_key` would refuse, as far as it shows without the passphrase."""
    if not re.fullmatch(ID_PATTERN, officer):
        raise KeyFileRefused("officer", path)
    if not path.parent.is_dir():
        raise KeyFileRefused("no-folder", path)
    for taken in (path, public_path(path)):
        if os.path.lexists(taken):
            raise KeyFileRefused("exists", taken)


def make_key(path: Path, officer: str, passphrase: str, rounds: int = ROUNDS) -> Ed25519PrivateKey:
    """Write a new key pair to `path` and `path.pub`.

    Returns:
        The private key, so that whoever made it need not unlock it.

    Raises:
        KeyFileRefused: something stands there already, the folder does not exist, the passphrase
            is too short, or `officer` is no id.
    """
    check_new(path, officer)
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise KeyFileRefused("short-passphrase", path)
    private = Ed25519PrivateKey.generate()
    _write_key(path, officer, private, _encoded(passphrase), rounds)
    return private


def convert_key(path: Path, to: Path, officer: str, passphrase: str) -> Ed25519PrivateKey:
    """Write the key in `path` once more, to `to` and `to.pub`, as browsers read it.

    Raises:
        KeyFileRefused: as `make_key` and `load_key`.
    """
    check_new(to, officer)
    private = load_key(path, passphrase)
    _write_key(to, officer, private, _encoded(passphrase), ROUNDS)
    return private


def _write_key(
    path: Path, officer: str, private: Ed25519PrivateKey, passphrase: bytes, rounds: int
) -> None:
    line = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    content = encrypted(private, passphrase, rounds)
    _write_pair(path, content, line + f" {officer}\n".encode())


def _encoded(passphrase: str) -> bytes:
    # What the environment holds beyond UTF-8 comes back as the bytes that it was.
    return passphrase.encode("utf-8", "surrogateescape")


def _write_pair(path: Path, private: bytes, public: bytes) -> None:
    """Both files, whole, or neither; what stands there stays as it is."""
    asides: list[Path] = []
    try:
        asides.append(_aside(path.parent, private, 0o600))
        asides.append(_aside(path.parent, public, 0o644))
        _link(asides[0], path)
        try:
            _link(asides[1], public_path(path))
        except BaseException:
            path.unlink()
            raise
    finally:
        for aside in asides:
            aside.unlink()
    settle(path.parent)


def _aside(folder: Path, content: bytes, mode: int) -> Path:
    """A file beside, on disk, that only its owner could read while it was written."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name)


def _link(aside: Path, path: Path) -> None:
    """Give a file its name, unless the name is taken: two who make the same key make one."""
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        raise KeyFileRefused("exists", path) from None


def write_process_key(path: Path, private: Ed25519PrivateKey) -> None:
    """Write the private key of a process: not encrypted, and for its owner alone.

    Raises:
        KeyFileRefused: something stands there already, or the folder does not exist.
    """
    if not path.parent.is_dir():
        raise KeyFileRefused("no-folder", path)
    aside = _aside(
        path.parent,
        private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()),
        0o600,
    )
    try:
        _link(aside, path)
    finally:
        aside.unlink()
    settle(path.parent)


def load_process_key(path: Path) -> Ed25519PrivateKey:
    """The private key of a process.

    Raises:
        KeyFileRefused: as the module says.
    """
    content = _content(path, _of_process)
    try:
        private = load_ssh_private_key(content, None)
    except TypeError:
        raise KeyFileRefused("encrypted", path) from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyFileRefused("not-a-key", path) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileRefused("not-ed25519", path)
    return private


def _content(path: Path, secret: Secrecy) -> bytes:
    try:
        # A pipe would keep us waiting for somebody to write.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeyFileRefused("missing", path) from None
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise KeyFileRefused("not-a-key", path)
        if code := secret(about):
            raise KeyFileRefused(code, path)
        return os.read(handle, _LARGEST)
    finally:
        os.close(handle)


def _sealed(path: Path) -> bytes:
    """The bytes of a private key that is encrypted and readable by its owner alone."""
    content = _content(path, _own_alone)
    if content.startswith(ENCRYPTED):
        return content
    if content.startswith(PLAIN):
        raise KeyFileRefused("unencrypted-pem", path)
    try:
        load_ssh_private_key(content, None)
    except TypeError:
        # It asks for a passphrase.
        return content
    except UnsupportedAlgorithm:
        raise KeyFileRefused("unknown-encryption", path) from None
    except ValueError:
        raise KeyFileRefused("not-a-key", path) from None
    raise KeyFileRefused("unencrypted", path)


def check_key(path: Path) -> None:
    """Refuse what `load_key` would refuse, as far as it shows without the passphrase."""
    _sealed(path)


def load_key(path: Path, passphrase: str) -> Ed25519PrivateKey:
    """The private key in a file.

    Raises:
        KeyFileRefused: as the module says.
    """
    content = _sealed(path)
    pkcs8 = content.startswith(ENCRYPTED)
    load = load_pem_private_key if pkcs8 else load_ssh_private_key
    try:
        private = load(content, _encoded(passphrase))
    except (ValueError, TypeError, InvalidTag):
        raise KeyFileRefused("passphrase", path) from None
    except UnsupportedAlgorithm:
        raise KeyFileRefused("unknown-encryption", path) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileRefused("not-ed25519", path)
    # The cipher does not tell damage to the seed: the public half, which stands in the clear, does.
    # What a browser makes has none; a damaged key there is nobody's, and signs nothing.
    if pkcs8 and public_path(path).exists() and public_of(public_path(path)) != raw_public(private):
        raise KeyFileRefused("other-public", path)
    if not pkcs8 and raw_public(private) not in base64.b64decode(_BODY.findall(content)[0]):
        raise KeyFileRefused("passphrase", path)
    return private


def public_of(path: Path) -> bytes:
    """The raw public key in a `.pub` file.

    Raises:
        KeyFileRefused: there is none, or it holds no Ed25519 public key.
    """
    content = _content(path, _public)
    try:
        public = load_ssh_public_key(content.strip())
    except (ValueError, UnsupportedAlgorithm):
        raise KeyFileRefused("not-ed25519", path) from None
    if not isinstance(public, Ed25519PublicKey):
        raise KeyFileRefused("not-ed25519", path)
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)
