"""Counting what is under way near by. A number alone: what is not published stays so."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import cos, radians

from sqlalchemy import select

from portal.core.db import db
from portal.core.geo import Point, haversine_m
from portal.domain.categories.queries import category_ids_below
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.triage.nearby import RADIUS_M

UNDER_WAY_DAYS = 7
# Fewer are not told: whoever pollutes reads this as well and would know that somebody told on them.
LEAST_TOLD = 3
# The circle stands on the corners of a lattice of about 200 m: walking its edge a metre at a time
# would find out where the reports are.
_LATTICE_DEGREES = 0.002
_METRES_PER_DEGREE = 111_320.0
_UNDER_WAY = frozenset(
    {
        State.NEED_INFO,
        State.ACCEPTED,
        State.DISPATCHED,
        State.RETURNED,
        State.HANDLING,
        State.HEAD_REVIEW,
        State.SUBMITTED_REVIEW,
        State.STAGE_CLOSED,
    }
)


def under_way_near(point: Point, level_1: str, at: datetime) -> int:
    """How many accepted reports of a level-1 category came in from within 500 m in the last 7 days
    and are being dealt with; 0 when they are fewer than LEAST_TOLD.
    """
    corner = Point(*(round(d / _LATTICE_DEGREES) * _LATTICE_DEGREES for d in point))
    high = RADIUS_M / _METRES_PER_DEGREE
    wide = high / max(0.01, cos(radians(corner.lat)))
    query = select(Report.lat, Report.lng).where(
        Report.received_at > at - timedelta(days=UNDER_WAY_DAYS),
        Report.accepted_at.is_not(None),
        Report.reopened_count == 0,  # what was published once is shown as a case
        Report.state.in_(_UNDER_WAY),
        Report.category_id.in_(category_ids_below(level_1)),
        Report.lat.between(corner.lat - high, corner.lat + high),
        Report.lng.between(corner.lng - wide, corner.lng + wide),
    )
    points = [Point(lat or 0.0, lng or 0.0) for lat, lng in db.session.execute(query)]
    count = sum(haversine_m(corner, one) <= RADIUS_M for one in points)
    return count if count >= LEAST_TOLD else 0
