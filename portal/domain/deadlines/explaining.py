"""How a term came to its end: every step from what began it to its last moment. Pure.

The parts add up: counting them forward by hand gives `due_at` again, which the tests do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.domain.calendar.arithmetic import WorkCalendar
from portal.domain.deadlines.clocks import Clock, Unit
from portal.domain.deadlines.models import Deadline
from portal.domain.deadlines.terms import Run, end_of


@dataclass(frozen=True)
class Counting:
    """The steps of `due_at`: `amount` of `unit` from `started_at`, then what moved the end.

    `days_off` are the days without office inside a term in working days; `rolled_days` how far a
    term in calendar days rolled off holidays; `extension_rolled_days` the same for the extension,
    which begins behind `due_before_extension`.
    """

    started_at: datetime
    amount: int
    unit: Unit
    due_at: datetime
    due_before_extension: datetime
    days_off: int = 0
    rolled_days: int = 0
    paused_days: int = 0
    paused_time: timedelta = timedelta()
    extended_days: int = 0
    extension_rolled_days: int = 0


@dataclass(frozen=True)
class Explanation:
    """Why a clock ends when it ends. `counting` None: the end was laid down from outside.

    `paused_at` while the clock stands still; `uncharged` was lost to upheld returns: it stays in
    the case's total and is not the present department's. `is_guessed`: the term reaches into a
    year whose holidays are not announced.
    """

    clock: Clock
    started_at: datetime
    due_at: datetime
    counting: Counting | None
    extended_days: int = 0
    paused_at: datetime | None = None
    uncharged: timedelta = timedelta()
    is_guessed: bool = False


def explain(deadline: Deadline, calendar: WorkCalendar) -> Explanation:
    """The explanation of a term as it stands."""
    run = deadline.run
    due_on = calendar.last_day(deadline.due_at)
    return Explanation(
        clock=deadline.clock,
        started_at=deadline.started_at,
        due_at=deadline.due_at,
        counting=replace(count(run, calendar), due_at=deadline.due_at) if run else None,
        extended_days=deadline.extended_days,
        paused_at=deadline.paused_at if deadline.is_open else None,
        uncharged=timedelta(seconds=deadline.uncharged_seconds),
        is_guessed=run is not None and not calendar.is_announced(due_on.year),
    )


def count(run: Run, calendar: WorkCalendar) -> Counting:
    """The steps from the beginning of `run` to its end."""
    due_at = end_of(run, calendar)
    before = end_of(replace(run, extended_days=0), calendar)
    counted = Counting(
        started_at=run.started_at,
        amount=run.amount,
        unit=run.unit,
        due_at=due_at,
        due_before_extension=before,
        paused_days=run.paused_days,
        paused_time=run.paused_time,
        extended_days=run.extended_days,
    )
    span = (calendar.last_day(before) - calendar.local_date(run.started_at)).days
    beyond = span - run.amount - run.paused_days
    if run.unit is Unit.WORKING_DAYS:
        counted = replace(counted, days_off=beyond)
    if run.unit is Unit.CALENDAR_DAYS:
        counted = replace(counted, rolled_days=beyond)
    if run.extended_days:
        added = (calendar.last_day(due_at) - calendar.last_day(before)).days
        counted = replace(counted, extension_rolled_days=added - run.extended_days)
    return counted
