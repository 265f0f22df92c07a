"""Photos on a local file system, durable before the resident is told so."""

from __future__ import annotations

import errno
import io
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO

from portal.domain.ports import MissingObjectError, StorageFullError

# Hexadecimal first, so that a key can never be a path, an option or a hidden file.
_KEY = re.compile(r"[0-9a-f]{16,64}(?:[-.][a-z0-9]{1,16}){0,2}")
_CHUNK_BYTES = 256 * 1024
_FULL = {errno.ENOSPC, errno.EDQUOT}
# Room for the database to keep working and for an operator to notice.
MIN_FREE_BYTES = 200 * 1024 * 1024


class LocalPhotoStore:
    """Files under `root`, two shard levels deep: 9f3c…-400.jpg lies in 9f/3c/."""

    def __init__(self, root: Path, *, min_free_bytes: int = MIN_FREE_BYTES) -> None:
        self.root = root.absolute()
        self.min_free_bytes = min_free_bytes
        self._parts = self.root / "parts"
        # Directories whose own entry this process knows to be on disk.
        self._durable: set[Path] = set()
        self._make_directory(self._parts)

    def put(self, key: str, data: IO[bytes] | bytes) -> int:
        """Store `data` under `key` and return its length; durable when it returns.

        Write, fsync, rename, fsync the directory: after a power cut there is the whole file or
        none. Raises StorageFullError, ValueError for a bad key.
        """
        target = self._locate(key)
        stream = io.BytesIO(data) if isinstance(data, bytes) else data
        part = self._parts / f"{key[:16]}-{secrets.token_hex(8)}"
        with _full_disk_told(), _removed_on_failure(part):
            self._check_room()
            length = self._write(part, stream)
            self._make_directory(target.parent)
            part.replace(target)
            _sync_directory(target.parent)
        return length

    def get(self, key: str) -> BinaryIO:
        """Open the object for reading. Raises MissingObjectError."""
        try:
            return self._locate(key).open("rb")
        except FileNotFoundError:
            raise MissingObjectError from None

    def size(self, key: str) -> int | None:
        """Length in bytes, or None when there is no such object."""
        try:
            return self._locate(key).stat().st_size
        except FileNotFoundError:
            return None

    def delete(self, key: str) -> None:
        """Remove the object, durably; nothing happens when there is none."""
        path = self._locate(key)
        try:
            path.unlink()
        except FileNotFoundError:
            return
        _sync_directory(path.parent)

    def path(self, key: str) -> Path | None:
        """Where the object lies, or None when there is none."""
        path = self._locate(key)
        return path if path.is_file() else None

    def sweep_parts(self, *, before: datetime) -> int:
        """Remove unfinished writes older than `before`, left by a kill, and return how many."""
        swept = 0
        for part in self._parts.iterdir():
            with suppress(FileNotFoundError):
                if part.stat().st_mtime < before.timestamp():
                    part.unlink()
                    swept += 1
        return swept

    def _locate(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("not a storage key")
        return self.root / key[:2] / key[2:4] / key

    def _check_room(self) -> None:
        stat = os.statvfs(self._parts)
        if stat.f_bavail * stat.f_frsize < self.min_free_bytes:
            raise StorageFullError

    def _write(self, part: Path, stream: IO[bytes]) -> int:
        length = 0
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb", buffering=0) as file:
            while chunk := stream.read(_CHUNK_BYTES):
                _write_all(file, chunk)
                length += len(chunk)
            os.fsync(file.fileno())
        return length

    def _make_directory(self, directory: Path) -> None:
        """Create `directory`, with every entry on the way to it durable.

        Also when it is there already: another process may have made it and not come to fsync yet.
        """
        if directory in self._durable:
            return
        if directory.is_relative_to(self.root):
            self._make_directory(directory.parent)
        with suppress(FileExistsError):
            directory.mkdir(mode=0o700)
        _sync_directory(directory.parent)
        self._durable.add(directory)


def _write_all(file: io.FileIO, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[file.write(view) :]


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        if fault.errno in _FULL:
            raise StorageFullError from fault
        raise


@contextmanager
def _removed_on_failure(part: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        part.unlink(missing_ok=True)
        raise
