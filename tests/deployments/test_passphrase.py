"""Where passphrases come from: a file, the environment or the terminal, never the command line."""

import os
import pty
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from data.keyfiles import load_key
from deployments.passphrase import VARIABLE, NoPassphrase, passphrase_for
from schemas.text import LANGUAGES
from tests.support.patience import PATIENCE

PROGRAM = Path(sysconfig.get_path("scripts"), "termgate")
WORDS = "correct horse battery"
KEY = Path("key")
# A session leader without a terminal takes the first that it opens as its own.
ON_TERMINAL = "import os, sys; os.open(sys.argv[1], os.O_RDWR); os.execv(sys.argv[2], sys.argv[2:])"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("TERMGATE_LANG", "en")


def holding(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def refused(file: Path | None) -> str:
    with pytest.raises(NoPassphrase) as told:
        passphrase_for(KEY, file)
    lines = [told.value.text.render(lang=lang) for lang in LANGUAGES]
    assert all(line and "\n" not in line for line in lines)
    return lines[1]


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_a_file_holds_it_as_its_only_line(tmp_path: Path, ending: bytes) -> None:
    path = holding(tmp_path / "p", " 换届 x ".encode() + ending)
    assert passphrase_for(KEY, path) == " 换届 x "


@pytest.mark.parametrize("content", [b"", b"\n", b"one\ntwo\n", b"\none\n", b"x" * 1025])
def test_a_file_with_another_content_is_refused(tmp_path: Path, content: bytes) -> None:
    assert "only line" in refused(holding(tmp_path / "p", content))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_can_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = holding(tmp_path / "p", WORDS.encode(), mode)
    assert f"chmod 600 {path}" in refused(path)


def test_a_file_goes_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "from the environment")
    assert passphrase_for(KEY, None) == "from the environment"
    assert passphrase_for(KEY, None, new=True) == "from the environment"
    assert passphrase_for(KEY, holding(tmp_path / "p", WORDS.encode())) == WORDS


# The program


def started(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program where there is no terminal."""
    return subprocess.run(
        (str(PROGRAM), *arguments),
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def typed(*answers: str, arguments: tuple[str, ...]) -> tuple[int, str]:
    """Run the program on a terminal of its own, typing an answer to each question."""
    master, slave = pty.openpty()
    try:
        command = (sys.executable, "-c", ON_TERMINAL, os.ttyname(slave), str(PROGRAM), *arguments)
        process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        shown = b""
        for answer in answers:
            before = len(shown)
            while not shown[before:].endswith(b": "):
                shown += os.read(master, 1024)
            os.write(master, answer.encode() + b"\n")
        while chunk := _read(master):
            shown += chunk
        return process.wait(PATIENCE), shown.decode()
    finally:
        os.close(master)


def _read(master: int) -> bytes:
    try:
        return os.read(master, 1024)
    except OSError:
        # The other side of a terminal was closed.
        return b""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_a_terminal_nothing_is_waited_for(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "key"
    told = started("key", "new", str(path), "--as", "o-1", TERMGATE_LANG=lang)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.count("\n") == 1
    assert "--passphrase-file" in told.stderr
    assert VARIABLE in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_environment_gives_it(tmp_path: Path) -> None:
    path = tmp_path / "key"
    told = started("key", "new", str(path), "--as", "o-1", **{VARIABLE: WORDS})
    assert (told.returncode, told.stderr) == (0, "")
    assert WORDS not in told.stdout
    load_key(path, WORDS)


def test_the_terminal_is_asked_twice_and_shows_nothing(tmp_path: Path) -> None:
    path = tmp_path / "key"
    code, shown = typed(WORDS, WORDS, arguments=("key", "new", str(path), "--as", "o-1"))
    assert code == 0, shown
    assert WORDS not in shown
    assert f"passphrase of {path}: " in shown
    load_key(path, WORDS)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ((WORDS, "another passphrase"), "differ"),
        (("",), "no passphrase"),
        (("short",) * 2, "short"),
    ],
)
def test_what_is_typed_wrong_makes_no_key(
    tmp_path: Path, answers: tuple[str, ...], said: str
) -> None:
    code, shown = typed(*answers, arguments=("key", "new", str(tmp_path / "key"), "--as", "o-1"))
    assert code == 2, shown
    assert said in shown.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []
