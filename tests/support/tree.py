"""The source tree as tests see it."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.support.programs import path_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("flows", "tasks", "schemas", "data", "deployments")


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that is, or would be, committed; relative to the root.

    What asks for them is left out where the tree is no repository.
    """
    if not (ROOT / ".git").exists():
        pytest.skip("no git history here")
    command = (path_of("git"), "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    names = sorted(set(listed.split("\0")) - {""})
    return tuple(Path(name) for name in names if (ROOT / name).is_file())


def modules(package: str) -> tuple[Path, ...]:
    """The Python files of one package, relative to the root."""
    return tuple(path for path in kept_files() if path.suffix == ".py" and path.parts[0] == package)


def dotted(module: Path) -> str:
    """The name under which a file of the tree is imported."""
    parts = module.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
