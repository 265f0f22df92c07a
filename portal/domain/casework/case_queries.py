"""What the page of one report shows beside what lies in the rooms' own queries."""

from __future__ import annotations

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


def accused_ids_of(report: Report) -> frozenset[int]:
    """The ids of the departments that the report itself accuses."""
    query = select(AccusedDepartment.department_id).where(AccusedDepartment.report_id == report.id)
    return frozenset(db.session.scalars(query))
