"""The index of all polygons, kept in the process until a polygon changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.geo import AreaIndex, parse_area
from portal.core.kept import Kept
from portal.domain.grids.models import Grid


@dataclass(frozen=True, eq=False)
class GridAreas:
    """Every polygon as it stood at one `version`."""

    version: tuple[Any, ...]
    index: AreaIndex


class _Built:
    """The index last built; another process may change the polygons, so its version is checked."""

    areas: GridAreas | None = None


def _read_version() -> tuple[Any, ...]:
    """Changes whenever a polygon is added, removed, exchanged or redrawn, in whatever database."""
    totals = select(func.count(Grid.polygon), func.sum(Grid.polygon_crc * Grid.id))
    count, checksum = db.session.execute(totals).one()
    return int(count), int(checksum or 0)


_version = Kept(_read_version)


def grid_areas() -> GridAreas:
    """The index of the polygons; those another process redraws are seen within 15 seconds."""
    version = _version.value()
    kept = _Built.areas
    if kept is None or kept.version != version:
        rows = db.session.execute(select(Grid.id, Grid.polygon).where(Grid.polygon.is_not(None)))
        areas = {grid_id: parse_area(polygon) for grid_id, polygon in rows if polygon}
        kept = _Built.areas = GridAreas(version, AreaIndex.build(areas))
    return kept


def forget_version() -> None:
    """Ask for the polygons' version next time; `set_polygon` calls it."""
    _version.forget()
