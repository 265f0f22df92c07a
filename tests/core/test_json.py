"""JSON in the database: Chinese as itself, so that a letter takes three bytes and not six."""

from __future__ import annotations

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import text
from sqlalchemy.orm import scoped_session

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.domain.timeline.services import Happening, record_event


@pytest.mark.engine
def test_json_is_kept_short(session: scoped_session[Session]) -> None:
    said = {"note": "同意销号", "to": "deregistered"}
    with transaction():
        event = record_event(Happening("photo", 1, "original_opened", now(), "staff", data=said))
    assert event.data == said
    kept = db.session.scalar(text("SELECT CAST(data AS TEXT) FROM timeline_event"))
    assert kept == '{"note":"同意销号","to":"deregistered"}'
