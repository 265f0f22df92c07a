"""Starting, pausing and stopping clocks. Only the workflow calls these for a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import InvalidFieldsError
from portal.core.text import N_
from portal.domain.calendar.queries import work_calendar
from portal.domain.deadlines.clocks import Clock, DeadlineClass, EndReason, Unit
from portal.domain.deadlines.crossings import move_term, note_crossings, rest, watch
from portal.domain.deadlines.models import Deadline, DeadlineRule
from portal.domain.deadlines.queries import (
    forget_rules,
    last_deadline,
    open_deadlines,
    rule_for,
)
from portal.domain.deadlines.seed import DEFAULT_RULES, EFFECTIVE_ON
from portal.domain.deadlines.terms import Pause, Run, resume_term, term_of, term_until

_LONGEST_AMOUNT = 3660
# A plan has several milestones, and both look-backs are planned at once; other clocks run singly.
_RUN_IN_PARALLEL = frozenset({Clock.MILESTONE})


@dataclass(frozen=True)
class NewRule:
    """A term as staff set it; `deadline_class` None means every class."""

    clock: Clock
    deadline_class: DeadlineClass | None
    amount: int
    unit: Unit
    effective_on: date


def seed_rules() -> None:
    """Store the default terms for clocks that have no rule yet; what staff changed stays."""
    known = set(db.session.scalars(select(DeadlineRule.clock)))
    for clock, deadline_class, amount, unit in DEFAULT_RULES:
        if clock not in known:
            save_rule(NewRule(clock, deadline_class, amount, unit, EFFECTIVE_ON))


def save_rule(new: NewRule) -> DeadlineRule:
    """Set a term from a day on; a rule for the same clock, class and day is replaced.

    Running clocks keep the term they were started with. Raises InvalidFieldsError.
    """
    if not 0 < new.amount <= _LONGEST_AMOUNT:
        raise InvalidFieldsError.one("amount", "range", N_("时限须在 1 至 3660 之间"))
    same_class = (
        DeadlineRule.deadline_class.is_(None)
        if new.deadline_class is None
        else DeadlineRule.deadline_class == new.deadline_class
    )
    rule = db.session.scalar(
        select(DeadlineRule).where(
            DeadlineRule.clock == new.clock,
            DeadlineRule.effective_on == new.effective_on,
            same_class,
        )
    )
    if rule is None:
        rule = DeadlineRule(
            clock=new.clock, deadline_class=new.deadline_class, effective_on=new.effective_on
        )
        db.session.add(rule)
    rule.amount, rule.unit = new.amount, new.unit
    db.session.flush()
    forget_rules()
    return rule


def start_clock(
    report_id: int,
    clock: Clock,
    at: datetime,
    *,
    deadline_class: DeadlineClass | None = None,
    department_id: int | None = None,
    due_at: datetime | None = None,
) -> Deadline:
    """Start a clock by the rule in force, or towards `due_at` when the end is laid down outside.

    A clock runs once at a time for a department: one still running is superseded. Raises
    RuleMissingError when there is neither a rule nor an end.
    """
    if clock not in _RUN_IN_PARALLEL:
        for running in open_deadlines(report_id, clock):
            if running.department_id == department_id:
                _stop(running, at, EndReason.SUPERSEDED)
    return start_first(
        report_id,
        clock,
        at,
        deadline_class=deadline_class,
        department_id=department_id,
        due_at=due_at,
    )


def start_first(
    report_id: int,
    clock: Clock,
    at: datetime,
    *,
    deadline_class: DeadlineClass | None = None,
    department_id: int | None = None,
    due_at: datetime | None = None,
) -> Deadline:
    """Start a clock of which none runs, as on a report just made; otherwise see `start_clock`."""
    row = Deadline(report_id=report_id, clock=clock, started_at=at, department_id=department_id)
    calendar = work_calendar()
    if due_at is None:
        rule = rule_for(clock, deadline_class, calendar.local_date(at))
        row.amount, row.unit = rule.amount, rule.unit
        term = term_of(Run(at, rule.amount, rule.unit), calendar)
    else:
        term = term_until(at, due_at, calendar)
    row.set_term(term)
    db.session.add(row)
    if term.warn_at <= at:
        db.session.flush()  # crossings refer to it
    watch(row, at)
    db.session.flush()
    return row


def start_once(
    report_id: int,
    clock: Clock,
    at: datetime,
    *,
    deadline_class: DeadlineClass | None = None,
    department_id: int | None = None,
    due_at: datetime | None = None,
) -> Deadline:
    """Start a clock that never restarts: the first start counts, whatever comes after.

    One that was closed while the report was off the path (a merge) runs on towards the end it had.
    """
    row = last_deadline(report_id, clock)
    if row is None:
        return start_clock(
            report_id,
            clock,
            at,
            deadline_class=deadline_class,
            department_id=department_id,
            due_at=due_at,
        )
    if row.closed_reason is EndReason.CLOSED:
        row.stopped_at = row.closed_reason = None
        watch(row, at)
        db.session.flush()
    return row


def restart_clock(report_id: int, clock: Clock, at: datetime, *, due_at: datetime) -> Deadline:
    """Let the last term of a clock run on, now due at `due_at` (RESOLVE after a plan)."""
    row = last_deadline(report_id, clock)
    if row is None:
        return start_clock(report_id, clock, at, due_at=due_at)
    row.stopped_at = row.closed_reason = row.paused_at = row.amount = None
    row.extended_days = 0  # the new end holds whatever was granted before; its record stays
    move_term(row, term_until(at, due_at, work_calendar()), at)
    db.session.flush()
    return row


def stop_clock(
    report_id: int, clock: Clock, at: datetime, *, department_id: int | None = None
) -> list[Deadline]:
    """Stop a clock because its step was taken; of one department when given. Idempotent."""
    rows = [
        row
        for row in open_deadlines(report_id, clock)
        if department_id is None or row.department_id == department_id
    ]
    for row in rows:
        _stop(row, at, EndReason.DONE)
    db.session.flush()
    return rows


def pause_clocks(report_id: int, at: datetime) -> list[Deadline]:
    """Hold every running term while the reporter is asked.

    Windows run on, and so do ends laid down from outside: our question does not move them.
    """
    rows = [
        row
        for row in open_deadlines(report_id)
        if row.paused_at is None and row.amount is not None and not row.clock.is_window
    ]
    for row in rows:
        rest(row, at)
        row.paused_at = at
    db.session.flush()
    return rows


def resume_clocks(report_id: int, at: datetime) -> list[Deadline]:
    """Let the held terms run on with what was left of them.

    The pause ends with the reporter's window, however late the worker or an answer is.
    """
    rows = [row for row in open_deadlines(report_id) if row.paused_at is not None]
    window = last_deadline(report_id, Clock.NEED_INFO) if rows else None
    ended_at = min(at, window.due_at) if window else at
    for row in rows:
        run, paused_at = row.run, row.paused_at
        row.paused_at = None
        if run is not None and paused_at is not None:
            pause = Pause(paused_at, max(paused_at, ended_at))
            run, term = resume_term(run, row.term, pause, work_calendar())
            row.paused_days = run.paused_days
            row.paused_seconds = round(run.paused_time.total_seconds())
            move_term(row, term, pause.to_at)
    db.session.flush()
    return rows


def close_clock(report_id: int, clock: Clock, at: datetime) -> None:
    """Close the running terms of one clock, because nothing is owed any more."""
    for row in open_deadlines(report_id, clock):
        _stop(row, at, EndReason.CLOSED)
    db.session.flush()


def redden_clock(report_id: int, clock: Clock, at: datetime) -> None:
    """Make the running terms of a clock red from `at` on, whatever time is left."""
    for row in open_deadlines(report_id, clock):
        note_crossings(row, at)
        row.red_from = row.red_at = at
        watch(row, at)
    db.session.flush()


def close_clocks(report_id: int, at: datetime) -> list[Deadline]:
    """Close everything still running, because the report leaves the path."""
    rows = open_deadlines(report_id)
    for row in rows:
        _stop(row, at, EndReason.CLOSED)
    db.session.flush()
    return rows


def charge_department(
    report_id: int,
    clock: Clock,
    department_id: int,
    at: datetime,
    uncharged: timedelta = timedelta(),
) -> None:
    """Charge the running term to a department from `at` on.

    `uncharged` is all that upheld returns cost before: it stays in the report's total, but is not
    this department's.
    """
    for row in open_deadlines(report_id, clock):
        note_crossings(row, at)
        row.department_id = department_id
        row.uncharged_seconds = int(uncharged.total_seconds())
        watch(row, at)
    db.session.flush()


def _stop(row: Deadline, at: datetime, reason: EndReason) -> None:
    """End one term."""
    rest(row, at)
    row.stopped_at, row.closed_reason = at, reason
