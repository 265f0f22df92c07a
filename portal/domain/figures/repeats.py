"""Repeat complaints 重复举报: the same kind of trouble at the same place, told again.

Whether a report is one depends on those before it: when one of them changes its place, its kind or
whether it counts at all, the later ones near by are judged anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from portal.core.db import db
from portal.core.geo import Point, haversine_m
from portal.domain.figures.facts import SPOT_M, spots_around
from portal.domain.figures.measures import Measure
from portal.domain.figures.models import CaseFact

REPEAT_DAYS = 180


def repeats_among(report_ids: Collection[int]) -> frozenset[int]:
    """Those whose trouble was told before: same category, at most 180 days ago, 100 metres away."""
    return frozenset(later for earlier, later in _pairs(report_ids) if later in report_ids)


def told_again_by(report_ids: Collection[int]) -> frozenset[int]:
    """The reports that repeat one of `report_ids`, as things stand."""
    return frozenset(later for earlier, later in _pairs(report_ids) if earlier in report_ids)


def _pairs(report_ids: Collection[int]) -> Iterator[tuple[int, int]]:
    """Earlier and later of each pair of repeats in which one of `report_ids` takes part."""
    rows = db.session.execute(_neighbours(), {"ids": list(report_ids)})
    for one, one_at, lat, lng, two, two_at, two_lat, two_lng in rows:
        apart = abs(two_at - one_at)
        if not timedelta() < apart <= timedelta(days=REPEAT_DAYS):
            continue  # parts of one filing came in at the same moment
        if haversine_m(Point(lat, lng), Point(two_lat, two_lng)) <= SPOT_M:
            yield (one, two) if one_at < two_at else (two, one)


@cache
def _neighbours() -> Select[Any]:
    """Problems of one kind in squares that touch; made once, for making it costs more than it."""
    table = CaseFact.__table__
    own, other = table.alias("own"), table.alias("other")
    problem = int(Measure.PROBLEM)
    return select(
        own.c.report_id, own.c.received_at, own.c.lat, own.c.lng,
        other.c.report_id, other.c.received_at, other.c.lat, other.c.lng,
    ).where(
        own.c.report_id.in_(bindparam("ids", expanding=True)),
        own.c.measures.bitwise_and(problem) != 0,
        other.c.measures.bitwise_and(problem) != 0,
        other.c.category_id == own.c.category_id,
        other.c.spot.in_([own.c.spot + step for step in spots_around()]),
    )  # fmt: skip
