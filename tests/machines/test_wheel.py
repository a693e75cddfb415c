"""The wheel holds all that the programs need, and they run from it, away from the source."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.machines import image
from tests.support.tree import ROOT


@pytest.mark.long
def test_the_programs_run_from_the_wheel_in_an_empty_folder(tmp_path: Path) -> None:
    prefix = tmp_path / "environment"
    venv.create(prefix, with_pip=False)
    (packages,) = prefix.glob("lib/python3.*/site-packages")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    offline = ("--no-index", "--no-deps", "--no-build-isolation")
    source = tmp_path / "source"
    image.copied([path for word, path in _copied() if word], source)
    subprocess.run((*pip, "wheel", *offline, "-w", str(tmp_path), str(source)), check=True)
    (wheel,) = tmp_path.glob("termgate-*.whl")
    into = ("--python", str(prefix), "install", "--no-index", "--no-deps", str(wheel))
    subprocess.run((*pip, *into), check=True)
    assert image.missing_from(prefix) == set()
    # Everything else is that of the tests' own environment, whose own Termgate comes after.
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    scripts = Path(sysconfig.get_path("scripts"))
    (prefix / "bin" / "prefect").symlink_to(scripts / "prefect")
    image.used(prefix, tmp_path / "empty")
    assert ROOT not in packages.parents


def _copied() -> list[tuple[str, str]]:
    from tests.machines.shipped import containerfile

    return [
        (word, one)
        for word, rest in containerfile()
        if word == "COPY" and not rest.startswith("--from")
        for one in rest.split()[:-1]
    ]
