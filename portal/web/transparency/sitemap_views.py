"""sitemap.xml: an index, the fixed pages, and the public cases by spans of their keys."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, current_app, render_template

from portal.core.clock import local, now
from portal.domain.exposures.queries import live_exposures
from portal.domain.publication.queries import content_version
from portal.domain.publication.sitemap import MapPage, map_lines, map_pages
from portal.web.access import public
from portal.web.transparency.caching import cached_page
from portal.web.transparency.door import bp

# In the order of the menu; what is somebody's own, or only a form, is not named to crawlers.
FIXED = (
    "/",
    "/report",
    "/open",
    "/open/reports",
    "/open/map",
    "/open/figures",
    "/open/orders",
    "/open/exposures",
    "/open/inspections",
    "/open/quality",
    "/open/bulletins",
    "/open/data",
    "/open/data/api",
    "/open/log",
    "/about/scope",
    "/about/privacy",
    "/about/accessibility",
    "/about/licence",
)
_KEPT = "portal.sitemap"
_MOST_SPANS = 1_000_000  # keys beyond are none that a database counts to


@bp.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """The index: which pages of the map there are, and when each last changed."""
    version = content_version()
    return _xml(lambda: render_template("open/sitemap_index.xml", pages=_pages(version)), version)


@bp.get("/sitemap/pages.xml")
@public
def sitemap_pages() -> Response:
    """The fixed pages and the exposures that stand."""
    today = local(now()).date()

    def render() -> str:
        exposed = [f"/open/exposures/{one.id}" for one in live_exposures(today)]
        lines = [{"path": path, "changed_at": None} for path in (*FIXED, *exposed)]
        return render_template("open/sitemap.xml", lines=lines)

    return _xml(render, content_version(), today.isoformat())


@bp.get("/sitemap/reports-<int:span>.xml")
@public
def sitemap_reports(span: int) -> Response:
    """One span of public cases; 404 beyond the last."""

    def render() -> str:
        found = map_lines(span) if span < _MOST_SPANS else ()
        if not found:
            abort(404)
        lines = [
            {"path": f"/open/reports/{one.number}", "changed_at": one.changed_at} for one in found
        ]
        return render_template("open/sitemap.xml", lines=lines)

    return _xml(render, content_version())


def _pages(version: str) -> list[MapPage]:
    """The index reads every row once for each state of the content, not for each who asks."""
    kept: tuple[str, list[MapPage]] | None = current_app.extensions.get(_KEPT)
    if kept is None or kept[0] != version:
        kept = (version, list(map_pages()))
        current_app.extensions[_KEPT] = kept
    return kept[1]


def _xml(render: Callable[[], str], *versions: str) -> Response:
    response = cached_page(render, *versions)
    response.mimetype = "application/xml"
    return response
