"""Progress on a plan: who reports it, what the clock does, what the reporter reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.errors import NotAllowedError, NotFoundError
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Role
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.milestones import Progress, check_in
from portal.domain.casework.models import Milestone
from portal.domain.casework.queries import check_ins_of, current_plan
from portal.domain.deadlines.clocks import Clock, Colour
from portal.domain.deadlines.models import Deadline
from portal.domain.deadlines.queries import open_deadlines
from portal.domain.reports.clockwork import begun_by
from portal.domain.reports.models import PhotoKind, Report
from portal.domain.reports.photos import photos_of
from portal.domain.reports.proofs import GuardError
from portal.domain.reports.states import Action, State
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.queries import events_of
from tests.factories import at_state, photo, staff, take, writing

DAY = timedelta(days=1)


def steps(report: Report) -> list[Milestone]:
    plan = current_plan(report)
    assert plan is not None
    return plan.milestones


def clock(report: Report) -> Deadline | None:
    rows = open_deadlines(report.id, Clock.MILESTONE)
    assert len(rows) < 2
    return rows[0] if rows else None


def queued_until(report: Report) -> datetime | None:
    """The end by which queues sort; read through a call, for it changes under the reader."""
    return report.due_at


def tell(
    report: Report, milestone: Milestone, *, done: bool = False, by: Actor | None = None
) -> None:
    with writing():
        said = Progress(
            "设备已到货。", "设备到了，下周装。", done, [photo(kind=PhotoKind.PROGRESS)]
        )
        by = by or staff(Role.CLERK)
        check_in(report, milestone.id, said, by=by, at=report.state_since + DAY)


@pytest.mark.engine
def test_the_clock_goes_on_to_the_next_open_milestone(db_city: scoped_session[Session]) -> None:
    report = at_state(State.STAGE_CLOSED)
    first, second = steps(report)
    ends = work_calendar().end_of_day
    running = clock(report)
    assert running is not None
    assert running.due_at == report.due_at == ends(first.due_on)
    tell(report, first)
    assert clock(report) is running, "not done: it runs on"
    tell(report, first, done=True)
    following = clock(report)
    assert following is not None
    assert following.due_at == report.due_at == ends(second.due_on)
    began = begun_by(following, events_of(SUBJECT, report.id))
    assert began is not None
    assert began.kind == "checked_in"
    tell(report, second, done=True)
    assert open_deadlines(report.id, Clock.MILESTONE) == []
    assert queued_until(report) is None
    assert [row.is_done for row in check_ins_of(report)] == [False, True, True]
    assert len(photos_of(report, PhotoKind.PROGRESS)) == 3
    assert report.state == State.STAGE_CLOSED


def test_a_later_milestone_first_leaves_the_late_one_late(
    db_city: scoped_session[Session],
) -> None:
    report = at_state(State.STAGE_CLOSED)
    first, second = steps(report)
    tell(report, second, done=True)
    running = clock(report)
    assert running is not None
    assert running.due_at == work_calendar().end_of_day(first.due_on)
    assert running.colour(running.due_at) is Colour.YELLOW


def test_the_reporter_is_told_without_the_clerks_words(db_city: scoped_session[Session]) -> None:
    report = at_state(State.STAGE_CLOSED)
    tell(report, steps(report)[0], done=True)
    event = events_of(SUBJECT, report.id)[-1]
    assert event.is_public
    assert event.data == {"step": 1, "of": 2, "done": True}


@pytest.mark.parametrize(
    "who",
    [
        lambda: staff(Role.CLERK, department="cg"),
        lambda: staff(Role.CLERK, department="zhen-01"),
        lambda: staff(Role.REVIEWER),
        lambda: staff(Role.SUPERVISOR),
    ],
)
def test_only_the_lead_reports(db_city: scoped_session[Session], who: Callable[[], Actor]) -> None:
    report = at_state(State.STAGE_CLOSED)
    with pytest.raises(NotAllowedError):
        tell(report, steps(report)[0], by=who())


def test_what_cannot_be_reported(db_city: scoped_session[Session]) -> None:
    report, other = at_state(State.STAGE_CLOSED), at_state(State.STAGE_CLOSED)
    with pytest.raises(NotFoundError):
        tell(report, steps(other)[0])
    tell(report, steps(report)[0], done=True)
    with pytest.raises(GuardError, match="已经做完"):
        tell(report, steps(report)[0])
    take(other, Action.RESUME)
    with pytest.raises(GuardError, match="没有在按方案"):
        tell(other, steps(other)[0])
