"""The blueprints of the Open311 door, and what holds for every answer below /open311.

Two endpoints hang the same views: `/open311/v2` files, `/open311/test/v2` looks at what is sent in
the same way and files nothing.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState

from portal.web import errors, i18n
from portal.web.open311.faults import refused

PREFIX = "/open311"
BASE, TEST_BASE = f"{PREFIX}/v2", f"{PREFIX}/test/v2"
FORMATS = "<any(xml,json):form>"

bp = Blueprint("open311", __name__, url_prefix=PREFIX)
v2 = Blueprint("v2", __name__)


def is_test() -> bool:
    """Whether this request came to the test endpoint."""
    return request.path.startswith(f"{TEST_BASE}/")


@bp.record_once
def _answer_below(state: BlueprintSetupState) -> None:
    errors.answer_below(state.app, f"{PREFIX}/", refused)


def _is_here() -> bool:
    return f"{request.path}/".startswith(f"{PREFIX}/")


@bp.before_app_request
def _choose_language() -> None:
    """Chinese, or English by `locale=en`: a program's cookies and headers decide nothing here."""
    if _is_here():
        i18n.speak(request.args.get("locale", ""))


@bp.after_app_request
def _open_to_all(response: Response) -> Response:
    """Any page may read what anybody may read (CORS on GET); no cache keeps a key."""
    if _is_here() and request.method in {"GET", "HEAD"}:
        kept = "no-store" if request.args.get("api_key") else "public, no-cache"
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        response.headers["Cache-Control"] = kept
    return response
