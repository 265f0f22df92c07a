"""More time for a case: who asks, who decides, once, and what it does to the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Role
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.desk_filters import QueueFilter
from portal.domain.casework.desk_queries import Queue, queue_counts, queue_page
from portal.domain.casework.extending import (
    MoreTime,
    ask_more_time,
    grant_more_time,
    refuse_more_time,
)
from portal.domain.deadlines.clocks import Clock, Colour
from portal.domain.deadlines.extensions import ExtensionError, extensions_of
from portal.domain.deadlines.models import Deadline, Extension, ExtensionReason, ExtensionState
from portal.domain.deadlines.queries import open_deadline
from portal.domain.publication.models import PublicCase
from portal.domain.reports.models import Report
from portal.domain.reports.proofs import GuardError, SeparationError
from portal.domain.reports.states import Action, State
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.queries import last_event
from tests.factories import at_state, drain, staff, take, walk, writing

WHY = MoreTime(10, ExtensionReason.TESTING, "已采样送检，等报告。")
HOUR = timedelta(hours=1)


def resolve_of(report: Report) -> Deadline:
    found = open_deadline(report.id, Clock.RESOLVE)
    assert found is not None
    return found


def ask(report: Report, wanted: MoreTime = WHY, by: Actor | None = None) -> Extension:
    with writing():
        by = by or staff(Role.CLERK)
        return ask_more_time(report, wanted, by=by, at=report.state_since + HOUR)


def grant(report: Report, row: Extension, by: Actor | None = None) -> Extension:
    with writing():
        by = by or staff(Role.SUPERVISOR)
        return grant_more_time(report, row.id, by=by, at=report.state_since + 2 * HOUR)


@pytest.mark.engine
def test_a_granted_extension_moves_the_end_once(db_city: scoped_session[Session]) -> None:
    report = at_state(State.HANDLING)
    before, calendar = resolve_of(report).due_at, work_calendar()
    row = ask(report)
    assert queue_counts([Queue.TO_EXTEND], staff(Role.SUPERVISOR), row.asked_at)[Queue.TO_EXTEND]
    grant(report, row)
    term = resolve_of(report)
    on = calendar.next_working_day(calendar.last_day(before) + timedelta(days=10))
    assert term.due_at == report.due_at == calendar.end_of_day(on) == row.due_after
    assert (row.due_before, term.extended_days, row.state) == (before, 10, ExtensionState.GRANTED)
    assert term.warn_at < term.due_at < term.red_at
    assert term.colour(before) is Colour.NONE
    with pytest.raises(ExtensionError, match="已经延过一次"):
        ask(report)
    with pytest.raises(ExtensionError, match="已经有人处理"):
        grant(report, row)
    page = queue_page(Queue.TO_EXTEND, QueueFilter(), staff(Role.SUPERVISOR), row.asked_at)
    assert page.reports == []


def test_the_reporter_and_the_public_are_told(db_city: scoped_session[Session]) -> None:
    report = at_state(State.HANDLING)
    row = grant(report, ask(report))
    told = last_event(SUBJECT, report.id, "extension_granted")
    assert told is not None
    assert told.is_public
    assert WHY.note not in str(told.data), "the clerk's words stay inside"
    drain()
    public = db.session.get(PublicCase, report.id)
    assert public is not None
    assert public.due_at == row.due_after


def test_a_refusal_leaves_the_term_and_may_be_followed(db_city: scoped_session[Session]) -> None:
    report = at_state(State.HANDLING)
    before, row = resolve_of(report).due_at, ask(report)
    supervisor, at = staff(Role.SUPERVISOR), report.state_since + 2 * HOUR
    with pytest.raises(ExtensionError, match="等批准"):
        ask(report)
    with pytest.raises(InvalidFieldsError), writing():
        refuse_more_time(report, row.id, " ", by=supervisor, at=at)
    with writing():
        refuse_more_time(report, row.id, "先把已有的数据写清。", by=supervisor, at=at)
    assert resolve_of(report).due_at == before
    assert ask(report).id != row.id
    assert [e.state for e in extensions_of(report.id)] == ["refused", "asked"]


@pytest.mark.parametrize("days", [0, 31])
def test_never_more_than_thirty_days(db_city: scoped_session[Session], days: int) -> None:
    report = at_state(State.HANDLING)
    with pytest.raises(InvalidFieldsError, match="30"):
        ask(report, MoreTime(days, ExtensionReason.COMPLEX, "还要查。"))


def test_only_before_the_term_is_over(db_city: scoped_session[Session]) -> None:
    report = at_state(State.HANDLING)
    due_at = resolve_of(report).due_at
    with pytest.raises(ExtensionError, match="到期前"), writing():
        ask_more_time(report, WHY, by=staff(Role.CLERK), at=due_at)
    row = ask(report)
    with writing():  # asked in time, decided late: that is not the department's fault
        grant_more_time(report, row.id, by=staff(Role.SUPERVISOR), at=due_at + HOUR)
    assert resolve_of(report).due_at > due_at + HOUR


@pytest.mark.parametrize(
    "who",
    [
        lambda: staff(Role.CLERK, department="cg"),
        lambda: staff(Role.CLERK, department="zhen-01"),
        lambda: staff(Role.TRIAGE),
        lambda: staff(Role.SUPERVISOR),
    ],
)
def test_only_the_lead_asks(db_city: scoped_session[Session], who: Callable[[], Actor]) -> None:
    report = at_state(State.HANDLING)
    with pytest.raises(NotAllowedError):
        ask(report, by=who())


def test_only_a_supervisor_decides_and_never_an_own_request(
    db_city: scoped_session[Session],
) -> None:
    report = at_state(State.HANDLING)
    both = staff(Role.CLERK, Role.SUPERVISOR, department="sthj", username="both")
    row = ask(report, by=both)
    for stranger in (staff(Role.CLERK), staff(Role.HEAD), staff(Role.REVIEWER)):
        with pytest.raises(NotAllowedError):
            grant(report, row, by=stranger)
    with pytest.raises(SeparationError):
        grant(report, row, by=both)
    assert grant(report, row).decided_by_id != both.user_id


@pytest.mark.parametrize("state", [State.DISPATCHED, State.STAGE_CLOSED, State.RESOLVED])
def test_only_a_case_in_hand_is_given_time(db_city: scoped_session[Session], state: State) -> None:
    report = at_state(state)
    with pytest.raises(GuardError):
        ask(report)


def test_a_request_ends_with_its_term(db_city: scoped_session[Session]) -> None:
    """Resolved before anybody decided: nothing waits any more, and nothing can be granted."""
    report = at_state(State.HANDLING)
    row = ask(report)
    walk(report, Action.PROPOSE, Action.SUBMIT, Action.RESOLVE)
    supervisor = staff(Role.SUPERVISOR)
    assert queue_counts([Queue.TO_EXTEND], supervisor, report.state_since)[Queue.TO_EXTEND] == 0
    with pytest.raises(ExtensionError):
        grant(report, row)


def test_a_case_done_again_may_be_given_time_again(db_city: scoped_session[Session]) -> None:
    report = at_state(State.HANDLING)
    grant(report, ask(report))
    walk(report, Action.PROPOSE, Action.SUBMIT, Action.RESOLVE)
    take(report, Action.REOPEN)
    assert grant(report, ask(report)).state is ExtensionState.GRANTED


def test_time_is_given_after_a_plan_too(db_city: scoped_session[Session]) -> None:
    report = walk(at_state(State.STAGE_CLOSED), Action.RESUME)
    before = resolve_of(report).due_at
    row = grant(report, ask(report))
    assert row.due_after is not None
    assert resolve_of(report).due_at == row.due_after > before + timedelta(days=9)
