"""A changed calendar moves the open terms across the day, and says so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.clock import local
from portal.domain.accounts.actor import ActorKind
from portal.domain.calendar.changing import Changer, change_day, changes_of, import_calendar
from portal.domain.calendar.models import DayKind
from portal.domain.calendar.queries import is_announced, work_calendar
from portal.domain.calendar.services import DayRow
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import has_term_beyond, open_deadline, reports_crossing
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.queries import events_of
from tests.factories import START, at_state, drain, file, writing

MONDAY = local(START).date()
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


def changer() -> Changer:
    return Changer(ActorKind.SYSTEM, None, START)


def turn(on: date, kind: DayKind | None) -> bool:
    with writing():
        return change_day(on, kind, "测试", changer())


def moves(report: Report) -> int:
    return sum(event.kind == "term_moved" for event in events_of(SUBJECT, report.id))


@pytest.mark.engine
def test_a_new_holiday_moves_what_crosses_it(db_city: scoped_session[Session]) -> None:
    """ACCEPT, two working days from Monday, ends on Thursday once Tuesday is off."""
    report, calendar = file(), work_calendar()
    assert report.due_at == calendar.end_of_day(WEDNESDAY)
    assert turn(TUESDAY, DayKind.HOLIDAY)
    drain()
    moved = calendar.end_of_day(WEDNESDAY + timedelta(days=1))
    term = open_deadline(report.id, Clock.ACCEPT)
    assert term is not None
    assert term.due_at == report.due_at == moved
    assert term.warn_at < term.due_at < term.red_at
    assert moves(report) == 1
    assert turn(TUESDAY, None)
    drain()
    assert report.due_at == calendar.end_of_day(WEDNESDAY)
    assert moves(report) == 2


def test_what_is_over_or_far_away_stays(db_city: scoped_session[Session]) -> None:
    done, later = at_state(State.HANDLING), file(at=START + timedelta(days=30))
    before = [(t.clock, t.due_at) for t in [open_deadline(later.id, Clock.ACCEPT)] if t]
    turn(TUESDAY, DayKind.HOLIDAY)
    drain()
    assert before == [(t.clock, t.due_at) for t in [open_deadline(later.id, Clock.ACCEPT)] if t]
    assert moves(later) == 0
    assert moves(done) == 0, "15 calendar days end on the 24th, whatever Tuesday is"
    assert later.id not in reports_crossing(TUESDAY, TUESDAY, work_calendar())


def test_a_change_of_name_moves_nothing(db_city: scoped_session[Session]) -> None:
    report = file()
    assert not turn(TUESDAY, DayKind.WORKING)
    assert not turn(MONDAY + timedelta(days=5), DayKind.HOLIDAY)
    drain()
    assert moves(report) == 0


def test_an_imported_year_is_announced_and_previewed(db_city: scoped_session[Session]) -> None:
    rows = [
        DayRow(date(2027, 1, 1), DayKind.HOLIDAY, "元旦"),
        DayRow(date(2027, 1, 2), DayKind.HOLIDAY, "元旦"),
        DayRow(date(2027, 1, 3), DayKind.WORKING, "元旦"),
    ]
    assert not is_announced(2027)
    assert [change.turns for change in changes_of(rows)] == [True, False, True]
    with writing():
        assert import_calendar(rows, changer()) == [date(2027, 1, 1), date(2027, 1, 3)]
    assert is_announced(2027)
    with writing():
        assert import_calendar(rows, changer()) == []


def test_terms_into_an_unknown_year_are_known(db_city: scoped_session[Session]) -> None:
    report = file()
    assert report.due_at is not None
    assert has_term_beyond(MONDAY, work_calendar())
    assert not has_term_beyond(date(2026, 12, 31), work_calendar())
