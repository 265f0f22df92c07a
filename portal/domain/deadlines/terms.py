"""When a term warns, ends and turns red. Pure: every moment and the calendar are handed in.

Rules (domain.md section 4): blue when 80 % of the term is used, for terms of three working days or
more also when one working day is left, whichever is earlier; yellow when it is over; red when it is
over by more than the term itself or by five working days, whichever is shorter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.domain.calendar.arithmetic import WorkCalendar
from portal.domain.deadlines.clocks import Colour, Unit

_LONG_TERM_DAYS = 3
_RED_AFTER_DAYS = 5
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Term:
    """The three moments of a deadline, aware UTC, in this order."""

    warn_at: datetime
    due_at: datetime
    red_at: datetime


@dataclass(frozen=True)
class Run:
    """A term as it was set: `amount` of `unit` from a moment, and what moved its end since.

    Pauses took `paused_days` out of a term in days, `paused_time` (office time for working hours)
    out of one in hours. `extended_days` are the calendar days granted on top.
    """

    started_at: datetime
    amount: int
    unit: Unit
    paused_days: int = 0
    paused_time: timedelta = timedelta()
    extended_days: int = 0


@dataclass(frozen=True)
class Pause:
    """A stretch of time in which the clock stood still."""

    from_at: datetime
    to_at: datetime


def term_of(run: Run, calendar: WorkCalendar) -> Term:
    """The moments of `run` with its pauses and its extension."""
    due_at = end_of(run, calendar)
    return Term(_warn_at(run, due_at, calendar), due_at, red_after(run, due_at, calendar))


def recounted(run: Run, term: Term, at: datetime, calendar: WorkCalendar) -> Term:
    """`run` on a calendar that changed since `term`; a warning given by `at` stays given."""
    fresh = term_of(run, calendar)
    warn_at = min(term.warn_at, fresh.due_at) if term.warn_at <= at else fresh.warn_at
    return Term(warn_at, fresh.due_at, fresh.red_at)


def end_of(run: Run, calendar: WorkCalendar) -> datetime:
    """When `run` ends: its amount and pauses counted, then the days granted on top."""
    due_at = _end_of(run.started_at, run, calendar)
    return extended(due_at, run.extended_days, calendar) if run.extended_days else due_at


def extended(due_at: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """`days` calendar days behind the day on which `due_at` falls: 24:00, rolled off holidays."""
    return calendar.add_calendar_days(due_at - _TICK, days)


def term_until(started_at: datetime, due_at: datetime, calendar: WorkCalendar) -> Term:
    """The moments of a term whose end is laid down from outside, such as a hand-over's due date.

    It is measured round the clock; one that is over before it starts warns at once.
    """
    length = max(due_at - started_at, timedelta())
    warn_at = due_at - length / 5
    if _is_long(started_at, due_at, calendar):
        warn_at = min(warn_at, _one_day_left(due_at, calendar))
    five_days = calendar.add_working_days(due_at - _TICK, _RED_AFTER_DAYS)
    return Term(warn_at, due_at, min(due_at + length, five_days) if length else five_days)


def resume_term(run: Run, term: Term, pause: Pause, calendar: WorkCalendar) -> tuple[Run, Term]:
    """`run` and its moments after `pause`: what was left when it began is left when it ends.

    The due moment moves by what the pause took, in the unit of the term: office time, round the
    clock, or whole days (the day it began is not counted). Terms in days still end at 24:00 and
    roll off holidays. A warning already given stays given.
    """
    run = replace(
        run,
        paused_days=run.paused_days + _days_taken(run.unit, pause, calendar),
        paused_time=run.paused_time + _time_taken(run.unit, pause, calendar),
    )
    due_at = end_of(run, calendar)
    warn_at = term.warn_at
    if warn_at > pause.from_at:
        warn_at = min(_moved(warn_at, run.unit, pause, calendar), due_at)
    return run, Term(warn_at, due_at, red_after(run, due_at, calendar))


def red_after(run: Run, due_at: datetime, calendar: WorkCalendar) -> datetime:
    """When a term that ended at `due_at` has been over for its own length or five working days."""
    # A term that ends at midnight ended on the day before: count from there.
    last = due_at - _TICK if run.unit in _DAY_UNITS else due_at
    again = _end_of(last, replace(run, paused_days=0, paused_time=timedelta()), calendar)
    return min(again, calendar.add_working_days(due_at - _TICK, _RED_AFTER_DAYS))


def colour_of(warn_at: datetime, due_at: datetime, red_at: datetime, at: datetime) -> Colour:
    """How a deadline stands at `at`."""
    if at >= red_at:
        return Colour.RED
    if at >= due_at:
        return Colour.YELLOW
    return Colour.BLUE if at >= warn_at else Colour.NONE


_DAY_UNITS = frozenset({Unit.WORKING_DAYS, Unit.CALENDAR_DAYS})


def _end_of(start_at: datetime, run: Run, calendar: WorkCalendar) -> datetime:
    """When the amount of `run`, with its paused days, has passed since `start_at`."""
    if run.unit is Unit.HOURS:
        return calendar.add_hours(start_at, run.amount) + run.paused_time
    if run.unit is Unit.WORKING_HOURS:
        length = timedelta(hours=run.amount) + run.paused_time
        return calendar.add_working_time(start_at, length)
    days = run.amount + run.paused_days
    if run.unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(start_at, days)
    return calendar.add_calendar_days(start_at, days)


def _warn_at(run: Run, due_at: datetime, calendar: WorkCalendar) -> datetime:
    """80 % of the way, in office time for working units; a day before the last one if earlier."""
    start_at = run.started_at
    if run.unit in {Unit.WORKING_DAYS, Unit.WORKING_HOURS}:
        length = calendar.working_time_between(start_at, due_at)
        warn_at = calendar.add_working_time(start_at, length * 4 / 5)
    else:
        warn_at = start_at + (due_at - start_at) * 4 / 5
    if run.unit in _DAY_UNITS and _is_long(start_at, due_at, calendar):
        warn_at = min(warn_at, _one_day_left(due_at, calendar))
    return warn_at


def _is_long(start_at: datetime, due_at: datetime, calendar: WorkCalendar) -> bool:
    """Whether the term holds three working days or more."""
    first, last = calendar.local_date(start_at), calendar.last_day(due_at)
    return calendar.working_days_between(first, last) >= _LONG_TERM_DAYS


def _one_day_left(due_at: datetime, calendar: WorkCalendar) -> datetime:
    """The end of the working day before the last one."""
    return calendar.end_of_day(calendar.working_day_before(calendar.last_day(due_at)))


def _days_taken(unit: Unit, pause: Pause, calendar: WorkCalendar) -> int:
    """Whole days, in the unit, that the pause took; the day it began is not counted."""
    begun_on, ended_on = calendar.local_date(pause.from_at), calendar.local_date(pause.to_at)
    if unit is Unit.WORKING_DAYS:
        return calendar.working_days_between(begun_on, ended_on)
    return (ended_on - begun_on).days if unit is Unit.CALENDAR_DAYS else 0


def _time_taken(unit: Unit, pause: Pause, calendar: WorkCalendar) -> timedelta:
    """What the pause took out of a term in hours: all of it, or its office time."""
    if unit is Unit.WORKING_HOURS:
        return calendar.working_time_between(pause.from_at, pause.to_at)
    return pause.to_at - pause.from_at if unit is Unit.HOURS else timedelta()


def _moved(moment: datetime, unit: Unit, pause: Pause, calendar: WorkCalendar) -> datetime:
    """`moment`, later by the pause: by its office time in working units, else by all of it."""
    if unit in {Unit.WORKING_HOURS, Unit.WORKING_DAYS}:
        taken = calendar.working_time_between(pause.from_at, pause.to_at)
        return calendar.add_working_time(moment, taken)
    return moment + (pause.to_at - pause.from_at)
