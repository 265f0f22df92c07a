"""How migrations reach the database: through the application, one transaction each."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

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


def run() -> None:
    """Run the asked migrations on the application's database."""
    engine = current_app.extensions["sqlalchemy"].engine
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # Batch operations rebuild tables; a rebuilt table must not drag its children along.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
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
        if engine.dialect.name == "sqlite":
            connection.commit()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run()
