"""Counters behind the limits: in an SQLite file of their own, or in Redis.

They are worth nothing after a power cut and nothing in a backup, so the file is not synced: a count
costs microseconds and never waits for the main database.
"""

from __future__ import annotations

import os
import threading
from math import ceil
from pathlib import Path
from typing import Any

from limits.storage import RedisStorage, Storage
from pysqlite3 import dbapi2 as sqlite

from portal.core.clock import now

_BUSY_MS = 1_000
_TIDY_EVERY = 500  # counts between two sweeps of what is over
_WAIT_S = 1.0  # for Redis: a resident must not wait for a broken one
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS counter (
        key TEXT PRIMARY KEY NOT NULL, count INTEGER NOT NULL, ends_at REAL NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS counter_ends_at ON counter (ends_at)",
)
# A window begins with its first count; what is over begins anew.
_COUNT = (
    "INSERT INTO counter (key, count, ends_at) VALUES (:key, :amount, :now + :lasts)"
    " ON CONFLICT (key) DO UPDATE SET"
    " count = CASE WHEN ends_at <= :now THEN 0 ELSE count END + :amount,"
    " ends_at = CASE WHEN ends_at <= :now THEN excluded.ends_at ELSE ends_at END"
    " RETURNING count"
)


def counters_from_url(redis_url: str, file: Path) -> SqliteCounters | RedisCounters:
    """Redis when there is an address, else the SQLite `file`; failures become StorageError."""
    if redis_url:
        return RedisCounters(
            redis_url,
            key_prefix="portal-limits",
            wrap_exceptions=True,
            socket_timeout=_WAIT_S,
            socket_connect_timeout=_WAIT_S,
        )
    return SqliteCounters(file)


class RedisCounters(RedisStorage):
    """Counters that several machines share."""

    def seconds_left(self, key: str) -> int:
        """How long the window of `key` still lasts; 0 when it is over."""
        return max(0, int(self.get_connection(readonly=True).ttl(self.prefixed_key(key))))


class SqliteCounters(Storage):
    """`counter(key, count, ends_at)`, shared by every thread and process of this machine.

    One connection per process under a lock: threads that queue here wait microseconds, at SQLite's
    own lock they would sleep milliseconds.
    """

    STORAGE_SCHEME = None

    def __init__(self, file: Path) -> None:
        super().__init__(wrap_exceptions=True)
        self._file = file.absolute()
        self._lock = threading.Lock()
        self._connection: Any = None
        self._pid = 0
        self._counts = 0
        # Created by hand for its mode; SQLite gives the journal files the same one.
        os.close(os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600))

    @property
    def base_exceptions(self) -> type[Exception]:
        """What SQLite raises."""
        found: type[Exception] = sqlite.Error
        return found

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` for `key`, whose window lasts `expiry` seconds; the count afterwards."""
        at = now().timestamp()
        values = {"key": key, "amount": amount, "now": at, "lasts": expiry}
        with self._lock:
            connection = self._open()
            self._counts += 1
            if self._counts % _TIDY_EVERY == 0:
                connection.execute("DELETE FROM counter WHERE ends_at <= ?", (at,))
            (counted,) = connection.execute(_COUNT, values).fetchone()
        return int(counted)

    def get(self, key: str) -> int:
        """The count of a window that is not over; 0 otherwise."""
        row = self._row(key)
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        """When the window of `key` is over, in seconds since 1970 by the portal's clock."""
        row = self._row(key)
        return row[1] if row else now().timestamp()

    def seconds_left(self, key: str) -> int:
        """How long the window of `key` still lasts; 0 when it is over."""
        return ceil(self.get_expiry(key) - now().timestamp())

    def check(self) -> bool:
        """Whether counting works."""
        with self._lock:
            return bool(self._open().execute("SELECT 1").fetchone())

    def reset(self) -> int | None:
        """Forget everything."""
        with self._lock:
            return int(self._open().execute("DELETE FROM counter").rowcount)

    def clear(self, key: str) -> None:
        """Forget one key."""
        with self._lock:
            self._open().execute("DELETE FROM counter WHERE key = ?", (key,))

    def _row(self, key: str) -> tuple[int, float] | None:
        query = "SELECT count, ends_at FROM counter WHERE key = ? AND ends_at > ?"
        with self._lock:
            found: tuple[int, float] | None = (
                self._open().execute(query, (key, now().timestamp())).fetchone()
            )
        return found

    def _open(self) -> Any:
        # A connection must not cross a fork.
        if self._connection is None or self._pid != os.getpid():
            self._connection, self._pid = self._connect(), os.getpid()
        return self._connection

    def _connect(self) -> Any:
        connection = sqlite.connect(str(self._file), isolation_level=None, check_same_thread=False)
        for pragma in (
            f"busy_timeout={_BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=OFF",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
        for statement in _SCHEMA:
            connection.execute(statement)
        return connection
