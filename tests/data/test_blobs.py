"""The blob store: complete or absent, and never an answer that is not what was kept."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.blobs import BlobError, BlobStore, Folder, write_durably
from schemas.canonical import digest
from schemas.text import LANGUAGES


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "blobs")


@pytest.fixture
def store(folder: Folder) -> BlobStore:
    return BlobStore(folder.folder)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@given(content=st.binary(max_size=200))
def test_what_is_kept_comes_back(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    store = BlobStore(tmp_path_factory.getbasetemp() / "kept")
    name = store.put(content)
    assert name == digest(content)
    assert store.get(name) == content


def test_the_same_content_is_kept_once(store: BlobStore, folder: Folder) -> None:
    name = store.put(b"content")
    before = folder.path(name).stat()
    assert store.put(b"content") == name
    after = folder.path(name).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert len(files(folder.folder)) == 1


DAMAGES: dict[str, Callable[[Path], object]] = {
    "changed": lambda path: path.write_bytes(b"Content"),
    "cut": lambda path: path.write_bytes(b"conten"),
    "emptied": lambda path: path.write_bytes(b""),
    "longer": lambda path: path.write_bytes(b"content\n"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_changed_blob_is_an_error_that_names_it(
    store: BlobStore, folder: Folder, damage: str
) -> None:
    name = store.put(b"content")
    DAMAGES[damage](folder.path(name))
    with pytest.raises(BlobError) as told:
        store.get(name)
    for lang in LANGUAGES:
        assert name in told.value.text.render(lang=lang)
    assert "changed" in told.value.text.en


def test_a_missing_blob_is_an_error_that_names_it(store: BlobStore, folder: Folder) -> None:
    name = store.put(b"content")
    folder.path(name).unlink()
    with pytest.raises(BlobError) as told:
        store.get(name)
    assert name in told.value.text.zh
    assert f"{name} is missing" in told.value.text.en


@pytest.mark.parametrize("damage", DAMAGES)
def test_keeping_it_again_mends_a_damaged_blob(
    store: BlobStore, folder: Folder, damage: str
) -> None:
    name = store.put(b"content")
    DAMAGES[damage](folder.path(name))
    store.put(b"content")
    assert store.get(name) == b"content"


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_write_that_fails_leaves_nothing_behind(
    store: BlobStore, folder: Folder, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if step == "fsync" else Path, step, full)
    with pytest.raises(OSError, match="No space"):
        store.put(b"content")
    assert files(folder.folder) == []


def test_a_write_that_fails_leaves_the_file_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_durably(path, b"before")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_durably(path, b"after")
    assert files(tmp_path) == [path]
    assert path.read_bytes() == b"before"


def test_file_and_folder_are_on_disk_before_it_returns(
    store: BlobStore, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    synced, renamed = os.fsync, Path.rename

    def fsync(handle: int) -> None:
        steps.append("folder" if Path(f"/proc/self/fd/{handle}").is_dir() else "file")
        synced(handle)

    def rename(self: Path, target: Path) -> Path:
        steps.append("rename")
        return renamed(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "rename", rename)
    store.put(b"content")
    assert steps == ["file", "rename", "folder"]
