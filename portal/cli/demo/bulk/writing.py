"""Inserting very many rows: bound once for the driver, then handed to it as they are.

SQLAlchemy's own way looks at every row for what could be special in it; here nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Dialect, insert

from portal.cli.demo.bulk.templates import table
from portal.core.db import db

Turn = Callable[[Any], Any] | None
Cells = list[Any]
"""A row as the driver takes it, in the order of the table's columns."""


@dataclass(frozen=True)
class Layout:
    """How the rows of one table go to the driver."""

    columns: tuple[str, ...]
    at: Mapping[str, int]  # the place of each column
    turns: Mapping[str, Turn]  # what the column's type makes of a value
    sql: str
    is_positional: bool

    def bound(self, row: Mapping[str, Any]) -> Cells:
        """A whole row, every column turned."""
        return [self.turned(name, row[name]) for name in self.columns]

    def turned(self, column: str, value: Any) -> Any:
        """One value of a column."""
        turn = self.turns[column]
        return value if turn is None else turn(value)


def layout(name: str) -> Layout:
    """The layout of a table for the engine in use."""
    return _layout(name, db.session.get_bind().dialect)


def insert_rows(name: str, rows: Iterable[Sequence[Any]]) -> None:
    """Insert bound rows in the caller's transaction."""
    connection = db.session.connection()
    form = _layout(name, connection.dialect)
    if form.is_positional:
        connection.exec_driver_sql(form.sql, list(map(tuple, rows)))
        return
    keyed = [dict(zip(form.columns, cells, strict=True)) for cells in rows]
    connection.exec_driver_sql(form.sql, keyed)


@cache
def _layout(name: str, dialect: Dialect) -> Layout:
    names = tuple(column.name for column in table(name).columns)
    compiled = insert(table(name)).compile(dialect=dialect, column_keys=list(names))
    order = getattr(compiled, "positiontup", None)
    columns = tuple(order or names)
    types = table(name).columns
    turns = {key: types[key].type.dialect_impl(dialect).bind_processor(dialect) for key in columns}
    places = {key: place for place, key in enumerate(columns)}
    return Layout(columns, places, turns, str(compiled), order is not None)
