"""Counting the open terms of a report anew after the calendar changed.

Idempotent: the same calendar gives the same moments, so a delivery tried twice changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from portal.domain.accounts.actor import ActorKind
from portal.domain.calendar.queries import work_calendar
from portal.domain.deadlines.clocks import OF_PARTS, Clock
from portal.domain.deadlines.crossings import move_term
from portal.domain.deadlines.models import Deadline
from portal.domain.deadlines.queries import open_deadlines
from portal.domain.deadlines.terms import Term, recounted, term_until
from portal.domain.reports.clockwork import refresh_copies
from portal.domain.reports.models import Report
from portal.domain.reports.workflow import SUBJECT, lock_reports
from portal.domain.timeline.services import Happening, record_event


def recount_terms(report: Report, at: datetime) -> int:
    """Bring the open terms in step with the calendar; returns how many ends moved.

    Every moved end is an event of the report: nobody's date changes silently.
    """
    lock_reports(report)
    moved = 0
    rows = open_deadlines(report.id)
    resolve = next((row for row in rows if row.clock is Clock.RESOLVE), None)
    # Parts last: they are never due later than the case.
    for row in sorted(rows, key=lambda row: row.clock in OF_PARTS):
        term = _recounted(row, at)
        if row.clock in OF_PARTS and resolve is not None and resolve.due_at < term.due_at:
            row.amount = None
            term = term_until(row.started_at, resolve.due_at, work_calendar())
        if term == row.term:
            continue
        before = row.due_at
        move_term(row, term, at)
        if term.due_at != before:
            moved += 1
            _record(report, row, before, at)
    refresh_copies(report)
    return moved


def _recounted(row: Deadline, at: datetime) -> Term:
    calendar, run = work_calendar(), row.run
    if run is None:
        return term_until(row.started_at, row.due_at, calendar)
    return recounted(run, row.term, at, calendar)


def _record(report: Report, row: Deadline, before: datetime, at: datetime) -> None:
    data = {
        "clock": row.clock,
        "before": before.isoformat(),
        "due_at": row.due_at.isoformat(),
    }
    record_event(Happening(SUBJECT, report.id, "term_moved", at, ActorKind.SYSTEM, data=data))
