"""Counting in working days and office hours. Pure: no database, no clock.

The rules are those of domain.md section 4, after 民法典 201 and 203: the day of the event is not
counted; a term in days ends at 24:00 city time, that is the next local midnight, and rolls forward
off holidays; working hours run only while the offices are open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
_SATURDAY = 5
# Longer than any run of holidays: a table that closes the city for a year is a mistake, not a term.
_LONGEST_CLOSURE_DAYS = 366


class NoWorkingDayError(ValueError):
    """The table leaves no working day for a year on end."""


@dataclass(frozen=True)
class Span:
    """One stretch of office hours in local time, on one day."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        """Refuse a span that ends before it begins."""
        if self.opens >= self.closes:
            raise ValueError(f"office hours {self.opens}-{self.closes} end before they begin")


DEFAULT_SPANS = (Span(time(8, 30), time(12)), Span(time(14, 30), time(17, 30)))


@dataclass(frozen=True)
class OfficeSchedule:
    """The spans in force from a day on, in order and without overlap."""

    effective_from: date
    spans: tuple[Span, ...]

    def __post_init__(self) -> None:
        """Refuse a day without hours, and spans out of order."""
        if not self.spans:
            raise ValueError(f"no office hours from {self.effective_from}")
        if any(later.opens < earlier.closes for earlier, later in pairwise(self.spans)):
            raise ValueError(f"office hours from {self.effective_from} overlap")


CITY_TZ = ZoneInfo("Asia/Shanghai")
DEFAULT_SCHEDULE = OfficeSchedule(date.min, DEFAULT_SPANS)


@dataclass(frozen=True)
class WorkCalendar:
    """The city's working time.

    `exceptions` says of a date whether it is a working day; other days are working days from Monday
    to Friday. `announced` holds the years whose holidays are known; the rest are only guessed.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    office_hours: tuple[OfficeSchedule, ...] = (DEFAULT_SCHEDULE,)
    tz: tzinfo = CITY_TZ
    announced: frozenset[int] = frozenset()

    def is_announced(self, year: int) -> bool:
        """Whether the holidays of `year` are known; if not, pages warn that terms may move."""
        return year in self.announced

    def local_date(self, moment: datetime) -> date:
        """The city's date at `moment`."""
        return moment.astimezone(self.tz).date()

    def last_day(self, due_at: datetime) -> date:
        """The day at whose end `due_at` falls: midnight belongs to the day it ends."""
        return self.local_date(due_at - _TICK)

    def end_of_day(self, day: date) -> datetime:
        """24:00 of `day` in the city, as aware UTC."""
        return datetime.combine(day + _DAY, time(), self.tz).astimezone(UTC)

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on `day`."""
        return self.exceptions.get(day, day.weekday() < _SATURDAY)

    def next_working_day(self, day: date) -> date:
        """`day` itself when it is a working day, else the first one after it."""
        for ahead in range(_LONGEST_CLOSURE_DAYS):
            if self.is_working_day(day + ahead * _DAY):
                return day + ahead * _DAY
        raise NoWorkingDayError(f"no working day in the year after {day}")

    def working_day_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which is not counted; 0 rolls `day` itself."""
        if count < 0:
            raise ValueError("a term runs forward")
        if count == 0:
            return self.next_working_day(day)
        for _ in range(count):
            day = self.next_working_day(day + _DAY)
        return day

    def working_day_before(self, day: date) -> date:
        """The last working day before `day`."""
        for back in range(1, _LONGEST_CLOSURE_DAYS):
            if self.is_working_day(day - back * _DAY):
                return day - back * _DAY
        raise NoWorkingDayError(f"no working day in the year before {day}")

    def add_working_days(self, start_at: datetime, days: int) -> datetime:
        """When a term of `days` working days from `start_at` ends (24:00), as aware UTC."""
        return self.end_of_day(self.working_day_after(self.local_date(start_at), days))

    def add_calendar_days(self, start_at: datetime, days: int) -> datetime:
        """When a term of `days` calendar days ends: 24:00, rolled forward off holidays."""
        if days < 0:
            raise ValueError("a term runs forward")
        return self.end_of_day(self.next_working_day(self.local_date(start_at) + days * _DAY))

    def add_hours(self, start_at: datetime, hours: int) -> datetime:
        """`hours` round the clock after `start_at`."""
        return start_at + timedelta(hours=hours)

    def add_working_hours(self, start_at: datetime, hours: int) -> datetime:
        """When `hours` office hours have passed since `start_at`, as aware UTC."""
        return self.add_working_time(start_at, timedelta(hours=hours))

    def add_working_time(self, start_at: datetime, amount: timedelta) -> datetime:
        """The first moment at which `amount` of office time has passed since `start_at`."""
        if amount < timedelta():
            raise ValueError("a term runs forward")
        if not amount:
            return start_at
        day = self.next_working_day(self.local_date(start_at))
        while True:
            for opens, closes in self._open_spans(day):
                begin = max(opens, start_at)
                if begin < closes and amount <= closes - begin:
                    return begin + amount
                amount -= max(closes - begin, timedelta())
            day = self.next_working_day(day + _DAY)

    def working_days_between(self, start_on: date, end_on: date) -> int:
        """Working days after `start_on` up to and including `end_on`; negative when reversed."""
        if end_on < start_on:
            return -self.working_days_between(end_on, start_on)
        days = (end_on - start_on).days
        return sum(self.is_working_day(start_on + n * _DAY) for n in range(1, days + 1))

    def working_time_between(self, start_at: datetime, end_at: datetime) -> timedelta:
        """Office time between two moments; zero when `end_at` is not later."""
        total = timedelta()
        day, last = self.local_date(start_at), self.local_date(end_at)
        while day <= last:
            for opens, closes in self._open_spans(day) if self.is_working_day(day) else ():
                total += max(min(closes, end_at) - max(opens, start_at), timedelta())
            day += _DAY
        return total

    def _open_spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The office hours of a working day as aware UTC moments."""
        for span in self._schedule_on(day).spans:
            opens = datetime.combine(day, span.opens, self.tz).astimezone(UTC)
            yield opens, datetime.combine(day, span.closes, self.tz).astimezone(UTC)

    def _schedule_on(self, day: date) -> OfficeSchedule:
        """The newest schedule in force on `day`; the oldest one reaches back for ever."""
        current = self.office_hours[0]
        for schedule in self.office_hours[1:]:
            if schedule.effective_from <= day:
                current = schedule
        return current
