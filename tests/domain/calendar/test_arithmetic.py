"""Counting around the real holidays of 2026, and what must hold for any calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.calendar.arithmetic import (
    NoWorkingDayError,
    OfficeSchedule,
    Span,
    WorkCalendar,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
REAL = WorkCalendar(
    {day: False for day in chinese_calendar.constants.holidays if day.year >= 2024}
    | {day: True for day in chinese_calendar.constants.workdays if day.year >= 2024},
    announced=frozenset({2024, 2025, 2026}),
)


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def midnight_after(month: int, day: int) -> datetime:
    return at(month, day, 0) + timedelta(days=1)


moments = st.timedeltas(timedelta(), timedelta(days=364)).map(
    lambda passed: datetime(2025, 12, 1, tzinfo=UTC) + passed
)
dates = st.dates(date(2025, 12, 1), date(2026, 11, 30))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """The real one, or one with holidays and make-up days anywhere."""
    if draw(st.booleans()):
        return REAL
    return WorkCalendar(draw(st.dictionaries(dates, st.booleans(), max_size=40)))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), True),  # Saturday worked for 春节
        (date(2026, 2, 16), False),  # Monday of 春节
        (date(2026, 9, 20), True),  # Sunday worked for 国庆
        (date(2026, 10, 10), True),  # Saturday worked for 国庆
        (date(2026, 10, 11), False),
        (date(2026, 3, 11), True),
    ],
)
def test_days_of_2026(day: date, works: bool) -> None:
    assert REAL.is_working_day(day) is works


def test_the_day_of_the_event_is_not_counted() -> None:
    for hour in (0, 9, 23):
        assert REAL.add_working_days(at(3, 9, hour), 2) == midnight_after(3, 11)


def test_working_days_count_a_worked_saturday() -> None:
    # Friday 9 October; Saturday the 10th is worked, Sunday is not, Monday is the second day.
    assert REAL.add_working_days(at(10, 9), 1) == midnight_after(10, 10)
    assert REAL.add_working_days(at(10, 9), 2) == midnight_after(10, 12)


def test_working_days_jump_over_the_national_day_week() -> None:
    assert REAL.add_working_days(at(9, 29), 2) == midnight_after(10, 8)


def test_calendar_days_roll_off_the_national_day_week() -> None:
    # Ten days from 24 September end on Sunday 4 October: the first working day after is the 8th.
    assert REAL.add_calendar_days(at(9, 24), 10) == midnight_after(10, 8)


def test_calendar_days_end_on_a_worked_sunday() -> None:
    assert REAL.add_calendar_days(at(9, 10), 10) == midnight_after(9, 20)


def test_terms_end_at_midnight_of_the_city() -> None:
    end = REAL.add_calendar_days(at(3, 9), 2)
    assert end == datetime(2026, 3, 11, 16, tzinfo=UTC)
    assert end.tzinfo is UTC
    assert REAL.last_day(end) == date(2026, 3, 11)
    assert REAL.local_date(end) == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (at(3, 9, 9), at(3, 9, 15, 30)),  # three hours before noon, one after half past two
        (at(3, 9, 8, 30), at(3, 9, 15)),
        (at(3, 9, 8), at(3, 9, 15)),
        (at(3, 9, 13), at(3, 10, 9, 30)),
        (at(3, 9, 16, 30), at(3, 10, 11, 30)),
        (at(3, 13, 17, 30), at(3, 16, 15)),
        (at(9, 30, 16, 30), at(10, 8, 11, 30)),
        (at(10, 9, 16, 30), at(10, 10, 11, 30)),
    ],
)
def test_four_working_hours(start: datetime, end: datetime) -> None:
    assert REAL.add_working_hours(start, 4) == end


def test_hours_end_at_closing_time_not_at_the_next_opening() -> None:
    assert REAL.add_working_hours(at(3, 9, 9), 3) == at(3, 9, 12)
    assert REAL.add_working_hours(at(3, 9, 14, 30), 3) == at(3, 9, 17, 30)


def test_office_hours_change_on_a_day() -> None:
    winter = OfficeSchedule(date.min, (Span(time(8, 30), time(12)), Span(time(14), time(17))))
    summer = OfficeSchedule(date(2026, 5, 1), (Span(time(8), time(12)),))
    calendar = WorkCalendar(office_hours=(winter, summer))
    assert calendar.add_working_hours(at(4, 30, 16), 2) == at(5, 1, 9)


def test_working_time_between() -> None:
    assert REAL.working_time_between(at(3, 9, 10), at(3, 9, 15)) == timedelta(hours=2.5)
    assert REAL.working_time_between(at(3, 13, 17), at(3, 16, 9)) == timedelta(hours=1)
    assert REAL.working_time_between(at(10, 1, 9), at(10, 7, 18)) == timedelta()
    assert REAL.working_time_between(at(3, 9, 15), at(3, 9, 10)) == timedelta()


def test_working_days_between() -> None:
    assert REAL.working_days_between(date(2026, 9, 30), date(2026, 10, 8)) == 1
    assert REAL.working_days_between(date(2026, 10, 9), date(2026, 10, 12)) == 2
    assert REAL.working_days_between(date(2026, 10, 12), date(2026, 10, 9)) == -2


def test_announced_years() -> None:
    assert REAL.is_announced(2026)
    assert not REAL.is_announced(2027)


def test_impossible_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="before they begin"):
        Span(time(12), time(8))
    with pytest.raises(ValueError, match="overlap"):
        OfficeSchedule(date.min, (Span(time(8), time(12)), Span(time(11), time(14))))
    with pytest.raises(ValueError, match="no office hours"):
        OfficeSchedule(date.min, ())
    closed = {date(2026, 1, 1) + timedelta(days=n): False for n in range(800)}
    with pytest.raises(NoWorkingDayError):
        WorkCalendar(closed).add_working_days(at(3, 9), 1)


def test_terms_run_forward() -> None:
    for add in (REAL.add_working_days, REAL.add_calendar_days, REAL.add_working_hours):
        with pytest.raises(ValueError, match="forward"):
            add(at(3, 9), -1)


@given(calendars(), moments, st.integers(0, 40))
def test_day_terms_end_at_midnight_of_a_working_day(
    calendar: WorkCalendar, start: datetime, days: int
) -> None:
    for end in (calendar.add_working_days(start, days), calendar.add_calendar_days(start, days)):
        assert end.astimezone(SHANGHAI).time() == time()
        assert calendar.is_working_day(calendar.last_day(end))
        assert calendar.last_day(end) >= calendar.local_date(start) + timedelta(days=min(days, 1))


@given(calendars(), moments, st.integers(1, 40))
def test_working_days_are_counted_exactly(
    calendar: WorkCalendar, start: datetime, days: int
) -> None:
    last = calendar.last_day(calendar.add_working_days(start, days))
    assert calendar.working_days_between(calendar.local_date(start), last) == days


@given(calendars(), moments, st.integers(0, 30))
def test_calendar_days_roll_over_holidays_only(
    calendar: WorkCalendar, start: datetime, days: int
) -> None:
    nominal = calendar.local_date(start) + timedelta(days=days)
    last = calendar.last_day(calendar.add_calendar_days(start, days))
    rolled = (nominal + timedelta(days=n) for n in range((last - nominal).days))
    assert not any(calendar.is_working_day(day) for day in rolled)


@given(calendars(), moments, st.integers(0, 60))
def test_working_time_is_counted_exactly(
    calendar: WorkCalendar, start: datetime, hours: int
) -> None:
    end = calendar.add_working_hours(start, hours)
    assert end >= start
    assert calendar.working_time_between(start, end) == timedelta(hours=hours)
    assert calendar.working_time_between(start, end - timedelta(seconds=1)) < timedelta(
        hours=hours or 1
    )


@given(calendars(), moments, moments, moments)
def test_working_time_adds_up(
    calendar: WorkCalendar, a: datetime, b: datetime, c: datetime
) -> None:
    a, b, c = sorted((a, b, c))
    whole = calendar.working_time_between(a, c)
    assert calendar.working_time_between(a, b) + calendar.working_time_between(b, c) == whole


@given(calendars(), moments, st.timedeltas(timedelta(), timedelta(days=20)), st.integers(0, 30))
def test_a_later_start_never_ends_earlier(
    calendar: WorkCalendar, start: datetime, delay: timedelta, amount: int
) -> None:
    for add in (
        calendar.add_working_days,
        calendar.add_calendar_days,
        calendar.add_working_hours,
        calendar.add_hours,
    ):
        assert add(start, amount) <= add(start + delay, amount)
        assert add(start, amount) <= add(start, amount + 1)
