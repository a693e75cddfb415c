"""A process that is killed, or whose call fails, at its n-th call of a kind (by strace).

Rules: the process is forked from one that has loaded everything, stops, is taken over by strace and
goes on, so that the n-th call is the same call in every run; what it acknowledges comes through a
pipe, after the fact.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from data.home import Home
from tests.crash.actions import Action
from tests.support.patience import PATIENCE, looks

# Every call that changes a file or what a folder says of it.
CALLS = (
    "write", "pwrite64", "fsync", "fdatasync", "rename", "renameat",
    "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "ftruncate",
    "fallocate", "openat", "fchmod",
)  # fmt: skip
KILL = "signal=KILL"
FULL_DISK = "error=ENOSPC"
BROKEN_DISK = "error=EIO"
_CALL = re.compile(r"^(\w+)\(")


@dataclass(frozen=True)
class Point:
    """The `number`-th `call` of the action after it began."""

    call: str
    number: int


@dataclass(frozen=True)
class Ending:
    """How the process ended: `acknowledged` is what it said was done, `told` its error's kind."""

    killed: bool
    acknowledged: str | None
    told: str | None


def _child(action: Action, home: Home, pipe: int) -> None:
    """Act, and say so; never returns."""
    os.kill(os.getpid(), signal.SIGSTOP)
    try:
        said = f"done {action.do(home)}"
    except BaseException as error:
        said = f"failed {type(error).__name__}: {error}"
    try:
        # By a call that is never made to fail.
        os.writev(pipe, [said.encode()])
    finally:
        os._exit(0)


@contextmanager
def _traced(pid: int, trace: Path, inject: Sequence[str]) -> Iterator[None]:
    command = ["strace", "-q", "-y", "-s", "0", "-o", str(trace), "-p", str(pid)]
    command += ["-e", f"trace={','.join(CALLS)}", *inject]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as tracer:
        status = Path(f"/proc/{pid}/status")
        for _ in looks("strace attaches", pause=0.002):
            if "TracerPid:\t0\n" not in status.read_text(encoding="utf-8"):
                break
            if tracer.poll() is not None:
                raise RuntimeError("strace does not attach")
        try:
            yield
        finally:
            tracer.wait(PATIENCE)


def run(action: Action, home: Home, trace: Path, point: Point | None, fault: str) -> Ending:
    """Run an action in a process of its own, with `fault` at `point`, if any."""
    inject = []
    if point:
        since = "" if fault == KILL else "+"
        inject = ["-e", f"inject={point.call}:{fault}:when={point.number}{since}"]
    reading, writing = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _child(action, home, writing)
    os.close(writing)
    os.waitpid(pid, os.WUNTRACED)
    with _traced(pid, trace, inject):
        os.kill(pid, signal.SIGCONT)
        with os.fdopen(reading, encoding="utf-8") as said:
            heard = said.read()
        _, status = os.waitpid(pid, 0)
    word, _, rest = heard.partition(" ")
    return Ending(
        os.WIFSIGNALED(status),
        rest if word == "done" else None,
        rest.partition(":")[0] if word == "failed" else None,
    )


def points(trace: Path, home: Home) -> list[Point]:
    """The calls of a trace that change something in a home."""
    counted: Counter[str] = Counter()
    found = []
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        call = _CALL.match(line)
        if call is None:
            continue
        name = call[1]
        counted[name] += 1
        changes = name != "openat" or "O_CREAT" in line
        if changes and str(home.path) in line:
            found.append(Point(name, counted[name]))
    return found
