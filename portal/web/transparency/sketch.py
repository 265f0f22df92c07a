"""The sketch map 示意图: the city's own grids as SVG, drawn on the server.

No base map and no survey: polygons with few corners, shrunk onto a small canvas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, log, radians
from typing import Any

from shapely.geometry import shape

from portal.domain.grids.queries import outline_geojson
from portal.domain.publication.models import PublicCase
from portal.web.filters import language
from portal.web.transparency.map_page import TownLine
from portal.web.transparency.standing import TownCount

_CITY, _CITY_MARGIN = (400.0, 330.0), 12.0
_TOWN, _TOWN_MARGIN = (360.0, 280.0), 18.0
_FOOT = 26.0  # free at the bottom, where the tag 示意图 stands
_METRES_PER_DEGREE = 111_320
# Circles grow with the logarithm: a town with ten times the cases is no ten times the town.
_SMALLEST, _GROWTH = 12.0, 1.6
_LEAST_REACH, _ROOM = 14.0, 30.0
# What a letter, a Chinese sign and a line of a name take up.
_WORD, _SIGN, _LINE = 7.0, 13.5, 19.0


@dataclass(frozen=True)
class Canvas:
    """Degrees to view units: equirectangular, true to shape at the middle."""

    size: tuple[float, float]  # view units
    middle: tuple[float, float]  # degrees east and north
    scale: float  # view units for a degree of latitude
    squeeze: float  # a degree of longitude, in degrees of latitude

    @classmethod
    def around(cls, box: Sequence[float], size: tuple[float, float], margin: float) -> Canvas:
        """A canvas of `size` with west, south, east, north inside its margin."""
        west, south, east, north = box
        squeeze = cos(radians((south + north) / 2))
        wide, high = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
        across, down = size[0] - 2 * margin, size[1] - 2 * margin - _FOOT
        scale = min(across / wide, down / high)
        return cls(size, ((west + east) / 2, (south + north) / 2), scale, squeeze)

    def place(self, lng: float, lat: float) -> tuple[float, float]:
        """Where a point lies, to a tenth of a unit."""
        x = self.size[0] / 2 + (lng - self.middle[0]) * self.squeeze * self.scale
        y = (self.size[1] - _FOOT) / 2 - (lat - self.middle[1]) * self.scale
        return round(x, 1), round(y, 1)

    def path(self, geometry: Mapping[str, Any]) -> str:
        """SVG path data of a polygon or multipolygon."""
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        rings = (ring for polygon in polygons for ring in polygon)
        return "".join(self._ring(ring) for ring in rings)

    def _ring(self, ring: Iterable[Sequence[float]]) -> str:
        points = [self.place(lng, lat) for lng, lat in (corner[:2] for corner in ring)]
        (x, y), steps = points[0], pairwise(points[:-1])
        # From corner to corner: half of what places would weigh.
        moves = [(round(c - a, 1), round(d - b, 1)) for (a, b), (c, d) in steps]
        told = " ".join(f"{across:g}{'' if down < 0 else ' '}{down:g}" for across, down in moves)
        return f"M{x:g} {y:g}l{told}z"

    def label(self, geometry: dict[str, Any]) -> tuple[float, float]:
        """Where a name stands well: the middle, or somewhere inside."""
        area = shape(geometry)
        middle = area.centroid if area.contains(area.centroid) else area.representative_point()
        return self.place(middle.x, middle.y)

    @property
    def view(self) -> str:
        """The SVG's viewBox."""
        return f"0 0 {self.size[0]:g} {self.size[1]:g}"


def town_sketch(counts: Mapping[str, TownCount], note: str) -> dict[str, Any] | None:
    """Every town with its count, by grid code; None for a city without polygons."""
    outline = outline_geojson()
    towns = [f for f in outline["features"] if f["properties"]["level"] == "town"]
    if not towns:
        return None
    canvas = Canvas.around(outline["bbox"], _CITY, _CITY_MARGIN)
    drawn: dict[str, Any] = {"view": canvas.view, "areas": [], "dots": [], "note": note}
    for town in towns:
        x, y = canvas.label(town["geometry"])
        count = counts.get(town["properties"]["code"])
        area = {"d": canvas.path(town["geometry"]), "name": _name(town["properties"])}
        drawn["areas"].append({**area, "x": x, "y": y + 30 if count else y})
        if count is not None:
            radius = round(_SMALLEST + _GROWTH * log(count.received + 1), 1)
            dot = {"x": x, "y": y, "r": radius, "count": count.received}
            drawn["dots"].append({**dot, "late": count.overdue > 0})
    return drawn


