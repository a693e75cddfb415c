"""The same job in other engines: their scripts, each in a virtual environment of its own.

Rules: an environment is made only when asked for; a peer without script or environment is skipped
with a line that says so; what a peer writes goes to a temporary folder.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

# Airflow runs a DAG only if its folder has it: this loads the script's there without running it.
AIRFLOW_DAG = """\
import runpy
import types
from airflow.sdk import DAG

test = DAG.test
DAG.test = lambda self: types.SimpleNamespace(state=None)
try:
    dag = runpy.run_path({script!r})["dag"]
finally:
    DAG.test = test
"""
INSTALL_SECONDS = 900
RUN_SECONDS = 1800
UNITS = 116


@dataclass(frozen=True)
class Engine:
    """A peer: its packages, the first of which is itself, and what must run once before it."""

    name: str
    packages: tuple[str, ...]
    before: tuple[str, ...] = ()

    @property
    def script(self) -> str:
        """The name of its script."""
        return f"{self.name}_cycle.py"


ENGINES = (
    Engine("dbos", ("dbos", "pandas")),
    Engine("airflow", ("apache-airflow", "pandas"), before=("airflow", "db", "migrate")),
    Engine("dagster", ("dagster", "pandas")),
)


class Absent(Exception):
    """A peer cannot be run; the message says why."""


def cache_folder() -> Path:
    """Where environments are kept unless another place is named."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "termgate" / "peers"


def _program(environment: Path, name: str) -> Path:
    return environment / "bin" / name


def install(engine: Engine, environments: Path) -> None:
    """Make the environment of an engine, unless it is there.

    Raises:
        Absent: it could not be installed.
    """
    environment = environments / engine.name
    if (environment / ".made").is_file():
        return
    venv.create(environment, with_pip=True, clear=True)
    pip = [str(_program(environment, "python")), "-m", "pip", "install", "--quiet"]
    try:
        done = subprocess.run(
            [*pip, *engine.packages],
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Absent(f"not installed within {INSTALL_SECONDS} s") from None
    if done.returncode:
        raise Absent(f"not installed: {_last_line(done.stderr)}")
    (environment / ".made").touch()


def version(engine: Engine, environments: Path) -> str:
    """The version that is installed.

    Raises:
        Absent: there is no environment.
    """
    python = _program(environments / engine.name, "python")
    if not python.is_file():
        raise Absent("no environment; make it with --install")
    asked = f"import importlib.metadata as m; print(m.version({engine.packages[0]!r}))"
    done = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Absent("its environment is not whole; make it again with --install")
    return done.stdout.strip()


def run(engine: Engine, environments: Path, scripts: Path) -> tuple[float, float]:
    """Run a peer's script.

    Returns:
        Seconds for the gates, and seconds for its start and imports.

    Raises:
        Absent: there is no script, or it failed.
    """
    script = (scripts / engine.script).resolve()
    if not script.is_file():
        raise Absent(f"no {engine.script}")
    environment = environments / engine.name
    with tempfile.TemporaryDirectory(prefix="termgate-peer-") as folder:
        surroundings = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": folder,
            "TMPDIR": folder,
            "LANG": "C.UTF-8",
            "DO_NOT_TRACK": "1",
            "SCARF_ANALYTICS": "false",
            "AIRFLOW_HOME": folder,
            "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        }
        if engine.name == "airflow":
            dags = Path(folder) / "dags"
            dags.mkdir()
            (dags / engine.script).write_text(AIRFLOW_DAG.format(script=str(script)))
        if engine.before:
            program, *rest = engine.before
            _output([_program(environment, program), *rest], surroundings, folder)
        found = _output([_program(environment, "python"), script, UNITS], surroundings, folder)
    last = _last_line(found)
    told = re.search(rf"gates={UNITS * 5} (?:start|import)=([\d.]+)s run=([\d.]+)s", last)
    if told is None:
        raise Absent(f"its script did not say how long it took: {last}")
    return float(told[2]), float(told[1])


def _output(command: list[Path | str | int], surroundings: dict[str, str], folder: str) -> str:
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=surroundings,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Absent(f"did not run: {type(error).__name__}") from None
    if done.returncode:
        raise Absent(f"failed: {_last_line(done.stderr or done.stdout)}")
    return done.stdout


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no output"
