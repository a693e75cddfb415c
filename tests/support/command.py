"""The command line as tests use it: in this process, its answer and its exit code."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

DONE, FAULT, BAD_INPUT, CLOSED = 0, 1, 2, 3

# Arguments → exit code, output, errors.
Run = Callable[..., tuple[int, str, str]]


def answer(run: Run, *arguments: str, code: int = DONE) -> Any:
    """The JSON that a command prints."""
    got, out, err = run(*arguments, "--json")
    assert (got, err) == (code, "")
    return json.loads(out)


def files(path: Path) -> dict[str, bytes]:
    """Every file below a folder with its content, but for what SQLite keeps while it reads."""
    return {
        str(one.relative_to(path)): one.read_bytes()
        for one in path.rglob("*")
        if one.is_file() and not one.name.endswith("-shm") and one.stat().st_size
    }
