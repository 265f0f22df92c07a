"""Which cases are looked at again for certain, and when (domain.md section 4).

Unfounded, starred and repeated cases are looked at twice, about 30 and 90 days after they were
struck off; the terms are data. The rest is left to the draw (sampling.py).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from portal.core.db import db
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.models import Verdict
from portal.domain.casework.queries import current_finding
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import last_deadline
from portal.domain.lookback.models import Draw, LookBack, LookBackReason
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.reports.workflow import lock_reports
from portal.domain.triage.repeats import repeated_of

CLOCKS = (Clock.LOOKBACK, Clock.LOOKBACK_SECOND)


def certain_reason(report: Report) -> LookBackReason | None:
    """Why `report` is looked at again in any case; None leaves it to the draw."""
    finding = current_finding(report)
    if finding is not None and finding.verdict == Verdict.UNFOUNDED:
        return LookBackReason.UNFOUNDED
    if report.is_starred:
        return LookBackReason.STARRED
    return LookBackReason.REPEATED if repeated_of(report) else None


def plan_look_backs(report: Report, at: datetime) -> list[LookBack]:
    """Plan both look-backs of a case that was struck off and has to have them.

    Idempotent: what is planned stays as it is. Returns what was added.
    """
    lock_reports(report)  # two deliveries at once wait for each other
    if State(report.state) is not State.DEREGISTERED:
        return []
    reason = certain_reason(report)
    if reason is None:
        return []
    planned = {row.clock for row in planned_for(report)}
    return [plan_one(report, clock, reason, at) for clock in CLOCKS if clock not in planned]


def plan_one(
    report: Report,
    clock: Clock,
    reason: LookBackReason,
    at: datetime,
    draw: Draw | None = None,
) -> LookBack:
    """Add one look-back, due when its clock says; one drawn later than that is due on `at`."""
    row = LookBack(
        report_id=report.id,
        round=report.reopened_count,
        clock=clock,
        reason=reason,
        draw_id=draw.id if draw else None,
        planned_at=at,
        due_on=_due_on(report, clock, at),
    )
    db.session.add(row)
    db.session.flush()
    return row


def planned_for(report: Report) -> list[LookBack]:
    """The look-backs of the report's present round, the first one first."""
    query = select(LookBack).where(
        LookBack.report_id == report.id, LookBack.round == report.reopened_count
    )
    return list(db.session.scalars(query.order_by(LookBack.due_on, LookBack.id)))


def _due_on(report: Report, clock: Clock, at: datetime) -> date:
    calendar = work_calendar()
    term = last_deadline(report.id, clock)
    today = calendar.local_date(at)
    return max(calendar.last_day(term.due_at), today) if term else today
