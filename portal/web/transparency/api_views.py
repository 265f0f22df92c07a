"""What programs may rely on: /openapi.json, and the same as a page."""

from __future__ import annotations

from flask import make_response, request
from flask.json import dumps
from flask.typing import ResponseReturnValue

from portal.web import i18n, openapi
from portal.web.access import public
from portal.web.transparency.door import bp


@bp.get("/openapi.json")
@public
def openapi_document() -> ResponseReturnValue:
    """Every public door for programs, as OpenAPI 3.1; `locale=en` gives English."""
    i18n.speak(request.args.get("locale", ""))
    response = make_response(dumps(openapi.document()))
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)
