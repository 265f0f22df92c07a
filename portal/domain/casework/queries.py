"""Reading what departments did with a case."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.domain.casework.models import (
    Assignment,
    AssignmentKind,
    ContactAttempt,
    Finding,
    Milestone,
    Objection,
    PartReport,
    Plan,
    ProgressNote,
    SiteCheck,
)
from portal.domain.reports.models import Report
from portal.domain.reports.states import State


def assignments_of(report: Report) -> list[Assignment]:
    """The open assignments, the lead first."""
    query = select(Assignment).where(
        Assignment.report_id == report.id, Assignment.closed_at.is_(None)
    )
    rows = list(db.session.scalars(query.order_by(Assignment.id)))
    return sorted(rows, key=lambda a: a.kind != AssignmentKind.LEAD)


def lead_assignment(report: Report) -> Assignment | None:
    """The lead's open assignment."""
    return next((a for a in assignments_of(report) if a.kind == AssignmentKind.LEAD), None)


def assignment_of(report: Report, department_id: int | None) -> Assignment | None:
    """The open assignment of one department."""
    return next((a for a in assignments_of(report) if a.department_id == department_id), None)


def current_finding(report: Report) -> Finding | None:
    """The newest finding: the one that counts."""
    query = select(Finding).where(Finding.report_id == report.id)
    return db.session.scalar(query.order_by(Finding.id.desc()).limit(1))


def findings_of(report: Report) -> list[Finding]:
    """Every finding ever proposed, oldest first."""
    query = select(Finding).where(Finding.report_id == report.id).order_by(Finding.id)
    return list(db.session.scalars(query))


def contact_attempts_of(report: Report) -> list[ContactAttempt]:
    """Every call to the reporter on record."""
    query = select(ContactAttempt).where(ContactAttempt.report_id == report.id)
    return list(db.session.scalars(query.order_by(ContactAttempt.id)))


def site_checks_of(report: Report) -> list[SiteCheck]:
    """Every look at the place on record."""
    query = select(SiteCheck).where(SiteCheck.report_id == report.id)
    return list(db.session.scalars(query.order_by(SiteCheck.id)))


def part_reports_of(report: Report) -> list[PartReport]:
    """Everything assists reported, oldest first."""
    query = select(PartReport).where(PartReport.report_id == report.id)
    return list(db.session.scalars(query.order_by(PartReport.id)))


def current_plan(report: Report) -> Plan | None:
    """The newest rectification plan."""
    query = select(Plan).where(Plan.report_id == report.id)
    return db.session.scalar(query.order_by(Plan.id.desc()).limit(1))


def check_ins_of(report: Report) -> list[ProgressNote]:
    """All progress on record, oldest first."""
    query = select(ProgressNote).where(ProgressNote.report_id == report.id)
    return list(db.session.scalars(query.order_by(ProgressNote.id)))


def plans_over(on: date, limit: int = 100) -> list[int]:
    """The stage-closed reports whose newest plan has its last date on or before `on`; their ids."""
    newer = aliased(Plan)
    query = (
        select(Plan.report_id)
        .join(Report, Report.id == Plan.report_id)
        .join(Milestone, Milestone.plan_id == Plan.id)
        .where(
            Report.state == State.STAGE_CLOSED,
            ~exists().where(newer.report_id == Plan.report_id, newer.id > Plan.id),
        )
        .group_by(Plan.report_id)
        .having(func.max(Milestone.due_on) <= on)
        .order_by(Plan.report_id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def has_open_objection(report: Report) -> bool:
    """Whether an objection or dispute stands against the outcome."""
    query = select(exists().where(Objection.report_id == report.id, Objection.closed_at.is_(None)))
    return bool(db.session.scalar(query))
