"""The commands about keys: made, enrolled, vouched for, rotated, revoked and listed."""

import base64
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.home import Home
from data.keyfiles import load_key, public_of
from deployments.passphrase import VARIABLE
from schemas.envelopes import fingerprint, raw_public
from schemas.vocabulary import Outcome
from tests.authority.scene import LIAISON, case_of
from tests.deployments.conftest import By
from tests.support import cycle
from tests.support.command import BAD_INPUT, CLOSED, DONE, Run, answer
from tests.support.keyfiles import PASSPHRASE, key_of
from tests.support.signing import UNKNOWN, who

# The city's secretary and discipline commission hold keys; these do not yet.
OFFICER, OTHER, VOUCHER, DISCIPLINE = "o-640302-03", "o-640302-09", "o-640302-01", "o-640302-02"
WORDS = ["active", "waits for a voucher", "replaced", "revoked"]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The small cycle, with keys for those who sign its gates."""
    made = cycle.small_home(tmp_path / "home")
    monkeypatch.setenv("TERMGATE_HOME", str(made.path))
    return made


def listed(termgate: Run, officer: str) -> list[dict[str, Any]]:
    return [one for one in answer(termgate, "key", "list") if one["officer"] == officer]


# Making


def test_a_pair_is_made_and_told(tmp_path: Path, termgate: Run, key_file: object) -> None:
    path = tmp_path / "key"
    told = answer(termgate, "key", "new", str(path), "--as", OFFICER)
    assert told["officer"] == OFFICER
    assert (told["file"], told["public_file"]) == (str(path), f"{path}.pub")
    public = base64.b64decode(told["public"])
    assert public == public_of(tmp_path / "key.pub") == raw_public(load_key(path, PASSPHRASE))
    assert told["key"] == hashlib.sha256(public).hexdigest()
    assert PASSPHRASE not in json.dumps(told)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_who_makes_a_key_is_told_what_to_do_next(
    tmp_path: Path, termgate: Run, key_file: object, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    code, out, err = termgate("key", "new", str(tmp_path / "key"), "--as", OFFICER)
    assert (code, err) == (DONE, "")
    assert f"termgate key enrol {OFFICER} --key {tmp_path / 'key'}" in out


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_openssh_key_is_converted(
    tmp_path: Path, termgate: Run, key_file: object, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    old, new = key_of(tmp_path / "old", OFFICER), tmp_path / "new"
    told = answer(termgate, "key", "convert", str(old), str(new), "--as", OFFICER)
    assert (told["key"], told["file"]) == (who(OFFICER).key, str(new))
    assert raw_public(load_key(new, PASSPHRASE)) == who(OFFICER).public
    # What was written is not written over, and what is no key is said to be none.
    assert termgate("key", "convert", str(old), str(new), "--as", OFFICER)[0] == BAD_INPUT
    (old.parent / "no-key").write_text("no key")
    (old.parent / "no-key").chmod(0o600)
    again = ("key", "convert", str(old.parent / "no-key"), f"{new}-2", "--as", OFFICER)
    assert termgate(*again)[0] == BAD_INPUT


def test_what_cannot_be_made_is_refused_before_a_passphrase_is_asked_for(
    tmp_path: Path, termgate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    (tmp_path / "key").write_text("mine")
    for path, officer, word in (
        (tmp_path / "key", OFFICER, "never written over"),
        (tmp_path / "absent" / "key", OFFICER, "folder"),
        (tmp_path / "other", "O 1", "lower-case"),
    ):
        code, out, err = termgate("key", "new", str(path), "--as", officer)
        assert (code, out) == (BAD_INPUT, "")
        assert word in err
    monkeypatch.setenv(VARIABLE, "short")
    assert "too short" in termgate("key", "new", str(tmp_path / "other"), "--as", OFFICER)[2]
    assert [one.name for one in tmp_path.iterdir()] == ["key"]


# On record


def test_the_founders_keys_are_active_at_once(
    tmp_path: Path, termgate: Run, key_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = cycle.open_home(tmp_path / "new", cycle.small_rows())
    monkeypatch.setenv("TERMGATE_HOME", str(home.path))
    for officer, state in (("o-640300-01", "active at once"), ("o-640300-02", "active at once"),
                           (VOUCHER, "not yet active"), (OFFICER, "not yet active")):  # fmt: skip
        code, out, err = termgate("key", "enrol", officer, "--key", str(key_file(officer)))
        assert (code, err) == (DONE, "")
        assert state in out


def test_a_key_is_enrolled_vouched_for_rotated_and_revoked(
    opened: Home, termgate: Run, key_file: Callable[..., Path], by: By
) -> None:
    entry = answer(termgate, "key", "enrol", OFFICER, "--key", str(key_file(OFFICER)))
    assert (entry["kind"], entry["key"]) == ("key-enrolled", who(OFFICER).key)
    (pending,) = listed(termgate, OFFICER)
    assert pending["state"] == "pending"
    assert (pending["enrolled"], pending["active"]) == (entry["seq"], None)
    assert pending["verifier"].startswith(f"{OFFICER}+")

    vouched = answer(termgate, "key", "vouch", OFFICER, fingerprint(who(OFFICER).key), *by(VOUCHER))
    assert (vouched["kind"], vouched["voucher"]) == ("key-vouched", VOUCHER)
    (active,) = listed(termgate, OFFICER)
    assert (active["state"], active["active"]) == ("one-voucher", vouched["seq"])
    assert (active["full"], active["vouchers"]) == (None, [VOUCHER])
    second = answer(
        termgate, "key", "vouch", OFFICER, fingerprint(who(OFFICER).key), *by(DISCIPLINE)
    )
    (active,) = listed(termgate, OFFICER)
    assert (active["state"], active["full"]) == ("active", second["seq"])
    assert active["vouchers"] == [VOUCHER, DISCIPLINE]
    resting = answer(termgate, "key", "list", "--rests-on", fingerprint(who(VOUCHER).key))
    assert OFFICER in {one["officer"] for one in resting}
    assert VOUCHER not in {one["officer"] for one in resting}
    assert active["organ"] == "organisation-department"

    keys = ("--key", str(key_file(OFFICER)), "--new", str(key_file(OFFICER, 2)))
    rotated = answer(termgate, "key", "rotate", OFFICER, *keys)
    assert (rotated["kind"], rotated["previous"]) == ("key-rotated", who(OFFICER).key)
    old, new = listed(termgate, OFFICER)
    assert (old["state"], old["replaced"]) == ("replaced", rotated["seq"])
    assert (new["state"], new["key"]) == ("active", who(OFFICER, 2).key)

    revoked = answer(termgate, "key", "revoke", OFFICER, "--reason", "laptop lost", *by(DISCIPLINE))
    assert (revoked["kind"], revoked["by"]) == ("key-revoked", DISCIPLINE)
    assert "laptop" not in json.dumps(revoked)
    assert [one["state"] for one in listed(termgate, OFFICER)] == ["replaced", "revoked"]

    other = answer(termgate, "key", "enrol", OTHER, "--key", str(key_file(OTHER)))
    code, out, _ = termgate("key", "list")
    assert code == DONE
    assert [word for word in WORDS if word not in out] == []
    assert fingerprint(other["key"]) in out


def test_revoking_a_key_that_holds_gates_open_asks_first(
    tmp_path: Path, termgate: Run, by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked at a terminal, refused elsewhere without `--yes`; rotated, what it signed stands."""
    case = case_of("open", tmp_path / "home")
    monkeypatch.setenv("TERMGATE_HOME", str(case.home.path))
    revoke = ("key", "revoke", VOUCHER, "--reason", "lost", *by(DISCIPLINE))
    code, out, err = termgate(*revoke)
    assert (code, out) == (BAD_INPUT, "")
    assert "--yes" in err
    with monkeypatch.context() as terminal:
        terminal.setattr(sys.stdin, "isatty", lambda: True)
        terminal.setattr("builtins.input", lambda _question: "no")
        code, out, _ = termgate(*revoke)
    assert code == CLOSED
    assert "gates that stand open and close: 1" in out
    assert cycle.entries(case.home, "key-revoked") == []
    # Who may not, is told that, and not what it would do.
    assert "--yes" not in termgate("key", "revoke", VOUCHER, "--reason", "x", *by(LIAISON))[2]
    rotate = ("key", "rotate", VOUCHER, "--key", by(VOUCHER)[3], "--new", by(VOUCHER, 2)[3])
    assert termgate(*rotate)[0] == DONE
    assert case.launch() is Outcome.OPEN
    # The new key signed nothing yet.
    assert termgate(*revoke)[0] == DONE
    assert case.launch() is Outcome.OPEN


