"""Whether the trouble had been told before: same kind, same place, within half a year."""

from __future__ import annotations

from datetime import timedelta
from math import cos, radians

from sqlalchemy import select

from portal.core.db import db
from portal.core.geo import Point, haversine_m
from portal.domain.reports.models import Report

REPEAT_DAYS = 180
NEAR_M = 100.0
_METRES_PER_DEGREE = 111_320.0


def was_told_before(report: Report) -> bool:
    """Whether another case of the same category, taken on, came from within NEAR_M before."""
    if report.lat is None or report.lng is None:
        return False
    here, high = Point(report.lat, report.lng), NEAR_M / _METRES_PER_DEGREE
    wide = high / max(0.01, cos(radians(here.lat)))
    query = select(Report.lat, Report.lng).where(
        Report.category_id == report.category_id,
        Report.received_at < report.received_at,  # parts of one filing came in together
        Report.received_at >= report.received_at - timedelta(days=REPEAT_DAYS),
        Report.accepted_at.is_not(None),
        Report.main_id.is_(None),
        Report.lat.between(here.lat - high, here.lat + high),
        Report.lng.between(here.lng - wide, here.lng + wide),
    )
    spots = db.session.execute(query)
    return any(haversine_m(here, Point(lat or 0.0, lng or 0.0)) <= NEAR_M for lat, lng in spots)
