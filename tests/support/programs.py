"""The programs that some tests need besides Python, and whether this machine has them.

Rules: a test that needs a program is left out where there is none, with the program's name as the
reason; in CI nothing may be left out (tests/conftest.py).
"""

from __future__ import annotations

import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def lacking(program: str) -> str:
    """Why a test is left out that needs a program."""
    return f"{program} is not on this machine"


def needs(program: str, path: str | None = None) -> pytest.MarkDecorator:
    """A mark for tests that need a program (`path`, where it has several names)."""
    return pytest.mark.skipif(not (path or shutil.which(program)), reason=lacking(program))


needs_chromium = needs("chromium", CHROMIUM)


def path_of(program: str) -> str:
    """The path of a program; without it the test is left out."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(lacking(program))
    return found
