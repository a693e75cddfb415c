"""Bundles: one file, the same bytes each time; every change in it is told, with its entry."""

import io
import json
import random
import struct
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.bundle import ENTRIES, BundleError, export_bundle, packed, read_bundle
from data.home import Home
from data.ledger import FAULTS, LedgerBroken
from data.policies import pack_bytes
from data.verify import Fault, verify, verify_bundle, verify_bundle_bytes
from schemas.canonical import digest
from schemas.registers import REGISTERS
from tests.support import cycle
from tests.support.history import (
    DISCIPLINE,
    SECRETARY,
    Row,
    bundle_of,
    bundled,
    eventful_home,
    ground,
    rechained,
    rewritten,
    signed_checkpoint,
    with_line,
)
from tests.support.places import rewrite
from tests.support.signing import private_of

FLIPS = 300
PACK = f"packs/{digest(pack_bytes('cn-2016'))}.toml"


@cache
def whole() -> tuple[bytes, tuple[Row, ...], str, str]:
    """The bundle of an eventful home, its rows, a checkpoint of all of it, and one of another."""
    with TemporaryDirectory() as folder:
        home = eventful_home(Path(folder, "home"))
        other = cycle.small_home(Path(folder, "other"))
        content = bundle_of(home, Path(folder, "bundle.zip"))
        kept = signed_checkpoint(home).text()
        return content, tuple(cycle.stored(home)), kept, signed_checkpoint(other).text()


def rows() -> list[Row]:
    return list(whole()[1])


def bodies() -> list[bytes]:
    return [body for _, _, body in rows()]


def notes() -> list[tuple[int, bytes]]:
    """The checkpoints on record."""
    return read_bundle(whole()[0]).notes


def fault_in(content: bytes, *kept: str) -> Fault | None:
    return verify_bundle_bytes(content, kept)[1]


# The file


def test_the_same_ledger_gives_the_same_bytes(tmp_path: Path) -> None:
    home = eventful_home(tmp_path / "home")
    content = bundle_of(home, tmp_path / "one.zip")
    assert bundle_of(home, tmp_path / "two.zip") == content
    entries = len(cycle.stored(home))
    assert entries > 200
    assert verify_bundle(tmp_path / "one.zip") == (entries, None) == verify(home, acts=True)


def test_it_is_an_archive_that_others_read_and_would_write() -> None:
    content = whole()[0]
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as again,
    ):
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[:3] == ["entries.txt", "head.txt", PACK]
        [places] = [one["places"] for one in map(json.loads, bodies()) if one["kind"] == "listed"]
        assert names[3] == f"places/{places}.json"
        assert digest(archive.read(names[3])) == places
        assert archive.read(PACK) == pack_bytes("cn-2016")
        assert len(names) == 6
        lines = archive.read("entries.txt").decode().splitlines()
        assert [line.split(" ", 2) for line in lines] == [
            [str(seq), name, body.decode()] for seq, name, body in rows()
        ]
        assert archive.read("head.txt").decode() == f"{rows()[-1][0]} {rows()[-1][1]}\n"
        for name in names:
            about = zipfile.ZipInfo(name)
            about.create_system = 3
            about.external_attr = 0o100644 << 16
            again.writestr(about, archive.read(name))
    assert written.getvalue() == content


def test_a_broken_ledger_is_not_exported(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path / "home")
    rewrite(home, b'"kind":"opened"', b'"kind":"opener"')
    with pytest.raises(LedgerBroken):
        export_bundle(home, tmp_path / "bundle.zip")
    assert not (tmp_path / "bundle.zip").exists()


def test_no_file_is_unreadable(tmp_path: Path) -> None:
    assert verify_bundle(tmp_path / "none.zip") == (0, Fault(0, "unreadable"))
    assert verify_bundle(tmp_path) == (0, Fault(0, "unreadable"))


# Bytes


