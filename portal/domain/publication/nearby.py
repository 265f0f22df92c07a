"""What the public may see near a place before somebody files there: published cases only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import defaultload

from portal.core.clock import local
from portal.core.db import db
from portal.core.geo import Point
from portal.domain.grids.models import Grid
from portal.domain.publication.models import PublicCase, PublicCopy, PublicLevel, Rounding
from portal.domain.triage.nearby import RADIUS_M, KnownCase, Told, likest, reach_of

# More candidates than this in one circle or village: the newest tell enough.
_MOST_COMPARED = 300
_METRES_PER_DEGREE = 111_320.0
# The coarsest point that is shown at all is rounded to two decimals.
_FARTHEST_M = RADIUS_M + reach_of(Rounding.AREA.decimals)


@dataclass(frozen=True)
class NearbyCase:
    """A published case that may be the same thing; metres where both have a point."""

    case: PublicCase
    distance_m: float | None


def published_near(told: Told, at: datetime) -> list[NearbyCase]:
    """The published cases likest to what is being told, at most three, the likest first."""
    rows = {case.report_id: (case, rounding) for case, rounding in _candidates(told)}
    known = [_known(case, rounding) for case, rounding in rows.values()]
    found = likest(told, known, local(at).date())
    return [NearbyCase(rows[one.key][0], one.distance_m) for one in found]


def _candidates(told: Told) -> Sequence[tuple[PublicCase, str]]:
    query = (
        select(PublicCase, PublicCopy.rounding)
        .join(PublicCopy, PublicCopy.report_id == PublicCase.report_id)
        .where(
            PublicCase.level == PublicLevel.PUBLISHED,
            PublicCase.category_code == told.category.partition(".")[0],
            or_(_in_the_circle(told.point), _in_the_village(told)),
        )
        .order_by(PublicCase.received_on.desc(), PublicCase.report_id.desc())
        .limit(_MOST_COMPARED)
        .options(
            defaultload(PublicCase.town).defer(Grid.polygon),
            defaultload(PublicCase.village).defer(Grid.polygon),
        )
    )
    return [(case, rounding) for case, rounding in db.session.execute(query)]


def _in_the_circle(point: Point | None) -> ColumnElement[bool]:
    """In the square around the circle: the index sorts out, the matcher measures."""
    if point is None:
        return false()
    high = _FARTHEST_M / _METRES_PER_DEGREE
    wide = high / max(0.01, cos(radians(point.lat)))
    return and_(
        PublicCase.lat.between(point.lat - high, point.lat + high),
        PublicCase.lng.between(point.lng - wide, point.lng + wide),
    )


def _in_the_village(told: Told) -> ColumnElement[bool]:
    if told.village_id is None:
        return false()
    has_no_point = PublicCase.lat.is_(None) if told.point else PublicCase.report_id.is_not(None)
    return and_(PublicCase.village_id == told.village_id, has_no_point)


def _known(case: PublicCase, rounding: str) -> KnownCase:
    has_point = case.lat is not None and case.lng is not None
    return KnownCase(
        key=case.report_id,
        category=case.category.code,
        words=case.text or "",
        point=Point(case.lat or 0.0, case.lng or 0.0) if has_point else None,
        reach_m=reach_of(Rounding(rounding).decimals) if has_point else 0.0,
        village_id=case.village_id,
        closed_on=case.closed_on,
    )
