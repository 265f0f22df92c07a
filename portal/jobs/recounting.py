"""Subscriber `recount`: after a change of the calendar, the open terms across it are recounted."""

from __future__ import annotations

from datetime import date

from portal.core.db import db, transaction
from portal.domain.calendar.queries import work_calendar
from portal.domain.deadlines.queries import reports_crossing
from portal.domain.reports.models import Report
from portal.domain.reports.recounting import recount_terms
from portal.domain.timeline.models import TimelineEvent

BATCH = 100  # one transaction each: nobody waits long for the writer's turn


def recount(event: TimelineEvent) -> None:
    """Recount by key, in batches; a second try finds nothing left to move.

    Terms move from the moment of the change, however late we are: what they came to before stands.
    """
    changed_at = event.at
    days = [date.fromisoformat(day) for day in event.data.get("days", ())]
    if not days:
        return
    ids = reports_crossing(min(days), max(days), work_calendar())
    for start in range(0, len(ids), BATCH):
        with transaction():
            for report_id in ids[start : start + BATCH]:
                recount_terms(db.session.get_one(Report, report_id), changed_at)
