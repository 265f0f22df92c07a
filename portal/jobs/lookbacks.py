"""Subscriber `lookbacks`: plans the look-backs of a case; and the monthly draw among the rest."""

from __future__ import annotations

from collections.abc import Callable

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.ids import random_key
from portal.domain.lookback.planning import plan_look_backs
from portal.domain.lookback.sampling import draw_month, months_to_draw
from portal.domain.reports.models import Report
from portal.domain.timeline.models import TimelineEvent


def plan_for(event: TimelineEvent) -> Callable[[], None] | None:
    """Plan by key: a second delivery finds everything planned."""
    report_id = event.subject_id

    def write() -> None:
        report = db.session.get(Report, report_id)
        if report is not None:
            plan_look_backs(report, now())

    return write


def draw_due() -> int:
    """Draw for every month that is over; returns how many. Asked every minute."""
    months = months_to_draw(now())
    for month in months:
        with transaction():
            draw_month(month, random_key(), now())
    return len(months)
