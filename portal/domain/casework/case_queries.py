"""What the page of one report shows beside what lies in the rooms' own queries."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from portal.core.db import db
from portal.domain.categories.models import Category
from portal.domain.reports.models import AccusedDepartment, Report, ReportCategory


def further_categories_of(report: Report) -> list[Category]:
    """The categories besides the first, in the order given."""
    query = (
        select(Category)
        .join(ReportCategory, ReportCategory.category_id == Category.id)
        .where(ReportCategory.report_id == report.id)
        .order_by(ReportCategory.position)
    )
    return list(db.session.scalars(query))


def accused_among(report_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The departments that each of these reports accuses, by report id; one statement."""
    rows = db.session.execute(
        select(AccusedDepartment.report_id, AccusedDepartment.department_id).where(
            AccusedDepartment.report_id.in_(report_ids)
        )
    )
    found: dict[int, frozenset[int]] = {}
    for report_id, department_id in rows:
        found[report_id] = found.get(report_id, frozenset()) | {department_id}
    return found


def accused_ids_of(report: Report) -> frozenset[int]:
    """The ids of the departments that the report itself accuses."""
    query = select(AccusedDepartment.department_id).where(AccusedDepartment.report_id == report.id)
    return frozenset(db.session.scalars(query))
