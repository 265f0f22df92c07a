"""Events are written once, with what is owed for them, and never touched again."""

from __future__ import annotations

import pytest
from flask import current_app
from flask_sqlalchemy.session import Session
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import scoped_session

from portal.core.db import db, transaction
from portal.domain.reports.states import State
from portal.domain.timeline.models import Delivery, DeliveryState, TimelineEvent
from portal.domain.timeline.queries import delivery_counts, event_count, events_of, last_event
from portal.domain.timeline.services import Happening, record_event
from tests.factories import START, at_state, file

pytestmark = pytest.mark.engine


def test_events_are_insert_only(db_city: scoped_session[Session], engine: str) -> None:
    file()
    attempts = [
        update(TimelineEvent).values(kind="other"),
        delete(TimelineEvent),
    ]
    if engine == "sqlite":
        replaced = "REPLACE INTO timeline_event SELECT * FROM timeline_event"
        attempts.append(text(replaced))  # type: ignore[arg-type]
    else:
        attempts.append(text("TRUNCATE timeline_event CASCADE"))  # type: ignore[arg-type]
    for statement in attempts:
        with pytest.raises(DBAPIError, match="insert-only"), transaction():
            db.session.execute(statement)
    (event,) = db.session.scalars(select(TimelineEvent))
    assert event.kind == "file"


def test_the_event_and_its_deliveries_stand_or_fall_together(
    db_city: scoped_session[Session],
) -> None:
    def interrupted() -> None:
        with transaction():
            file()
            owed = len(current_app.extensions["portal.subscribers"]["file"])
            assert delivery_counts() == {DeliveryState.PENDING: owed}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert delivery_counts() == {}
    assert db.session.scalars(select(TimelineEvent)).all() == []


def test_reading_one_subjects_story(db_city: scoped_session[Session]) -> None:
    report, other = at_state(State.HANDLING), file()
    kinds = [e.kind for e in events_of("report", report.id)]
    assert kinds == ["file", "accept", "dispatch", "sign"]
    last = last_event("report", report.id, "accept", "dispatch")
    assert last is not None
    assert last.kind == "dispatch"
    assert last_event("report", other.id, "accept") is None
    assert event_count("report", report.id, "sign") == 1
    assert events_of("photo", report.id) == []


def test_nobody_hears_of_silent_kinds(db_city: scoped_session[Session]) -> None:
    with transaction():
        event = record_event(Happening("report", 1, "original_opened", START, "staff"))
    query = select(Delivery).where(Delivery.event_id == event.id)
    assert db.session.scalars(query).all() == []
