"""Making SQLite ready for very many rows: room to write in, and indexes made when all are there.

Written row by row into a million rows, each index costs a page here and a page there; made
afterwards it costs one sorting, and its pages are full.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Index

from portal.cli.demo.bulk.templates import table
from portal.core.db import db, transaction

# What is written all over is written once, not ten times; and the disk is waited for at each
# checkpoint, not at each transaction: a power cut costs the last ones, never the file.
_ROOMY: Mapping[str, int | str] = {
    "cache_size": -600_000,
    "wal_autocheckpoint": 200_000,
    "synchronous": "NORMAL",
}


@contextmanager
def room_to_write() -> Iterator[None]:
    """Give the connection of this process other settings for a while; SQLite only."""
    if db.session.get_bind().dialect.name != "sqlite":
        yield
        return
    before = _set(_ROOMY)
    try:
        yield
    finally:
        _set(before)


def _set(values: Mapping[str, int | str]) -> dict[str, int | str]:
    """Set pragmas outside of any transaction; returns what they were."""
    db.session.rollback()
    connection = db.engine.raw_connection()
    before = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in values}
    for name, value in values.items():
        connection.execute(f"PRAGMA {name}={value}")
    connection.close()
    return before


def put_aside(names: Collection[str]) -> None:
    """Drop the indexes of these tables that guard nothing; SQLite only, where nobody waits."""
    if db.session.get_bind().dialect.name != "sqlite":
        return
    with transaction():
        for index in _indexes(names):
            index.drop(db.session.connection(), checkfirst=True)


def put_back(names: Collection[str]) -> None:
    """Make those that are missing, also after a load that was interrupted."""
    for index in _indexes(names):
        with transaction():
            index.create(db.session.connection(), checkfirst=True)


def _indexes(names: Collection[str]) -> Iterator[Index]:
    for name in names:
        indexes = (index for index in table(name).indexes if not index.unique)
        yield from sorted(indexes, key=lambda index: str(index.name))
