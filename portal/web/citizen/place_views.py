"""/report/place and /report/map.json: what a map says while a place is chosen."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.errors import FieldFault, InvalidFieldsError
from portal.core.geo import Point
from portal.domain.departments.queries import department_by_id
from portal.domain.grids.models import Grid, GridLevel
from portal.domain.grids.queries import is_inside_city, locate, path_of
from portal.web.access import public
from portal.web.basemap import map_tag, tiles
from portal.web.citizen.entrance import bp
from portal.web.citizen.fields import Fields
from portal.web.citizen.places import read_point
from portal.web.city import city_name
from portal.web.filters import is_english, named
from portal.web.limits import PLACES, limited
from portal.web.outside import outside_words


@bp.post("/report/place")
@public
@limited(PLACES)
def place() -> ResponseReturnValue:
    """Whose grid a position lies in, and who answers for it; or where to go outside the city.

    POST although it changes nothing: a position must stand in no address and no log.
    """
    fields = Fields(request.form)
    point = read_point(fields)
    fields.refuse()
    if point is None:
        raise InvalidFieldsError({"lat": [FieldFault("required", _("纬度和经度要一起给。"))]})
    return jsonify(_told(point))


def _told(point: Point) -> dict[str, Any]:
    if not is_inside_city(point.lat, point.lng):
        return {"inside": False, "grids": [], "owner": None, "words": outside_words()}
    grid = locate(point.lat, point.lng)
    if grid is None:  # a city without polygons
        return {"inside": True, "grids": [], "owner": None, "words": ""}
    path = path_of(grid)
    owner = _owner(path)
    below = [one for one in path if one.level is not GridLevel.COUNTY] or [grid]
    return {
        "inside": True,
        "grids": [{"code": one.code, "level": one.level, "name": named(one)} for one in below],
        "owner": owner,
        "words": _belongs(below, owner),
    }


def _owner(path: tuple[Grid, ...]) -> str | None:
    """The unit that the finest grid names; never a person."""
    for grid in reversed(path):
        unit = department_by_id(grid.department_id) if grid.department_id else None
        if unit is not None:
            return named(unit)
    return None


def _belongs(below: list[Grid], owner: str | None) -> str:
    names = [named(one) for one in below]
    where = ", ".join(reversed(names)) if is_english() else "".join(names)
    if owner is None:
        return _("这里属于%(where)s。", where=where)
    return _("这里属于%(where)s，由%(owner)s负责。", where=where, owner=owner)


@bp.get("/report/map.json")
@public
def map_words() -> ResponseReturnValue:
    """The map's words in the reader's language, and its tiles: fetched when the map is opened."""
    return jsonify(
        tiles=tiles(),
        tag=map_tag(),
        city=city_name(),
        label=_("地图：移动地图，让正中的十字对准地点。方向键移动，加减号缩放，回车选定"),
        hint=_("移动地图，让十字对准地点"),
        here=_("就是这里"),
        outside=_("不在本市范围"),
        zoom_in=_("放大"),
        zoom_out=_("缩小"),
    )