def heat_sketch(lines: Mapping[str, TownLine], note: str) -> dict[str, Any] | None:
    """Every town in the shade of its line, its count on top; None for a city without polygons."""
    outline = outline_geojson()
    towns = [f for f in outline["features"] if f["properties"]["level"] == "town"]
    if not towns:
        return None
    canvas = Canvas.around(outline["bbox"], _CITY, _CITY_MARGIN)
    drawn: dict[str, Any] = {"view": canvas.view, "areas": [], "sums": [], "note": note}
    for town in towns:
        x, y = canvas.label(town["geometry"])
        line = lines.get(town["properties"]["code"])
        area = {"d": canvas.path(town["geometry"]), "name": _name(town["properties"])}
        drawn["areas"].append({**area, "x": x, "y": y + 14, "density": line.shade if line else 0})
        if line is not None:
            drawn["sums"].append({"x": x, "y": y - 4, "count": line.count, "late": line.late > 0})
    return drawn


def place_sketch(case: PublicCase, note: str) -> dict[str, Any] | None:
    """The town of a published case with its villages, and the released point where there is one."""
    town = case.town.code if case.town else ""
    features = outline_geojson()["features"]
    whole = next((f for f in features if f["properties"]["code"] == town), None)
    if whole is None:
        return None
    canvas = Canvas.around(shape(whole["geometry"]).bounds, _TOWN, _TOWN_MARGIN)
    pin = _pin(case, canvas)
    villages = [f for f in features if f["properties"]["parent"] == town] or [whole]
    areas = _apart([_area(feature, canvas, pin) for feature in villages], pin)
    edge = canvas.path(whole["geometry"])
    return {"view": canvas.view, "areas": areas, "edge": edge, "pin": pin, "note": note}


def _pin(case: PublicCase, canvas: Canvas) -> dict[str, float] | None:
    if case.lat is None or case.lng is None:
        return None
    x, y = canvas.place(case.lng, case.lat)
    reach = precision_m(case.lat, case.lng) / _METRES_PER_DEGREE * canvas.scale
    return {"x": x, "y": y, "accuracy": round(max(reach, _LEAST_REACH), 1)}


def _area(feature: dict[str, Any], canvas: Canvas, pin: dict[str, float] | None) -> dict[str, Any]:
    """A village with its name, which makes room for the pin."""
    x, y = canvas.label(feature["geometry"])
    if pin and abs(x - pin["x"]) < _ROOM and -_ROOM < y - pin["y"] < _ROOM:
        y = pin["y"] + _ROOM
    return {
        "d": canvas.path(feature["geometry"]),
        "name": _name(feature["properties"]),
        "x": x,
        "y": y,
    }


def _apart(areas: list[dict[str, Any]], pin: dict[str, float] | None) -> list[dict[str, Any]]:
    """The same without the names that would lie on another one; those next to the pin stay."""
    at = pin or {"x": _TOWN[0] / 2, "y": _TOWN[1] / 2}
    taken: list[tuple[float, float, float]] = []
    for area in sorted(areas, key=lambda a: hypot(a["x"] - at["x"], a["y"] - at["y"])):
        half = sum(_WORD if sign.isascii() else _SIGN for sign in area["name"]) / 2
        x, y = area["x"], area["y"]
        if any(abs(x - ox) < half + wide and abs(y - oy) < _LINE for ox, oy, wide in taken):
            area["name"] = ""
        else:
            taken.append((x, y, half))
    return areas


def precision_m(lat: float, lng: float) -> int:
    """How exact a released point is, in metres, told by its decimals.

    A rounded value that happens to end in 0 passes for less exact, never for more.
    """
    decimals = max(len(repr(value).partition(".")[2]) for value in (lat, lng))
    return {0: 1000, 1: 1000, 2: 1000, 3: 100}.get(decimals, 10)


def _name(properties: Mapping[str, Any]) -> str:
    """A name short enough for the map: Baishi, not Baishi Community."""
    if language() != "en":
        return str(properties["name_zh"])
    return str(properties["name_en"]).rsplit(" ", 1)[0]
