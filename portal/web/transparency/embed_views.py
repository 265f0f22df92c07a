"""Figures and the map of towns for other sites of the city, to stand in an iframe."""

from __future__ import annotations

from flask import Response, abort, current_app, render_template, request

from portal.core.clock import now
from portal.web import i18n
from portal.web.access import public
from portal.web.figures.page import Asked, chosen_figure, groups, headline, trends
from portal.web.figures.scope import months_of, named_scope, span_words
from portal.web.security import let_be_framed
from portal.web.transparency.caching import cached_page
from portal.web.transparency.door import bp
from portal.web.transparency.figure_views import PUBLIC, plainly
from portal.web.transparency.standing import page_version, standing
from portal.web.transparency.towns import where

_SHEET = "embed"


@bp.get("/open/embed/figures")
@public
def embed_figures() -> Response:
    """The main figures and what came in by month; the months and whose, as on /open/figures."""
    _prepare()
    at = now()
    scope = named_scope(request.args.get("kind", ""), request.args.get("key", ""))
    if scope is None or "." in scope.code:
        abort(404)
    asked = Asked(scope, months_of(request.args, at), PUBLIC)

    def render() -> str:
        return render_template(
            "open/embed_figures.html",
            scope=scope,
            span=span_words(asked.months),
            headline=plainly(headline(groups(asked))),
            chart=trends(asked, chosen_figure(""))[0],
            counted_at=standing(page_version(at), at).at,
        )

    return cached_page(render, page_version(at), sheet=_SHEET, keep=True)


@bp.get("/open/embed/map")
@public
def embed_map() -> Response:
    """How many cases each town had lately, as a sketch and a table."""
    _prepare()
    at = now()
    version = page_version(at)

    def render() -> str:
        figures = standing(version, at)
        return render_template("open/embed_map.html", counted_at=figures.at, **where(figures))

    return cached_page(render, version, sheet=_SHEET, keep=True)


def _prepare() -> None:
    """Who may frame it; and the language of the site around it, where no cookie comes along."""
    let_be_framed(current_app.extensions["portal.settings"])
    if request.args.get("lang") == "en":
        i18n.speak("en")
