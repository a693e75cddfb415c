"""Where the serve of a home is found: a file of the home that its own user alone can read.

Rules: it is left once everything is ready and gone at the end; it is locked for as long as the
process that left it lives, so that what a killed serve left, or a copy, misleads nobody. It holds
the password of the API, and what the serve works on: the cycle, and where ledger and blobs stand.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from data.engines import Address
from data.home import Home
from data.ledger import Ledger
from schemas.canonical import canonical, digest
from schemas.text import Text

BROKEN_OFF = Text("上次的 serve 被中断", "the last serve of this home was broken off")
NOT_OURS = Text("serve.json 不是本用户独有的文件", "serve.json is not a file of this user alone")
ELSEWHERE = Text(
    "本目录的 serve 服务的是另一份记录", "the serve of this home works on another ledger"
)


class Unusable(Exception):
    """There is a record, and no serve to be asked; `text` says why."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)


@dataclass(frozen=True)
class Record:
    """The address of the API, its password, and a digest of what is served."""

    api: str
    password: str | None
    serves: str


def _file(home: Home) -> Path:
    return home.path / "serve.json"


def served_by(home: Home) -> str:
    """A digest of the cycle, and of where its ledger and blobs stand for this process."""
    place, blobs = home.ledger, home.blobs
    where = [
        Ledger(place).cycle(),
        place.secret if isinstance(place, Address) else str(place),
        str(blobs) if isinstance(blobs, Path) else blobs.secret,
    ]
    return digest(canonical(where))


@contextmanager
def left(home: Home, api: str, password: str | None) -> Iterator[None]:
    """Leave the record for as long as this process serves."""
    path = _file(home)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    content = json.dumps(asdict(Record(api, password, served_by(home))))
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(content)
        file.flush()
        fresh.replace(path)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def read(home: Home) -> Record | None:
    """The record of the serve that lives for this home; none where there is none.

    Raises:
        Unusable: what is there is no record of this user's, its serve is gone, or works on
            something else.
    """
    try:
        content = _content(_file(home))
    except FileNotFoundError:
        return None
    except OSError:
        raise Unusable(NOT_OURS) from None
    try:
        record = Record(**json.loads(content))
    except (ValueError, TypeError):
        raise Unusable(NOT_OURS) from None
    if record.serves != served_by(home):
        raise Unusable(ELSEWHERE)
    return record


def _content(path: Path) -> bytes:
    """What the file says while its serve lives.

    Raises:
        OSError: it is not there, is a link, or not this user's alone.
        Unusable: nobody holds it.
    """
    # A pipe would be waited for.
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(opened, "rb") as file:
        about = os.fstat(file.fileno())
        others = stat.S_IMODE(about.st_mode) & 0o077
        if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or others:
            raise PermissionError
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read()
    raise Unusable(BROKEN_OFF)