def test_a_key_revoked_with_yes_closes_them(
    tmp_path: Path, termgate: Run, by: By, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_of("open", tmp_path / "home")
    monkeypatch.setenv("TERMGATE_HOME", str(case.home.path))
    revoked = answer(
        termgate, "key", "revoke", VOUCHER, "--reason", "lost", "--yes", *by(DISCIPLINE)
    )
    assert revoked["kind"] == "key-revoked"
    assert case.launch() is Outcome.WAITING


def test_two_keys_that_wait_are_an_alarm(
    opened: Home, termgate: Run, key_file: Callable[..., Path]
) -> None:
    for number, alarmed in ((1, False), (2, True)):
        answer(termgate, "key", "enrol", OFFICER, "--key", str(key_file(OFFICER, number)))
        out = " ".join(termgate("key", "list")[1].split())
        assert (f"more than one key waits for a voucher: {OFFICER}" in out) is alarmed


def test_two_keys_may_have_two_passphrases(
    opened: Home,
    termgate: Run,
    key_file: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new = tmp_path / "new"
    monkeypatch.setenv(VARIABLE, "quite another passphrase")
    assert termgate("key", "new", str(new), "--as", VOUCHER)[0] == DONE
    monkeypatch.delenv(VARIABLE)
    files = []
    for name, words in (("one", PASSPHRASE), ("two", "quite another passphrase")):
        files.append(tmp_path / name)
        files[-1].write_text(words + "\n")
        files[-1].chmod(0o600)
    rotate = ("key", "rotate", VOUCHER, "--key", str(key_file(VOUCHER)), "--new", str(new),
              "--passphrase-file", str(files[0]))  # fmt: skip
    assert "wrong passphrase" in termgate(*rotate)[2]
    monkeypatch.delenv(VARIABLE, raising=False)
    assert termgate(*rotate, "--new-passphrase-file", str(files[1]))[0] == DONE
    assert [one["state"] for one in listed(termgate, VOUCHER)] == ["replaced", "active"]


@pytest.mark.parametrize(
    ("words", "officer", "code"),
    [
        (["key", "enrol", VOUCHER], VOUCHER, "has-key"),
        (["key", "enrol", "o-999"], "o-999", "unknown-officer"),
        (["key", "vouch", OFFICER, UNKNOWN], VOUCHER, "no-request"),
        (["key", "revoke", DISCIPLINE, "--reason", "x"], VOUCHER, "may-not-revoke"),
        (["key", "revoke", VOUCHER, "--reason", " "], DISCIPLINE, "no-reason"),
    ],
)
def test_an_attempt_is_refused_in_one_line_and_on_record(
    opened: Home,
    termgate: Run,
    key_file: Callable[..., Path],
    words: list[str],
    officer: str,
    code: str,
) -> None:
    acting = [] if words[1] == "enrol" else ["--as", officer]
    got, out, err = termgate(*words, *acting, "--key", str(key_file(officer)))
    assert (got, out) == (BAD_INPUT, "")
    assert err.count("\n") == 1
    (attempt,) = cycle.entries(opened, "attempted")
    assert (attempt["act"], attempt["code"]) == (words[1], code)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_before_anybody_enrols_the_deliverer_s_key_is_listed(
    tmp_path: Path, termgate: Run, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    home = cycle.open_home(tmp_path / "home", cycle.small_rows())
    monkeypatch.setenv("TERMGATE_LANG", lang)
    (one,) = answer(termgate, "key", "list", "--home", str(home.path))
    assert (one["officer"], one["state"]) == (cycle.OFFICER, "active")
    assert termgate("key", "list", "--home", str(home.path))[0] == DONE
