"""Key files of officers, and the options of commands that act with them.

Rules: a key is that of `signing.private_of`, so that what a command signs and what a test signs are
one; the passphrase lies beside, in a file.
"""

from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat

from tests.support.signing import private_of, who

PASSPHRASE = "correct horse battery"  # noqa: S105 (of keys that are made here)


def key_of(folder: Path, officer: str, number: int = 1) -> Path:
    """The file of an officer's key (`number` 2 and up: those that come after)."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{officer}-{number}"
    locked = PrivateFormat.OpenSSH.encryption_builder().kdf_rounds(1)
    path.write_bytes(
        private_of(officer, number).private_bytes(
            Encoding.PEM, PrivateFormat.OpenSSH, locked.build(PASSPHRASE.encode())
        )
    )
    path.chmod(0o600)
    return path


def acting(folder: Path, officer: str, number: int = 1) -> tuple[str, ...]:
    """The options of a command by which an officer acts."""
    file = key_of(folder, officer, number)
    secret = folder / "passphrase"
    secret.write_text(PASSPHRASE + "\n")
    secret.chmod(0o600)
    return ("--as", officer, "--key", str(file), "--passphrase-file", str(secret))


def founding_options(folder: Path, deliverer: str, *others: str) -> tuple[str, ...]:
    """The options of `init`: who delivers the book, and who founds the cycle with them."""
    named = (f"{officer}={who(officer).key}" for officer in (deliverer, *others))
    return (
        *acting(folder, deliverer),
        *(part for founder in named for part in ("--founder", founder)),
    )
