"""Per-report data keys in an SQLite file of their own.

The file lies outside the main database and outside its backups: otherwise a backup would keep what
shredding took away. It needs a backup of its own, overwritten and never kept in generations
(docs/operations.md).
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite

from portal.core.crypto import KeyRing, new_data_key
from portal.core.errors import PortalError
from portal.domain.ports import KeyStore

_BUSY_MS = 5_000
_LOOKUP_ID = "lookup"
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS data_key (key_id TEXT PRIMARY KEY NOT NULL, wrapped BLOB NOT NULL)"
    " WITHOUT ROWID"
)


class KeyStoreError(PortalError):
    """The key store cannot be used at the moment; the same call may be made again."""

    code = "key_store_unavailable"
    http_status = 503


class SqliteKeyStore:
    """`data_key(key_id, wrapped)` with full durability and secure deletion.

    Thread-safe: every thread of every process has a connection of its own.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._mine = threading.local()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Created by hand for its mode; SQLite gives the journal files the same one.
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        self._run(_SCHEMA)

    def put(self, key_id: str, wrapped: bytes) -> None:
        """Store a wrapped key durably; replaces an older wrapping of the same id."""
        self._run(
            "INSERT INTO data_key (key_id, wrapped) VALUES (?, ?)"
            " ON CONFLICT (key_id) DO UPDATE SET wrapped = excluded.wrapped",
            key_id,
            wrapped,
        )

    def get(self, key_id: str) -> bytes | None:
        """The wrapped key, or None when there is none."""
        rows = self._run("SELECT wrapped FROM data_key WHERE key_id = ?", key_id)
        return bytes(rows[0][0]) if rows else None

    def delete(self, key_id: str) -> None:
        """Shred the key, also from the write-ahead log. Raises KeyStoreError; call again then."""
        self._run("DELETE FROM data_key WHERE key_id = ?", key_id)
        # secure_delete blanks the page, but older copies of it stand in the log and, until a
        # checkpoint, in the file. Truncating the log writes the blank page and drops the copies.
        busy = self._run("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
        if busy:
            raise KeyStoreError("the write-ahead log is in use, the key is not shredded yet")

    def put_if_absent(self, key_id: str, wrapped: bytes) -> bytes:
        """Store `wrapped` unless a key is there already, and return the one that stands."""
        self._run(
            "INSERT INTO data_key (key_id, wrapped) VALUES (?, ?) ON CONFLICT DO NOTHING",
            key_id,
            wrapped,
        )
        return self.get(key_id) or wrapped

    def swap(self, key_id: str, old: bytes, new: bytes) -> bool:
        """Replace exactly `old`, so that a key shredded meanwhile does not come back."""
        return bool(
            self._run(
                "UPDATE data_key SET wrapped = ? WHERE key_id = ? AND wrapped = ? RETURNING 1",
                new,
                key_id,
                old,
            )
        )

    def key_ids(self) -> list[str]:
        """Every id, for re-wrapping after FIELD_KEYS changed."""
        return [str(row[0]) for row in self._run("SELECT key_id FROM data_key ORDER BY key_id")]

    def close(self) -> None:
        """Close this thread's connection; the next call opens another."""
        connection = self._mine.__dict__.pop("connection", None)
        if connection is not None:
            connection.close()

    def _run(self, statement: str, *values: str | bytes) -> list[tuple[Any, ...]]:
        try:
            return list(self._connection().execute(statement, values).fetchall())
        except sqlite.Error as fault:
            raise KeyStoreError(str(fault)) from fault

    def _connection(self) -> Any:
        # A connection must not cross a fork.
        if getattr(self._mine, "pid", None) != os.getpid():
            self._mine.connection = None
            self._mine.pid = os.getpid()
        if getattr(self._mine, "connection", None) is None:
            self._mine.connection = self._connect()
        return self._mine.connection

    def _connect(self) -> Any:
        connection = sqlite.connect(str(self._path), isolation_level=None)
        for pragma in (
            f"busy_timeout={_BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection


def ensure_lookup_key(store: SqliteKeyStore, ring: KeyRing) -> bytes:
    """The key of blind indexes and code digests, made at the first call.

    Random and wrapped by the ring rather than derived from it, so that replacing FIELD_KEYS or
    SECRET_KEY breaks no receipt. Safe when web and worker start together.
    """
    wrapped = store.get(_LOOKUP_ID) or store.put_if_absent(
        _LOOKUP_ID, ring.wrap(new_data_key(), _LOOKUP_ID)
    )
    return ring.unwrap(wrapped, _LOOKUP_ID)


def rewrap_keys(store: SqliteKeyStore, ring: KeyRing) -> int:
    """Wrap every key anew that an older ring key wrapped; afterwards that one may be dropped.

    Returns how many changed. Raises DecryptionError when the ring lacks a key.
    """
    changed = 0
    for key_id in store.key_ids():
        old = store.get(key_id)
        if old is not None and ring.is_stale(old):
            changed += store.swap(key_id, old, ring.wrap(ring.unwrap(old, key_id), key_id))
    return changed


def _conforms(store: SqliteKeyStore) -> KeyStore:
    """Lets the type checker prove that the adapter fits its port."""
    return store
