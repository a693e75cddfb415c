"""The verifier of one file: short, alone, and told apart from ours by nothing but its code.

It runs as its users run it: in an empty directory, isolated, without site packages.
"""

import ast
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from data.bundle import export_bundle
from data.home import Home
from data.ledger import FAULTS
from schemas.canonical import digest
from tests.tamper.attack import Pool, size_of
from tests.tamper.material import Material, row_of
from tests.tamper.verifiers import SINGLE_FILE, by_library, by_single_file, single_file

LINES = 567
COLUMNS = 120
# Of a home only.
NOT_OF_A_BUNDLE = {"form", "state", "replay"}


@pytest.fixture
def one(pool: Pool) -> Material:
    """A ledger with checkpoints."""
    return next(told.material for told in pool.told if len(told.material.kept) > 1)


def run(
    folder: Path, *files: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    program = folder / "verify_bundle.py"
    program.write_bytes(SINGLE_FILE.read_bytes())
    return subprocess.run(
        (sys.executable, "-I", "-S", program.name, *files),
        cwd=folder,
        env={} if environment is None else environment,
        check=False,
        capture_output=True,
    )


def test_it_is_short() -> None:
    lines = SINGLE_FILE.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS


def test_it_imports_the_standard_library_alone() -> None:
    tree = ast.parse(SINGLE_FILE.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    assert names <= sys.stdlib_module_names
    assert names.isdisjoint({"importlib", "ctypes", "subprocess", "ssl", "socket", "urllib"})


def test_it_names_the_classes_of_the_library() -> None:
    assert set(single_file().ZH) == set(FAULTS) - NOT_OF_A_BUNDLE


def test_alone_in_an_empty_directory(tmp_path: Path, one: Material) -> None:
    (tmp_path / "bundle.zip").write_bytes(one.bundle())
    for place, note in enumerate(one.kept):
        (tmp_path / f"{place}.txt").write_bytes(note)
    kept = [f"{place}.txt" for place in range(len(one.kept))]
    shown = run(tmp_path, "bundle.zip", *kept)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert shown.stdout.decode().startswith(f"holds: {len(one.rows)} entries · 成立")
    assert shown.stdout.count(b"\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["bundle.zip", "verify_bundle.py", *kept]
    )


def test_what_is_tampered_with_is_named_in_one_line(tmp_path: Path, one: Material) -> None:
    rows = list(one.rows)
    rows[16] = row_of({**one.entries[16], "at": "2026-01-01"})
    (tmp_path / "bundle.zip").write_bytes(one.with_rows(rows).bundle())
    shown = run(tmp_path, "bundle.zip")
    assert (shown.returncode, shown.stderr) == (3, b"")
    assert shown.stdout.decode() == "tampered: changed 17 · 不成立：被改动（17）\n"


def test_a_kept_checkpoint_tells_of_a_rolled_back_ledger(tmp_path: Path, one: Material) -> None:
    newest = max(one.kept, key=size_of)
    left = size_of(newest) - 1
    notes = tuple(pair for pair in one.notes if pair[0] <= left)
    cut = replace(one, rows=one.rows[:left], notes=notes).headed()
    (tmp_path / "bundle.zip").write_bytes(cut.bundle())
    (tmp_path / "kept.txt").write_bytes(newest)
    assert run(tmp_path, "bundle.zip").returncode == 0
    shown = run(tmp_path, "bundle.zip", "kept.txt")
    assert shown.returncode == 3
    assert shown.stdout.decode().startswith(f"tampered: rolled-back {left + 1} ")


@pytest.mark.parametrize(
    "environment", [{}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii"}]
)
def test_its_line_is_printed_in_any_locale(
    tmp_path: Path, one: Material, environment: dict[str, str]
) -> None:
    (tmp_path / "bundle.zip").write_bytes(one.bundle())
    shown = run(tmp_path, "bundle.zip", environment=environment)
    assert shown.returncode == 0, shown.stderr
    assert "成立" in shown.stdout.decode()


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"PK\3\4" + b"\xff" * 99, b"x" * 999])
def test_what_is_no_bundle_does_not_hold(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bundle.zip").write_bytes(content)
    shown = run(tmp_path, "bundle.zip")
    assert shown.returncode == 3
    assert shown.stdout.decode() == "tampered: unreadable 0 · 不成立：无法读取（0）\n"
    assert by_library(content) == by_single_file(content) == ("unreadable", 0)


def test_a_missing_file_does_not_hold(tmp_path: Path, one: Material) -> None:
    assert run(tmp_path, "none.zip").returncode == 3
    assert run(tmp_path).returncode == 3
    (tmp_path / "bundle.zip").write_bytes(one.bundle())
    assert run(tmp_path, "bundle.zip", "none.txt").returncode == 3
    assert run(tmp_path, "bundle.zip", ".").returncode == 3


def test_whatever_is_raised_is_tampering(one: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    def raising(*_: object) -> None:
        raise MemoryError

    for name in ("members", "strict", "signed_by", "archived", "Checkpoint"):
        with monkeypatch.context() as patch:
            patch.setattr(single_file(), name, raising)
            assert by_single_file(one.bundle(), one.kept)[0] in FAULTS, name


def test_the_bundle_of_a_home_holds(tmp_path: Path, one: Material) -> None:
    home = Home(tmp_path)
    one.write(home.ledger_file)
    path = tmp_path / "bundle.zip"
    assert export_bundle(home, path) == len(one.rows)
    assert path.read_bytes() == one.bundle()
    shown = run(tmp_path, path.name)
    assert shown.returncode == 0


def test_the_cycle_and_the_file_have_nothing_else_in_common(one: Material) -> None:
    """Its answers are its own: with every module of ours gone it gives the same ones."""
    program = (
        "import runpy, sys\n"
        f"module = runpy.run_path({str(SINGLE_FILE)!r})\n"
        "print(*module['verdict'](sys.stdin.buffer.read(), []))\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in "
        "('data', 'schemas', 'tasks', 'cryptography', 'securesystemslib', 'rfc8785')))\n"
    )
    shown = subprocess.run(
        (sys.executable, "-I", "-S", "-c", program),
        input=one.bundle(),
        env={"PATH": os.environ["PATH"]},
        check=False,
        capture_output=True,
    )
    assert shown.stdout.decode().split() == [str(len(one.rows)), "[]"], shown.stderr


# Texts that libraries read differently

ODD_TEXTS = (
    b' {"x":1}', b'{"x":1}\t', b'{"x":1.0}', b'{"x":1e2}', b'{"x":-0}', b'{"x":01}', b'{"x":+1}',
    b'{"x":9007199254740991}', b'{"x":9007199254740992}', b'{"x":-9007199254740992}',
    b'{"x":' + b"9" * 5000 + b"}", b'{"x":NaN}', b'{"x":-Infinity}', b'{"x":1,"x":1}',
    b'{"x":1,"\\u0078":1}', b'{"x":"\\ud800"}', b'{"x":"\\udc00\\ud800"}', b'{"\\ud800":1}',
    b'{"x":"\\ud83d\\ude00"}', b'{"x":"\xed\xa0\x80"}', b'{"x":"\xff"}', b'\xef\xbb\xbf{"x":1}',
    b'{"x":"\x01"}', b'{"x":"\x7f"}', b'{"x":"a\tb"}', b'{"x":"\\/"}', b'{"x":"\\x41"}',
    b'{"x":' + b"[" * 63 + b"]" * 63 + b"}", b'{"x":' + b"[" * 64 + b"]" * 64 + b"}",
    b'{"x":' + b'{"x":' * 63 + b"1" + b"}" * 64, b'{"x":' + b'{"x":' * 64 + b"1" + b"}" * 65,
    b'{"x":"' + b"[" * 99 + b'"}', b"[" * 100_000, b'{"x":' * 100_000, b"[]", b"1", b'"x"', b"null",
    b"", b"{", b"{}", b'{"x":1,}', b"{'x':1}", b'{"x":1}{"x":1}', b'{"x":tru}', b'{x:1}',
    '{"x":１}'.encode(), '{"x":"\u2028"}'.encode(), '{"x":1}\u00a0'.encode(), b'{"x":1}\x0b',
    b'{"x":\x0c1}', b'\x00{\x00}', '{"x":1}'.encode("utf-16"), b'{"x":"\\u12"}', b'{"x":"\\u 123"}',
)  # fmt: skip


@pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_json_is_read_alike(one: Material, text: bytes) -> None:
    """Put in behind the fields of the first entry where that can be, and alone."""
    body = one.rows[0][2]
    inside = body[:-1] + b"," + text.strip()[1:] if text.strip().startswith(b"{") else text
    for made in (text, inside):
        rows = [(1, digest(made), made), *one.rows[1:]]
        bundle = one.with_rows(rows).bundle()
        assert by_library(bundle) == by_single_file(bundle)
