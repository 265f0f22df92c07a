"""What time does by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask, current_app
from flask_sqlalchemy.session import Session
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from portal.core import clock
from portal.core.db import db, transaction
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.queries import current_plan
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import open_deadline, open_deadlines
from portal.domain.reports.models import SealedReceipt, TrackFailure
from portal.domain.reports.receipts import keep_receipt
from portal.domain.reports.states import Action, State
from portal.domain.reports.tracking import record_failure
from portal.domain.timeline.queries import last_event
from portal.jobs.deadlines import run_due_steps, sweep
from tests.factories import at_state, file, take, walk

pytestmark = pytest.mark.usefixtures("db_city")


@pytest.fixture(autouse=True)
def present() -> Iterator[None]:
    yield
    clock.configure(timedelta(), None, "Asia/Shanghai")


def go_to(moment: datetime) -> None:
    """Set this process's clock."""
    clock.configure(timedelta(), None, "Asia/Shanghai")
    clock.configure(moment - clock.now(), None, "Asia/Shanghai")


def test_an_unanswered_question_goes_back() -> None:
    """Five working days, then the clock runs on where it stood; answered ones are left alone."""
    silent = walk(file(), Action.ACCEPT, Action.ASK)
    answered = walk(file(), Action.ASK, Action.ANSWER)
    window = open_deadline(silent.id, Clock.NEED_INFO)
    assert window is not None
    go_to(window.due_at - timedelta(minutes=1))
    assert run_due_steps() == 0
    go_to(window.due_at + timedelta(minutes=1))
    assert run_due_steps() == 1
    assert run_due_steps() == 0
    assert (silent.state, answered.state) == (State.ACCEPTED, State.SUBMITTED)
    event = last_event("report", silent.id, Action.ANSWER)
    assert event is not None
    assert (event.actor_kind, event.data["expired"]) == ("system", True)
    assert [d.clock for d in open_deadlines(silent.id)] == [Clock.DISPATCH]
    assert silent.due_at is not None
    assert silent.due_at > window.due_at


@pytest.mark.engine
def test_a_plan_ends_on_its_last_day() -> None:
    """Not when its first milestone passes, but on the morning of the last one."""
    report = at_state(State.STAGE_CLOSED)
    plan = current_plan(report)
    assert plan is not None
    first, last = (m.due_on for m in plan.milestones)
    day = work_calendar().end_of_day
    go_to(day(first) + timedelta(hours=1))
    assert run_due_steps() == 0
    go_to(day(last) - timedelta(hours=25))
    assert run_due_steps() == 0
    go_to(day(last) - timedelta(hours=23))
    assert run_due_steps() == 1
    assert report.state == State.HANDLING
    assert open_deadline(report.id, Clock.MILESTONE) is None
    row = open_deadline(report.id, Clock.RESOLVE)
    assert row is not None
    assert work_calendar().last_day(row.due_at) == work_calendar().working_day_after(last, 5)


def test_the_newest_plan_counts() -> None:
    """Closed for now a second time: the first plan's dates are history."""
    report = at_state(State.STAGE_CLOSED)
    first = current_plan(report)
    assert first is not None
    walk(report, Action.RESUME, Action.PROPOSE, Action.SUBMIT)
    at = report.state_since + timedelta(days=20)
    take(report, Action.STAGE_CLOSE, at=at)
    go_to(work_calendar().end_of_day(first.milestones[-1].due_on))
    assert run_due_steps() == 0
    go_to(at + timedelta(days=61))
    assert run_due_steps() == 1


def test_a_resumed_plan_is_not_resumed_again() -> None:
    report = at_state(State.STAGE_CLOSED)
    take(report, Action.RESUME)
    go_to(report.state_since + timedelta(days=90))
    assert run_due_steps() == 0


def test_sweeping_forgets_what_is_over(session: scoped_session[Session]) -> None:
    at = clock.now()
    with transaction():
        keep_receipt("old", {}, at - timedelta(days=1))
        keep_receipt("new", {}, at + timedelta(days=1))
        record_failure("SP1", "10.0.0.1", at - timedelta(days=1))
    sweep()
    assert len(session.scalars(select(SealedReceipt)).all()) == 1
    assert session.scalars(select(TrackFailure)).all() == []


def test_the_worker_shows_that_it_lives(app: Flask) -> None:
    queue = current_app.extensions["portal.queue"]
    assert queue.last_beat() == ""
    report = file()
    queue.tick()
    db.session.rollback()
    beat = datetime.fromisoformat(queue.last_beat())
    assert abs(clock.now() - beat) < timedelta(seconds=30)
    assert report.number
