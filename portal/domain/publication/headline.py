"""The headline figures of the public home: counted from cases, never typed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select

from portal.core.clock import local
from portal.core.db import db
from portal.domain.publication.models import PublicCase


@dataclass(frozen=True)
class Headline:
    """Figures since `since`; days are medians of resolved cases, None below one case."""

    since: date
    received: int
    resolved: int
    median_days: float | None
    overdue: int


def headline(at: datetime, since: date) -> Headline:
    """Cases taken on since a local day, how many are resolved, how fast, and what is late now."""
    day = PublicCase.received_on
    received, resolved = db.session.execute(
        select(
            func.count(), func.coalesce(func.sum(case((PublicCase.days.is_not(None), 1))), 0)
        ).where(day >= since)
    ).one()
    spans = db.session.scalars(select(PublicCase.days).where(day >= since))
    days = sorted(span for span in spans if span is not None)
    overdue = db.session.scalar(select(func.count()).where(PublicCase.due_at < at)) or 0
    return Headline(since, received, resolved, _median(days), overdue)


def year_start(at: datetime) -> date:
    """1 January of the local year."""
    return local(at).date().replace(month=1, day=1)


def _median(ordered: list[int]) -> float | None:
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    return (ordered[middle - 1] + ordered[middle]) / 2
