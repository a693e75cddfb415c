"""Checkpoints: made, signed by officers of two organs, filed, and held against other histories."""

from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.acts import Keyring
from data.checkpoints import (
    FAULTS,
    CheckpointRefused,
    file_checkpoint,
    is_complete,
    new_checkpoint,
    read_checkpoint,
    read_log,
    sign_checkpoint,
)
from data.home import Home
from data.ledger import Ledger, LedgerBroken
from data.verify import verify
from schemas.envelopes import raw_public
from schemas.merkle import leaf_hashes, root
from schemas.notes import Note, NoteError, VerifierKey, signed, verified
from schemas.text import LANGUAGES
from tasks.officers import keys
from tasks.officers.recording import Recorder
from tests.support import cycle
from tests.support.history import (
    DISCIPLINE,
    ORGANISATION,
    SECRETARY,
    filed_checkpoint,
    keys_of,
    signed_checkpoint,
    with_line,
)
from tests.support.places import rewrite
from tests.support.signing import private_of, who


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return cycle.small_home(tmp_path / "home", planted=True)


def refusal(home: Home, content: bytes, *, by: str = "", key: int = 1) -> str:
    """Why a checkpoint is not signed (`by` an officer), or not filed."""
    before = cycle.stored(home)
    act = (
        partial(sign_checkpoint, officer=by, private=private_of(by, key)) if by else file_checkpoint
    )
    with pytest.raises(CheckpointRefused) as refused:
        act(home, content)
    assert cycle.stored(home) == before
    return refused.value.code


# Made, signed, filed


def test_a_checkpoint_says_cycle_size_and_root(home: Home) -> None:
    rows = cycle.stored(home)
    checkpoint = new_checkpoint(home)
    assert (checkpoint.cycle, checkpoint.size) == (rows[0][1], len(rows))
    assert checkpoint.root == root(leaf_hashes(body for _, _, body in rows))
    lines = checkpoint.text().split("\n")
    assert lines[:2] == [f"termgate/{rows[0][1]}", str(len(rows))]
    assert lines[3:] == ["", ""]


def test_two_organs_complete_it(home: Home) -> None:
    log = read_log(Ledger(home.ledger))
    first = new_checkpoint(home)
    one = sign_checkpoint(home, first.text().encode(), SECRETARY, private_of(SECRETARY))
    assert not is_complete(one, log.keys)
    two = sign_checkpoint(home, one.text().encode(), DISCIPLINE, private_of(DISCIPLINE))
    assert is_complete(two, log.keys)
    assert two.signers == (SECRETARY, DISCIPLINE)
    known = [VerifierKey(key.officer, key.public) for key in keys_of(home)]
    note, signers = verified(two.text().encode(), known)
    assert (note, [key.name for key in signers]) == (two.note, [SECRETARY, DISCIPLINE])


def test_it_is_filed_as_an_entry(home: Home) -> None:
    before = len(cycle.stored(home))
    checkpoint = filed_checkpoint(home, SECRETARY, DISCIPLINE)
    entry = cycle.entries(home)[-1]
    assert (entry["kind"], entry["seq"]) == ("checkpointed", before + 1)
    assert (entry["size"], entry["root"]) == (before, checkpoint.root.hex())
    assert entry["note"] == checkpoint.text()
    assert entry["signers"] == [SECRETARY, DISCIPLINE]
    assert verify(home, acts=True, checkpoints=[checkpoint.text()]) == (before + 1, None)


def test_what_came_between_does_not_matter(home: Home) -> None:
    checkpoint = signed_checkpoint(home)
    cycle.deliver(home, "officers", cycle.small_rows()["officers"][:1])
    file_checkpoint(home, checkpoint.text().encode())
    assert verify(home, acts=True)[1] is None


# Not signed, not filed


def test_one_organ_is_not_enough(home: Home) -> None:
    same = [key.officer for key in keys_of(home) if key.organ == "scrutineer"][:2]
    assert len(same) == 2
    assert refusal(home, new_checkpoint(home).text().encode()) == "incomplete"
    assert refusal(home, signed_checkpoint(home, SECRETARY).text().encode()) == "incomplete"
    assert refusal(home, signed_checkpoint(home, *same).text().encode()) == "incomplete"


def test_nobody_signs_twice_or_without_a_key_of_theirs(home: Home) -> None:
    content = signed_checkpoint(home, SECRETARY).text().encode()
    assert refusal(home, content, by=SECRETARY) == "signed-already"
    assert refusal(home, content, by=SECRETARY, key=2) == "key"
    assert refusal(home, content, by="o-640300-99") == "key"


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\n\n", b"x", b"\xff\n\n", b"termgate/x\n1\ny\n\n"]
)
def test_what_is_no_checkpoint_is_refused(home: Home, content: bytes) -> None:
    assert refusal(home, content, by=SECRETARY) == "form"
    assert refusal(home, content) == "form"


def test_another_cycle_s_is_refused(home: Home, tmp_path: Path) -> None:
    other = cycle.open_home(tmp_path / "other", cycle.small_rows())
    content = new_checkpoint(other).text().encode()
    assert refusal(home, content, by=SECRETARY) == "other-cycle"
    assert refusal(home, content) == "other-cycle"


