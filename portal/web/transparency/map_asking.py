"""What part of the map an address asks for."""

from __future__ import annotations

from math import isfinite

from werkzeug.datastructures import MultiDict

from portal.core.errors import PortalError
from portal.core.geo import Box
from portal.core.text import N_
from portal.domain.grids.area_index import grid_areas
from portal.domain.publication.map_view import MOST_ZOOM, View

_WORLD = Box(-85.0, -180.0, 85.0, 180.0)
_MOST_DIGITS = 2


class ViewError(PortalError):
    """The part of the map that was asked for cannot be read: `bbox` or `zoom`."""

    code = "bad_view"
    http_status = 400


def view_of(args: MultiDict[str, str]) -> View:
    """`bbox` (west,south,east,north in degrees; none is the city) at `zoom` (none: the finest fit).

    Raises ViewError for anything else.
    """
    bbox, zoom = args.get("bbox", ""), args.get("zoom", "")
    box = _box(bbox) if bbox else city_box()
    if zoom and not (zoom.isdecimal() and len(zoom) <= _MOST_DIGITS):
        raise ViewError(N_("zoom要写成0到18的整数。"))
    return View.of(box, int(zoom) if zoom else MOST_ZOOM)


def city_box() -> Box:
    """The city's bounds; the whole world for one without polygons."""
    return grid_areas().index.bounds() or _WORLD


def _box(text: str) -> Box:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as fault:
        raise ViewError(N_("bbox要写成“西,南,东,北”四个数，单位是度。")) from fault
    is_finite = all(map(isfinite, (west, south, east, north)))
    if not is_finite or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ViewError(N_("bbox要写成“西,南,东,北”四个数，单位是度。"))
    return Box(south, west, north, east)
