"""What makes the portal open without network and from the home screen of a phone."""

from __future__ import annotations

from pathlib import Path

from flask import current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.web.access import public
from portal.web.assets import asset, asset_file
from portal.web.citizen.entrance import bp
from portal.web.filters import language

# The darkest green of the sign and the ground of every page (static/css/tokens.css).
_SIGN, _GROUND = "#06382a", "#edf2ef"


@bp.get("/sw.js")
@public
def service_worker() -> ResponseReturnValue:
    """The service worker, at the root so that it may serve every page; asked for anew each time."""
    script = Path(current_app.root_path).parent / "static" / asset_file("worker.js")
    response = make_response(script.read_bytes())
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """How a phone installs the portal."""
    icons = [
        {"src": asset(f"img/app-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png"}
        for side in (192, 512)
    ]
    described = {
        "id": "/",
        "name": _("随手拍·及时查"),
        "short_name": _("随手拍"),
        "description": _("拍张照片、说清在哪儿，我们去查。查完给您看前后照片。"),
        "lang": language(),
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": _GROUND,
        "theme_color": _SIGN,
        "icons": [{**one, "purpose": why} for one in icons for why in ("any", "maskable")],
        "shortcuts": [
            {"name": name, "url": url, "icons": icons[:1]}
            for name, url in ((_("我要举报"), "/report"), (_("查进度"), "/track"))
        ],
    }
    response = make_response(jsonify(described))
    response.mimetype = "application/manifest+json"
    return response


@bp.get("/offline")
@public
def offline() -> ResponseReturnValue:
    """What a phone shows for pages it has not kept, while there is no network."""
    return render_template("citizen/offline.html")
