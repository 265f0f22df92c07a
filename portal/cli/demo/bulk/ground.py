"""Somewhere in the same town: points inside the villages, drawn beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import shapely
from shapely.geometry.base import BaseGeometry

from portal.core.geo import Point
from portal.domain.grids.area_index import grid_areas
from portal.domain.grids.models import GridLevel
from portal.domain.grids.queries import grids

_POINTS = 4_000


@dataclass(frozen=True)
class Village:
    """A village and many points inside it, WGS-84 with six decimals."""

    id: int
    code: str
    name: str
    points: tuple[Point, ...]


def villages_by_town(seed: int) -> dict[int, list[Village]]:
    """The villages of each town that have land, by the town's id."""
    found: dict[int, list[Village]] = {}
    for grid in grids(GridLevel.VILLAGE):
        area = grid_areas().index.areas.get(grid.id)
        if area is not None and grid.parent_id is not None:
            rng = Random(f"ground:{seed}:{grid.code}")
            village = Village(grid.id, grid.code, grid.name_zh, _points(area, rng))
            found.setdefault(grid.parent_id, []).append(village)
    return found


def _points(area: BaseGeometry, rng: Random) -> tuple[Point, ...]:
    west, south, east, north = area.bounds
    found: list[Point] = []
    while len(found) < _POINTS:
        lat, lng = round(rng.uniform(south, north), 6), round(rng.uniform(west, east), 6)
        if shapely.contains_xy(area, lng, lat):
            found.append(Point(lat, lng))
    return tuple(found)
