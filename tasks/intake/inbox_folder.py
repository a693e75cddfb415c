"""The inbox folder: files dropped into `inbox/<officer id>/` become that officer's submissions.

Rules: a table named after a register is what is taken, also one that came back from the quarantine
(`000012-reports.xlsx`), or a workbook with sheets of several, and only when it has stopped growing.
A file `名单.xlsx` beside which a map `名单.map.toml` lies is read by it; the map stays where it is.
What is dropped is signed: `名单.xlsx.sig` beside it has the envelope that `submit --sign-only`
makes, over what the file is as the registers stand; a file without one, or with another's, is
refused. A file is claimed by renaming it before it is read; one process at a time looks at an
inbox, and what it finds claimed there was left by one that died. A claim names the ledger entry
before it, so that what was accepted shows in the entries after it: nothing is lost, and nothing
is taken twice. Afterwards the file stands in `taken/` with its entry's number in its name, or in
`rejected/` with a text beside it that says why, and its signature beside it. Links and odd names
are not followed (`inbox_strays`).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from data.blobs import settle, write_durably
from data.days import Clock, utc_now
from data.history import keyring
from data.home import Home
from data.ledger import Ledger
from schemas.aliases import register_read
from schemas.encodings import strict_object
from schemas.entries import Proposed, Submitted
from schemas.refusals import ActRefused
from schemas.registers import REGISTERS
from schemas.text import Text, plural
from tasks.intake import accept, reasons
from tasks.intake.handed_back import quarantine_of, without_number
from tasks.intake.inbox_places import CLAIMS, OFFICER, REJECTED, TAKEN, Claim, claims_in, free
from tasks.intake.inbox_strays import strays
from tasks.intake.kinds import SUFFIXES
from tasks.intake.mapping import SheetMap, read_map
from tasks.intake.refusal import Place, Refused
from tasks.intake.unusable import Unusable
from tasks.officers.signatories import RemoteSigner, brought

# For so long a file must stay as it is before it is taken.
QUIET_SECONDS = 0.5
# After the name of a file: the map by which it is read, and what its officer signed of it.
MAP_SUFFIX = ".map.toml"
SIGNATURE_SUFFIX = ".sig"
# What a file may be called: nothing hidden, no lock of Excel's, nothing that cannot be shown.
_NAME = re.compile(r"[^.~\x00-\x1f\x7f/\\\ud800-\udfff][^\x00-\x1f\x7f/\\\ud800-\udfff]{0,199}")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file: its first entry, and how many rows were accepted and rejected.

    `register` is empty where its name says none; `seq` is 0 where it was refused whole.
    """

    officer: str
    register: str
    seq: int
    accepted: int
    rejected: int


@dataclass(frozen=True, slots=True)
class _Dropped:
    officer: str
    path: Path
    seen: tuple[int, int, int]

    @property
    def register(self) -> str:
        """The register that its name says, or nothing."""
        return register_read(self.path.stem) or ""


def inbox_of(home: Home) -> Path:
    """The folder that is watched."""
    return home.path / "inbox"


def waits(home: Home) -> bool:
    """Whether something waits in the inbox, is half taken or a stray; a look, no reading."""
    inbox = inbox_of(home)
    return inbox.is_dir() and bool(_waiting(inbox) or claims_in(inbox) or any(strays(inbox)))


def take_inbox(
    home: Home, officer: str = "", register: str = "", *, clock: Clock = utc_now
) -> list[Taken]:
    """Take what waits in the inbox (of one officer, for one register), in the registers' order.

    Returns at once where nothing waits, and where another process is at it.

    Raises:
        LedgerBroken, BlobError, OSError: nothing can be taken now; what was claimed stays claimed,
            and is looked at again the next time.
    """
    inbox = inbox_of(home)
    if not waits(home):
        return []
    with _alone(inbox) as alone:
        if not alone:
            return []
        left = [_finish(home, claim, clock) for claim in claims_in(inbox)]
        chosen = [
            one
            for one in _settled(inbox)
            if officer in ("", one.officer) and register in ("", one.register)
        ]
        claims = (_claim(home, inbox, one) for one in chosen)
        return left + [_finish(home, claim, clock) for claim in claims if claim]


# What waits


