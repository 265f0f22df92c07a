"""What the rules demand, done exactly once: noting crossings, then settling each of them.

Level, unit, demand and due date follow from the crossing and from who led the case at its moment,
never from when the worker got to it; only the number and the time of issue do.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from portal.core.db import db
from portal.domain.accounts.actor import SYSTEM
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.models import Assignment, AssignmentKind
from portal.domain.deadlines.crossings import note_crossings
from portal.domain.deadlines.models import Crossing
from portal.domain.deadlines.queries import open_deadlines
from portal.domain.reports.models import Report
from portal.domain.reports.workflow import lock_reports
from portal.domain.supervision.happenings import tell_urged
from portal.domain.supervision.issuing import Issue, issue
from portal.domain.supervision.levels import OrderLevel, Pressure
from portal.domain.supervision.models import PressureRule, Urge
from portal.domain.supervision.rules import pressure_rule
from portal.domain.supervision.wording import order_demand, urge_words


def note_terms(report: Report, at: datetime) -> None:
    """Note every colour the running terms of `report` came to by `at`."""
    lock_reports(report)
    for row in open_deadlines(report.id):
        note_crossings(row, at)


def settle_crossing(crossing_id: int, at: datetime) -> bool:
    """Do what the rules demand for one crossing; False when nothing was issued.

    Idempotent: a crossing that was settled before is left alone.
    """
    locked = select(Crossing).where(Crossing.id == crossing_id).with_for_update()
    crossing = db.session.scalars(locked.execution_options(populate_existing=True)).one()
    if crossing.settled_at is not None:
        return False
    crossing.settled_at = at
    on = work_calendar().local_date(crossing.at)
    rule = pressure_rule(crossing.clock, crossing.colour, on)
    lead = _lead_at(crossing)
    if rule is None or lead is None:
        return False
    report = db.session.get_one(Report, crossing.report_id)
    if rule.does is Pressure.URGE:
        _urge(report, crossing, lead.department_id, at)
    else:
        _order(report, crossing, lead.department_id, rule, at)
    return True


def _lead_at(crossing: Crossing) -> Assignment | None:
    """Who led the case when it happened; None when nobody did."""
    query = select(Assignment).where(
        Assignment.report_id == crossing.report_id,
        Assignment.kind == AssignmentKind.LEAD,
        Assignment.dispatched_at <= crossing.at,
        or_(Assignment.closed_at.is_(None), Assignment.closed_at > crossing.at),
    )
    return db.session.scalar(query.order_by(Assignment.id.desc()).limit(1))


def _urge(report: Report, crossing: Crossing, department_id: int, at: datetime) -> None:
    urge = Urge(
        report_id=report.id,
        department_id=department_id,
        crossing_id=crossing.id,
        clock=crossing.clock,
        words=urge_words(crossing),
        at=at,
    )
    db.session.add(urge)
    db.session.flush()
    tell_urged(report, urge, by=SYSTEM)


def _order(
    report: Report, crossing: Crossing, department_id: int, rule: PressureRule, at: datetime
) -> None:
    due_at = work_calendar().add_working_days(crossing.at, rule.answer_days)
    demanded = Issue(
        level=OrderLevel(rule.does or ""),
        department_id=department_id,
        demand=order_demand(crossing, due_at),
        due_at=due_at,
        crossing=crossing,
    )
    issue(report, demanded, by=SYSTEM, at=at)