def test_another_history_s_is_refused(home: Home, tmp_path: Path) -> None:
    later = cycle.small_home(tmp_path / "later", planted=True)
    cycle.deliver(later, "officers", cycle.small_rows()["officers"][:1])
    content = signed_checkpoint(later).text().encode()
    assert refusal(home, content, by=ORGANISATION) == "other-history"
    cycle.deliver(home, "officers", cycle.small_rows()["officers"][1:2])
    assert refusal(home, content, by=ORGANISATION) == "other-history"
    assert refusal(home, content) == "other-history"


def test_an_older_one_is_not_filed_again(home: Home) -> None:
    older = signed_checkpoint(home).text().encode()
    filed_checkpoint(home)
    assert refusal(home, older) == "filed"


def test_a_key_counts_from_its_entry_until_it_is_revoked(home: Home) -> None:
    before = signed_checkpoint(home, SECRETARY).text().encode()
    keys.rotate(Recorder(home), who(DISCIPLINE), private_of(DISCIPLINE, 2))
    assert refusal(home, before, by=DISCIPLINE) == "key"
    assert refusal(home, before, by=DISCIPLINE, key=2) == "key-newer"
    both = signed_checkpoint(home, SECRETARY, ORGANISATION).text().encode()
    keys.revoke(Recorder(home), ORGANISATION, who(DISCIPLINE, 2), "密钥遗失")
    assert refusal(home, both) == "key-revoked"
    assert refusal(home, both, by=ORGANISATION) == "signed-already"
    assert refusal(home, new_checkpoint(home).text().encode(), by=ORGANISATION) == "key"


def test_a_line_by_a_stranger_spoils_it(home: Home) -> None:
    checkpoint = signed_checkpoint(home)
    stranger = with_line(checkpoint, "o-640300-99", private_of("o-640300-99"))
    assert refusal(home, stranger) == "key"
    assert refusal(home, stranger, by=ORGANISATION) == "key"


def test_nothing_is_signed_or_filed_on_a_broken_ledger(home: Home) -> None:
    content = signed_checkpoint(home).text().encode()
    rewrite(home, b'"kind":"opened"', b'"kind":"opening')
    with pytest.raises(LedgerBroken):
        new_checkpoint(home)
    with pytest.raises(LedgerBroken):
        file_checkpoint(home, content)
    with pytest.raises(LedgerBroken):
        sign_checkpoint(home, content, ORGANISATION, private_of(ORGANISATION))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", FAULTS)
def test_every_refusal_is_told(code: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERMGATE_LANG", lang)
    assert str(CheckpointRefused(code)) == FAULTS[code].render(lang=lang)  # type: ignore[arg-type]


# The form


@cache
def complete() -> tuple[bytes, Keyring]:
    """A complete checkpoint, and the keys that it holds under."""
    with TemporaryDirectory() as folder:
        home = cycle.small_home(Path(folder), planted=True)
        return signed_checkpoint(home).text().encode(), read_log(Ledger(home.ledger)).keys


@given(data=st.data())
def test_no_changed_byte_of_a_checkpoint_holds(data: st.DataObject) -> None:
    content, keyring = complete()
    assert is_complete(read_checkpoint(content), keyring)
    at = data.draw(st.integers(0, len(content) - 1))
    damaged = bytearray(content)
    damaged[at] ^= data.draw(st.integers(1, 255))
    try:
        checkpoint = read_checkpoint(bytes(damaged))
    except NoteError:
        return
    assert not is_complete(checkpoint, keyring)


def edited(text: str) -> bytes:
    """A note with another text, and somebody's signature under it."""
    key = private_of(SECRETARY)
    named = VerifierKey(SECRETARY, raw_public(key))
    return signed(Note(text), named, key.sign).content()


CYCLE = "ab" * 32
ROOT = "A" * 43 + "="
TEXTS = {
    "another origin": f"termgat/{CYCLE}\n1\n{ROOT}\n",
    "a short cycle": f"termgate/{CYCLE[1:]}\n1\n{ROOT}\n",
    "capitals": f"termgate/{CYCLE.upper()}\n1\n{ROOT}\n",
    "no size": f"termgate/{CYCLE}\n0\n{ROOT}\n",
    "a leading zero": f"termgate/{CYCLE}\n01\n{ROOT}\n",
    "another script's digits": f"termgate/{CYCLE}\n\u0661\n{ROOT}\n",
    "a size too large": f"termgate/{CYCLE}\n{10**15}\n{ROOT}\n",
    "a short root": f"termgate/{CYCLE}\n1\nAAAA\n",
    "no base64": f"termgate/{CYCLE}\n1\n{'A' * 42}\n",
    "base64 in another spelling": f"termgate/{CYCLE}\n1\n{'A' * 42}B=\n",
    "an extension line": f"termgate/{CYCLE}\n1\n{ROOT}\nmore\n",
    "an empty line": f"termgate/{CYCLE}\n1\n{ROOT}\n\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_another_text_is_no_checkpoint(name: str) -> None:
    with pytest.raises(NoteError):
        read_checkpoint(edited(TEXTS[name]))


def test_lines_are_officers_and_stand_once() -> None:
    text = f"termgate/{CYCLE}\n1\n{ROOT}\n"
    content = edited(text)
    assert read_checkpoint(content).size == 1
    line = content.decode().rpartition("\n\n")[2]
    for damaged in (
        content + line.encode(),
        content.replace(SECRETARY.encode(), b"example.org/witness"),
        content.replace(SECRETARY.encode(), b"a" * 65),
        content.replace(line[-94:].encode(), b"AAAAAAAA\n"),
    ):
        assert damaged != content
        with pytest.raises(NoteError):
            read_checkpoint(damaged)