def _dropped(officer: str, entry: os.DirEntry[str]) -> _Dropped | None:
    """A file that may be taken; None where it is none, or went away meanwhile."""
    if not _NAME.fullmatch(entry.name) or not entry.is_file(follow_symlinks=False):
        return None
    if entry.name.endswith((MAP_SUFFIX, SIGNATURE_SUFFIX)):
        return None
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return _Dropped(officer, Path(entry.path), (found.st_ino, found.st_size, found.st_mtime_ns))


def _folders(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and OFFICER.fullmatch(entry.name):
                yield entry


def _waiting(inbox: Path) -> list[_Dropped]:
    found = []
    for folder in _folders(inbox):
        with os.scandir(folder) as entries:
            found += [one for entry in entries if (one := _dropped(folder.name, entry))]
    # A register comes after all that it refers to.
    order = list(REGISTERS)
    return sorted(
        found,
        key=lambda one: (
            order.index(one.register) if one.register else len(order),
            one.seen[2],
            one.path,
        ),
    )


def _settled(inbox: Path) -> list[_Dropped]:
    """The files that did not change for a moment and that nobody writes."""
    before = {one.path: one.seen for one in _waiting(inbox)}
    if before:
        time.sleep(QUIET_SECONDS)
    return [
        one
        for one in _waiting(inbox)
        if before.get(one.path) == one.seen and not _being_written(one.path)
    ]


def _being_written(path: Path) -> bool:
    """Whether a program has the file open for writing, where the system can tell.

    A lease is refused while there is such a program (`fcntl(2)`); not every file system has them.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        # It went away, or may not be read: claiming it shows which.
        return False
    try:
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


# Claiming


@contextmanager
def _alone(inbox: Path) -> Iterator[bool]:
    """Whether this process is the only one that takes files here; the lock dies with it."""
    handle = os.open(inbox / ".lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def _claim(home: Home, inbox: Path, one: _Dropped) -> Claim | None:
    """Claim a file for good before anything of it is read; None where it went away meanwhile."""
    since = int(Ledger(home.ledger).query("SELECT seq FROM head")[0][0])
    folder = inbox / CLAIMS / one.officer / str(since)
    folder.mkdir(parents=True, exist_ok=True)
    claim = Claim(one.officer, since, folder / one.path.name)
    try:
        one.path.rename(claim.path)
    except FileNotFoundError:
        return None
    # Were the claim lost with the power and its entry not, the file would be taken twice.
    for changed in (folder, one.path.parent):
        settle(changed)
    return claim


# Finishing


def _finish(home: Home, claim: Claim, clock: Clock) -> Taken:
    """Submit a claimed file unless that was done already, and put it where it belongs."""
    own = _map_of(home, claim)
    register = "" if own.is_file() else register_read(claim.path.stem) or ""
    try:
        _refuse_kind(claim.path)
        entries = _entries_of(home, claim, register)
        if not entries:
            given = read_map(own) if own.is_file() else None
            by = _signed_by(home, claim, register, given, clock)
            if register:
                accept.submit(home, register, claim.path, by, clock=clock)
            else:
                accept.submit_file(home, claim.path, by, clock=clock, mapping=given)
        entries = entries or _entries_of(home, claim, register)
    except (Refused, Unusable, ActRefused) as refusal:
        _put(home, claim, REJECTED, claim.path.name, refusal.lines)
        return Taken(claim.officer, register, 0, 0, 0)
    if not entries:
        raise RuntimeError(f"no entry after {claim.since} for a submission of {claim.officer}")
    accepted, rejected = sum(x.accepted for x in entries), sum(x.rejected for x in entries)
    texts = [] if accepted and not rejected else [_outcome_text(home, claim, entries)]
    if isinstance(Ledger(home.ledger).entry(entries[0].seq), Proposed):
        texts.append(_waits(entries[0].seq))
    seq = entries[0].seq
    _put(home, claim, TAKEN if accepted else REJECTED, f"{seq:06d}-{claim.path.name}", texts)
    return Taken(claim.officer, register, seq, accepted, rejected)


def _signature_of(home: Home, claim: Claim) -> Path:
    """Where the signature of a claimed file is."""
    return inbox_of(home) / claim.officer / f"{claim.path.name}{SIGNATURE_SUFFIX}"


def _signed_by(
    home: Home, claim: Claim, register: str, mapping: SheetMap | None, clock: Clock
) -> RemoteSigner:
    """Who signed a claimed file, as they say.

    Raises:
        ActRefused: nobody did, or what lies beside it is no envelope.
        Refused, Unusable: it could not be taken either way.
    """
    path = _signature_of(home, claim)
    if path.is_symlink() or not path.is_file():
        code = "unsigned"
        try:
            # What is wrong with the file itself is named first.
            accept.try_out(
                home, register or None, claim.path, claim.officer, clock=clock, mapping=mapping
            )
        except ActRefused as refused:
            code = refused.code
        raise accept.refused(home, claim.officer, code, clock)
    try:
        envelope = strict_object(path.read_bytes())
        return brought(keyring(Ledger(home.ledger)), claim.officer, envelope)
    except ValueError:
        code = "envelope"
    except ActRefused as refused:
        code = refused.code
    raise accept.refused(home, claim.officer, code, clock)


def _map_of(home: Home, claim: Claim) -> Path:
    """Where the map of a claimed file would be; one for what came back from it too."""
    stem = without_number(claim.path.name)
    return inbox_of(home) / claim.officer / f"{stem}{MAP_SUFFIX}"


def _refuse_kind(path: Path) -> None:
    """Refuse what is no file of a kind that is taken.

    Raises:
        Refused: it is none.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise Refused(reasons.NOT_A_FILE, Place(path.name))
    if path.suffix.lower() not in SUFFIXES:
        raise Refused(reasons.NOT_TAKEN_HERE, Place(path.name))


def _entries_of(home: Home, claim: Claim, register: str) -> list[Submitted]:
    """The entries that a claimed file became, if it was accepted; they are one transaction.

    Of a delivery that waits for a confirmation, what they will be.
    """
    with claim.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    found: list[Submitted] = []
    waiting: set[str] = set()
    for entry in Ledger(home.ledger).entries(claim.since):
        if isinstance(entry, Proposed):
            found += entry.submissions
            waiting.add(entry.payload)
        elif isinstance(entry, Submitted) and entry.delivery not in waiting:
            found.append(entry)
    return [
        entry
        for entry in found
        if (entry.officer, entry.source) == (claim.officer, digest)
        and register in ("", entry.register)
    ]


def _waits(seq: int) -> Text:
    return Text(
        f"整份报送由另一机关的责任人员确认后作数（termgate pending {seq}）",
        "the whole delivery counts once an officer of another organ confirms it (`termgate "
        f"pending {seq}`)",
    )


def _outcome_text(home: Home, claim: Claim, entries: Sequence[Submitted]) -> Text:
    accepted, rejected = sum(x.accepted for x in entries), sum(x.rejected for x in entries)
    if not rejected:
        return Text("文件中没有数据行", "there is no row in the file")
    name = register_read(claim.path.stem) or claim.path.name
    listed = quarantine_of(home, entries[0].seq, name).relative_to(home.path)
    return Text(
        f"接收{accepted}行，退回{rejected}行；退回的行和原因见 {listed}，在其中改正后再放进来",
        f"{plural(accepted, 'row')} accepted, {rejected} rejected; {listed} has the rejected rows "
        f"and why; "
        "mend them there and drop that file here",
    )


def _put(home: Home, claim: Claim, place: str, name: str, texts: Iterable[Text]) -> None:
    """Move a claimed file to where it stays, after the text that goes beside it."""
    folder = inbox_of(home) / claim.officer / place
    folder.mkdir(exist_ok=True)
    if folder.is_symlink():
        raise NotADirectoryError(f"{folder} is a link")
    file = free(folder / name)
    lines = "".join(f"{text.zh}\n{text.en}\n" for text in texts)
    if lines:
        write_durably(file.with_name(f"{file.name}.txt"), lines.encode())
    # Whoever dropped it may have let everybody read it.
    if claim.path.is_file() and not claim.path.is_symlink():
        with suppress(PermissionError):
            claim.path.chmod(0o600)
    claim.path.rename(file)
    signature = _signature_of(home, claim)
    if signature.is_file() and not signature.is_symlink():
        signature.rename(free(file.with_name(f"{file.name}{SIGNATURE_SUFFIX}")))
    if not any(claim.path.parent.iterdir()):
        claim.path.parent.rmdir()
