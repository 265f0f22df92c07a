"""The stored calendar: seeded, edited, imported."""

from __future__ import annotations

from datetime import date, time

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.errors import InvalidFieldsError
from portal.domain.calendar.arithmetic import DEFAULT_SPANS, Span
from portal.domain.calendar.models import DayKind
from portal.domain.calendar.queries import days_of, is_announced, work_calendar
from portal.domain.calendar.services import (
    DayRow,
    clear_day,
    import_days,
    seed_calendar,
    set_day,
    set_office_hours,
)

SessionLike = scoped_session[Session]
pytestmark = pytest.mark.engine


def test_seed_knows_the_announced_years_only(session: SessionLike) -> None:
    assert seed_calendar([2025, 2026, 2027]) == {2025, 2026}
    assert is_announced(2026)
    assert not is_announced(2027)
    calendar = work_calendar()
    assert calendar.is_working_day(date(2026, 10, 10))
    assert not calendar.is_working_day(date(2026, 10, 5))
    assert calendar.is_working_day(date(2027, 10, 5)), "an unannounced year falls back to the week"
    assert calendar.office_hours[0].spans == DEFAULT_SPANS
    names = {day.on: (day.kind, day.name) for day in days_of(2026)}
    assert names[date(2026, 10, 1)] == (DayKind.HOLIDAY, "国庆节")
    assert names[date(2026, 10, 10)] == (DayKind.WORKING, "国庆节")


def test_seeding_again_keeps_what_staff_changed(session: SessionLike) -> None:
    seed_calendar([2026])
    set_day(date(2026, 10, 10), DayKind.HOLIDAY, "市里另行安排")
    clear_day(date(2026, 10, 5))
    count = len(days_of(2026))
    seed_calendar([2026])
    assert len(days_of(2026)) == count
    assert not work_calendar().is_working_day(date(2026, 10, 10))
    assert work_calendar().is_working_day(date(2026, 10, 5))


def test_a_change_is_seen_at_once(session: SessionLike) -> None:
    monday = date(2026, 3, 9)
    assert work_calendar().is_working_day(monday)
    set_day(monday, DayKind.HOLIDAY)
    assert not work_calendar().is_working_day(monday)
    clear_day(monday)
    assert work_calendar().is_working_day(monday)


def test_import_announces_its_years(session: SessionLike) -> None:
    rows = [
        DayRow(date(2027, 1, 1), DayKind.HOLIDAY, "元旦"),
        DayRow(date(2027, 1, 3), DayKind.WORKING, "元旦"),
    ]
    assert import_days(rows) == 2
    assert is_announced(2027)
    assert work_calendar().is_working_day(date(2027, 1, 3))


def test_office_hours_take_effect_on_their_day(session: SessionLike) -> None:
    seed_calendar([2026])
    set_office_hours(date(2026, 5, 1), (Span(time(15), time(18)), Span(time(8), time(12))))
    schedules = work_calendar().office_hours
    assert [s.effective_from for s in schedules] == [date(2024, 1, 1), date(2026, 5, 1)]
    assert schedules[1].spans[0] == Span(time(8), time(12))
    with pytest.raises(InvalidFieldsError):
        set_office_hours(date(2026, 6, 1), ())
