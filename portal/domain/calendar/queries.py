"""Reading the calendar."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.kept import Kept
from portal.domain.calendar.arithmetic import (
    DEFAULT_SCHEDULE,
    OfficeSchedule,
    Span,
    WorkCalendar,
)
from portal.domain.calendar.models import CalendarDay, CalendarYear, DayKind, OfficeHours


def work_calendar() -> WorkCalendar:
    """The calendar in force. A change by another process is seen within 15 seconds."""
    return _calendar.value()


def _read() -> WorkCalendar:
    days = db.session.execute(select(CalendarDay.on, CalendarDay.kind))
    return WorkCalendar(
        exceptions={on: kind is DayKind.WORKING for on, kind in days},
        office_hours=_schedules(),
        tz=clock.zone(),
        announced=frozenset(db.session.scalars(select(CalendarYear.year))),
    )


_calendar = Kept(_read)


def forget_calendar() -> None:
    """Read the calendar afresh next time; the services here call it after every change."""
    _calendar.forget()


def is_announced(year: int) -> bool:
    """Whether the holidays of `year` are known."""
    return work_calendar().is_announced(year)


def days_of(year: int) -> list[CalendarDay]:
    """The special days of `year` in order."""
    inside = CalendarDay.on.between(date(year, 1, 1), date(year, 12, 31))
    return list(db.session.scalars(select(CalendarDay).where(inside).order_by(CalendarDay.on)))


def _schedules() -> tuple[OfficeSchedule, ...]:
    """Office hours by the day they take effect; the defaults while none are stored."""
    rows = db.session.scalars(
        select(OfficeHours).order_by(OfficeHours.effective_from, OfficeHours.opens)
    )
    schedules = tuple(
        OfficeSchedule(start, tuple(Span(row.opens, row.closes) for row in group))
        for start, group in groupby(rows, key=lambda row: row.effective_from)
    )
    return schedules or (DEFAULT_SCHEDULE,)
