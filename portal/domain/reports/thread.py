"""Reading what reporter and city wrote to each other 往来."""

from __future__ import annotations

from sqlalchemy import select

from portal.core.db import db
from portal.domain.reports.models import Report, ThreadEntry, ThreadKind


def thread_of(report: Report, *kinds: ThreadKind) -> list[ThreadEntry]:
    """The messages of a report, of `kinds` or all, oldest first."""
    query = select(ThreadEntry).where(ThreadEntry.report_id == report.id)
    if kinds:
        query = query.where(ThreadEntry.kind.in_(kinds))
    return list(db.session.scalars(query.order_by(ThreadEntry.id)))
