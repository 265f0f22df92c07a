"""Subscriber `repeats`: says of a report that was taken on whether it repeats a closed case.

The figures count what it says, so they are brought in step in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable

from portal.core.clock import now
from portal.domain.figures.rollup import refresh_reports
from portal.domain.timeline.models import TimelineEvent
from portal.domain.triage.repeats import keep_repeat


def judge_repeat(event: TimelineEvent) -> Callable[[], None] | None:
    """Recompute by key: delivered twice, it says the same."""
    report_id = event.subject_id

    def write() -> None:
        keep_repeat(report_id)
        refresh_reports([report_id], now())

    return write
