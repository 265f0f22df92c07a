"""What came in before from the same phone, and at the same place: beside a report, for triage."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.core.geo import Point, haversine_m
from portal.domain.accounts.actor import Actor
from portal.domain.casework.scope import is_visible
from portal.domain.reports.models import Identity, Report
from portal.domain.triage.repeats import reach_around

MOST_SHOWN = 5
_MOST_COMPARED = 200
_METRES_PER_DEGREE = 111_320.0


def earlier_of_phone(report: Report, by: Actor) -> Sequence[Report]:
    """The reports whose reporter left the same phone, the newest first; one statement.

    Compared by the blind index alone: no number is read.
    """
    own, other = aliased(Identity), aliased(Identity)
    query = (
        select(Report)
        .join(other, other.report_id == Report.id)
        .join(own, own.phone_index == other.phone_index)
        .where(own.report_id == report.id, Report.id != report.id, is_visible(by))
        .order_by(Report.received_at.desc(), Report.id.desc())
        .limit(MOST_SHOWN)
    )
    return list(db.session.scalars(query))


def earlier_at_place(report: Report, by: Actor) -> Sequence[Report]:
    """Older reports of the same kind as near as a repeat complaint would be, the newest first."""
    if report.lat is None or report.lng is None:
        return []
    here, reach = Point(report.lat, report.lng), reach_around(report).metres
    high = reach / _METRES_PER_DEGREE
    wide = high / max(0.01, cos(radians(here.lat)))
    query = (
        select(Report)
        .where(
            is_visible(by),
            Report.category_id == report.category_id,
            Report.received_at < report.received_at,
            Report.lat.between(here.lat - high, here.lat + high),
            Report.lng.between(here.lng - wide, here.lng + wide),
        )
        .order_by(Report.received_at.desc(), Report.id.desc())
        .limit(_MOST_COMPARED)
    )
    near = (
        one
        for one in db.session.scalars(query)
        if haversine_m(here, Point(one.lat or 0.0, one.lng or 0.0)) <= reach
    )
    return [one for one, _n in zip(near, range(MOST_SHOWN), strict=False)]
