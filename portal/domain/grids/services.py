"""Loading grids. Faults are told to an operator on a terminal, so they are in English."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from portal.core.db import db
from portal.core.errors import FieldFault, InvalidFieldsError
from portal.core.geo import GeometryError, bounds_of, parse_area
from portal.domain.departments.queries import department_by_code
from portal.domain.grids.area_index import forget_version
from portal.domain.grids.models import Grid, GridLevel
from portal.domain.grids.queries import grid_by_code


@dataclass(frozen=True)
class GridRow:
    """One grid as a file gives it. `polygon` is GeoJSON text, `parent` and `department` codes."""

    code: str
    level: GridLevel
    name_zh: str
    name_en: str = ""
    parent: str | None = None
    polygon: str | None = None
    owner_name: str | None = None
    phone: str | None = None
    department: str | None = None
    inhabitants: int | None = None


def set_polygon(grid: Grid, polygon: str | None) -> None:
    """Give `grid` its outline, as GeoJSON text, or take it away. Raises GeometryError."""
    forget_version()
    if polygon is None:
        grid.polygon, grid.polygon_crc = None, 0
        grid.min_lat = grid.min_lng = grid.max_lat = grid.max_lng = None
        return
    box = bounds_of(parse_area(polygon))
    grid.polygon, grid.polygon_crc = polygon, crc32(polygon.encode())
    grid.min_lat, grid.min_lng, grid.max_lat, grid.max_lng = box


def save_grid(row: GridRow) -> Grid:
    """Add the grid, or change the one with this code to what the row says.

    Raises InvalidFieldsError for a missing parent or department, or an unusable polygon.
    """
    grid = grid_by_code(row.code)
    if grid is None:
        grid = Grid(code=row.code)
    grid.level, grid.name_zh, grid.name_en = row.level, row.name_zh, row.name_en or row.name_zh
    grid.owner_name, grid.phone = row.owner_name, row.phone
    grid.inhabitants = row.inhabitants
    grid.parent_id = _parent_id(row)
    grid.department_id = _department_id(row)
    try:
        set_polygon(grid, row.polygon)
    except GeometryError as error:
        raise _fault(row, "polygon", f"unusable polygon: {error}") from error
    db.session.add(grid)
    db.session.flush()
    return grid


def import_grids(rows: Iterable[GridRow]) -> int:
    """Save all grids, counties first, so that a file may list them in any order.

    All or nothing: raises InvalidFieldsError naming every row that cannot be taken; the caller's
    transaction then rolls back. Returns how many were saved.
    """
    faults: dict[str, list[FieldFault]] = {}
    count = 0
    for row in sorted(rows, key=lambda r: (r.level.depth, r.code)):
        try:
            save_grid(row)
            count += 1
        except InvalidFieldsError as error:
            faults.update(error.faults)
    if faults:
        raise InvalidFieldsError(faults)
    return count


def read_grid_features(collection: Mapping[str, Any]) -> list[GridRow]:
    """The grids of a GeoJSON FeatureCollection whose properties are the fields of GridRow.

    `name` is taken for `name_zh`. Raises InvalidFieldsError naming every feature at fault.
    """
    faults: dict[str, list[FieldFault]] = {}
    rows = []
    features = collection.get("features")
    for n, feature in enumerate(features if isinstance(features, list) else ()):
        try:
            rows.append(_read_feature(feature))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            faults[f"features[{n}]"] = [FieldFault("unreadable", f"feature {n + 1}: {error!r}")]
    if faults or not rows:
        raise InvalidFieldsError(
            faults or {"features": [FieldFault("empty", "no grids in the file")]}
        )
    return rows


def _read_feature(feature: Mapping[str, Any]) -> GridRow:
    """One grid; raises whatever a malformed feature provokes."""
    given = feature["properties"]
    geometry = feature.get("geometry")
    optional = {
        key: str(given[key])
        for key in ("parent", "owner_name", "phone", "department", "name_en")
        if given.get(key)
    }
    return GridRow(
        code=str(given["code"]),
        level=GridLevel(given["level"]),
        name_zh=str(given.get("name_zh") or given["name"]),
        polygon=json.dumps(geometry, separators=(",", ":")) if geometry else None,
        inhabitants=int(given["inhabitants"]) if given.get("inhabitants") else None,
        **optional,
    )


def _parent_id(row: GridRow) -> int | None:
    """The id of the parent, one level up."""
    if row.parent is None:
        if row.level is GridLevel.COUNTY:
            return None
        raise _fault(row, "parent", "no parent given")
    parent = grid_by_code(row.parent)
    if parent is None or parent.level.depth != row.level.depth - 1:
        raise _fault(row, "parent", f"parent {row.parent} is missing or not one level up")
    return parent.id


def _department_id(row: GridRow) -> int | None:
    """The id of the department in charge."""
    if row.department is None:
        return None
    department = department_by_code(row.department)
    if department is None:
        raise _fault(row, "department", f"no department {row.department}")
    return department.id


def _fault(row: GridRow, code: str, message: str) -> InvalidFieldsError:
    """A refusal that names the grid."""
    return InvalidFieldsError.one(row.code, code, f"grid {row.code}: {message}")
