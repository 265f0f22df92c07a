"""How SQLite goes about what a call asks of it, in the words of EXPLAIN QUERY PLAN."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from portal.core.db import db

SORTED = "USE TEMP B-TREE FOR ORDER BY"


def plans(call: Callable[[], object]) -> list[str]:
    """One plan for each SELECT that `call` sends, its steps on lines of their own."""
    with _statements() as sent:
        call()
    cursor = db.session.connection().connection.cursor()
    return [
        "\n".join(row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {words}", values))
        for words, values in sent
        if words.startswith(("SELECT", "WITH"))
    ]


@contextmanager
def _statements() -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, words: str, values: Any, *_: object) -> None:
        sent.append((words, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
