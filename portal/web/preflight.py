"""What a browser asks before a page of another site may send a conditional request (CORS).

The answers themselves allow any origin where they are made; only reading is allowed from elsewhere.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, request

# What anybody's page may read.
_OPEN = ("/open311", "/open/data", "/open/log", "/open/map/cells", "/open/ogc", "/openapi.json")
_DAY_S = 86_400


def register(app: Flask) -> None:
    """Answer OPTIONS for the open addresses."""

    @app.after_request
    def _allow(response: Response) -> Response:
        is_open = request.method == "OPTIONS" and request.path.startswith(_OPEN)
        if is_open and response.status_code == HTTPStatus.OK:
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
            response.headers["Access-Control-Allow-Headers"] = "If-Modified-Since, If-None-Match"
            response.headers["Access-Control-Max-Age"] = str(_DAY_S)
        return response
