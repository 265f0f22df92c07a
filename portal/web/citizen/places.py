"""Where it is: a point in one of three datums, a grid, or an address; at least one of them."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import gettext as _

from portal.core.geo import Crs, Point, is_position, to_wgs84
from portal.core.text import clean
from portal.domain.grids.models import Grid
from portal.domain.grids.queries import grid_by_code, is_inside_city, locate
from portal.domain.reports.filing import Place
from portal.web.citizen.consents import GIVEN
from portal.web.citizen.fields import Fields
from portal.web.outside import outside_words

ADDRESS_LEAST, ADDRESS_MOST = 4, 200
_FARTHEST_M = 1_000_000


class LocationSource(StrEnum):
    """How the place was told."""

    PIN = "pin"
    GPS = "gps"
    EXIF = "exif"
    ADDRESS = "address"
    GRID = "grid"


_PERSONAL = frozenset({LocationSource.GPS, LocationSource.EXIF})


def read_place(fields: Fields) -> Place:
    """The place of a filing in WGS-84, with the raw values beside it. Faults go into `fields`."""
    raw, crs = _raw_point(fields), _crs(fields)
    point = to_wgs84(raw, crs) if raw else None
    address = fields.text("address", ADDRESS_MOST)
    grid = _grid(fields, point)
    if not point and not grid and "lat" not in fields.faults and "grid_code" not in fields.faults:
        _need_address(fields, address)
    default = _source_of(point, grid)
    source = fields.choice("location_source", LocationSource, default)
    if raw and source in _PERSONAL and fields.form.get("consent_location") not in GIVEN:
        fields.fault("consent_location", "required", _("要用手机或照片的位置，请先勾选同意。"))
    return Place(
        lat=point.lat if point else None,
        lng=point.lng if point else None,
        raw_lat=raw.lat if raw else None,
        raw_lng=raw.lng if raw else None,
        crs=crs if raw else None,
        source=source,
        accuracy_m=_accuracy(fields),
        address=address,
        grid=grid,
    )


def read_point(fields: Fields) -> Point | None:
    """The position alone, in WGS-84; None when none was given. Faults go into `fields`."""
    raw, crs = _raw_point(fields), _crs(fields)
    return to_wgs84(raw, crs) if raw else None


def _crs(fields: Fields) -> Crs:
    return fields.choice("crs", Crs, Crs.WGS84)


def _raw_point(fields: Fields) -> Point | None:
    lat, lng = fields.number("lat"), fields.number("lng")
    if lat is None and lng is None:
        return None
    for name, value in (("lat", lat), ("lng", lng)):
        if value is None and name not in fields.faults:
            fields.fault(name, "required", _("纬度和经度要一起给。"))
    if lat is None or lng is None:
        return None
    if not is_position(lat, lng):
        fields.fault("lat", "invalid", _("纬度在-90到90之间，经度在-180到180之间。"))
        return None
    return Point(lat, lng)


def _grid(fields: Fields, point: Point | None) -> Grid | None:
    """The finest grid known: the point's own, unless the list names one below it."""
    code = clean(fields.form.get("grid_code", ""))
    chosen = grid_by_code(code) if code else None
    if code and chosen is None:
        fields.fault("grid_code", "unknown", _("没有这个镇街或村社区，请重新选。"))
    if point is None:
        return chosen
    found = locate(point.lat, point.lng)
    if found is None and not is_inside_city(point.lat, point.lng):
        fields.fault("lat", "outside_area", outside_words())
    if found is None or (chosen is not None and chosen.level.depth > found.level.depth):
        return chosen
    return found


def _need_address(fields: Fields, address: str) -> None:
    if not address:
        words = _("请告诉我们在哪儿：定位、在地图上标、选镇街或村社区，或者写地址，一样就行。")
        fields.fault("address", "required", words)
    elif len(address) < ADDRESS_LEAST:
        words = _("地址写得太短，至少%(least)s个字，比如附近的路口或店名。", least=ADDRESS_LEAST)
        fields.fault("address", "too_short", words)


def _source_of(point: Point | None, grid: Grid | None) -> LocationSource:
    if point:
        return LocationSource.PIN
    return LocationSource.GRID if grid else LocationSource.ADDRESS


def _accuracy(fields: Fields) -> float | None:
    accuracy = fields.number("accuracy_m")
    if accuracy is not None and not 0 <= accuracy <= _FARTHEST_M:
        fields.fault("accuracy_m", "invalid", _("误差应在0到1,000,000米之间。"))
        return None
    return accuracy
