"""Statements that are compiled once in each process, not anew for the database of every test.

SQLAlchemy keeps what it compiled with the engine, and each test has an engine of its own: a quarter
of a test's time went into the same statements again. What is compiled hangs on the dialect only, so
engines of one kind share one, with what was compiled for it.
"""

from __future__ import annotations

from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache

_MOST = 5_000
_kept: dict[str, tuple[Dialect, LRUCache[object, object]]] = {}


def keep_statements(engine: Engine) -> None:
    """Let `engine` use what engines of its kind have compiled before in this process."""
    name = engine.dialect.name
    if name not in _kept:
        engine.connect().close()  # a dialect learns of its server at the first connection
        _kept[name] = engine.dialect, LRUCache(_MOST)
    dialect, compiled = _kept[name]
    engine.dialect = dialect
    engine.pool._dialect = dialect
    engine._compiled_cache = compiled  # type: ignore[assignment]
