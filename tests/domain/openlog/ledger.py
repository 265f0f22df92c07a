"""A log for tests: sealed, signed, and changed behind its back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, text

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.domain.openlog.audit import audit_log
from portal.domain.openlog.case_audit import audit_cases
from portal.domain.openlog.models import LogHead, Seal
from portal.domain.openlog.queries import latest_head, sealed_count
from portal.jobs.sealing import Sealing

TABLES = ("timeline_event", "seal", "log_node", "log_head", "log_key")


def sealing() -> Sealing:
    """The sealer as the worker has it."""
    found: Sealing = current_app.extensions["portal.sealing"]
    return found


def seal_all() -> int:
    """Seal everything that waits and sign one head over it."""
    sealed = sealing().run(everywhere=True)
    head = latest_head()
    if head is None or head.size < sealed_count():
        assert sealing().sign()
    db.session.rollback()
    return sealed


def seals() -> Sequence[Seal]:
    """Every seal in order."""
    return list(db.session.scalars(select(Seal).order_by(Seal.seq)))


def heads() -> Sequence[LogHead]:
    """Every head in order."""
    return list(db.session.scalars(select(LogHead).order_by(LogHead.id)))


def faults() -> list[str]:
    """What the audit finds wrong; what waits for a seal is given a minute."""
    db.session.rollback()
    found = [*audit_log().faults, *audit_cases(now() + timedelta(minutes=2))]
    db.session.rollback()
    return found


def tamper(*statements: str, **values: Any) -> None:
    """Change the tables as somebody with the database's password would, triggers out of the way."""
    with transaction():
        for table in TABLES:
            for statement in _disarm(table):
                db.session.execute(text(statement))
        for statement in statements:
            db.session.execute(text(statement), values)
    db.session.expire_all()


@contextmanager
def changed(table: str, key: str, value: int, change: str) -> Iterator[list[str]]:
    """The faults while one row is changed so; put back afterwards."""
    where = f"WHERE {key} = :key"
    row = db.session.execute(text(f"SELECT * FROM {table} {where}"), {"key": value}).one()  # noqa: S608
    db.session.rollback()
    tamper(f"UPDATE {table} SET {change} {where}", key=value)  # noqa: S608
    yield faults()
    names = [f"{name} = :{name}" for name in row._fields if name != key]
    back = {name: _bound(each) for name, each in row._mapping.items()}
    tamper(f"UPDATE {table} SET {', '.join(names)} WHERE {key} = :{key}", **back)  # noqa: S608


def _bound(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _disarm(table: str) -> list[str]:
    if db.session.get_bind().dialect.name == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{word}" for word in ("update", "delete")]
    return [f"ALTER TABLE {table} DISABLE TRIGGER ALL"]
