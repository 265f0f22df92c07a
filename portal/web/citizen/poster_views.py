"""/report/poster: a sheet for the wall of a village, whose code opens the form filled in."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from portal.config import Settings
from portal.core.text import clean
from portal.domain.categories.models import Category
from portal.domain.categories.queries import categories_by_codes, category_tree
from portal.domain.grids.models import Grid
from portal.domain.grids.queries import grid_by_code, path_of
from portal.web.access import public
from portal.web.citizen.entrance import bp
from portal.web.citizen.qr import qr_code
from portal.web.citizen.questionnaire import villages
from portal.web.filters import named


@bp.get("/report/poster")
@public
def poster() -> ResponseReturnValue:
    """The poster of a grid and a category; either may be left open, unknown codes are ignored."""
    grid = grid_by_code(clean(request.args.get("grid", "")))
    category = next(iter(categories_by_codes([clean(request.args.get("category", ""))])), None)
    address = _address(grid, category)
    return render_template(
        "citizen/poster.html",
        grid=grid,
        category=category,
        place=_place(grid),
        kind=named(category) if category else "",
        address=address,
        qr=qr_code(address),
        towns=villages(grid.code if grid else ""),
        kinds=[
            (named(branch.top), [(c.code, named(c)) for c in (branch.top, *branch.children)])
            for branch in category_tree()
        ],
    )


def _address(grid: Grid | None, category: Category | None) -> str:
    settings: Settings = current_app.extensions["portal.settings"]
    known = {
        "category": category.code if category else "",
        "grid": grid.code if grid else "",
    }
    query = urlencode({name: value for name, value in known.items() if value})
    return f"{settings.base_url}/report" + (f"?{query}" if query else "")


def _place(grid: Grid | None) -> str:
    """The place as people there say it: the town, and the village in it."""
    if grid is None:
        return ""
    path = path_of(grid)
    return "".join(named(one) for one in (path[1:] or path))
