"""The fixed files that browsers and crawlers ask for at the root."""

from __future__ import annotations

from flask import Response, current_app, redirect, request
from flask.typing import ResponseReturnValue

from portal.web.access import public
from portal.web.assets import asset
from portal.web.ops.door import bp

_DAY = "public, max-age=86400"
# Nothing private hides behind this list: it only spares crawlers pages that are of no use to them.
_ROBOTS = """User-agent: *
Disallow: /console
Disallow: /desk
Disallow: /elder
Disallow: /field
Disallow: /lang
Disallow: /media/original
Disallow: /objection
Disallow: /report/
Disallow: /track
"""


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """What crawlers should leave alone."""
    base_url = current_app.extensions["portal.settings"].base_url
    response = Response(f"{_ROBOTS}\nSitemap: {base_url}/sitemap.xml\n", mimetype="text/plain")
    response.headers["Cache-Control"] = _DAY
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """Old browsers ask here; the mark lies with the other pictures."""
    response = redirect(asset("img/mark.svg"), code=302)
    response.headers["Cache-Control"] = _DAY
    return response
