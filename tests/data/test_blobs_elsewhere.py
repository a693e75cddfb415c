"""Blobs behind an address: the rules of a folder hold in memory, in files and in an S3 store."""

import multiprocessing
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import fsspec
import pytest

from data.blobs import BlobAddress, BlobError, BlobsAway, BlobStore
from data.home import Home
from data.verify import verify
from deployments.cli import run_command
from schemas.canonical import digest
from schemas.text import LANGUAGES, Refusal
from schemas.vocabulary import Stage
from tests.support import cycle
from tests.support.objects import SECRET, object_store
from tests.support.patience import PATIENCE
from tests.support.stages import run_stage

CONTENT = b"content"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with object_store() as url:
        yield url


@pytest.fixture(params=["memory", "file", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "s3":
        return f"{request.getfixturevalue('s3')}/{uuid4().hex}"
    return f"memory://{uuid4().hex}" if request.param == "memory" else f"file://{tmp_path}/blobs"


def elsewhere(url: str, name: str) -> tuple[Any, str]:
    """The object itself, past the store."""
    system, root = fsspec.core.url_to_fs(url)
    return system, f"{root}/{name[:2]}/{name[2:]}"


def test_what_is_kept_comes_back(url: str) -> None:
    store = BlobStore(BlobAddress(url))
    for content in (CONTENT, b"", bytes(range(256)) * 5000):
        name = store.put(content)
        assert name == digest(content)
        assert BlobStore(BlobAddress(url)).get(name) == content
        assert store.put(content) == name


@pytest.mark.parametrize("damaged", [b"Content", b"conten", b""])
def test_a_changed_blob_is_named_and_mended_by_keeping_it_again(url: str, damaged: bytes) -> None:
    store = BlobStore(BlobAddress(url))
    name = store.put(CONTENT)
    system, path = elsewhere(url, name)
    system.pipe_file(path, damaged)
    with pytest.raises(BlobError, match=name) as told:
        store.get(name)
    assert not told.value.missing
    store.put(CONTENT)
    assert store.get(name) == CONTENT


def test_a_missing_blob_is_named(url: str) -> None:
    store = BlobStore(BlobAddress(url))
    name = store.put(CONTENT)
    system, path = elsewhere(url, name)
    system.rm_file(path)
    with pytest.raises(BlobError, match=name) as told:
        store.get(name)
    assert told.value.missing


def _get_in_child(url: str, name: str, told: Any) -> None:
    told.put(BlobStore(BlobAddress(url)).get(name))


def test_a_forked_process_reads_what_its_parent_kept(s3: str) -> None:
    name = BlobStore(BlobAddress(s3)).put(CONTENT)
    context = multiprocessing.get_context("fork")
    told = context.Queue()
    child = context.Process(target=_get_in_child, args=(s3, name, told))
    child.start()
    assert told.get(timeout=PATIENCE) == CONTENT
    child.join(PATIENCE)
    assert not child.is_alive()
    assert BlobStore(BlobAddress(s3)).get(name) == CONTENT


# A store that does not answer


def away(monkeypatch: pytest.MonkeyPatch, how: str, s3: str) -> str:
    if how == "no server":
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        return f"{s3}/away"
    if how == "no bucket":
        return "s3://there-is-no-such-bucket/cycle"
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", "/nonexistent")
    return f"{s3}/away"


@pytest.mark.parametrize("how", ["no server", "no bucket", "no credentials"])
def test_a_store_that_does_not_answer_is_told_and_keeps_its_secrets(
    monkeypatch: pytest.MonkeyPatch, s3: str, how: str
) -> None:
    url = away(monkeypatch, how, s3)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    store = BlobStore(BlobAddress(url))
    with pytest.raises(BlobsAway) as told:
        store.put(CONTENT)
    for lang in LANGUAGES:
        line = told.value.text.render(lang=lang)
        assert "\n" not in line
        assert digest(CONTENT) in line
    assert SECRET not in "".join(traceback.format_exception(told.value))
    fsspec.get_filesystem_class("s3").clear_instance_cache()


def test_who_logs_in_is_never_shown() -> None:
    address = BlobAddress("sftp://user:canary@host/folder?key=canary")
    assert "canary" not in f"{address!r} {address}"
    assert repr(address) == "sftp://host/folder"


@pytest.mark.parametrize("url", ["", "blobs", "s3://", "://x", "s3:/bucket"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Refusal, match="TERMGATE_BLOBS"):
        BlobAddress(url)


def test_an_unknown_driver_says_what_to_install() -> None:
    with pytest.raises(Refusal, match="nothing installed knows nowhere://"):
        BlobStore(BlobAddress("nowhere://bucket"))


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_protocol: str) -> None:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(fsspec, "get_filesystem_class", absent)
    with pytest.raises(Refusal, match=r"pip install 'termgate\[s3\]'"):
        BlobStore(BlobAddress("s3://bucket"))


# A home whose blobs stand elsewhere


def test_a_cycle_runs_with_its_blobs_in_an_object_store(
    tmp_path: Path,
    s3: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "en")
    here = cycle.small_home(tmp_path / "here")
    expected = run_stage(here, Stage.PLAN, "cycle", cycle.ON)
    monkeypatch.setenv("TERMGATE_BLOBS", f"{s3}/home")
    home = cycle.open_home(tmp_path / "home", cycle.small_rows())
    assert not home.blobs_folder.exists()
    assert run_stage(home, Stage.PLAN, "cycle", cycle.ON) == expected
    assert verify(home, blobs=True)[1] is None
    policy = cycle.entries(home, "opened")[0]["policy"]
    client = boto3.client("s3")
    bucket, _, prefix = s3.removeprefix("s3://").partition("/")
    client.delete_object(Bucket=bucket, Key=f"{prefix}/home/{policy[:2]}/{policy[2:]}")
    client.close()
    with pytest.raises(BlobError, match=policy):
        run_stage(home, Stage.PLAN, "cycle", cycle.ON)
    assert run_command(["audit", "verify", "--home", str(home.path)]) == 3
    assert "entry 1" in capsys.readouterr().out


def test_verifying_without_an_answer_finds_no_fault_and_no_proof(
    tmp_path: Path,
    s3: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TERMGATE_LANG", "en")
    monkeypatch.setenv("TERMGATE_BLOBS", f"{s3}/verified")
    home: Home = cycle.open_home(tmp_path / "home", cycle.small_rows())
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    assert run_command(["audit", "verify", "--home", str(home.path)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "does not answer" in told.err
    fsspec.get_filesystem_class("s3").clear_instance_cache()
