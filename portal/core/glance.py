"""Questions asked at every visit, put to the database without a session: a tenth of its cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Select

from portal.core.db import db


@dataclass(frozen=True)
class _Written:
    """The query as one driver takes it; `order` where its parameters have no names."""

    text: str
    values: dict[str, Any]
    order: Sequence[str] | None


class Glance:
    """A query for one row of plain values, written out once for each kind of database.

    It sees what is committed, and nothing of the session's own changes. SQLAlchemy's events do not
    see it. Its named parameters need a default value.
    """

    def __init__(self, query: Select[Any]) -> None:
        self._query = query
        self._written: dict[str, _Written] = {}

    def one(self, **values: Any) -> Any:
        """The row; `values` are the query's named parameters."""
        engine = db.engine
        written = self._written.get(engine.dialect.name)
        if written is None:
            written = self._written[engine.dialect.name] = self._write(engine.dialect)
        named = {**written.values, **values}
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            order = written.order
            cursor.execute(written.text, named if order is None else [named[k] for k in order])
            return cursor.fetchone()
        finally:
            connection.close()

    def _write(self, dialect: Dialect) -> _Written:
        compiled = self._query.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        order = getattr(compiled, "positiontup", None)
        return _Written(str(compiled), dict(compiled.params), order)
