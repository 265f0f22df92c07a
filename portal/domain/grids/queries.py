"""Finding grids: by code, by point, up and down the tree."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.core.geo import Point, simplified
from portal.domain.grids.area_index import GridAreas, grid_areas
from portal.domain.grids.models import Grid, GridLevel

# About 50 m: a sketch on a phone shows no more.
_SKETCH_TOLERANCE = 0.0005


def grid_by_id(grid_id: int) -> Grid | None:
    """The grid with this id."""
    return db.session.get(Grid, grid_id)


def grid_by_code(code: str) -> Grid | None:
    """The grid with this 区划代码."""
    return db.session.scalar(select(Grid).where(Grid.code == code))


def grids(level: GridLevel | None = None, parent_id: int | None = None) -> list[Grid]:
    """Grids of a level and below a parent, by code."""
    query = select(Grid).order_by(Grid.code)
    if level is not None:
        query = query.where(Grid.level == level)
    if parent_id is not None:
        query = query.where(Grid.parent_id == parent_id)
    return list(db.session.scalars(query))


def locate(lat: float, lng: float) -> Grid | None:
    """The most specific grid that holds the WGS-84 point; on a border the one with the lower code.

    None outside every polygon.
    """
    ids = grid_areas().index.holding(Point(lat, lng))
    found = db.session.scalars(select(Grid).where(Grid.id.in_(ids))) if ids else ()
    return min(found, key=lambda grid: (-grid.level.depth, grid.code), default=None)


def is_inside_city(lat: float, lng: float) -> bool:
    """Whether the point lies in any grid. A city without polygons turns nobody away."""
    index = grid_areas().index
    return not index.ids or bool(index.holding(Point(lat, lng)))


def grid_ids_below(grid_id: int) -> frozenset[int]:
    """Ids of the grid itself and of everything below it: the subtree an officer may see."""
    tree = select(Grid.id).where(Grid.id == grid_id).cte("subtree", recursive=True)
    below = aliased(Grid)
    tree = tree.union_all(select(below.id).join(tree, below.parent_id == tree.c.id))
    return frozenset(db.session.scalars(select(tree.c.id)))


def grids_below(grid_id: int) -> list[Grid]:
    """The grid itself and everything below it, by code: a parent's code starts its children's."""
    ids = grid_ids_below(grid_id)
    return list(db.session.scalars(select(Grid).where(Grid.id.in_(ids)).order_by(Grid.code)))


def path_of(grid: Grid) -> tuple[Grid, ...]:
    """The grids from the county down to `grid` itself."""
    path = [grid]
    while path[0].parent_id is not None:
        path.insert(0, db.session.get_one(Grid, path[0].parent_id))
    return tuple(path)


def town_of(grid: Grid) -> Grid | None:
    """The town that `grid` is or lies in; None for a county."""
    step: Grid | None = grid
    while step is not None and step.level is not GridLevel.TOWN:
        step = db.session.get(Grid, step.parent_id) if step.parent_id else None
    return step


def outline_geojson() -> dict[str, Any]:
    """Towns and villages with few corners, as a FeatureCollection for the sketch map 示意图.

    Properties: code, level, name_zh, name_en, parent (code or None), and the city's bounds as
    `bbox` (west, south, east, north).
    """
    return _outline(grid_areas())


@lru_cache(maxsize=2)
def _outline(areas: GridAreas) -> dict[str, Any]:
    """The sketch for one state of the polygons; names may lag until a polygon changes."""
    codes: dict[int | None, str] = {row.id: row.code for row in grids()}
    features: list[dict[str, Any]] = []
    for level in (GridLevel.TOWN, GridLevel.VILLAGE):
        drawn = [grid for grid in grids(level) if grid.id in areas.index.areas]
        shapes = simplified([areas.index.areas[grid.id] for grid in drawn], _SKETCH_TOLERANCE)
        features += [
            _feature(grid, codes.get(grid.parent_id), shape)
            for grid, shape in zip(drawn, shapes, strict=True)
        ]
    collection: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    box = areas.index.bounds()
    if box is not None:
        collection["bbox"] = [box.min_lng, box.min_lat, box.max_lng, box.max_lat]
    return collection


def _feature(grid: Grid, parent: str | None, shape: dict[str, Any]) -> dict[str, Any]:
    """One grid of the sketch."""
    return {
        "type": "Feature",
        "geometry": shape,
        "properties": {
            "code": grid.code,
            "level": grid.level.value,
            "name_zh": grid.name_zh,
            "name_en": grid.name_en,
            "parent": parent,
        },
    }
