"""A function of a program in processes of its own, without a start for each of them.

Rules: a process that has loaded the function's module, and nothing else, is forked for each call;
so a call sees the modules, the folder and the output of its own process only, as in one that was
started for it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_FIRST = """
import importlib, json, os, sys, tempfile
module, function = sys.argv[1:]
call = getattr(importlib.import_module(module), function)
for line in sys.stdin:
    folder, arguments, named = json.loads(line)
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as loaded:
        child = os.fork()
        if not child:
            code = 70
            try:
                os.chdir(folder)
                os.dup2(said.fileno(), 1)
                os.dup2(said.fileno(), 2)
                code = call(*arguments, **named)
                loaded.write(" ".join(sys.modules).encode())
            finally:
                for output in (sys.stdout, sys.stderr, loaded):
                    output.flush()
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        texts = []
        for file in (said, loaded):
            file.seek(0)
            texts.append(file.read().decode())
        print(json.dumps([code, *texts]), flush=True)
"""


@dataclass(frozen=True)
class Ended:
    """How a call ended: exit code, all that was printed, the modules that were loaded by then."""

    code: int
    said: str
    loaded: frozenset[str]


class Forks:
    """Calls of one function, by its module and name; it returns its exit code."""

    def __init__(self, module: str, function: str) -> None:
        self._first = subprocess.Popen(
            (sys.executable, "-c", _FIRST, module, function),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._first.communicate()

    def call(self, folder: Path, *arguments: Any, **named: Any) -> Ended:
        """Call it in a folder, with what JSON can say."""
        assert self._first.stdin is not None
        assert self._first.stdout is not None
        self._first.stdin.write(json.dumps([str(folder), arguments, named]) + "\n")
        self._first.stdin.flush()
        code, said, loaded = json.loads(self._first.stdout.readline())
        return Ended(code, said, frozenset(loaded.split()))
