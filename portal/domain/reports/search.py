"""The words by which the desk finds a report; nothing of the reporter is among them."""

from __future__ import annotations

from sqlalchemy import select

from portal.core.db import db
from portal.core.search import DESK
from portal.domain.reports.models import Report


def keep_words(report: Report) -> None:
    """Make a report that has its id findable by its numbers, description, address and accused."""
    numbers = (report.number, report.external_number)
    words = (*numbers, report.description, report.address, report.accused_name)
    DESK.put(db.session.connection(), report.id, "\n".join(filter(None, words)))


def keep_missing_words(most: int) -> int:
    """Make up to `most` reports findable that are not; returns how many."""
    query = select(Report).where(Report.id.not_in(DESK.ids())).order_by(Report.id).limit(most)
    rows = list(db.session.scalars(query))
    for report in rows:
        keep_words(report)
    return len(rows)
