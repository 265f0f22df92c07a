"""Points and areas: datums, distances, rounding, and which area holds a point.

Latitude before longitude everywhere; only GeoJSON has it the other way round.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import asin, atan2, cos, hypot, isfinite, pi, radians, sin, sqrt
from typing import Any, NamedTuple

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
# Krasovsky 1940, on which GCJ-02 is computed.
_AXIS_M = 6_378_245.0
_ECCENTRICITY_2 = 0.006_693_421_622_965_943
_BD_TURN = pi * 3000 / 180
# Where the maps of mainland China are shifted; outside, GCJ-02 equals WGS-84.
_SHIFTED_LAT = (0.8293, 55.8271)
_SHIFTED_LNG = (72.004, 137.8347)
_INVERSE_STEPS = 6  # each step wins about two decimal places; six reach the last bit


class Point(NamedTuple):
    """A position in degrees."""

    lat: float
    lng: float


class Crs(StrEnum):
    """Datums a position may be given in: GPS, the maps of AMap and Tencent, the maps of Baidu."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class GeometryError(ValueError):
    """The text is not a polygon that can hold a point."""


def is_position(lat: float, lng: float) -> bool:
    """Whether two numbers can be a position on earth."""
    return isfinite(lat) and isfinite(lng) and abs(lat) <= 90 and abs(lng) <= 180


def to_wgs84(point: Point, crs: Crs) -> Point:
    """`point`, given in `crs`, as WGS-84."""
    if crs is Crs.BD09:
        point = bd09_to_gcj02(point)
    return point if crs is Crs.WGS84 else gcj02_to_wgs84(point)


def from_wgs84(point: Point, crs: Crs) -> Point:
    """A WGS-84 `point` as `crs` has it."""
    if crs is Crs.WGS84:
        return point
    shifted = wgs84_to_gcj02(point)
    return gcj02_to_bd09(shifted) if crs is Crs.BD09 else shifted


def wgs84_to_gcj02(point: Point) -> Point:
    """The shift of the 国测局 datum, by the formulas published as eviltransform (2011).

    No shift outside the rectangle around mainland China.
    """
    low_lat, high_lat = _SHIFTED_LAT
    low_lng, high_lng = _SHIFTED_LNG
    if not (low_lat <= point.lat <= high_lat and low_lng <= point.lng <= high_lng):
        return point
    x, y = point.lng - 105, point.lat - 35
    phi = radians(point.lat)
    magic = 1 - _ECCENTRICITY_2 * sin(phi) ** 2
    meridian = _AXIS_M * (1 - _ECCENTRICITY_2) / magic**1.5
    parallel = _AXIS_M / sqrt(magic) * cos(phi)
    return Point(
        point.lat + _north_shift_m(x, y) * 180 / (meridian * pi),
        point.lng + _east_shift_m(x, y) * 180 / (parallel * pi),
    )


def gcj02_to_wgs84(point: Point) -> Point:
    """The inverse of `wgs84_to_gcj02`, by fixed-point iteration: the forward shift has no formula
    for its inverse.
    """
    guess = point
    for _ in range(_INVERSE_STEPS):
        shifted = wgs84_to_gcj02(guess)
        guess = Point(guess.lat + point.lat - shifted.lat, guess.lng + point.lng - shifted.lng)
    return guess


def gcj02_to_bd09(point: Point) -> Point:
    """Baidu's second shift."""
    radius = hypot(point.lng, point.lat) + 0.00002 * sin(point.lat * _BD_TURN)
    angle = atan2(point.lat, point.lng) + 0.000003 * cos(point.lng * _BD_TURN)
    return Point(radius * sin(angle) + 0.006, radius * cos(angle) + 0.0065)


