"""Subscriber `listing`: keeps the public row of a case, and its place on the map, up to date."""

from __future__ import annotations

from collections.abc import Callable

from portal.core.clock import now
from portal.core.db import db
from portal.domain.publication.listing import refresh_public_case
from portal.domain.publication.map_recount import catch_up
from portal.domain.reports.models import Report
from portal.domain.timeline.models import TimelineEvent


def refresh_listing(event: TimelineEvent) -> Callable[[], None] | None:
    """Recompute by key: twice changes nothing."""
    report_id = event.subject_id

    def write() -> None:
        report = db.session.get(Report, report_id)
        if report is not None:
            refresh_public_case(report, now())

    return write


def catch_up_map() -> int:
    """Every minute: count as late what has become so; returns how many cases."""
    return catch_up(now())
