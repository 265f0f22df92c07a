from __future__ import annotations

import errno
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.adapters.storage import storage_from_url
from portal.adapters.storage.local import LocalPhotoStore
from portal.core.ids import random_key
from portal.domain.ports import MissingObjectError, PhotoStore, StorageFullError


@pytest.fixture
def store(tmp_path: Path) -> LocalPhotoStore:
    return LocalPhotoStore(tmp_path / "media", min_free_bytes=0)


def test_what_was_put_comes_back(store: PhotoStore) -> None:
    key = random_key()
    assert store.put(key, b"raw") == 3
    assert store.put(f"{key}-400.jpg", io.BytesIO(b"x" * 600_000)) == 600_000
    with store.get(key) as file:
        assert file.read() == b"raw"
    assert store.size(f"{key}-400.jpg") == 600_000
    path = store.path(key)
    assert path is not None
    assert path.read_bytes() == b"raw"
    assert path.stat().st_mode & 0o077 == 0


def test_a_second_put_replaces_and_delete_removes(store: PhotoStore) -> None:
    key = random_key()
    store.put(key, b"one")
    store.put(key, b"second")
    assert store.size(key) == 6
    store.delete(key)
    store.delete(key)
    assert store.size(key) is None
    assert store.path(key) is None
    with pytest.raises(MissingObjectError):
        store.get(key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "../../etc/passwd",
        "/etc/passwd",
        "short",
        "ABCDEF0123456789ABCDEF0123456789",
        "0123456789abcdef/../x",
        "0123456789abcdef\n",
        "0123456789abcdef\x00.jpg",
        "0123456789abcdef.jpg.exe.sh",
        ".0123456789abcdef",
    ],
)
def test_a_key_that_could_be_a_path_is_refused(store: PhotoStore, key: str) -> None:
    for call in (store.get, store.size, store.delete, store.path):
        with pytest.raises(ValueError, match="storage key"):
            call(key)
    with pytest.raises(ValueError, match="storage key"):
        store.put(key, b"x")


def test_file_and_directories_are_on_disk_before_put_returns(
    store: LocalPhotoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def watch(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink().relative_to(store.root)))
        real(handle)

    monkeypatch.setattr(os, "fsync", watch)
    key = "ab" + "cd" + "0" * 28
    store.put(key, b"x")
    assert synced[0].startswith("parts/")
    assert synced[1:] == [".", "ab", "ab/cd"]
    synced.clear()
    store.put(key, b"y")
    assert synced[-1] == "ab/cd"
    assert len(synced) == 2


def test_an_existing_shard_is_synced_once_by_every_process(store: LocalPhotoStore) -> None:
    key = random_key()
    store.put(key, b"x")
    another = LocalPhotoStore(store.root, min_free_bytes=0)
    another.put(key, b"yy")
    assert store.size(key) == 2


def test_a_nearly_full_disk_is_told_before_anything_is_written(tmp_path: Path) -> None:
    store = LocalPhotoStore(tmp_path / "media", min_free_bytes=1 << 60)
    with pytest.raises(StorageFullError) as caught:
        store.put(random_key(), b"x")
    assert caught.value.http_status == 507
    assert list((tmp_path / "media" / "parts").iterdir()) == []


def test_a_disk_that_fills_up_while_writing_leaves_nothing(store: LocalPhotoStore) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().read(10)

    key = random_key()
    with pytest.raises(StorageFullError):
        store.put(key, Failing(b"x" * 100))
    assert store.size(key) is None
    assert list((store.root / "parts").iterdir()) == []


def test_unfinished_writes_of_a_killed_process_are_swept(store: LocalPhotoStore) -> None:
    left = store.root / "parts" / "left"
    left.write_bytes(b"half")
    moment = datetime.fromtimestamp(left.stat().st_mtime, UTC)
    assert store.sweep_parts(before=moment - timedelta(hours=1)) == 0
    assert store.sweep_parts(before=moment + timedelta(seconds=1)) == 1
    assert not left.exists()


def test_the_setting_picks_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store: Any = storage_from_url("file:instance/media")
    assert store.root == tmp_path / "instance" / "media"
    absolute: Any = storage_from_url(f"file:{tmp_path}/other")
    assert absolute.root == tmp_path / "other"
    for url in ("s3://bucket", "file:", "instance/media", "file://host/media"):
        with pytest.raises(ValueError, match="MEDIA_URL"):
            storage_from_url(url)