def test_a_changed_byte_is_found_and_its_entry_named() -> None:
    content = whole()[0]
    start = content.index(b"1 ")
    ends = [start]
    for seq, name, body in rows():
        ends.append(ends[-1] + len(f"{seq} {name} \n") + len(body))
    dice = random.Random(20161231)
    for _ in range(FLIPS):
        at = dice.randrange(len(content))
        damaged = bytearray(content)
        damaged[at] ^= 1 << dice.randrange(8)
        fault = fault_in(bytes(damaged))
        assert fault is not None
        if start <= at < ends[-1]:
            seq = next(place for place, end in enumerate(ends) if at < end)
            assert fault.seq == seq
            assert fault.fault in ("changed", "removed", "moved")


@pytest.mark.parametrize("seq", [1, 2, 9, 10, 99, 100, 200])
def test_every_bit_of_a_line_s_beginning_and_end_names_it(seq: int) -> None:
    content = whole()[0]
    line = content.index(b"%d %s " % (seq, rows()[seq - 1][1].encode()))
    end = content.index(b"\n", line)
    for at in [*range(line, line + 12), *range(end - 2, end + 1)]:
        for bit in range(8):
            damaged = bytearray(content)
            damaged[at] ^= 1 << bit
            fault = fault_in(bytes(damaged))
            assert fault is not None
            assert fault.seq == seq


def test_no_byte_of_head_checkpoints_and_headers_is_free() -> None:
    content = whole()[0]
    tail = content.index(b"PK\x03\x04", 4)
    places = [*range(40), *range(tail, len(content))]
    for at in random.Random(7).sample(places, 100):
        damaged = bytearray(content)
        damaged[at] ^= 0x10
        assert fault_in(bytes(damaged)) is not None


@given(data=st.data())
def test_no_file_cut_or_longer_holds(data: st.DataObject) -> None:
    content = whole()[0]
    cut = data.draw(st.integers(0, len(content) - 1))
    assert fault_in(content[:cut]) is not None
    more = data.draw(st.binary(min_size=1, max_size=50))
    assert fault_in(content + more) == Fault(0, "unreadable")


@given(content=st.binary(max_size=200))
def test_whatever_comes_is_unreadable(content: bytes) -> None:
    assert fault_in(content) == Fault(0, "unreadable")
    assert fault_in(b"PK\x03\x04" + content) == Fault(0, "unreadable")


def repacked(change: Callable[[list[tuple[str, bytes]]], None]) -> bytes:
    """An archive of other members, by another library."""
    with zipfile.ZipFile(io.BytesIO(whole()[0])) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    change(members)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, data in members:
            about = zipfile.ZipInfo(name)
            about.create_system = 3
            about.external_attr = 0o100644 << 16
            archive.writestr(about, data)
    return written.getvalue()


def members_changed(name: str, members: list[tuple[str, bytes]]) -> None:
    match name:
        case "swapped":
            members[0], members[1] = members[1], members[0]
        case "no head":
            del members[1]
        case "more":
            members.append(("readme.txt", b""))
        case "checkpoints swapped":
            members[4], members[5] = members[5], members[4]
        case "a checkpoint twice":
            members.insert(5, members[4])
        case "a leading zero":
            members[4] = ("checkpoints/0" + members[4][0][12:], members[4][1])
        case "more packs":
            members.insert(3, (f"packs/{'f' * 64}.toml", b""))
        case "the places after a checkpoint":
            members[3], members[4] = members[4], members[3]
        case "more places":
            members.insert(4, (f"places/{'f' * 64}.json", b"[]"))
        case "places of no name":
            members[3] = ("places/1.json", members[3][1])
        case "a folder above":
            members[0] = ("../entries.txt", members[0][1])


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "name",
    [
        "swapped", "no head", "more", "checkpoints swapped", "a checkpoint twice",
        "a leading zero", "a folder above", "more packs", "the places after a checkpoint",
        "more places", "places of no name",
    ],
)  # fmt: skip
def test_other_members_are_unreadable(name: str) -> None:
    assert repacked(lambda _: None) == whole()[0]
    assert fault_in(repacked(lambda members: members_changed(name, members))) == Fault(
        0, "unreadable"
    )


