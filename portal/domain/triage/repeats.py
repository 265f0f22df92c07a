"""Repeat complaints 重复投诉: what had been closed at a place is told of again soon after.

How near and how soon is data (repeat_rules.py). A report is judged when triage
has settled its place and kind; what it repeats was closed before it came in, so that no later event
changes the answer, but those that end the report itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from math import cos, radians

from sqlalchemy import delete, select

from portal.core.db import db
from portal.core.geo import Point, haversine_m
from portal.domain.calendar.queries import work_calendar
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.triage.models import RepeatComplaint
from portal.domain.triage.repeat_rules import Reach, reach_of, reaches_on

_METRES_PER_DEGREE = 111_320.0
_OFF = frozenset({State.SUBMITTED, State.MERGED, State.DECLINED, State.WITHDRAWN})


@dataclass(frozen=True)
class Repeat:
    """What a report repeats: metres apart, days from that one's closing to this one's filing."""

    earlier: Report
    distance_m: float
    days: int


def repeated_of(report: Report) -> Repeat | None:
    """The case that `report` repeats, the one closed last; one statement."""
    query = (
        select(Report, RepeatComplaint.distance_m, RepeatComplaint.days)
        .join(RepeatComplaint, RepeatComplaint.earlier_id == Report.id)
        .where(RepeatComplaint.report_id == report.id)
    )
    row = db.session.execute(query).one_or_none()
    return Repeat(row[0], row[1], row[2]) if row else None


def repeated_among(report_ids: Collection[int]) -> frozenset[int]:
    """Those of `report_ids` that repeat a closed case; one statement."""
    query = select(RepeatComplaint.report_id).where(RepeatComplaint.report_id.in_(report_ids))
    return frozenset(db.session.scalars(query))


def repeats_of(report: Report) -> list[Report]:
    """The reports that repeat this closed case, the newest first."""
    query = (
        select(Report)
        .join(RepeatComplaint, RepeatComplaint.report_id == Report.id)
        .where(RepeatComplaint.earlier_id == report.id)
        .order_by(Report.received_at.desc(), Report.id.desc())
    )
    return list(db.session.scalars(query))


def keep_repeat(report_id: int) -> None:
    """Judge a report and keep the answer; recomputed by key, so that twice changes nothing."""
    report = db.session.get(Report, report_id)
    db.session.execute(delete(RepeatComplaint).where(RepeatComplaint.report_id == report_id))
    found = find_repeat(report) if report is not None else None
    if found is not None:
        db.session.add(
            RepeatComplaint(
                report_id=report_id,
                earlier_id=found.earlier.id,
                distance_m=found.distance_m,
                days=found.days,
            )
        )


def find_repeat(report: Report) -> Repeat | None:
    """The case closed last at this place before `report` came in; None when there is none."""
    if report.accepted_at is None or State(report.state) in _OFF:
        return None
    if report.category.is_top or report.lat is None or report.lng is None:
        return None
    here, reach = Point(report.lat, report.lng), reach_around(report)
    for earlier in _closed_before(report, here, reach):
        distance = haversine_m(here, Point(earlier.lat or 0.0, earlier.lng or 0.0))
        if distance <= reach.metres and earlier.first_resolved_at is not None:
            return Repeat(earlier, distance, (report.received_at - earlier.first_resolved_at).days)
    return None


def reach_around(report: Report) -> Reach:
    """How near and how soon counts for a report: by its kind and the day it came in."""
    on = work_calendar().local_date(report.received_at)
    return reach_of(report.category.code, reaches_on(on))


def _closed_before(report: Report, here: Point, reach: Reach) -> list[Report]:
    """Cases of the same category closed within the days before, the last one first."""
    high = reach.metres / _METRES_PER_DEGREE
    wide = high / max(0.01, cos(radians(here.lat)))
    since = report.received_at - timedelta(days=reach.days)
    query = (
        select(Report)
        .where(
            Report.category_id == report.category_id,
            Report.received_at < report.received_at,
            Report.first_resolved_at.between(since, report.received_at),
            Report.lat.between(here.lat - high, here.lat + high),
            Report.lng.between(here.lng - wide, here.lng + wide),
            Report.id != report.id,
        )
        .order_by(Report.first_resolved_at.desc(), Report.id.desc())
    )
    return list(db.session.scalars(query))
