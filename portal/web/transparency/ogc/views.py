"""OGC API - Features: the public cases for GIS software, as JSON and as plain pages."""

from __future__ import annotations

import json
from collections.abc import Callable

from flask import Response, abort, render_template, request
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.ids import read_number
from portal.domain.grids.queries import outline_geojson
from portal.domain.publication.exports import one_case, some_cases
from portal.domain.publication.queries import content_version
from portal.web.access import public
from portal.web.transparency.caching import cached_data, cached_page
from portal.web.transparency.door import bp
from portal.web.transparency.filtering import BadParameterError
from portal.web.transparency.ogc import answers
from portal.web.transparency.ogc.answers import COLLECTION, GEOJSON, JSON, Document, Links
from portal.web.transparency.ogc.asking import (
    PLAIN,
    items_asked,
    refuse_unknown,
)
from portal.web.transparency.opendata.publisher import base_url, source
from portal.web.transparency.opendata.records import Names
from portal.web.transparency.standing import hourly

_ITEMS = f"/open/ogc/collections/{COLLECTION}/items"


@bp.get("/open/ogc")
@public
def ogc_landing() -> Response:
    """Where a program begins."""
    refuse_unknown(PLAIN)
    return _answer(lambda: answers.landing(_links(), source()), _("给GIS软件用的接口"))


@bp.get("/open/ogc/conformance")
@public
def ogc_conformance() -> Response:
    """Which parts of the standard hold."""
    refuse_unknown(PLAIN)
    return _answer(lambda: answers.conformance(_links()), _("符合哪些标准"))


@bp.get("/open/ogc/collections")
@public
def ogc_collections() -> Response:
    """The one collection there is."""
    refuse_unknown(PLAIN)
    return _answer(lambda: answers.collections(_links(), _extent()), _("数据集"))


@bp.get(f"/open/ogc/collections/{COLLECTION}")
@public
def ogc_collection() -> Response:
    """What the cases are and where they lie."""
    refuse_unknown(PLAIN)
    return _answer(lambda: answers.collection(_links(), _extent()), _("公开的举报件"))


@bp.get(_ITEMS)
@public
def ogc_items() -> Response:
    """A page of cases within a box and a span of days, narrowed by the public filters."""
    asked, at = items_asked(), now()

    def find() -> Document:
        cases, rest = some_cases(asked.wanted, at, asked.limit)
        names = Names.read(base_url(), source())
        after = rest.after if rest else ""
        return answers.items(_links(), map(names.record, cases), request.args.to_dict(), after, at)

    return _answer(find, _("公开的举报件"), hourly(content_version(), at), GEOJSON)


@bp.get(f"{_ITEMS}/<number>")
@public
def ogc_item(number: str) -> Response:
    """One case by its number; 404 when nothing of it is public."""
    refuse_unknown(PLAIN)

    def find() -> Document:
        normal = read_number(number)
        case = (normal and one_case(normal)) or abort(404)
        return answers.item(_links(), Names.read(base_url(), source()).record(case))

    return _answer(find, number, content_version(), GEOJSON)


def _answer(
    find: Callable[[], Document], title: str, version: str = "", kind: str = JSON
) -> Response:
    """The document in the form asked for; a program that says nothing gets JSON."""
    if _wants_page():
        page = cached_page(
            lambda: render_template("open/ogc.html", title=title, found=find()), version, "html"
        )
        page.vary.add("Accept")
        return page

    def write() -> Response:
        text = json.dumps(find(), ensure_ascii=False)
        return Response(text + "\n", content_type=kind)

    data = cached_data(write, f"{version}-json")
    data.vary.add("Accept")
    return data


def _wants_page() -> bool:
    chosen = request.args.get("f")
    if chosen not in {None, "json", "html"}:
        raise BadParameterError(_("f只能是json或html。"))
    if chosen:
        return chosen == "html"
    best = request.accept_mimetypes.best_match([JSON, GEOJSON, "text/html"])
    return best == "text/html"


def _extent() -> list[float] | None:
    box = outline_geojson().get("bbox")
    return list(box) if box else None


def _links() -> Links:
    return Links(base_url())
