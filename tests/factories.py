"""Rows for tests: the least each needs, made through the services where there is one."""

from __future__ import annotations

import json
from datetime import date
from itertools import count

from portal.domain.categories.models import Category
from portal.domain.categories.queries import category_by_code
from portal.domain.categories.services import seed_categories
from portal.domain.departments.models import Department, DepartmentKind
from portal.domain.departments.queries import department_by_code
from portal.domain.departments.seed import NewDepartment
from portal.domain.departments.services import save_department
from portal.domain.grids.models import Grid, GridLevel
from portal.domain.grids.services import GridRow, save_grid

_serial = count(1)

WORKING_DAY = date(2026, 3, 11)  # a Wednesday without holidays near


def square(lat: float, lng: float, side: float) -> str:
    """A square as GeoJSON text, its south-west corner at lat, lng."""
    north, east = round(lat + side, 6), round(lng + side, 6)
    ring = [[lng, lat], [east, lat], [east, north], [lng, north], [lng, lat]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def make_department(
    code: str = "", kind: DepartmentKind = DepartmentKind.BUREAU, name_zh: str = ""
) -> Department:
    """A department; the one with this code when it exists."""
    code = code or f"dept{next(_serial)}"
    found = department_by_code(code)
    return found or save_department(NewDepartment(code, name_zh or f"单位{code}", code, kind))


def make_grid(
    code: str,
    *,
    polygon: str | None = None,
    name_zh: str = "",
    department: str | None = None,
) -> Grid:
    """A grid whose level and parent follow from its 区划代码 of 6, 9 or 12 digits."""
    level = {6: GridLevel.COUNTY, 9: GridLevel.TOWN, 12: GridLevel.VILLAGE}[len(code)]
    parent = code[:-3] if len(code) > 6 else None
    return save_grid(
        GridRow(
            code=code,
            level=level,
            name_zh=name_zh or f"网格{code}",
            name_en=f"Grid {code}",
            parent=parent,
            polygon=polygon,
            department=department,
        )
    )


def make_city() -> dict[str, Grid]:
    """A county of two towns, the first with two villages, by code; 30.4, 112.4 is in a village."""
    outlines = {
        "999901": square(30.2, 112.2, 0.8),
        "999901001": square(30.2, 112.2, 0.4),
        "999901002": square(30.6, 112.6, 0.4),
        "999901001001": square(30.35, 112.35, 0.1),
        "999901001002": square(30.45, 112.45, 0.1),
    }
    return {code: make_grid(code, polygon=outline) for code, outline in outlines.items()}


def make_category(code: str = "air.odor") -> Category:
    """A category of the seed."""
    found = category_by_code(code)
    if found is None:
        seed_categories()
        found = category_by_code(code)
    assert found is not None, code
    return found
