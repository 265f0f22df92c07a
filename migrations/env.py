"""How migrations reach the database: through the application, one transaction each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from portal.core.db import Base

ENGINE_TABLES = ("_fts", "_rtree")
config = context.config


def _is_ours(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Search and map indexes of one engine are nobody's model."""
    return kind != "table" or not any(mark in (name or "") for mark in ENGINE_TABLES)


def _render_item(kind: str, thing: Any, _autogen: Any) -> str | bool:
    """Migrations must not change when our types do: write plain SQLAlchemy."""
    if kind != "type":
        return False
    name = type(thing).__name__
    if name == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    if name == "Enum" and not thing.native_enum:
        return f"sa.String({thing.length})"
    return False


@contextmanager
def _parents_replaced(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild a table that others name: nothing of theirs is refused or dragged along.

    Said to the driver itself: through SQLAlchemy it would stand in a transaction, where SQLite
    quietly ignores it.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    """Run the asked migrations on the application's database."""
    engine = current_app.extensions["sqlalchemy"].engine
    with engine.connect() as connection, _parents_replaced(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            include_object=_is_ours,
            render_item=_render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