def test_another_pack_or_another_list_of_places_is_told_by_the_entry_that_names_it() -> None:
    listed = next(seq for seq, _, body in rows() if json.loads(body)["kind"] == "listed")
    for place, seq in ((2, 1), (3, listed)):

        def other(members: list[tuple[str, bytes]], place: int = place) -> None:
            members[place] = (members[place][0], members[place][1] + b" ")

        assert fault_in(repacked(other)) == Fault(seq, "blob")

        def without(members: list[tuple[str, bytes]], place: int = place) -> None:
            del members[place]

        assert fault_in(repacked(without)) == Fault(seq, "blob")


def with_entries(change: Callable[[bytes], bytes]) -> bytes:
    def changed(members: list[tuple[str, bytes]]) -> None:
        members[0] = (ENTRIES, change(members[0][1]))

    return repacked(changed)


def test_lines_that_are_none_are_told_by_their_place() -> None:
    count = len(rows())
    lines = with_entries(lambda data: data).count(b"\n")
    assert lines > count
    assert fault_in(with_entries(lambda data: b"")) == Fault(0, "empty")
    assert fault_in(with_entries(lambda data: data[:-1])) == Fault(count, "changed")
    assert fault_in(with_entries(lambda data: data[:-9])) == Fault(count, "changed")
    assert fault_in(with_entries(lambda data: data + b"\n")) == Fault(count + 1, "changed")
    assert fault_in(with_entries(lambda data: b"\n" + data)) == Fault(1, "changed")
    assert fault_in(with_entries(lambda data: b" " + data)) == Fault(1, "changed")
    assert fault_in(with_entries(lambda data: b"0" + data)) == Fault(1, "changed")
    assert fault_in(with_entries(lambda data: b"-1" + data[1:])) == Fault(1, "changed")
    assert fault_in(with_entries(lambda data: b"2" + data[1:])) == Fault(1, "removed")
    assert fault_in(with_entries(lambda data: data.replace(b"\n", b"\r\n"))) == Fault(1, "changed")
    first = whole()[0].index(b"\n")
    capitals = digest(b"").upper()
    assert fault_in(with_entries(lambda data: f"1 {capitals} \n".encode())) == Fault(1, "changed")
    assert first > 0


HEADS = {
    b"": ("head", 0),
    b"\n": ("head", 0),
    b"1 %s\n" % (b"0" * 64): ("head", 0),
    b"0 %s\n" % (b"0" * 64): ("head", 0),
    b"999999 %s\n" % (b"0" * 64): ("removed", 1),
}


@pytest.mark.parametrize("head", HEADS)
def test_a_head_that_is_none_or_another_is_told(head: bytes) -> None:
    def changed(members: list[tuple[str, bytes]]) -> None:
        members[1] = ("head.txt", head)

    fault, more = HEADS[head]
    assert fault_in(repacked(changed)) == Fault(len(rows()) + more, fault)


def test_a_head_of_other_bytes_is_told() -> None:
    count, last = len(rows()), rows()[-1][1]
    for text, fault in (
        (f"{count} {last}", "head"),
        (f"{count} {last}\r\n", "head"),
        (f"0{count} {last}\n", "head"),
        (f"{count} {last.upper()}\n", "head"),
        (f"{count} {digest(b'')}\n", "changed"),
        (f"{count - 1} {rows()[-2][1]}\n", "head"),
    ):

        def changed(members: list[tuple[str, bytes]], text: str = text) -> None:
            members[1] = ("head.txt", text.encode())

        assert fault_in(repacked(changed)) == Fault(count, fault)


def test_what_is_too_large_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [(size, b"") for size in range(1, 2**16)]
    with pytest.raises(struct.error):
        packed(rows(), (1, "x"), ground(), many)


