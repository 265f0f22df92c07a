"""Indexes put aside while a table is filled, and made again from whole, sorted tables.

Written row by row into a million rows, each index costs a page here and a page there; made
afterwards it costs one sorting, and its pages are full.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import Index

from portal.cli.demo.bulk.templates import table
from portal.core.db import db, transaction


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
