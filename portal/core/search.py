"""Finding rows by words of any language: each kind of database its own index, behind one door.

Chinese has no spaces, and half of its words are two letters long. So letters are kept in pairs:
异味扰民 is found by 异味, 扰民 and 味扰, because these are neighbouring pairs; a single letter is
the beginning of a pair. SQLite keeps pairs in FTS5 tables, PostgreSQL in tsvector columns, both
made by migrations.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.db import db

_RUN = re.compile(r"[^\W_]+")
_MANY = 500
_MOST_PAIRS = 5000  # of one row: PostgreSQL counts no further than 16,383


def _runs(words: str) -> list[str]:
    """Letters and digits that stand together, of one width and one case."""
    return _RUN.findall(unicodedata.normalize("NFKC", words).casefold())


def pairs(words: str) -> list[str]:
    """异味扰民 → 异味, 味扰, 扰民, 民: what is kept of a text, in its order."""
    kept: list[str] = []
    for run in _runs(words):
        kept += [run[at : at + 2] for at in range(len(run))]
    return kept[:_MOST_PAIRS]


def _vector(words: str) -> str:
    return " ".join(f"'{pair}':{at}" for at, pair in enumerate(pairs(words), start=1))


@dataclass(frozen=True)
class SearchIndex:
    """The words of one kind of row, by the row's id."""

    name: str

    def put(self, connection: Connection, row_id: int, words: str) -> None:
        """Keep `words` for a row, in place of what was kept."""
        self.put_many(connection, {row_id: words})

    def put_many(self, connection: Connection, words: Mapping[int, str]) -> None:
        """Keep the words of several rows, by row id."""
        if not words:
            return
        if connection.dialect.name == "sqlite":
            sql = f"INSERT OR REPLACE INTO {self.name}(rowid, words) VALUES (:id, :words)"  # noqa: S608
            rows = [{"id": key, "words": " ".join(pairs(told))} for key, told in words.items()]
            connection.execute(text(sql), rows)
            return
        sql = (
            f"INSERT INTO {self.name}(row_id, words) VALUES (:id, CAST(:words AS tsvector))"  # noqa: S608
            " ON CONFLICT (row_id) DO UPDATE SET words = excluded.words"
        )
        connection.execute(
            text(sql), [{"id": key, "words": _vector(told)} for key, told in words.items()]
        )

    def drop(self, connection: Connection, row_id: int) -> None:
        """Forget a row."""
        key = "rowid" if connection.dialect.name == "sqlite" else "row_id"
        sql = f"DELETE FROM {self.name} WHERE {key} = :id"  # noqa: S608 - our own name
        connection.execute(text(sql), {"id": row_id})

    def ids(self) -> Select[Any]:
        """The ids of all rows that are kept."""
        return select(self._key()).select_from(table(self.name))

    def matching(self, words: str) -> Select[Any]:
        """The ids of the rows that have every one of `words`."""
        asked = _runs(words)
        return self._matching(asked) if asked else self.ids().where(false())

    def has(self, words: str, row: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """That the row with the id `row` has every one of `words`, for counting them."""
        asked = _runs(words)
        return row.in_(self._matching(asked)) if asked else false()

    def has_in_order(self, words: str, row: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """The same for a page of an ordered list; asks how frequent the words are.

        SQLite would fetch every row with a frequent word to sort them all. A page of those is found
        sooner by going down the list's own index, for which the id must not be one itself.
        """
        asked = _runs(words)
        if not asked or db.engine.dialect.name != "sqlite":
            return self.has(words, row)
        some = self._matching(asked).limit(_MANY).subquery()
        is_frequent = db.session.scalar(select(func.count()).select_from(some)) == _MANY
        return (row + 0 if is_frequent else row).in_(self._matching(asked))

    def _matching(self, asked: list[str]) -> Select[Any]:
        return self.ids().where(self._matches(asked))

    def _key(self) -> ColumnElement[Any]:
        return column("rowid" if db.engine.dialect.name == "sqlite" else "row_id")

    def _matches(self, asked: list[str]) -> ColumnElement[bool]:
        if db.engine.dialect.name == "sqlite":
            wanted = " ".join(map(_phrase, asked))
            return literal_column(self.name).op("MATCH", is_comparison=True)(literal(wanted))
        wanted = " & ".join(map(_query, asked))
        words = column("words", TSVECTOR)
        return words.op("@@", is_comparison=True)(cast(literal(wanted), TSQUERY))


def _phrase(run: str) -> str:
    """One word for FTS5: neighbouring pairs, or the beginning of one."""
    if len(run) == 1:
        return f'"{run}"*'
    return '"' + " ".join(run[at : at + 2] for at in range(len(run) - 1)) + '"'


def _query(run: str) -> str:
    """One word for PostgreSQL."""
    if len(run) == 1:
        return f"'{run}':*"
    return "(" + " <-> ".join(f"'{run[at : at + 2]}'" for at in range(len(run) - 1)) + ")"


PUBLIC = SearchIndex("public_case_fts")
DESK = SearchIndex("report_fts")