def test_reading_says_what_is_there() -> None:
    bundle = read_bundle(whole()[0])
    assert bundle.rows == rows()
    assert bundle.head == (len(rows()), rows()[-1][1])
    assert [size for size, _ in bundle.notes] == sorted(size for size, _ in bundle.notes)
    assert bundle.whole(whole()[0])
    with pytest.raises(BundleError):
        read_bundle(b"")


# Checkpoints


def filed() -> list[int]:
    """The entries that file checkpoints."""
    return [seq for seq, _, body in rows() if json.loads(body)["kind"] == "checkpointed"]


def test_a_history_holds_with_every_checkpoint_of_it() -> None:
    content, _, kept, _ = whole()
    on_record = [note.decode() for _, note in notes()]
    assert fault_in(content, *on_record, kept, *on_record) is None
    assert fault_in(bundled(rows())) is None


def test_kept_checkpoints_tell_what_was_rewritten() -> None:
    _, _, kept, _ = whole()
    # The last entry files the second checkpoint: whoever rewrites leaves out what would tell.
    forged = rows()[:-1]
    seq = notes()[0][0] + 5
    forged[seq] = rewritten(forged[seq], at="2017-01-01T00:00:00.000000+00:00")
    content = bundled(rechained(forged))
    first, (size, second) = notes()[0][1].decode(), notes()[1]
    assert size == len(forged)
    assert fault_in(content, first) is None
    assert fault_in(content, second.decode()) == Fault(size, "rewritten")
    assert fault_in(content, kept) == Fault(size + 1, "rolled-back")
    assert fault_in(content, kept, second.decode(), first) == Fault(size, "rewritten")


def test_checkpoints_on_record_tell_what_was_rewritten() -> None:
    forged = rows()
    size = notes()[0][0]
    forged[size - 2] = rewritten(forged[size - 2], at="2017-01-01T00:00:00.000000+00:00")
    assert fault_in(bundled(rechained(forged))) == Fault(size, "rewritten")


def test_a_ledger_rolled_back_is_told_by_what_was_kept() -> None:
    _, _, kept, _ = whole()
    # After the book, whose delivery is one.
    for count in (len(REGISTERS) + 10, filed()[0], len(rows()) - 1):
        content = bundled(rows()[:count])
        assert fault_in(content) is None
        assert fault_in(content, kept) == Fault(count + 1, "rolled-back")


def test_a_checkpoint_of_another_cycle_is_foreign() -> None:
    content, _, _, other = whole()
    size = int(other.split("\n")[1])
    assert fault_in(content, other) == Fault(size, "foreign")
    assert fault_in(bundled(rows(), [(size, other.encode())])) == Fault(size, "foreign")
    forged = rows()
    seq = filed()[0]
    forged[seq - 1] = rewritten(forged[seq - 1], note=other)
    assert fault_in(bundled(rechained(forged), ())) == Fault(seq, "foreign")


def test_another_first_entry_is_another_cycle() -> None:
    _, _, kept, _ = whole()
    forged = rechained([rewritten(rows()[0], book="1" * 64), *rows()[1:]])
    early = [row for row in forged if row[0] < filed()[0]]
    assert fault_in(bundled(early), kept) == Fault(len(rows()), "foreign")
    first_act = next(seq for seq, _, body in rows() if b"envelope" in body)
    assert fault_in(bundled(early)) == Fault(first_act, "signature")


def test_a_checkpoint_left_out_is_stale() -> None:
    newest = filed()[-1]
    assert fault_in(bundled(rows(), notes()[:1])) == Fault(newest, "stale")
    assert fault_in(bundled(rows(), ())) == Fault(newest, "stale")
    assert fault_in(bundled(rows(), notes()[1:])) is None


def test_kept_checkpoints_may_be_old() -> None:
    assert fault_in(whole()[0], notes()[0][1].decode()) is None


