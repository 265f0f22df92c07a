"""The sketch map 示意图: the city's own grids around a point, projected for one small drawing."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, radians
from typing import Any

from portal.domain.grids.models import Grid
from portal.domain.grids.queries import outline_geojson
from portal.domain.reports.models import Report
from portal.web.filters import is_english

WIDTH, HEIGHT = 360, 230
_MARGIN = 0.12  # of the shown extent, on every side
_NEAR_DEGREES = 0.02  # about 2 km to each side when nothing but a point is known
_MOST_ACCURACY_PX = 60
_METRES_A_DEGREE = 111_320
Ring = list[tuple[float, float]]


class _Frame:
    """Degrees to view units, north up, true to shape at the middle latitude."""

    def __init__(self, west: float, south: float, east: float, north: float) -> None:
        self.squeeze = cos(radians((south + north) / 2))
        wide, high = (east - west) * self.squeeze, north - south
        wide, high = wide * (1 + 2 * _MARGIN), high * (1 + 2 * _MARGIN)
        self.scale = min(WIDTH / wide, HEIGHT / high)
        self.lng, self.lat = (west + east) / 2, (south + north) / 2

    def place(self, lng: float, lat: float) -> tuple[float, float]:
        x = WIDTH / 2 + (lng - self.lng) * self.squeeze * self.scale
        y = HEIGHT / 2 - (lat - self.lat) * self.scale
        return round(x, 1), round(y, 1)

    def path(self, rings: Iterator[Ring]) -> str:
        return "".join(
            "M" + "L".join(f"{x} {y}" for x, y in (self.place(*p[:2]) for p in ring)) + "z"
            for ring in rings
        )


def sketch(report: Report) -> dict[str, Any] | None:
    """What components/map.html draws; None when the city has no polygons."""
    outline = outline_geojson()
    features = outline["features"]
    if not features:
        return None
    frame = _Frame(*_extent(report, outline))
    shown = [f for f in features if f["properties"]["level"] == _level(report, features)]
    drawn: dict[str, Any] = {
        "view": f"0 0 {WIDTH} {HEIGHT}",
        "areas": [area for f in shown if (area := _area(f, frame)) is not None],
    }
    town = _feature(report.town, features)
    if town is not None:
        drawn["edge"] = frame.path(_rings(town))
    if report.lat is not None and report.lng is not None:
        drawn["pin"] = _pin(report.lat, report.lng, report.accuracy_m, frame)
    return drawn


def _level(report: Report, features: list[dict[str, Any]]) -> str:
    has_villages = any(f["properties"]["level"] == "village" for f in features)
    is_near = report.town is not None or report.lat is not None
    return "village" if has_villages and is_near else "town"


def _extent(report: Report, outline: dict[str, Any]) -> tuple[float, float, float, float]:
    """The town with the point in it; without a town the point's surroundings; else the city."""
    town = _feature(report.town, outline["features"])
    if town is not None:
        points = [p for ring in _rings(town) for p in ring]
        if report.lat is not None and report.lng is not None:
            points.append((report.lng, report.lat))
        lngs, lats = [p[0] for p in points], [p[1] for p in points]
        return min(lngs), min(lats), max(lngs), max(lats)
    if report.lat is not None and report.lng is not None:
        d = _NEAR_DEGREES
        return report.lng - d, report.lat - d, report.lng + d, report.lat + d
    west, south, east, north = outline["bbox"]
    return west, south, east, north


def _feature(grid: Grid | None, features: list[dict[str, Any]]) -> dict[str, Any] | None:
    code = grid.code if grid else None
    return next((f for f in features if f["properties"]["code"] == code), None)


def _rings(feature: dict[str, Any]) -> Iterator[Ring]:
    shape = feature["geometry"]
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    for polygon in polygons:
        yield from ([(p[0], p[1]) for p in ring] for ring in polygon)


def _area(feature: dict[str, Any], frame: _Frame) -> dict[str, Any] | None:
    """One grid, or None when it lies outside the drawing."""
    corners = [frame.place(*p) for ring in _rings(feature) for p in ring]
    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    if max(xs) < 0 or min(xs) > WIDTH or max(ys) < 0 or min(ys) > HEIGHT:
        return None
    names = feature["properties"]
    area: dict[str, Any] = {"d": frame.path(_rings(feature))}
    x, y = (max(min(xs), 0) + min(max(xs), WIDTH)) / 2, (min(ys) + max(ys)) / 2
    if 30 < x < WIDTH - 30 and 16 < y < HEIGHT - 34 and max(xs) - min(xs) > 40:
        area["name"] = names["name_en"] if is_english() else names["name_zh"]
        area["x"], area["y"] = round(x), round(y)
    return area


def _pin(lat: float, lng: float, accuracy_m: float | None, frame: _Frame) -> dict[str, Any]:
    x, y = frame.place(lng, lat)
    radius = (accuracy_m or 0) / _METRES_A_DEGREE * frame.scale
    return {"x": x, "y": y, "accuracy": round(min(radius, _MOST_ACCURACY_PX), 1)}
