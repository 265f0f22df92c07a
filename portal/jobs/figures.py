"""Subscriber `figures`: keeps the figures; and every minute, what time itself changes in them."""

from __future__ import annotations

from collections.abc import Callable

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.domain.figures.rollup import lapsed, refresh_report, refresh_reports
from portal.domain.timeline.models import TimelineEvent


def refresh_figures(event: TimelineEvent) -> Callable[[], None] | None:
    """Recompute by key: an event that the figures know of changes nothing."""
    report_id, event_id = event.subject_id, event.id

    def write() -> None:
        refresh_report(report_id, event_id, now())

    return write


def catch_up() -> int:
    """Count as late what has run out unheard; returns how many reports were looked at."""
    seen = 0
    while due := lapsed(now()):
        db.session.rollback()
        with transaction():
            refresh_reports(due, now())
        seen += len(due)
    return seen