@pytest.mark.parametrize("kept", ["", "x", "\udc80", "termgate/x\n1\n"])
def test_a_kept_checkpoint_that_is_none_is_told(kept: str) -> None:
    assert fault_in(whole()[0], notes()[0][1].decode(), kept) == Fault(0, "checkpoint")
    assert verify_bundle_bytes(whole()[0], [b"\xff"])[1] == Fault(0, "checkpoint")


def test_a_checkpoint_of_too_few_or_by_strangers_does_not_hold(tmp_path: Path) -> None:
    home = eventful_home(tmp_path / "home")
    count = len(rows())
    one = signed_checkpoint(home, SECRETARY)
    stranger = with_line(signed_checkpoint(home), "o-640300-99", private_of("o-640300-99"))
    other_key = with_line(one, DISCIPLINE, private_of(DISCIPLINE, 5))
    for content in (one.text().encode(), stranger, other_key):
        assert fault_in(whole()[0], content.decode()) == Fault(count, "checkpoint")
        assert fault_in(bundled(rows(), [(count, content)])) == Fault(count, "checkpoint")
    assert fault_in(bundled(rows(), [(count, signed_checkpoint(home).text().encode())])) is None


def test_a_checkpoint_under_another_name_does_not_hold() -> None:
    size, note = notes()[1]
    assert fault_in(bundled(rows(), [(size + 1, note)])) == Fault(size + 1, "checkpoint")
    assert fault_in(bundled(rows(), [(size, b"")])) == Fault(size, "checkpoint")
    large = [(10**14, note)]
    assert fault_in(bundled(rows(), large)) == Fault(10**14, "checkpoint")


@pytest.mark.parametrize(
    "edit",
    [
        {"size": 1}, {"size": True}, {"size": "243"}, {"root": "0" * 64}, {"root": None},
        {"signers": []}, {"signers": [DISCIPLINE]}, {"signers": [1]}, {"signers": {}},
        {"note": ""}, {"note": None}, {"note": "x\n\n"},
    ],
    ids=str,
)  # fmt: skip
def test_an_entry_that_says_another_checkpoint_than_its_note_does_not_hold(
    edit: dict[str, object],
) -> None:
    seq = filed()[-1]
    forged = rows()
    forged[seq - 1] = rewritten(forged[seq - 1], **edit)
    assert fault_in(bundled(rechained(forged), notes())) == Fault(seq, "checkpoint")


def test_a_home_is_held_against_kept_checkpoints_too(tmp_path: Path) -> None:
    home = eventful_home(tmp_path / "home")
    _, _, kept, other = whole()
    count = len(rows())
    assert verify(home, checkpoints=[kept]) == (count, None)
    assert verify(home, checkpoints=[kept, other])[1] == Fault(int(other.split("\n")[1]), "foreign")
    assert verify(home, checkpoints=[""])[1] == Fault(0, "checkpoint")
    small = cycle.small_home(tmp_path / "small", planted=True, run=True)
    assert verify(small, checkpoints=[kept])[1] == Fault(
        len(cycle.stored(small)) + 1, "rolled-back"
    )


def test_an_eventful_home_holds_with_everything(tmp_path: Path) -> None:
    home: Home = eventful_home(tmp_path / "home")
    assert verify(home, blobs=True, acts=True) == (len(rows()), None)
    kinds = {json.loads(body)["kind"] for _, _, body in rows()}
    assert kinds == {
        "opened", "delivered", "submitted", "listed", "key-enrolled", "key-vouched", "key-rotated",
        "key-revoked", "signed", "refused", "waived", "withdrawn", "attempted", "decided",
        "handed-on", "checkpointed", "objected", "ruled", "proposed", "confirmed",
        "evaluator-enrolled", "evaluator-vouched", "evaluator-rotated", "evaluator-revoked",
    }  # fmt: skip


def test_every_class_has_a_text() -> None:
    assert len(FAULTS) == 21
