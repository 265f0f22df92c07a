"""/open/map: where the cases are; and the same for programs."""

from __future__ import annotations

from flask import Response, make_response, render_template, request, url_for
from flask.json import dumps
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.domain.publication.map_view import View
from portal.web.access import public
from portal.web.basemap import allow_tiles
from portal.web.errors import problem
from portal.web.transparency.caching import cached, cached_page
from portal.web.transparency.door import bp
from portal.web.transparency.filtering import Filtering, filtering
from portal.web.transparency.map_asking import ViewError, city_box, view_of
from portal.web.transparency.map_cells import cells_geojson
from portal.web.transparency.map_page import by_code, cases_of, month_links, town_lines
from portal.web.transparency.pages import rows
from portal.web.transparency.sketch import heat_sketch
from portal.web.transparency.standing import page_version


@bp.get("/open/map")
@public
def map_page() -> Response:
    """Towns with their counts, months, and the cases of a view; the map itself comes when asked."""
    at = now()
    allow_tiles()

    def render() -> str:
        asked, view = filtering(request.args), _view()
        kept = {name: request.args.get(name, "") for name in ("bbox", "zoom")} if view else {}
        lines = town_lines(asked)
        total = sum(line.count for line in lines)
        return render_template(
            "open/map.html",
            asked=asked,
            view=kept,
            words=_words(asked),
            towns=lines,
            total=total,
            located=sum(line.located for line in lines),
            months=month_links(asked, kept, local(at).date()),
            sketch=heat_sketch(by_code(lines), _("颜色越深，件数越多")),
            rows=rows(cases_of(view, asked.wanted, at), at),
            box=city_box(),
            list=f"{url_for('transparency.reports')}?{asked.query()}".rstrip("?"),
        )

    return cached_page(render, page_version(at))


@bp.get("/open/map/cells")
@public
def map_cells() -> ResponseReturnValue:
    """The squares of a view with full counts: `bbox`, `zoom` and the public filters."""
    try:
        view, asked = view_of(request.args), filtering(request.args)
    except ViewError as fault:
        return _for_all(problem(fault))
    for words in asked.errors.values():
        return _for_all(problem(ViewError(words)))

    def make() -> Response:
        response = make_response(dumps(cells_geojson(view, asked.wanted), separators=(",", ":")))
        response.content_type = "application/geo+json"
        return response

    return _for_all(cached(make, page_version(now())))


def _view() -> View | None:
    """The part of the map in the address; what cannot be read is none."""
    try:
        return view_of(request.args) if request.args.get("bbox") else None
    except ViewError:
        return None


def _for_all(response: Response) -> Response:
    """Pages of other sites may read it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    return response


def _words(asked: Filtering) -> dict[str, object]:
    """What the script says; everything else it reads from the page."""
    return {
        "label": _("地图：方向键移动，加减号缩放，Tab选一处，回车打开"),
        "nearer": _("%(n)s件，放大看", n="%n"),
        "listed": _("%(n)s件，看下面的列表", n="%n"),
        "late": _("其中%(n)s件逾期", n="%n"),
        "one": _("1件：%(what)s", what="%what"),
        "open": _("看这一件"),
        "told": _(
            "图上这一片有%(located)s件。另有%(unlocated)s件只公开到镇街，不画在图上。",
            located="%located",
            unlocated="%unlocated",
        ),
        "categories": dict(asked.options["category"]),
        "states": dict(asked.options["state"]),
    }
