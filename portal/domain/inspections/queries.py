"""Reading inspections, as far as the one who asks sees them; and what everybody may read."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, ScalarSelect, exists, false, func, select, true

from portal.core.db import db
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.scope import is_visible
from portal.domain.inspections.models import (
    Inspection,
    InspectionLine,
    Inspector,
    PublicInspection,
    PublicInspectionLine,
    Result,
)
from portal.domain.reports.models import Report

MOST = 60


def inspections(actor: Actor, limit: int = MOST) -> list[Inspection]:
    """Those `actor` sees, the latest week first."""
    query = (
        select(Inspection)
        .where(sees_inspection(actor))
        .order_by(Inspection.monday.desc(), Inspection.id.desc())
    )
    return list(db.session.scalars(query.limit(limit)))


def inspection_in_scope(actor: Actor, inspection_id: int) -> Inspection | None:
    """The inspection, if `actor` reads all of them or is named in it."""
    query = select(Inspection).where(Inspection.id == inspection_id, sees_inspection(actor))
    return db.session.scalar(query)


def lines_in_scope(actor: Actor, inspection: Inspection) -> list[InspectionLine]:
    """The lines whose cases `actor` sees, also those taken off; by the number of the case."""
    query = (
        select(InspectionLine)
        .join(InspectionLine.report)
        .where(InspectionLine.inspection_id == inspection.id, is_visible(actor))
    )
    return list(db.session.scalars(query.order_by(Report.number)).unique())


def line_in_scope(actor: Actor, inspection_id: int, line_id: int) -> InspectionLine | None:
    """The line, if `actor` sees its inspection and its case."""
    query = (
        select(InspectionLine)
        .join(InspectionLine.report)
        .join(Inspection, Inspection.id == InspectionLine.inspection_id)
        .where(
            InspectionLine.id == line_id,
            Inspection.id == inspection_id,
            sees_inspection(actor),
            is_visible(actor),
        )
    )
    return db.session.scalar(query)


def lines_of(report: Report) -> list[InspectionLine]:
    """Every list this case was on, the newest first."""
    query = (
        select(InspectionLine)
        .join(Inspection, Inspection.id == InspectionLine.inspection_id)
        .where(
            InspectionLine.report_id == report.id,
            InspectionLine.removed_at.is_(None),
            Inspection.cancelled_at.is_(None),
        )
    )
    return list(db.session.scalars(query.order_by(InspectionLine.id.desc())).unique())


def to_inspect_count(actor: Actor) -> int:
    """How many lines wait for `actor` to go there, at most MOST."""
    return db.session.scalar(select(to_inspect(actor))) or 0


def to_inspect(actor: Actor) -> ScalarSelect[int]:
    """The same, to be counted together with something else."""
    rows = (
        select(InspectionLine.id)
        .join(InspectionLine.report)
        .join(Inspection, Inspection.id == InspectionLine.inspection_id)
        .where(
            Inspection.started_at.is_not(None),
            Inspection.closed_at.is_(None),
            InspectionLine.removed_at.is_(None),
            InspectionLine.result.is_(None) | (InspectionLine.result == Result.NO_ENTRY),
            _is_named(actor),
            is_visible(actor),
        )
        .limit(MOST)
    )
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()


def sees_inspection(actor: Actor) -> ColumnElement[bool]:
    """Who reads all of them, or is named in one."""
    if actor.may(Permission.READ_INSPECTIONS):
        return true()
    return _is_named(actor) if actor.may(Permission.INSPECT) else false()


def public_inspections(limit: int = MOST) -> list[PublicInspection]:
    """The finished ones, the latest week first."""
    query = select(PublicInspection).order_by(PublicInspection.monday.desc())
    return list(db.session.scalars(query.limit(limit)))


def public_lines(inspection_ids: Collection[int]) -> list[PublicInspectionLine]:
    """The cases of finished inspections; one statement."""
    query = select(PublicInspectionLine).where(
        PublicInspectionLine.inspection_id.in_(inspection_ids)
    )
    return list(db.session.scalars(query))


def _is_named(actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        Inspector.inspection_id == Inspection.id, Inspector.user_id == actor.user_id
    )
