"""A portal that had no log before: its events get nonces by the migration, and their seals."""

from __future__ import annotations

from collections.abc import Iterator

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.config import Settings
from portal.core.db import db, transaction
from tests.apps import application
from tests.domain.openlog.ledger import faults, heads, seal_all, seals
from tests.engines import ROOT

pytestmark = pytest.mark.engine
BEFORE, THE_LOG = "0017", "0018"
EVENT = (
    "INSERT INTO timeline_event (subject_kind, subject_id, kind, at, actor_kind, is_public, data)"
    " VALUES ('photo', :n, 'photo_received', '2026-03-09 01:00:00', 'reporter', false,"
    " '{\"n\": 1}')"
)


@pytest.fixture
def old(settings: Settings) -> Iterator[Flask]:
    """The portal on a database as it was before, with three events."""
    with application(settings) as app, app.app_context():
        flask_migrate.downgrade(directory=str(ROOT / "migrations"), revision=BEFORE)
        with transaction():
            for n in range(3):
                db.session.execute(text(EVENT), {"n": n})
        with pytest.raises(DBAPIError, match="insert-only"), transaction():
            db.session.execute(text("UPDATE timeline_event SET data = '{}'"))
        flask_migrate.upgrade(directory=str(ROOT / "migrations"), revision=THE_LOG)
        yield app


def test_old_events_are_salted_and_sealed_in_order(old: Flask) -> None:
    nonces = db.session.scalars(text("SELECT nonce FROM timeline_event")).all()
    assert len(set(nonces)) == 3
    assert all(len(bytes.fromhex(nonce)) == 16 for nonce in nonces)
    db.session.rollback()
    for change in (
        "kind = 'x'",
        "nonce = NULL",
        "data = '{}'",
        "nonce = NULL, data = '{\"n\": 2}'",
    ):
        statement = text(f"UPDATE timeline_event SET {change}")  # noqa: S608
        with pytest.raises(DBAPIError, match="insert-only"), transaction():
            db.session.execute(statement)
    flask_migrate.upgrade(directory=str(ROOT / "migrations"))
    assert seal_all() == 3
    assert [seal.seq for seal in seals()] == [0, 1, 2]
    assert [seal.event_id for seal in seals()] == sorted(seal.event_id for seal in seals())
    assert len(heads()) == 1
    assert faults() == []
