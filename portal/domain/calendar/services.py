"""Filling and changing the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import chinese_calendar
from sqlalchemy import delete, select

from portal.core.db import db
from portal.core.errors import InvalidFieldsError
from portal.core.text import N_
from portal.domain.calendar.arithmetic import DEFAULT_SPANS, OfficeSchedule, Span
from portal.domain.calendar.models import CalendarDay, CalendarYear, DayKind, OfficeHours
from portal.domain.calendar.queries import forget_calendar

SEEDED_YEARS = range(2024, 2028)
_FIRST_DAY = date(2024, 1, 1)
_NAMES = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
_NAMES_EN: dict[str, str] = {holiday.chinese: holiday.value for holiday in chinese_calendar.Holiday}


def english_name(name_zh: str) -> str:
    """A public holiday's English name; another day keeps the name the city gave it."""
    return _NAMES_EN.get(name_zh, name_zh)


@dataclass(frozen=True)
class DayRow:
    """One line of an imported calendar."""

    on: date
    kind: DayKind
    name: str = ""


def seed_calendar(years: Iterable[int] = SEEDED_YEARS) -> frozenset[int]:
    """Store holidays and make-up days of `years` from the State Council's notices.

    The notices (国务院办公厅关于部分节假日安排的通知) come through `chinesecalendar`. Returns the
    years it knew; the others stay weekdays until imported. A year stored before is left alone, so
    what staff changed or cleared stays that way.
    """
    known = frozenset(year for year in years if _is_known(year))
    stored = set(db.session.scalars(select(CalendarYear.year)))
    for year in sorted(known - stored):
        for row in _announced_days(year):
            if db.session.get(CalendarDay, row.on) is None:
                db.session.add(CalendarDay(on=row.on, kind=row.kind, name=row.name))
        _mark_announced(year, "chinesecalendar")
    if db.session.query(OfficeHours).first() is None:
        set_office_hours(_FIRST_DAY, DEFAULT_SPANS)
    db.session.flush()
    forget_calendar()
    return known


def set_day(on: date, kind: DayKind, name: str = "") -> CalendarDay:
    """Lay down what `on` is, over whatever was known before."""
    day = db.session.merge(CalendarDay(on=on, kind=kind, name=name))
    db.session.flush()
    forget_calendar()
    return day


def clear_day(on: date) -> None:
    """Let `on` follow its weekday again."""
    db.session.execute(delete(CalendarDay).where(CalendarDay.on == on))
    forget_calendar()


def import_days(rows: Iterable[DayRow]) -> int:
    """Store an announced calendar; every year it names counts as announced. Returns the days."""
    count = 0
    years = set()
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the count is the answer
        set_day(row.on, row.kind, row.name)
        years.add(row.on.year)
    for year in sorted(years):
        _mark_announced(year, "import")
    db.session.flush()
    forget_calendar()
    return count


def set_office_hours(effective_from: date, spans: tuple[Span, ...]) -> OfficeSchedule:
    """Open the offices during `spans` (local time) from a day on.

    Raises InvalidFieldsError when spans overlap or are missing.
    """
    try:
        schedule = OfficeSchedule(effective_from, tuple(sorted(spans, key=lambda s: s.opens)))
    except ValueError as error:
        raise InvalidFieldsError.one("spans", "hours", N_("办公时间为空或相互重叠")) from error
    db.session.execute(delete(OfficeHours).where(OfficeHours.effective_from == effective_from))
    for span in schedule.spans:
        db.session.add(
            OfficeHours(effective_from=effective_from, opens=span.opens, closes=span.closes)
        )
    db.session.flush()
    forget_calendar()
    return schedule


def _is_known(year: int) -> bool:
    """Whether the library holds the notice for `year`; it raises for years to come."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def _announced_days(year: int) -> list[DayRow]:
    """Holidays and make-up days of a year that the library knows."""
    tables = (
        (chinese_calendar.constants.holidays, DayKind.HOLIDAY),
        (chinese_calendar.constants.workdays, DayKind.WORKING),
    )
    return [
        DayRow(on, kind, _NAMES.get(name, name))
        for table, kind in tables
        for on, name in table.items()
        if on.year == year
    ]


def _mark_announced(year: int, source: str) -> None:
    """Remember that the holidays of `year` are known."""
    db.session.merge(CalendarYear(year=year, source=source))
