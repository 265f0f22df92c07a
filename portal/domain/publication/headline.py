"""The standing figures of the public pages: counted from cases, never typed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select

from portal.core.clock import local
from portal.core.db import db
from portal.domain.publication.conditions import is_overdue
from portal.domain.publication.models import PublicCase


@dataclass(frozen=True)
class Headline:
    """Figures since `since`; days are medians of resolved cases, None below one case."""

    since: date
    received: int
    resolved: int
    median_days: float | None
    overdue: int


@dataclass(frozen=True)
class TownCount:
    """A town's cases since a day: all, those closed, and those overdue now."""

    town_id: int
    received: int
    resolved: int
    overdue: int


def headline(at: datetime, since: date) -> Headline:
    """Cases taken on since a local day, how many are resolved, how fast, and what is late now."""
    by_days = db.session.execute(
        select(PublicCase.days, func.count())
        .where(PublicCase.received_on >= since)
        .group_by(PublicCase.days)
    ).all()
    spans = sorted((days, count) for days, count in by_days if days is not None)
    overdue = db.session.scalar(select(func.count()).where(is_overdue(at))) or 0
    return Headline(
        since=since,
        received=sum(count for _, count in by_days),
        resolved=sum(count for _, count in spans),
        median_days=_median(spans),
        overdue=overdue,
    )


def town_counts(at: datetime, since: date) -> list[TownCount]:
    """Each town with cases since a local day, the most first."""
    late = func.coalesce(func.sum(case((is_overdue(at), 1))), 0)
    rows = db.session.execute(
        select(PublicCase.town_id, func.count(), func.count(PublicCase.days), late)
        .where(PublicCase.received_on >= since, PublicCase.town_id.is_not(None))
        .group_by(PublicCase.town_id)
        .order_by(func.count().desc(), PublicCase.town_id)
    )
    return [
        TownCount(town or 0, received, closed, int(due)) for town, received, closed, due in rows
    ]


def year_start(at: datetime) -> date:
    """1 January of the local year."""
    return local(at).date().replace(month=1, day=1)


def _median(spans: list[tuple[int, int]]) -> float | None:
    """The median of values given as (value, how often), ascending."""
    total = sum(count for _, count in spans)
    if not total:
        return None
    return (_nth(spans, (total - 1) // 2) + _nth(spans, total // 2)) / 2


def _nth(spans: list[tuple[int, int]], n: int) -> int:
    """The n-th value, counted from 0."""
    for value, count in spans:
        if n < count:
            return value
        n -= count
    raise IndexError(n)
