"""The image's own steps without a container engine: `python -m tests.machines.image`.

Rules: what is run are the instructions of the Containerfile's first stage, in a clean folder, on
what the builder would be sent and nothing else; then the image's programs from an empty folder. The
second stage (another user, folders) needs an engine and is not run. Packages come from the index,
so this is no test of the suite, which never leaves this machine; `.ci/run` runs it once.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.machines.shipped import containerfile
from tests.support.tree import PACKAGES, ROOT, kept_files

PREFIX = "/opt/termgate"
PROGRAMS = (
    ("termgate", "--version"),
    ("termgate", "serve", "--help"),
    ("termgate", "template", "book.xlsx"),
    ("prefect", "worker", "start", "--help"),
    ("prefect", "server", "start", "--help"),
    ("python", "-c", "import prefect_redis.messaging, psycopg, deployments.alive, flows.cycle"),
)


class Failed(RuntimeError):
    """A step ended with an error."""


def ran(command: tuple[str, ...], folder: Path, environment: dict[str, str]) -> str:
    """What a command printed.

    Raises:
        Failed: it ended with an error.
    """
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def copied(sources: list[str], target: Path) -> None:
    """Copy what would be committed of these files and folders."""
    for path in kept_files():
        if any(path == Path(one) or path.is_relative_to(one) for one in sources):
            place = target / path
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, place)


def plain() -> dict[str, str]:
    """An environment that knows nothing of ours."""
    ours = ("PYTHON", "PREFECT", "TERMGATE", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def built(folder: Path) -> Path:
    """Run the steps of the first stage; returns the environment that the image gets."""
    source, prefix = folder / "src", folder / "termgate"
    source.mkdir()
    steps = containerfile()
    last = max(number for number, (word, _) in enumerate(steps) if word == "FROM")
    for word, rest in steps[:last]:
        if word == "COPY":
            copied(rest.split()[:-1], source)
        elif word == "RUN":
            # Nothing but its packages' origin differs: what was downloaded before is taken again.
            script = rest.replace(PREFIX, str(prefix)).replace("--no-cache-dir ", "")
            script = script.replace("RUN python ", f"RUN {sys.executable} ")
            ran(("sh", "-e", "-c", script), source, plain())
    return prefix


def missing_from(prefix: Path) -> set[Path]:
    """The files of our packages that an environment lacks."""
    (packages,) = prefix.glob("lib/python3.*/site-packages")
    ours = [path for path in kept_files() if path.parts[0] in PACKAGES]
    return {path for path in ours if not (packages / path).is_file()}


def used(prefix: Path, folder: Path) -> None:
    """Start the programs of an environment from an empty folder, which has a home of its own."""
    folder.mkdir()
    environment = plain() | {
        "PATH": f"{prefix / 'bin'}:/usr/bin:/bin",
        "PREFECT_HOME": str(folder / "prefect"),
        "TERMGATE_HOME": str(folder / "home"),
    }
    for command in PROGRAMS:
        ran(command, folder, environment)
    (packages,) = prefix.glob("lib/python3.*/site-packages")
    book = packages / "data" / "reference" / "book.xlsx"
    opening = ("termgate", "init", "--policy", "cn-2016", "--book", str(book))
    ran((*opening, "--trial", str(folder / "keys")), folder, environment)


def main() -> None:
    """Build it, look for what is missing, use it."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="termgate-image-") as name:
        folder = Path(name)
        prefix = built(folder)
        size = sum(path.stat().st_size for path in prefix.rglob("*") if path.is_file())
        if missing := missing_from(prefix):
            raise Failed(f"not in the image: {sorted(map(str, missing))[:10]}")
        used(prefix, folder / "empty")
    took = time.monotonic() - started
    sys.stdout.write(f"image: steps and programs run, {size / 1e6:.0f} MB, {took:.0f} s\n")


if __name__ == "__main__":
    main()
