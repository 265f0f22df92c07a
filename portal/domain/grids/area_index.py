"""The index of all polygons, kept in the process until a polygon changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.geo import AreaIndex, parse_area
from portal.domain.grids.models import Grid


@dataclass(frozen=True, eq=False)
class GridAreas:
    """Every polygon as it stood at one `version`."""

    version: tuple[Any, ...]
    index: AreaIndex


class _Kept:
    """The index last built; another process may change the polygons, so its version is checked."""

    areas: GridAreas | None = None


def grid_areas() -> GridAreas:
    """The index of the polygons as they are now; one aggregate query when nothing changed."""
    version = _version()
    kept = _Kept.areas
    if kept is None or kept.version != version:
        rows = db.session.execute(select(Grid.id, Grid.polygon).where(Grid.polygon.is_not(None)))
        areas = {grid_id: parse_area(polygon) for grid_id, polygon in rows if polygon}
        kept = _Kept.areas = GridAreas(version, AreaIndex.build(areas))
    return kept


def _version() -> tuple[Any, ...]:
    """Changes whenever a polygon is added, removed, exchanged or redrawn, in whatever database."""
    totals = select(func.count(Grid.polygon), func.sum(Grid.polygon_crc * Grid.id))
    count, checksum = db.session.execute(totals).one()
    return int(count), int(checksum or 0)
