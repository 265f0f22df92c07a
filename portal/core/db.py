"""The database: engine settings, the declarative base, and the only commit in the portal."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pysqlite3.dbapi2 as sqlite_driver
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    case,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

# 3.7.0-3.51.2 can lose committed rows when a write races a checkpoint (release notes 3.51.3).
SQLITE_FLOOR = (3, 51, 3)
_BUSY_MS = 15_000


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; naive values are refused rather than guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn `value` into UTC. Raises ValueError for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand back an aware UTC moment."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WholeSeconds(TypeDecorator[datetime]):
    """An aware moment in UTC kept as the number of its second since 1970, for very long tables."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Drop what is less than a second. Raises ValueError for a naive moment."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return None if value is None else int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Hand back an aware UTC moment."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


class Hex(TypeDecorator[str]):
    """Hexadecimal digits in lower case, kept as bytes: half as long."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Keep the bytes. Raises ValueError for what is not hexadecimal."""
        return None if value is None else bytes.fromhex(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Hand back the digits."""
        return None if value is None else value.hex()


# SQLite only numbers INTEGER PRIMARY KEY by itself; PostgreSQL should not run out at 2^31.
BigId = BigInteger().with_variant(Integer(), "sqlite")

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every model. The explicit registry keeps Flask-SQLAlchemy from re-reading the map."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcDateTime(),
            date: Date(),
            str: Text(),
            bytes: LargeBinary(),
            dict[str, Any]: JSON(),
            list[Any]: JSON(),
        },
    )


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"autoflush": True},
)


# Chinese as itself: escaped, each letter takes six bytes instead of three; and no spaces between.
_as_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def engine_options(url: str) -> dict[str, Any]:
    """SQLAlchemy engine options for `url`; errors name no values, for they end in logs.

    Raises RuntimeError when the embedded SQLite is older than SQLITE_FLOOR.
    """
    if not url.startswith("sqlite"):
        pool = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}
        return {**pool, "hide_parameters": True, "json_serializer": _as_json}
    if sqlite_driver.sqlite_version_info < SQLITE_FLOOR:
        floor = ".".join(map(str, SQLITE_FLOOR))
        raise RuntimeError(f"SQLite {sqlite_driver.sqlite_version} is older than {floor}")
    return {
        "module": sqlite_driver,
        "connect_args": {"timeout": _BUSY_MS / 1000},
        "hide_parameters": True,
        "json_serializer": _as_json,
    }


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: Any, _record: Any) -> None:
    """Make every SQLite connection durable and strict; other engines need nothing."""
    if not isinstance(connection, (sqlite_driver.Connection, sqlite3.Connection)):
        return
    connection.isolation_level = None  # BEGIN is ours: the driver would begin late
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        f"busy_timeout={_BUSY_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Take SQLite's write lock at once for writing: a read snapshot cannot be upgraded safely."""
    if connection.dialect.name == "sqlite":
        writing = connection.get_execution_options().get("portal_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def transaction() -> Iterator[Session]:
    """Everything inside happens, durably, or nothing does.

    What was read before is read afresh inside, under the write lock. Blocks do not nest.
    Callables given to `after_commit` run once the commit is durable.
    """
    session = db.session()
    if session.info.get("portal_writing"):
        raise RuntimeError("transactions do not nest")
    session.rollback()
    session.info["portal_writing"] = True
    session.info["portal_after"] = []
    with _turn(session):
        try:
            session.connection(execution_options={"portal_writes": True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["portal_writing"] = False
            after: list[Callable[[], None]] = session.info.pop("portal_after")
    for call in after:
        call()


def has_one_writer() -> bool:
    """Whether this database lets only one transaction write at a time, as SQLite does."""
    return db.engine.dialect.name == "sqlite"


def passing(found: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition, checked in passing: SQLite does not start from an index on it.

    Without statistics it would rather sort all that an index finds than go down the one that has
    the order asked for. PostgreSQL weighs both by what it knows of the values.
    """
    return case((found, 1), else_=0) == 1 if has_one_writer() else found


_writer = threading.Lock()


@contextmanager
def _turn(session: Session) -> Iterator[None]:
    """Let the threads of this process write to SQLite one after the other.

    SQLite itself makes a second writer sleep ever longer and look again: with eight of them some
    slept for seconds. Who waits here too long tries anyway, and hears from SQLite what is wrong.
    """
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    has_turn = _writer.acquire(timeout=_BUSY_MS / 1000)
    try:
        yield
    finally:
        if has_turn:
            _writer.release()


def after_commit(call: Callable[[], None]) -> None:
    """Run `call` after the surrounding transaction is durable; never when it is rolled back."""
    calls: list[Callable[[], None]] = db.session().info["portal_after"]
    if call not in calls:
        calls.append(call)
