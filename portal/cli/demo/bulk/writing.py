"""Inserting very many rows: each value is turned by its column's type, then all go to the driver.

SQLAlchemy's own way looks at every row for what could be special in it; here nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Dialect, insert

from portal.cli.demo.bulk.templates import table
from portal.core.db import db

Turn = Callable[[Any], Any] | None


def insert_rows(name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Insert whole rows, every one with every column, in the caller's transaction."""
    connection = db.session.connection()
    sql, is_positional, turns = _statement(name, connection.dialect)
    turned = [[row[key] if turn is None else turn(row[key]) for key, turn in turns] for row in rows]
    if is_positional:
        connection.exec_driver_sql(sql, [tuple(values) for values in turned])
        return
    keys = [key for key, _ in turns]
    connection.exec_driver_sql(sql, [dict(zip(keys, values, strict=True)) for values in turned])


@cache
def _statement(name: str, dialect: Dialect) -> tuple[str, bool, Sequence[tuple[str, Turn]]]:
    """The statement as the driver takes it, and what turns each column's values."""
    columns = table(name).columns
    compiled = insert(table(name)).compile(dialect=dialect, column_keys=[c.name for c in columns])
    order = getattr(compiled, "positiontup", None)
    turns = {c.name: c.type.dialect_impl(dialect).bind_processor(dialect) for c in columns}
    return str(compiled), order is not None, [(key, turns[key]) for key in order or turns]
