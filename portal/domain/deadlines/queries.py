"""Which rules hold, and which clocks run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select

from portal.core.db import db
from portal.core.errors import NotFoundError
from portal.core.kept import Kept
from portal.core.text import N_
from portal.domain.calendar.arithmetic import WorkCalendar
from portal.domain.calendar.queries import work_calendar
from portal.domain.deadlines.clocks import PRESSING, Clock, DeadlineClass, Unit
from portal.domain.deadlines.models import Deadline, DeadlineRule
from portal.domain.deadlines.terms import Run, Term, term_of

# How long RESOLVE runs on after the last date of a plan (domain.md section 3, resume).
_AFTER_PLAN_DAYS = 5


class RuleMissingError(NotFoundError):
    """No rule says how long this term is."""

    code = "rule_missing"


@dataclass(frozen=True)
class RuleValue:
    """A rule as it was read; `deadline_class` None holds for every class."""

    clock: Clock
    deadline_class: DeadlineClass | None
    amount: int
    unit: Unit
    effective_on: date


def _read_rules() -> tuple[RuleValue, ...]:
    return tuple(
        RuleValue(row.clock, row.deadline_class, row.amount, row.unit, row.effective_on)
        for row in rules()
    )


_rules = Kept(_read_rules)


def rule_for(clock: Clock, deadline_class: DeadlineClass | None, on: date) -> RuleValue:
    """The rule in force on a local day: one for the class first, then the newest.

    A change by another process is seen within 15 seconds. Raises RuleMissingError.
    """
    fitting = (
        rule
        for rule in _rules.value()
        if rule.clock is clock
        and rule.effective_on <= on
        and rule.deadline_class in {deadline_class, None}
    )
    rule = max(fitting, key=lambda r: (r.deadline_class is not None, r.effective_on), default=None)
    if rule is None:
        raise RuleMissingError(N_("这一步没有时限规则，请管理员补充"))
    return rule


def forget_rules() -> None:
    """Read the rules afresh next time; `save_rule` calls it."""
    _rules.forget()


def term_for(clock: Clock, deadline_class: DeadlineClass | None, start_at: datetime) -> Term:
    """The moments a clock started at `start_at` would have: for guards and previews."""
    calendar = work_calendar()
    rule = rule_for(clock, deadline_class, calendar.local_date(start_at))
    return term_of(Run(start_at, rule.amount, rule.unit), calendar)


def due_after_plan(last_on: date) -> datetime:
    """When RESOLVE is due once a plan whose last date is `last_on` is over: 5 working days on."""
    calendar = work_calendar()
    return calendar.end_of_day(calendar.working_day_after(last_on, _AFTER_PLAN_DAYS))


def rules() -> list[DeadlineRule]:
    """Every rule, by clock and class, the newest first."""
    order = (DeadlineRule.clock, DeadlineRule.deadline_class, DeadlineRule.effective_on.desc())
    return list(db.session.scalars(select(DeadlineRule).order_by(*order)))


def deadlines_of(report_id: int) -> list[Deadline]:
    """Every term a report ever had, in the order they started."""
    query = select(Deadline).where(Deadline.report_id == report_id)
    return list(db.session.scalars(query.order_by(Deadline.started_at, Deadline.id)))


def open_deadlines(report_id: int, clock: Clock | None = None) -> list[Deadline]:
    """The terms that have not been stopped, of one clock or all, the nearest first."""
    query = select(Deadline).where(Deadline.report_id == report_id, Deadline.stopped_at.is_(None))
    if clock is not None:
        query = query.where(Deadline.clock == clock)
    return list(db.session.scalars(query.order_by(Deadline.due_at, Deadline.id)))


def open_deadline(report_id: int, clock: Clock) -> Deadline | None:
    """The nearest running term of one clock."""
    return next(iter(open_deadlines(report_id, clock)), None)


def last_deadline(report_id: int, clock: Clock) -> Deadline | None:
    """The term of one clock that was started last, running or over."""
    query = select(Deadline).where(Deadline.report_id == report_id, Deadline.clock == clock)
    return db.session.scalar(query.order_by(Deadline.id.desc()).limit(1))


def was_started(report_id: int, clock: Clock) -> bool:
    """Whether the report ever had a term of this clock."""
    return last_deadline(report_id, clock) is not None


def earliest_open(report_id: int, clocks: Collection[Clock] = PRESSING) -> Deadline | None:
    """The running term of `clocks` that ends first. A paused clock presses nobody."""
    return first_running(open_deadlines(report_id), clocks)


def first_running(
    nearest_first: Sequence[Deadline], clocks: Collection[Clock] = PRESSING
) -> Deadline | None:
    """The first of the open terms that runs, of `clocks`; a paused one does not."""
    return next(
        (row for row in nearest_first if row.paused_at is None and row.clock in clocks), None
    )


def reports_crossing(first_on: date, last_on: date, calendar: WorkCalendar) -> list[int]:
    """The reports with an open term that runs, or grows red, within these local days; their ids."""
    begin = calendar.end_of_day(first_on - timedelta(days=1))
    # Red comes up to five working days behind the end: whoever is further on is not touched.
    query = select(Deadline.report_id).where(
        Deadline.stopped_at.is_(None),
        Deadline.started_at < calendar.end_of_day(last_on),
        Deadline.red_at >= begin,
    )
    return list(db.session.scalars(query.distinct().order_by(Deadline.report_id)))


def has_term_beyond(on: date, calendar: WorkCalendar) -> bool:
    """Whether an open term, counted on the calendar, ends behind the local day `on`."""
    query = select(
        exists().where(
            Deadline.stopped_at.is_(None),
            Deadline.amount.is_not(None),
            Deadline.due_at > calendar.end_of_day(on),
        )
    )
    return bool(db.session.scalar(query))


def expired(clock: Clock, at: datetime, limit: int = 100) -> list[Deadline]:
    """Running terms of one clock that ended by `at`, oldest first: for what time itself does."""
    query = (
        select(Deadline)
        .where(
            Deadline.clock == clock,
            Deadline.stopped_at.is_(None),
            Deadline.paused_at.is_(None),
            Deadline.due_at <= at,
        )
        .order_by(Deadline.due_at, Deadline.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))