def bd09_to_gcj02(point: Point) -> Point:
    """Undo Baidu's shift, to within half a metre (the published inverse is an approximation)."""
    lat, lng = point.lat - 0.006, point.lng - 0.0065
    radius = hypot(lng, lat) - 0.00002 * sin(lat * _BD_TURN)
    angle = atan2(lat, lng) - 0.000003 * cos(lng * _BD_TURN)
    return Point(radius * sin(angle), radius * cos(angle))


def haversine_m(a: Point, b: Point) -> float:
    """Distance along the earth's surface in metres."""
    half_lat, half_lng = radians(b.lat - a.lat) / 2, radians(b.lng - a.lng) / 2
    chord = sin(half_lat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(half_lng) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def round_point(point: Point, decimals: int) -> Point:
    """`point` with `decimals` places: 3 are about 100 m, 2 about 1 km."""
    return Point(round(point.lat, decimals), round(point.lng, decimals))


class Box(NamedTuple):
    """Bounds in degrees."""

    min_lat: float
    min_lng: float
    max_lat: float
    max_lng: float


def parse_area(text: str) -> BaseGeometry:
    """The polygon or multipolygon of a GeoJSON geometry, repaired when its rings cross.

    Raises GeometryError for anything else.
    """
    try:
        area = shape(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, shapely.errors.ShapelyError) as error:
        raise GeometryError("not a GeoJSON geometry") from error
    if not area.is_valid:
        area = shapely.make_valid(area)
    if area.is_empty or area.geom_type not in {"Polygon", "MultiPolygon"}:
        raise GeometryError(f"a {area.geom_type} has no inside")
    box = bounds_of(area)
    if not (is_position(*box[:2]) and is_position(*box[2:])):
        raise GeometryError("coordinates are not degrees")
    return area


def bounds_of(area: BaseGeometry) -> Box:
    """The rectangle around `area`."""
    west, south, east, north = area.bounds
    return Box(south, west, north, east)


@dataclass(frozen=True, eq=False)
class AreaIndex:
    """Areas by id, ready to say which of them hold a point (14 µs a point in 2,000 polygons)."""

    ids: tuple[int, ...]
    areas: Mapping[int, BaseGeometry]
    tree: shapely.STRtree

    def bounds(self) -> Box | None:
        """The rectangle around all areas; None when there are none."""
        if not self.areas:
            return None
        west, south, east, north = shapely.total_bounds([*self.areas.values()]).tolist()
        return Box(south, west, north, east)

    @classmethod
    def build(cls, areas: Mapping[int, BaseGeometry]) -> AreaIndex:
        """An index over `areas`; each is prepared, so a question costs no second look at it."""
        shapes = tuple(areas.values())
        for area in shapes:
            shapely.prepare(area)
        return cls(tuple(areas), dict(areas), shapely.STRtree(shapes))

    def holding(self, point: Point) -> list[int]:
        """Ids of the areas that hold `point`, their border included, ascending."""
        spot = shapely.Point(point.lng, point.lat)
        return sorted(self.ids[n] for n in self.tree.query(spot, predicate="intersects"))


def simplified(areas: Iterable[BaseGeometry], tolerance: float) -> list[dict[str, Any]]:
    """GeoJSON geometries of neighbouring areas with fewer corners, and no gaps between them.

    `tolerance` is in degrees; coordinates keep five decimals (about a metre).
    """
    shapes = list(areas)
    fewer: Iterable[BaseGeometry] = shapely.coverage_simplify(shapes, tolerance) if shapes else []
    whole: Callable[[BaseGeometry], BaseGeometry] = shapely.make_valid
    return [mapping(shapely.set_precision(whole(area), 1e-5)) for area in fewer]


def _north_shift_m(x: float, y: float) -> float:
    """GCJ-02's shift to the north in metres, from degrees east of 105 and north of 35."""
    shift = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    shift += (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    shift += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    return shift + (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3


def _east_shift_m(x: float, y: float) -> float:
    """GCJ-02's shift to the east in metres."""
    shift = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    shift += (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    shift += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    return shift + (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
