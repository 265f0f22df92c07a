"""The map for programs: squares of a view as GeoJSON, contracts.md "For programs"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.core.geo import Box, Point, bounds_of
from portal.core.mercator import Square, corner_of
from portal.domain.grids.area_index import grid_areas
from portal.domain.grids.models import GridLevel
from portal.domain.grids.queries import grids
from portal.domain.publication.map_queries import Single, Spot, seen, singles
from portal.domain.publication.map_view import View
from portal.domain.publication.queries import PublicFilter

_DECIMALS = 5
# How far from the middle of its square a cluster may stand: so that two discs never overlap.
_STRAY = 0.125


def cells_geojson(view: View, wanted: PublicFilter) -> dict[str, Any]:
    """A FeatureCollection of the squares of `view` with their full counts.

    `total` counts every case that fits, in these squares and, without a public point, in the towns
    that touch the view: those are `unlocated`, by the town's code ("" for no town).
    """
    shown = seen(view, wanted)
    found, unlocated = shown.spots, _unlocated(view, shown.unlocated)
    alone, located = singles(found), sum(spot.count for spot in found)
    box = view.box
    return {
        "type": "FeatureCollection",
        "bbox": [round(part, 7) for part in (box.min_lng, box.min_lat, box.max_lng, box.max_lat)],
        "zoom": view.zoom,
        "total": located + sum(unlocated.values()),
        "located": located,
        "unlocated": unlocated,
        "features": [_feature(view, spot, alone.get(spot.ids)) for spot in found],
    }


def _feature(view: View, spot: Spot, single: Single | None) -> dict[str, Any]:
    if spot.count == 1 and single is not None:
        point, properties = spot.middle, dict(vars(single))
    else:
        point = _inside(view, spot)
        properties = {"count": spot.count, "category_counts": dict(sorted(spot.categories.items()))}
    if spot.late:
        properties["overdue"] = spot.late
    place = [round(point.lng, _DECIMALS), round(point.lat, _DECIMALS)]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": place},
        "properties": properties,
    }


def _inside(view: View, spot: Spot) -> Point:
    """The middle of the cases, drawn near to the middle of their square."""
    first = corner_of(Square(spot.row, spot.column), view.level)
    last = corner_of(Square(spot.row + 1, spot.column + 1), view.level)
    return Point(*(_near(*sides) for sides in zip(spot.middle, first, last, strict=True)))


def _near(value: float, one: float, other: float) -> float:
    middle, reach = (one + other) / 2, abs(one - other) * _STRAY
    return min(max(value, middle - reach), middle + reach)


def _unlocated(view: View, counts: Mapping[int, int]) -> dict[str, int]:
    """Cases without a public point in the towns that touch the view."""
    codes = {town.id: town.code for town in grids(GridLevel.TOWN)}
    return {
        codes.get(town_id, ""): count
        for town_id, count in sorted(counts.items())
        if count and _touches(town_id, view.box)
    }


def _touches(town_id: int, box: Box) -> bool:
    """A town without a polygon may lie anywhere."""
    area = grid_areas().index.areas.get(town_id)
    if area is None:
        return True
    own = bounds_of(area)
    return (
        own.min_lat <= box.max_lat
        and own.max_lat >= box.min_lat
        and own.min_lng <= box.max_lng
        and own.max_lng >= box.min_lng
    )
